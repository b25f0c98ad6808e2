"""The lead contractor's pages in a real browser: they fit a desk and a phone, and need no script."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from tests.dash_app.overview.conftest import Site
from tests.people import CONTROLLER, PASSWORD

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, site.app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_fit_work_without_a_script_and_ask_nothing_elsewhere(address: str, width: int):
    told: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 800}, java_script_enabled=False)
        page.on("console", lambda message: told.append(message.text))
        page.on("request", lambda asked: None if asked.url.startswith((address, "data:")) else told.append(asked.url))
        page.goto(f"{address}/aanmelden")
        page.get_by_label("E-mailadres").fill(CONTROLLER)
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.locator("main button").click()
        page.wait_for_url("**/overzicht")
        page.goto(f"{address}/afrekening")
        page.get_by_role("button", name="Afrekening maken").click()
        page.get_by_text("versie 1.").wait_for()
        for place in ("/overzicht", "/declaraties", "/declaraties/regels", "/afrekening", "/waarom?account=cost_pxq"):
            page.goto(address + place)
            box = page.locator("main").bounding_box()
            assert box is not None
            assert box["width"] <= width, place
            for row in page.locator("main h1, main h2, main form").all():
                inside = row.bounding_box()
                assert inside is None or inside["x"] + inside["width"] <= width + 1, place
        browser.close()
    assert told == []
