"""Put the Dash view inside the Flask app: same server, same guard, same bar, nothing from outside.

``mount(server, engine)`` serves it at ``/overleg/``. The pages of the view are made by :mod:`dash_app.page`.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from dash import Dash
from flask import Blueprint, Flask, redirect, request, send_file
from flask_babel import lazy_gettext
from sqlalchemy import Engine

from dash_app import deeds, municipalities, page
from dash_app.access import VIEW_ROLES
from dash_app.choice import TABLES
from dash_app.framed import framed, tighten
from dash_app.workbook import KIND
from lead_contractor.web import guard, languages, navigation

PREFIX = "/overleg/"
_HERE = Path(__file__).parent
_CATALOGUE = _HERE / "translations" / "en" / "LC_MESSAGES" / "messages.po"
_CSRF_COOKIE = "hoofdsom_csrf"
_NAV_ORDER = 20


def mount(server: Flask, engine: Engine) -> Dash:
    """Put the view on a shell made by ``build_shell`` and give back the Dash app.

    Callbacks may be added to what comes back until the first request.
    """
    server.register_blueprint(_frame(engine))
    guard.restrict_prefix(server, PREFIX, *VIEW_ROLES)
    languages.add_catalogue(server, _CATALOGUE)
    app = framed(server, "dash_app", PREFIX, _HERE / "assets", _CSRF_COOKIE)
    page.build(app, engine)
    tighten(server, app, PREFIX)
    item = navigation.NavItem(lazy_gettext("Financieel overleg"), PREFIX, VIEW_ROLES, _NAV_ORDER)
    navigation.add(server, item)
    return app


def _frame(engine: Engine) -> Blueprint:
    """The template of the frame, the address without its last slash, and the tables to take along."""
    frame = Blueprint("overleg", __name__, template_folder="templates")

    @frame.get(PREFIX.rstrip("/"))
    def without_slash() -> Any:
        return redirect(PREFIX)

    @frame.get(TABLES)
    def tables() -> Any:
        name, content = page.tables_of(engine, request.query_string.decode(errors="replace"))
        return send_file(io.BytesIO(content), mimetype=KIND, as_attachment=True, download_name=name)

    deeds.route(frame, engine)
    municipalities.route(frame, engine)
    return frame
