"""One lead contractor never sees another's rows or numbers."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, func

from lead_contractor.contract.tables import receipt
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.tables import lead_contractor, subcontractor


def two_tenants(engine: Engine) -> tuple[int, int]:
    made = []
    with writing(engine) as connection:
        for agb in ("42420001", "42420002"):
            key = connection.execute(lead_contractor.insert().values(agb=agb, name=f"Hoofdaannemer {agb}"))
            assert key.inserted_primary_key is not None
            made.append(int(key.inserted_primary_key[0]))
            rows = [
                {"contract_id": 1, "row_number": n, "date": date(2025, n, 1), "amount_cents": n, "reference": agb}
                for n in range(1, 4)
            ]
            scope = Scope(connection, made[-1])
            scope.insert(receipt, rows)
            scope.insert(subcontractor, [{"contract_id": 1, "agb": "65656055", "name": f"Van {agb}"}])
    return made[0], made[1]


def test_a_select_sees_one_lead_contractor(engine: Engine) -> None:
    first, second = two_tenants(engine)
    with writing(engine) as connection:
        for tenant, agb in ((first, "42420001"), (second, "42420002")):
            scope = Scope(connection, tenant)
            assert {row.reference for row in scope.rows(scope.select(receipt))} == {agb}
            assert scope.rows(scope.select(func.count()).select_from(receipt))[0][0] == 3


def test_joins_and_aliases_are_limited_on_every_table(engine: Engine) -> None:
    first, _ = two_tenants(engine)
    with writing(engine) as connection:
        scope = Scope(connection, first)
        other = subcontractor.alias("other")
        joined = scope.select(receipt.c.reference, other.c.name).join_from(
            receipt, other, receipt.c.contract_id == other.c.contract_id
        )
        assert {(row.reference, row.name) for row in scope.rows(joined)} == {("42420001", "Van 42420001")}


def test_changes_and_removals_touch_one_lead_contractor(engine: Engine) -> None:
    first, second = two_tenants(engine)
    with writing(engine) as connection:
        Scope(connection, first).update(receipt, {"contract_id": 1}, reference="gewijzigd")
        Scope(connection, first).delete(subcontractor, contract_id=1)
        scope = Scope(connection, second)
        assert {row.reference for row in scope.rows(scope.select(receipt))} == {"42420002"}
        assert len(scope.rows(scope.select(subcontractor))) == 1


def test_sql_text_without_the_lead_contractor_is_refused(engine: Engine) -> None:
    first, _ = two_tenants(engine)
    with writing(engine) as connection, pytest.raises(ValueError, match=":lead"):
        Scope(connection, first).sql("SELECT * FROM receipt")
