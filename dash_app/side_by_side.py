"""Municipalities beside each other: who may see which, and a row for each by the definitions of the meeting; values.

Every figure is that of the municipality's own page of the meeting, as the same person sees it there. The foot holds
what adds up: amounts. Bounds, chances and people do not, and stay empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from budgets.meeting.model import MeetingTable
from budgets.use.model import WaitingList, YearPosition
from dash_app.choice import address
from dash_app.formats import euro_whole
from dash_app.language import gettext
from dash_app.pages.parts import (
    DASH,
    Cell,
    Grid,
    Image,
    Kind,
    Part,
    count,
    hidden,
    in_tens,
    money,
    share_of,
    small_print,
    titles,
    words,
)
from dash_app.pages.sentence import chance_words, share
from dash_app.pages.text import plain
from dash_app.shown import Seen
from dash_app.sparkline import sparkline
from lead_contractor.access.model import Acting, Membership, Role
from lead_contractor.contract.store import StoredContract, contracts
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope


@dataclass(frozen=True, slots=True)
class Beside:
    """A contract year, the capacity in which the person sees it, and the key of that membership where it is another."""

    contract: StoredContract
    person: Acting
    key: str = ""


def years_of(scope: Scope, person: Acting, memberships: Sequence[Membership]) -> Mapping[int, tuple[Beside, ...]]:
    """The contract years of which this person may see more than one, by year, the newest first.

    A controller sees all contracts of the lead contractor; who looks for municipalities, those of every municipality
    that they act for with this lead contractor. Another lead contractor's are never among them.
    """
    by_year: dict[int, list[Beside]] = defaultdict(list)
    known = contracts(scope)
    if person.role is Role.CONTROLLER:
        for contract in known:
            by_year[contract.year].append(Beside(contract, person))
    elif person.role is Role.MUNICIPALITY:
        own = [
            one
            for one in memberships
            if one.role is Role.MUNICIPALITY and one.lead_contractor_id == person.lead_contractor_id
        ]
        for contract in known:
            for one in own:
                if one.party == contract.municipality_code:
                    at = replace(person, party=one.party, party_name=one.party_name)
                    by_year[contract.year].append(Beside(contract, at, "" if one.party == person.party else one.key))
    return {year: tuple(found) for year, found in sorted(by_year.items(), reverse=True) if len(found) > 1}


def months_of(positions: Sequence[YearPosition]) -> tuple[Month, ...]:
    """The months of the year as of which all can be looked at in which anything was recorded."""
    recorded = [
        {month for month in one.choices if month <= one.year_months[-1]} for one in positions if one.choices
    ]  # fmt: skip
    return tuple(sorted(set.intersection(*recorded))) if recorded else ()


def part(rows: Sequence[tuple[Beside, Seen]], *, controller: bool) -> Part:
    """The municipalities, those that deviate most in euros first."""
    ordered = sorted(rows, key=lambda one: _deviation(one[1]))
    named = titles(
        (gettext("Gemeente"), False),
        (gettext("Jaarbudget"), True),
        (gettext("Gebruikt"), True),
        (gettext("% gebruikt"), True),
        (gettext("Verwachting"), True),
        (gettext("80 % zeker tussen"), True),
        (gettext("Ruimte"), True),
        (gettext("Marge"), True),
        (gettext("Kans op terugbetaling"), False),
        (gettext("Wachtend"), True),
        (gettext("Cliënten"), True),
        (gettext("Per maand"), False),
    )
    cells = tuple(_cells(beside, now) for beside, now in ordered)
    keys = tuple(str(beside.contract.id) for beside, _ in ordered)
    grid = Grid(gettext("Gemeenten naast elkaar"), named, cells, _foot([now for _, now in ordered]), keys=keys)
    under = gettext(
        "Euro, met dezelfde begrippen als in het overleg van elke gemeente. Ruimte is het jaarbudget min de "
        "verwachting; wat het meest afwijkt staat bovenaan. In het totaal staat alleen wat op te tellen is."
    )
    return Part(
        "municipalities", gettext("Per gemeente"), under, grids=(grid,), notes=_notes(rows, controller=controller)
    )


def room(now: Seen) -> Cents | None:
    """What the year leaves of its budget, as the sentence of its page says it; ``None`` without a forecast."""
    outlook = now.looked.outlook
    return None if outlook is None else outlook.result.point


def _budget(now: Seen) -> Cents:
    outlook = now.looked.outlook
    return now.looked.position.lump_sum if outlook is None else outlook.revenue.point


def _used(now: Seen) -> Cents | None:
    position = now.looked.position
    return position.standing.cost.total if position.recorded else None


def _expected(now: Seen) -> Cents | None:
    outlook = now.looked.outlook
    return None if outlook is None else outlook.months[-1].cost.point


def _deviation(now: Seen) -> tuple[bool, int, str]:
    left = room(now)
    return left is None, -abs(left or 0), now.looked.position.municipality_name


def _cells(beside: Beside, now: Seen) -> tuple[Cell, ...]:
    position, outlook = now.looked.position, now.looked.outlook
    used, left = _used(now), room(now)
    head = Cell(position.municipality_name, href="" if beside.key else address(beside.contract.id, now.choice.until))
    between, margin, chance = Cell(DASH, Kind.EURO, tone="muted"), share_of(None), words(DASH, "muted")
    if outlook is not None:
        cost = outlook.months[-1].cost
        low, high = (euro_whole(cents).removeprefix("€ ") for cents in (cost.low80, cost.high80))
        between = Cell(f"{low} – {high}", Kind.EURO, tone="between")
        margin = share_of(Decimal(outlook.margin.point))
        chance = words(plain(chance_words(outlook.chance_repaid)))
    return (
        head,
        money(_budget(now)),
        money(used),
        share_of(None if used is None else share(used, _budget(now)), decimals=0),
        money(_expected(now)),
        between,
        money(left, "attention" if left is not None and left < 0 else "", sign=True),
        margin,
        chance,
        _waiting(now.waiting),
        _clients(None if now.tables is None else now.tables.products),
        _line(position),
    )


def _line(position: YearPosition) -> Cell:
    """Cost by month against instalments by month, up to the last complete month."""
    if not position.recorded:
        return words(DASH, "muted")
    until = [one for one in position.months if one.month <= position.standing.month]
    costs = _by_month([one.cost.total for one in until])
    revenue = _by_month([one.revenue.total for one in until])
    said = gettext("kosten per maand tegen de termijnen")
    return Cell(image=Image(sparkline(costs, revenue, len(position.year_months)), said))


def _by_month(added: Sequence[Cents]) -> list[Cents]:
    return [cents - before for cents, before in zip(added, [Cents(0), *added], strict=False)]


def _waiting(known: WaitingList | None) -> Cell:
    """All who wait; hidden where they are too few to tell in any of its rows."""
    if known is None:
        return count(None)
    counts = [row.waiting for row in known.rows]
    if any(one is None for one in counts):
        return hidden(Kind.COUNT)
    return count(sum(one or 0 for one in counts))


def _clients(table: MeetingTable | None) -> Cell:
    return count(None) if table is None else count(table.clients, few=table.clients is None, tens=table.tens)


def _foot(rows: Sequence[Seen]) -> tuple[Cell, ...]:
    """What adds up: amounts of which every row has one."""
    budget, used = total(_budget(now) for now in rows), _added([_used(now) for now in rows])
    return (
        words(gettext("Totaal")),
        money(budget),
        money(used),
        share_of(None if used is None else share(used, budget), decimals=0),
        money(_added([_expected(now) for now in rows])),
        words(),
        money(_added([room(now) for now in rows]), sign=True),
        *(words() for _ in range(5)),
    )


def _added(amounts: Sequence[Cents | None]) -> Cents | None:
    known = [cents for cents in amounts if cents is not None]
    return total(known) if len(known) == len(amounts) else None


def _notes(rows: Sequence[tuple[Beside, Seen]], *, controller: bool) -> tuple[str, ...]:
    notes = []
    if any(now.looked.outlook is None for _, now in rows):
        notes.append(gettext("– = van deze maand is geen prognose vastgelegd; zonder alle delen is er geen totaal."))
    if not controller:
        notes += [small_print(), in_tens()]
    return tuple(notes)
