"""Put the Dash view inside the Flask app: same server, same guard, same bar, nothing from outside.

``mount(server, engine)`` serves it at ``/overleg/``. The pages of the view are made by :mod:`dash_app.page`.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dash import Dash
from dash.exceptions import DependencyException, InvalidResourceError
from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, send_file
from flask_babel import lazy_gettext
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from sqlalchemy import Engine
from werkzeug.wrappers import Response

from dash_app import page
from dash_app.access import MEETING_ROLES
from dash_app.choice import TABLES
from dash_app.workbook import KIND
from lead_contractor.web import guard, headers, languages, navigation

PREFIX = "/overleg/"
_HERE = Path(__file__).parent
_CATALOGUE = _HERE / "translations" / "en" / "LC_MESSAGES" / "messages.po"
_CSRF_COOKIE = "hoofdsom_csrf"
_CALLBACK = f"{PREFIX}_dash-update-component"
_NAV_ORDER = 20


class MeetingDash(Dash):
    """Dash, drawn inside the layout of all pages."""

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]  # Dash names all parts itself
        """The page around the view: Dash's own parts, given to the Jinja layout."""
        return render_template("dash_app/frame.html", **{name: Markup(text) for name, text in parts.items()})  # noqa: S704 - Dash's own markup, no data of people in it


def mount(server: Flask, engine: Engine) -> Dash:
    """Put the view on a shell made by ``build_shell`` and give back the Dash app.

    Callbacks may be added to what comes back until the first request.
    """
    server.register_blueprint(_frame(engine))
    guard.restrict_prefix(server, PREFIX, *MEETING_ROLES)
    languages.add_catalogue(server, _CATALOGUE)
    app = MeetingDash(
        "dash_app",
        server=server,  # type: ignore[arg-type]  # a Flask app is what Dash takes
        url_base_pathname=PREFIX,
        assets_folder=str(_HERE / "assets"),
        use_pages=False,
        serve_locally=True,
        compress=False,
        enable_mcp=False,
        websocket_callbacks=False,
        add_log_handler=False,
        suppress_callback_exceptions=False,
        csrf_token_name=_CSRF_COOKIE,
        update_title="",
        title="Hoofdsom",
    )
    page.build(app, engine)
    _tighten(server, app)
    headers.add_policy(server, PREFIX, _policy(app))
    item = navigation.NavItem(lazy_gettext("Financieel overleg"), PREFIX, MEETING_ROLES, _NAV_ORDER)
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

    return frame


def _tighten(server: Flask, app: Dash) -> None:
    """Answer what Dash would fall over: unknown callbacks (400), unknown files and pages (404)."""
    views = server.view_functions
    views[_CALLBACK] = _known_callbacks_only(app, views[_CALLBACK])
    views[f"{PREFIX}<path:path>"] = _no_such_page
    suites = f"{PREFIX}_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
    views[suites] = _known_files_only(views[suites])
    views[PREFIX] = _with_csrf_cookie(views[PREFIX])


def _known_callbacks_only(app: Dash, dispatch: Callable[[], Any]) -> Callable[[], Any]:
    def checked() -> Any:
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or not _fits(app.callback_map, body):
            abort(400)
        return dispatch()

    return checked


def _fits(callbacks: dict[str, Any], body: dict[str, Any]) -> bool:
    """Whether a callback's request names one that exists, with as many inputs and states as it takes."""
    output = body.get("output")
    known = callbacks.get(output) if isinstance(output, str) else None
    if known is None:
        return False
    return all(
        _is_dependency_list(body.get(sent, []), len(known[declared]))
        for sent, declared in (("inputs", "inputs"), ("state", "state"))
    ) and isinstance(body.get("changedPropIds", []), list)


def _is_dependency_list(value: Any, length: int) -> bool:
    if not isinstance(value, list) or len(value) != length:
        return False
    flat = [part for entry in value for part in (entry if isinstance(entry, list) else [entry])]
    return all(isinstance(part, dict) and "id" in part and "property" in part for part in flat)


def _known_files_only(serve: Callable[..., Any]) -> Callable[..., Any]:
    def checked(**names: str) -> Any:
        try:
            return serve(**names)
        except (DependencyException, InvalidResourceError, FileNotFoundError, KeyError):
            abort(404)

    return checked


def _no_such_page(**_names: str) -> Any:
    abort(404)


def _with_csrf_cookie(index: Callable[..., Any]) -> Callable[..., Any]:
    """Dash sends this cookie back as a header with every callback; the shell checks it against the session."""

    def served(**names: str) -> Any:
        response: Response = current_app.make_response(index(**names))
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(_CSRF_COOKIE, generate_csrf(), path=PREFIX, secure=secure, samesite="Strict")
        return response

    return served


def _policy(app: Dash) -> Callable[[], dict[str, str]]:
    """Dash's two inline scripts by their hash; charts and grids style their own elements."""

    def policy() -> dict[str, str]:
        hashes = " ".join(app.csp_hashes())
        return {
            "script-src": f"'self' {hashes}",
            "style-src": "'self' 'unsafe-inline'",
            "img-src": "'self' data: blob:",
        }

    return policy
