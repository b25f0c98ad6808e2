"""Deductions on the instalment of a calendar month, for non-performance say (rule 35)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lead_contractor.contract.model import Deduction
from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import percent_of

CONTRACT_FILE = "contract.toml"


@dataclass(frozen=True, slots=True)
class DeductionDue:
    """A deduction as an amount above zero that lowers the revenue of its month."""

    month: Month
    amount: Cents
    reason: str = ""


def deductions_due(
    deductions: Sequence[Deduction], instalments: Sequence[tuple[Month, Cents]]
) -> tuple[DeductionDue, ...]:
    """Each deduction in cents: the agreed amount, or a percentage of its month's instalment after indexation.

    Raises:
        KeyError: the month has no instalment; see :func:`deduction_findings`.
        ValueError: neither a percentage nor an amount.
    """
    by_number = {month.number: (month, amount) for month, amount in instalments}
    due = []
    for deduction in deductions:
        month, instalment = by_number[deduction.month]
        due.append(DeductionDue(month, _amount(deduction, instalment), deduction.reason))
    return tuple(due)


def _amount(deduction: Deduction, instalment: Cents) -> Cents:
    if deduction.amount is not None:
        return deduction.amount
    if deduction.percent is None:
        raise ValueError("a deduction needs a percentage or an amount")
    return percent_of(instalment, deduction.percent)


def deduction_findings(deductions: Sequence[Deduction], months: Sequence[Month]) -> tuple[Finding, ...]:
    """Deductions outside the contract period, and those that are not exactly one of percentage and amount."""
    numbers = {month.number for month in months}
    found = []
    for position, deduction in enumerate(deductions, start=1):
        place = f"lump_sum.deductions[{position}]"
        if deduction.month not in numbers:
            found.append(
                Finding(
                    "contract.deductions.month",
                    f"De korting in maand {deduction.month} valt buiten de contractperiode.",
                    "Kies een kalendermaand (1–12) binnen first_month en last_month.",
                    file=CONTRACT_FILE,
                    column=f"{place}.month",
                )
            )
        if (deduction.percent is None) == (deduction.amount is None):
            found.append(
                Finding(
                    "contract.deductions.amount",
                    f"De korting in maand {deduction.month} heeft niet precies één van percent en amount.",
                    "Vul óf een percentage van de termijn óf een bedrag in.",
                    file=CONTRACT_FILE,
                    column=place,
                )
            )
    return tuple(found)
