"""What the tables of the meeting are made of, read once: balances, forecasts and who was served, laid on cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from budgets.forecast.model import Forecast, LineKey
from budgets.forecast.store import Frozen, all_frozen
from budgets.meeting.model import Told
from budgets.meeting.people import EVERYBODY, moved_by_row, people_by_row
from budgets.meeting.rows import Parts, form_key, product_key, subcontractor_key
from budgets.meeting.walk import Then
from budgets.plan.service import lines_on
from budgets.scenarios.outlook import Outlook
from budgets.use import store as uses
from budgets.use.cells import AHEAD, Amounts, Cell, Cover, agreed_cells, budget_cells, used_cells
from budgets.use.model import BudgetSource, YearPosition
from budgets.use.standing import FORM_ACCOUNTS, cost_accounts, place
from lead_contractor.books import accounts
from lead_contractor.books.store import account_balance
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


class Ground:
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
