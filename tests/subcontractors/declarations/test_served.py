"""Who was served is kept beside the lines: the same people as the lines name, as of every month."""

from __future__ import annotations

import importlib
import shutil

import pytest
from sqlalchemy import Engine

from budgets.use import store
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import BooksDiffer
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations import served
from tests.klein import FOLDER, loaded_year, tampering

MONTHS = [Month(2025, 1).plus(n) for n in range(20)]


def by_the_lines(scope: Scope, until: Month) -> set[tuple[str, str, str, int]]:
    """People with more debits than credits, received by then, over months that are over by then."""
    last = max(until.plus(-1), Month(2025, 1))
    net: dict[tuple[str, str, str, int], int] = {}
    for row in scope.sql(
        "SELECT l.sender, l.agreement, l.product_code, l.client_id, l.credit, l.codes, l.in_time, l.assessed, "
        "l.service_month, CAST(m.received AS VARCHAR(10)) AS received FROM declaration_line AS l "
        "JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id WHERE l.lead_contractor_id = :lead"
    ):
        counts = row.assessed and row.in_time and not row.codes and "2025-01" <= row.service_month <= str(last)
        if counts and row.received[:7] <= str(until):
            key = (row.sender, row.agreement, row.product_code, int(row.client_id))
            net[key] = net.get(key, 0) + (-1 if row.credit else 1)
    return {key for key, lines in net.items() if lines > 0}


def assert_kept(scope: Scope) -> None:
    for until in MONTHS:
        assert set(store.served(scope, 1, until)) == by_the_lines(scope, until), until
    assert served.check_served(scope, 1, 2025) > 0


def test_as_of_every_month_the_kept_people_are_those_of_the_lines(engine: Engine) -> None:
    loaded = loaded_year(engine)
    with tampering(engine, loaded) as scope:
        assert_kept(scope)
        assert len(by_the_lines(scope, MONTHS[3])) < len(by_the_lines(scope, MONTHS[9])), "people come during the year"


def test_who_is_credited_and_comes_back_has_two_spans(engine: Engine) -> None:
    loaded = loaded_year(engine)
    with tampering(engine, loaded) as scope:
        lines = scope.sql(
            "SELECT l.id, l.sender, l.agreement, l.product_code, l.client_id, l.message_id FROM declaration_line AS l "
            "WHERE l.lead_contractor_id = :lead AND l.codes = 0 AND l.assessed AND l.in_time AND NOT l.credit "
            "AND l.credits_line_id IS NULL AND l.service_month LIKE '2025-%' ORDER BY l.service_month, l.id"
        ).all()
        people: dict[tuple[str, str, str, int], list[int]] = {}
        for row in lines:
            key = (row.sender, row.agreement, row.product_code, int(row.client_id))
            people.setdefault(key, []).append(int(row.id))
        key, ids = next((key, ids) for key, ids in people.items() if len(ids) > 4)
        scope.sql(
            "UPDATE declaration_line SET credit = :yes WHERE lead_contractor_id = :lead AND id = :id",
            yes=True,
            id=ids[1],
        )
        served.note_decided(scope, 1, 2025, [key])
        spans = scope.sql(
            "SELECT seen_from, seen_until FROM served WHERE lead_contractor_id = :lead AND subcontractor = :s "
            "AND product_code = :p AND client_id = :c ORDER BY number",
            s=key[0], p=key[2], c=key[3],
        ).all()  # fmt: skip
        assert len(spans) == 2
        assert spans[0].seen_until < spans[1].seen_from
        assert spans[1].seen_until == served.OPEN
        assert_kept(scope)


def test_when_loaded_again_nothing_of_before_is_left(engine: Engine, tmp_path) -> None:
    loaded_year(engine)
    folder = tmp_path / "jaar"
    shutil.copytree(FOLDER, folder)
    gone = min((folder / "messages").iterdir())
    gone.unlink()
    loaded = loaded_year(engine, folder, replace=True)
    with tampering(engine, loaded) as scope:
        assert_kept(scope)


@pytest.mark.parametrize("spoil", [
    "DELETE FROM served WHERE lead_contractor_id = :lead AND client_id = (SELECT MIN(client_id) FROM served)",
    "UPDATE served SET seen_from = '2025-01' WHERE lead_contractor_id = :lead AND seen_from > '2025-03'",
    "UPDATE served SET seen_until = '2025-12' WHERE lead_contractor_id = :lead AND seen_from < '2025-12'",
    ("INSERT INTO served SELECT lead_contractor_id, contract_id, subcontractor, agreement, product_code, 99999, 0, "
    "seen_from, seen_until, active FROM served WHERE lead_contractor_id = :lead"),
    "UPDATE served SET active = active + 4096 WHERE lead_contractor_id = :lead AND seen_from < '2025-06'",
], ids=["gone", "too early", "taken away", "made up", "moved in another month"])  # fmt: skip
def test_check_books_sees_what_is_not_in_the_lines(engine: Engine, spoil: str) -> None:
    loaded = loaded_year(engine)
    with tampering(engine, loaded) as scope:
        if "99999" in spoil:
            spoil += " AND client_id = (SELECT MIN(client_id) FROM served)"
        assert scope.sql(spoil).rowcount > 0
        with pytest.raises(BooksDiffer, match="is niet wat de regels zeggen"):
            served.check_served(scope, 1, 2025)


def test_the_migration_fills_it_from_lines_that_are_there(sqlite_engine: Engine) -> None:
    fill = [importlib.import_module(f"migrations.versions.{name}")._FILL for name in ("0014_served", "0016_active")]
    loaded_year(sqlite_engine)
    with writing(sqlite_engine) as connection:
        scope = Scope(connection, 1)
        before = scope.sql("SELECT * FROM served WHERE lead_contractor_id = :lead ORDER BY 1, 2, 3, 4, 5, 6, 7").all()
        scope.sql("DELETE FROM served WHERE lead_contractor_id = :lead")
        for statement in fill:
            connection.exec_driver_sql(statement)
        after = scope.sql("SELECT * FROM served WHERE lead_contractor_id = :lead ORDER BY 1, 2, 3, 4, 5, 6, 7").all()
    assert before == after
