"""The shell of the interface for software: one address, tokens, limits, problems, and a description of itself.

Every part of the interface is a set of operations, each declared in one place with its address, the scope that its
token needs, its parameters and its answers; from that one declaration comes the OpenAPI description as well::

    interface = rest.install(app, engine)
    interface.register_blueprint(rest.part("declarations", "…", operations))

Cookies let nobody in here, and a form on somebody else's page can send no token: there is nothing to forge.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app, g, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask_limiter.util import get_remote_address
from flask_smorest import Api, Blueprint
from gunicorn.http.errors import ParseException
from limits import parse_many
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from marshmallow import RAISE, Schema, ValidationError
from sqlalchemy import Engine
from werkzeug.wrappers import Response

from lead_contractor.access import tokens
from lead_contractor.access.model import Role
from lead_contractor.access.tokens import Token, TokenScope
from lead_contractor.kernel.json_fields import ProblemSchema
from lead_contractor.kernel.outages import ERRORS, is_outage
from lead_contractor.web import errors, guard, rest_problems
from lead_contractor.web.rest_problems import Problem, fault

LOG = logging.getLogger(__name__)
PREFIX = "/api/v1"
VERSION = "1.0"
LARGEST_BODY = 25 * 1024 * 1024
JSON = "application/json"
PER_TOKEN = "300 per minute; 6000 per hour"  # noqa: S105 - a limit, not a secret
FAILED_PER_ADDRESS = "60 per minute"
_EXTENSION = "hoofdsom_interface"
_SAME = {"text/xml": "application/xml"}
_PROBLEMS = {
    "GET": (400, 401, 403, 404, 422, 429, 500, 503),
    "POST": (400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503),
}
_ABOUT = (
    "Declarations, reports, short returns, allocations, agreements and payments between a lead contractor and its "
    "subcontractors in Dutch social care. Amounts are whole euro cents, days are 2025-03-31, months 2025-03. "
    "Answers are in Dutch unless Accept-Language prefers English."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A success of an operation as the description tells it; without a schema the content is a file."""

    status: int
    schema: type[Schema] | None
    about: str
    media_type: str = JSON


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that software can ask: where, with which right, and what comes back.

    ``scope`` is ``None`` where any token will do; ``body`` maps media types to a schema, or to ``None`` for a file.
    """

    rule: str
    view: Callable[..., Any]
    scope: TokenScope | None
    answers: Sequence[Answer]
    method: str = "GET"
    query: type[Schema] | None = None
    body: Mapping[str, type[Schema] | None] = field(default_factory=dict)
    headers: Sequence[Mapping[str, Any]] = ()


@dataclass(slots=True)
class _Door:
    """What the guard of the interface needs."""

    engine: Engine
    limiter: FixedWindowRateLimiter
    tried: dict[str, datetime] = field(default_factory=dict)

    def count(self, limits: str, *who: str) -> None:
        """Count a request.

        Raises:
            Problem: it is one too many.
        """
        for item in parse_many(limits):
            if not self.limiter.hit(item, *who):
                reset = self.limiter.get_window_stats(item, *who).reset_time
                wait = max(1, int(reset - datetime.now(UTC).timestamp()) + 1)
                raise TooOften(wait)

    def remember(self, token: Token, now: datetime) -> None:
        """Write down that a token is used, at most once an hour; that it cannot be done now is no reason to refuse."""
        tried = self.tried.get(token.public_id)
        if tokens.used_lately(token, now) or (tried is not None and now - tried < tokens.USED_WITHIN):
            return
        self.tried[token.public_id] = now
        try:
            tokens.remember_use(self.engine, token, now)
        except ERRORS as error:
            if not is_outage(error):
                raise
            LOG.warning("use of token %s not written down", token.public_id)


class TooOften(Problem):
    """A limit was passed; it may be tried again after ``wait`` seconds."""

    def __init__(self, wait: int) -> None:
        self.wait = wait
        super().__init__("too-often")


class Interface(Api):  # type: ignore[misc]  # flask-smorest is not typed
    """Flask-smorest, with our own problems instead of its errors."""

    DEFAULT_ERROR_RESPONSE_NAME = "Problem"

    def _register_error_handlers(self) -> None:
        """None: everything under the prefix is answered by :func:`rest_problems.answer_to`."""


def install(app: Flask, engine: Engine) -> Interface:
    """Open the interface on an app: its guard, its problems, its description; parts are registered on what returns."""
    limiter = FixedWindowRateLimiter(storage_from_string(app.config["RATELIMIT_STORAGE_URI"]))
    app.extensions[_EXTENSION] = _Door(engine, limiter)
    errors.speak(app, PREFIX, _answer_to, Problem, ValidationError)
    interface = Interface(
        app,
        spec_kwargs={
            "title": "Hoofdsom",
            "version": VERSION,
            "openapi_version": "3.1.0",
            "info": {"description": _ABOUT},
            "servers": [{"url": "/"}],
        },
    )
    spec: Any = interface.spec
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    spec.components.response(
        "Problem",
        {
            "description": "A problem (RFC 9457), in Dutch or English.",
            "content": {rest_problems.MEDIA_TYPE: {"schema": ProblemSchema}},
        },
    )
    app.add_url_rule(f"{PREFIX}/openapi.json", "interface.description", lambda: _description(interface))
    app.add_url_rule(f"{PREFIX}/", "interface.page", lambda: _page(interface))
    for endpoint in ("interface.description", "interface.page"):
        guard.leave_open(app, endpoint)
    return interface


def part(name: str, about: str, operations: Sequence[Operation]) -> Blueprint:
    """A part of the interface: its operations as a blueprint with the guard before them."""
    blueprint: Any = Blueprint(name, __name__, url_prefix=PREFIX, description=about)
    scopes: dict[str, TokenScope | None] = {}
    for one in operations:
        endpoint = f"{one.method.lower()}_{one.view.__name__.strip('_')}"
        scopes[f"{name}.{endpoint}"] = one.scope
        blueprint.add_url_rule(one.rule, endpoint, _documented(blueprint, one), methods=[one.method])
    blueprint.url_value_preprocessor(_limit_size)
    blueprint.before_request(lambda: _let_in(scopes[request.endpoint or ""]))

    def open_door(state: BlueprintSetupState) -> None:
        app: Any = state.app
        app.extensions["csrf"].exempt(blueprint)
        for endpoint in scopes:
            guard.leave_open(app, endpoint)

    blueprint.record_once(open_door)
    made: Blueprint = blueprint
    return made


def _documented(blueprint: Any, one: Operation) -> Callable[..., Any]:
    """The view of an operation with what the description tells of it."""
    scope = [] if one.scope is None else [str(one.scope)]
    told: dict[str, Any] = {
        "security": [{"token": scope}],
        "responses": {str(status): {"$ref": "#/components/responses/Problem"} for status in _PROBLEMS[one.method]},
        "operationId": f"{one.method.lower()}_{one.view.__name__}",
    }
    if one.body:
        content = {kind: _content(schema) for kind, schema in one.body.items()}
        told["requestBody"] = {"required": True, "content": content}
    for answer in one.answers:
        told["responses"].pop(str(answer.status), None)
    if one.headers:
        told["parameters"] = list(one.headers)

    def view(*arguments: Any, **values: Any) -> Any:
        return one.view(*arguments, **values)

    view.__name__, view.__doc__ = one.view.__name__, one.view.__doc__
    dressed: Callable[..., Any] = blueprint.doc(**told)(view)
    for answer in one.answers:
        schema = answer.schema or {"type": "string", "format": "binary"}
        dressed = blueprint.alt_response(
            answer.status, schema=schema, content_type=answer.media_type, description=answer.about, success=True
        )(dressed)
    if one.query is not None:
        dressed = blueprint.arguments(one.query, location="query", unknown=RAISE)(dressed)
    return dressed


def _content(schema: type[Schema] | None) -> dict[str, Any]:
    return {"schema": schema or {"type": "string", "format": "binary"}}


def caller() -> Token:
    """The token of this request."""
    found: Token = g.token
    return found


def now() -> datetime:
    """The moment of this request; a test may set the clock of the app."""
    clock: Callable[[], datetime] | None = current_app.config.get("CLOCK")
    return datetime.now(UTC) if clock is None else clock()


def media_type(accepted: Sequence[str]) -> str:
    """What the body of this request is said to be.

    Raises:
        Problem: something that is not read here.
    """
    given = _SAME.get(request.mimetype.lower(), request.mimetype.lower())
    if given not in accepted or request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem("wrong-media-type", accepted=", ".join(accepted))
    return given


def body() -> bytes:
    """The whole body of this request.

    A server may hand over what came in before the line broke as if it were all; half a table is a table too.

    Raises:
        Problem: it is larger than it may be, or not all of it came.
    """
    try:
        found = request.get_data()
    except (OSError, ParseException) as error:  # the server could not make out what came in, or it broke off
        raise Problem("bad-request") from error
    if len(found) > LARGEST_BODY:
        raise Problem("too-large")
    if request.content_length is not None and len(found) != request.content_length:
        raise Problem("bad-request")
    return found


def json_body(schema: type[Schema]) -> dict[str, Any]:
    """The JSON body of this request, held against a schema.

    Raises:
        Problem: not JSON.
        ValidationError: it does not fit; the prefix answers it as a problem.
    """
    try:
        given = json.loads(body().decode("utf-8"), parse_constant=_no_number)
        json.dumps(given, ensure_ascii=False).encode()  # half of a pair of signs is no text that can be kept or told
    except (ValueError, RecursionError) as error:
        raise Problem("bad-request", [fault("", "json")]) from error
    found: dict[str, Any] = schema().load(given)
    return found


def _no_number(_text: str) -> None:
    raise ValueError("not a number of JSON")


def encode(schema: type[Schema], value: Any) -> bytes:
    """A value as the JSON that goes out, fields in the order of their schema."""
    return json.dumps(schema().dump(value), ensure_ascii=False).encode()


def respond(schema: type[Schema], value: Any) -> Response:
    """An answer that went well."""
    return sent(encode(schema, value))


def sent(content: bytes, status: int = 200, kind: str = JSON, headers: Mapping[str, str] | None = None) -> Response:
    """Content as a response."""
    response = Response(content, status=status, mimetype=kind)
    response.headers["Content-Language"] = rest_problems.language()
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def _limit_size(_endpoint: str | None, _values: Any) -> None:
    """Refuse a request that is too large by what it says of itself, before anything of it is read."""
    silent = request.content_length is None  # then one more than it may have is read, which :func:`body` sees
    request.max_content_length = LARGEST_BODY + silent


def _let_in(scope: TokenScope | None) -> None:
    """Find the token of a request and see what it may do."""
    door: _Door = current_app.extensions[_EXTENSION]
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    moment = now()
    token = tokens.resume_token(door.engine, text.strip(), moment) if kind.lower() == "bearer" else None
    if token is None:
        limit = current_app.config.get("API_FAILED_LIMIT", FAILED_PER_ADDRESS)
        door.count(limit, "failed", get_remote_address())
        raise Problem("no-token")
    door.count(current_app.config.get("API_RATE_LIMIT", PER_TOKEN), "token", token.public_id)
    if scope is not None and scope not in token.scopes:
        raise Problem("no-scope", scope=str(scope))
    if scope is not None and scope not in tokens.SCOPES_OF[Role(token.role)]:
        raise Problem("not-allowed")
    door.remember(token, moment)
    g.token = token


def _answer_to(error: Exception, reference: str) -> Response:
    response = rest_problems.answer_to(error, reference)
    if isinstance(error, TooOften):
        response.headers["Retry-After"] = str(error.wait)
    if response.status_code == 401:  # noqa: PLR2004 - HTTP asks for this header with it
        response.headers["WWW-Authenticate"] = 'Bearer realm="hoofdsom"'
    return response


def _description(interface: Interface) -> Response:
    """The OpenAPI description."""
    spec: Any = interface.spec
    return sent(json.dumps(spec.to_dict(), ensure_ascii=False).encode())


def _page(interface: Interface) -> str:
    """The same description, to be read by people."""
    spec: Any = interface.spec
    told = spec.to_dict()
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "about": one.get("summary", ""),
            "more": one.get("description", ""),
            "scope": ", ".join(one["security"][0]["token"]),
            "parameters": [_parameter(each, told) for each in one.get("parameters", [])],
        }
        for path, methods in told["paths"].items()
        for method, one in methods.items()
        if isinstance(one, dict) and "security" in one
    ]
    return render_template("web/interface.html", operations=operations, prefix=PREFIX, version=VERSION)


def _parameter(given: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    name = given.get("name") or str(given.get("$ref", "")).rpartition("/")[2]
    return str(name)
