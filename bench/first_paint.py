"""The first paint of the finance meeting: a browser that was never here, and a server that has just started.

Each time the server starts as a process of its own, as ``hoofdsom serve`` does, and chromium with a new profile; the
person signs in past the browser, so that nothing of the site is in its cache, and the page of the meeting is the first
that it opens. Told is when anything was painted, and when the sentence and the chart of the corridor were there to see.
Beside it the floor: a page of text with as many bytes as the whole page of the meeting, by the same server.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import meeting

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = Path("/usr/bin/chromium")
ROLES = ("controller", "municipality")
PLACE, FLOOR = "/overleg/", "/bench-vloer"
LIMIT = 2.0
"""What was promised: seconds until the first paint, the slowest time too."""
_SECONDS = 60
_WATCH = """
(() => {
  const wanted = {sentence: 'h1.sentence, h1.floor', chart: '#overleg-year .js-plotly-plot .main-svg, h1.floor'};
  const seen = {};
  window.benchSeen = seen;
  const look = () => {
    for (const [name, selector] of Object.entries(wanted)) {
      const box = name in seen ? null : document.querySelector(selector)?.getBoundingClientRect();
      if (box && box.width && box.height) seen[name] = performance.now();
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""
_TELL = """() => {
  const told = performance.getEntriesByType('paint').find(one => one.name === 'first-contentful-paint');
  const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  const bytes = all.reduce((sum, one) => sum + one.decodedBodySize, 0);
  return {paint: told ? told.startTime : null, bytes, ...window.benchSeen};
}"""


@dataclass(frozen=True, slots=True)
class Painted:
    """Seconds from the start of the navigation, and the bytes of all that was loaded, before compression."""

    paint: float
    sentence: float
    chart: float
    size: int


def measure(url: str, folder: Path, transfers: int, starts: int, log: Callable[[str], None]) -> bool:
    """Measure cold starts of each role and of the floor, in turn, and print them; returns whether all were in time.

    Args:
        url: an empty database with the newest schema.
        folder: the example, a year folder or more of them; the first is taken.
        transfers: how many transfers stand behind the page.
        starts: how often each is opened.
        log: where progress goes.
    """
    from lead_contractor.kernel.database import make_engine

    engine = make_engine(url)
    meeting.prepare(engine, folder)
    grown = meeting.grow(engine, meeting.standing(engine), transfers)
    engine.dispose()
    log(f"{grown:,} transfers")
    found: dict[str, list[Painted]] = {role: [] for role in ROLES}
    floors: list[Painted] = []
    for number in range(starts):
        for role in ROLES:
            found[role].append(_opened(url, role, PLACE))
        floors.append(_opened(url, ROLES[0], f"{FLOOR}?size={found[ROLES[-1]][-1].size}"))
        log(f"start {number + 1} of {starts}")
    return show({**found, "floor": floors}, grown)


def _opened(url: str, role: str, place: str) -> Painted:
    """One page in a new browser on a new server."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = CHROMIUM if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=own, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.add_init_script(_WATCH)
        with _served(url) as address:
            _sign_in(page, address, role)
            page.goto(f"{address}{place}", wait_until="commit")
            page.wait_for_function("() => 'chart' in window.benchSeen && 'sentence' in window.benchSeen")
            page.wait_for_function("() => performance.getEntriesByType('paint').length > 1")
            page.wait_for_load_state("load")
            told = page.evaluate(_TELL)
            browser.close()
    return Painted(told["paint"] / 1000, told["sentence"] / 1000, told["chart"] / 1000, int(told["bytes"]))


def _sign_in(page: Any, address: str, role: str) -> None:
    """Sign in with the cookies of the browser, past its cache."""
    form = page.request.get(f"{address}/aanmelden").text()
    token = form.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    given = {"email": f"{role}@voorbeeld.nl", "password": meeting.PASSWORD, "csrf_token": token}
    answer = page.request.post(f"{address}/aanmelden", form=given, max_redirects=0)
    if answer.status != 302:
        raise SystemExit(f"{role} cannot sign in: {answer.status}")


@contextmanager
def _served(url: str) -> Iterator[str]:
    """The site as a process of its own, from the moment that it listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "bench.first_paint", json.dumps({"url": url, "port": port})]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + _SECONDS
    while time.monotonic() < ends and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("the site did not start")


def _serve(url: str, port: int) -> None:
    """Serve the site, with the floor beside it, until the process is ended."""
    from flask import request

    import hoofdsom
    from lead_contractor.kernel.database import make_engine
    from lead_contractor.web import guard

    engine = make_engine(url)
    settings = {"SECRET_KEY": "s" * 32, "SESSION_COOKIE_SECURE": False}
    app = hoofdsom.create_app(engine, meeting.MASTER_KEY, settings)

    @app.get(FLOOR)
    def floor() -> str:
        size = min(int(request.args["size"]), 50_000_000)
        line = "<p>" + "Hoofdsom " * 10 + "</p>\n"
        return f"<!doctype html><title>Vloer</title><h1 class='floor'>Vloer</h1>{line * (size // len(line))}"

    guard.leave_open(app, "floor")
    hoofdsom.serve(app, engine, "127.0.0.1", port)


def show(found: dict[str, list[Painted]], transfers: int) -> bool:
    """Print median and worst in seconds; returns whether the first paint came in time every time."""
    starts = len(found["floor"])
    print(f"\nfirst paint in a cold browser, of a server just started; {transfers:,} transfers, {starts} starts each")
    heads = "".join(f"{name + ' p50':>16}{'worst':>8}" for name in ("paint", "sentence", "chart"))
    print(f"{'seconds':<16}{heads}{'kB':>8}")
    for who, times in found.items():
        row = "".join(
            f"{_median(values):>16.2f}{max(values):>8.2f}"
            for values in ([one.paint for one in times], [one.sentence for one in times], [one.chart for one in times])
        )
        print(f"{who:<16}{row}{max(one.size for one in times) // 1000:>8}")
    slowest = max(one.paint for who, times in found.items() if who != "floor" for one in times)
    print(f"\npromised: a first paint within {LIMIT:.0f} s; the slowest took {slowest:.2f} s")
    return slowest <= LIMIT


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    _serve(**json.loads(sys.argv[1]))
