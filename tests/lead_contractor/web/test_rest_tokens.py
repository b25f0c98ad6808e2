"""The page on which people make and revoke the tokens of their software."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from lead_contractor.web import rest, rest_tokens
from tests.people import CONTROLLER, MUNICIPALITY, PROVIDER, browser_of, csrf

PAGE = "/instellingen/toegang/"


@pytest.fixture
def app(app: Flask, sqlite_engine: Engine) -> Flask:
    rest.install(app, sqlite_engine)
    app.register_blueprint(rest_tokens.blueprint(sqlite_engine))
    return app


def arie(app: Flask) -> FlaskClient:
    client = browser_of(app, PROVIDER)
    token = csrf(client, "/rol")
    key = re.findall(r'name="membership" value="([^"]+)"', client.get("/rol").text)[0]
    client.post("/rol", data={"csrf_token": token, "membership": key})
    return client


def make(client: FlaskClient, **form: object) -> str:
    data = {"csrf_token": csrf(client, PAGE), "label": "Pakket X", "scope": ["declarations:read"], "days": "30", **form}
    return str(client.post(PAGE, data=data).text)


def test_a_token_is_shown_once(app: Flask):
    client = arie(app)
    page = make(client)
    found = re.search(r'<code id="token">(hs_[^<]+)</code>', page)
    assert found is not None
    again = client.get(PAGE).text
    assert found[1] not in again
    assert "Pakket X" in again
    answer = app.test_client().get("/api/v1/none", headers={"Authorization": f"Bearer {found[1]}"})
    assert answer.status_code == 404


def test_a_token_is_revoked_on_the_page(app: Flask):
    client = arie(app)
    make(client)
    answer = client.post(f"{PAGE}1/intrekken", data={"csrf_token": csrf(client, PAGE)}, follow_redirects=True)
    assert "Het token Pakket X is ingetrokken." in answer.text
    assert "Trek in" not in answer.text


def test_another_provider_cannot_revoke_it(app: Flask, sqlite_engine: Engine):
    make(arie(app))
    carla = browser_of(app, CONTROLLER)
    assert "Pakket X" in carla.get(PAGE).text
    gerda = browser_of(app, MUNICIPALITY)
    assert gerda.get(PAGE).status_code == 403
    assert gerda.post(f"{PAGE}1/intrekken", data={"csrf_token": csrf(gerda, "/rol")}).status_code == 403


def test_what_is_wrong_is_told_on_the_page(app: Flask):
    client = arie(app)
    assert "Kies ten minste één recht" in make(client, scope=[])
    assert "Een token geldt ten minste een dag" in make(client, days="9999")
    assert "Met deze rol kan een token dit niet mogen." in make(client, scope=["lead:read"])
    assert "Er zijn nog geen tokens." in client.get(PAGE).text


def test_making_one_asks_for_the_token_of_the_form(app: Flask):
    client = arie(app)
    assert client.post(PAGE, data={"label": "x", "scope": ["declarations:read"], "days": "30"}).status_code == 400


def test_the_page_speaks_english(app: Flask):
    client = arie(app)
    client.post("/taal", data={"csrf_token": csrf(client, PAGE), "language": "en", "next": PAGE})
    page = client.get(PAGE).text
    assert "There are no tokens yet." in page
    assert "read declarations and answers" in page
