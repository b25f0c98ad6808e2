"""The page of the meeting in a real browser: it draws itself under its policies, fits, and follows its links."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Engine
from werkzeug.serving import make_server

from tests.browser.test_shell import CHROMIUM
from tests.dash_app.meeting import frozen_year, furnish, site
from tests.people import CONTROLLER, MUNICIPALITY, PASSWORD, PROVIDER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture
def address(sqlite_engine: Engine) -> Iterator[str]:
    loaded = furnish(sqlite_engine, settled=True)
    frozen_year(sqlite_engine, loaded, range(7, 9))
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
        page.locator("h1.sentence").filter(has_text="We verwachten eind december").wait_for()
        assert page.url.endswith("/overleg/?contract=1&until=2025-08")
        page.get_by_role("heading", name="Wachtenden").wait_for()
        page.locator(".js-plotly-plot .scatterlayer").first.wait_for()
        page.get_by_text("bedragen in totaal en tabel").click()
        assert page.get_by_role("rowheader", name="augustus").first.is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        browser.close()
    assert told == []


AUGUST = "?contract=1&until=2025-08"


def sign_in(page: Page, address: str, email: str, told: list[str]) -> None:
    """Sign in, and note what the browser says and what it fetches from elsewhere."""
    page.on("console", lambda message: told.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on(
        "request",
        lambda asked: told.append(asked.url) if not asked.url.startswith((address, "data:", "blob:")) else None,
    )
    page.goto(f"{address}/overleg/")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/overleg/*")


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
@pytest.mark.parametrize("email", [CONTROLLER, MUNICIPALITY, PROVIDER], ids=["controller", "municipality", "provider"])
def test_everybody_reads_the_page_and_no_rule_of_access_is_broken(address: str, email: str, width: int):
    told: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 800})
        sign_in(page, address, email, told)
        page.goto(f"{address}/overleg/{AUGUST}")
        page.locator("h1.sentence").filter(has_text="verwacht").wait_for()
        page.locator("#overleg-use section").last.wait_for()
        if email != PROVIDER:
            page.locator("#deel-proof").wait_for()
            page.get_by_label("Zoek in de tabel").first.fill("komt niet voor")
            page.get_by_text("Geen regel gevonden.").first.wait_for()
            page.get_by_label("Zoek in de tabel").first.fill("")
            page.locator(".js-plotly-plot .scatterlayer").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        found = Axe().run(page)
        wrong = [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found.response["violations"]]
        browser.close()
    assert wrong == []
    assert told == []


@pytest.mark.parametrize("email", [CONTROLLER, MUNICIPALITY], ids=["controller", "municipality"])
def test_a_meeting_is_led_with_the_keyboard_and_what_is_decided_is_recorded(address: str, email: str):
    told: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        sign_in(page, address, email, told)
        page.goto(f"{address}/overleg/{AUGUST}")
        page.get_by_role("link", name="Vergadering", exact=True).click()
        page.get_by_role("navigation", name="Agenda").wait_for()
        page.keyboard.press("ArrowRight")
        page.wait_for_url("**agenda=1")
        page.get_by_role("heading", name="Wat is er veranderd sinds juli").wait_for()
        page.keyboard.press("ArrowRight")
        page.wait_for_url("**agenda=2")
        page.wait_for_function(
            "() => document.querySelector('#overleg-record input[name=agenda]')?.value === '2'"
        )  # the form of the subject itself
        page.locator("#overleg-record textarea").fill("Volgende maand bezien")
        page.get_by_role("button", name="Vastleggen").click()
        page.get_by_role("cell", name="Volgende maand bezien").wait_for()
        assert page.url.endswith("agenda=2#deel-items")
        page.get_by_role("heading", name="Besluiten en acties").click()
        page.keyboard.press("Escape")
        page.wait_for_url(f"**{AUGUST}")
        page.get_by_role("button", name="Vergaderstuk").click()
        page.locator("#deel-packs a").first.wait_for()
        with page.expect_download() as download:
            page.locator("#deel-packs a").first.click()
        assert download.value.suggested_filename.startswith("overleg-")
        browser.close()
    assert told == []
