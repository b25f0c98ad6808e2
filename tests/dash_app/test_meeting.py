"""The page of the meeting: what it says, to whom, and what it never tells."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine

from budgets.forecast.store import frozen
from budgets.meeting.agenda import agenda
from budgets.meeting.service import look, tables
from budgets.meeting.store import items
from budgets.signals.model import Crossing, EventKind, Kind, Level
from budgets.signals.state import Transition
from budgets.signals.store import add_events
from budgets.use.service import year_position
from dash_app import page
from dash_app.pages.year import corridor_part
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight
from lead_contractor.web.formats import euro, euro_short, euro_whole
from tests.budgets.variance.forecasts_of import forecast
from tests.budgets.variance.forecasts_of import line as line_of
from tests.dash_app.meeting import (
    CALLBACKS,
    FAR_MUNICIPALITY,
    NEIGHBOUR,
    RECORD,
    USE,
    YEAR,
    Looker,
    add_neighbour,
    frozen_year,
    furnish,
    site,
    words,
)
from tests.klein import AT, FOLDER
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
    assert any(re.match(r"Thuishulp De Kwikstaart[\d.]+n\.t\.n\.t\.n\.t\.", row) for row in rows)


def test_small_products_show_neither_clients_nor_money(engine):
    furnish(engine)
    rows: dict[str, list[Any]] = {}
    for part in Looker(site(engine), MUNICIPALITY).parts(AUGUST):
        if part["type"] == "Tr":
            cells = [words(cell) for cell in part["props"]["children"]]
            rows.setdefault(cells[0], cells)
    small = next(cells for name, cells in rows.items() if name.startswith("02A14"))
    assert small[2:7] == ["n.t.", "n.t.", "n.t.", "n.t.", "< 10"]
    shown = next(cells for name, cells in rows.items() if name.startswith("06A00"))
    assert shown[2:5] == ["21.560", "-1.610", "-8,1 %"]
    assert "6" not in {cells[-1] for cells in rows.values()}


@pytest.mark.parametrize("email", [CONTROLLER, MUNICIPALITY], ids=["controller", "municipality"])
def test_without_a_frozen_forecast_only_what_was_realised_is_said(engine, email):
    furnish(engine)
    looker = Looker(site(engine), email)
    assert looker.sentence(AUGUST).endswith(
        "Eind augustus is geen prognose vastgelegd: dit is wat tot dan toe gerealiseerd is."
    )
    told = "\n".join(looker.everything(search) for search in ADDRESSES).lower()
    assert not re.search(r"we verwachten|expect|\bkans\b|bandbreedte", told)
    assert ("Leg de prognose per 31 augustus 2025 vast" in looker.everything(AUGUST)) is (email == CONTROLLER)


def test_a_provider_sees_its_own_share_by_the_same_definitions_and_nothing_else(engine):
    loaded = furnish(engine)
    frozen_year(engine, loaded, range(7, 9))
    app = site(engine)
    arie, carla = Looker(app, PROVIDER), Looker(app, CONTROLLER)
    told = arie.everything(AUGUST)
    never = secrets_of(engine)
    others = (never["name"] | never["agb"]) - {"Thuishulp De Kwikstaart", "99990101"}
    assert {secret for secret in others | never["postings"] | never["bsn"] if secret in told} == set()
    own = {cells[0]: cells for cells in rows_of(arie, AUGUST) if len(cells) > 6}
    lines = [line for line in forecast_of_month(engine).lines if line.key.subcontractor == "99990101"]
    for line in lines:
        row = next(cells for name, cells in own.items() if name.startswith(line.key.product_code))
        assert row[4] == euro_whole(line.point).removeprefix("€ ")
    assert "jaarbudget" in arie.sentence(AUGUST)
    assert "€ 231 dzd" not in told, "the lump sum is not theirs to see"
    assert "marge" not in told.lower()
    assert carla.ask(YEAR, AUGUST).status_code == 200


def rows_of(looker: Looker, search: str) -> list[list[str]]:
    return [
        [words(cell) for cell in part["props"]["children"]] for part in looker.parts(search) if part["type"] == "Tr"
    ]


def forecast_of_month(engine: Engine) -> Any:
    with reading(engine) as connection:
        made = frozen(Scope(connection, 1), 1, date(2025, 8, 31))
    assert made is not None
    return made.forecast


@pytest.mark.parametrize("email", [CONTROLLER, MUNICIPALITY], ids=["controller", "municipality"])
def test_with_a_frozen_forecast_the_sentence_says_what_the_outlook_says(engine, email):
    loaded = furnish(engine)
    frozen_year(engine, loaded, range(7, 9))
    looker = Looker(site(engine), email)
    with reading(engine) as connection:
        looked = look(Scope(connection, 1), 1, Month(2025, 8))
    outlook = looked.outlook
    assert outlook is not None
    sentence = looker.sentence(AUGUST)
    cost = outlook.months[-1].cost
    assert (
        f"We verwachten eind december {euro_short(cost.point)} (tussen {euro_short(cost.low80)} en "
        f"{euro_short(cost.high80)}): {euro_short(abs(outlook.result.point))} onder het budget." in sentence
    )
    assert "bij een maximum van 5 %; de kans dat er geld terug moet is" in sentence
    drawn = {line.get("name"): line for line in figure(looker, AUGUST, "overleg-corridor")["data"]}
    assert round(drawn["expected"]["y"][-1] * 100_000) == outlook.result.point
    assert drawn["coming_in"]["line"]["dash"] == "dot"
    assert drawn["expected"]["line"]["dash"] == "dash"
    assert {"band", "late", "cap"} <= drawn.keys()


def test_what_changed_adds_up_to_the_difference_that_is_printed(engine):
    loaded = furnish(engine)
    frozen_year(engine, loaded, range(7, 9))
    carla = Looker(site(engine), CONTROLLER)
    rows = [cells for cells in rows_of(carla, AUGUST) if len(cells) == 2]
    then = next(cells for cells in rows if cells[0] == "prognose eind juli")
    now = next(cells for cells in rows if cells[0] == "prognose eind augustus")
    between = rows[rows.index(then) + 1 : rows.index(now)]
    assert [cells[0] for cells in between] == ["volume", "mix", "prijs", "late declaraties", "contract", "correctie"]
    amount = [cents(cells[1]) for cells in between]
    assert cents(then[1]) + sum(amount) == cents(now[1])


def cents(shown: str) -> int:
    return int(re.sub(r"[.,+]", "", shown))


@pytest.mark.parametrize("sees", ["products", "subcontractors"])
def test_no_forecast_gives_away_what_is_hidden(engine, sees):
    loaded = furnish(engine, sees=sees)
    frozen_year(engine, loaded)
    gerda = Looker(site(engine), MUNICIPALITY)
    for number in (3, 8, 12):
        search = f"?contract=1&until=2025-{number:02}"
        with reading(engine) as connection:
            scope = Scope(connection, 1)
            seen = tables(scope, look(scope, 1, Month(2025, number), Sight(sees)))
            whole = tables(scope, look(scope, 1, Month(2025, number)))
        assert seen is not None
        assert whole is not None
        hidden = {row.code for row in seen.products.rows if row.hidden}
        told = gerda.everything(search)
        for row in whole.products.rows:
            if row.code in hidden and row.forecast:
                assert f'"{euro_whole(row.forecast).removeprefix("€ ")}"' not in told, (number, row.code)
                assert row.code not in {other.code for other in seen.products.rows if other.forecast is not None}


def test_decisions_are_recorded_against_a_figure_by_both_and_brought_further(engine):
    loaded = furnish(engine)
    frozen_year(engine, loaded, range(7, 9))
    app = site(engine)
    carla, gerda = Looker(app, CONTROLLER), Looker(app, MUNICIPALITY)
    answer = deed(carla, "/overleg/besluit", figure="product:06A00", said="Uitsplitsen naar wijk", who="Carla",
                  due="2025-10-10", status="open")  # fmt: skip
    assert answer.headers["Location"].endswith("#deel-items")
    assert deed(gerda, "/overleg/besluit", figure="product:02A14", said="Bezien", who="", due="",
                status="decided").status_code == 303  # fmt: skip
    rows = [cells for cells in rows_of(gerda, AUGUST) if len(cells) == 6 and cells[5] in ("open", "besloten")]
    assert [cells[1:4] for cells in rows] == [
        ["Uitsplitsen naar wijk", "Carla", "10 oktober 2025"], ["Bezien", "", ""]
    ]  # fmt: skip
    assert re.fullmatch(r"06A00 .+, [+-]\d+,\d % \(€ [+-].+\)", rows[0][0])
    assert re.fullmatch(r"02A14 \w+", rows[1][0]), "a figure that is hidden from one is recorded for nobody"
    deed(gerda, "/overleg/besluit", number="1", status="done")
    assert "gedaan" in [cells[5] for cells in rows_of(carla, AUGUST) if len(cells) == 6]
    for wrong in ({"figure": "product:XX", "said": "x"}, {"figure": "total", "said": " "},
                  {"figure": "total", "said": "x", "due": "morgen"}, {"figure": "total", "said": "x", "status": "zo"}):  # fmt: skip
        deed(carla, "/overleg/besluit", **{"status": "open", **wrong})
    with reading(engine) as connection:
        assert len(items(Scope(connection, 1), 1)) == 2
    assert deed(Looker(app, PROVIDER), "/overleg/besluit", figure="total", said="x").status_code == 403
    assert deed(Looker(app, FAR_MUNICIPALITY), "/overleg/besluit", figure="total", said="x").status_code == 404


def deed(looker: Looker, path: str, **form: str) -> Any:
    token = csrf(looker.client, "/rol")
    fields = {"csrf_token": token, "contract": "1", "until": "2025-08", **form}
    return looker.client.post(path, data=fields)


def test_the_controller_freezes_the_forecast_of_the_month(engine):
    furnish(engine)
    app = site(engine)
    assert deed(Looker(app, MUNICIPALITY), "/overleg/prognose").status_code == 403
    carla = Looker(app, CONTROLLER)
    assert deed(carla, "/overleg/prognose").status_code == 303
    assert "We verwachten eind december" in carla.sentence(AUGUST)


@pytest.mark.parametrize("email", [CONTROLLER, MUNICIPALITY], ids=["controller", "municipality"])
def test_a_pack_is_what_stood_on_the_screen_and_stays_that(engine, email):
    loaded = furnish(engine)
    frozen_year(engine, loaded, range(7, 9))
    app = site(engine)
    looker = Looker(app, email)
    screen = rows_of(looker, AUGUST)
    assert deed(looker, "/overleg/vergaderstuk").status_code == 303
    links = [
        part["props"]["href"] for part in looker.parts(AUGUST) if "/vergaderstuk/" in str(part["props"].get("href"))
    ]
    assert len(links) == 2
    found = {link: looker.client.get(link) for link in links}
    book = next(answer.data for answer in found.values() if answer.data[:2] == b"PK")
    paper = next(answer.data for answer in found.values() if answer.data[:5] == b"%PDF-")
    cells = {str(cell) for name in CalamineWorkbook.from_filelike(io.BytesIO(book)).sheet_names
             for row in CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name(name).to_python()
             for cell in row}  # fmt: skip
    heads = {row[0].removesuffix("waarom?") for row in screen if len(row) > 6}
    shown = heads - {"Totaal", "Product", "Onderaannemer", "Prognose per"}
    assert shown
    assert all(any(name.endswith(cell) for cell in cells if cell) for name in shown)
    assert b"pdfaid" in paper
    deed(looker, "/overleg/besluit", figure="total", said="Later erbij", status="open")
    assert {link: looker.client.get(link).data for link in links} == {link: one.data for link, one in found.items()}
    other = Looker(app, MUNICIPALITY if email == CONTROLLER else CONTROLLER)
    assert [other.client.get(link).status_code for link in links] == [404, 404]
    assert Looker(app, PROVIDER).client.get(links[0]).status_code == 403
    if email == MUNICIPALITY:
        never = secrets_of(engine)
        for kind, secret in never.items():
            assert not {one for one in cells if one in secret}, kind


def test_the_meeting_takes_what_changed_most_first(engine):
    loaded = furnish(engine)
    frozen_year(engine, loaded, range(7, 9))
    carla = Looker(site(engine), CONTROLLER)
    first = carla.ask(YEAR, f"{AUGUST}&agenda=0").get_json()["response"]
    assert "Het jaar" in json.dumps(first)
    assert '"agenda-next"' in json.dumps(first)
    assert '"agenda-previous"' not in json.dumps(first)
    with reading(engine) as connection:
        scope = Scope(connection, 1)
        now, then = (tables(scope, look(scope, 1, Month(2025, number))) for number in (8, 7))
    made = agenda(now, then, ())
    weights = [abs(topic.weight) for topic in made if topic.weight is not None]
    assert weights == sorted(weights, reverse=True)
    assert [topic.figure for topic in made][:2] == ["total", "change"]
    assert carla.ask(YEAR, f"{AUGUST}&agenda=99").status_code == 200, "the last subject"
    assert carla.ask(YEAR, f"{AUGUST}&agenda=-1").status_code == 404


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
    assert far.ask(RECORD).get_json()["response"]["overleg-record"]["children"] == []
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
        "Over augustus komen de declaraties nog binnen. Eind augustus is geen prognose vastgelegd: dit is wat tot dan "
        "toe gerealiseerd is."
    )
    assert carla.sentence("?until=2025-01") == (
        "Tot en met januari is € 25 dzd van de € 231 dzd lumpsum (11 %) gebruikt. Over januari komen de declaraties nog "
        "binnen. Eind januari is geen prognose vastgelegd: dit is wat tot dan toe gerealiseerd is."
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
        assert euro(cents).removeprefix("€ ").lstrip("-") in told


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


def test_what_is_still_expected_stops_at_the_ceiling(engine):
    """Of 300 thousand that is late 100 thousand is paid: the rest lies above the ceiling, and costs nothing."""
    loaded = furnish(engine)
    frozen_year(engine, loaded, range(8, 9))
    capped = forecast(date(2025, 8, 31), line_of(months=[(90_000_000, 30_000_000, 0)], above=20_000_000))
    with reading(engine) as connection:
        looked = look(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, Month(2025, 8))
    assert looked.frozen is not None
    looked = replace(looked, frozen=replace(looked.frozen, forecast=capped))
    with site(engine).test_request_context():
        (made,) = [one for one in corridor_part(looked).notes if "declaraties die nog verwacht worden" in one]
        assert euro_short(Cents(10_000_000), "nl") in made
        assert euro_short(Cents(30_000_000), "nl") not in made


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


def warn(engine: Engine) -> None:
    """A signal about the year as a whole, and one about a subcontractor."""
    figures = {"budget": "22000000", "low80": "21000000", "high80": "23100000"}
    year = Crossing(Kind.YEAR, "year", Level.MAY, Cents(1_100_000), figures=figures)
    ceiling = Crossing(Kind.CEILING, "PXQ", Level.FACT, Cents(500), "99990101", figures={"above": "500"})
    raised = [Transition(EventKind.RAISED, one) for one in (year, ceiling)]
    with writing(engine) as connection:
        add_events(Scope(connection, 1), 1, raised, date(2026, 5, 31), AT)


def test_a_signal_about_the_year_is_a_line_under_the_sentence_for_both_and_a_link_for_one(engine):
    furnish(engine)
    carla, gerda = (Looker(site(engine), email) for email in (CONTROLLER, MUNICIPALITY))
    assert signal_line(carla) is signal_line(gerda) is None
    warn(engine)
    said = signal_line(gerda)
    assert said is not None
    assert words(said) == (
        "Het jaar komt met 80 % zekerheid uit tussen €\xa0210.000 en €\xa0231.000; de bovengrens ligt boven de "
        "€\xa0220.000 die beschikbaar is (signaal per 31 mei 2026)."
    )
    assert "signalen" not in json.dumps(said)
    own = signal_line(carla)
    assert own is not None
    assert words(own) == f"{words(said)} alle signalen"
    assert "/signalen?contract=1" in json.dumps(own)
    assert signal_line(carla, AUGUST) is None, "what is known now was not known then"


def signal_line(looker: Looker, search: str = "") -> Any:
    parts = looker.parts(search)
    return next((one for one in parts if one["props"].get("id") == "overleg-signals"), None)


def test_the_settlement_ahead_leads_to_what_if_for_who_may_look_there(engine):
    loaded = furnish(engine)
    frozen_year(engine, loaded, range(8, 9))
    told = {email: Looker(site(engine), email).everything(AUGUST) for email in (CONTROLLER, MUNICIPALITY, PROVIDER)}
    way = "/overleg/wat-als/?contract=1&until=2025-08"
    assert {email for email, text in told.items() if way in text} == {CONTROLLER, MUNICIPALITY}
    assert way.partition("?")[0] not in Looker(site(engine), CONTROLLER).everything("?contract=1&until=2025-05")
