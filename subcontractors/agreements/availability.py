"""Availability: a fixed amount a month, less a malus for occupancy below the norm (rule 21).

The malus is taken of the amount of the agreement's months in the year, with their average occupancy, and
never exceeds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from marshmallow import post_load

from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.money import Cents, euros_nl
from lead_contractor.kernel.rounding import percent_of
from subcontractors.agreements.model import (
    Adjustment,
    AdjustmentKind,
    Agreement,
    Due,
    Evidence,
    FormCode,
    MonthDue,
)
from subcontractors.agreements.realised import average, missing_months
from subcontractors.agreements.terms import Amount, Quantity, Table, TermsSchema
from subcontractors.agreements.wording import number_nl


@dataclass(frozen=True, slots=True)
class Occupancy:
    """The occupancy norm and the malus in percent of the amount for every point below it."""

    norm_percent: Decimal
    malus_percent_per_point: Decimal


@dataclass(frozen=True, slots=True)
class AvailabilityTerms:
    """The own terms of an availability agreement."""

    month_amount: Cents
    occupancy: Occupancy | None = None


class OccupancySchema(TermsSchema):
    """``occupancy = { norm_percent, malus_percent_per_point }``."""

    norm_percent = Quantity(required=True, maximum=100)
    malus_percent_per_point = Quantity(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Occupancy:
        """Make the norm."""
        return Occupancy(**data)


class AvailabilitySchema(TermsSchema):
    """Reads the own keys of an availability agreement."""

    month_amount = Amount(required=True)
    occupancy = Table(OccupancySchema)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> AvailabilityTerms:
        """Make the terms."""
        return AvailabilityTerms(**data)


def malus_percent(norm: Occupancy, occupancy: Fraction) -> Fraction:
    """The malus in percent of the amount, exact: points below the norm × malus per point, at most 100."""
    points = max(Fraction(0), Fraction(norm.norm_percent) - occupancy)
    return min(Fraction(100), points * Fraction(norm.malus_percent_per_point))


@dataclass(frozen=True, slots=True)
class AvailabilityForm:
    """A fixed amount a month."""

    code: FormCode = FormCode.AVAILABILITY
    lines_cost: bool = False
    needs_products: bool = False

    @property
    def schema(self) -> AvailabilitySchema:
        """Reads ``month_amount`` and ``occupancy``."""
        return AvailabilitySchema()

    def missing(self, agreement: Agreement, evidence: Evidence) -> tuple[Finding, ...]:
        """Months without occupancy, where a malus is agreed."""
        if cast("AvailabilityTerms", agreement.terms).occupancy is None:
            return ()
        return missing_months(
            agreement, evidence, "occupancy_percent", "de bezetting", lambda row: row.occupancy_percent
        )

    def due(self, agreement: Agreement, evidence: Evidence) -> Due:
        """The month amounts, less the malus of the year."""
        terms = cast("AvailabilityTerms", agreement.terms)
        months = tuple(MonthDue(month, terms.month_amount, source=agreement.id) for month in evidence.months)
        malus = _malus(terms, evidence)
        return Due(months, () if malus is None else (malus,))


def _malus(terms: AvailabilityTerms, evidence: Evidence) -> Adjustment | None:
    norm = terms.occupancy
    if norm is None or not evidence.months:
        return None
    year = terms.month_amount * len(evidence.months)
    occupancy = average(evidence, lambda row: row.occupancy_percent)
    percent = malus_percent(norm, occupancy)
    amount = percent_of(year, percent)
    if not amount:
        return None
    explanation = (
        f"Gemiddelde bezetting {number_nl(occupancy)}% tegen een norm van {number_nl(norm.norm_percent)}%: "
        f"malus {number_nl(percent)}% van {euros_nl(year)} = {euros_nl(amount)}."
    )
    return Adjustment(AdjustmentKind.MALUS, -amount, explanation)


FORM = AvailabilityForm()
