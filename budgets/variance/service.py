"""Use cases of what changed: forecast then and now, and budget and forecast, from forecasts that were frozen."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from budgets.forecast.store import Frozen, frozen, frozen_days
from budgets.plan.service import lines_on
from budgets.use.store import served
from budgets.variance.budget import budget_change
from budgets.variance.disclose import People, disclosed
from budgets.variance.forecasts import Rates, forecast_change, rates
from budgets.variance.model import Change
from budgets.year_folder.stored import contract_of
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight
from subcontractors.agreements.store import tariffs


def change_of(
    scope: Scope, contract_id: int, then: date | None = None, now: date | None = None, seen_by: Sight | None = None
) -> Change | None:
    """Why the forecast differs from an earlier one.

    Args:
        scope: the lead contractor.
        contract_id: its contract year.
        then: the earlier forecast is the newest that was frozen on or before this day; ``None`` is the last day of the
            month before that of the later one, so that a meeting each month compares with the one before.
        now: the later forecast is the newest that was frozen on or before this day; ``None`` is the newest of all.
        seen_by: how far the municipality looks in; ``None`` for the lead contractor itself, who sees all.

    Returns:
        ``None`` where one of the two was never frozen, or both are the same.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    get_contract(scope, contract_id)
    after = frozen(scope, contract_id, now)
    if after is None:
        return None
    before = frozen(scope, contract_id, then if then is not None else Month.of(after.as_of).plus(-1).last)
    if before is None or before.id == after.id:
        return None
    change = forecast_change(before.forecast, after.forecast, _rates(scope, contract_id))
    return _as_seen(scope, change, (before, after), seen_by)


def change_from_budget(
    scope: Scope, contract_id: int, now: date | None = None, seen_by: Sight | None = None
) -> Change | None:
    """Why the forecast differs from the budget.

    Arguments as :func:`change_of`.

    Returns:
        ``None`` where no forecast was frozen, or no budget is known.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    get_contract(scope, contract_id)
    after = frozen(scope, contract_id, now)
    lines = () if after is None else lines_on(scope, contract_id, after.as_of)
    if after is None or not lines:
        return None
    change = budget_change(lines, after.forecast, _rates(scope, contract_id))
    return _as_seen(scope, change, (after,), seen_by)


def days_to_compare(scope: Scope, contract_id: int) -> tuple[date, ...]:
    """The days of which a forecast was frozen, in order."""
    return frozen_days(scope, contract_id)


def _rates(scope: Scope, contract_id: int) -> Rates:
    contract = contract_of(get_contract(scope, contract_id))
    return rates(tariffs(scope, contract_id), contract.months[0].first)


def _as_seen(scope: Scope, change: Change, days: tuple[Frozen, ...], seen_by: Sight | None) -> Change:
    if seen_by is None:
        return change
    return disclosed(change, *(people_served(scope, one.contract_id, one.as_of) for one in days))


def people_served(scope: Scope, contract_id: int, day: date) -> People:
    """The clients served this year, by subcontractor and product, as known on a day."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for sender, _, product, client in served(scope, contract_id, Month.of(day)):
        found[sender, product].add(client)
    return {place: frozenset(clients) for place, clients in found.items()}
