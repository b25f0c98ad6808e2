"""The budget as two controllers use it: look as of a day, amend, compare, and let something pass a limit."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from budgets.plan.version_store import amendments
from dash_app.desk.budget_form import cents_of
from dash_app.desk.views import blueprint
from dash_app.overview.views import blueprint as overview
from lead_contractor.access import service as access
from lead_contractor.access.model import Role
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.tenancy import Scope
from tests.budgets.limits.scene import WELZIJNSWERK, limit, year_with
from tests.dash_app.desk.conftest import SECOND, STRANGER, Site
from tests.klein import MASTER_KEY
from tests.people import CONTROLLER, MUNICIPALITY, PROVIDER, browser_of, csrf, person, shell

LINE, OTHER = "01A04/99990101", "02A03/99990102"


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def press(client: FlaskClient, address: str, **form: str) -> str:
    answer = client.post(address, data={"csrf_token": csrf(client, "/budget"), **form}, follow_redirects=True)
    return words_of(answer.text)


def test_the_budget_opens_on_what_was_used_and_what_is_left(site: Site):
    said = words_of(site.browser().get("/budget?day=2025-08-31").text)
    assert "Van € 173.600 is € 125.541 gebruikt en € 48.059 over, waarvan € 16.608 al verplicht is" in said
    assert "stand van 31 augustus 2025" in said
    assert "01A04 · Thuishulp De Kwikstaart" in said
    assert "Van 7 open toewijzingen is geen bedrag te bepalen" in said


@pytest.mark.parametrize(
    ("by", "shown"),
    [
        ("product", "01A04 Hulp bij het huishouden"),
        ("subcontractor", "Kortverblijf Kraanvogel"),
        ("form", "lumpsum per fte"),
        ("area", "Buitenpolder"),
        ("client_group", "psychische kwetsbaarheid"),
        ("month", "aug 2025"),
    ],
)
def test_the_same_can_be_seen_in_every_way_and_taken_along(site: Site, by: str, shown: str):
    client = site.browser()
    assert shown in words_of(client.get(f"/budget?by={by}&day=2025-08-31").text)
    answer = client.get(f"/budget?by={by}&day=2025-08-31&format=csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))
    assert rows[-1]["Gebruikt"] == "125541,22"
    used = [int(row["Gebruikt"].replace(",", "")) for row in rows]
    assert sum(used[:-1]) == used[-1]


def test_what_cannot_be_asked_is_not_there(site: Site):
    client = site.browser()
    for query in ("day=31-08-2025", "by=nothing", "version=2", "with=9", "contract=99"):
        assert client.get(f"/budget?{query}").status_code == 404, query


def test_a_transfer_is_proposed_by_one_and_approved_by_another(site: Site):
    first, second = site.browser(), site.browser(SECOND)
    form = {"kind": "transfer", "line": LINE, "to": OTHER, "amount": "€ 600,00", "first": "2025-07",
            "last": "2025-12", "valid_from": "2025-07-01", "reason": "Minder instroom"}  # fmt: skip
    said = press(first, "/budget", **form)
    assert "Voorstel 1 staat klaar voor een tweede persoon" in said
    assert "U hebt dit voorgesteld; een collega keurt het goed" in said
    assert "Keur goed" not in said
    assert "Vraag een collega" in press(first, "/budget/1/oordeel", verdict="approve")
    page = second.get("/budget").text
    assert "Keur goed" in page
    seen = re.search(r'name="content_hash" value="([0-9a-f]{64})"', page)
    assert seen is not None
    assert "niet het voorstel dat u zag" in press(second, "/budget/1/oordeel", verdict="approve", content_hash="0" * 64)
    said = press(second, "/budget/1/oordeel", verdict="approve", content_hash=seen[1])
    assert "Voorstel 1 is goedgekeurd" in said
    assert "overheveling: Minder instroom" in said
    assert "akkoord Dirk" in said
    said = words_of(first.get("/budget?day=2025-08-31&with=1").text)
    assert "Versie 1 naast versie 2" in said
    assert "01A04 · Thuishulp De Kwikstaart € 14.700,00 € 14.100,00 € -600,00" in said
    assert "€ 14.100" in said.split("Versie 1 naast")[0]
    before = words_of(first.get("/budget?day=2025-06-30&version=0").text)
    assert "€ 14.700" in before.split("Versies")[0], "in June the first version held"
    site.proved()


def test_a_new_line_is_made_for_a_product_or_a_subcontractor(site: Site):
    client = site.browser()
    form = {"kind": "change", "line": LINE, "reason": "Nieuw"}
    press(client, "/budget", **form, amount="1.200", product="07a01", subcontractor="99990103")
    press(client, "/budget", **form, amount="600", product="07A02", first="2025-07")
    with reading(site.engine) as connection:
        made = [{one.place: one.cents for one in two.changes} for two in amendments(Scope(connection, 1), 1)]
    assert made == [{("07A01", "99990103"): 100_00}, {("07A02", ""): 100_00}]
    assert "doet in dit contract niet mee" in press(
        client, "/budget", **form, amount="5", product="07A01", subcontractor="12345678"
    )
    assert "twee tot vijf letters" in press(client, "/budget", **form, amount="5", product="7")


def test_a_change_per_inhabitant_and_one_that_is_taken_back(site: Site):
    client = site.browser()
    press(client, "/budget", kind="change", line=LINE, amount="138,27", inhabitants="49.000", reason="Bevolking")
    with reading(site.engine) as connection:
        (made,) = amendments(Scope(connection, 1), 1)
    assert made.sum_in(1) == 6_775_230_00
    assert "Geef een reden" in press(client, "/budget/1/oordeel", verdict="reject", reason="")
    said = press(client, "/budget/1/oordeel", verdict="reject", reason="Vergissing")
    assert "Voorstel 1 is afgewezen en blijft bewaard" in said
    assert "afgewezen door Carla: Vergissing" in said


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"amount": "veel"}, "Schrijf een bedrag in euro's"),
        ({"line": "99X99/12345678"}, "Kies een begrotingsregel"),
        ({"reason": " "}, "Geef een reden"),
        ({"first": "2025-09", "last": "2025-03"}, "in die volgorde"),
        ({"first": "maart"}, "Schrijf een maand"),
        ({"valid_from": "morgen"}, "Schrijf een dag"),
        ({"inhabitants": "-5"}, "heel getal"),
        ({"amount": "-99.999,00"}, "blijft er op de regel"),
        ({"kind": "carry_over"}, "laat niet toe"),
        ({"kind": "next_year"}, "nog geen contract voor het volgende jaar"),
    ],
)
def test_what_cannot_be_is_refused_in_words(site: Site, form: dict[str, str], why: str):
    whole = {"kind": "change", "line": LINE, "amount": "100", "reason": "x", **form}
    assert why in press(site.browser(), "/budget", **whole)
    with reading(site.engine) as connection:
        assert amendments(Scope(connection, 1), 1) == ()


@pytest.mark.parametrize(
    ("text", "cents"),
    [("1.234,56", 123456), ("1234,56", 123456), ("1234.56", 123456), ("€ 1.250", 125000), ("-3,1", -310)],
)
def test_an_amount_as_people_type_it(text: str, cents: int):
    assert cents_of(text) == cents


@pytest.mark.parametrize("text", ["", "1,234,5", "12,345", "veel", "1e3"])
def test_what_is_no_amount(text: str):
    with pytest.raises(Refusal):
        cents_of(text)


def test_others_stay_outside(site: Site):
    for email in (PROVIDER, MUNICIPALITY):
        client = site.browser(email)
        for address in ("/budget", "/budget/grenzen", "/budget?format=csv"):
            assert client.get(address).status_code == 403, (email, address)
        token = csrf(client, "/rol")
        for address in ("/budget", "/budget/grenzen", "/budget/1/oordeel"):
            assert client.post(address, data={"csrf_token": token}).status_code == 403
    stranger = site.browser(STRANGER)
    assert stranger.get("/budget?contract=1").status_code == 404
    assert "Kwikstaart" not in stranger.get("/budget").text


def test_the_pages_speak_english(site: Site):
    client = site.browser()
    client.post("/taal", data={"csrf_token": csrf(client, "/budget"), "language": "en", "next": "/budget"})
    said = words_of(client.get("/budget?day=2025-08-31").text)
    assert "What did we know on" in said
    assert "€ 48,059 left, of which € 16,608 is committed already" in said
    assert "The contract sets no limits" in words_of(client.get("/budget/grenzen").text)


NOW = datetime(2026, 4, 30, 9, tzinfo=UTC)


@pytest.fixture
def limited(engine: Engine, tmp_path: Path) -> tuple[FlaskClient, FlaskClient]:
    """Two controllers of a year in which nobody is paid above three quarters of the budget without another."""
    year = year_with(engine, tmp_path / "year", limit("subcontractor", "hold", "75", "second_controller"))
    app = shell(engine, CLOCK=lambda: NOW)
    app.register_blueprint(overview(engine, MASTER_KEY))
    app.register_blueprint(blueprint(engine, MASTER_KEY))
    for email in (CONTROLLER, SECOND):
        user = person(engine, email, email.partition("@")[0].title())
        access.add_membership(engine, user.id, year.lead, Role.CONTROLLER)
    return browser_of(app, CONTROLLER), browser_of(app, SECOND)


def test_a_payment_above_the_limit_waits_for_another(limited: tuple[FlaskClient, FlaskClient]):
    first, second = limited
    said = press(first, "/betalingen", until="2026-04-30", agb=WELZIJNSWERK)
    assert "€ 6.000,00 is aangehouden omdat het boven de begroting komt" in said
    assert "€ 18.000,00" in said
    page = first.get("/budget/grenzen").text
    said = words_of(page)
    assert "Boven 75 % van de begroting van elke onderaannemer: aanhouden, tenzij een andere controller" in said
    link = next(one for one in re.findall(r'href="([^"]*deed=payment[^"]*)"', page) if WELZIJNSWERK in one)
    assert "most=24000,00" in unescape(link).replace("%2C", ",")
    form = {"kind": "subcontractor", "line": WELZIJNSWERK, "deed": "payment", "subject": WELZIJNSWERK,
            "most": "24.000,00", "reason": "Met de gemeente besproken"}  # fmt: skip
    assert "Doorgelaten: dit geldt één keer" in press(first, "/budget/grenzen", **form)
    refused = press(first, "/betalingen", until="2026-04-30", agb=WELZIJNSWERK)
    assert "Laat een andere controller het met een reden doorlaten" in refused, "not by whoever let it pass"
    press(second, "/betalingen", until="2026-04-30", agb=WELZIJNSWERK)
    said = words_of(first.get("/budget/grenzen").text)
    assert "Met de gemeente besproken" in said
    assert "betaalbatch 2" in said
    for wrong in ({"kind": "product"}, {"reason": ""}, {"most": "x"}, {"line": "x" * 9}):
        assert "Doorgelaten" not in press(first, "/budget/grenzen", **{**form, **wrong})
