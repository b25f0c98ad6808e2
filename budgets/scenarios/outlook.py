"""What a contract year will come to: revenue, cost, margin and settlement, with how sure that is; pure.

The forecast knows the cost of subcontractors; this adds the revenue and the own cost that are to be expected, and lets
the rules of the settlement decide what becomes of the result. Whole cents; chances are shares of one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np

from budgets.forecast.model import Forecast
from budgets.scenarios.draws import SIGMA80, shocks, shuffled_total
from budgets.scenarios.model import Grounds, OwnYear
from budgets.scenarios.outcomes import (
    Outcomes,
    Whole,
    Years,
    costs_of,
    margin_text,
    outcomes,
    possible_years,
    projected,
)
from budgets.scenarios.own import own_year
from budgets.scenarios.revenue import RevenueYear, revenue_year
from budgets.settlement.model import CostParts, Settlement
from budgets.settlement.settle import eligible_overhead
from budgets.settlement.surplus import margin_base
from lead_contractor.contract.model import CostKind
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import percent_of

LARGEST_DENOMINATOR = 10
RARE, SURE = 0.04, 0.96
DRAWS, SEED = 800, 1


@dataclass(frozen=True, slots=True)
class Range:
    """A middle expectation, and the bounds between which it ends with 80 % certainty."""

    point: Cents
    low80: Cents
    high80: Cents

    @property
    def certain(self) -> bool:
        """Whether nothing can change any more."""
        return self.low80 == self.point == self.high80


@dataclass(frozen=True, slots=True)
class Margin:
    """The margin in percent with four decimals (``5.6582``), as in the settlement, with its 80 % bounds."""

    point: str
    low80: str
    high80: str


@dataclass(frozen=True, slots=True)
class OutlookMonth:
    """Where the year will stand at the end of a month, added up from the first contract month.

    Attributes:
        month: the last month that is in it.
        revenue: instalments, indexation, volume adjustment and deductions up to this month.
        cost: eligible cost up to this month (subcontractors by service month, own cost by its date).
        room: ``revenue`` less ``cost``: above zero there is room, below zero a shortage. Its low bound belongs to the
            high bound of the cost.
        cap: the cap on the margin over the base up to this month; ``None`` where there is no cap.
        known: whether the month was over on the day of the outlook.
    """

    month: Month
    revenue: Cents
    cost: Range
    room: Range
    cap: Cents | None
    known: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the year will come to, as of the day of a frozen forecast.

    Attributes:
        as_of: only what was received, booked and paid up to and including this day counts.
        settlement: the settlement as it would be if the year ended at the middle expectation; by the settlement's own
            rules, so that every figure of it (revenue by part, cost by kind, cap, excess, deficit) is there. Its
            balance takes the instalments that are still to come as received.
        revenue: indexed lump sum + expected volume adjustment − deductions.
        subcontractors: cost of subcontractors, as the frozen forecast has it.
        own: own delivery, overhead up to its cap and other cost, without what is disallowed.
        result: revenue less eligible cost; above zero room, below zero a shortage.
        margin: the result in percent of the base of the cap.
        cap: the cap on the margin, in cents; ``None`` where the contract has none.
        cap_percent: the same as the contract has it.
        excess: what lies above the cap, wherever it goes.
        repaid: what of it goes back to the municipality.
        deficit_municipality: what the municipality bears of a shortage.
        entitlement: what the lead contractor is entitled to, all in all.
        received: what the municipality paid up to the day.
        chance_repaid: the chance that anything goes back to the municipality.
        chance_excess: the chance that the result ends above the cap, wherever that goes.
        chance_shortage: the chance that the result ends below zero.
        months: all months of the contract year, for the corridor and its fan.
        notes: codes of what could not be known and was left out, see :data:`NOTES`.
    """

    as_of: date
    settlement: Settlement
    revenue: Range
    subcontractors: Range
    own: Range
    result: Range
    margin: Margin
    cap: Cents | None
    cap_percent: Decimal | None
    excess: Range
    repaid: Range
    deficit_municipality: Range
    entitlement: Range
    received: Cents
    chance_repaid: float
    chance_excess: float
    chance_shortage: float
    months: tuple[OutlookMonth, ...]
    notes: tuple[str, ...] = ()


NOTES = ("no_index_figures", "no_counts", "no_own_cost", "no_complete_month")
"""What an outlook may have had to leave out.

``no_index_figures``: the lump sum is not indexed, for a figure is missing. ``no_counts``: no volume adjustment, for no
number of beschikkingen is known. ``no_own_cost``: no own cost was booked. ``no_complete_month``: own cost is what was
booked so far, for no month is over.
"""


def odds(chance: float) -> tuple[int, int]:
    """A chance as "so many in so many": ``(1, 5)`` for about 0.2.

    ``(0, 1)`` is next to none and ``(1, 1)`` next to certain; otherwise the nearest with at most ten, and for rare
    things 1 in 20 or 19 in 20.
    """
    if chance < RARE or chance > SURE:
        return (0, 1) if chance < RARE else (1, 1)
    near = _nearest([Fraction(n, of) for of in (*range(2, LARGEST_DENOMINATOR + 1), 20) for n in _counts(of)], chance)
    return near.numerator, near.denominator


def _counts(of: int) -> Sequence[int]:
    """Of few all counts but none and all; of many only one and all but one."""
    few = 5
    return range(1, of) if of <= few else (1, of - 1)


def _nearest(known: Sequence[Fraction], chance: float) -> Fraction:
    return min(known, key=lambda one: (abs(float(one) - chance), one.denominator))


def project(forecast: Forecast, grounds: Grounds) -> Outlook:
    """What the year comes to with this forecast of the cost of subcontractors.

    The bounds come from many possible years, evenly spread and always the same, each settled by the rules.
    """
    revenue, own = revenue_year(grounds), own_year(grounds)
    terms = grounds.contract.settlement
    settlement = projected(grounds, terms, revenue, own, costs_of(forecast))
    random = np.random.default_rng(SEED)
    years = possible_years(revenue, own, shuffled_total(forecast, random, DRAWS), shocks(random, DRAWS))
    ends = outcomes(terms, years, grounds.prior_year)
    result = _range(settlement.result, ends.result)
    return Outlook(
        as_of=forecast.as_of,
        settlement=settlement,
        revenue=_range(settlement.revenue.total, years.revenue),
        subcontractors=Range(forecast.point, forecast.band.low80, forecast.band.high80),
        own=_range(_own_cost(settlement.cost), _own(years, ends, grounds.prior_year)),
        result=result,
        margin=_margin(settlement, ends),
        cap=None if terms.margin is None else _cap(grounds, settlement.revenue.total, settlement.cost.total),
        cap_percent=None if terms.margin is None else terms.margin.cap_percent,
        excess=_range(settlement.surplus.excess, ends.excess),
        repaid=_range(settlement.surplus.repaid, ends.repaid),
        deficit_municipality=_range(settlement.deficit.municipality, ends.municipality),
        entitlement=_range(settlement.entitlement, ends.entitlement),
        received=grounds.received,
        chance_repaid=_chance(ends.repaid > 0),
        chance_excess=_chance(ends.excess > 0),
        chance_shortage=_chance(ends.result < 0),
        months=_months(forecast, grounds, revenue, own, result),
        notes=(*revenue.notes, *own.notes),
    )


def _range(point: Cents, drawn: Whole) -> Range:
    """The point as reckoned, with bounds that hold it."""
    low, high = (Cents(round(float(value))) for value in np.quantile(drawn, (0.1, 0.9), method="hazen"))
    return Range(point, Cents(min(low, point)), Cents(max(high, point)))


def _margin(settlement: Settlement, ends: Outcomes) -> Margin:
    low, high = (round(float(value)) for value in np.quantile(ends.margin, (0.1, 0.9), method="hazen"))
    return Margin(settlement.margin_percent, margin_text(low), margin_text(high))


def _own_cost(cost: CostParts) -> Cents:
    return cost.own_delivery + cost.overhead + cost.other


def _own(years: Years, ends: Outcomes, prior_year: Cents) -> Whole:
    """Eligible own cost per draw: what is between revenue, result and the cost of subcontractors."""
    return years.revenue - ends.result - years.subcontractors - int(prior_year)


def _chance(happened: np.typing.NDArray[np.bool_]) -> float:
    return round(float(happened.mean()), 4)


def _cap(grounds: Grounds, revenue: Cents, cost: Cents) -> Cents | None:
    margin = grounds.contract.settlement.margin
    if margin is None:
        return None
    return Cents(max(0, percent_of(margin_base(margin, revenue, cost), margin.cap_percent)))


def _months(
    forecast: Forecast, grounds: Grounds, revenue: RevenueYear, own: OwnYear, result: Range
) -> tuple[OutlookMonth, ...]:
    """The standing at the end of each month; the last one is the outlook of the year itself."""
    standing = {one.month: one for one in forecast.months}
    months, found = grounds.contract.months, []
    coming = [month for month in months if month >= grounds.first_to_come]
    for month in months:
        income = _income(revenue, month, last=month == months[-1])
        spent = _own_until(own, grounds, income, month)
        at = standing.get(month)
        if at is None:
            continue
        share = sum(1 for one in coming if one <= month) / len(coming) if coming else 0.0
        aside = SIGMA80 * math.sqrt(share * sum(value**2 for value in own.spread.values()))
        cost = Range(
            at.point + spent,
            at.point + spent - _wider(at.point - at.band.low80, aside),
            at.point + spent + _wider(at.band.high80 - at.point, aside),
        )
        room = Range(income - cost.point, income - cost.high80, income - cost.low80)
        if month == months[-1]:
            room = result
        cap = _cap(grounds, income, cost.point)
        found.append(OutlookMonth(month, income, cost, room, cap, known=month < grounds.first_to_come))
    return tuple(found)


def _wider(half: Cents, aside: float) -> Cents:
    """Half a band, widened by what is uncertain besides it."""
    return Cents(round(math.hypot(float(half), aside)))


def _income(revenue: RevenueYear, month: Month, *, last: bool) -> Cents:
    """Revenue up to a month; the volume adjustment is known, and counts, at the end."""
    made = revenue.reckoning
    income = total(amount for due, amount in made.instalments if due <= month)
    income -= total(one.amount for one in made.deductions if one.month <= month)
    return income + made.volume_adjustment if last else income


def _own_until(own: OwnYear, grounds: Grounds, income: Cents, month: Month) -> Cents:
    """Eligible own cost up to a month; lines over earlier years stand in the first one.

    Overhead counts as it was booked, and its cap only in the last month: the settlement takes it over the whole year.
    """
    until = {kind: total(amount for one, amount in own.months[kind].items() if one <= month) for kind in CostKind}
    overhead = until[CostKind.OVERHEAD]
    if month == grounds.contract.months[-1]:
        overhead = eligible_overhead(overhead, income, grounds.contract.settlement.overhead_cap_percent)
    rest = total(amount for kind, amount in until.items() if kind is not CostKind.OVERHEAD)
    return (grounds.prior_year or ZERO) + overhead + rest
