"""Who was served is kept beside the lines: the same people as the lines name, as of every month."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path

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


def by_the_lines(scope: Scope, until: Month, first: Month = MONTHS[0]) -> set[tuple[str, str, str, int]]:
    """People with more debits than credits, received by then, over months that are over by then.

    The first month of the contract counts at once, with all that lies before it.
    """
    last = first if until == first else until.plus(-1)
    if until < first:
        return set()
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


def assert_kept(scope: Scope, first: Month = MONTHS[0]) -> None:
    for until in MONTHS:
        assert set(store.served(scope, 1, until)) == by_the_lines(scope, until, first), until
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


def beginning(folder: Path, number: int) -> Path:
    """The small year, its contract beginning in a later month."""
    shutil.copytree(FOLDER, folder)
    terms = folder / "contract.toml"
    text = terms.read_text(encoding="utf-8")
    assert "first_month = 1\n" in text
    terms.write_text(text.replace("first_month = 1\n", f"first_month = {number}\n"), encoding="utf-8")
    return folder


def test_a_contract_that_begins_later_counts_its_people_from_its_first_month_on(engine: Engine, tmp_path: Path) -> None:
    march = Month(2025, 3)
    loaded = loaded_year(engine, beginning(tmp_path / "jaar", march.number))
    with tampering(engine, loaded) as scope:
        assert store.served(scope, 1, march.plus(-1)) == []
        assert len(store.served(scope, 1, march)) > 0
        assert_kept(scope, march)
        people = [tuple(row) for row in scope.sql(
            "SELECT DISTINCT subcontractor, agreement, product_code, client_id FROM served WHERE "
            "lead_contractor_id = :lead"
        )]  # fmt: skip
        served.note_decided(scope, 1, 2025, people)
        assert_kept(scope, march)


@pytest.mark.parametrize("number", [1, 3])
def test_the_migration_fills_it_from_lines_that_are_there(engine: Engine, tmp_path: Path, number: int) -> None:
    fills = [importlib.import_module(f"migrations.versions.{name}").fill for name in ("0014_served", "0016_active")]
    loaded_year(engine, beginning(tmp_path / "jaar", number))
    with writing(engine) as connection:
        scope = Scope(connection, 1)
        before = scope.sql("SELECT * FROM served WHERE lead_contractor_id = :lead ORDER BY 1, 2, 3, 4, 5, 6, 7").all()
        scope.sql("DELETE FROM served WHERE lead_contractor_id = :lead")
        for fill in fills:
            fill(connection)
        after = scope.sql("SELECT * FROM served WHERE lead_contractor_id = :lead ORDER BY 1, 2, 3, 4, 5, 6, 7").all()
    assert before
    assert before == after
