"""The lump sum of one contract year, from agreed amount to monthly instalments (rules 1 to 8 and 35).

In this order, each amount rounded to the cent where it arises: amount, upfront discount, indexation,
proration of a part year, instalments per contract month (largest remainder). The volume adjustment is
reckoned for a full year and prorated the same way; deductions are taken per calendar month.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from lead_contractor.contract.deductions import DeductionDue, deduction_findings, deductions_due
from lead_contractor.contract.indexation import index_percent, missing_figures
from lead_contractor.contract.model import BeschikkingCount, Contract, IndexFigure, LumpSum, Proration
from lead_contractor.contract.volume import full_year_adjustment, measured_volume, missing_counts
from lead_contractor.kernel.findings import Finding, errors
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month, days_inclusive
from lead_contractor.kernel.refusals import Unsound
from lead_contractor.kernel.rounding import percent_of, split, split_evenly, times

CONTRACT_FILE = "contract.toml"
DAYS_IN_YEAR = 365


@dataclass(frozen=True, slots=True)
class LumpSumReckoning:
    """What the municipality owes for the contract year, before the settlement, in whole cents.

    ``lump_sum`` is the prorated amount before indexation, ``indexation`` what indexation adds after
    proration; together they are the sum of ``instalments``. ``percent`` is the index percentage (4.96 is
    4.96 %), ``measured`` the measured number of beschikkingen (``None`` without a volume clause).
    ``full_year`` is the indexed amount of a whole year, ``discount`` the upfront discount on a whole year.
    """

    lump_sum: Cents
    indexation: Cents
    percent: Fraction
    instalments: tuple[tuple[Month, Cents], ...]
    volume_adjustment: Cents = ZERO
    measured: Fraction | None = None
    deductions: tuple[DeductionDue, ...] = ()
    discount: Cents = ZERO
    full_year: Cents = ZERO

    @property
    def deducted(self) -> Cents:
        """All deductions together, above zero."""
        return total(deduction.amount for deduction in self.deductions)

    @property
    def revenue(self) -> Cents:
        """Indexed lump sum + volume adjustment − deductions."""
        return self.lump_sum + self.indexation + self.volume_adjustment - self.deducted


def reckon(
    contract: Contract, index_figures: Sequence[IndexFigure], beschikkingen: Sequence[BeschikkingCount]
) -> LumpSumReckoning:
    """Reckon the lump sum of the contract year.

    Raises:
        Unsound: terms or figures are missing or contradict each other; the findings are those of :func:`missing`.
    """
    faults = errors(missing(contract, index_figures, beschikkingen))
    if faults:
        raise Unsound(faults)
    terms = contract.lump_sum
    discount = percent_of(terms.amount, terms.discount_percent) if terms.discount_percent is not None else ZERO
    discounted = terms.amount - discount
    percent = index_percent(terms.indexation, contract.year, index_figures)
    indexed = times(discounted, 1 + percent / 100)
    part = part_of_year(contract)
    lump_sum, payable = times(discounted, part), times(indexed, part)
    instalments = _instalments(terms, contract.months, payable)
    measured, adjustment = None, ZERO
    if terms.volume is not None:
        measured = measured_volume(terms.volume, contract.months, beschikkingen)
        adjustment = times(full_year_adjustment(terms.volume, measured, indexed), part)
    return LumpSumReckoning(
        lump_sum=lump_sum,
        indexation=payable - lump_sum,
        percent=percent,
        instalments=instalments,
        volume_adjustment=adjustment,
        measured=measured,
        deductions=deductions_due(terms.deductions, instalments),
        discount=discount,
        full_year=indexed,
    )


def missing(
    contract: Contract, index_figures: Sequence[IndexFigure], beschikkingen: Sequence[BeschikkingCount]
) -> tuple[Finding, ...]:
    """Everything that stands in the way of the reckoning (errors), or is worth a look (warnings)."""
    terms = contract.lump_sum
    if not 1 <= terms.first_month <= terms.last_month <= MONTHS_IN_YEAR:
        return (_no_period(terms),)
    return (
        *_share_findings(terms, len(contract.months)),
        *missing_figures(terms.indexation, contract.year, index_figures),
        *missing_counts(terms.volume, contract.months, beschikkingen),
        *deduction_findings(terms.deductions, contract.months),
    )


def part_of_year(contract: Contract) -> Fraction:
    """The part of the calendar year that the contract period covers, in months or in days (rule 2)."""
    if contract.lump_sum.proration is Proration.MONTHS:
        return Fraction(len(contract.months), MONTHS_IN_YEAR)
    year_days = DAYS_IN_YEAR + calendar.isleap(contract.year)
    return Fraction(days_inclusive(contract.first_day, contract.last_day), year_days)


def _instalments(terms: LumpSum, months: Sequence[Month], payable: Cents) -> tuple[tuple[Month, Cents], ...]:
    parts = split(payable, terms.payment_shares) if terms.payment_shares else split_evenly(payable, len(months))
    return tuple(zip(months, parts, strict=True))


def _no_period(terms: LumpSum) -> Finding:
    return Finding(
        "contract.lump_sum.months",
        f"De contractperiode van maand {terms.first_month} tot en met {terms.last_month} bestaat niet.",
        "Vul first_month en last_month in tussen 1 en 12, de eerste niet na de laatste.",
        file=CONTRACT_FILE,
        column="lump_sum.first_month",
    )


def _share_findings(terms: LumpSum, months: int) -> tuple[Finding, ...]:
    shares = terms.payment_shares
    if not shares:
        return ()
    if len(shares) != months:
        message = f"Er staan {len(shares)} payment_shares, maar het contract telt {months} maanden."
        remedy = f"Geef {months} gewichten, één per contractmaand, of laat payment_shares weg."
    elif any(share < 0 for share in shares) or not any(shares):
        message = "De payment_shares zijn niet bruikbaar: een gewicht is negatief of alle gewichten zijn nul."
        remedy = "Geef gewichten van nul of meer, waarvan er ten minste één groter is dan nul."
    else:
        return ()
    rule = "contract.lump_sum.payment_shares"
    return (Finding(rule, message, remedy, file=CONTRACT_FILE, column="lump_sum.payment_shares"),)
