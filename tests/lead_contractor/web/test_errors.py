from __future__ import annotations

import pytest
from flask import Flask, abort

from lead_contractor.access.model import Role
from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal, Unsound
from lead_contractor.web import guard
from tests.people import CONTROLLER, browser_of, csrf

REFUSALS = {
    "refusal": (Refusal("Zo niet."), 400),
    "not_found": (NotFound("Overeenkomst FTE-9 is er niet."), 404),
    "not_allowed": (NotAllowed("Dit mag alleen de controller."), 403),
    "conflict": (Conflict("Het jaar is al vastgesteld."), 409),
}


@pytest.fixture
def app(app: Flask) -> Flask:
    @app.get("/weiger/<which>")
    @guard.requires(Role.CONTROLLER)
    def refuse(which: str) -> str:
        raise REFUSALS[which][0]

    @app.get("/code/<int:status>")
    @guard.requires(Role.CONTROLLER)
    def status_page(status: int) -> str:
        abort(status)

    @app.get("/bevindingen")
    @guard.requires(Role.CONTROLLER)
    def findings() -> str:
        raise Unsound([Finding("T1", "Het tarief ontbreekt.", "Vul het in.", "tariffs.csv", 3, "tariff")])

    @app.get("/stuk")
    @guard.requires(Role.CONTROLLER)
    def broken() -> str:
        raise RuntimeError("a secret of the inside")

    @app.post("/groot")
    @guard.requires(Role.CONTROLLER)
    def large() -> str:
        return "past"

    return app


@pytest.mark.parametrize("which", REFUSALS, ids=str)
def test_a_refusal_is_told_in_its_own_words_with_its_own_status(app: Flask, which):
    refusal, status = REFUSALS[which]
    answer = browser_of(app, CONTROLLER).get(f"/weiger/{which}")
    assert answer.status_code == status
    assert str(refusal) in answer.text


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 418, 422, 429, 503], ids=str)
def test_every_status_has_a_page_in_plain_words(app: Flask, status):
    answer = browser_of(app, CONTROLLER).get(f"/code/{status}")
    assert answer.status_code == status
    assert f"Melding {status}" in answer.text
    assert '<h1 class="sentence">' in answer.text


def test_findings_are_listed_with_their_place(app: Flask):
    answer = browser_of(app, CONTROLLER).get("/bevindingen")
    assert answer.status_code == 422
    assert "tariffs.csv, rij 3, kolom tariff: Het tarief ontbreekt. Vul het in." in answer.text


def test_a_program_gets_the_same_as_json(app: Flask):
    answer = browser_of(app, CONTROLLER).get("/weiger/conflict", headers={"Accept": "application/json"})
    assert answer.json == {
        "status": 409, "title": "Dit is intussen veranderd", "message": "Het jaar is al vastgesteld.", "findings": [],
    }  # fmt: skip


def test_what_nobody_foresaw_shows_a_reference_and_nothing_of_the_inside(app: Flask, caplog):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = browser_of(app, CONTROLLER).get("/stuk")
    assert answer.status_code == 500
    assert "secret of the inside" not in answer.text
    assert "Kenmerk <code>" in answer.text
    reference = answer.text.split("Kenmerk <code>")[1][:8]
    assert f"reference {reference}: GET /stuk" in caplog.text
    assert "a secret of the inside" in caplog.text


def test_a_file_that_is_too_large_is_refused(app: Flask):
    app.config["MAX_CONTENT_LENGTH"] = 1000
    carla = browser_of(app, CONTROLLER)
    answer = carla.post("/groot", data={"csrf_token": csrf(carla, "/rol"), "file": "x" * 2000})
    assert answer.status_code == 413
    assert "Splits het bestand" in answer.text
