"""Quarterly figures through the interface: what was asked, trying, handing in, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from lead_contractor.kernel.database import writing
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.tenancy import Scope
from subcontractors.reports import service
from tests.api import Desk, new_desk

NAMES = ["hours", "clients", "staff", "satisfaction", "gas"]
GIVEN: list[dict[str, Any]] = [
    {"kpi": "hours", "value": "12.5", "explanation": "Eigen telling"},
    {"kpi": "clients", "value": "3", "explanation": "Eigen telling"},
    {"kpi": "staff", "value": "4"},
    {"kpi": "satisfaction", "value": "8.4", "number": "31"},
]
BODY = {"quarter": "2025-Q1", "figures": GIVEN}


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    desk = new_desk(engine, tmp_path)
    with writing(engine) as connection:
        scope = Scope(connection, desk.north.lead_contractor_id)
        at = datetime(2025, 4, 1, 8, tzinfo=UTC)
        service.ask(scope, desk.north.contract_id, Quarter(2025, 1), NAMES, "Carla", at)
    return desk


def test_software_sees_what_was_asked_with_definitions_and_what_is_known(desk: Desk):
    (one,) = desk.provider.get("/figures").json["requests"]
    assert (one["quarter"], one["due_on"], one["handed_in"], one["late"]) == ("2025-Q1", "2025-04-23", False, False)
    by_name = {each["kpi"]: each for each in one["figures"]}
    assert by_name["staff"]["needed"]
    assert not by_name["gas"]["needed"]
    assert by_name["satisfaction"]["definition_version"] == 1
    english = desk.provider.get("/figures", **{"Accept-Language": "en"}).json["requests"][0]["figures"]
    assert {each["kpi"]: each["name"] for each in english}["satisfaction"] == "Client satisfaction"


def test_trying_stores_nothing_and_handing_in_twice_changes_nothing(desk: Desk):
    before = desk.rows()
    tried = desk.provider.post("/figures?dry_run=true", BODY)
    assert (tried.status_code, tried.json["dry_run"]) == (200, True)
    assert desk.rows() == before
    made = desk.provider.post("/figures", BODY)
    assert made.status_code == 201
    assert [one["changed"] for one in made.json["figures"]] == [True] * 4
    again = desk.provider.post("/figures", BODY)
    assert [one["changed"] for one in again.json["figures"]] == [False] * 4
    assert desk.rows()["kpi_figure"] == 4
    assert desk.provider.get("/figures").json["requests"][0]["handed_in"]


def test_a_correction_asks_a_reason(desk: Desk):
    desk.provider.post("/figures", BODY)
    other = {**BODY, "figures": [*GIVEN[:2], {"kpi": "staff", "value": "5"}, GIVEN[3]]}
    assert "Zeg in het veld Reden waarom" in desk.provider.post("/figures", other).text
    assert desk.provider.post("/figures", {**other, "reason": "Vergeten"}).status_code == 201
    figures = desk.provider.get("/figures").json["requests"][0]["figures"]
    staff = next(one for one in figures if one["kpi"] == "staff")
    assert (staff["version"], staff["handed_in"]) == (2, {"value": "5", "number": None})


def test_every_reason_is_told_and_nothing_is_stored(desk: Desk):
    answer = desk.provider.post("/figures", {"quarter": "2025-Q1", "figures": [{"kpi": "omzet", "value": "1"}]})
    assert answer.status_code == 422
    assert {one["code"] for one in answer.json["errors"]} == {"FIGURE-UNKNOWN", "FIGURE-MISSING"}
    assert desk.rows()["kpi_figure"] == 0


@pytest.mark.parametrize("body", [
    {},
    {"quarter": "2025-Q5", "figures": GIVEN},
    {"quarter": "2025-Q1", "figures": []},
    {"quarter": "2025-Q1", "figures": [{"kpi": "staff", "value": 4}]},
    {"quarter": "2025-Q1", "figures": [{"kpi": "staff", "value": "1,5"}]},
    {"quarter": "2025-Q1", "figures": GIVEN, "more": 1},
], ids=str)  # fmt: skip
def test_what_does_not_fit_is_a_problem(desk: Desk, body: Any):
    assert desk.provider.post("/figures", body).status_code == 422


def test_software_of_another_does_not_see_or_answer_it(desk: Desk):
    assert desk.provider.post("/figures", {**BODY, "quarter": "2025-Q2"}).status_code == 404
    assert desk.south.get("/figures").json["total"] == 0
    assert desk.lead.get("/figures").status_code == 403
    desk.provider.post("/figures", BODY)
    assert not desk.neighbour.get("/figures").json["requests"][0]["handed_in"]
