"""Every page of the meeting, budget, signals, what-if, reports and comparison, in a real browser, as each who may see it.

No request to another host, nothing on the console, nothing wider than the window, and no rule of WCAG 2.2 AA that axe
finds broken.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from budgets.reports import service as reports
from budgets.signals.jobs import evaluate_frozen
from lead_contractor.access.hand import Hand
from lead_contractor.kernel.database import make_engine, writing
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.tenancy import Scope
from subcontractors.reports import service as figures
from subcontractors.reports.kpis import kpis_on
from tests.browser.provider import CHROMIUM, served
from tests.dash_app.meeting import frozen_year, furnish
from tests.klein import AT
from tests.people import CONTROLLER, MUNICIPALITY, PASSWORD, PROVIDER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AUGUST, AGENDA = "/overleg/?until=2025-08", "/overleg/?until=2025-08&agenda=1"
MEETING = ("/overleg/", AUGUST, AGENDA)
REPORTS = ("/rapportages", "/rapportages/2025-Q1", "/vergelijking")
WHAT_IF = "/overleg/wat-als/?until=2025-08"
DESK = ("/budget", "/budget?day=2025-08-31", "/budget/grenzen", "/signalen", "/signalen?show=all", "/overzicht")
PROVIDES = ("/mijn-betalingen/", "/kwartaalopgaven/", "/kwartaalopgaven/1/2025-Q3", AUGUST, "/declaraties/", "/hulp")
PLACES = {
    CONTROLLER: (*MEETING, WHAT_IF, *DESK, *REPORTS, "/rapportages/2025-Q3"),
    MUNICIPALITY: (*MEETING, *REPORTS),
    PROVIDER: PROVIDES,
}
# A Dash page is there when its last part is; a page of Flask when it has loaded.
SETTLED = {
    "/overleg/": "#overleg-use section",
    AUGUST: "#overleg-use section",
    AGENDA: "nav.agenda",
    WHAT_IF: ".wi-answer",
}


@pytest.fixture(scope="module")
def address(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The small year with two forecasts, their signals, and the figures of two quarters, one of them released."""
    path = tmp_path_factory.mktemp("walks") / "walks.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}", durable=False)
    loaded = furnish(engine, settled=True)
    lead, contract = loaded.lead_contractor_id, loaded.contract_id
    frozen_year(engine, loaded, range(7, 9))
    evaluate_frozen(engine, lead, contract, AT)
    with writing(engine) as connection:
        scope = Scope(connection, lead)
        for number in (1, 3):
            quarter = Quarter(2025, number)
            names = [one.id for one in kpis_on(quarter.last)]
            figures.ask(scope, contract, quarter, names, "Carla", datetime(2025, 3 * number, 28, 9, tzinfo=UTC))
        reports.release(scope, contract, Quarter(2025, 1), Hand(1, "Carla"), AT)
    with served(engine, AT) as where:
        yield where
    engine.dispose()


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core, out of the package that carries it."""
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@dataclass
class Walk:
    """Somebody who has signed in and goes from page to page, and everything that was wrong on the way."""

    page: Page
    address: str
    wrong: list[str] = field(default_factory=list)
    place: str = "/aanmelden"

    def start(self, email: str) -> None:
        self.page.on("console", lambda message: self.tell(f"console {message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.tell(f"error {error}"))
        self.page.on("request", lambda asked: self.asked(asked.url))
        self.page.add_init_script(MOVES)
        self.page.goto(f"{self.address}/aanmelden")
        self.page.get_by_label("E-mailadres").fill(email)
        self.page.get_by_label("Wachtwoord").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: not url.endswith("/aanmelden"))

    def tell(self, what: str) -> None:
        self.wrong.append(f"{self.place}: {what}")

    def asked(self, url: str) -> None:
        if not url.startswith((f"{self.address}/", "data:", "blob:")):
            self.tell(f"asks {url}")

    def go(self, place: str) -> None:
        """Open a page and wait until nothing of it is still to come."""
        self.place = place
        answer = self.page.goto(self.address + place)
        assert answer is not None
        if not answer.ok:
            self.tell(f"status {answer.status}")
        drawn = SETTLED.get(place)
        if drawn:
            self.page.locator(drawn).last.wait_for()
            self.page.wait_for_load_state("networkidle")  # its parts arrive one after the other
            self.page.wait_for_function("!document.querySelector('[data-dash-is-loading=true], .wi-busy')")
        if (moved := self.page.evaluate("window.moved")) > STILL:
            self.tell(f"moves while it draws: {moved:.2f}")
        self.page.wait_for_load_state("load")  # before its style is there, a page is as wide as its words

    def look(self, axe: str) -> None:
        """What is wrong here, with everything that opens opened."""
        self.page.evaluate("document.querySelectorAll('main details:not(.menu)').forEach((one) => { one.open = true })")
        if not self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            self.tell(f"wider than {self.page.viewport_size}: {self.page.evaluate(WIDEST)}")
        if out := self.page.evaluate(OUT_OF_VIEW):
            self.tell(f"current, but out of view: {out}")
        if self.page.locator("main").count() != 1 or self.page.locator("main h1").count() != 1:
            self.tell("not one main part with one heading")
        if not self.page.evaluate("!!window.axe"):
            self.page.evaluate(axe)
        found: dict[str, Any] = self.page.evaluate(
            "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", AXE_TAGS
        )
        for one in found["violations"]:
            node = one["nodes"][0]
            self.tell(f"axe {one['id']} ×{len(one['nodes'])}: {node['html'][:160]} {node['failureSummary']}")


STILL = 0.1  # how much may move: what the Core Web Vitals call good
MOVES = """window.moved = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.moved += one.value; })
    .observe({type: 'layout-shift', buffered: true});"""
OUT_OF_VIEW = """() => [...document.querySelectorAll('.bar-links ul [aria-current], .chooser ul [aria-current]')]
    .filter((one) => {
        const own = one.getBoundingClientRect(), row = one.closest('ul').getBoundingClientRect();
        return own.left < row.left - 1 || own.right > row.right + 1;
    }).map((one) => one.textContent)"""
WIDEST = """() => [...document.querySelectorAll('main *')]
    .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
    .slice(0, 3).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
@pytest.mark.parametrize("email", [CONTROLLER, MUNICIPALITY, PROVIDER], ids=["controller", "municipality", "provider"])
def test_every_page_keeps_to_itself_fits_and_has_no_barrier(
    browser: Browser, address: str, axe: str, email: str, width: int
):
    context = browser.new_context(locale="nl-NL", viewport={"width": width, "height": 900})
    walk = Walk(context.new_page(), address)
    walk.page.set_default_timeout(15_000)
    walk.start(email)
    for place in PLACES[email]:
        walk.go(place)
        walk.look(axe)
    context.close()
    assert walk.wrong == [], "\n".join(walk.wrong)


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_the_bar_stays_one_row_and_every_page_is_in_it_by_keyboard(browser: Browser, address: str, width: int):
    context = browser.new_context(locale="nl-NL", viewport={"width": width, "height": 900})
    walk = Walk(context.new_page(), address)
    walk.start(CONTROLLER)
    walk.go("/vergelijking")
    bar = walk.page.get_by_role("navigation", name="Hoofdmenu")
    high = bar.bounding_box()
    assert high is not None
    assert high["height"] < 2 * 51  # one row of 51 px
    tops = bar.locator("ul a").evaluate_all("(links) => [...new Set(links.map((one) => one.offsetTop))]")
    assert len(tops) == 1
    more = bar.locator("summary")
    more.focus()
    walk.page.keyboard.press("Enter")
    last = bar.get_by_role("link", name="Vergelijking")
    assert last.get_attribute("aria-current") == "page"
    box = last.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    known = {one.get_attribute("href") for one in bar.get_by_role("link").all()}
    assert {"/budget", "/signalen", "/overleg/", "/rapportages", "/vergelijking"} <= known
    walk.page.keyboard.press("Escape")
    assert not last.is_visible()
    assert more.evaluate("(one) => document.activeElement === one")
    context.close()
    assert walk.wrong == []
