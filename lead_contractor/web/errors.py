"""What people see when something cannot be done: plain words, and never the inside of the program."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from flask import Flask, json, render_template, request
from flask_babel import lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from lead_contractor.kernel.refusals import Refusal, Unsound

LOG = logging.getLogger(__name__)
_SERVER_ERROR = 500
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
}
_FORM_EXPIRED = lazy_gettext("Het formulier is verlopen. Herlaad de pagina en vul het opnieuw in.")


def install(app: Flask) -> None:
    """Answer refusals, HTTP errors and whatever nobody foresaw with a page or, where asked for, JSON."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(InternalServerError, _unforeseen)


def _refused(refusal: Refusal) -> Response:
    if refusal.http_status >= _SERVER_ERROR:
        LOG.error("refused: %s", refusal)
    if isinstance(refusal, Unsound):
        return _answer(refusal.http_status, findings=[str(finding) for finding in refusal.findings])
    return _answer(refusal.http_status, message=str(refusal))


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]  # a response of Flask, typed one level too high
    status = error.code or _SERVER_ERROR
    response = _answer(status, message=str(_FORM_EXPIRED) if isinstance(error, CSRFError) else "")
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _unforeseen(_error: InternalServerError) -> Response:
    reference = secrets.token_hex(4)  # the stack itself is in the log already, just above this line
    LOG.error("reference %s: %s %s", reference, request.method, request.path)
    return _answer(_SERVER_ERROR, reference=reference)


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
