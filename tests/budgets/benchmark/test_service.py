"""Tables of spending in the database: versions that are never overwritten, each lead contractor its own."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from budgets.benchmark import service
from lead_contractor.contract.store import contracts
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.refusals import Conflict, NotFound, Refusal, Unsound
from lead_contractor.kernel.tenancy import Scope
from tests.klein import AT, settled_year
from tests.people import new_lead_contractor

HEAD = "municipality_code,municipality,year,spending_thousands,inhabitants\n"
NEWER = f"{HEAD}1911,Hollands Kroon,2022,6700,49100\n1911,Hollands Kroon,2023,7000,49300\n".encode()


def test_a_newer_table_is_a_new_version_and_the_old_stays(engine: Engine):
    lead, other = new_lead_contractor(engine, "Noord", "42420001"), new_lead_contractor(engine, "Zuid", "42420002")
    with writing(engine) as connection:
        scope = Scope(connection, lead)
        assert service.table_of(scope).version == 0
        made = service.take_in(scope, "cbs.csv", NEWER, "CBS, november 2026", "Carla", AT)
        assert (made.version, service.table_of(scope).rows) == (1, made.rows)
        assert service.table_of(scope, 0).rows[0].municipality == "Groningen"
        with pytest.raises(Conflict, match="versie 1"):
            service.take_in(scope, "cbs.csv", NEWER, "CBS", "Carla", AT)
        service.take_in(scope, "cbs.csv", NEWER.replace(b"7000", b"7100"), "CBS", "Carla", AT)
        assert [one.version for one in service.versions(scope)] == [2, 1, 0]
        assert service.table_of(scope, 1).rows == made.rows
        neighbour = Scope(connection, other)
        assert service.table_of(neighbour).version == 0
        with pytest.raises(NotFound):
            service.table_of(neighbour, 1)
    with pytest.raises(DatabaseError, match="append-only"), writing(engine) as connection:
        connection.exec_driver_sql("UPDATE benchmark_row SET inhabitants = 1")


def test_a_table_with_errors_or_without_a_source_is_not_kept(engine: Engine):
    lead = new_lead_contractor(engine, "Noord", "42420001")
    with writing(engine) as connection:
        scope = Scope(connection, lead)
        with pytest.raises(Unsound, match="rij 2, kolom year"):
            service.take_in(scope, "x.csv", f"{HEAD}1911,Hollands Kroon,later,1,1\n".encode(), "CBS", "Carla", AT)
        with pytest.raises(Refusal, match="bron"):
            service.take_in(scope, "x.csv", NEWER, "  ", "Carla", AT)
        assert service.table_of(scope).version == 0


def test_own_spending_is_the_eligible_cost_of_the_books(engine: Engine):
    loaded, settlement = settled_year(engine)
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        (own,) = service.own_spending(scope, contracts(scope))
    assert own.cost == Cents(int(settlement.cost.total))
    assert (own.code, own.year, own.complete, own.inhabitants) == ("1999", 2025, True, None)
