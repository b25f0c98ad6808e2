"""The finance meeting of a contract year as of a month: everything that its page draws, for the person who looks.

Only balances and what was kept is read: frozen forecasts, who was served, the waiting list, what was decided. How many
transfers and lines stand behind them makes no difference.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import TypeVar

from budgets.forecast.back_test import BackTest
from budgets.forecast.model import Forecast, LineKey
from budgets.forecast.service import back_test_of
from budgets.forecast.store import Frozen, all_frozen, frozen
from budgets.meeting import store
from budgets.meeting.model import Flow, MeetingTables, Told
from budgets.meeting.rows import (
    EVERYBODY,
    Parts,
    Then,
    disclosed,
    form_key,
    hidden_keys,
    moved_by_row,
    people_by_row,
    product_key,
    subcontractor_key,
    table_keys,
    tables_of,
)
from budgets.plan.service import lines_on
from budgets.scenarios.outlook import Outlook, project
from budgets.scenarios.service import grounds_of
from budgets.use import store as uses
from budgets.use.cells import AHEAD, Amounts, Cell, Cover, agreed_cells, budget_cells, is_own, used_cells
from budgets.use.model import BudgetSource, WaitingList, YearPosition
from budgets.use.service import waiting_of, year_position
from budgets.use.standing import FORM_ACCOUNTS, cost_accounts, place
from budgets.use.suppress import is_small, tens
from budgets.variance.model import Change
from budgets.variance.service import change_of
from lead_contractor.books import accounts
from lead_contractor.books.store import account_balance
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month
from lead_contractor.kernel.rounding import split, split_evenly
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight
from lead_contractor.parties.store import subcontractors
from subcontractors.agreements.model import FormCode
from subcontractors.declarations.served import OPEN

_Booked = Mapping[tuple[str, ...], Cents]


@dataclass(frozen=True, slots=True)
class Looked:
    """Where the year stands and what it is expected to come to, as of a month of recording.

    Attributes:
        frozen: the forecast that was frozen at the end of the month; ``None`` where there is none.
        outlook: what the year comes to by that forecast.
        seen_by: how far the municipality looks in; ``None`` for the lead contractor and a provider.
        provider: the AGB code of the provider who looks at its own share; else empty.
    """

    position: YearPosition
    frozen: Frozen | None
    outlook: Outlook | None
    seen_by: Sight | None = None
    provider: str = ""


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
    ground = _Ground(scope, looked)
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
    ground = _Ground(scope, looked)
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


class _Ground:
    """What the tables of a month are made of, read once."""

    def __init__(self, scope: Scope, looked: Looked) -> None:
        self.looked, self.position = looked, looked.position
        contract_id = self.position.contract_id
        self.scope, self.contract_id = scope, contract_id
        self.covers = {
            code: Cover(subcontractor, FormCode(form), products)
            for code, (subcontractor, form, products) in uses.covers(scope, contract_id).items()
        }
        self.walks = looked.seen_by is not None
        self.months = self.position.choices if self.position.until is None else _up_to(self.position)
        dimensions = ["product_code", "subcontractor", "agreement", "service_month"]
        if self.walks:
            dimensions.append("recorded_month")
        codes = cost_accounts(self.position.terms)
        self.booked = account_balance(scope, contract_id, codes, *dimensions, until=self.position.until)
        self.spans = uses.served_spans(scope, contract_id)

    def parts(self) -> Parts:
        """The parts of the month that is looked at."""
        position, until = self.position, self.position.until
        cut = position.standing.month
        begun = tuple(standing.month for standing in position.months)
        used = used_cells(self._by_service(), self.covers, begun, cut)
        lines = lines_on(self.scope, self.contract_id, None if until is None else until.last)
        year = position.year_months
        names: dict[str, str] = {}
        if self.looked.seen_by is not Sight.PRODUCTS:
            names = {party.agb: party.name for party in subcontractors(self.scope, self.contract_id)}
        expected = None if self.looked.frozen is None else self.looked.frozen.forecast
        budget = budget_cells(lines, self.covers, year, year[-1]) if lines else agreed_cells(self._agreed)
        return Parts(
            months=tuple(month for month in begun if month <= cut),
            source=BudgetSource.FILE if lines else BudgetSource.AGREEMENTS,
            used=used,
            budget=budget,
            forecast={} if expected is None else self._forecast(expected, _in_all(used), with_own=True),
            people=self._people(),
            names=names,
            told={} if expected is None else self._told(expected),
        )

    def walked(self) -> list[Then]:
        """What each month of recording said, up to the one that is looked at; the settled year is the last of them."""
        moves = self._moves()
        keys = (product_key, form_key, subcontractor_key)
        counts = people_by_row(self._places(), len(self._looks()), keys)
        moved = moved_by_row(self._moving(), keys)
        known = {Month.of(one.as_of): one.forecast for one in all_frozen(self.scope, self.contract_id)}
        found = []
        for people, month in zip(counts, self._looks(), strict=True):
            used = {
                cell: total(cents for shown, cents in by_month.items() if month is None or shown <= month)
                for cell, by_month in moves.items()
            }
            expected = None if month is None else known.get(month)
            forecast = {} if expected is None else self._forecast(expected, used, with_own=False)
            found.append(Then(used, forecast, people, people.get(EVERYBODY, 0), moved))
        return found

    def _looks(self) -> list[Month | None]:
        """The months that were looked at before, and the one that is; the settled year is ``None``."""
        return [*self.months, *([None] if self.position.until is None else [])]

    def _by_service(self) -> _Booked:
        if not self.walks:
            return self.booked
        found: dict[tuple[str, ...], Cents] = {}
        for (*key, _recorded), cents in self.booked.items():
            found[tuple(key)] = found.get(tuple(key), ZERO) + cents
        return found

    def _ahead(self) -> _Booked:
        """What agreements make due in the whole year, booked ahead."""
        dimensions = ("product_code", "subcontractor", "agreement", "service_month")
        return account_balance(self.scope, self.contract_id, FORM_ACCOUNTS, *dimensions)

    def _moves(self) -> dict[Cell, dict[Month, Cents]]:
        """Cost by cell, by the month of recording from which on it is looked at."""
        year = self.position.year_months
        known: dict[tuple[str, str], Month] = {}
        found: dict[Cell, dict[Month, Cents]] = defaultdict(dict)
        for (account, product, subcontractor, agreement, service, recorded), cents in self.booked.items():
            cover = self.covers.get(agreement)
            row = product if cover is None or account not in FORM_ACCOUNTS else cover.row_of(product)
            shown = known.get((service, recorded))
            if shown is None:
                month = place(service, year)
                shown = max(Month.parse(recorded), month if month == year[0] else month.plus(1))
                known[service, recorded] = shown
            by_month = found[Cell(row, subcontractor, account)]
            by_month[shown] = by_month.get(shown, ZERO) + cents
        return found

    def _forecast(self, made: Forecast, used: Mapping[Cell, Cents], *, with_own: bool) -> dict[Cell, Cents]:
        """What the year comes to by cell; earlier years are what was booked, own cost what the settlement expects."""
        found: dict[Cell, Cents] = defaultdict(lambda: ZERO)
        for line in made.lines:
            for cell, cents in self._cells_of(line.key, line.point):
                found[cell] += cents
        for cell, cents in used.items():
            if cell.account == accounts.COST_PRIOR_YEAR:
                found[cell] += cents
        outlook = self.looked.outlook
        if with_own and outlook is not None and not self.looked.provider:
            cost = outlook.settlement.cost
            for account, cents in (
                (accounts.COST_OWN_DELIVERY, cost.own_delivery),
                (accounts.COST_OVERHEAD, cost.overhead),
                (accounts.COST_OTHER, cost.other),
            ):
                if cents:
                    found[Cell("", "", account)] += cents
        return dict(found)

    def _cells_of(self, key: LineKey, cents: Cents) -> list[tuple[Cell, Cents]]:
        """The cells of a line of the forecast: of an agreement about no product, those that its agreements book on."""
        account = accounts.COST_OF_FORM[key.form.value]
        rows = self._rows.get((key.subcontractor, account))
        if key.product_code or rows is None:
            return [(Cell(key.product_code, key.subcontractor, account), cents)]
        shared = split(cents, list(rows.values())) if any(rows.values()) else split_evenly(cents, len(rows))
        return [(Cell(row, key.subcontractor, account), part) for row, part in zip(rows, shared, strict=True)]

    def _told(self, made: Forecast) -> dict[Cell, tuple[Told, ...]]:
        """How each line came about, beside the first of its cells."""
        found: dict[Cell, list[Told]] = defaultdict(list)
        for line in made.lines:
            key = line.key
            told = Told(key.subcontractor, key.product_code, key.form.value, line.point, line.method, line.reasons)
            found[self._cells_of(key, line.point)[0][0]].append(told)
        return {cell: tuple(lines) for cell, lines in found.items()}

    @cached_property
    def _rows(self) -> dict[tuple[str, str], dict[str, int]]:
        """Product rows of agreements whose months are agreed, by subcontractor and account, with what they book."""
        found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        for cell, by_month in self._agreed.items():
            if cell.account in AHEAD:
                rows = found[cell.subcontractor, cell.account]
                rows[cell.product] = max(0, int(total(by_month.values())))
        return {key: dict(sorted(rows.items())) for key, rows in found.items()}

    @cached_property
    def _agreed(self) -> Amounts:
        year = self.position.year_months
        return used_cells(self._ahead(), self.covers, year, year[-1])

    def _people(self) -> dict[Cell, frozenset[int]]:
        until = self.position.until
        found: dict[Cell, set[int]] = defaultdict(set)
        for subcontractor, agreement, product, client, begin, end, _ in self.spans:
            cover = self.covers.get(agreement)
            seen = end == OPEN if until is None else begin <= str(until) < end
            if cover is not None and seen:
                found[Cell(cover.row_of(product), subcontractor, cover.account)].add(client)
        return {cell: frozenset(clients) for cell, clients in found.items()}

    def _places(self) -> dict[Cell, dict[int, int]]:
        """The clients by cell, with the months in which they are seen as bits."""
        looks = self._looks()
        known: dict[tuple[str, str], int] = {}
        found: dict[Cell, dict[int, int]] = defaultdict(dict)
        for subcontractor, agreement, product, client, begin, end, _ in self.spans:
            cover = self.covers.get(agreement)
            if cover is None:
                continue
            if (begin, end) not in known:
                known[begin, end] = sum(1 << n for n, month in enumerate(looks) if _seen(month, begin, end))
            clients = found[Cell(cover.row_of(product), subcontractor, cover.account)]
            clients[client] = clients.get(client, 0) | known[begin, end]
        return found

    def _moving(self) -> dict[Cell, dict[int, int]]:
        """The clients by cell, with the looks from which on anything of them came to show as bits."""
        year = self.position.year
        places = [
            None if month is None else MONTHS_IN_YEAR * (month.year - year) + month.number - 1
            for month in self._looks()
        ]
        known: dict[int, int] = {}
        found: dict[Cell, dict[int, int]] = defaultdict(dict)
        for subcontractor, agreement, product, client, _begin, _end, months in self.spans:
            cover = self.covers.get(agreement)
            if cover is None:
                continue
            if months not in known:
                known[months] = _at_looks(months, places)
            clients = found[Cell(cover.row_of(product), subcontractor, cover.account)]
            clients[client] = clients.get(client, 0) | known[months]
        return found


def _at_looks(months: int, places: Sequence[int | None]) -> int:
    """Months of a calendar as looks: each is in the first look that is not before it; ``None`` sees what is left."""
    found, before = 0, 0
    for number, last in enumerate(places):
        until = months.bit_length() if last is None else last + 1
        if months >> before & (1 << max(0, until - before)) - 1:
            found |= 1 << number
        before = max(before, until)
    return found


def _seen(month: Month | None, begin: str, end: str) -> bool:
    return end == OPEN if month is None else begin <= str(month) < end


def _up_to(position: YearPosition) -> tuple[Month, ...]:
    """The months that one can look at, up to and including the one that is looked at."""
    until = position.until
    assert until is not None
    before = tuple(month for month in position.choices if month < until)
    return (*before, until)


def _in_all(used: Mapping[Cell, Mapping[Month, Cents]]) -> dict[Cell, Cents]:
    return {cell: total(by_month.values()) for cell, by_month in used.items()}


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
