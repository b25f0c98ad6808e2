"""The waiting list as of a day, per product over all areas; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from budgets.plan.model import WaitingRow
from budgets.use.model import Waiting, WaitingList
from budgets.use.suppress import is_small
from lead_contractor.kernel.rounding import half_up


def waiting_list(rows: Sequence[WaitingRow], until: date | None, *, hides_small: bool) -> WaitingList | None:
    """Who waits, on the last known day up to and including ``until``, the longest lists first.

    Args:
        rows: the waiting list by day, product and area.
        until: the last day to look at; ``None`` looks at all.
        hides_small: whether numbers below the threshold are left out.
    """
    days = [row.date for row in rows if until is None or row.date <= until]
    if not days:
        return None
    latest = max(days)
    products: dict[str, list[WaitingRow]] = {}
    for row in rows:
        if row.date == latest:
            products.setdefault(row.product_code, []).append(row)
    made = [_waiting(code, found, hides_small=hides_small) for code, found in products.items()]
    made.sort(key=lambda one: (-(one.waiting or 0), one.product_code))
    return WaitingList(latest, tuple(made))


def _waiting(code: str, rows: Sequence[WaitingRow], *, hides_small: bool) -> Waiting:
    waiting = sum(row.waiting for row in rows)
    known = [row.added for row in rows if row.added is not None]
    added = sum(known) if known else None
    if hides_small and is_small(waiting):
        return Waiting(code, None, None, None, few_added=True)
    few = hides_small and is_small(added)
    days = _weighted_median((row.median_days, row.waiting) for row in rows)
    return Waiting(code, waiting, None if few else added, days, few_added=few)


def _weighted_median(medians: Iterable[tuple[Decimal | None, int]]) -> int | None:
    """The median of the areas' medians, each counted as often as people wait there; whole days, half up."""
    known = sorted((days, people) for days, people in medians if days is not None and people > 0)
    half = sum(people for _, people in known)
    passed = 0
    for days, people in known:
        passed += people
        if 2 * passed >= half:
            return half_up(days)
    return None
