"""Frozen forecasts: the newest of a day counts, earlier ones are kept, and none is ever changed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError

from budgets.forecast import store
from budgets.forecast.tables import forecast_frozen
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.tenancy import Scope
from tests.budgets.forecast.made import LINDE, forecast, line
from tests.people import new_lead_contractor

AT = datetime(2025, 9, 3, 1, 30, tzinfo=UTC)
JULY, AUGUST = date(2025, 7, 31), date(2025, 8, 31)


@pytest.fixture
def lead(engine: Engine) -> int:
    return new_lead_contractor(engine, "Hoofdaannemer Noord", "42420001")


def keep(engine: Engine, lead: int, day: date, point: int, *, contract: int = 1, of: str = "x") -> store.Frozen:
    with writing(engine) as connection:
        made = forecast(day, line(LINDE, point))
        return store.save(Scope(connection, lead), contract, made, of, AT, afterwards=False)


def test_the_newest_on_or_before_a_day(engine: Engine, lead: int):
    keep(engine, lead, JULY, 700)
    august = keep(engine, lead, AUGUST, 800)
    with reading(engine) as connection:
        scope = Scope(connection, lead)
        assert store.frozen(scope, 1) == august
        july = store.frozen(scope, 1, date(2025, 8, 30))
        assert july is not None
        assert july.forecast.point == 700
        assert store.frozen(scope, 1, date(2025, 7, 30)) is None
        assert store.frozen(scope, 2) is None
        assert august.made_at == AT


def test_said_anew_the_newest_counts_and_the_earlier_stays(engine: Engine, lead: int):
    first = keep(engine, lead, AUGUST, 800)
    second = keep(engine, lead, AUGUST, 810)
    july = keep(engine, lead, JULY, 700)
    assert (first.id, second.id, july.id) == (1, 2, 3)
    with reading(engine) as connection:
        scope = Scope(connection, lead)
        assert [one.forecast.point for one in store.all_frozen(scope, 1)] == [700, 810]
        assert store.frozen_days(scope, 1) == (JULY, AUGUST)
        assert len(scope.rows(scope.select(forecast_frozen.c.id))) == 3


def test_the_same_from_the_same_is_kept_once(engine: Engine, lead: int):
    first = keep(engine, lead, AUGUST, 800, of="one")
    assert keep(engine, lead, AUGUST, 800, of="one").id == first.id
    assert keep(engine, lead, AUGUST, 800, of="other").id == 2


def test_another_lead_contractor_sees_nothing(engine: Engine, lead: int):
    keep(engine, lead, AUGUST, 800)
    other = new_lead_contractor(engine, "Hoofdaannemer Zuid", "42420002")
    assert keep(engine, other, JULY, 5).id == 1
    with reading(engine) as connection:
        scope = Scope(connection, other)
        assert store.frozen_days(scope, 1) == (JULY,)
        assert [one.forecast.point for one in store.all_frozen(scope, 1)] == [5]


def test_nothing_is_changed_or_deleted(engine: Engine, lead: int):
    keep(engine, lead, AUGUST, 800)
    for statement in ("UPDATE forecast_frozen SET afterwards = afterwards", "DELETE FROM forecast_frozen"):
        with pytest.raises(DBAPIError, match="append-only"), writing(engine) as connection:
            connection.exec_driver_sql(statement)


def test_two_processes_cannot_keep_the_same_version_of_a_day(engine: Engine, lead: int):
    keep(engine, lead, AUGUST, 800)
    with writing(engine) as connection:
        scope = Scope(connection, lead)
        row = dict(scope.rows(scope.select(forecast_frozen))[0]._mapping)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        Scope(connection, lead).insert(forecast_frozen, [row | {"id": 2}])


def test_documents_that_were_read_are_not_asked_for_again(engine: Engine, lead: int):
    for day, point in ((JULY, 71_717), (AUGUST, 81_818)):
        keep(engine, lead, day, point)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
    for _ in range(2):
        asked.clear()
        with reading(engine) as connection:
            found = store.all_frozen(Scope(connection, lead), 1)
        assert [one.forecast.point for one in found] == [71_717, 81_818]
    assert not any("forecast_frozen.document," in one or "forecast_frozen.document \n" in one for one in asked)
    assert sum("forecast_frozen" in one for one in asked) == 1
