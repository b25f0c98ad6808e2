"""The shell of the interface: who comes in, how often, and in which words it refuses."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from lead_contractor.access import service as people
from lead_contractor.access import tokens
from lead_contractor.access.model import Role
from lead_contractor.access.tables import api_token
from lead_contractor.kernel.database import reading
from lead_contractor.web import rest_words
from tests.api import ADDRESS, AT, Desk, Software, acting, new_desk, token
from tests.budgets.year_folder.sample import PXQ_AGB
from tests.people import PROVIDER, browser_of, csrf, person


@pytest.fixture
def desk(sqlite_engine: Engine, tmp_path: Path) -> Desk:
    return new_desk(sqlite_engine, tmp_path)


def problem(answer: Any, status: int, slug: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    found: dict[str, Any] = answer.json
    assert found["type"] == rest_words.TYPE + slug
    return found


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer hs_x", "Basic aGE6aGE=", "Bearer \u00e9", "Token x"], ids=str)
def test_without_a_working_token_nobody_comes_in(desk: Desk, header: str):
    answer = desk.app.test_client().get(
        f"{ADDRESS}/declarations", headers={"Authorization": header.encode().decode("latin-1")}
    )
    problem(answer, 401, "no-token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_cookie_lets_nobody_in_and_a_token_needs_none(desk: Desk):
    arie = person(desk.engine, PROVIDER, "Arie")
    people.add_membership(desk.engine, arie.id, desk.north.lead_contractor_id, Role.PROVIDER, PXQ_AGB, "Thuis Verder")
    client: FlaskClient = browser_of(desk.app, PROVIDER)
    assert client.get("/instellingen/toegang/").status_code == 200
    problem(client.get(f"{ADDRESS}/declarations"), 401, "no-token")
    form = {"csrf_token": csrf(client, "/instellingen/toegang/")}
    problem(client.post(f"{ADDRESS}/declarations", data=form), 401, "no-token")
    assert "Set-Cookie" not in desk.provider.get("/declarations").headers


def test_a_token_that_was_revoked_or_expired_ends_at_once(desk: Desk):
    who = acting(desk.north, Role.PROVIDER, PXQ_AGB)
    made, text = tokens.make_token(desk.engine, who, "kort", ["declarations:read"], AT, timedelta(days=1))
    software = Software(desk.app, text)
    assert software.get("/declarations").status_code == 200
    tokens.revoke_token(desk.engine, who, made.id, AT)
    problem(software.get("/declarations"), 401, "no-token")
    old = tokens.make_token(desk.engine, who, "oud", ["declarations:read"], AT - timedelta(days=9), timedelta(days=9))[
        1
    ]
    problem(Software(desk.app, old).get("/declarations"), 401, "no-token")


def test_a_token_that_asks_too_often_waits(sqlite_engine: Engine, tmp_path: Path):
    desk = new_desk(sqlite_engine, tmp_path, API_RATE_LIMIT="3 per minute")
    assert [desk.provider.get("/token").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = desk.provider.get("/token")
    problem(answer, 429, "too-often")
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert desk.neighbour.get("/token").status_code == 200, "each token counts by itself"


def test_guessing_tokens_is_slowed_down(sqlite_engine: Engine, tmp_path: Path):
    desk = new_desk(sqlite_engine, tmp_path, API_FAILED_LIMIT="2 per minute")
    wrong = Software(desk.app, "hs_0123456789abcdef_" + "A" * 43)
    assert [wrong.get("/token").status_code for _ in range(3)] == [401, 401, 429]
    assert desk.provider.get("/token").status_code == 200


def test_when_a_token_was_used_is_remembered(desk: Desk):
    desk.provider.get("/token")
    with reading(desk.engine) as connection:
        used = connection.execute(api_token.select().where(api_token.c.party == PXQ_AGB)).all()
    assert sorted(one.last_used_at is not None for one in used) == [False, True], "of the neighbour it is another"


def test_dutch_unless_english_is_preferred(desk: Desk):
    assert problem(desk.provider.get("/declarations/99"), 404, "not-found")["title"] == "Dit is er niet"
    english = desk.provider.get("/declarations/99", **{"Accept-Language": "de, en;q=0.8, nl;q=0.2"})
    assert (english.json["title"], english.headers["Content-Language"]) == ("Not there", "en")
    assert desk.provider.get("/declarations/99", **{"Accept-Language": "fr"}).json["title"] == "Dit is er niet"


def test_addresses_and_methods_that_are_not_there_are_problems_too(desk: Desk):
    problem(desk.provider.get("/nergens"), 404, "not-found")
    answer = desk.provider.client().delete(f"{ADDRESS}/declarations", headers=desk.provider.headers)
    problem(answer, 405, "wrong-method")
    assert "POST" in answer.headers["Allow"]


def test_what_nobody_foresaw_is_a_problem_without_the_inside(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a secret of the inside")

    desk.app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("subcontractors.declarations.listing.messages", broken)
    answer = desk.provider.get("/declarations")
    found = problem(answer, 500, "unforeseen")
    assert "secret" not in answer.text
    assert found["detail"].split()[-1].strip(".").isalnum()


def test_a_token_whose_role_may_no_longer_do_it_is_refused(desk: Desk):
    text = token(desk.engine, acting(desk.north, Role.PROVIDER, PXQ_AGB), ["declarations:read"])
    public = text.split("_")[1]
    with desk.engine.begin() as connection:
        values = {"scopes": ["lead:read"]}
        connection.execute(api_token.update().where(api_token.c.public_id == public).values(**values))
    problem(Software(desk.app, text).get("/lead/declarations"), 403, "not-allowed")


def test_the_page_and_the_description_are_there_for_all(desk: Desk):
    page = desk.app.test_client().get(f"{ADDRESS}/")
    assert page.status_code == 200
    assert "GET /api/v1/declarations" in page.text
    assert '<script src="http' not in page.text
    told: Any = desk.app.test_client().get(f"{ADDRESS}/openapi.json").json
    assert told["openapi"] == "3.1.0"
