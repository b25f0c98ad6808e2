"""Under-use that nobody saw: a year, product or budget line far below its budget, and money that goes back; pure.

A year of care that was bought and not delivered is found out as late as one that costs too much, unless somebody looks.
It is the band of 80 % that signals, not the point: also its upper bound lies below the budget, by more than the margin
of the contract (``budget.under_use_percent``). Of the margin on the year it is the lower bound, above the cap.

What was raised is cleared when the upper bound comes within half that margin of the budget, or the middle expectation
is no longer above the cap. Until then it holds, so that it does not come and go with every look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isqrt
from typing import TYPE_CHECKING

from budgets.forecast.model import Forecast, ForecastLine
from budgets.signals.limits import LEAST_STAKE, paid
from budgets.signals.model import Crossing, Found, Kind, Level
from budgets.variance.budget import Place, Placed, placed
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.rounding import percent_of

if TYPE_CHECKING:
    from budgets.scenarios.outlook import Outlook


@dataclass(frozen=True, slots=True)
class _Use:
    """A budget and what is expected of it: the middle and the bounds of 80 %."""

    budget: Cents
    realised: Cents
    point: Cents
    low: Cents
    high: Cents


def under_use_of_year(forecast: Forecast, percent: Decimal) -> Found:
    """The cost of subcontractors that stays below what there is for it.

    Args:
        forecast: of the year.
        percent: by more than so much of the budget.
    """
    if forecast.budget is None:
        return Found()
    band = forecast.band
    use = _Use(forecast.budget, paid(forecast.lines), forecast.point, band.low80, band.high80)
    return _found(Kind.UNDER_USE_YEAR, ("", ""), use, percent, ZERO, about="budget")


def under_use_of_budget(forecast: Forecast, budget: Mapping[Place, Cents], percent: Decimal) -> tuple[Found, ...]:
    """The budget lines that stay unused, and the products that do over all their lines; from a thousand euros.

    A budget under which nothing is expected at all has no band; it counts from halfway the year on.
    """
    rows = [row for row in placed(forecast.lines, budget) if row.lines or _halfway(forecast)]
    named = [row for row in rows if row.amount is not None]
    return tuple(
        _found(Kind.UNDER_USE, row.place, _use_of(row.amount, row.lines), percent, LEAST_STAKE)
        for row in (*named, *_products(rows, budget))
        if row.amount is not None
    )


def _halfway(forecast: Forecast) -> bool:
    months = forecast.months
    return bool(months) and forecast.as_of >= months[(len(months) - 1) // 2].month.last


def _products(rows: Sequence[Placed], budget: Mapping[Place, Cents]) -> list[Placed]:
    """Each product that is budgeted by subcontractor, for more than one of them, with all that is expected of it."""
    products: dict[str, list[Placed]] = {}
    for row in rows:
        if row.place[1]:
            products.setdefault(row.place[1], []).append(row)
    found = []
    for product, own in sorted(products.items()):
        amounts = [row.amount for row in own if row.amount is not None]
        if len(amounts) > 1 and ("", product) not in budget:
            found.append(Placed(("", product), total(amounts), tuple(line for row in own for line in row.lines)))
    return found


def _use_of(amount: Cents, lines: Sequence[ForecastLine]) -> _Use:
    """Lines err on their own, so that the bounds of their sum lie closer together than the sums of their bounds."""
    point = total(line.point for line in lines)
    down = isqrt(sum(max(0, line.point - line.band.low80) ** 2 for line in lines))
    up = isqrt(sum(max(0, line.band.high80 - line.point) ** 2 for line in lines))
    return _Use(amount, paid(lines), point, Cents(point - down), Cents(point + up))


def _found(kind: Kind, place: Place, use: _Use, percent: Decimal, least: Cents, about: str = "") -> Found:
    named = about or "/".join(place)
    margin = percent_of(use.budget, percent)
    if use.budget <= 0 or use.high >= use.budget - margin // 2:
        return Found()
    stake = use.budget - use.point
    if use.high >= use.budget - margin or stake < least:
        certain = use.low == use.high  # nothing comes and goes any more
        return Found(holding=frozenset() if certain else frozenset({f"{kind.value}:{named}"}))
    figures = {
        "budget": str(use.budget),
        "realised": str(use.realised),
        "point": str(use.point),
        "low80": str(use.low),
        "high80": str(use.high),
        "percent": str(percent),
    }
    return Found((Crossing(kind, named, Level.ALMOST_SURE, stake, *place, figures=figures),))


def margin_above_cap(outlook: Outlook) -> Found:
    """The margin on the year that ends above its cap with at least nine chances in ten."""
    margin = outlook.cap
    if margin is None or outlook.excess.point <= 0:
        return Found()
    if outlook.excess.low80 <= 0:
        return Found(holding=frozenset({f"{Kind.MARGIN.value}:cap"}))
    figures = {
        "cap": str(margin),
        "cap_percent": str(outlook.cap_percent),
        "result": str(outlook.result.point),
        "low80": str(outlook.result.low80),
        "high80": str(outlook.result.high80),
        "excess": str(outlook.excess.point),
        "repaid": str(outlook.repaid.point),
    }
    return Found((Crossing(Kind.MARGIN, "cap", Level.ALMOST_SURE, outlook.excess.point, figures=figures),))
