"""The finance meeting of a contract year as of a month: everything that its page draws, for the person who looks.

Only balances and what was kept is read: frozen forecasts, who was served, the waiting list, what was decided. How many
transfers and lines stand behind them makes no difference.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import TypeVar

from budgets.forecast.back_test import BackTest
from budgets.forecast.model import Forecast
from budgets.forecast.service import back_test_of
from budgets.forecast.store import Frozen, all_frozen, frozen
from budgets.meeting import store
from budgets.meeting.disclosure import disclosed, table_keys
from budgets.meeting.ground import Ground, Looked
from budgets.meeting.model import Flow, MeetingTables
from budgets.meeting.rows import Parts, tables_of
from budgets.meeting.walk import hidden_keys
from budgets.scenarios.outlook import Outlook, project
from budgets.scenarios.service import grounds_of
from budgets.use.cells import Cell, is_own
from budgets.use.model import WaitingList
from budgets.use.service import waiting_of, year_position
from budgets.use.standing import FORM_ACCOUNTS
from budgets.use.suppress import is_small, tens
from budgets.variance.model import Change
from budgets.variance.service import change_of
from lead_contractor.books.store import account_balance
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight


def look(
    scope: Scope, contract_id: int, until: Month | None, seen_by: Sight | None = None, provider: str = ""
) -> Looked:
    """Where a contract year stands.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    position = year_position(scope, contract_id, until)
    month = position.until
    if month is None or not position.recorded:
        return Looked(position, None, None, seen_by, provider)
    found = frozen(scope, contract_id, month.last)
    if found is None or Month.of(found.as_of) != month:
        return Looked(position, None, None, seen_by, provider)
    return Looked(position, found, _outlook(scope, contract_id, found), seen_by, provider)


_MOST_KNOWN = 64
_outlooks: OrderedDict[tuple[int, str], tuple[Forecast, Outlook]] = OrderedDict()
"""Outlooks made lately, by the forecast itself and all that they stand on besides."""
_lock = Lock()


def _outlook(scope: Scope, contract_id: int, standing: Frozen) -> Outlook:
    """The outlook by a frozen forecast; a thousand possible years are settled once, as long as nothing changes."""
    grounds = grounds_of(scope, contract_id, standing)
    key = (id(standing.forecast), repr(grounds))
    with _lock:
        known = _outlooks.get(key)
    if known is not None and known[0] is standing.forecast:
        return known[1]
    made = project(standing.forecast, grounds)
    with _lock:
        _outlooks[key] = (standing.forecast, made)
        while len(_outlooks) > _MOST_KNOWN:
            _outlooks.popitem(last=False)
    return made


def tables(scope: Scope, looked: Looked) -> MeetingTables | None:
    """The use and the forecast by product, form and subcontractor; ``None`` while nothing was recorded."""
    position = looked.position
    if not position.recorded:
        return None
    ground = Ground(scope, looked)
    if looked.provider:
        return _own_share(ground.parts(), looked.provider)
    if looked.seen_by is None:
        made = tables_of(ground.parts())
    else:
        sees = looked.seen_by is Sight.SUBCONTRACTORS
        made = disclosed(ground.parts(), ground.walked(), sees_subcontractors=sees)
    return with_waiting(made, waiting_of(scope, position, looked.seen_by))


def change(scope: Scope, looked: Looked) -> Change | None:
    """Why the forecast changed since the month before, in all; for the lead contractor also line by line."""
    if looked.frozen is None or looked.provider:
        return None
    day = looked.frozen.as_of
    found = change_of(scope, looked.position.contract_id, Month.of(day).plus(-1).last, day)
    if found is None or looked.seen_by is None:
        return found
    found = replace(found, by_product=(), lines=())  # rows are in the tables, where what is hidden is hidden
    since = Month.of(day if found.then_day is None else found.then_day)
    return replace(found, parts=()) if _hides_forms(scope, looked, since) else found


def _hides_forms(scope: Scope, looked: Looked, since: Month) -> bool:
    """Whether a form of financing is hidden in a month from ``since`` on.

    A cause is the change of some forms: what agreements fix is a sum of its own, and all other causes are of P×Q and
    trajectories. Where one of them is hidden, it would follow from the cause and the forms that are shown.
    """
    ground = Ground(scope, looked)
    walked = ground.walked()
    keys = table_keys(sees_subcontractors=looked.seen_by is Sight.SUBCONTRACTORS)
    months = [place for place, month in enumerate(ground.months) if month >= since]
    return any(hidden_keys(walked[: place + 1], keys)[1] for place in months)


_tested: OrderedDict[str, tuple[tuple[Frozen, ...], BackTest | None]] = OrderedDict()
"""Back-tests made lately, by the content of the contract, with the forecasts that they hold against each other."""


def back_test(scope: Scope, looked: Looked) -> BackTest | None:
    """Every frozen forecast against what is known since.

    A provider has none, for it is about all lines; ``None`` also where nothing was frozen.
    """
    if looked.provider:
        return None
    contract_id = looked.position.contract_id
    content = get_contract(scope, contract_id).content_hash
    made = all_frozen(scope, contract_id)
    with _lock:
        known = _tested.get(content)
    if known is not None and _same(known[0], made):
        return known[1]
    found = back_test_of(scope, contract_id)
    with _lock:
        _tested[content] = (made, found)
        while len(_tested) > _MOST_KNOWN:
            _tested.popitem(last=False)
    return found


def _same(before: Sequence[Frozen], now: Sequence[Frozen]) -> bool:
    """Whether these are the very forecasts of before."""
    return len(before) == len(now) and all(
        one.forecast is other.forecast and one.afterwards == other.afterwards
        for one, other in zip(before, now, strict=True)
    )


def flows(scope: Scope, looked: Looked) -> tuple[Flow, ...]:
    """How many people began and ended care in each month, by the reports of providers."""
    position = looked.position
    known = store.reported(scope, position.contract_id, position.until, looked.provider)
    months = [standing.month for standing in position.months]
    hides = looked.seen_by is not None

    def count(kind: str, month: Month) -> int | None:
        found = known.get((kind, str(month)), 0)
        if not hides:
            return found
        return None if is_small(found) else tens(found)

    return tuple(Flow(month, count("start", month), count("stop", month), hides) for month in months)


def with_waiting(made: MeetingTables, waiting: WaitingList | None) -> MeetingTables:
    """The tables with who waits beside each product."""
    if waiting is None:
        return made
    by_code = {row.product_code: row for row in waiting.rows}
    rows = tuple(
        replace(row, waiting=by_code[row.code].waiting, few_waiting=by_code[row.code].waiting is None)
        if row.code in by_code
        else row
        for row in made.products.rows
    )
    return replace(made, products=replace(made.products, rows=rows))


def _own_share(parts: Parts, agb: str) -> MeetingTables:
    """The tables of one provider: its own cells only, so that no total tells of another."""
    own = replace(
        parts,
        used=_of(agb, parts.used),
        budget=_of(agb, parts.budget),
        forecast=_of(agb, parts.forecast),
        people=_of(agb, parts.people),
        told=_of(agb, parts.told),
        names={},
    )
    return replace(tables_of(own), subcontractors=None)


T = TypeVar("T")


def _of(agb: str, cells: Mapping[Cell, T]) -> dict[Cell, T]:
    return {cell: value for cell, value in cells.items() if cell.subcontractor == agb and not is_own(cell)}


def areas(scope: Scope, looked: Looked) -> dict[tuple[str, str], Cents]:
    """The use of products by area, up to the last complete month; for the lead contractor only."""
    position = looked.position
    dimensions = ("product_code", "area", "service_month")
    found: dict[tuple[str, str], Cents] = {}
    booked = account_balance(scope, position.contract_id, FORM_ACCOUNTS, *dimensions, until=position.until)
    for (_, product, area, service), cents in booked.items():
        if product and service <= str(position.standing.month):
            found[product, area] = found.get((product, area), ZERO) + cents
    return found
