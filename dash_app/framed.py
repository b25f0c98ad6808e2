"""A Dash app inside the Flask app: in the layout of all pages, by our own files alone, and with nothing to fall over.

Each view of Dash is made by :func:`framed`, gets its layout and callbacks, and is closed off with :func:`tighten`.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from dash import Dash
from dash.exceptions import DependencyException, InvalidResourceError
from flask import Flask, abort, current_app, g, render_template, request
from flask import Response as FlaskResponse
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.wrappers import Response

from lead_contractor.web import headers


class FramedDash(Dash):
    """Dash, drawn inside the layout of all pages."""

    frame = "dash_app/frame.html"
    csrf_cookie = ""

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]  # Dash names all parts itself
        """The page around the view: Dash's own parts, given to the Jinja layout."""
        return render_template(self.frame, **{name: Markup(text) for name, text in parts.items()})  # noqa: S704 - Dash's own markup, no data of people in it


def framed(
    server: Flask,
    name: str,
    prefix: str,
    assets: Path,
    csrf_cookie: str,
    frame: str = FramedDash.frame,
    *,
    parts_later: bool = False,
) -> FramedDash:
    """A Dash app at an address.

    Args:
        server: the shell.
        name: the name of the app.
        prefix: its address, with a slash at both ends.
        assets: its style sheets.
        csrf_cookie: the cookie in which its token goes to the browser; each app has its own.
        frame: its template.
        parts_later: whether callbacks take parts as input that other callbacks put on the page.
    """
    app = FramedDash(
        name,
        server=server,  # type: ignore[arg-type]  # a Flask app is what Dash takes
        url_base_pathname=prefix,
        assets_folder=str(assets),
        use_pages=False,
        serve_locally=True,
        compress=False,
        enable_mcp=False,
        websocket_callbacks=False,
        add_log_handler=False,
        suppress_callback_exceptions=parts_later,
        csrf_token_name=csrf_cookie,
        update_title="",
        title="Hoofdsom",
    )
    app.frame, app.csrf_cookie = frame, csrf_cookie
    return app


def tighten(server: Flask, app: FramedDash, prefix: str) -> None:
    """Answer what Dash would fall over: unknown callbacks (400), unknown files and pages (404); and set its policy."""
    views = server.view_functions
    callback = f"{prefix}_dash-update-component"
    views[callback] = _known_callbacks_only(app, views[callback])
    views[f"{prefix}<path:path>"] = _no_such_page
    suites = f"{prefix}_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
    views[suites] = _known_files_only(views[suites])
    server.session_interface = _Sessions()
    views[prefix] = _with_csrf_cookie(views[prefix], prefix, app.csrf_cookie)
    headers.add_policy(server, prefix, _policy(app))


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
            response: Response = current_app.make_response(serve(**names))
        except (DependencyException, InvalidResourceError, FileNotFoundError, KeyError):
            abort(404)
        return _to_be_kept(response)

    return checked


def _to_be_kept(response: Response) -> Response:
    """A file of a library, in such a way that a browser takes it once: compressed, and without the cookie of who asks.

    What has its version in its address is good for a year; of the rest the browser asks whether it is still the same.
    """
    g.same_for_all = True
    if response.status_code != 200:  # noqa: PLR2004 - the browser has it already
        return response
    response.headers["Cache-Control"] = "private, no-cache" if response.get_etag()[0] else "private, max-age=31536000"
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        response.direct_passthrough = False
        response.set_data(_squeezed(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=64)
def _squeezed(content: bytes) -> bytes:
    return gzip.compress(content, 6, mtime=0)


class _Sessions(SecureCookieSessionInterface):
    """Sessions that leave no trace on a file that is the same for everybody: with it no browser would keep the file."""

    def save_session(self, app: Flask, session: SessionMixin, response: FlaskResponse) -> None:
        if not g.get("same_for_all"):
            super().save_session(app, session, response)


def _no_such_page(**_names: str) -> Any:
    abort(404)


def _with_csrf_cookie(index: Callable[..., Any], path: str, name: str) -> Callable[..., Any]:
    """Dash sends this cookie back as a header with every callback; the shell checks it against the session."""

    def served(**names: str) -> Any:
        response: Response = current_app.make_response(index(**names))
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(name, generate_csrf(), path=path, secure=secure, samesite="Strict")
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
