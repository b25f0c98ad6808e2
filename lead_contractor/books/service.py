"""Use cases of the books: post, bring in line with what should stand there, and prove."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from lead_contractor.books.model import About, Posting
from lead_contractor.books.store import book_stage, open_stage, stage_postings, standing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope


def post(scope: Scope, contract_id: int, postings: Iterable[Posting], at: datetime) -> int:
    """Book postings; returns how many transfers that made."""
    open_stage(scope)
    stage_postings(scope, ((made, None) for made in postings))
    return book_stage(scope, contract_id, at)


def reconcile(
    scope: Scope, contract_id: int, prefix: str, wanted: Iterable[Posting], at: datetime
) -> tuple[list[Posting], list[Posting]]:
    """Make what stands in the books from sources with this prefix equal to what is wanted.

    What stands there and is wanted stays; what is no longer wanted, or not for that amount, is reversed by a transfer
    that names it; what is new is booked. Doing it again changes nothing.

    Returns:
        the postings reversed and the postings added.

    Raises:
        ValueError: a wanted posting has another source.
    """
    nets = _netted(wanted, prefix)
    gone: list[tuple[Posting, int]] = []
    for stands, latest in standing(scope, contract_id, prefix):
        key, amount = _key_and_amount(stands)
        same = nets.get(key)
        if same is not None and _key_and_amount(same)[1] == amount:
            del nets[key]
        else:
            gone.append((stands, latest))
    added = list(nets.values())
    open_stage(scope)
    stage_postings(scope, [(made.reversed(), latest) for made, latest in gone] + [(made, None) for made in added])
    book_stage(scope, contract_id, at)
    return [made for made, _ in gone], added


_Key = tuple[str, str, About, str]


def _key_and_amount(made: Posting) -> tuple[_Key, int]:
    """What tells postings apart, whichever way round they run, and the amount with its sign."""
    low, high = sorted((made.debit, made.credit))
    return (low, high, made.about, made.source), int(made.cents) if made.debit == low else -int(made.cents)


def _netted(postings: Iterable[Posting], prefix: str) -> dict[_Key, Posting]:
    """Postings with the same accounts, dimensions and source together; what comes down to nothing is left out."""
    sums: dict[_Key, int] = {}
    first: dict[_Key, Posting] = {}
    for made in postings:
        if not made.source.startswith(prefix):
            raise ValueError(f"{made.source!r} does not begin with {prefix!r}")
        key, amount = _key_and_amount(made)
        sums[key] = sums.get(key, 0) + amount
        first.setdefault(key, made)
    return {key: _of_amount(first[key], amount) for key, amount in sums.items() if amount}


def _of_amount(made: Posting, amount: int) -> Posting:
    """The same posting for another amount, signed as in :func:`_key_and_amount`."""
    low, high = sorted((made.debit, made.credit))
    debit, credit = (low, high) if amount > 0 else (high, low)
    return replace(made, debit=debit, credit=credit, cents=Cents(abs(amount)))
