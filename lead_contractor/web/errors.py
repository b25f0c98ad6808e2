"""What people see when something cannot be done: plain words, and never the inside of the program."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any, TypeAlias

from flask import Flask, current_app, json, render_template, request
from flask_babel import lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable
from werkzeug.wrappers import Response

from lead_contractor.kernel.outages import ERRORS, is_outage
from lead_contractor.kernel.refusals import Refusal, Unsound

Speaker: TypeAlias = Callable[[Exception, str], Response]
"""Answers an error in a form of its own; the text is the reference of one that nobody foresaw, or empty."""

LOG = logging.getLogger(__name__)
_SERVER_ERROR = 500
_UNAVAILABLE = 503
_RETRY_AFTER = 5
_EXTENSION = "hoofdsom_speakers"
_WORDS: dict[int, tuple[Any, Any]] = {
    400: (
        lazy_gettext("Dat is niet goed doorgekomen"),
        lazy_gettext("De aanvraag klopt niet. Ga terug, herlaad de pagina en probeer het opnieuw."),
    ),
    401: (
        lazy_gettext("Meld u eerst aan"),
        lazy_gettext("U bent niet (meer) aangemeld. Meld u aan en probeer het opnieuw."),
    ),
    403: (
        lazy_gettext("Dit hoort niet bij uw rol"),
        lazy_gettext("Met de rol waarin u nu werkt, is dit niet toegankelijk. Hebt u meer rollen, wissel dan van rol."),
    ),
    404: (
        lazy_gettext("Deze pagina is er niet"),
        lazy_gettext("Het adres klopt niet of de pagina bestaat niet meer."),
    ),
    405: (
        lazy_gettext("Dat kan hier niet"),
        lazy_gettext("Deze pagina is op een andere manier opgevraagd dan waarvoor zij er is."),
    ),
    409: (
        lazy_gettext("Dit is intussen veranderd"),
        lazy_gettext("Iets anders staat in de weg. Herlaad de pagina en kijk hoe het er nu voor staat."),
    ),
    413: (
        lazy_gettext("Dit bestand is te groot"),
        lazy_gettext("Splits het bestand en stuur de delen na elkaar."),
    ),
    422: (
        lazy_gettext("De gegevens kloppen niet"),
        lazy_gettext("Herstel wat hieronder staat en stuur het opnieuw."),
    ),
    429: (
        lazy_gettext("Even wachten"),
        lazy_gettext("Er is te vaak achter elkaar geprobeerd. Wacht een minuut en probeer het opnieuw."),
    ),
    500: (
        lazy_gettext("Er ging iets mis"),
        lazy_gettext("Dat ligt aan ons. Er is niets half opgeslagen. Probeer het nog eens, of meld het kenmerk."),
    ),
    503: (
        lazy_gettext("Even niet bereikbaar"),
        lazy_gettext(
            "De gegevens zijn even niet bereikbaar of bezet. Er is niets half opgeslagen. Probeer het over een minuut "
            "opnieuw."
        ),
    ),
}
_FORM_EXPIRED = lazy_gettext("Het formulier is verlopen. Herlaad de pagina en vul het opnieuw in.")


def install(app: Flask) -> None:
    """Answer refusals, HTTP errors and whatever nobody foresaw with a page or, where asked for, JSON."""
    app.extensions[_EXTENSION] = {}
    app.register_error_handler(Refusal, _refused)
    for kind in ERRORS:
        app.register_error_handler(kind, _database_failed)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(InternalServerError, _unforeseen)


def speak(app: Flask, prefix: str, speaker: Speaker, *more: type[Exception]) -> None:
    """Let everything at or under ``prefix`` be answered by ``speaker``, and ``more`` kinds of error anywhere there."""
    speakers: dict[str, Speaker] = app.extensions[_EXTENSION]
    speakers[prefix.rstrip("/")] = speaker
    for kind in more:
        app.register_error_handler(kind, _spoken_only)


def _spoken(error: Exception, reference: str = "") -> Response | None:
    """The answer of whoever speaks for this address; ``None`` where pages do."""
    speakers: dict[str, Speaker] = current_app.extensions[_EXTENSION]
    for prefix, speaker in speakers.items():
        if request.path == prefix or request.path.startswith(f"{prefix}/"):
            return speaker(error, reference)
    return None


def _spoken_only(error: Exception) -> Response:
    found = _spoken(error)
    if found is None:
        raise error
    return found


def _database_failed(error: Exception) -> Response:
    """The database was away or busy: nothing was stored, and it may be tried again. Anything else is our own fault."""
    if not is_outage(error):
        raise error
    LOG.warning("the database is away or busy: %s %s: %s", request.method, request.path, type(error).__name__)
    found = _spoken(ServiceUnavailable()) or _answer(_UNAVAILABLE)
    found.headers["Retry-After"] = str(_RETRY_AFTER)
    return found


def _refused(refusal: Refusal) -> Response:
    if refusal.http_status >= _SERVER_ERROR:
        LOG.error("refused: %s", refusal)
    spoken = _spoken(refusal)
    if spoken is not None:
        return spoken
    if isinstance(refusal, Unsound):
        return _answer(refusal.http_status, findings=[str(finding) for finding in refusal.findings])
    return _answer(refusal.http_status, message=str(refusal))


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]  # a response of Flask, typed one level too high
    spoken = _spoken(error)
    if spoken is not None:
        return spoken
    status = error.code or _SERVER_ERROR
    response = _answer(status, message=str(_FORM_EXPIRED) if isinstance(error, CSRFError) else "")
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _unforeseen(error: InternalServerError) -> Response:
    reference = secrets.token_hex(4)  # the stack itself is in the log already, just above this line
    LOG.error("reference %s: %s %s", reference, request.method, request.path)
    spoken = _spoken(error, reference)
    return spoken if spoken is not None else _answer(_SERVER_ERROR, reference=reference)


def _answer(status: int, *, message: str = "", findings: list[str] | None = None, reference: str = "") -> Response:
    title, words = _WORDS.get(status, _WORDS[_SERVER_ERROR if status >= _SERVER_ERROR else 400])
    text = message or str(words)
    if _wants_data():
        body = {"status": status, "title": str(title), "message": text, "findings": findings or []}
        if reference:
            body["reference"] = reference
        return Response(json.dumps(body, ensure_ascii=False), status=status, mimetype="application/json")
    page = render_template(
        "web/error.html", status=status, title=title, text=text, findings=findings or [], reference=reference
    )
    return Response(page, status=status, mimetype="text/html")


def _wants_data() -> bool:
    """Whether a program asks, rather than a browser."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html") != "text/html"
