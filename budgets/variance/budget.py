"""Why a forecast differs from the budget, budget line by budget line; pure, and exact for any budget and forecast.

A budget names a product, a subcontractor, both or neither; a line of the forecast falls under the budget that names it
most precisely. A budget is at the tariffs of the first contract month, so that the price is what other tariffs add.
The budget knew no months that were late, so that nothing is late declarations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from budgets.forecast.model import Forecast, ForecastLine
from budgets.plan.model import BudgetLine
from budgets.variance.forecasts import AGREED, Pending, Rate, Rates, at_first_tariffs, explained
from budgets.variance.model import Cause, Change, made
from lead_contractor.kernel.money import ZERO, Cents, total
from subcontractors.agreements.model import FormCode

Place = tuple[str, str]
"""Subcontractor and product of a budget; either may be empty."""


def budget_by_place(lines: Iterable[BudgetLine]) -> dict[Place, Cents]:
    """The year's budget of each subcontractor and product that it names, its months together."""
    found: dict[Place, Cents] = {}
    for line in lines:
        place = (line.subcontractor, line.product_code)
        found[place] = found.get(place, ZERO) + line.amount
    return found


@dataclass(frozen=True, slots=True)
class Placed:
    """A budget with the lines of the forecast under it; ``amount`` is ``None`` for lines that no budget names."""

    place: Place
    amount: Cents | None
    lines: tuple[ForecastLine, ...]


def placed(lines: Sequence[ForecastLine], budget: Mapping[Place, Cents]) -> tuple[Placed, ...]:
    """The lines of a forecast under the budget that names each most precisely, by place.

    A line that no budget names stands by itself. A line without a product (an agreement with agreed months) falls
    under what is budgeted for its subcontractor by product and has no line of its own, all of it together.
    """
    found: dict[Place, list[ForecastLine]] = {place: [] for place in budget}
    for line in lines:
        found.setdefault(_place_of(line, budget), []).append(line)
    amounts: dict[Place, Cents] = dict(budget)
    for place in [place for place in found if place[0] and not place[1] and place not in budget]:
        for own in [one for one in budget if one[0] == place[0] and not found[one]]:
            amounts[place] = amounts.get(place, ZERO) + amounts.pop(own)
            del found[own]
    return tuple(Placed(place, amounts.get(place), tuple(own)) for place, own in sorted(found.items()))


def _place_of(line: ForecastLine, budget: Mapping[Place, Cents]) -> Place:
    subcontractor, product = line.key.subcontractor, line.key.product_code
    wanted = ((subcontractor, product), (subcontractor, product[:2]), (subcontractor, ""),
              ("", product), ("", product[:2]), ("", ""))  # fmt: skip
    return next((place for place in wanted if place in budget), (subcontractor, product))


def budget_change(budget: Iterable[BudgetLine], forecast: Forecast, known_rates: Rates) -> Change:
    """Why a forecast differs from the budget."""
    rows = placed(forecast.lines, budget_by_place(budget))
    return made(None, forecast.as_of, explained([one for row in rows for one in _of_row(row, known_rates)]))


def _of_row(row: Placed, known_rates: Rates) -> list[Pending]:
    """One line for a budget with all that falls under it; without a budget, each line for itself."""
    if row.amount is None:
        return [_pending(row.place, None, [line], known_rates) for line in row.lines]
    return [_pending(row.place, row.amount, row.lines, known_rates)]


def _pending(place: Place, amount: Cents | None, lines: Sequence[ForecastLine], known_rates: Rates) -> Pending:
    forms = {line.key.form for line in lines}
    form: FormCode | None = next(iter(forms)) if len(forms) == 1 else None
    now = total(line.point for line in lines) if lines else None
    if forms and forms <= AGREED:
        known = {Cause.CONTRACT: (now or ZERO) - (amount or ZERO)}
        return Pending(*place, form, amount, now, known, ZERO, None)
    known = {
        Cause.PRICE: total(line.price_effect for line in lines),
        Cause.CORRECTION: total(line.corrections for line in lines),
        Cause.CONTRACT: -total(line.above_ceiling for line in lines),
    }
    return Pending(*place, form, amount, now, known, amount or ZERO, _rate(place, lines, known_rates))


def _rate(place: Place, lines: Sequence[ForecastLine], known_rates: Rates) -> Rate | None:
    """The average tariff of what falls under a budget, where all of it is in one unit."""
    if not lines:
        return known_rates.get(place)
    found = [(line, known_rates.get((line.key.subcontractor, line.key.product_code))) for line in lines]
    units = {rate.unit if rate else "" for _, rate in found}
    if len(units) != 1 or "" in units:
        return None
    amounts = [(Fraction(max(1, int(at_first_tariffs(line)))), rate.price) for line, rate in found if rate]
    volume = sum((amount / price for amount, price in amounts), Fraction(0))
    return Rate(units.pop(), sum((amount for amount, _ in amounts), Fraction(0)) / volume)
