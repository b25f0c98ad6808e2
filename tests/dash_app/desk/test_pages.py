"""The desk as two controllers use it: exceptions, decisions on many lines, the history of a line, and payments."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape

import pytest
from sqlalchemy import Connection

from dash_app.desk.model import Choice
from dash_app.overview.desk import REFUSED
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations.tables import declaration_line
from tests.dash_app.desk.conftest import SECOND, STRANGER, Site
from tests.people import MUNICIPALITY, PROVIDER

PAGES = (
    "/te-besluiten",
    "/signalen",
    "/te-besluiten/regels",
    "/besluiten",
    "/betalingen",
    "/verzoeken",
    "/maandsluiting",
)


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", page)))


def line(site: Site, reference: str) -> int:
    with site.scope() as connection:
        scope = Scope(connection, 1)
        rows = scope.rows(scope.select(declaration_line.c.id).where(declaration_line.c.reference == reference))
    return int(rows[-1].id)


def test_exceptions_are_grouped_by_cause_and_sorted_by_money(site: Site):
    said = words_of(site.browser().get("/te-besluiten").text)
    assert "17 regels vragen een besluit, samen € 5.223,24, met 11 oorzaken" in said
    amounts = [int(found.replace(".", "").replace(",", "")) for found in re.findall(r"€ ([\d.]+,\d\d)", said)]
    assert amounts[1:12] == sorted(amounts[1:12], reverse=True)
    assert sum(amounts[1:12]) == 522_324


def test_a_choice_survives_in_the_address_and_can_be_kept_by_name(site: Site):
    client = site.browser()
    page = site.press(client, "/te-besluiten/filters?code=9321&sender=99990102", name="Baardmannetje volume").text
    assert "Baardmannetje volume" in page
    assert "sender=99990102&amp;code=9321" in page
    assert "Baardmannetje volume" not in site.browser(SECOND).get("/te-besluiten").text, "a filter is one's own"
    page = site.press(client, "/te-besluiten/filters/weg", name="Baardmannetje volume").text
    assert "Baardmannetje volume" not in page
    assert "naam" in words_of(site.press(client, "/te-besluiten/filters", name="x" * 61).text)


def test_from_exception_to_payment_the_history_tells_each_step(site: Site):
    first, second, number = site.browser(), site.browser(SECOND), line(site, "R2502-00011")
    answer = site.press(
        first, "/te-besluiten/regels?code=9321", line=str(number), kind="override", reason="Afgesproken"
    )
    assert "Besluit vastgelegd voor 1 regel." in answer.text
    assert "een collega oordeelt" in words_of(answer.text)
    own = site.press(first, "/besluiten/1/oordeel", verdict="approve", reason="ja")
    assert "Vraag een collega" in words_of(own.text)
    done = site.press(second, "/besluiten/1/oordeel", verdict="approve", reason="Akkoord")
    assert "✓ gedaan" in words_of(done.text)
    twice = site.press(second, "/besluiten/1/oordeel", verdict="approve", reason="Akkoord")
    assert "al geoordeeld door Dirk" in words_of(twice.text)
    story = words_of(first.get(f"/regels/{number}").text)
    assert "€ 725,40, doorgelaten met een besluit, betaalbaar tot en met 20 juli 2026" in story
    for step in (
        "2025-03-17-99990102-D2502002.csv",
        "9321",
        "Besluit 1",
        "Afgesproken",
        "Akkoord",
        "Nog in geen betaal",
    ):
        assert step in story
    site.press(first, "/betalingen", until="2026-07-31", agb="99990102")
    site.press(second, "/betalingen/1/oordeel", verdict="approve")
    site.press(second, "/betalingen/1/uitvoeren", day="2026-06-20")
    story = words_of(first.get(f"/regels/{number}").text)
    assert "betaald op 20 juni 2026" in story
    assert "Betaalbatch 1: betaald op 20 juni 2026, € 725,40" in story
    site.proved()


def test_many_lines_of_a_choice_in_one_decision_with_a_result_for_each(site: Site):
    client = site.browser()
    page = site.press(client, "/te-besluiten/regels", every="1", kind="override", reason="Alles bekeken")
    said = words_of(page.text)
    assert "Besluit vastgelegd voor 2 regels." in said
    assert "8× De hele declaratie is afgewezen" in said
    assert "15 regels vragen een besluit" in words_of(client.get("/te-besluiten").text)
    site.press(client, "/te-besluiten/regels", every="1", kind="leave", reason="Terecht afgewezen")
    assert "Er is niets te besluiten" in words_of(client.get("/te-besluiten").text)
    assert "15 regels (afgewezen gelaten)" in words_of(client.get("/te-besluiten?stand=left").text)
    assert "2 regels (voorgesteld)" in words_of(client.get("/te-besluiten?stand=proposed").text)


def test_a_decision_without_a_reason_or_lines_is_told_and_nothing_happens(site: Site):
    client = site.browser()
    assert "Geef een reden" in site.press(client, "/te-besluiten/regels", every="1", kind="leave", reason=" ").text
    assert "ten minste een" in site.press(client, "/te-besluiten/regels", kind="leave", reason="x").text
    assert "Kies wat er" in site.press(client, "/te-besluiten/regels", every="1", kind="withdraw", reason="x").text
    assert "Er is nog niets besloten" in client.get("/besluiten").text


def test_a_run_is_made_approved_by_another_executed_and_turned_back(site: Site):
    first, second = site.browser(), site.browser(SECOND)
    page = words_of(site.press(first, "/betalingen", until="2026-06-20", agb="99990104").text)
    assert "Betaalbatch 1: € 24.000,00 aan één onderaannemer, goed te keuren" in page
    assert "niets te betalen" in words_of(site.press(first, "/betalingen", until="2026-06-20", agb="99990104").text)
    assert "Vraag een collega" in words_of(site.press(first, "/betalingen/1/oordeel", verdict="approve").text)
    wrong = site.press(second, "/betalingen/1/oordeel", verdict="approve", content_hash="0" * 64)
    assert "niet de betaalbatch die u zag" in words_of(wrong.text)
    assert "uit te voeren" in words_of(site.press(second, "/betalingen/1/oordeel", verdict="approve").text)
    assert "uitgevoerd op 20 juni 2026" in words_of(site.press(second, "/betalingen/1/uitvoeren").text)
    assert "al uitgevoerd" in words_of(site.press(second, "/betalingen/1/uitvoeren").text)
    site.proved()
    back = site.press(second, "/betalingen/1/terug", agb="99990104", reason="IBAN opgeheven")
    assert "teruggekomen op 20 juni 2026" in words_of(back.text)
    assert "al teruggedraaid" in words_of(site.press(second, "/betalingen/1/terug", agb="99990104", reason="x").text)
    site.proved()


def test_a_stranger_gets_nothing_by_guessing_numbers(site: Site):
    first = site.browser()
    site.press(first, "/te-besluiten/regels", every="1", kind="override", reason="Geheim van Noord")
    site.press(first, "/betalingen", until="2026-06-20", agb="99990104")
    stranger = site.browser(STRANGER)
    for address in ("/besluiten/1", "/betalingen/1", f"/regels/{line(site, 'R2502-00011')}", "/te-besluiten/regels"):
        assert stranger.get(address).status_code == 404, address
    token = re.search(r'name="csrf_token" value="([^"]+)"', stranger.get("/betalingen").text)
    assert token is not None
    for address in (
        "/besluiten/1/oordeel",
        "/besluiten/1/intrekken",
        "/betalingen/1/oordeel",
        "/betalingen/1/uitvoeren",
        "/betalingen/1/terug",
        "/te-besluiten/regels?contract=1",
        "/verzoeken/1?contract=1",
    ):
        form = {"csrf_token": token[1], "verdict": "approve", "reason": "x", "agb": "99990104", "kind": "leave"}
        assert stranger.post(address, data={**form, "answer": "grant"}).status_code == 404, address
    assert "goed te keuren" in words_of(first.get("/betalingen/1").text)


@pytest.mark.parametrize("email", [PROVIDER, MUNICIPALITY])
def test_the_desk_is_for_the_controller_alone(site: Site, email: str):
    client = site.browser(email)
    for address in (*PAGES, "/besluiten/1", "/betalingen/1", "/regels/1"):
        assert client.get(address).status_code == 403, address


@pytest.mark.parametrize("address", ["/te-besluiten", "/te-besluiten/regels", "/betalingen", "/maandsluiting"])
def test_every_table_comes_as_a_file_without_formulas(site: Site, address: str):
    with site.scope() as connection:
        scope = Scope(connection, 1)
        scope.sql("UPDATE declaration_line SET reference = '=1+1' WHERE lead_contractor_id = :lead AND codes <> 0")
    client = site.browser()
    csv = client.get(f"{address}?format=csv")
    assert csv.mimetype == "text/csv"
    assert ";=1+1" not in csv.text
    book = client.get(f"{address}?format=xlsx")
    with zipfile.ZipFile(io.BytesIO(book.data)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_english_at_a_click_and_nothing_dutch_left_on_the_desk(site: Site):
    client = site.browser()
    site.press(client, "/taal", language="en", next="/te-besluiten")
    said = words_of(client.get("/te-besluiten").text)
    assert "17 lines ask for a decision, together € 5,223.24, with 11 causes" in said
    for address in PAGES:
        page = words_of(client.get(address).text)
        for dutch in ("Te besluiten", "Betalingen ", "Onderaannemer", "Toewijzing ", "Bedrag", "wacht", "Samen "):
            assert dutch not in page, (address, dutch)


def test_addresses_that_cannot_be_are_not_there(site: Site):
    client = site.browser()
    for address in ("/te-besluiten?code=1234", "/te-besluiten?sender=%27", "/te-besluiten?stand=x", "/regels/0",
                    "/regels/99999999999999999999", "/besluiten/77", "/betalingen/77", "/te-besluiten?product=toolong"):  # fmt: skip
        assert client.get(address).status_code == 404, address


def test_closing_a_month_follows_the_checklist(site: Site):
    client = site.browser()
    page = words_of(client.get("/maandsluiting").text)
    assert "jan 2025 kan worden afgesloten" in page
    assert "2025-01 is afgesloten" in words_of(site.press(client, "/maandsluiting", act="close", month="2025-01").text)
    assert "kan nog niet" in words_of(site.press(client, "/maandsluiting", act="close", month="2025-05").text)
    back = site.press(client, "/maandsluiting", act="reopen", month="2025-01", reason="Vergeten factuur")
    assert "2025-01 is heropend" in words_of(back.text)


def test_no_bsn_stands_on_the_desk(site: Site, klein_bsns: frozenset[str]):
    client = site.browser()
    for address in (*PAGES, "/te-besluiten/regels?format=csv", f"/regels/{line(site, 'R2502-00011')}"):
        text = client.get(address).text
        assert not [bsn for bsn in klein_bsns if bsn in text], address


def test_refused_lines_are_found_by_their_own_index(site: Site):
    """A million lines that passed cost the desk nothing (SQLite tells how it looks; PostgreSQL has the same index)."""
    if site.engine.dialect.name != "sqlite":
        return
    with site.engine.connect() as connection:
        statement = (
            scope_of(connection).select(declaration_line.c.sender).where(declaration_line.c.contract_id == 1, REFUSED)
        )
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement.compile(connection, compile_kwargs={'literal_binds': True})}"
        )
        assert "ix_line_exception" in " ".join(str(row) for row in plan)


def scope_of(connection: Connection) -> Scope:
    return Scope(connection, 1)


def test_choices_write_themselves_as_addresses():
    assert Choice("99990101", "", "9321", "left").arguments() == {"sender": "99990101", "code": "9321", "stand": "left"}
    assert Choice().arguments() == {}
