"""What a scenario changes in the cost of subcontractors, at the middle expectation and in every draw; pure.

An effect works on what is still to come: inflow on the volume of P×Q and trajectories, tariffs on their price, a move
replaces a subcontractor's P×Q by an agreed amount. What errs in the base errs as much, in share, in the scenario; what
is agreed no longer errs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from budgets.forecast.model import Forecast, ForecastLine, MonthForecast
from budgets.scenarios.draws import future_of
from budgets.scenarios.model import BASE, VOLUME_FORMS, Grounds, Move, Scenario
from budgets.scenarios.outcomes import Floats
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import split_evenly, times
from subcontractors.agreements.model import FormCode

_SHARE_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class LineEffect:
    """What happens to one line: ``errs`` changes its cost and errs with it, ``sure`` is an amount that does not."""

    errs: float = 0.0
    sure: float = 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """What a scenario does to the cost of subcontractors.

    Attributes:
        per_draw: the change in each draw, in cents.
        point: the change at the middle expectation.
        parts: the same by part of the scenario: ``inflow``, ``index``, ``moves`` and ``waiting``.
    """

    per_draw: Floats
    point: Cents
    parts: Mapping[str, Cents]


def change(forecast: Forecast, grounds: Grounds, scenario: Scenario, lines: Floats) -> Change:
    """What a scenario changes.

    Args:
        forecast: the frozen forecast.
        grounds: what the year stands on.
        scenario: what is otherwise than expected.
        lines: by how much each line differs from its point, per draw.
    """
    future = np.array([future_of(line) for line in forecast.lines], dtype=np.float64)
    share = np.divide(lines, future, out=np.zeros_like(lines), where=future > 0)
    level = np.maximum(1 + share, 0.0)
    middle = np.ones((1, len(forecast.lines)))
    parts = _parts(forecast, grounds, scenario, middle)
    return Change(_changed(forecast, grounds, scenario, level), Cents(sum(parts.values())), parts)


def _parts(forecast: Forecast, grounds: Grounds, scenario: Scenario, middle: Floats) -> dict[str, Cents]:
    """Each part of the scenario added to those before it."""
    steps = {
        "inflow": replace(BASE, inflow_percent=scenario.inflow_percent, inflow_from=scenario.inflow_from),
    }
    steps["index"] = replace(steps["inflow"], index_percent=scenario.index_percent, index_from=scenario.index_from)
    steps["moves"] = replace(steps["index"], moves=scenario.moves)
    steps["waiting"] = replace(
        steps["moves"], waiting_percent=scenario.waiting_percent, waiting_from=scenario.waiting_from
    )
    found: dict[str, Cents] = {}
    before = 0
    for name, step in steps.items():
        after = round(float(_changed(forecast, grounds, step, middle)[0]))
        found[name] = Cents(after - before)
        before = after
    return found


def _changed(forecast: Forecast, grounds: Grounds, scenario: Scenario, level: Floats) -> Floats:
    """The change per draw; ``level`` is each line's cost to come as a share of what was expected."""
    effects = [_line_effect(line, grounds, scenario) for line in forecast.lines]
    errs = np.array([effect.errs for effect in effects])
    sure = sum(effect.sure for effect in effects) + sum(float(_fixed(forecast, move)) for move in scenario.moves)
    per_line = level * errs
    waiting = waiting_cost(forecast, grounds, scenario)
    changed: Floats = per_line.sum(axis=1) + sure + float(waiting)
    return changed - _above_ceilings(forecast, grounds, level, per_line)


def _line_effect(line: ForecastLine, grounds: Grounds, scenario: Scenario) -> LineEffect:
    if line.key.form not in VOLUME_FORMS:
        return LineEffect()
    first = grounds.first_to_come
    move = next((one for one in scenario.moves if _moves(one, line)), None)
    errs = 0.0
    for month in line.months:
        expected = int(month.late) + int(month.coming)
        if move is not None and month.month >= move.month:
            errs -= expected
            continue
        errs += _month(month, scenario, grounds, first) - expected
    return LineEffect(errs)


def _month(month: MonthForecast, scenario: Scenario, grounds: Grounds, first: Month) -> float:
    """What is still to come of a month in the scenario."""
    volume = 1.0
    if scenario.inflow_percent:
        volume = float(inflow_factor(scenario, grounds, month.month, first))
    price = 1.0
    if scenario.index_percent and month.month >= (scenario.index_from or first):
        price += float(scenario.index_percent) / 100
    return (int(month.late) + int(month.coming) * volume) * price


def inflow_factor(scenario: Scenario, grounds: Grounds, month: Month, first: Month | None = None) -> Fraction:
    """By which factor the volume of a month differs: clients are replaced one by one, so inflow builds up.

    After a month, one in ``stay_months`` of the clients is new; without a known stay all are new at once.
    """
    start = scenario.inflow_from or first or grounds.first_to_come
    if month < start or not scenario.inflow_percent:
        return Fraction(1)
    passed = (month.year - start.year) * 12 + month.number - start.number + 1
    stay = grounds.stay_months
    renewed = 1.0 if stay is None or stay <= 1 else 1 - (1 - 1 / stay) ** passed
    exact = Fraction(round(renewed * 10**_SHARE_DECIMALS), 10**_SHARE_DECIMALS)
    return max(Fraction(0), 1 + Fraction(scenario.inflow_percent) / 100 * exact)


def _moves(move: Move, line: ForecastLine) -> bool:
    return line.key.form is FormCode.PXQ and line.key.subcontractor == move.subcontractor


def neutral_months(forecast: Forecast, move: Move) -> dict[Month, Cents]:
    """What was expected of the months that move, over all P×Q lines of the subcontractor."""
    found: dict[Month, Cents] = {}
    for line in forecast.lines:
        if _moves(move, line):
            for month in line.months:
                if month.month >= move.month:
                    found[month.month] = found.get(month.month, ZERO) + month.late + month.coming
    return found


def _fixed(forecast: Forecast, move: Move) -> Cents:
    """What a move costs in the rest of the year: the agreed amounts, or what was expected."""
    months = neutral_months(forecast, move)
    if move.amount is None:
        return Cents(sum(int(amount) for amount in months.values()))
    return move.amount * len(months)


def neutral_amount(forecast: Forecast, move: Move) -> Cents:
    """The amount per month that is budget-neutral, rounded; the first month of an equal split."""
    months = neutral_months(forecast, move)
    return split_evenly(Cents(sum(int(amount) for amount in months.values())), len(months))[0] if months else ZERO


def waiting_cost(forecast: Forecast, grounds: Grounds, scenario: Scenario) -> Cents:
    """What the waiting list costs when part of it is taken in (rule 39): its exposure, for the months that are left."""
    months = [month for month in grounds.contract.months if month >= grounds.first_to_come]
    if not months or not scenario.waiting_percent:
        return ZERO
    start = scenario.waiting_from or months[0]
    served = sum(1 for month in months if month >= start)
    return times(forecast.exposure, Fraction(scenario.waiting_percent) / 100 * Fraction(served, len(months)))


def _above_ceilings(forecast: Forecast, grounds: Grounds, level: Floats, per_line: Floats) -> Floats:
    """What of the change lies above ceilings, and is not paid."""
    above = np.zeros(len(level))
    for places, most in _ceilings(forecast, grounds):
        realised = sum(int(month.realised) for place in places for month in forecast.lines[place].months)
        future = np.array([future_of(forecast.lines[place]) for place in places], dtype=np.float64)
        before = realised + level[:, places] @ future
        after = before + per_line[:, places].sum(axis=1)
        above += np.maximum(after - most, 0.0) - np.maximum(before - most, 0.0)
    return above


def _ceilings(forecast: Forecast, grounds: Grounds) -> Sequence[tuple[list[int], float]]:
    """The lines under each ceiling and what may be paid of them.

    Where the forecast already lies above a ceiling, that says what is paid besides it (crisis, say).
    """
    found = []
    for ceiling in grounds.ceilings:
        places = [
            place
            for place, line in enumerate(forecast.lines)
            if line.key.form is FormCode.PXQ and ceiling.covers(line.key.subcontractor, line.key.product_code)
        ]
        if not places:
            continue
        lines = [forecast.lines[place] for place in places]
        above = sum(int(line.above_ceiling) for line in lines)
        produced = sum(int(month.point) for line in lines for month in line.months)
        found.append((places, float(produced - above if above else max(int(ceiling.cents), 0))))
    return found
