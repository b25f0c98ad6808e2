"""Where the forecast crosses a limit: the year, the day the money runs out, and budget lines; pure.

It is the interval that signals, not the point. For the one figure of the year that is the band of 80 %. Of many budget
lines one in ten would lie above such a bound by chance alone, so that a line signals by the band of 95 %, and from an
amount that is worth a talk.

What was raised does not come and go with every look: it is cleared only when a wider bound falls back as well (of the
year that of 95 %, of a line the middle expectation). Until then it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import isqrt

from budgets.forecast.model import Forecast, ForecastLine, Standing
from budgets.signals.model import Crossing, Found, Kind, Level
from budgets.variance.budget import Place, placed
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.rounding import percent_of

YEAR_KEY, RUN_OUT_KEY = "year:budget", "run_out:budget"
RUN_OUT_DAYS = 92
"""The money is said to run out before long when it may do so within so many days."""
LEAST_STAKE = Cents(100_000)
LEAST_PERCENT = 1
"""A budget line signals from a thousand euros and from one percent of it."""


def year_crossing(forecast: Forecast) -> Found:
    """The cost of subcontractors this year against what there is for it."""
    budget = forecast.budget
    if budget is None:
        return Found()
    band = forecast.band
    realised = paid(forecast.lines)
    if realised > budget:
        level, stake = Level.FACT, forecast.point - budget
    elif band.low80 > budget:
        level, stake = Level.ALMOST_SURE, forecast.point - budget
    elif band.high80 > budget:
        level, stake = Level.MAY, band.high80 - budget
    else:
        return Found(holding=frozenset({YEAR_KEY}) if band.high95 > budget else frozenset())
    figures = {
        "budget": str(budget),
        "realised": str(realised),
        "point": str(forecast.point),
        "low80": str(band.low80),
        "high80": str(band.high80),
    }
    if forecast.run_out is not None:
        figures["run_out"] = forecast.run_out.isoformat()
    return Found((Crossing(Kind.YEAR, "budget", level, Cents(max(0, stake)), figures=figures),))


def paid(lines: Iterable[ForecastLine]) -> Cents:
    """What was received so far, without what of it lies above a ceiling."""
    return total(min(line.realised, line.point) for line in lines)


def run_out_crossing(forecast: Forecast) -> Found:
    """That the money runs out before long: the month in which it may, and the one in which it almost surely does."""
    budget = forecast.budget
    if budget is None or not forecast.months or forecast.as_of >= forecast.months[-1].month.last:
        return Found()
    horizon = forecast.as_of + timedelta(days=RUN_OUT_DAYS)
    may = _first(forecast.months, budget, horizon, "high80")
    if may is None:
        holds = _first(forecast.months, budget, horizon, "high95") is not None
        return Found(holding=frozenset({RUN_OUT_KEY}) if holds else frozenset())
    surely, realised = _first(forecast.months, budget, horizon, "low80"), paid(forecast.lines)
    level = Level.FACT if realised > budget else Level.MAY if surely is None else Level.ALMOST_SURE
    bound = forecast.band.high80 if level is Level.MAY else forecast.point
    figures = {"budget": str(budget), "realised": str(realised), "may_in": str(may.month)}
    if surely is not None:
        figures["surely_in"] = str(surely.month)
    if forecast.run_out is not None:
        figures["run_out"] = forecast.run_out.isoformat()
    return Found((Crossing(Kind.RUN_OUT, "budget", level, Cents(max(0, bound - budget)), figures=figures),))


def _first(months: Sequence[Standing], budget: Cents, horizon: date, bound: str) -> Standing | None:
    """The first month at the end of which a bound lies above the budget, where it begins before the horizon."""
    for standing in months:
        if getattr(standing.band, bound) > budget:
            return standing if standing.month.first <= horizon else None
    return None


def budget_crossings(forecast: Forecast, budget: Mapping[Place, Cents]) -> Found:
    """The budgets of subcontractors and products that the forecast almost surely passes, or passed already.

    What was raised stays until the middle expectation falls back to the budget.
    """
    found, holding = [], set[str]()
    for row in placed(forecast.lines, budget):
        if row.amount is None or not row.lines:
            continue
        crossing = _of_budget(row.place, row.amount, row.lines)
        if crossing is not None:
            found.append(crossing)
        elif total(line.point for line in row.lines) > row.amount:
            holding.add(f"{Kind.BUDGET_LINE.value}:{_about(row.place)}")
    return Found(tuple(found), frozenset(holding))


def _about(place: Place) -> str:
    return "/".join(place)


def _of_budget(place: Place, amount: Cents, lines: Sequence[ForecastLine]) -> Crossing | None:
    point, realised = total(line.point for line in lines), paid(lines)
    low = point - isqrt(sum(max(0, line.point - line.band.low95) ** 2 for line in lines))
    high = point + isqrt(sum(max(0, line.band.high95 - line.point) ** 2 for line in lines))
    stake = max(point, realised) - amount
    if low <= amount or stake < max(LEAST_STAKE, percent_of(amount, LEAST_PERCENT)):
        return None
    figures = {
        "budget": str(amount),
        "realised": str(realised),
        "point": str(point),
        "low95": str(low),
        "high95": str(high),
    }
    level = Level.FACT if realised > amount else Level.ALMOST_SURE
    return Crossing(Kind.BUDGET_LINE, _about(place), level, stake, *place, figures=figures)


def not_declared(lines: Sequence[ForecastLine], subcontractor: str, month: str) -> Cents:
    """What is still expected of a subcontractor over a month; zero where nothing is."""
    own = [line for line in lines if line.key.subcontractor == subcontractor]
    expected = total(one.late + one.coming for line in own for one in line.months if str(one.month) == month)
    return Cents(max(ZERO, expected))
