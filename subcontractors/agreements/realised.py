"""Reading what an agreement realised per month: series without gaps, or findings that name the gaps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import Agreement, Evidence, Realised

REALISED_FILE = "realised.csv"

Field = Callable[[Realised], Decimal | None]


def sum_over(evidence: Evidence, value: Field) -> Fraction:
    """The sum of a reported value over the agreement's months, exact.

    Raises:
        KeyError: a month is not reported; see :func:`missing_months`.
    """
    known = _known(evidence, value)
    return sum((Fraction(known[month]) for month in evidence.months), Fraction(0))


def average(evidence: Evidence, value: Field) -> Fraction:
    """The average of a reported value over the agreement's months, exact; zero when it covers no month."""
    return sum_over(evidence, value) / len(evidence.months) if evidence.months else Fraction(0)


def missing_months(
    agreement: Agreement, evidence: Evidence, column: str, label: str, value: Field
) -> tuple[Finding, ...]:
    """A finding for every month of the agreement in which ``column`` is not reported."""
    known = _known(evidence, value)
    absent: Sequence[Month] = [month for month in evidence.months if month not in known]
    return tuple(
        Finding(
            f"agreement.realised.{column}",
            f"Afspraak {agreement.id}: {label} van {month} ontbreekt.",
            f"Vul in de rij van {agreement.id} en maand {month} de kolom {column} in.",
            file=REALISED_FILE,
            column=column,
        )
        for month in absent
    )


def _known(evidence: Evidence, value: Field) -> dict[Month, Decimal]:
    found = {}
    for row in evidence.realised:
        number = value(row)
        if number is not None:
            found[row.month] = number
    return found
