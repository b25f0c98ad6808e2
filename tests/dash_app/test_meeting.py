"""The page of the meeting: what it says, to whom, and what it never tells."""

from __future__ import annotations

import csv
import json
import re
from typing import Any

import pytest
from sqlalchemy import Engine

from budgets.use.service import year_position
from dash_app import page
from dash_app.formats import euro
from lead_contractor.access.model import Role
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web import guard
from tests.dash_app.meeting import (
    CALLBACKS,
    FAR_MUNICIPALITY,
    NEIGHBOUR,
    USE,
    YEAR,
    Looker,
    add_neighbour,
    furnish,
    site,
    words,
)
from tests.klein import FOLDER
from tests.people import CONTROLLER, MUNICIPALITY, PROVIDER, csrf

AUGUST = "?contract=1&until=2025-08"
ADDRESSES = ("", "?contract=1", AUGUST, "?until=2025-01", "?until=2026-03")


def column(name: str, file: str) -> set[str]:
    with (FOLDER / file).open(encoding="utf-8") as source:
        return {row[name] for row in csv.DictReader(source) if row[name]}


def secrets_of(engine: Engine) -> dict[str, set[str]]:
    """What the municipality never sees."""
    with reading(engine) as connection:
        references = {
            row.reference
            for row in Scope(connection, 1).sql(
                "SELECT reference FROM declaration_line WHERE lead_contractor_id = :lead"
            )
        }
    return {
        "name": column("name", "subcontractors.csv"),
        "agb": column("agb", "subcontractors.csv"),
        "agreement": set(re.findall(r'id = "(.+)"', (FOLDER / "agreements.toml").read_text(encoding="utf-8"))),
        "bsn": column("bsn", "allocations.csv"),
        "reference": references,
        "tariff": {f"€ {tariff.replace('.', ',')}" for tariff in column("tariff", "tariffs.csv")},
        "postings": {"waarom"},
    }


@pytest.mark.parametrize("settled", [False, True], ids=["running", "settled"])
def test_the_municipality_gets_no_name_line_or_tariff_in_any_answer(engine, settled):
    furnish(engine, settled=settled)
    gerda = Looker(site(engine), MUNICIPALITY)
    told = "\n".join(gerda.everything(search) for search in ADDRESSES)
    for kind, never in secrets_of(engine).items():
        assert never, kind
        assert {secret for secret in never if secret in told} == set(), kind


def test_the_controller_sees_names_and_the_way_to_the_postings_but_no_line(engine):
    furnish(engine)
    told = Looker(site(engine), CONTROLLER).everything(AUGUST)
    never = secrets_of(engine)
    assert all(name in told for name in never["name"])
    assert "/waarom?contract=1&account=" in told
    for kind in ("bsn", "reference", "tariff"):
        assert {secret for secret in never[kind] if secret in told} == set(), kind


def test_a_municipality_that_sees_subcontractors_sees_those_of_enough_clients(engine):
    furnish(engine, sees="subcontractors")
    told = Looker(site(engine), MUNICIPALITY).everything(AUGUST)
    never = secrets_of(engine)
    assert all(name in told for name in never["name"]), "who delivers is known to it"
    for kind in ("agb", "bsn", "reference", "tariff", "postings", "agreement"):
        assert {secret for secret in never[kind] if secret in told} == set(), kind
    rows = [words(part) for part in Looker(site(engine), MUNICIPALITY).parts(AUGUST) if part["type"] == "Tr"]
    assert any(row.startswith("Thuishulp De Kwikstaart12.507n.t.n.t.n.t.") for row in rows)


def test_small_products_show_neither_clients_nor_money(engine):
    furnish(engine)
    rows = {}
    for part in Looker(site(engine), MUNICIPALITY).parts(AUGUST):
        if part["type"] == "Tr":
            cells = [words(cell) for cell in part["props"]["children"]]
            rows[cells[0]] = cells
    assert rows["02A14"] == ["02A14", "Begeleiding", "25.433", "n.t.", "n.t.", "n.t.", "n.t.", "< 10"]
    assert rows["06A00"][2:6] == ["19.950", "21.560", "-1.610", "-8,1 %"]
    assert "6" not in {cells[-1] for cells in rows.values()}


@pytest.mark.parametrize("email", [CONTROLLER, MUNICIPALITY], ids=["controller", "municipality"])
def test_nothing_is_said_of_what_is_yet_to_come(engine, email):
    furnish(engine)
    looker = Looker(site(engine), email)
    told = "\n".join(looker.everything(search) for search in ADDRESSES).lower()
    assert not re.search(r"prognos|verwacht|forecast|expect|\bkans\b|bandbreedte", told)


def test_a_provider_gets_nothing(engine):
    furnish(engine)
    app = site(engine)
    arie = Looker(app, PROVIDER)
    for callback in CALLBACKS:
        assert arie.ask(callback).status_code == 403


def test_every_callback_asks_who_it_is_itself(engine):
    furnish(engine)
    app = site(engine)
    arie = Looker(app, PROVIDER)
    arie._headers = {"X-CSRFToken": csrf(arie.client, "/rol")}
    guard.restrict_prefix(app, "/overleg/", *Role)  # as if the guard of the shell had a hole
    known = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/overleg")]
    assert known
    for callback in CALLBACKS:
        assert arie.ask(callback).status_code == 403


def test_these_are_all_the_callbacks(sqlite_engine: Engine):
    from dash import Dash

    app = Dash("leeg", server=False)
    page.build(app, sqlite_engine)
    assert set(app.callback_map) == {callback["output"] for callback in CALLBACKS}


def test_a_controller_of_another_lead_contractor_gets_only_its_own(engine, tmp_path):
    furnish(engine)
    other = add_neighbour(engine, tmp_path / "ander")
    assert other.contract_id == 1, "both have a contract 1"
    app = site(engine)
    ours, theirs = Looker(app, CONTROLLER), Looker(app, NEIGHBOUR)
    assert "€ 231 dzd" in ours.sentence("?contract=1")
    told = "\n".join(theirs.everything(search) for search in ADDRESSES)
    assert "€ 346 dzd" in theirs.sentence("?contract=1")
    assert "€ 231 dzd" not in told
    for looker in (ours, theirs):
        for callback in CALLBACKS:
            assert looker.ask(callback, "?contract=2").status_code == 404


def test_a_municipality_sees_only_its_own_contracts(engine):
    furnish(engine)
    far = Looker(site(engine), FAR_MUNICIPALITY)
    assert "Er is nog geen contractjaar." in far.sentence()
    assert far.ask(USE).get_json()["response"]["overleg-use"]["children"] == []
    for callback in CALLBACKS:
        assert far.ask(callback, "?contract=1").status_code == 404


@pytest.mark.parametrize("search", [
    "?contract=0", "?contract=1'--", "?contract=1&contract=2", "?until=augustus", "?until=2025-13",
    "?contract=" + "1" * 300, 7, ["?contract=1"], {"contract": 1},
], ids=range(9))  # fmt: skip
def test_an_address_that_makes_no_sense_is_not_there(sqlite_engine: Engine, search):
    furnish(sqlite_engine)
    carla = Looker(site(sqlite_engine), CONTROLLER)
    for callback in CALLBACKS:
        assert carla.ask(callback, search).status_code == 404


def test_the_sentence_is_made_of_the_figures_that_are_drawn(engine):
    furnish(engine)
    carla = Looker(site(engine), CONTROLLER)
    assert carla.sentence(AUGUST) == (
        "Tot en met juli is € 146 dzd van de € 231 dzd lumpsum (63 %) gebruikt: € 13 dzd tekort ten opzichte van de "
        "termijnen tot en met juli. De marge staat op -9,5 % bij een maximum van 5 %; er is niets boven het maximum. "
        "Over augustus komen de declaraties nog binnen."
    )
    assert carla.sentence("?until=2025-01") == (
        "Tot en met januari is € 25 dzd van de € 231 dzd lumpsum (11 %) gebruikt. Over januari komen de declaraties nog "
        "binnen."
    )
    assert carla.sentence("?until=2024-12").startswith("Over contractjaar 2025 is nog niets vastgelegd.")


def test_after_the_settlement_the_page_says_what_was_settled(engine):
    furnish(engine, settled=True)
    carla = Looker(site(engine), CONTROLLER)
    assert carla.sentence() == (
        "2025 is in concept afgerekend: van € 233 dzd inkomsten is € 219 dzd gebruikt, een overschot van € 14 dzd (5,9 % bij een "
        "maximum van 5 %). Boven het maximum ligt € 2 dzd: terug te betalen. De gemeente betaalt nog € 841."
    )
    with reading(engine) as connection:
        position = year_position(Scope(connection, 1), 1)
    assert position.outcome is not None
    told = carla.everything()
    for cents in (position.outcome.result, position.outcome.entitlement, position.outcome.balance_due):
        assert euro(cents) in told or euro(cents, sign=True) in told


def figure(looker: Looker, search: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        part["props"]["figure"] for part in looker.parts(search) if part["props"].get("id") == name
    )
    return found


def test_the_corridor_is_solid_up_to_the_last_complete_month(engine):
    furnish(engine)
    carla = Looker(site(engine), CONTROLLER)
    drawn = {line.get("name"): line for line in figure(carla, AUGUST, "overleg-corridor")["data"]}
    assert drawn["realised"]["x"] == list(range(1, 8))
    assert drawn["coming_in"]["x"] == [7, 8]
    assert drawn["coming_in"]["line"]["dash"] == "dot"
    assert "awaiting" not in drawn, "nothing waits to be checked"


def test_charts_have_words_and_tables_have_names(engine):
    furnish(engine)
    parts = Looker(site(engine), MUNICIPALITY).parts(AUGUST)
    figures = [part for part in parts if part["type"] == "Figure"]
    assert len(figures) == 2
    assert all(part["props"]["aria-label"] for part in figures)
    tables = [part for part in parts if part["type"] == "Table"]
    assert tables
    assert all(part["props"]["aria-label"] for part in tables)
    assert all(part["props"]["alt"] for part in parts if part["type"] == "Img")
    assert all(part["props"]["src"].startswith("data:image/svg+xml,") for part in parts if part["type"] == "Img")


def test_months_are_links_and_the_one_shown_is_marked(engine):
    furnish(engine, settled=True)
    top = Looker(site(engine), CONTROLLER).ask(YEAR, AUGUST).get_json()["response"]["overleg-top"]["children"]
    chooser = json.dumps(next(part for part in top if part["type"] == "Nav"))
    assert chooser.count('"href"') == 12
    assert '"aria-current": "page"' in chooser
    assert '"/overleg/?contract=1"' in chooser
    assert "2026" not in chooser


def test_the_page_speaks_english(engine):
    furnish(engine)
    carla = Looker(site(engine), CONTROLLER)
    carla.client.post("/taal", data={"csrf_token": csrf(carla.client, "/rol"), "language": "en"})
    assert carla.sentence(AUGUST).startswith(
        "Up to and including July, € 146k of the € 231k lump sum (63%) has been used:"
    )
    told = carla.everything(AUGUST)
    assert "Household help" in told
    assert not re.search(r"Ruimte|Gebruikt|onderaannemer|declaraties|Wachtend|maximale|Hulp bij", told)
