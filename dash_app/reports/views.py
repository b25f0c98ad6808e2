"""The pages of reports and comparison: for the controller, and as far as released for the municipality."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Flask
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import lazy_gettext
from sqlalchemy import Engine

from dash_app.reports.benchmark_pages import BenchmarkPages
from dash_app.reports.report_pages import ReportPages
from lead_contractor.access.model import Role
from lead_contractor.web import guard, languages, navigation

_CATALOGUE = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"
_ROLES = (Role.CONTROLLER, Role.MUNICIPALITY)
_NAVIGATION = (
    (lazy_gettext("Rapportages"), "reports.overview", 80),
    (lazy_gettext("Vergelijking"), "reports.benchmark", 85),
)


def blueprint(engine: Engine) -> Blueprint:
    """The pages, to be registered on a shell beside those of the Overzicht and the desk."""
    pages = Blueprint(
        "reports", __name__, template_folder="templates", static_folder="static", static_url_path="/rapportages/static"
    )
    ReportPages(engine).route(pages)
    BenchmarkPages(engine).route(pages)
    guard.restrict(pages, *_ROLES)
    for label, endpoint, order in _NAVIGATION:
        navigation.offer(pages, navigation.NavItem(label, endpoint, frozenset(_ROLES), order))
    pages.record(_prepare)
    return pages


def _prepare(state: BlueprintSetupState) -> Any:
    assert isinstance(state.app, Flask)
    languages.add_catalogue(state.app, _CATALOGUE)
    guard.leave_open(state.app, "reports.static")
