"""What a request to the desk asks, checked before anything is read; and how a use case is run and told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from flask import abort, flash, request
from sqlalchemy import Engine

from dash_app.desk.model import STANDS, Choice
from dash_app.overview import address
from lead_contractor.access.hand import Hand
from lead_contractor.kernel.refusals import NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web.guard import acting
from subcontractors.declarations.checks import BITS, CHECKS
from subcontractors.iwmo.codes import NOT_ASSESSED

T = TypeVar("T")
CODES = (*(check.code for check in CHECKS if check.rule in BITS), NOT_ASSESSED)
_MOST_IDS = 1000
_ID_LENGTH = len(str(2**63 - 1))
_LENGTHS = {"sender": 8, "product": 5}


def hand() -> Hand:
    """The person of this request."""
    person = acting()
    return Hand(person.user_id, person.user_name)


def choice() -> Choice:
    """The exceptions that the address asks for; what cannot be is answered as not there."""
    texts = {name: request.args.get(name, "") for name in _LENGTHS}
    if not all(_plain(value, _LENGTHS[name]) for name, value in texts.items()):
        abort(404)
    return Choice(**texts, code=address.one_of("code", list(CODES)), stand=address.one_of("stand", list(STANDS)))


def _plain(value: str, longest: int) -> bool:
    return not value or (value.isascii() and value.isalnum() and len(value) <= longest)


def ids(name: str) -> list[int]:
    """The ids that a form names."""
    given = request.form.getlist(name)
    if len(given) > _MOST_IDS or any(not (one.isascii() and one.isdigit() and len(one) < _ID_LENGTH) for one in given):
        abort(400)
    return [int(one) for one in given]


def day_of_form(name: str, default: date) -> date:
    """A day that a form names; an empty field is the default.

    Raises:
        Refusal: it is not a day.
    """
    text = request.form.get(name, "").strip()
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("Schrijf een dag als jjjj-mm-dd.") from None


def done(engine: Engine, act: Callable[[Scope], T]) -> T | None:
    """Run a use case in one transaction; a refusal is told on the next page and nothing of it is kept.

    What does not exist, or not for this person, stays an error of the address.
    """
    try:
        with address.writing_scope(engine) as scope:
            return act(scope)
    except NotFound:
        raise
    except Refusal as refusal:
        flash(str(refusal), "error")
        return None
