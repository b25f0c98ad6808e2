"""The portal as a provider walks it: a faulty file, its reasons, the repair, the payment; and everything beside that."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from lead_contractor.kernel.database import make_engine
from subcontractors.declarations.columns import COLUMNS as NAMES
from subcontractors.declarations.columns import DECLARATIONS, DUTCH
from subcontractors.declarations.sheet_writer import SheetWriter
from tests.browser.provider import ANNA, BART, CHROMIUM, GOOD, OLD_TARIFF, TOO_MUCH, csv_of, furnish, served
from tests.people import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
WIDTHS = pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A database with the year as it stood, to copy."""
    place = tmp_path_factory.mktemp("portal")
    path = place / "template.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}", durable=False)
    contract = furnish(engine, place)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path, contract


@pytest.fixture
def address(furnished: tuple[Path, int], tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "portal.db"
    shutil.copyfile(furnished[0], path)
    engine = make_engine(f"sqlite:///{path}", durable=False)
    with served(engine) as where:
        yield where
    engine.dispose()


class Visit:
    """A page on which somebody has signed in, with everything it said or asked that it should not."""

    def __init__(self, browser: Browser, address: str, email: str, **options: Any) -> None:
        self.told: list[str] = []
        self.address = address
        self.page: Page = browser.new_context(locale="nl-NL", **options).new_page()
        self.page.on("console", lambda message: self._said(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.on("request", lambda asked: self._asked(asked.url))
        self.page.goto(f"{address}/aanmelden")
        self.page.get_by_label("E-mailadres").fill(email)
        self.page.get_by_label("Wachtwoord").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/declaraties/")

    def _said(self, message: str) -> None:
        if not message.startswith("info: Autofocus"):  # somebody who types before the page is there keeps the focus
            self.told.append(message)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.told.append(url)

    def fits(self) -> bool:
        self.page.wait_for_load_state("load")  # before its style is there, a page is as wide as its words
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))

    def send(self, name: str, content: bytes) -> None:
        self.page.goto(f"{self.address}/declaraties/")
        self.page.set_input_files("#bestand", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
        self.page.get_by_role("button", name="Controleren").click()
        self.page.wait_for_url("**/voorcontrole/**")


def workbook(*lines: tuple[str, ...]) -> bytes:
    writer = SheetWriter("Augustus", {p: DECLARATIONS.kinds[c] for p, c in enumerate(NAMES)}, list(DUTCH.values()))
    writer.header(0, list(DUTCH.values()))
    for number, one in enumerate(lines, start=1):
        writer.row(number, {p: cell.replace(",", ".") for p, cell in enumerate(one) if cell})
    return writer.content()


@WIDTHS
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_faulty_file_is_read_repaired_submitted_and_its_payment_known(
    browser: Browser, address: str, kind: str, width: int
):
    visit = Visit(browser, address, ANNA, viewport={"width": width, "height": 800})
    page = visit.page
    content = csv_of(TOO_MUCH, OLD_TARIFF) if kind == "csv" else workbook(TOO_MUCH, OLD_TARIFF)
    visit.send(f"augustus.{kind}", content)
    page.get_by_text("Het volume is meer dan er voor deze periode is toegewezen.").wait_for()
    assert page.get_by_text("Het tarief is niet het tarief van de overeenkomst").is_visible()
    assert visit.fits()
    with page.expect_download() as reasons:
        page.get_by_role("link", name="Bestand met redenen").click()
    assert reasons.value.suggested_filename == f"augustus-redenen.{kind}"
    if kind == "csv":
        rows = list(csv.DictReader(io.StringIO(Path(reasons.value.path()).read_text("utf-8-sig")), delimiter=";"))
        assert [row["x_oordeel"] for row in rows] == ["afgewezen", "afgewezen"]
        assert rows[1]["x_juiste_waarde"] == "tarief = 58,57; bedrag = 644,27"
    page.get_by_role("button", name="Alle 2 overnemen").click()
    page.get_by_text("2 waarden overgenomen.").wait_for()
    page.get_by_text("1 van de 2 regels").wait_for()
    assert page.get_by_text("14 uur").is_visible()  # what was delivered stays as it was said
    page.locator("details.repair summary").first.click()
    page.get_by_label("Geleverd", exact=True).first.fill("10")
    page.get_by_role("button", name="Regel aanpassen").first.click()
    assert page.get_by_text("14 uur").is_visible()  # nothing without the tick
    page.get_by_label("Dit is wat ik heb geleverd").first.check()
    page.get_by_role("button", name="Regel aanpassen").first.click()
    page.get_by_text("De regel is aangepast en opnieuw gecontroleerd.").wait_for()
    page.locator("h1").filter(has_text="€ 1.538,47").wait_for()  # 10 × 89,42 + 11 × 58,57
    page.get_by_role("button", name="Indienen", exact=True).click()
    page.get_by_text("Ingediend: alle 2 regels toegekend.").wait_for()
    assert page.get_by_text("8 oktober 2025").first.is_visible()  # thirty days after 8 September
    assert visit.fits()
    page.goto(f"{address}/declaraties/?maand=2025-08")
    page.locator("h1").filter(has_text="Uw volgende betaling is").wait_for()
    assert visit.told == []


@WIDTHS
def test_the_form_knows_the_allocations_and_reckons(browser: Browser, address: str, width: int):
    visit = Visit(browser, address, ANNA, viewport={"width": width, "height": 800})
    page = visit.page
    page.get_by_role("link", name="vul regels in").click()
    page.get_by_role("link", name="aug", exact=True).click()
    row = page.get_by_role("row").filter(has_text="toewijzing 4100002")
    assert row.get_by_text("10 uur").is_visible()
    row.get_by_role("textbox").fill("12,5")
    row.get_by_text("Typ een heel getal.").wait_for()
    row.get_by_role("textbox").fill("12")
    row.get_by_text("Meer dan er nog is toegewezen: 10 uur.").wait_for()
    row.get_by_role("textbox").fill("9")
    row.get_by_text("€ 804,78").wait_for()
    page.locator("#samen").filter(has_text="804,78").wait_for()
    assert visit.fits()
    page.get_by_role("button", name="Controleren").click()
    page.get_by_text("De ene regel").wait_for()
    page.get_by_role("button", name="Indienen", exact=True).click()
    page.get_by_text("Ingediend: de regel is toegekend.").wait_for()
    page.get_by_role("link", name="terugnemen en opnieuw declareren").click()
    page.get_by_label("Geleverd in uur").fill("8")
    page.get_by_role("button", name="Controleren").click()
    page.get_by_text("Alle 2 regels").wait_for()
    page.get_by_role("button", name="Indienen", exact=True).click()
    page.get_by_text("Ingediend: alle 2 regels toegekend.").wait_for()
    page.locator("h1").filter(has_text="-89,42").wait_for()
    assert visit.fits()
    assert visit.told == []


@WIDTHS
def test_a_start_is_reported_and_withdrawn(browser: Browser, address: str, width: int):
    visit = Visit(browser, address, ANNA, viewport={"width": width, "height": 800})
    page = visit.page
    page.goto(f"{address}/start-en-stop/")
    page.get_by_label("Voor wie").select_option("4100010")
    page.get_by_label("Begon op").fill("2025-09-01")
    page.get_by_role("button", name="Controleren").click()
    page.get_by_text("1 melding", exact=True).wait_for()
    page.get_by_role("button", name="Indienen", exact=True).click()
    page.get_by_text("Ingediend. De meldingen zijn verwerkt.").wait_for()
    row = page.get_by_role("row").filter(has_text="4100010").first
    assert row.get_by_text("verwerkt").is_visible()
    assert visit.fits()
    row.get_by_role("button", name="intrekken").click()
    page.get_by_text("(ingetrokken)").wait_for()
    page.get_by_role("button", name="Indienen", exact=True).click()
    page.get_by_text("ingetrokken", exact=True).first.wait_for()
    assert visit.told == []


def test_returns_are_kept_and_a_wrong_one_is_told(browser: Browser, address: str):
    visit = Visit(browser, address, BART, viewport={"width": 1280, "height": 800})
    page = visit.page
    page.get_by_role("link", name="Opgaven", exact=True).click()
    field = page.get_by_label("fte in augustus, FTE-03")
    field.fill("veel")
    page.get_by_role("button", name="Opgaven bewaren").click()
    page.get_by_role("alert").first.wait_for()
    page.get_by_label("fte in augustus, FTE-03").fill("0,4")
    page.get_by_label("uren in augustus, FTE-03").fill("40")
    page.get_by_role("button", name="Opgaven bewaren").click()
    page.get_by_text("1 opgave bewaard.").wait_for()
    page.locator("h1").filter(has_text="Alle maanden die voorbij zijn, hebt u opgegeven.").wait_for()
    assert [one for one in visit.told if "422" not in one] == []


def test_the_keyboard_alone_is_enough(browser: Browser, address: str):
    visit = Visit(browser, address, ANNA, viewport={"width": 1280, "height": 800})
    page = visit.page
    page.goto(f"{address}/declaraties/1/formulier?maand=2025-08")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        if page.evaluate("document.activeElement.matches('input.volume')"):
            break
    page.keyboard.type("9")
    page.locator("#samen").filter(has_text="804,78").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("De ene regel").wait_for()
    assert visit.told == []


def test_without_a_script_everything_still_works(browser: Browser, address: str):
    visit = Visit(browser, address, ANNA, viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    page = visit.page
    page.goto(f"{address}/declaraties/1/formulier?maand=2025-08")
    page.locator("input.volume").first.fill("9")
    page.get_by_role("button", name="Bedragen uitrekenen").click()
    page.get_by_role("row").filter(has_text="4100002").get_by_text("€ 804,78").wait_for()
    visit.send("augustus.csv", csv_of(GOOD))
    page.get_by_role("button", name="Indienen", exact=True).click()
    page.get_by_text("Ingediend: de regel is toegekend.").wait_for()


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core, out of the package that carries it."""
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@WIDTHS
def test_no_page_has_a_barrier_that_axe_knows(browser: Browser, address: str, axe: str, width: int):
    visit = Visit(browser, address, ANNA, viewport={"width": width, "height": 800})
    page = visit.page
    visit.send("augustus.csv", csv_of(TOO_MUCH, OLD_TARIFF))
    page.get_by_role("button", name="Alle 2 overnemen").wait_for()
    places = [page.url] + [
        address + place
        for place in (
            "/declaraties/",
            "/mijn-betalingen/",
            "/declaraties/1/formulier?maand=2025-08",
            "/start-en-stop/",
            "/opgaven/",
            "/afspraken/",
            "/hulp",
        )
    ]
    found = []
    for place in places:
        page.goto(place)
        page.evaluate(axe)
        result = page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", AXE_TAGS)
        found += [
            f"{place}: {one['id']} {one['nodes'][0]['html'][:120]} {one['nodes'][0]['failureSummary']}"
            for one in result["violations"]
        ]
        assert visit.fits(), place
        assert page.locator("main").count() == page.locator("h1").count() == 1
    assert found == []
