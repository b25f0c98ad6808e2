"""Quarterly reports over the small example year: drafted, frozen, corrected beside it, and what they may not tell."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
import python_calamine
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from budgets.reports import service, store
from budgets.reports.commands import content_of
from budgets.reports.printed import report_pdf
from budgets.reports.text import report_text
from budgets.reports.wording import cost_of
from budgets.reports.workbook import report_workbook
from budgets.use.service import year_position
from budgets.year_folder.service import Loaded
from lead_contractor.access.hand import Hand
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.refusals import Conflict, NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from subcontractors.reports import service as figures
from tests.budgets.reports.attacker import finds
from tests.klein import loaded_year

Q1, Q2, Q3 = (Quarter(2025, number) for number in (1, 2, 3))
APRIL, JULY = datetime(2025, 4, 20, 9, tzinfo=UTC), datetime(2025, 7, 20, 9, tzinfo=UTC)
CARLA = Hand(1, "Carla")


@pytest.fixture
def loaded(engine: Engine) -> Loaded:
    return loaded_year(engine)


def sees(scope: Scope, how: str) -> None:
    scope.sql("UPDATE contract SET sees = :how WHERE lead_contractor_id = :lead", how=how)


def test_the_report_adds_up_with_the_books(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        totals = service.draft(scope, loaded.contract_id, Q2, JULY).document["totals"]
        position = year_position(scope, loaded.contract_id, Month(2025, 7))
        half = next(one for one in position.months if one.month == Month(2025, 6))
        quarter = next(one for one in position.months if one.month == Month(2025, 3))
        assert totals["cost_to_date"] == int(half.cost.total)
        assert totals["cost"] == int(half.cost.total) - int(quarter.cost.total)
        row: Any = scope.sql(
            """
            SELECT COUNT(DISTINCT l.client_id), SUM(CASE WHEN l.credit THEN -1 ELSE 1 END * l.volume
                * CASE l.unit WHEN '04' THEN 60 WHEN '01' THEN 1 ELSE 0 END)
            FROM declaration_line AS l JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id
            WHERE l.lead_contractor_id = :lead AND l.codes = 0 AND l.assessed AND m.received <= '2025-07-20'
              AND l.service_month BETWEEN '2025-04' AND '2025-06'
            """
        ).one()
        assert totals["clients"] == row[0]
        assert totals["hours"] == f"{float(row[1]) / 60 + 106.8:.2f}", "and the hours of the team that returns them"


def test_a_percentage_is_that_of_what_stands_beside_it(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        document = service.draft(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, Q2, JULY).document
    totals, (outside, own) = document["totals"], cost_of(document)
    assert outside + own == totals["cost"]
    assert own > 0
    assert totals["used_of_budget"] <= outside
    for when in ("", "_to_date"):
        share = 100 * totals[f"used_of_budget{when}"] / totals[f"budget{when}"]
        assert totals[f"use_percent{when}"] == f"{share:.1f}"
    assert "Kosten van onderaannemers" in report_text(document)
    assert "Uitnutting van dat budget" in report_text(document)


def test_shown_rows_and_hidden_ones_add_up_to_the_total(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        document = service.draft(scope, loaded.contract_id, Q2, JULY).document
    shown = [row for row in document["products"] if not row["hidden"]]
    hidden = [row for row in document["products"] if row["hidden"]]
    assert hidden
    assert sum(row["cost"] for row in shown) < document["totals"]["cost"]
    for row in hidden:
        assert (row["cost"], row["hours"], row["clients"], row["use_percent"]) == (None, None, None, None)


def test_every_figure_has_a_definition_a_source_a_version_and_a_reference_date(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        figures.ask(scope, loaded.contract_id, Q2, ["satisfaction", "waiting"], "Carla", JULY)
        document = service.draft(scope, loaded.contract_id, Q2, JULY).document
    known = {one["id"]: one for one in document["definitions"]}
    assert {"cost", "use", "overhead", "hours", "clients", "fte", "satisfaction"} <= set(known)
    for one in known.values():
        assert one["version"] >= 1
        assert one["source"]
        assert one["as_of"] == "2025-07-20"
        assert one["definition"]["nl"]
        assert one["definition"]["en"]
    assert {one["kpi"] for one in document["figures"]} == {"satisfaction", "waiting"}


def test_only_the_sets_of_the_contract_are_in_it(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        scope.sql(
            "UPDATE contract SET terms = terms || :more WHERE lead_contractor_id = :lead",
            more='\n[reports]\nsets = ["clients", "hours"]\n',
        )
        document = service.draft(scope, loaded.contract_id, Q2, JULY).document
    assert document["sets"] == ["hours", "clients"]
    assert set(document["totals"]) == {"hours", "clients", "clients_few"}
    assert {one["id"] for one in document["definitions"]} == {"hours", "clients"}
    assert "cost" not in document["products"][0]
    assert "Kosten  " not in report_text(document)
    assert report_pdf(document).startswith(b"%PDF")


def test_a_released_report_is_frozen(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        made = service.release(scope, loaded.contract_id, Q1, CARLA, APRIL)
        assert made.version == 1
        assert made.document_hash == hashlib.sha256(made.text.encode()).hexdigest()
        later = service.draft(scope, loaded.contract_id, Q1, JULY).document
        assert later["totals"]["cost"] != made.document["totals"]["cost"], "declarations came in since"
        stored = service.report(scope, loaded.contract_id, Q1)
        assert (stored.text, stored.document_hash) == (made.text, made.document_hash)
        assert json.loads(stored.text) == made.document
    for statement in ("UPDATE quarterly_report SET document = 'x'", "DELETE FROM quarterly_report"):
        with pytest.raises(DatabaseError, match="append-only"), writing(engine) as connection:
            connection.exec_driver_sql(statement)


def test_a_correction_is_the_next_version_beside_it_with_its_reason(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        service.release(scope, loaded.contract_id, Q1, CARLA, APRIL)
        with pytest.raises(Conflict, match="niets veranderd"):
            service.release(scope, loaded.contract_id, Q1, CARLA, APRIL, "Nog eens")
        with pytest.raises(Refusal, match="waarom"):
            service.release(scope, loaded.contract_id, Q1, CARLA, JULY)
        made = service.release(scope, loaded.contract_id, Q1, CARLA, JULY, "Nagekomen declaraties")
        assert (made.version, made.document["replaces"], made.document["reason"]) == (2, 1, "Nagekomen declaraties")
        both = service.reports(scope, loaded.contract_id)[Q1]
        assert [one.version for one in both] == [1, 2]
        assert service.report(scope, loaded.contract_id, Q1, 1).document == both[0].document


def test_what_came_late_on_earlier_quarters_is_told_in_the_next_report(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        first = service.release(scope, loaded.contract_id, Q1, CARLA, APRIL).document["totals"]
        second = service.draft(scope, loaded.contract_id, Q2, JULY).document["totals"]
    assert second["late"] > 0
    assert first["cost"] + second["late"] + second["cost"] == second["cost_to_date"]


def test_what_is_not_over_or_not_of_the_contract_is_refused(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        with pytest.raises(Refusal, match="nog niet voorbij"):
            service.release(scope, loaded.contract_id, Q2, CARLA, datetime(2025, 6, 30, 21, tzinfo=UTC))
        with pytest.raises(Refusal, match="beginnen"):
            service.draft(scope, loaded.contract_id, Q3, APRIL)
        with pytest.raises(NotFound):
            service.draft(scope, loaded.contract_id, Quarter(2024, 4), JULY)
        with pytest.raises(NotFound):
            service.report(scope, loaded.contract_id, Q1)
        with pytest.raises(NotFound):
            service.draft(Scope(connection, loaded.lead_contractor_id + 1), loaded.contract_id, Q1, JULY)


@pytest.mark.parametrize("how", ["products", "subcontractors"])
def test_nothing_small_follows_from_all_releases_together(engine: Engine, loaded: Loaded, how: str):
    known: list[frozenset[str]] = []
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        sees(scope, how)
        for quarter, at, reason in (
            (Q1, APRIL, ""),
            (Q2, JULY, ""),
            (Q1, datetime(2025, 8, 1, 9, tzinfo=UTC), "Nagekomen"),
            (Q3, datetime(2025, 10, 20, 9, tzinfo=UTC), ""),
            (Q2, datetime(2025, 11, 1, 9, tzinfo=UTC), "Nagekomen"),
        ):
            made = service.release(scope, loaded.contract_id, quarter, CARLA, at, reason)
            known += [frozenset(one) for one in made.told["known"]]
            assert (made.document["subcontractors"] is None) == (how == "products")
        secrets = {frozenset(one) for row in store.released(scope, loaded.contract_id) for one in row.told["secrets"]}
    assert secrets
    own_release = [one for one in secrets if not finds(known, one)]
    assert len(own_release) == len(secrets), "no secret of any release follows from all that was told"


def test_the_files_say_what_the_document_says(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        document = service.release(scope, loaded.contract_id, Q2, CARLA, JULY).document
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(report_workbook(document)))
    assert book.sheet_names == ["Samenvatting", "Per product", "Kengetallen", "Definities"]
    rows = book.get_sheet_by_name("Per product").to_python()
    shown = next(row for row in document["products"] if not row["hidden"] and row["cost"])
    (found,) = [row for row in rows if str(row[0]).startswith(shown["code"]) or row[0] == shown["name"]]
    assert round(float(found[2]) * 100) == shown["cost"]  # type: ignore[arg-type]
    assert report_workbook(document) == report_workbook(document)
    assert report_pdf(document) == report_pdf(document)
    assert "20 juli 2025" in report_text(document)
    assert json.loads(content_of(document, "json")) == document


def test_no_subcontractor_is_named_where_the_municipality_may_not_see_them(engine: Engine, loaded: Loaded):
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        figures.ask(scope, loaded.contract_id, Q2, ["staff", "satisfaction"], "Carla", JULY)
        made = service.release(scope, loaded.contract_id, Q2, CARLA, JULY)
        assert "9999010" not in made.text
        assert "Kwikstaart" not in made.text
        sees(scope, "subcontractors")
        other = service.draft(scope, loaded.contract_id, Q2, JULY).document
        assert "9999010" not in json.dumps(other), "by name, not by AGB code"
        assert "Kwikstaart" in json.dumps(other, ensure_ascii=False)


def test_a_draft_reads_only(engine: Engine, loaded: Loaded):
    with reading(engine) as connection:
        service.draft(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, Q2, JULY)
