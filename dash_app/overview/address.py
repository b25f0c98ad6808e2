"""What a request asks for: the day, the contract, the page and the question, checked before anything is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from flask import abort, current_app, request, session
from sqlalchemy import Engine

from dash_app.overview.model import Question
from dash_app.overview.service import choose
from lead_contractor.books.accounts import ACCOUNTS
from lead_contractor.contract.store import StoredContract
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web.formats import AMSTERDAM
from lead_contractor.web.guard import acting

CLOCK = "CLOCK"
"""Setting: a callable that gives the moment; by default the clock of the machine, in UTC."""

_CHOSEN = "overview_contract"
_MOST_PAGES = 1_000_000
_LARGEST_ID = 2**63 - 1
_LENGTHS = {"agreement": 60, "subcontractor": 8, "product_code": 5}
_MONTHS = ("service_month", "service_until", "until")


def now() -> datetime:
    """The moment of this request, in UTC."""
    clock: Callable[[], datetime] | None = current_app.config.get(CLOCK)
    return clock() if clock is not None else datetime.now(UTC)


def today() -> date:
    """The day of this request in the Netherlands."""
    return now().astimezone(AMSTERDAM).date()


@contextmanager
def reading_scope(engine: Engine) -> Iterator[Scope]:
    """One reading transaction that sees the lead contractor for whom the person acts."""
    with reading(engine) as connection:
        yield Scope(connection, acting().lead_contractor_id)


@contextmanager
def writing_scope(engine: Engine) -> Iterator[Scope]:
    """One writing transaction that sees the lead contractor for whom the person acts."""
    with writing(engine) as connection:
        yield Scope(connection, acting().lead_contractor_id)


def contract_of_request(scope: Scope) -> tuple[StoredContract, list[StoredContract]] | None:
    """The contract that the address names, else the one that was looked at last, else the newest.

    Raises:
        NotFound: the address names a contract that this lead contractor does not have.
    """
    asked = request.args.get("contract")
    if asked:
        chosen = choose(scope, _number(asked, _LARGEST_ID))
        if chosen is not None:
            session[_CHOSEN] = [scope.lead_contractor_id, chosen[0].id]
        return chosen
    found = choose(scope, None)
    remembered = session.get(_CHOSEN)
    if found is None or not isinstance(remembered, list) or remembered[:1] != [scope.lead_contractor_id]:
        return found
    last = next((one for one in found[1] if one.id == remembered[1]), None)
    return (last, found[1]) if last is not None else found


def page_number() -> int:
    """The page of a long table that the address names."""
    return _number(request.args.get("page") or "1", _MOST_PAGES)


def known_id(value: int) -> int:
    """An id of the address; one that no database can hold does not exist."""
    return value if value <= _LARGEST_ID else abort(404)


def one_of(name: str, known: list[str]) -> str:
    """A choice of the address: one of those known, or nothing."""
    value = request.args.get(name, "")
    return value if not value or value in known else abort(404)


def question(contract_id: int) -> Question:
    """What the address asks of the books; an account or month that cannot be is answered as not there."""
    named = tuple(dict.fromkeys(request.args.getlist("account")))
    if not named or any(account not in ACCOUNTS for account in named):
        abort(404)
    texts = {name: _text(name, length) for name, length in _LENGTHS.items()}
    return Question(contract_id, named, **texts, **{name: _month(name) for name in _MONTHS})


def _text(name: str, length: int) -> str:
    value = request.args.get(name, "")
    return value if len(value) <= length and (value.isprintable() or not value) else abort(404)


def _month(name: str) -> str:
    value = request.args.get(name, "")
    if not value:
        return ""
    try:
        return str(Month.parse(value))
    except ValueError:
        return abort(404)


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < len(str(_LARGEST_ID)) + 1):
        return abort(404)
    value = int(text)
    return value if 1 <= value <= most else abort(404)
