"""Look at the page of the meeting before anybody asks for it, so that the first to ask does not wait.

Much of what a page is made of follows from what was booked, frozen and read, and is kept by that content as long as the
process lives: forecasts that were read, possible years, months that were walked for small numbers, the back-test. A
process that has just started knows none of it yet, nor do the libraries that draw. :func:`warm` draws the page of each
contract year once, as the lead contractor and as the municipality see it, and throws it away; nothing is kept here, so
that nothing can be shown here that is no longer so. :func:`keep_warm` does so again when there is something new.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from budgets.forecast.tables import forecast_frozen
from dash_app import page
from dash_app.choice import PREFIX
from dash_app.shown import seen_in
from lead_contractor.access.model import Acting, Role
from lead_contractor.books.tables import transfer
from lead_contractor.contract.store import StoredContract, contracts, every_contract
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.tenancy import Scope

LOG = logging.getLogger(__name__)
EVERY = 60.0
"""Seconds between looking whether there is anything new."""
BEFORE_ANSWERING = 3.0
"""Seconds that a process warms up at most before it answers; the rest follows while it does."""

State = tuple[int, int]
"""The last transfer and the last frozen forecast of a lead contractor."""


def warm(app: Flask, engine: Engine, lead: int, contract: StoredContract) -> None:
    """Draw the newest page of a contract year for each role that sits at the meeting."""
    for role, party in ((Role.MUNICIPALITY, contract.municipality_code), (Role.CONTROLLER, "")):
        person = Acting(0, "", lead, "", role, party, contract.municipality_name)
        with app.test_request_context(PREFIX), reading(engine) as connection:
            now = seen_in(Scope(connection, lead), person, f"?contract={contract.id}")
            if now is not None:
                page.drawn(now)


def warm_new(app: Flask, engine: Engine, known: dict[int, State]) -> Iterator[None]:
    """Warm the contracts of the newest year of each lead contractor with anything new; pauses after each contract.

    Args:
        app: the site.
        engine: the database.
        known: what each lead contractor had when it was last warmed; brought up to date.
    """
    with reading(engine) as connection:
        leads = sorted({lead for lead, _ in every_contract(connection)})
    for lead in leads:
        with reading(engine) as connection:
            scope = Scope(connection, lead)
            state = scope.last_id(transfer), scope.last_id(forecast_frozen)
            found = contracts(scope) if known.get(lead) != state else []
        for contract in found:
            if contract.year == found[0].year:
                warm(app, engine, lead, contract)
                yield
        known[lead] = state


def keep_warm(app: Flask, engine: Engine, stop: Event | None = None) -> Thread:
    """Warm up for a short while, then go on in a thread that looks every minute; for a process that is to answer.

    What goes wrong is written to the log and stops nobody: a page that is not warm is slower, nothing else.
    """
    known: dict[int, State] = {}
    started = time.monotonic()
    _tried(lambda: _until(started + BEFORE_ANSWERING, warm_new(app, engine, known)))
    ends = Event() if stop is None else stop

    def go_on() -> None:
        while not ends.is_set():
            _tried(lambda: _in_turns(warm_new(app, engine, known), ends))
            ends.wait(EVERY)

    thread = Thread(target=go_on, name="warm", daemon=True)
    thread.start()
    return thread


def _until(moment: float, steps: Iterator[None]) -> None:
    for _ in steps:
        if time.monotonic() > moment:
            return


def _in_turns(steps: Iterator[None], ends: Event) -> None:
    """After each step rest as long as it took, for the sake of those who ask something."""
    before = time.monotonic()
    for _ in steps:
        if ends.wait(time.monotonic() - before):
            return
        before = time.monotonic()


def _tried(work: Callable[[], None]) -> None:
    try:
        work()
    except (SQLAlchemyError, Refusal):
        LOG.exception("the meeting could not be drawn beforehand")
