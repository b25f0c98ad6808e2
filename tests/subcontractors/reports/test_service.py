"""Figures of a quarter over the small example year: asked, reminded, handed in, corrected; seen by their own only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from budgets.year_folder.service import Loaded
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.refusals import Conflict, NotFound, Refusal, Unsound
from lead_contractor.kernel.tenancy import Scope
from subcontractors.reports import service
from subcontractors.reports.jobs import remind_all
from subcontractors.reports.model import Channel, Measured, Step, Written
from tests.klein import loaded_year

Q2 = Quarter(2025, 2)
ASKED, HANDED = datetime(2025, 7, 2, 9, tzinfo=UTC), datetime(2025, 7, 10, 9, tzinfo=UTC)
OWN, OTHER = "99990101", "99990103"
NAMES = ["hours", "clients", "staff", "satisfaction", "gas", "goals_3_2"]
GIVEN = [
    Written("hours", "159,00"),
    Written("clients", "7"),
    Written("staff", "4"),
    Written("satisfaction", "8,4", "5"),
]


@pytest.fixture
def loaded(engine: Engine) -> Loaded:
    found = loaded_year(engine)
    with writing(engine) as connection:
        scope = Scope(connection, found.lead_contractor_id)
        service.ask(scope, found.contract_id, Q2, NAMES, "Carla", ASKED)
    return found


def submit(scope: Scope, loaded: Loaded, written: list[Written], at: datetime = HANDED, **more: object) -> None:
    service.submit(scope, loaded.contract_id, OWN, Q2, written, at, "Arie", **more)  # type: ignore[arg-type]


def test_everybody_is_asked_once_with_a_term_in_working_days(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        found = service.forms(scope, loaded.contract_id)
        assert len(found) == 6
        assert {one.request.due_on for one in found} == {date(2025, 7, 23)}
        with pytest.raises(Conflict, match="al gevraagd"):
            service.ask(scope, loaded.contract_id, Q2, NAMES, "Carla", HANDED)


def test_what_cannot_be_asked_is_refused(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        for quarter in (Quarter(2024, 4), Quarter(2025, 4)):
            with pytest.raises(Refusal, match="geen kwartaal"):
                service.ask(scope, loaded.contract_id, quarter, NAMES, "Carla", ASKED)
        with pytest.raises(Refusal, match="Kies kengetallen"):
            service.ask(scope, loaded.contract_id, Quarter(2025, 1), ["omzet"], "Carla", ASKED)
        with pytest.raises(NotFound):
            service.ask(scope, loaded.contract_id, Quarter(2025, 1), NAMES, "Carla", ASKED, to=["12345678"])


def test_what_is_in_messages_is_known_and_not_asked(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        form = service.form_of(scope, loaded.contract_id, OWN, Q2)
        by_name = {line.kpi.id: line for line in form.lines}
        assert by_name["hours"].known == Measured(Decimal("159.00"))
        assert by_name["clients"].known == Measured(Decimal(7))
        assert [name for name, one in by_name.items() if one.needed] == ["staff", "satisfaction"]
        assert "goals_3_2" not in by_name, "what only messages can tell is never asked"
        other = service.form_of(scope, loaded.contract_id, OTHER, Q2)
        assert {one.kpi.id: one.known for one in other.lines}["hours"] == Measured(Decimal("106.80"))


def test_all_is_handed_in_or_nothing(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        with pytest.raises(Unsound, match="ontbreekt") as refused:
            submit(scope, loaded, GIVEN[:2])
        assert [one.column for one in refused.value.findings] == ["staff", "satisfaction"]
        assert not any(one.versions for one in service.form_of(scope, loaded.contract_id, OWN, Q2).lines)
        submit(scope, loaded, GIVEN)
        assert service.form_of(scope, loaded.contract_id, OWN, Q2).handed_in


def test_a_correction_is_a_new_version_with_a_reason(engine: Engine, loaded: Loaded):
    better = [*GIVEN[:2], Written("staff", "5"), GIVEN[3]]
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        submit(scope, loaded, GIVEN)
        with pytest.raises(Refusal, match="Reden"):
            submit(scope, loaded, better)
        submit(scope, loaded, better, reason="Een medewerker vergeten", channel=Channel.API)
        by_name = {one.kpi.id: one for one in service.form_of(scope, loaded.contract_id, OWN, Q2).lines}
        assert [(one.version, int(one.measured.value), one.reason) for one in by_name["staff"].versions] == [
            (1, 4, ""),
            (2, 5, "Een medewerker vergeten"),
        ]
        assert [one.version for one in by_name["hours"].versions] == [1], "what says the same is stored once"


def test_the_database_itself_keeps_every_version(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        submit(Scope(connection, loaded.lead_contractor_id), loaded, GIVEN)
    for statement in ("UPDATE kpi_figure SET value = '99'", "DELETE FROM kpi_figure", "DELETE FROM kpi_request"):
        with pytest.raises(DatabaseError, match="append-only"), writing(engine) as connection:
            connection.exec_driver_sql(statement)


def test_nothing_is_handed_in_before_the_quarter_is_over_or_by_who_was_not_asked(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        with pytest.raises(Refusal, match="nog niet voorbij"):
            submit(scope, loaded, GIVEN, datetime(2025, 6, 30, 21, tzinfo=UTC))
        with pytest.raises(NotFound):
            service.submit(scope, loaded.contract_id, OWN, Quarter(2025, 1), GIVEN, HANDED, "Arie")
        with pytest.raises(NotFound):
            service.form_of(Scope(connection, loaded.lead_contractor_id + 1), loaded.contract_id, OWN, Q2)


def test_reminders_are_given_once_each_and_not_to_who_handed_in(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        submit(Scope(connection, loaded.lead_contractor_id), loaded, GIVEN)
    key = (loaded.lead_contractor_id, loaded.contract_id)
    assert remind_all(engine, datetime(2025, 7, 15, 3, tzinfo=UTC)) == {key: 0}
    assert remind_all(engine, datetime(2025, 7, 16, 3, tzinfo=UTC)) == {key: 5}
    assert remind_all(engine, datetime(2025, 7, 17, 3, tzinfo=UTC)) == {key: 0}
    assert remind_all(engine, datetime(2025, 7, 24, 3, tzinfo=UTC)) == {key: 5}
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        assert service.form_of(scope, loaded.contract_id, OTHER, Q2).reminders == {
            Step.BEFORE: date(2025, 7, 16),
            Step.LATE: date(2025, 7, 24),
        }
        assert len(service.late(scope, loaded.contract_id, date(2025, 7, 24))) == 5
        assert service.late(scope, loaded.contract_id, date(2025, 7, 23)) == ()
        assert service.late(scope, loaded.contract_id, date(2025, 7, 24), OWN) == ()
