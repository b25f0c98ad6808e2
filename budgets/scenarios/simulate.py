"""Monte Carlo: a scenario beside the base, drawn with the same random numbers; pure.

Because both stand on the same draws, what differs between them is the scenario and nothing else. The base is the frozen
forecast itself: its point and its bounds come back to the cent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from budgets.forecast.model import Forecast
from budgets.plan.model import HistoryRow
from budgets.scenarios.draws import Drawn, draw, year_end
from budgets.scenarios.effects import Change, change, inflow_factor
from budgets.scenarios.model import BASE, Ending, Grounds, Histogram, Quantiles, Scenario, Simulation
from budgets.scenarios.outcomes import Floats, Outcomes, Whole, outcomes, possible_years, whole
from budgets.scenarios.own import own_year
from budgets.scenarios.revenue import revenue_year
from budgets.settlement.surplus import margin_base
from lead_contractor.contract.model import Margin, SettlementTerms
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import percent_of

DRAWS = 5000
FEWEST, MOST = 100, 20_000
SEED = 20_250_831
PERCENTILES: Final = np.arange(1, 100) / 100
_BINS = 32
_STEPS = (1, 2, 5, 10)


def simulate(
    forecast: Forecast,
    history: Sequence[HistoryRow],
    grounds: Grounds,
    scenario: Scenario,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Simulation:
    """Draw the year many times, as expected and in the scenario.

    Raises:
        ValueError: fewer draws than 100 or more than 20.000.
    """
    if not FEWEST <= draws <= MOST:
        raise ValueError(f"from {FEWEST} to {MOST} draws, not {draws}")
    drawn = draw(forecast, history, draws, seed)
    base_change = change(forecast, grounds, BASE, drawn.lines)
    base, base_result = _ending(forecast, grounds, BASE, drawn, base_change)
    made, ending, result = base_change, base, base_result
    if not scenario.is_base:
        made = change(forecast, grounds, scenario, drawn.lines)
        ending, result = _ending(forecast, grounds, scenario, drawn, made)
    return Simulation(
        as_of=forecast.as_of,
        scenario=scenario,
        draws=draws,
        seed=seed,
        base=base,
        ending=ending,
        difference=_quantiles(made.per_draw),
        result_difference=_quantiles(result - base_result),
        histogram=histogram(base_result, result),
        parts=made.parts,
        notes=_notes(grounds),
    )


def terms_of(terms: SettlementTerms, scenario: Scenario) -> SettlementTerms:
    """The terms of the settlement with the cap of the scenario."""
    if scenario.cap_percent is None:
        return terms
    margin = terms.margin
    capped = Margin(scenario.cap_percent) if margin is None else replace(margin, cap_percent=scenario.cap_percent)
    return replace(terms, margin=capped)


def _ending(
    forecast: Forecast, grounds: Grounds, scenario: Scenario, drawn: Drawn, made: Change
) -> tuple[Ending, Whole]:
    revenue = revenue_year(
        grounds,
        scenario.corridor_percent,
        lambda day: inflow_factor(scenario, grounds, Month.of(day)),
    )
    own = own_year(grounds, scenario.own_cost_percent)
    terms = terms_of(grounds.contract.settlement, scenario)
    cost = drawn.subcontractors + made.per_draw
    years = possible_years(revenue, own, cost, drawn.shocks)
    ends = outcomes(terms, years, grounds.prior_year)
    point = forecast.point + made.point
    budget = forecast.budget
    return (
        Ending(
            revenue=revenue.parts,
            point=point,
            subcontractors=_subcontractors(forecast, drawn, cost),
            result=_quantiles(ends.result),
            margin=_quantiles(ends.margin),
            repaid=_quantiles(ends.repaid),
            deficit_municipality=_quantiles(ends.municipality),
            entitlement=_quantiles(ends.entitlement),
            cap=_cap(terms, ends, revenue.parts.total),
            chance_repaid=_chance(ends.repaid > 0),
            chance_excess=_chance(ends.excess > 0),
            chance_shortage=_chance(ends.result < 0),
            chance_run_out=None if budget is None else _chance(whole(cost) > int(budget)),
        ),
        ends.result,
    )


def _cap(terms: SettlementTerms, ends: Outcomes, revenue: Cents) -> Cents | None:
    """The cap at the middle of the distribution."""
    if terms.margin is None:
        return None
    cost = revenue - Cents(round(float(np.median(ends.result))))
    base = margin_base(terms.margin, revenue, cost)
    return Cents(max(0, percent_of(base, terms.margin.cap_percent)))


def _subcontractors(forecast: Forecast, drawn: Drawn, cost: Floats) -> Quantiles:
    """The forecast's own distribution, moved by what the scenario does to each percentile of the draws."""
    from scipy.special import ndtri

    own = year_end(forecast, ndtri(PERCENTILES))
    moved = _at(cost) - _at(drawn.subcontractors)
    return Quantiles(tuple(int(value) for value in whole(own + moved)))


def _quantiles(values: Floats | Whole) -> Quantiles:
    return Quantiles(tuple(int(value) for value in whole(_at(values))))


def _at(values: Floats | Whole) -> Floats:
    found: Floats = np.quantile(values, PERCENTILES, method="hazen")
    return found


def _chance(happened: np.typing.NDArray[np.bool_]) -> float:
    return round(float(happened.mean()), 4)


def histogram(base: Whole, scenario: Whole) -> Histogram:
    """Both results counted over the same bounds, steps of 1, 2 or 5 with zeros; the ends take what lies beyond."""
    low = float(min(np.quantile(base, 0.001), np.quantile(scenario, 0.001)))
    high = float(max(np.quantile(base, 0.999), np.quantile(scenario, 0.999)))
    step = _step(max(high - low, 100.0) / _BINS)
    first, last = math.floor(low / step), max(math.ceil(high / step), math.floor(low / step) + 1)
    edges = tuple(Cents(place * step) for place in range(first, last + 1))
    bounds = np.array(edges, dtype=np.int64)
    counted = [
        np.histogram(np.clip(values, bounds[0], bounds[-1]), bins=bounds)[0].tolist() for values in (base, scenario)
    ]
    return Histogram(edges, tuple(counted[0]), tuple(counted[1]))


def _step(least: float) -> int:
    unit = int(10 ** max(0, math.floor(math.log10(least))))
    return next(unit * factor for factor in _STEPS if unit * factor >= least)


def _notes(grounds: Grounds) -> tuple[str, ...]:
    return (*revenue_year(grounds).notes, *own_year(grounds).notes)
