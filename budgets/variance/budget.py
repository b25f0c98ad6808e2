"""Why a forecast differs from the budget, budget line by budget line; pure, and exact for any budget and forecast.

A budget names a product, a subcontractor, both or neither; a line of the forecast falls under the budget that names it
most precisely. A budget is at the tariffs of the first contract month, so that the price is what other tariffs add.
The budget knew no months that were late, so that nothing is late declarations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


def placed(lines: Sequence[ForecastLine], budget: Mapping[Place, Cents]) -> dict[Place, list[ForecastLine]]:
    """The lines of a forecast under the budget that names each most precisely.

    A line that no budget names stands under a place of its own. A budget without lines has none.
    """
    found: dict[Place, list[ForecastLine]] = {place: [] for place in budget}
    for line in lines:
        subcontractor, product = line.key.subcontractor, line.key.product_code
        wanted = ((subcontractor, product), (subcontractor, product[:2]), (subcontractor, ""),
                  ("", product), ("", product[:2]), ("", ""))  # fmt: skip
        place = next((place for place in wanted if place in budget), (subcontractor, product))
        found.setdefault(place, []).append(line)
    return found


def budget_change(budget: Iterable[BudgetLine], forecast: Forecast, known_rates: Rates) -> Change:
    """Why a forecast differs from the budget."""
    amounts = budget_by_place(budget)
    pending = [
        one
        for place, lines in sorted(placed(forecast.lines, amounts).items())
        for one in _of_place(place, amounts.get(place), lines, known_rates)
    ]
    return made(None, forecast.as_of, explained(pending))


def _of_place(place: Place, amount: Cents | None, lines: Sequence[ForecastLine], known_rates: Rates) -> list[Pending]:
    """One line for a budget with all that falls under it; without a budget, each line for itself."""
    if amount is None:
        return [_pending((line.key.subcontractor, line.key.product_code), None, [line], known_rates) for line in lines]
    return [_pending(place, amount, lines, known_rates)]


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
