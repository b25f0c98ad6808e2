"""The page of the meeting in a real browser: it draws itself under its policies, fits, and follows its links."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import Engine
from werkzeug.serving import make_server

from tests.browser.test_shell import CHROMIUM
from tests.dash_app.meeting import furnish, site
from tests.people import MUNICIPALITY, PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture
def address(sqlite_engine: Engine) -> Iterator[str]:
    furnish(sqlite_engine, settled=True)
    server = make_server("127.0.0.1", 0, site(sqlite_engine), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_the_meeting_from_the_settlement_back_to_august(address: str, width: int):
    told: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.on("console", lambda message: told.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto(f"{address}/overleg/")
        page.get_by_label("E-mailadres").fill(MUNICIPALITY)
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.locator("h1.sentence").filter(has_text="2025 is in concept afgerekend").wait_for()
        page.get_by_role("link", name="aug", exact=True).click()
        page.locator("h1.sentence").filter(has_text="Over augustus komen de declaraties nog binnen.").wait_for()
        assert page.url.endswith("/overleg/?contract=1&until=2025-08")
        page.get_by_role("heading", name="Wachtenden").wait_for()
        page.locator(".js-plotly-plot .scatterlayer").first.wait_for()
        page.get_by_text("bedragen in totaal en tabel").click()
        assert page.get_by_role("rowheader", name="augustus").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        browser.close()
    assert told == []
