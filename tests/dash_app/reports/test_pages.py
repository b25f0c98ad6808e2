"""Rapportages and Vergelijking as controller and municipality use them, and the quarterly figures of a provider."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from budgets.benchmark.model import Own
from budgets.benchmark.per_inhabitant import series
from budgets.benchmark.store import packed
from dash_app.desk.views import blueprint as desk
from dash_app.overview.views import blueprint as overview
from dash_app.reports.chart import draw
from dash_app.reports.views import blueprint
from lead_contractor.access import service
from lead_contractor.access.model import Role
from lead_contractor.kernel.money import Cents
from subcontractors.portal.views import blueprint as portal
from subcontractors.reports.views import blueprint as figures
from tests.klein import MASTER_KEY
from tests.klein_fixtures import klein_engine, klein_postgresql_template, klein_sqlite_template
from tests.people import CONTROLLER, MUNICIPALITY, PROVIDER, browser_of, csrf, new_lead_contractor, person, shell

__all__ = ["klein_engine", "klein_postgresql_template", "klein_sqlite_template"]
AT = datetime(2025, 10, 20, 9, 30, tzinfo=UTC)
FAR, STRANGER = "verre@voorbeeld.nl", "stien@voorbeeld.nl"
OWN, OTHER_NAME = "99990101", "Bureau Baardmannetje"
NEWER = b"municipality_code,municipality,year,spending_thousands,inhabitants\n1999,Voorbeeldgemeente,2023,7000,49300\n"


@dataclass(frozen=True)
class Site:
    app: Flask
    moment: list[datetime]

    def browser(self, email: str = CONTROLLER) -> FlaskClient:
        return browser_of(self.app, email)

    def press(self, client: FlaskClient, address: str, **form: Any) -> Any:
        data = {"csrf_token": csrf(client, "/rol"), **form}
        return client.post(address, data=data, follow_redirects=True)


@pytest.fixture
def site(klein_engine: Engine) -> Site:
    stranger = new_lead_contractor(klein_engine, "Hoofdaannemer Zuid", "42429999")
    for email, lead, role, party in (
        (CONTROLLER, 1, Role.CONTROLLER, ""),
        (PROVIDER, 1, Role.PROVIDER, OWN),
        (MUNICIPALITY, 1, Role.MUNICIPALITY, "1999"),
        (FAR, 1, Role.MUNICIPALITY, "0363"),
        (STRANGER, stranger, Role.CONTROLLER, ""),
    ):
        user = person(klein_engine, email, email.partition("@")[0].title())
        service.add_membership(klein_engine, user.id, lead, role, party)
    moment = [AT]
    app = shell(klein_engine, CLOCK=lambda: moment[0])
    for made in (
        overview(klein_engine, MASTER_KEY),
        desk(klein_engine, MASTER_KEY),
        blueprint(klein_engine),
        portal(klein_engine, MASTER_KEY, after_intake=lambda *_: None),
        figures(klein_engine),
    ):
        app.register_blueprint(made)
    return Site(app, moment)


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", page)))


def asked(site: Site) -> FlaskClient:
    client = site.browser()
    answer = site.press(
        client,
        "/rapportages/vragen",
        quarter="2025-Q3",
        kpi=["hours", "clients", "staff", "satisfaction"],
        note="Graag",
    )
    assert "Aan 6 onderaannemers zijn de kengetallen over kwartaal 3 gevraagd." in words_of(answer.text)
    return client


def test_asking_twice_and_asking_nothing_are_refused_in_words(site: Site):
    client = asked(site)
    assert "al gevraagd" in site.press(client, "/rapportages/vragen", quarter="2025-Q3", kpi=["hours"]).text
    assert "Kies kengetallen" in site.press(client, "/rapportages/vragen", quarter="2025-Q2").text
    assert "Kies een kwartaal" in site.press(client, "/rapportages/vragen", quarter="derde", kpi=["hours"]).text


def test_cost_budget_and_percentage_speak_of_the_same_thing(site: Site):
    """Whoever divides what was used by the budget finds the percentage; own cost stands apart and has no budget."""
    page = site.browser().get("/rapportages/2025-Q3").text
    short = page.partition('<dl class="totals">')[2].partition("</dl>")[0]
    said = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", short))
    cents = {name: int(re.sub(r"\D", "", value)) for name, value in said.items() if "€" in value}
    assert cents["Kosten"] == cents["Kosten van onderaannemers"] + cents["Eigen kosten"]
    assert cents["Eigen kosten"] > 0
    for used, budget, percent in (
        ("Gebruikt van dat budget", "Budget voor onderaannemers", "Uitnutting van dat budget"),
        *[tuple(f"{one} vanaf het begin van het contractjaar" for one in ("Gebruikt", "Budget", "Uitnutting"))],
    ):
        share = f"{100 * cents[used] / cents[budget]:.1f}".replace(".", ",")
        assert said[percent].replace("\u00a0", " ") == f"{share} %"
    sentence = words_of(page).replace("\u00a0", " ")
    assert "van onderaannemers en" in sentence
    shown = (said[one].replace("\u00a0", " ") for one in
             ("Budget voor onderaannemers", "Gebruikt van dat budget", "Uitnutting van dat budget"))  # fmt: skip
    assert "Van het budget voor onderaannemers ({}) is {} gebruikt, {}.".format(*shown) in sentence


def test_a_provider_hands_in_corrects_and_sees_only_itself(site: Site):
    asked(site)
    client = site.browser(PROVIDER)
    listed = words_of(client.get("/kwartaalopgaven/").text)
    assert "Er staat 1 kwartaal open." in listed
    assert "waarvan wij er 2 al weten" in listed
    page = client.get("/kwartaalopgaven/1/2025-Q3").text
    assert "Graag" in page
    assert 'name="value-hours"' in page
    assert OTHER_NAME not in page
    known = re.search(r'name="value-hours" value="([^"]+)"', page)
    assert known is not None
    form = {"value-hours": known[1], "value-clients": re.search(r'name="value-clients" value="([^"]+)"', page)[1]}  # type: ignore[index]
    wrong = site.press(client, "/kwartaalopgaven/1/2025-Q3", **form, **{"value-staff": "veel"})
    assert wrong.status_code == 422
    assert "Er is nog niets ingediend" in wrong.text
    assert 'value="veel"' in wrong.text, "what was typed stays"
    full = {**form, "value-staff": "4", "value-satisfaction": "8,4", "number-satisfaction": "12"}
    done = words_of(site.press(client, "/kwartaalopgaven/1/2025-Q3", **full).text)
    assert "Uw opgave over kwartaal 3 is ingediend." in done
    assert "U hebt alles ingediend" in done
    better = {**full, "value-staff": "5"}
    assert "Zeg in het veld Reden waarom" in site.press(client, "/kwartaalopgaven/1/2025-Q3", **better).text
    site.press(client, "/kwartaalopgaven/1/2025-Q3", **better, reason="Vergeten")
    assert "versie 2" in words_of(client.get("/kwartaalopgaven/1/2025-Q3").text)
    assert client.get("/kwartaalopgaven/1/2025-Q2").status_code == 404
    assert client.get("/kwartaalopgaven/1/kwartaal").status_code == 404
    assert client.get("/rapportages").status_code == 403
    assert "1 van 6 ingediend" in words_of(site.browser().get("/rapportages").text)
    assert "Vergeten" in site.browser().get("/rapportages/2025-Q3").text


def test_who_is_late_stands_on_both_desks(site: Site):
    asked(site)
    site.moment[0] = datetime(2025, 12, 1, 9, tzinfo=UTC)
    page = words_of(site.browser().get("/rapportages").text)
    assert "6 opgaven zijn te laat." in page
    assert OTHER_NAME in page
    own = words_of(site.browser(PROVIDER).get("/kwartaalopgaven/").text)
    assert "1 daarvan is te laat." in own


def test_the_municipality_sees_what_was_released_and_nothing_else(site: Site):
    client, gerda = asked(site), site.browser(MUNICIPALITY)
    assert "nog geen rapport vrijgegeven" in gerda.get("/rapportages").text
    assert gerda.get("/rapportages/2025-Q3").status_code == 404
    draft = client.get("/rapportages/2025-Q3").text
    assert "Concept: de gemeente ziet dit nog niet." in draft
    done = site.press(client, "/rapportages/2025-Q3/vrijgeven")
    assert "Vrijgegeven als versie 1" in done.text
    page = gerda.get("/rapportages/2025-Q3").text
    assert "Vrijgegeven, versie 1, peildatum 20 oktober 2025." in words_of(page)
    for never in (OTHER_NAME, "Kwikstaart", "9999010", "Geef vrij", "Carla", "Opgaven van onderaannemers"):
        assert never not in page, never
    assert gerda.get("/rapportages/2025-Q3?version=draft").status_code == 404
    assert gerda.get("/rapportages/2025-Q3?version=2").status_code == 404
    for kind, start in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("json", b"{")):
        answer = gerda.get(f"/rapportages/2025-Q3/bestand?format={kind}")
        assert answer.status_code == 200
        assert answer.data.startswith(start)
        assert b"Kwikstaart" not in answer.data
    assert gerda.get("/rapportages/2025-Q3/bestand?format=exe").status_code == 404
    assert site.press(gerda, "/rapportages/2025-Q3/vrijgeven").status_code == 403
    assert site.press(gerda, "/rapportages/vragen").status_code == 403
    far = site.browser(FAR)
    assert far.get("/rapportages/2025-Q3").status_code == 404
    assert far.get("/rapportages?contract=1").status_code == 404
    assert site.browser(STRANGER).get("/rapportages/2025-Q3").status_code == 404


def test_a_second_version_stands_beside_the_first(site: Site):
    client = site.browser()
    site.press(client, "/rapportages/2025-Q3/vrijgeven")
    assert "niets veranderd" in site.press(client, "/rapportages/2025-Q3/vrijgeven", reason="Zomaar").text
    site.moment[0] = datetime(2025, 12, 1, 9, tzinfo=UTC)
    assert "volgende versie" in site.press(client, "/rapportages/2025-Q3/vrijgeven").text
    assert "versie 2" in site.press(client, "/rapportages/2025-Q3/vrijgeven", reason="Nagekomen regels").text
    page = words_of(site.browser(MUNICIPALITY).get("/rapportages").text)
    assert "Nagekomen regels" in page
    assert "(vervangen)" in page


def test_the_comparison_shows_gaps_and_breaks_as_such(site: Site):
    for email in (CONTROLLER, MUNICIPALITY):
        page = site.browser(email).get("/vergelijking").text
        assert "€ 135,88" in page
        assert "geen cijfer bekend" in page
        assert "breuk:" in page
        assert "inwonertal van" in page
    assert "Nieuwere tabel inlezen" not in site.browser(MUNICIPALITY).get("/vergelijking").text
    assert b"1911,Hollands Kroon,2022,6658,49000" in site.browser().get("/vergelijking?format=csv").data.replace(
        b";", b","
    )


def test_a_newer_table_is_taken_in_as_a_version_or_told_what_is_wrong(site: Site):
    client = site.browser()

    def send(content: bytes, source: str = "CBS") -> Any:
        data = {"csrf_token": csrf(client, "/rol"), "source": source, "table": (io.BytesIO(content), "nieuw.csv")}
        return client.post(
            "/vergelijking/inlezen", data=data, content_type="multipart/form-data", follow_redirects=True
        )

    bad = send(NEWER.replace(b"2023", b"20x3"))
    assert bad.status_code == 422
    assert "rij 2, kolom year" in bad.text
    assert "ingelezen als versie 1" in send(NEWER).text
    assert "al ingelezen" in send(NEWER).text
    assert "Noem de bron" in send(NEWER + b"1999,Voorbeeldgemeente,2024,7100,49500\n", " ").text
    assert "€ 141,99" in client.get("/vergelijking").text
    assert "€ 135,88" in client.get("/vergelijking?version=0").text
    assert client.get("/vergelijking?version=9").status_code == 404
    assert (
        "€ 135,88" in site.browser(STRANGER).get("/vergelijking").text
        or "nog geen contractjaar" in site.browser(STRANGER).get("/vergelijking").text
    )
    assert site.press(site.browser(MUNICIPALITY), "/vergelijking/inlezen").status_code == 403
    assert "Kies een bestand" in site.press(client, "/vergelijking/inlezen").text


def test_pages_speak_english(site: Site):
    asked(site)
    for email, pages in (
        (CONTROLLER, ("/rapportages", "/rapportages/2025-Q3", "/vergelijking")),
        (PROVIDER, ("/kwartaalopgaven/", "/kwartaalopgaven/1/2025-Q3")),
    ):
        client = site.browser(email)
        client.post("/taal", data={"csrf_token": csrf(client, "/rol"), "language": "en", "next": "/"})
        for page in pages:
            text = words_of(client.get(page).text)
            for dutch in ("Kengetal", "kwartaal", "Vrijgeven", "Toelichting", "inwoner "):
                assert dutch not in text, (page, dutch)


def test_the_chart_joins_no_gap_and_keeps_names_apart():
    own = [Own("1911", "Hollands Kroon", 2025, Cents(7_000_000_00), 49_000, complete=True, contract="HK-2025")]
    chart = draw(series(packed().rows, own), "1911")
    assert chart is not None
    by_name = {one.series.municipality: one for one in chart.drawn}
    assert len(by_name["Doetinchem"].lines) == 2
    assert len(by_name["Doetinchem"].dots) == 4
    assert len(by_name["Hollands Kroon"].lines) == 4
    assert len(by_name["Hollands Kroon"].diamonds) == 1, "our own year stands apart"
    assert [one.series.municipality for one in chart.drawn if one.ours] == ["Hollands Kroon"]
    heights = sorted(one.label_y for one in chart.drawn)
    assert all(later - earlier >= 15 for earlier, later in pairwise(heights))
    assert [year for year, _ in chart.years] == list(range(2018, 2026))
    assert draw((), "1911") is None
