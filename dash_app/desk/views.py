"""The desk of the lead contractor: exceptions, decisions, the history of a line, payments, requests and closing.

All of it is for the controller. People are shown by their pseudonym; only requests open the vault, to see whether the
card of a client is complete.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Flask
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import lazy_gettext
from sqlalchemy import Engine

from dash_app.desk.budget_pages import BudgetPages
from dash_app.desk.closing_pages import ClosingPages
from dash_app.desk.decision_pages import DecisionPages
from dash_app.desk.exception_pages import ExceptionPages
from dash_app.desk.payment_pages import PaymentPages
from dash_app.desk.request_pages import RequestPages
from dash_app.desk.signal_pages import SignalPages
from lead_contractor.access.model import Role
from lead_contractor.web import guard, languages, navigation

_CATALOGUE = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"
_NAVIGATION = (
    (lazy_gettext("Te besluiten"), "desk.exceptions", 20),
    (lazy_gettext("Signalen"), "desk.signals", 22),
    (lazy_gettext("Budget"), "desk.budget", 55),
    (lazy_gettext("Betalingen"), "desk.payments", 60),
    (lazy_gettext("Maandsluiting"), "desk.closing", 70),
)


def blueprint(engine: Engine, master_key: bytes) -> Blueprint:
    """The desk, to be registered on a shell beside the pages of the Overzicht.

    Args:
        engine: the database.
        master_key: the key of the vault, for requests and worklists.
    """
    pages = Blueprint(
        "desk", __name__, template_folder="templates", static_folder="static", static_url_path="/te-besluiten/static"
    )
    for made in (ExceptionPages(engine), DecisionPages(engine), PaymentPages(engine), SignalPages(engine)):
        made.route(pages)
    BudgetPages(engine).route(pages)
    for held in (RequestPages(engine, master_key), ClosingPages(engine, master_key)):
        held.route(pages)
    guard.restrict(pages, Role.CONTROLLER)
    for label, endpoint, order in _NAVIGATION:
        navigation.offer(pages, navigation.NavItem(label, endpoint, frozenset({Role.CONTROLLER}), order))
    pages.record(_prepare)
    return pages


def _prepare(state: BlueprintSetupState) -> Any:
    assert isinstance(state.app, Flask)
    languages.add_catalogue(state.app, _CATALOGUE)
    guard.leave_open(state.app, "desk.static")
