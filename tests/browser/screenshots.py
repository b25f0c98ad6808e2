"""The pictures of the user guide, made from the invented year: ``python -m tests.browser.screenshots``."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from lead_contractor.kernel import schema
from tests.browser.provider import ANNA, BART, CHROMIUM, OLD_TARIFF, TOO_MUCH, csv_of, furnish, served
from tests.dash_app import meeting as pair
from tests.klein import AT
from tests.people import CONTROLLER as CARLA
from tests.people import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "docs" / "handleiding" / "beelden"
PORT = "8127"
CONTROLLER, ADVISER, PROVIDER = (f"{who}@voorbeeld.example" for who in ("controller", "gemeente", "aanbieder"))
DESK, PHONE = 1280, 390
OF_THE_DEMO = (
    (CONTROLLER, "overleg", "/overleg/?until=2025-08", DESK, 760),
    (CONTROLLER, "vergadering", "/overleg/?until=2025-08&agenda=1", DESK, 620),
    (CONTROLLER, "wat-als", "/overleg/wat-als/?until=2025-08", DESK, 700),
    (CONTROLLER, "budget", "/budget?day=2025-08-31", DESK, 620),
    (CONTROLLER, "signalen", "/signalen", DESK, 620),
    (CONTROLLER, "vergelijking", "/vergelijking", DESK, 700),
    (ADVISER, "rapportages", "/rapportages/2025-Q2", DESK, 620),
    (ADVISER, "telefoon", "/overleg/?until=2025-08", PHONE, 820),
    (PROVIDER, "kwartaalopgaven", "/kwartaalopgaven/1/2025-Q3", DESK, 620),
)
WIDTH, HEIGHT, MOST_BYTES = 1080, 620, 180_000


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    PLACE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hoofdsom-") as place, schema.throwaway_database() as engine:
        contract = furnish(engine, Path(place))
        with served(engine) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--lang=nl"])
            for email, walk in ((ANNA, declarations), (BART, returns)):
                page = browser.new_context(locale="nl-NL", viewport={"width": WIDTH, "height": HEIGHT}).new_page()
                sign_in(page, address, email)
                walk(page, address, contract, shoot)
            browser.close()
    municipalities()
    with tempfile.TemporaryDirectory(prefix="hoofdsom-") as place:
        meeting(Path(place))


def municipalities() -> None:
    """Two municipalities of one lead contractor beside each other."""
    with tempfile.TemporaryDirectory(prefix="hoofdsom-") as place, schema.throwaway_database() as engine:
        for loaded in (pair.furnish(engine), pair.second_year(engine, Path(place) / "tweede")):
            pair.frozen_year(engine, loaded, range(8, 9))
        with served(engine, AT) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--lang=nl"])
            page = browser.new_context(locale="nl-NL", viewport={"width": DESK, "height": HEIGHT}).new_page()
            sign_in(page, address, CARLA)
            page.goto(f"{address}/overleg/gemeenten?until=2025-08")
            shoot(page, "gemeenten", 560, DESK)
            browser.close()


def meeting(place: Path) -> None:
    """The pages of budget and forecast, from the demo as a new user starts it, in a folder of its own."""
    started = subprocess.Popen(
        [sys.executable, str(ROOT / "hoofdsom.py"), "demo"],
        cwd=place,
        env={**os.environ, "PORT": PORT, "SERVE": "1"},
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{PORT}"
    try:
        wait_for(address)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--lang=nl"])
            for email, name, path, width, height in OF_THE_DEMO:
                context = browser.new_context(locale="nl-NL", viewport={"width": width, "height": height})
                page = context.new_page()
                sign_in(page, address, email, "voorbeeld-2025")
                page.goto(address + path)
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(1_000)  # a chart draws itself after its data came
                shoot(page, name, height, width)
                context.close()
            browser.close()
    finally:
        started.terminate()
        started.wait()


def wait_for(address: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/aanmelden").close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    sys.exit("The demo did not start.")


def sign_in(page: Page, address: str, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{address}/aanmelden")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/aanmelden"))


def declarations(page: Page, address: str, contract: int, shoot: Callable[..., None]) -> None:
    page.goto(f"{address}/afspraken/{contract}")
    for mark, number in (("L-117", "4100002"), ("L-042", "4100010")):
        page.get_by_label(f"Uw kenmerk voor de cliënt van toewijzing {number}").fill(mark)
    page.get_by_role("button", name="Kenmerken bewaren").click()
    page.get_by_text("Uw kenmerken zijn bewaard.").wait_for()
    page.goto(f"{address}/declaraties/")
    shoot(page, "overzicht")
    page.goto(f"{address}/declaraties/{contract}/formulier?maand=2025-08")
    page.locator("input.volume").first.fill("9")
    page.locator("output").first.filter(has_text="€").wait_for()
    shoot(page, "formulier")
    page.goto(f"{address}/start-en-stop/")
    shoot(page, "start-stop")
    page.goto(f"{address}/declaraties/")
    content = csv_of(TOO_MUCH, OLD_TARIFF)
    page.set_input_files("#bestand", {"name": "augustus.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Controleren").click()
    page.get_by_role("heading", name="waarden kunt u in één keer").wait_for()
    shoot(page, "voorcontrole", height=820)
    page.get_by_role("button", name="Alle 2 overnemen").click()
    page.get_by_text("2 waarden overgenomen.").wait_for()
    page.locator("details.repair summary").first.click()
    page.get_by_label("Geleverd", exact=True).first.fill("10")
    page.get_by_label("Dit is wat ik heb geleverd").first.check()
    shoot(page, "herstel")
    page.get_by_role("button", name="Regel aanpassen").first.click()
    page.get_by_text("De regel is aangepast en opnieuw gecontroleerd.").wait_for()
    page.get_by_role("button", name="Indienen", exact=True).click()
    page.get_by_text("Ingediend").first.wait_for()
    shoot(page, "declaratie")


def returns(page: Page, address: str, contract: int, shoot: Callable[..., None]) -> None:
    page.goto(f"{address}/opgaven/{contract}")
    shoot(page, "opgaven")


def shoot(page: Page, name: str, height: int = HEIGHT, width: int = WIDTH) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("document.activeElement && document.activeElement.blur()")
    path = PLACE / f"{name}.png"
    page.screenshot(path=path)
    size = path.stat().st_size
    sys.stdout.write(f"{path.name}: {size // 1000} kB\n")
    if size > MOST_BYTES:
        sys.exit(f"{path.name} is larger than {MOST_BYTES // 1000} kB")


if __name__ == "__main__":
    main()
