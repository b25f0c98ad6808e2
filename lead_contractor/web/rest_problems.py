"""Problem details (RFC 9457): every refusal of the interface in one form, in the language that was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from lead_contractor.access.replays import KeyUsed
from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal, Unsound
from lead_contractor.web.rest_words import BY_STATUS, FAULTS, KINDS, TYPE, Fault

MEDIA_TYPE = "application/problem+json"
DUTCH, ENGLISH = "nl", "en"
MOST_ERRORS = 200
MOST_COUNTED = 10_000
"""Errors of a schema beyond these are not even counted: a body may hold millions of names that nobody knows."""

RETRY_AFTER = 5
"""Seconds after which it is worth asking again when the database was away."""

_INVALID = 422
_REFUSALS: Sequence[tuple[type[Refusal], str]] = (
    (NotFound, "not-found"),
    (NotAllowed, "not-allowed"),
    (Conflict, "conflict"),
)


@dataclass(frozen=True, slots=True)
class Error:
    """One thing that is wrong: where (a JSON pointer or a place in words), what, and what to do."""

    pointer: str
    detail: str
    remedy: str
    code: str = ""

    def as_json(self) -> dict[str, str]:
        """The error as it goes out."""
        known = {"pointer": self.pointer, "detail": self.detail, "remedy": self.remedy}
        return known | ({"code": self.code} if self.code else {})


class Problem(Exception):
    """Ends a request with a problem: its slug in ``rest_words``, its errors, and what else stands in the body."""

    def __init__(
        self, slug: str, errors: Iterable[Error] = (), *, more: Mapping[str, Any] | None = None, **words: Any
    ) -> None:
        self.slug = slug
        self.errors = tuple(errors)
        self.more = dict(more or {})
        self.words = words
        super().__init__(slug)


def language() -> str:
    """The language of the answer, by ``Accept-Language``; Dutch unless English is preferred."""
    return request.accept_languages.best_match([DUTCH, ENGLISH], default=DUTCH) or DUTCH


def body_of(problem: Problem, in_language: str) -> dict[str, Any]:
    """A problem as plain values."""
    kind = KINDS[problem.slug]
    english = in_language == ENGLISH
    title, detail = (kind.title_en, kind.detail_en) if english else (kind.title_nl, kind.detail_nl)
    body: dict[str, Any] = {
        "type": TYPE + problem.slug,
        "title": title,
        "status": kind.status,
        "detail": detail.format(**problem.words) if problem.words else detail,
    }
    if problem.errors:
        body["errors"] = [error.as_json() for error in problem.errors[:MOST_ERRORS]]
        if len(problem.errors) > MOST_ERRORS:
            body["errors_left_out"] = len(problem.errors) - MOST_ERRORS
    return body | problem.more


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """A problem as a response."""
    spoken = language()
    content = json.dumps(body_of(problem, spoken), ensure_ascii=False)
    response = Response(content, status=KINDS[problem.slug].status, mimetype=MEDIA_TYPE)
    response.headers["Content-Language"] = spoken
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def answer_to(error: Exception, reference: str = "") -> Response:
    """Whatever ended a request under the interface, as a problem."""
    if isinstance(error, Problem):
        return answer(error)
    if isinstance(error, ValidationError):
        return answer(Problem("invalid", islice(errors_of(error.messages), MOST_COUNTED)))
    if isinstance(error, Refusal):
        return answer(_refused(error))
    if isinstance(error, HTTPException) and (error.code or 500) < 500:  # noqa: PLR2004 - beyond are our own faults
        return _http(error)
    if reference:
        return answer(Problem("unforeseen", reference=reference))
    return answer(Problem("unavailable"), {"Retry-After": str(RETRY_AFTER)})


def _refused(refusal: Refusal) -> Problem:
    """A refusal of the floors below, told in its own words where it is about the request."""
    if isinstance(refusal, Unsound):
        return Problem("invalid", (_finding(one) for one in refusal.findings))
    if isinstance(refusal, KeyUsed):
        return key_used(refusal)
    slug = next((slug for kind, slug in _REFUSALS if isinstance(refusal, kind)), "")
    if not slug:
        slug = "invalid" if refusal.http_status < 500 else "unforeseen"  # noqa: PLR2004
    if slug == "unforeseen":
        return Problem(slug, reference="-")
    return Problem(slug, more={"detail": str(refusal)} if language() == DUTCH else None)


def _finding(finding: Finding) -> Error:
    return Error(finding.place, finding.message, finding.remedy, finding.rule)


def key_used(refusal: KeyUsed) -> Problem:
    """The same key with other content: both fingerprints, each with its moment."""
    first_at, now_at = f"{refusal.first_at:%Y-%m-%dT%H:%M:%SZ}", f"{refusal.now_at:%Y-%m-%dT%H:%M:%SZ}"
    contents = [
        {"fingerprint": refusal.first, "received_at": first_at},
        {"fingerprint": refusal.now, "received_at": now_at},
    ]
    return Problem("key-used", more={"contents": contents}, first_at=first_at, now_at=now_at)


def _http(error: HTTPException) -> Response:
    """An HTTP error as a problem: the errors of a schema with their place, and the headers that belong to it."""
    code = error.code or 400
    data = getattr(error, "data", None) or {}
    errors = list(errors_of(data.get("messages", {}), skip=True)) if isinstance(data, Mapping) else []
    slug = BY_STATUS.get(code, "bad-request")
    words = {"accepted": "application/json"} if slug == "wrong-media-type" else {}
    problem = Problem(slug, errors, more=None, **words)
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After", "WWW-Authenticate"}}
    if slug == "no-token":
        kept["WWW-Authenticate"] = 'Bearer realm="hoofdsom"'
    return answer(problem, kept)


def errors_of(messages: Any, place: str = "", *, skip: bool = False) -> Iterable[Error]:
    """The messages of a schema, nested as its data are, one by one with a JSON pointer.

    ``skip`` leaves the outermost name out of the pointer: there the messages stand by where the values came from.
    """
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            own = "" if name == "_schema" else "/" + str(name).replace("~", "~0").replace("/", "~1")
            yield from errors_of(inner, place if skip else place + own)
    elif isinstance(messages, Sequence) and not isinstance(messages, str):
        for one in messages:
            yield from errors_of(one, place)
    else:
        yield fault(place, str(messages))


def fault(pointer: str, key: str) -> Error:
    """A fault of a value in words; a key that is not in the list says no more than that the form is wrong."""
    words: Fault = FAULTS.get(key, FAULTS["text"])
    english = language() == ENGLISH
    return Error(
        pointer, words.detail_en if english else words.detail_nl, words.remedy_en if english else words.remedy_nl, key
    )
