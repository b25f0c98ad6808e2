"""The shell in a real browser: policies that only a browser applies, and screens that fit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, sync_playwright
from sqlalchemy import Engine
from werkzeug.serving import make_server

from dash_app.mount import mount
from tests.people import CONTROLLER, PASSWORD, populate, shell

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture
def address(sqlite_engine: Engine) -> Iterator[str]:
    """Where the app is served, for this test."""
    populate(sqlite_engine)
    app = shell(sqlite_engine)
    mount(app, sqlite_engine)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": request.param, "height": 800})
        browser.close()


def test_from_signing_in_to_the_meeting_and_out_without_a_word_to_another_site(page: Page, address: str):
    told: list[str] = []
    page.on("console", lambda message: told.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: told.append(str(error)))

    def elsewhere(asked: Request) -> None:
        if not asked.url.startswith((address, "data:")):
            told.append(asked.url)

    page.on("request", elsewhere)
    page.goto(f"{address}/overleg/")
    page.get_by_label("E-mailadres").fill(CONTROLLER)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.keyboard.press("Enter")
    sentence = page.locator("h1.sentence")
    sentence.filter(has_text="U kijkt als controller naar Hoofdaannemer Noord.").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="EN, English").click()
    sentence.filter(has_text="You look at Hoofdaannemer Noord as controller.").wait_for()
    page.locator("details.menu summary").click()
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="Sign out").is_visible()
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out.").wait_for()
    assert told == []


def test_the_keyboard_comes_first_to_the_content(page: Page, address: str):
    page.goto(f"{address}/gezond")
    page.goto(f"{address}/nergens")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"
