"""Who may see which page: nothing is open unless it says so.

Every route needs a signed-in person who acts in one membership, and every route names the roles it is for:
a view with :func:`requires`, a blueprint with :func:`restrict`, everything under an address with
:func:`restrict_prefix`. A route that names nothing is refused to all. :func:`leave_open` makes the few exceptions.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import Blueprint, Flask, abort, current_app, g, redirect, request, session, url_for
from flask.sansio.blueprints import BlueprintSetupState
from sqlalchemy import Engine
from werkzeug.wrappers import Response

from lead_contractor.access import service
from lead_contractor.access.model import Acting, Role, SignedIn

LOG = logging.getLogger(__name__)
TOKEN, CAPACITY = "token", "capacity"
_EXTENSION = "hoofdsom_rights"
_ROLES = "hoofdsom_roles"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(slots=True)
class _Rights:
    """What this app knows of rights: filled while it is put together, read while it runs."""

    engine: Engine
    open: set[str] = field(default_factory=set)
    without_capacity: set[str] = field(default_factory=set)
    blueprints: dict[str, frozenset[Role]] = field(default_factory=dict)
    prefixes: dict[str, frozenset[Role]] = field(default_factory=dict)


def install(app: Flask, engine: Engine) -> None:
    """Put the guard before every request of the app."""
    app.extensions[_EXTENSION] = _Rights(engine, open={"static", "bootstrap.static"})
    app.before_request(_guard)


def leave_open(app: Flask, endpoint: str) -> None:
    """Let everybody reach this endpoint, signed in or not."""
    _rights(app).open.add(endpoint)


def leave_open_to_signed_in(app: Flask, endpoint: str) -> None:
    """Let every signed-in person reach this endpoint, also before they chose in which membership they act."""
    _rights(app).without_capacity.add(endpoint)


def requires(*roles: Role) -> Callable[[View], View]:
    """Mark a view for these roles. Stand it directly above the function, or in ``decorators`` of a MethodView."""

    def mark(view: View) -> View:
        setattr(view, _ROLES, frozenset(roles))
        return view

    return mark


def restrict(blueprint: Blueprint, *roles: Role) -> None:
    """Open all views of a blueprint to these roles; a view's own :func:`requires` goes before."""
    name = blueprint.name

    def remember(state: BlueprintSetupState) -> None:
        _rights(state.app).blueprints[name] = frozenset(roles)

    blueprint.record(remember)


def restrict_prefix(app: Flask, prefix: str, *roles: Role) -> None:
    """Open everything that is routed at ``prefix`` or under it to these roles, whoever made the routes."""
    _rights(app).prefixes[prefix.rstrip("/")] = frozenset(roles)


def acting() -> Acting:
    """The person of this request, in the membership in which they act.

    Raises:
        Unauthorized: nobody is signed in or nothing was chosen yet.
    """
    found: Acting | None = g.get("acting")
    if found is None:
        abort(401)
    return found


def signed_in() -> SignedIn | None:
    """The person of this request with all memberships, or ``None``."""
    found: SignedIn | None = g.get("signed_in")
    return found


def roles_of(app: Flask, endpoint: str) -> frozenset[Role]:
    """The roles a route is for; empty when it names none, and then it is for nobody. Of prefixes the longest holds."""
    rights = _rights(app)
    prefixes = sorted(rights.prefixes.items(), key=lambda known: -len(known[0]))
    for rule in app.url_map.iter_rules(endpoint):
        for prefix, roles in prefixes:
            if rule.rule == prefix or rule.rule.startswith(f"{prefix}/"):
                return roles
    own: frozenset[Role] | None = getattr(app.view_functions.get(endpoint), _ROLES, None)
    return own if own is not None else rights.blueprints.get(endpoint.rpartition(".")[0], frozenset())


def is_open(app: Flask, endpoint: str) -> bool:
    """Whether everybody may reach this endpoint."""
    return endpoint in _rights(app).open


def _rights(app: Any) -> _Rights:
    found: _Rights = app.extensions[_EXTENSION]
    return found


def _guard() -> Response | None:
    """Find out who asks, then let them through, send them to the sign-in page, or refuse."""
    rights = _rights(current_app)
    endpoint = request.endpoint
    static = endpoint is not None and endpoint.rpartition(".")[2] == "static" and endpoint in rights.open
    if not static:
        _identify(rights)
    if endpoint is None or endpoint in rights.open:
        return None  # an address that does not exist is answered as such
    if signed_in() is None:
        return _ask_to_sign_in()
    if endpoint in rights.without_capacity:
        return None
    if g.get("acting") is None:
        return redirect(url_for("web.capacity", next=_target())) if _is_page() else abort(403)
    allowed = roles_of(current_app, endpoint)
    if not allowed:
        LOG.error("route %s names no role and is refused to all", endpoint)
    if acting().role not in allowed:
        abort(403)
    return None


def _identify(rights: _Rights) -> None:
    """Read the session against the database: the sign-in, the person and their memberships as they are now."""
    token = session.get(TOKEN)
    if not isinstance(token, str):
        return
    person = service.resume(rights.engine, token, datetime.now(UTC))
    if person is None:
        session.pop(TOKEN)
        session.pop(CAPACITY, None)
        return
    g.signed_in = person
    chosen = session.get(CAPACITY)
    found = person.acting_as(chosen) if isinstance(chosen, str) else None
    if found is None and len(person.memberships) == 1:
        found = person.acting_as(person.memberships[0].key)
    g.acting = found


def _is_page() -> bool:
    """Whether a browser asks for a page, rather than a program for data."""
    wants = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    internal = "/_" in request.path
    return request.method in {"GET", "HEAD"} and wants == "text/html" and not internal


def _ask_to_sign_in() -> Response:
    if not _is_page():
        abort(401)
    return redirect(url_for("web.sign_in", next=_target()))


def _target() -> str | None:
    """What was asked for, to go to once the question in between is answered; ``None`` for the first screen."""
    target = request.full_path if request.query_string else request.path
    return None if target == "/" else target
