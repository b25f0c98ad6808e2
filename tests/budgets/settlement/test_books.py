"""All proofs of a contract year together, the settlement included."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta

import pytest

from budgets.settlement.books import check_contract
from lead_contractor.books.service import reconcile
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.money import euros_nl
from lead_contractor.kernel.refusals import BooksDiffer, NotFound
from lead_contractor.kernel.tenancy import Scope
from tests.klein import AT, FOLDER, loaded_year, settled_year, tampering

LATER = AT + timedelta(days=1)


def test_everything_is_proved_and_counted(engine):
    loaded, _ = settled_year(engine)
    with reading(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        proved = check_contract(scope, loaded.contract_id)
        transfers = scope.sql("SELECT COUNT(*) FROM transfer WHERE lead_contractor_id = :lead").scalar_one()
        lines = scope.sql("SELECT COUNT(*) FROM declaration_line WHERE lead_contractor_id = :lead").scalar_one()
    assert [one.what.split()[0] for one in proved] == [
        "boekingen,", "saldi,", "omkeringen,", "declaratieregels,", "afrekening",
    ]  # fmt: skip
    assert (proved[0].count, proved[3].count, proved[4].count) == (transfers, lines, 1)
    assert all(one.count > 0 for one in proved)
    assert str(proved[3]) == f"{lines} declaratieregels, per bericht gelijk aan de boekingen"


def test_a_year_that_is_not_settled_is_proved_without_a_settlement(engine):
    loaded = loaded_year(engine)
    with reading(engine) as connection:
        proved = check_contract(Scope(connection, loaded.lead_contractor_id), loaded.contract_id)
    assert len(proved) == 4


def test_each_proof_is_made(engine):
    loaded, settlement = settled_year(engine)
    received = settlement.received
    stories = {
        "saldo van rekening": "UPDATE balance SET debit_cents = debit_cents + 1 WHERE lead_contractor_id = :lead",
        "De regels van declaration:": """UPDATE declaration_line SET amount_cents = amount_cents + 1
            WHERE lead_contractor_id = :lead""",
    }
    for said, statement in stories.items():
        with tampering(engine, loaded) as scope:
            scope.sql(statement)
            with pytest.raises(BooksDiffer, match=said):
                check_contract(scope, loaded.contract_id)
    with tampering(engine, loaded) as scope:
        scope.sql(
            "UPDATE settlement SET result = REPLACE(result, :said, :other) WHERE lead_contractor_id = :lead",
            said=f'"received":{received}',
            other=f'"received":{received + 1}',
        )
        said = f"zegt received = {euros_nl(received + 1)}, de boeken zeggen {euros_nl(received)}; verschil € -0,01"
        with pytest.raises(BooksDiffer, match=re.escape(said)):
            check_contract(scope, loaded.contract_id)


def test_a_settlement_that_is_overtaken_is_not_a_difference_unless_it_is_final(engine):
    loaded, _ = settled_year(engine)
    with tampering(engine, loaded) as scope:
        reconcile(scope, loaded.contract_id, "contract:receipt:2025-06", [], LATER)
        overtaken = check_contract(scope, loaded.contract_id)[-1]
        assert overtaken.count == 0
        assert "na versie 1 is nog geboekt" in overtaken.what
        scope.sql("UPDATE settlement SET final = NOT final WHERE lead_contractor_id = :lead")
        with pytest.raises(BooksDiffer, match="received"):
            check_contract(scope, loaded.contract_id)


def test_the_proof_holds_through_replacements(engine, tmp_path):
    loaded, _ = settled_year(engine)
    for third in range(3):
        folder = tmp_path / str(third)
        shutil.copytree(FOLDER, folder)
        for message in sorted((folder / "messages").iterdir())[third::3]:
            message.unlink()
        loaded_year(engine, folder, LATER + timedelta(days=third), replace=True)
        with reading(engine) as connection:
            proved = check_contract(Scope(connection, loaded.lead_contractor_id), loaded.contract_id)
        assert proved[2].count > 0


def test_an_unknown_contract_is_refused(engine):
    loaded = loaded_year(engine)
    with reading(engine) as connection, pytest.raises(NotFound):
        check_contract(Scope(connection, loaded.lead_contractor_id), 99)
