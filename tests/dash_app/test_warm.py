"""A page that was drawn beforehand costs the first to ask less, and never says what is no longer so."""

from __future__ import annotations

import logging
from datetime import date
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from budgets.forecast import layout
from budgets.forecast import store as forecasts
from budgets.forecast.model import Forecast
from budgets.forecast.service import freeze
from budgets.meeting import walk as meeting_walk
from dash_app import warm
from lead_contractor.books import accounts
from lead_contractor.books.model import About, Posting
from lead_contractor.books.service import post
from lead_contractor.contract.store import contracts
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from tests.dash_app.meeting import YEAR, Looker, frozen_year, furnish, site, walk, words
from tests.klein import AT
from tests.people import CONTROLLER, MUNICIPALITY

AUGUST = "?contract=1&until=2025-08"


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has read and reckoned nothing yet."""
    monkeypatch.setattr(forecasts, "_read", type(forecasts._read)())
    monkeypatch.setattr(meeting_walk, "_steps", type(meeting_walk._steps)())


def warmed(engine: Engine) -> dict[int, warm.State]:
    known: dict[int, warm.State] = {}
    app = site(engine)
    for _ in warm.warm_new(app, engine, known):
        pass
    return known


@pytest.mark.usefixtures("forgotten")
def test_who_comes_first_reads_no_forecast_any_more(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    loaded = furnish(engine)
    frozen_year(engine, loaded, range(7, 9))
    read: list[object] = []

    def reads(document: dict[str, Any]) -> Forecast:
        read.append(document)
        return layout.from_document(document)

    monkeypatch.setattr(forecasts, "from_document", reads)
    warmed(engine)
    assert len(read) == 2
    for email in (CONTROLLER, MUNICIPALITY):
        Looker(site(engine), email).everything(AUGUST)
    assert len(read) == 2


def test_after_a_new_posting_the_page_shows_the_new_figure(engine: Engine):
    loaded = furnish(engine)
    frozen_year(engine, loaded, range(7, 9))
    warmed(engine)
    looker, shown = Looker(site(engine), MUNICIPALITY), []
    for amount in (0, 123_456):
        if amount:
            month = Month(2025, 7)
            cost = Posting(accounts.COST_OVERHEAD, accounts.OWN_EXPENSE, Cents(amount), About(month, month), "own:test")
            with writing(engine) as connection:
                post(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, [cost], AT)
        shown.append(looker.ask(YEAR, AUGUST).get_json()["response"]["overleg-year"]["children"])
    before, after = (_cost_of_july(one) for one in shown)
    assert after - before == 123_456, "to the cent"


def _cost_of_july(parts: object) -> int:
    """What the table of months says of the cost up to and including July, in cents."""
    found: list[dict[str, Any]] = []
    walk(parts, found)
    rows = ([words(cell) for cell in part["props"]["children"]] for part in found if part["type"] == "Tr")
    row = next(cells for cells in rows if cells and cells[0] == "juli")
    return int(row[2].replace(".", "").replace(",", ""))


def test_only_what_is_new_is_drawn_again(engine: Engine):
    loaded = furnish(engine)
    frozen_year(engine, loaded, range(7, 8))
    app = site(engine)
    known: dict[int, warm.State] = {}
    assert len(list(warm.warm_new(app, engine, known))) == 1
    assert list(warm.warm_new(app, engine, known)) == []
    with writing(engine) as connection:
        freeze(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, date(2025, 8, 31), AT)
    assert len(list(warm.warm_new(app, engine, known))) == 1


def test_what_goes_wrong_stops_nobody(engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog):
    furnish(engine)
    wrong = SQLAlchemyError("no database")

    def fails(*_: object) -> None:
        raise wrong

    monkeypatch.setattr(warm, "warm", fails)
    stop = Event()
    with caplog.at_level(logging.ERROR):
        thread = warm.keep_warm(site(engine), engine, stop)
        stop.set()
        thread.join(timeout=20)
    assert not thread.is_alive()
    assert "could not be drawn" in caplog.text


def test_nobody_signs_in_to_draw_beforehand(engine: Engine):
    """No person, no session and no row is made of it."""
    loaded = furnish(engine)
    tables = ("app_user", "app_session", "membership", "transfer", "forecast_frozen")
    counts = []
    for round_ in range(2):
        if round_:
            warmed(engine)
        with reading(engine) as connection:
            scope = Scope(connection, loaded.lead_contractor_id)
            assert contracts(scope)
            counts.append([scope.connection.exec_driver_sql(f"SELECT COUNT(*) FROM {one}").scalar() for one in tables])
    assert counts[0] == counts[1]
