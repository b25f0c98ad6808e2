"""Lump sum per FTE, paid in equal months and trued up on realised FTE and hours (rule 19).

For a part of the year amount, true-up and hours floor count months / 12. Averages and the hours shortfall
are not rounded; the shortfall times the rounded price of an hour is rounded per FTE, then multiplied by
the average FTE and rounded again.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, cast

from marshmallow import post_load

from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.money import ZERO, Cents, euros_nl
from lead_contractor.kernel.periods import MONTHS_IN_YEAR
from lead_contractor.kernel.rounding import split_evenly, times, to_cents
from subcontractors.agreements.model import (
    Adjustment,
    AdjustmentKind,
    Agreement,
    Due,
    Evidence,
    FormCode,
    MonthDue,
)
from subcontractors.agreements.realised import average, missing_months, sum_over
from subcontractors.agreements.terms import Amount, Choice, Quantity, Table, TermsSchema
from subcontractors.agreements.wording import number_nl


class TrueUp(StrEnum):
    """Whether more FTE than agreed is paid too."""

    DOWN_ONLY = "down_only"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class HoursNorm:
    """The productivity norm per FTE and calendar year: ``norm_percent`` of ``gross`` hours, less a tolerance."""

    gross: Decimal
    norm_percent: Decimal
    tolerance_percent: Decimal = Decimal(0)

    @property
    def norm(self) -> Fraction:
        """The hours that one FTE should deliver in a calendar year."""
        return Fraction(self.gross) * Fraction(self.norm_percent) / 100

    @property
    def floor(self) -> Fraction:
        """The hours per FTE below which the price is lowered."""
        return self.norm * (1 - Fraction(self.tolerance_percent) / 100)


@dataclass(frozen=True, slots=True)
class FteTerms:
    """The own terms of an FTE agreement; ``price_per_fte`` is per calendar year."""

    fte: Decimal
    price_per_fte: Cents
    true_up: TrueUp = TrueUp.DOWN_ONLY
    hours: HoursNorm | None = None


class HoursSchema(TermsSchema):
    """``hours = { gross, norm_percent, tolerance_percent }``."""

    gross = Quantity(required=True, above_minimum=True)
    norm_percent = Quantity(required=True, above_minimum=True)
    tolerance_percent = Quantity(maximum=100)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> HoursNorm:
        """Make the norm."""
        return HoursNorm(**data)


class FteSchema(TermsSchema):
    """Reads the own keys of an FTE agreement."""

    fte = Quantity(required=True, above_minimum=True)
    price_per_fte = Amount(required=True)
    true_up = Choice(tuple(TrueUp))
    hours = Table(HoursSchema)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> FteTerms:
        """Make the terms."""
        return FteTerms(**{**data, "true_up": TrueUp(data.get("true_up", TrueUp.DOWN_ONLY))})


def year_amount(terms: FteTerms, fte: Decimal | Fraction, months: int) -> Cents:
    """What so many FTE cost in so many months, rounded once."""
    return times(terms.price_per_fte, Fraction(fte) * months / MONTHS_IN_YEAR)


def hour_price(terms: FteTerms, norm: HoursNorm) -> Cents:
    """The price of an hour: the price per FTE over the normed hours, rounded to the cent."""
    return to_cents(Fraction(int(terms.price_per_fte)) / norm.norm)


def hours_shortfall(norm: HoursNorm, hours_per_fte: Fraction, months: int) -> Fraction:
    """The hours per FTE below the floor, exact; zero or more."""
    return max(Fraction(0), norm.floor * months / MONTHS_IN_YEAR - hours_per_fte)


@dataclass(frozen=True, slots=True)
class FteForm:
    """Lump sum per FTE with a true-up."""

    code: FormCode = FormCode.FTE
    lines_cost: bool = False
    needs_products: bool = False

    @property
    def schema(self) -> FteSchema:
        """Reads ``fte``, ``price_per_fte``, ``true_up`` and ``hours``."""
        return FteSchema()

    def missing(self, agreement: Agreement, evidence: Evidence) -> tuple[Finding, ...]:
        """Months without realised FTE, and without hours where a productivity norm is agreed."""
        found = missing_months(agreement, evidence, "fte", "de gerealiseerde FTE", lambda row: row.fte)
        if cast("FteTerms", agreement.terms).hours is None:
            return found
        return found + missing_months(agreement, evidence, "hours", "het aantal uren", lambda row: row.hours)

    def due(self, agreement: Agreement, evidence: Evidence) -> Due:
        """Equal months for the agreed FTE, a true-up on the average FTE, and the hours shortfall."""
        terms = cast("FteTerms", agreement.terms)
        count = len(evidence.months)
        if not count:
            return Due()
        agreed = year_amount(terms, terms.fte, count)
        months = zip(evidence.months, split_evenly(agreed, count), strict=True)
        realised = average(evidence, lambda row: row.fte)
        found = (_true_up(terms, agreed, realised, count), _hours(terms, evidence, realised))
        return Due(
            tuple(MonthDue(month, amount, source=agreement.id) for month, amount in months),
            tuple(adjustment for adjustment in found if adjustment is not None),
        )


def _true_up(terms: FteTerms, agreed: Cents, realised: Fraction, months: int) -> Adjustment | None:
    earned = year_amount(terms, realised, months)
    difference = earned - agreed
    if difference == ZERO or (difference > 0 and terms.true_up is TrueUp.DOWN_ONLY):
        return None
    explanation = (
        f"Gemiddeld {number_nl(realised)} FTE gerealiseerd tegen {number_nl(terms.fte)} afgesproken over {months} "
        f"maanden: {euros_nl(earned)} in plaats van {euros_nl(agreed)}, verschil {euros_nl(difference)}."
    )
    return Adjustment(AdjustmentKind.TRUE_UP, difference, explanation)


def _hours(terms: FteTerms, evidence: Evidence, realised: Fraction) -> Adjustment | None:
    norm, months = terms.hours, len(evidence.months)
    if norm is None or realised <= 0:
        return None
    hours_per_fte = sum_over(evidence, lambda row: row.hours) / realised
    shortfall = hours_shortfall(norm, hours_per_fte, months)
    per_fte = times(hour_price(terms, norm), shortfall)
    amount = times(per_fte, realised)
    if amount == ZERO:
        return None
    explanation = (
        f"{number_nl(hours_per_fte)} uur per FTE tegen een ondergrens van "
        f"{number_nl(norm.floor * months / MONTHS_IN_YEAR)}: {number_nl(shortfall)} uur tekort × "
        f"{euros_nl(hour_price(terms, norm))} = {euros_nl(per_fte)} per FTE × {number_nl(realised)} FTE "
        f"= {euros_nl(amount)} in mindering."
    )
    return Adjustment(AdjustmentKind.HOURS, -amount, explanation)


FORM = FteForm()
