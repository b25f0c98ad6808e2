"""A municipality that lays everything it can fetch side by side: meetings of all months, forecasts, drawings, reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from budgets.meeting.ground import Looked
from budgets.meeting.model import MeetingRow, MeetingTable, MeetingTables
from budgets.meeting.service import change, look, tables
from budgets.reports import service as reports
from budgets.use.cells import Cell
from budgets.use.model import RowKind
from budgets.variance.model import Cause, Change
from lead_contractor.access.hand import Hand
from lead_contractor.books import accounts
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.refusals import Conflict
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight
from tests.budgets.meeting.told import (
    YEAR,
    Attacker,
    Secret,
    Sum,
    Truth,
    agreed,
    between,
    day_of,
    drawn,
    everywhere,
    expected_over,
    less,
    of_row,
    plus,
    secrets,
    served,
)
from tests.budgets.meeting.truth import LOOKS
from tests.dash_app.meeting import frozen_year, furnish

CARLA = Hand(1, "Carla")
RELEASED = (
    (2025, 4, (1,)),
    (2025, 7, (1, 2)),
    (2025, 10, (1, 2, 3)),
    (2026, 1, (1, 2, 3, 4)),
    (2026, 3, (1, 2, 3, 4)),
)
"""In which month which quarters are reported, on its twentieth day; again where they were already."""


def parts_of(seen: MeetingTables) -> dict[str, MeetingTable]:
    found = {"products": seen.products, "forms": seen.forms}
    return found if seen.subcontractors is None else {**found, "subcontractors": seen.subcontractors}


class Told:
    """The sums that a municipality was told; ``whole`` are those of the year as a whole, which everybody knows."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.whole: list[Sum] = []
        self.rows: list[Sum] = []
        self.kinds: dict[str, int] = {}

    def tell(self, what: str, one: Sum, cents: int | None, *, whole: bool = False) -> None:
        """A sum that is shown; what it comes to is what the page says."""
        if cents is not None:
            assert self.truth.amount(one) == cents, what
        (self.whole if whole else self.rows).append(one)
        self.kinds[what] = self.kinds.get(what, 0) + 1

    @property
    def everything(self) -> list[Sum]:
        return [*self.whole, *self.rows]


def the_meetings(scope: Scope, told: Told, sees: Sight) -> None:
    for month in LOOKS:
        looked = look(scope, 1, month, sees)
        seen = tables(scope, looked)
        if seen is None:
            continue
        _whole_year(told, looked, month)
        for what, table in parts_of(seen).items():
            for row in table.rows:
                if row.kind is RowKind.OWN or row.code == accounts.COST_PRIOR_YEAR or row.used is None:
                    continue
                _row(told, what, row, seen.months, month)
        found = change(scope, looked)
        if found is not None and found.then_day is not None:
            _causes(told, found, month)


def _until(month: Month) -> list[Month]:
    return [one for one in YEAR if one <= month]


def _whole_year(told: Told, looked: Looked, month: Month) -> None:
    truth, position = told.truth, looked.position
    for standing in position.months:
        one = truth.booked(served(everywhere, _until(standing.month), None, month))
        told.tell("room by month", one, int(standing.cost.subcontractors), whole=True)
    if looked.frozen is None:
        return
    made = looked.frozen.forecast
    capped = any(line.above_ceiling for line in made.lines)
    for ahead in made.months:
        one = plus(
            truth.booked(served(everywhere, _until(ahead.month), None, month)),
            truth.expected(month, expected_over(_until(ahead.month))),
        )
        told.tell("room ahead", one, None if capped else int(ahead.point), whole=True)
    told.tell("forecast in all", truth.forecast(month, everywhere), int(made.point), whole=True)
    late = truth.expected(month, lambda atom: atom.part == "late")
    told.tell("not yet declared", late, int(made.not_yet_declared), whole=True)


def _row(told: Told, what: str, row: MeetingRow, months: Sequence[Month], month: Month) -> None:
    truth, own = told.truth, of_row(what, (row.kind, row.code))
    told.tell(f"{what} used", truth.booked(between(own, None, month)), int(row.used or 0))
    for service, cents in zip(months, row.by_month, strict=False):
        one = truth.booked(drawn(own, service, month))
        told.tell(f"{what} drawn", one, int(cents))
    if row.forecast is not None:
        told.tell(f"{what} forecast", truth.forecast(month, own), int(row.forecast))


def _causes(told: Told, found: Change, month: Month) -> None:
    if not found.parts or found.then_day is None:
        return
    truth, before = told.truth, Month.of(found.then_day)
    contract = next(int(one.cents) for one in found.parts if one.cause is Cause.CONTRACT)
    one = less(truth.forecast(month, agreed), truth.forecast(before, agreed))
    now, then = (truth.expected(at, lambda atom: atom.part == "ceiling") for at in (month, before))
    told.tell("cause: contract", plus(one, less(now, then)), contract)


def the_reports(scope: Scope, told: Told) -> Iterator[tuple[list[Month], Month]]:
    truth = told.truth
    for year, number, quarters in RELEASED:
        for quarter in quarters:
            try:
                made = reports.release(
                    scope, 1, Quarter(2025, quarter), CARLA, datetime(year, number, 20, 9, tzinfo=UTC), "Nagekomen"
                )
            except Conflict:
                continue
            document = made.document
            months, until = list(made.quarter.months), Month.of(day_of(document["as_of"]))
            yield months, until
            quarter_of = truth.booked(served(everywhere, months, None, until))
            told.tell("report in all", quarter_of, None, whole=True)
            for what in ("products", "subcontractors"):
                for row in document[what] or ():
                    if row["hidden"] or row["kind"] == "own":
                        continue
                    own = _reported(scope, what, row)
                    one = truth.booked(served(own, months, None, until))
                    told.tell(f"report {what}", one, row["cost"])


def _reported(scope: Scope, what: str, row: Mapping[str, Any]) -> Callable[[Cell], bool]:
    if what == "products":
        return lambda cell: cell.product == row["code"]
    agb = scope.sql(
        "SELECT agb FROM subcontractor WHERE lead_contractor_id = :lead AND name = :name", name=row["name"]
    ).scalar_one()
    return lambda cell: cell.subcontractor == agb


def everything(engine: Engine, sees: Sight) -> tuple[Told, list[Secret]]:
    """All that is told of the small year, and all that may not follow from it."""
    loaded = furnish(engine, sees=sees.value)
    frozen_year(engine, loaded)
    with writing(engine) as connection:
        scope = Scope(connection, 1)
        told = Told(Truth(scope))
        the_meetings(scope, told, sees)
        quarters = list(the_reports(scope, told))
    what = ["products", "forms", *(["subcontractors"] if sees is Sight.SUBCONTRACTORS else [])]
    everybody = Attacker(told.whole)  # what the whole year differs is told to everybody
    return told, [one for one in secrets(told.truth, what, quarters) if not everybody.finds(one.sum)]


@pytest.mark.parametrize("sees", list(Sight))
def test_nothing_that_few_people_stand_behind_follows_from_all_that_is_told(engine: Engine, sees: Sight) -> None:
    told, kept = everything(engine, sees)
    for kind in ("room by month", "room ahead", "products used", "products drawn", "products forecast", "forms used",
                 "forms drawn", "forms forecast", "report in all", "report products"):  # fmt: skip
        assert told.kinds[kind] >= 8, kind
    assert ("report subcontractors" in told.kinds) is (sees is Sight.SUBCONTRACTORS)
    assert {one.name[2] for one in kept} == {"used", "quarter", "forecast", "to come"}
    assert len(kept) > 1000
    attacker = Attacker(told.everything)
    assert [one.name for one in kept if attacker.finds(one.sum)] == []


def test_what_would_have_given_it_away(sqlite_engine: Engine) -> None:
    """The drawings of rows that were hidden once, the causes of a change, and the sliders of what if."""
    told, kept = everything(sqlite_engine, Sight.PRODUCTS)
    truth = told.truth
    january = Month(2025, 1)
    lump_sum = truth.booked(
        lambda atom: atom.cell.account == accounts.COST_LUMP_SUM and atom.service == january and atom.shown == january
    )
    july, august = Month(2025, 7), Month(2025, 8)
    contract = less(truth.forecast(august, agreed), truth.forecast(july, agreed))
    sliders = truth.expected(august, lambda atom: not agreed(atom.cell) and atom.part in {"late", "coming"})
    for name, more in (("used", lump_sum), ("forecast", contract), ("to come", sliders)):
        attacker = Attacker([*told.everything, more])
        found = {one.name[1:3] for one in kept if attacker.finds(one.sum)}
        assert ((RowKind.FORM, accounts.COST_TRAJECTORY), name) in found, name
