"""Monte Carlo: a scenario beside the base, drawn with the same random numbers; pure.

Because both stand on the same draws, what differs between them is the scenario and nothing else. The base is the frozen
forecast itself: its point and its bounds come back to the cent.

The middle of each figure is the middle expectation of the cost put through the settlement, the same reckoning as that
of the outlook, so that a scenario of nothing says the same as the outlook to the cent. The median of the draws is not
that figure: cost, volume and own cost err together in ways that are not symmetric, and a median of draws moves with the
seed. The draws say how far the year may end from the middle, and how likely what is.
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
from budgets.scenarios.outcomes import (
    Floats,
    Whole,
    costs_of,
    margin_number,
    outcomes,
    possible_years,
    projected,
    whole,
)
from budgets.scenarios.own import own_year
from budgets.scenarios.revenue import revenue_year
from budgets.scenarios.sizes import DRAWS, FEWEST, MOST, SEED
from budgets.settlement.model import AgreementCost, Settlement
from budgets.settlement.surplus import margin_base
from lead_contractor.contract.model import Margin, SettlementTerms
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import percent_of
from subcontractors.agreements.model import FormCode

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
        difference=_quantiles(made.per_draw, made.point),
        result_difference=_quantiles(result - base_result, ending.result.middle - base.result.middle),
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
    settled = projected(grounds, terms, revenue, own, _costs(forecast, made))
    budget = forecast.budget
    return (
        Ending(
            revenue=revenue.parts,
            point=point,
            subcontractors=replace(_subcontractors(forecast, drawn, cost), point=int(point)),
            result=_quantiles(ends.result, settled.result),
            margin=_quantiles(ends.margin, margin_number(settled.margin_percent)),
            repaid=_quantiles(ends.repaid, settled.surplus.repaid),
            deficit_municipality=_quantiles(ends.municipality, settled.deficit.municipality),
            entitlement=_quantiles(ends.entitlement, settled.entitlement),
            cap=_cap(terms, settled),
            chance_repaid=_chance(ends.repaid > 0),
            chance_excess=_chance(ends.excess > 0),
            chance_shortage=_chance(ends.result < 0),
            chance_run_out=None if budget is None else _chance(whole(cost) > int(budget)),
        ),
        ends.result,
    )


def _costs(forecast: Forecast, made: Change) -> tuple[AgreementCost, ...]:
    """What subcontractors cost at the middle expectation; what the scenario changes stands as one line of its own."""
    costs = costs_of(forecast)
    return (*costs, AgreementCost("scenario", "", FormCode.PXQ, made.point)) if made.point else costs


def _cap(terms: SettlementTerms, settled: Settlement) -> Cents | None:
    """The cap at the middle expectation."""
    if terms.margin is None:
        return None
    base = margin_base(terms.margin, settled.revenue.total, settled.cost.total)
    return Cents(max(0, percent_of(base, terms.margin.cap_percent)))


def _subcontractors(forecast: Forecast, drawn: Drawn, cost: Floats) -> Quantiles:
    """The forecast's own distribution, moved by what the scenario does to each percentile of the draws."""
    from scipy.special import ndtri

    own = year_end(forecast, ndtri(PERCENTILES))
    moved = _at(cost) - _at(drawn.subcontractors)
    return Quantiles(tuple(int(value) for value in whole(own + moved)))


def _quantiles(values: Floats | Whole, point: int) -> Quantiles:
    return Quantiles(tuple(int(value) for value in whole(_at(values))), int(point))


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
