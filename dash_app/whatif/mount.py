"""The page *Wat als*: its own Dash app at ``/overleg/wat-als/``, as closed as that of the meeting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dash import Dash
from flask import Blueprint, Flask, redirect
from sqlalchemy import Engine

from dash_app.access import MEETING_ROLES
from dash_app.framed import framed, tighten
from dash_app.whatif import page
from dash_app.whatif.looked_at import PREFIX
from lead_contractor.web import guard, languages

_HERE = Path(__file__).parent
_CATALOGUE = _HERE / "translations" / "en" / "LC_MESSAGES" / "messages.po"
_CSRF_COOKIE = "hoofdsom_csrf_wat_als"


def mount(server: Flask, engine: Engine) -> Dash:
    """Put the page on a shell that has the view of the meeting."""
    server.register_blueprint(_frame())
    guard.restrict_prefix(server, PREFIX, *MEETING_ROLES)
    languages.add_catalogue(server, _CATALOGUE)
    assets = _HERE.parent / "assets"
    app = framed(server, "dash_app.whatif", PREFIX, assets, _CSRF_COOKIE, "whatif/frame.html", parts_later=True)
    page.build(app, engine)
    tighten(server, app, PREFIX)
    return app


def _frame() -> Blueprint:
    """The template of the frame, and the address without its last slash."""
    frame = Blueprint("whatif", __name__, template_folder="templates")

    @frame.get(PREFIX.rstrip("/"))
    def without_slash() -> Any:
        return redirect(PREFIX)

    return frame
