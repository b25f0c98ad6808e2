"""The page *Wat als* in a real browser: by keyboard, under its policies, without a barrier, and it fits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Engine
from werkzeug.serving import make_server

from budgets.forecast.service import freeze
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.tenancy import Scope
from tests.browser.test_shell import CHROMIUM
from tests.dash_app.meeting import furnish
from tests.dash_app.test_whatif import mounted
from tests.klein import AT
from tests.people import CONTROLLER, PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def address(sqlite_engine: Engine) -> Iterator[str]:
    loaded = furnish(sqlite_engine)
    with writing(sqlite_engine) as connection:
        freeze(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, date(2025, 8, 31), AT)
    server = make_server("127.0.0.1", 0, mounted(sqlite_engine), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def axe() -> str:
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_a_scenario_by_keyboard(address: str, width: int, axe: str):
    told: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=False)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda message: told.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda request: told.append(request.url) if address not in request.url else None)
        page.goto(f"{address}/overleg/wat-als/")
        page.get_by_label("E-mailadres").fill(CONTROLLER)
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.locator(".wi-answer").filter(has_text="Nog niets veranderd").wait_for()
        page.get_by_role("slider", name="Instroom").focus()
        for _ in range(10):
            page.keyboard.press("ArrowRight")
        page.locator(".wi-answer").filter(has_text="Zo is er").wait_for()
        page.get_by_label("Naam van dit scenario").fill("Meer instroom")
        page.get_by_role("button", name="Bewaren").click()
        page.get_by_text("Bewaard als “Meer instroom”, versie 1.").wait_for()
        page.get_by_label("Meer instroom").check()
        page.get_by_role("columnheader", name="Meer instroom").first.wait_for()
        page.get_by_role("button", name="Nu tellen").click()
        page.get_by_text("Geteld tot en met 31 augustus 2025").wait_for()
        page.locator(".js-plotly-plot .scatterlayer").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        found = barriers(page, axe)
        assert found == [], "\n".join(found)
        browser.close()
    assert told == []


def barriers(page: Page, axe: str) -> list[str]:
    """What axe finds, rule by rule."""
    page.wait_for_function("!document.querySelector('.wi-busy')")
    for each in page.locator("details:not([hidden]) > summary").all():
        if each.is_visible() and not each.evaluate("one => one.closest('.menu') !== null"):
            each.click()
    page.evaluate(axe)
    found = page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", AXE_TAGS)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]
