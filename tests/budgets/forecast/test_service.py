"""Freezing: by hand and by the night, once for each month end, and never twice; and the back-test of a stored year."""

from __future__ import annotations

from datetime import UTC, date, datetime
from threading import Thread

import pytest
from sqlalchemy import Engine

from budgets.forecast import service, store
from budgets.forecast.jobs import freeze_all_months, freeze_months
from budgets.settlement.layout import to_json
from budgets.settlement.service import settle_contract
from budgets.year_folder.service import Loaded
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.refusals import NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode
from tests.budgets.forecast.scene import declared, pass_refused_lines, year_of
from tests.klein import loaded_year
from tests.klein_fixtures import klein_with_overrides
from tests.people import new_lead_contractor

AUGUST = date(2025, 8, 31)
NIGHT = datetime(2025, 9, 1, 0, 5, tzinfo=UTC)  # five past two in the morning here
LONG_AFTER = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)


def days(engine: Engine, loaded: Loaded) -> tuple[date, ...]:
    with reading(engine) as connection:
        return store.frozen_days(Scope(connection, loaded.lead_contractor_id), loaded.contract_id)


def freeze(engine: Engine, loaded: Loaded, day: date, at: datetime) -> store.Frozen:
    with writing(engine) as connection:
        return service.freeze(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, day, at)


def test_what_is_frozen_is_the_forecast_of_that_day(engine: Engine):
    loaded = loaded_year(engine)
    kept = freeze(engine, loaded, AUGUST, NIGHT)
    with reading(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        assert kept.forecast == service.forecast_of(scope, loaded.contract_id, AUGUST)
        assert store.frozen(scope, loaded.contract_id) == kept
    assert (kept.as_of, kept.made_at, kept.afterwards) == (AUGUST, NIGHT, False)


@pytest.mark.parametrize(
    ("at", "afterwards"),
    [(datetime(2025, 10, 15, 9, tzinfo=UTC), False), (datetime(2025, 10, 16, 9, tzinfo=UTC), True)],
)
def test_more_than_45_days_later_it_is_a_reconstruction(sqlite_engine: Engine, at: datetime, afterwards: bool):
    assert freeze(sqlite_engine, loaded_year(sqlite_engine), AUGUST, at).afterwards is afterwards


def test_a_day_that_is_not_over_is_not_frozen(engine: Engine):
    loaded = loaded_year(engine)
    with pytest.raises(Refusal, match="31-08-2025 is nog niet voorbij"):
        freeze(engine, loaded, AUGUST, datetime(2025, 8, 31, 21, 59, tzinfo=UTC))
    assert freeze(engine, loaded, AUGUST, datetime(2025, 8, 31, 22, 0, tzinfo=UTC)).as_of == AUGUST


def test_a_day_before_the_year_and_a_contract_of_another(engine: Engine):
    loaded = loaded_year(engine)
    other = new_lead_contractor(engine, "Hoofdaannemer Zuid", "42420002")
    with reading(engine) as connection:
        with pytest.raises(Refusal, match="31-12-2024 ligt vóór het contractjaar, dat op 01-01-2025 begint"):
            service.forecast_of(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, date(2024, 12, 31))
        with pytest.raises(NotFound):
            service.forecast_of(Scope(connection, other), loaded.contract_id, AUGUST)


def test_freezing_the_same_again_keeps_one_and_new_evidence_keeps_both(engine: Engine, tmp_path):
    loaded = year_of(engine, tmp_path / "year", [declared(1, "2025-03-10", 1, 2)])
    first = freeze(engine, loaded, AUGUST, NIGHT)
    assert freeze(engine, loaded, AUGUST, LONG_AFTER).id == first.id
    assert freeze(engine, loaded, date(2025, 9, 30), LONG_AFTER).id == 2


def test_the_night_freezes_what_is_over_once(engine: Engine):
    loaded = loaded_year(engine)
    key = loaded.lead_contractor_id, loaded.contract_id
    made = freeze_all_months(engine, NIGHT)
    assert list(made) == [key]
    assert made[key] == tuple(date(2025, n, d) for n, d in
                              ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30), (7, 31), (8, 31)))  # fmt: skip
    assert freeze_all_months(engine, NIGHT) == {}
    freeze_months(engine, *key, LONG_AFTER)
    assert days(engine, loaded)[-1] == date(2026, 5, 31), "from then on the year is known"
    assert len(days(engine, loaded)) == 17
    with reading(engine) as connection:
        every = store.all_frozen(Scope(connection, key[0]), key[1])
    assert [one.afterwards for one in every[:8]] == [True] * 6 + [False] * 2
    assert every[-1].forecast.spread == 0


def test_what_the_year_cost_is_frozen_anew_when_a_decision_changed_it(engine: Engine, tmp_path):
    loaded = loaded_year(engine, klein_with_overrides(tmp_path / "klein"))
    key = loaded.lead_contractor_id, loaded.contract_id
    assert len(freeze_months(engine, *key, LONG_AFTER)) == 17
    later = datetime(2026, 7, 2, 9, tzinfo=UTC)
    assert freeze_months(engine, *key, later) == ()
    with writing(engine) as connection:
        scope = Scope(connection, key[0])
        worth = pass_refused_lines(scope, key[1], later)
        cost = to_json(settle_contract(scope, key[1], later))["cost"]
    assert freeze_months(engine, *key, later) == (date(2026, 5, 31),)
    assert freeze_months(engine, *key, datetime(2026, 7, 3, 1, tzinfo=UTC)) == ()
    with reading(engine) as connection:
        newest = store.frozen(Scope(connection, key[0]), key[1])
    assert newest is not None
    assert worth > 0
    assert newest.forecast.point == sum(cost[form.value] for form in FormCode)


def test_content_that_was_replaced_is_frozen_anew(engine: Engine, tmp_path):
    declarations = [declared(1, "2025-03-10", 1, 2), declared(2, "2025-04-08", 3)]
    loaded = year_of(engine, tmp_path / "year", declarations)
    key, at = (loaded.lead_contractor_id, loaded.contract_id), datetime(2025, 6, 1, 1, tzinfo=UTC)
    assert len(freeze_months(engine, *key, at)) == 5
    later = datetime(2025, 6, 2, 1, tzinfo=UTC)
    assert freeze_months(engine, *key, later, anew=True) == ()
    year_of(engine, tmp_path / "other", declarations[:1], replace=True)
    assert freeze_months(engine, *key, later) == ()
    assert freeze_months(engine, *key, later, anew=True) == (date(2025, 4, 30), date(2025, 5, 31))


def test_two_nights_at_once_freeze_each_month_once(engine: Engine):
    loaded = loaded_year(engine)
    made: list[dict[tuple[int, int], tuple[date, ...]]] = []
    nights = [Thread(target=lambda: made.append(freeze_all_months(engine, NIGHT))) for _ in range(3)]
    for night in nights:
        night.start()
    for night in nights:
        night.join()
    frozen = sorted(day for one in made for of in one.values() for day in of)
    assert frozen == list(days(engine, loaded))
    assert len(frozen) == 8
    with reading(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        assert scope.sql("SELECT COUNT(*) FROM forecast_frozen WHERE lead_contractor_id = :lead").scalar_one() == 8


def test_the_last_complete_month_of_what_was_received(engine: Engine, tmp_path):
    loaded = loaded_year(engine)
    with reading(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        assert service.last_complete_day(scope, loaded.contract_id) == date(2026, 5, 31)
    running = year_of(engine, tmp_path / "running", [declared(1, "2025-03-10", 1, 2)])
    with reading(engine) as connection:
        assert service.last_complete_day(Scope(connection, running.lead_contractor_id), running.contract_id) == date(
            2025, 2, 28
        )
    january = year_of(
        engine, tmp_path / "january", [declared(1, "2025-01-30", 1)],
        contract=lambda text: text.replace('agb = "42420001"', 'agb = "42420009"'),
    )  # fmt: skip
    with reading(engine) as connection, pytest.raises(Refusal, match="--as-of"):
        service.last_complete_day(Scope(connection, january.lead_contractor_id), january.contract_id)


def test_the_back_test_of_a_stored_year(engine: Engine):
    loaded = loaded_year(engine)
    with reading(engine) as connection:
        assert service.back_test_of(Scope(connection, loaded.lead_contractor_id), loaded.contract_id) is None
    freeze_months(engine, loaded.lead_contractor_id, loaded.contract_id, LONG_AFTER)
    with reading(engine) as connection:
        found = service.back_test_of(Scope(connection, loaded.lead_contractor_id), loaded.contract_id)
    assert found is not None
    assert found.final
    assert found.known == 170_899_52, "the cost of subcontractors of the settlement"
    assert [row.as_of for row in found.rows if row.counts] == list(service.month_ends(loaded.contract))[:12]
    assert all(row.forecast.error == row.forecast.point - found.known for row in found.rows)
    assert all(row.last_year is not None for row in found.rows)
    assert found.lines.lines > 0
    assert 0 <= found.lines.in80 <= found.lines.in95 <= found.lines.lines
