"""The page of early warnings: what crosses, why, what to do, acknowledging, and the candidates for notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine

from budgets.forecast.store import save
from budgets.signals.model import Crossing, Kind, Level
from budgets.signals.service import evaluate
from dash_app.desk.signal_words import said
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode
from tests.budgets.variance.forecasts_of import KWIKSTAART, forecast, line
from tests.dash_app.desk.conftest import Site
from tests.dash_app.desk.test_pages import words_of
from tests.people import MUNICIPALITY, PROVIDER

AT = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
WINTER = date(2026, 1, 31)
DUTCH = ("Vraagt aandacht", "Afvinken", "Budget van", "Plafond", "Signaalgrens", "Verwacht", "sinds", "waarom", "Voorbij",
         "Kandidaten", "zekerheid", "onderaannemers", "maanden", "Leg vast", "Niemand")  # fmt: skip


def warn(engine: Engine) -> None:
    """A year that may cost more than there is, and what the declarations of the example themselves make of ceilings."""
    lines = [line("99990109", "", FormCode.LUMP_SUM, months=[(9_000_000, 0, 500_000)]),
             line(product="01A04", months=[(2_500_000, 0, 0)])]  # fmt: skip
    with writing(engine) as connection:
        scope = Scope(connection, 1)
        save(scope, 1, forecast(WINTER, *lines, budget=12_500_000, width=700_000), "x" * 64, AT, afterwards=True)
        evaluate(scope, 1, WINTER, AT)


def silence(engine: Engine) -> None:
    """De Kwikstaart delivered nothing since June 2024."""
    with writing(engine) as connection:
        scope = Scope(connection, 1)
        scope.sql(f"DELETE FROM balance WHERE lead_contractor_id = :lead AND subcontractor = '{KWIKSTAART}'")
        late = "service_month > '2024-06'"
        scope.sql(
            f"DELETE FROM history_row WHERE lead_contractor_id = :lead AND {late} AND subcontractor = '{KWIKSTAART}'"
        )
        evaluate(scope, 1, date(2025, 12, 31), AT)


def see(site: Site, client: Any, key: str, note: str) -> str:
    return words_of(site.press(client, "/signalen", key=key, note=note).text)


def test_signals_stand_by_euros_with_why_and_what_to_do(site: Site):
    warn(site.engine)
    client = site.browser()
    page = client.get("/signalen").text
    said = words_of(page)
    assert (
        "Het jaar komt met 80 % zekerheid uit tussen € 113.000 en € 127.000; de bovengrens ligt boven de € 125.000"
        in said
    )
    assert "Bespreek in het financieel overleg" in said
    assert (
        "De productie ligt € 8.855,37 boven het plafond van € 16.500,00. Crisis en specifieke zorg (€ 7.827,42) worden "
        "altijd betaald: te betalen € 24.327,42, onbetaald € 1.027,95."
    ) in said
    assert said.index("Budget van het jaar:") < said.index("Plafond van een overeenkomst:")
    assert "Thuishulp De Kwikstaart · 01A04" in said
    why = page[page.index("/waarom?") :].partition('"')[0].replace("&amp;", "&")
    assert client.get(why).status_code == 200


def leave(engine: Engine) -> None:
    """A year of which much stays unused: of the whole, of a line, and so much that money goes back."""
    with writing(engine) as connection:
        scope = Scope(connection, 1)
        lines = [line("99990109", "", FormCode.LUMP_SUM, months=[(6_000_000, 0, 500_000)])]
        save(scope, 1, forecast(WINTER, *lines, budget=10_000_000, width=100_000), "x" * 64, AT, afterwards=True)
        evaluate(scope, 1, WINTER, AT)


def test_what_stays_unused_is_told_with_what_to_do_in_both_languages(site: Site):
    leave(site.engine)
    client = site.browser()
    said = words_of(client.get("/signalen").text)
    assert (
        "Voor de onderaannemers is € 100.000 beschikbaar; het jaar komt met 80 % zekerheid uit tussen € 64.000 en "
        "€ 66.000. Ook de bovengrens ligt meer dan 5 % lager."
    ) in said
    assert "Zoek nu uit waarom" in said
    assert "ook de ondergrens ligt boven de maximale marge" in said
    assert "terug naar de gemeente" in said
    for kind in ("under_use_year", "margin"):
        page = client.get(f"/signalen?kind={kind}").text
        why = page[page.index("/waarom?") :].partition('"')[0].replace("&amp;", "&")
        assert client.get(why).status_code == 200
    site.press(client, "/taal", language="en", next="/signalen")
    said = words_of(client.get("/signalen").text)
    assert "The upper bound too lies more than 5% below it." in said
    assert "the lower bound too lies above the maximum margin" in said
    assert [word for word in (*DUTCH, "blijft liggen", "Marge boven") if word in said] == []


def test_what_is_certain_is_told_without_a_band(site: Site):
    crossed = Crossing(Kind.UNDER_USE, "99990101/01A03", Level.ALMOST_SURE, Cents(100_000), figures={
        "budget": "500000", "realised": "400000", "point": "400000", "low80": "400000", "high80": "400000", "percent": "5",
    })  # fmt: skip
    above = {
        "cap": "300000",
        "cap_percent": "4.5",
        "low80": "400000",
        "high80": "400000",
        "excess": "100000",
        "repaid": "0",
    }

    def told(one: Crossing) -> str:
        return said(one).replace("\u00a0", " ")

    with site.app.test_request_context():
        assert told(crossed) == "Het budget is € 5.000; het jaar komt uit op € 4.000, meer dan 5 % lager."
        assert told(replace(crossed, kind=Kind.UNDER_USE_YEAR)).startswith("Voor de onderaannemers is € 5.000")
        nothing = replace(crossed, figures={**crossed.figures, "low80": "0", "high80": "0"})
        assert told(nothing) == "Er is een budget van € 5.000 en er wordt niets op verwacht."
        assert told(replace(crossed, kind=Kind.MARGIN, figures=above)) == (
            "Het resultaat komt uit op € 4.000, boven de maximale marge van 4,5 % (€ 3.000). "
            "Naar verwachting ligt € 1.000 daarboven."
        )


def test_a_signal_is_acknowledged_with_a_note_and_stays_in_sight(site: Site):
    warn(site.engine)
    client = site.browser()
    assert "is afgevinkt" in see(site, client, "year:budget", "Besproken, BSN 999900006 erbij")
    said = words_of(client.get("/signalen").text)
    assert "Gezien en nog niet voorbij" in said
    assert "Besproken, BSN ••••••••• erbij" in said
    assert "Schrijf op wat ermee gebeurt" in see(site, client, "ceiling:PXQ-02", "  ")


def test_one_kind_can_be_looked_at(site: Site):
    warn(site.engine)
    client = site.browser()
    said = words_of(client.get("/signalen?kind=ceiling").text)
    assert said.count("waarom?") == 1
    assert "Budget van het jaar:" not in said
    assert client.get("/signalen?kind=elsewhere").status_code == 404


def test_signals_come_as_a_file(site: Site):
    warn(site.engine)
    client = site.browser()
    csv = client.get("/signalen?format=csv").text
    assert "Budget van het jaar" in csv
    assert ";2000,00;" in csv
    assert client.get("/signalen?format=xlsx").status_code == 200


def test_candidates_for_notice_and_their_exemption(site: Site):
    silence(site.engine)
    client = site.browser()
    said = words_of(client.get("/signalen").text)
    assert "Sinds juni 2024 is geen zorg meer gedeclareerd: 18 maanden lang." in said
    assert "Thuishulp De Kwikstaart kandidaat" in said
    form = {"subcontractor": KWIKSTAART, "reason": "satisfaction", "note": "Onderzoek onder cliënten"}
    refused = site.press(client, "/signalen/opzegging", **form)
    assert "Geef een cijfer van 0 tot en met 10" in words_of(refused.text)
    for score in ("acht", "NaN"):
        assert "Schrijf een cijfer" in words_of(site.press(client, "/signalen/opzegging", **form, score=score).text)
    done = words_of(site.press(client, "/signalen/opzegging", **form, score="8,7", measured_on="2025-10-01").text)
    assert "De uitzondering is vastgelegd" in done
    assert "Thuishulp De Kwikstaart uitgezonderd" in done
    assert "tevreden cliënten: 8,7, gemeten op 1 oktober 2025" in done
    late = words_of(site.press(client, "/signalen/opzegging", **form, score="8,7", measured_on="2024-10-01").text)
    assert "telt niet (meer)" in late
    assert "Thuishulp De Kwikstaart kandidaat" in late


def test_before_anybody_looked_there_is_a_page(site: Site):
    assert "nog niet naar signalen gekeken" in words_of(site.browser().get("/signalen").text)


def test_the_page_in_english(site: Site):
    warn(site.engine)
    silence_client = site.browser()
    site.press(silence_client, "/taal", language="en", next="/signalen")
    said = words_of(silence_client.get("/signalen").text)
    assert "the upper bound lies above the € 125,000 that is available" in said
    assert [word for word in DUTCH if word in said] == []


def test_the_overview_counts_what_nobody_saw(site: Site):
    assert "signalen vragen aandacht" not in words_of(site.browser().get("/overzicht").text)
    warn(site.engine)
    client = site.browser()
    before = words_of(client.get("/overzicht").text)
    count = int(before.partition(" signalen vragen aandacht")[0].rsplit(" ", 1)[1])
    see(site, client, "year:budget", "gezien")
    assert f"{count - 1} signalen vragen aandacht" in words_of(client.get("/overzicht").text)


def test_only_the_lead_contractor_has_the_page(site: Site):
    for email in (PROVIDER, MUNICIPALITY):
        client = site.browser(email)
        assert client.get("/signalen").status_code == 403
