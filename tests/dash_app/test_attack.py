"""Every number that a municipality can fetch of the small year, as it is rendered: none is what few people stand behind.

What follows from the numbers by adding and subtracting is in ``tests/budgets/meeting/test_attack_together.py``; here it
is the pages themselves, with their callbacks, files and packs, so that no part shows what the tables hide.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine

from budgets.meeting.service import look, tables
from budgets.reports import service as reports
from dash_app import pack
from hoofdsom import create_app
from lead_contractor.access.hand import Hand
from lead_contractor.books import accounts
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.refusals import Conflict
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight
from tests.dash_app.meeting import frozen_year, furnish, words
from tests.klein import MASTER_KEY
from tests.people import MUNICIPALITY, SETTINGS, browser_of, csrf

MEETING, WHAT_IF = "/overleg/", "/overleg/wat-als/"
MONTHS = [Month(2025, 1).plus(number) for number in range(15)]
SOME = MONTHS[2::5]
"""The months of which each subject of the meeting and what if are asked too."""
TOPICS = 8
NUMBER = re.compile(r"(?<![\d.,])[+-]?\d{1,3}(?:\.\d{3})*(?:,\d+)?(?![\d.,]*\d)")
CENTS_BY_CHANCE = 100_000
"""Below it, amounts are found on a page by chance."""
DRAWS = "wi-distribution"
"""The drawing of thousands of drawn years: its numbers are bounds of bins, round and many."""
AGREED = ("04A02", accounts.COST_AVAILABILITY, "99990106")
"""What is agreed whoever comes; its clients are counted, its money tells nothing of them."""
SLIDERS = [0, 0, 0, 0, 5, 5, "2025-09", [], "lump_sum", None]


class Fetched:
    """The numbers on pages: as they stand there, and to the cent where they stand there to the cent."""

    def __init__(self) -> None:
        self.shown: dict[str, set[str]] = {}
        self.exact: dict[str, set[int]] = {}

    def text(self, where: str, text: str) -> None:
        found = NUMBER.findall(text)
        self.shown.setdefault(where, set()).update(one.lstrip("+-") for one in found)
        to_cents = {int(re.sub(r"[.,+-]", "", one)) for one in found if re.search(r",\d\d$", one)}
        self.exact.setdefault(where, set()).update(to_cents)

    def figure(self, where: str, value: float) -> None:
        """A number in a drawing or a file; in drawings in thousands or millions of euros."""
        for unit in (1, 100, 100_000, 100_000_000):
            cents = value * unit
            if abs(cents - round(cents)) < 1e-4:
                self.exact.setdefault(where, set()).add(abs(round(cents)))

    def component(self, where: str, part: Any) -> None:
        """All that a callback sends: words of components, and the numbers of drawings and of anything else."""
        if isinstance(part, dict) and part.get("props", {}).get("id") == DRAWS:
            return
        if isinstance(part, dict) and "props" in part and part.get("type") not in {"Graph", "Img"}:
            self.text(where, words(part))
        if isinstance(part, dict):
            for value in part.values():
                self.component(where, value)
        elif isinstance(part, list):
            for value in part:
                self.component(where, value)
        elif isinstance(part, str):
            self.text(where, part)
        elif isinstance(part, int | float) and not isinstance(part, bool):
            self.figure(where, part)

    def workbook(self, where: str, content: bytes) -> None:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            for row in book.get_sheet_by_name(name).to_python():
                for cell in row:
                    if isinstance(cell, str):
                        self.text(where, cell)
                    elif isinstance(cell, int | float) and not isinstance(cell, bool):
                        self.figure(where, cell)


class Gerda:
    """The municipality, and everything that it can ask."""

    def __init__(self, engine: Engine, printed: list[Any]) -> None:
        app = create_app(engine, MASTER_KEY, {**SETTINGS, "CLOCK": lambda: datetime(2026, 3, 25, 9, tzinfo=UTC)})
        self.client: FlaskClient = browser_of(app, MUNICIPALITY)
        self.fetched, self._printed = Fetched(), printed
        self._packs: set[str] = set()
        self._token = csrf(self.client, "/rol")

    def callbacks(self, prefix: str, where: str, search: str, **values: Any) -> None:
        assert self.client.get(prefix).status_code == 200
        for one in self.client.get(f"{prefix}_dash-dependencies").get_json():
            if one["clientside_function"] or any(
                put["id"].endswith(("save", "open", "count")) for put in one["inputs"]
            ):
                continue
            body = {
                "output": one["output"],
                "outputs": _outputs(one["output"]),
                "inputs": [{**put, "value": search if put["property"] == "search" else values.get(put["id"])}
                           for put in one["inputs"]],
                "state": [{**put, "value": values.get(put["id"])} for put in one["state"]],
                "changedPropIds": [],
            }  # fmt: skip
            answer = self.client.post(
                f"{prefix}_dash-update-component", json=body, headers={"X-CSRFToken": self._token}
            )
            assert answer.status_code == 200, (one["output"], search, answer.text[:200])
            sent = json.dumps(answer.get_json())
            self._packs |= set(re.findall(r'/overleg/vergaderstuk/\d+[^"]*', sent))
            self.fetched.component(where, answer.get_json()["response"])

    def page(self, where: str, path: str) -> None:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        self.fetched.text(where, unescape(re.sub(r"<[^>]+>", " ", answer.text)))

    def file(self, where: str, path: str) -> None:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        if answer.data[:2] == b"PK":
            self.fetched.workbook(where, answer.data)
        elif answer.mimetype == "application/json":
            self.fetched.component(where, answer.get_json())

    def meeting(self, month: Month) -> None:
        search = f"?contract=1&until={month}"
        self.callbacks(MEETING, str(month), search)
        for topic in range(TOPICS if month in SOME else 0):
            self.callbacks(MEETING, str(month), f"{search}&agenda={topic}")
        self.file(str(month), f"/overleg/tabellen.xlsx{search}")
        form = {"csrf_token": self._token, "contract": "1", "until": str(month)}
        assert self.client.post("/overleg/vergaderstuk", data=form).status_code == 303
        self.fetched.component(str(month), self._printed.pop())

    def what_if(self, month: Month) -> None:
        self.callbacks(
            WHAT_IF, str(month), f"?contract=1&until={month}", **{"wi-asked": [*SLIDERS[:6], None, *SLIDERS[7:]]}
        )

    def kept_packs(self) -> int:
        """Fetch every pack that a page pointed to."""
        for path in self._packs:
            self.file("packs", path)
        return len(self._packs)

    def report(self, quarter: Quarter, versions: int) -> None:
        where = str(quarter)
        for version in range(1, versions + 1):
            self.page(where, f"/rapportages/{quarter}?version={version}")
            for kind in ("xlsx", "json"):
                self.file(where, f"/rapportages/{quarter}/bestand?format={kind}&version={version}")


def _outputs(output: str) -> Any:
    made = [
        {"id": name, "property": what}
        for name, _, what in (part.rpartition(".") for part in output.strip(".").split("..."))
    ]
    return made if output.startswith("..") else made[0]


def secrets_of(scope: Scope, sees: Sight) -> Iterator[tuple[str, str, int]]:
    """What is hidden, by the page on which it would stand: its name, and cents."""
    before: dict[tuple[str, str], tuple[int, int]] = {}
    for month in MONTHS:
        whole, seen = tables(scope, look(scope, 1, month)), tables(scope, look(scope, 1, month, sees))
        assert whole is not None
        assert seen is not None
        for what in ("products", "forms", *(["subcontractors"] if sees is Sight.SUBCONTRACTORS else [])):
            hidden = {row.code for row in getattr(seen, what).rows if row.hidden}
            for row in getattr(whole, what).rows:
                used, forecast = int(row.used or 0), int(row.forecast or 0)
                then = before.get((what, row.code), (0, 0))
                before[what, row.code] = (used, forecast)
                if row.code not in hidden or row.code in AGREED or (row.clients is None and row.code not in BY_PERSON):
                    continue  # a row without people is hidden for the sake of another
                named = {"used": used, "forecast": forecast, "to come": forecast - used,
                         "used since": used - then[0], "forecast since": forecast - then[1]}  # fmt: skip
                for name, cents in named.items():
                    if cents:
                        yield str(month), f"{what} {row.code} {name}", abs(cents)


BY_PERSON = (accounts.COST_PXQ, accounts.COST_TRAJECTORY)


def shown_of(scope: Scope, sees: Sight) -> set[int]:
    """What the tables of all months show of products and their forecasts, in cents."""
    seen = [tables(scope, look(scope, 1, month, sees)) for month in MONTHS]
    rows = [row for one in seen if one is not None for row in one.products.rows if not row.hidden]
    return {int(cents) for row in rows for cents in (row.used, row.forecast) if cents}


@pytest.mark.parametrize("sees", list(Sight))
def test_no_number_that_is_rendered_is_one_that_is_hidden(
    engine: Engine, sees: Sight, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = furnish(engine, sees=sees.value)
    frozen_year(engine, loaded)
    versions: dict[Quarter, int] = {}
    with writing(engine) as connection:
        scope = Scope(connection, 1)
        for year, number, quarters in ((2025, 7, (1, 2)), (2026, 1, (1, 2, 3, 4)), (2026, 3, (1, 4))):
            for quarter in (Quarter(2025, one) for one in quarters):
                with suppress(Conflict):
                    at = datetime(year, number, 20, 9, tzinfo=UTC)
                    versions[quarter] = reports.release(scope, 1, quarter, Hand(1, "Carla"), at, "Nagekomen").version
    printed: list[Any] = []

    def paper(what: dict[str, Any], _at: int) -> bytes:
        printed.append(what)
        return b"%PDF-"

    monkeypatch.setattr(pack, "pdf", paper)
    gerda = Gerda(engine, printed)
    for month in MONTHS:
        gerda.meeting(month)
        if month in SOME and month.year == 2025:
            gerda.what_if(month)
    gerda.callbacks(MEETING, "packs", "?contract=1")
    assert gerda.kept_packs() >= 12
    for quarter, count in versions.items():
        gerda.report(quarter, count)
    for path in ("/afrekening", "/rapportages", "/vergelijking"):
        gerda.page("elsewhere", path)
    with reading(engine) as connection:
        scope = Scope(connection, 1)
        secrets, shown = list(secrets_of(scope, sees)), shown_of(scope, sees)
    assert len(secrets) > 200
    fetched = gerda.fetched
    exact = set().union(*fetched.exact.values())
    assert len(exact) > 1000
    assert len(shown) > 30
    assert shown <= exact, "what is shown is found"
    whole = {where: {one for one in found if "," not in one} for where, found in fetched.shown.items()}
    found = [(name, where) for where, name, cents in secrets if cents > CENTS_BY_CHANCE and cents in exact]
    other = {where: {(cents + 50) // 100 for cents in amounts} for where, amounts in fetched.exact.items()}
    rounded = [
        (name, where)
        for where, name, cents in secrets
        if cents > CENTS_BY_CHANCE
        and f"{(cents + 50) // 100:,}".replace(",", ".") in whole[where]
        and (cents + 50) // 100 not in other[where]  # another amount, told to the cent, comes to as many euros
    ]
    assert (found, rounded) == ([], [])
