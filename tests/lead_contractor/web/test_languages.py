from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.people import CONTROLLER, MUNICIPALITY, browser_of, csrf, shell, sign_in

ROOT = Path(__file__).parents[3]
CATALOGUES = sorted(ROOT.glob("*/**/translations/en/LC_MESSAGES/messages.po"))
PACKAGES = ("lead_contractor", "subcontractors", "budgets", "dash_app")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def messages(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale="en")


def switch(client: FlaskClient, language: str, page: str = "/aanmelden") -> None:
    client.post("/taal", data={"csrf_token": csrf(client, page), "language": language, "next": page})


def test_dutch_unless_english_is_asked_for_and_back(client: FlaskClient):
    assert '<html lang="nl">' in client.get("/aanmelden", headers={"Accept-Language": "en"}).text
    switch(client, "en")
    page = client.get("/aanmelden").text
    assert '<html lang="en">' in page
    assert "E-mail address" in page
    assert "Wachtwoord" not in page
    switch(client, "nl")
    assert "Wachtwoord" in client.get("/aanmelden").text


def test_a_language_that_is_not_there_is_dutch(client: FlaskClient):
    switch(client, "xx")
    assert '<html lang="nl">' in client.get("/aanmelden").text


def test_a_person_finds_their_language_again(app: Flask):
    switch(browser_of(app, CONTROLLER), "en", "/")
    assert "Welcome, Carla." in browser_of(app, CONTROLLER).get("/").text
    assert "Welkom, Gerda." in browser_of(app, MUNICIPALITY).get("/").text


def test_the_switch_comes_back_to_the_same_page(client: FlaskClient):
    sign_in(client, CONTROLLER)
    answer = client.post("/taal", data={"csrf_token": csrf(client, "/rol"), "language": "en", "next": "/rol?a=b"})
    assert answer.headers["Location"] == "/rol?a=b"


@pytest.mark.parametrize(("language", "written"), [
    ("nl", "€ 1.234,50 | € 8,05 mln | 1 maart 2025 | mrt 2025 | 3,2 % | –"),
    ("en", "€ 1,234.50 | € 8.05m | 1 March 2025 | Mar 2025 | 3.2% | –"),
], ids=["nl", "en"])  # fmt: skip
def test_filters_write_in_the_language_of_the_page(app: Flask, language, written):
    template = "{{ 123450|euro }} | {{ 805000000|euro_short }} | {{ d|date_nl }} | {{ d|month_nl }} | {{ p|percent }} | {{ none|euro }}"
    from datetime import date
    from decimal import Decimal

    from flask import session

    with app.test_request_context():
        session["language"] = language
        assert render_template_string(template, d=date(2025, 3, 1), p=Decimal("3.2")) == written


def test_every_text_on_screen_has_its_english():
    known = {message.id for path in CATALOGUES for message in messages(path) if message.string}
    used = {
        (found[2] if isinstance(found[2], str) else found[2][0], f"{package}/{found[0]}:{found[1]}")
        for package in PACKAGES
        for found in extract_from_dir(ROOT / package, METHODS, keywords=KEYWORDS)
    }
    assert used
    known_singly = {text[0] if isinstance(text, tuple) else text for text in known}
    assert sorted(place for text, place in used if text not in known_singly) == []


def test_a_translation_keeps_what_is_filled_in():
    for path in CATALOGUES:
        for message in messages(path):
            if message.id and isinstance(message.id, str):
                names = [sorted(re.findall(r"%\((\w+)\)", text)) for text in (message.id, str(message.string))]
                assert names[0] == names[1], message.id


def test_two_apps_do_not_share_their_texts(sqlite_engine: Engine, tmp_path: Path):
    from lead_contractor.web import languages

    extra = tmp_path / "messages.po"
    extra.write_text('msgid "Aanmelden"\nmsgstr "Come in"\n', encoding="utf-8")
    ours, plain = shell(sqlite_engine), shell(sqlite_engine)
    languages.add_catalogue(ours, extra)
    for app, text in ((ours, "Come in"), (plain, "Sign in")):
        client = app.test_client()
        switch(client, "en")
        assert text in client.get("/aanmelden").text
