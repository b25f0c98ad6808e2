"""The portal in a real browser: the drop zone, the keyboard, and screens that fit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Engine
from werkzeug.serving import make_server

from tests.people import PASSWORD
from tests.subcontractors.portal.desk import GOOD, NOT_YOURS, PROVIDER, csv_of, new_site

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
DROP = """([name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, {type: "text/csv"}));
    document.getElementById("neerzetten").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
}"""


@pytest.fixture
def address(sqlite_engine: Engine, tmp_path: Path) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, new_site(sqlite_engine, tmp_path).app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, address: str) -> Iterator[Page]:
    """A page on which Arie has signed in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": request.param, "height": 800})
        page.goto(f"{address}/aanmelden")
        page.get_by_label("E-mailadres").fill(PROVIDER)
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/declaraties/")
        yield page
        browser.close()


def fits(page: Page) -> bool:
    page.wait_for_load_state("load")  # before its style is there, a page is as wide as its words
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_file_is_dropped_checked_and_submitted(page: Page):
    told: list[str] = []
    page.on("console", lambda message: told.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: told.append(str(error)))
    assert fits(page)
    page.evaluate(DROP, ["maart.csv", csv_of(GOOD, NOT_YOURS).decode()])
    page.wait_for_url("**/voorcontrole/**")
    page.get_by_text("U hebt geen toewijzing met dit nummer.").wait_for()
    assert fits(page)
    page.get_by_role("button", name="Indienen", exact=True).click()
    page.get_by_text("Ingediend: 1 van de 2 regels toegekend, 1 afgewezen.").wait_for()
    assert fits(page)
    assert told == []


def test_the_keyboard_reaches_the_file_and_the_button(page: Page):
    field = page.locator("#bestand")
    field.focus()
    assert page.evaluate("getComputedStyle(document.querySelector('.drop-label')).outlineStyle") == "solid"
    button = page.get_by_role("button", name="Controleren")
    assert not button.is_visible()
    field.set_input_files({"name": "maart.csv", "mimeType": "text/csv", "buffer": csv_of(GOOD)})
    assert page.locator(".drop-name").inner_text() == "maart.csv"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/voorcontrole/**")
    page.get_by_text("De ene regel").wait_for()


def test_a_file_that_is_too_large_is_told_before_it_is_sent(page: Page):
    page.evaluate("document.getElementById('neerzetten').dataset.limit = '10'")
    page.evaluate(DROP, ["maart.csv", csv_of(GOOD).decode()])
    page.get_by_text("Dit bestand is groter dan 25 MB.").wait_for()
    assert page.url.endswith("/declaraties/")
