"""Use cases of the books: post, bring in line with what should stand there, and prove."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from lead_contractor.books.closing import first_open_month
from lead_contractor.books.model import About, Posting
from lead_contractor.books.store import book_stage, open_stage, stage_postings, standing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope

_ANY_MONTH = Month(1, 1)


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
    gone, added = _difference(scope, contract_id, prefix, wanted)
    open_stage(scope)
    stage_postings(scope, [(made.reversed(), latest) for made, latest in gone] + [(made, None) for made in added])
    book_stage(scope, contract_id, at)
    return [made for made, _ in gone], added


def unreconciled(
    scope: Scope, contract_id: int, prefix: str, wanted: Iterable[Posting]
) -> tuple[list[Posting], list[Posting]]:
    """What :func:`reconcile` would reverse and add; nothing is booked."""
    gone, added = _difference(scope, contract_id, prefix, wanted)
    return [made for made, _ in gone], added


def _difference(
    scope: Scope, contract_id: int, prefix: str, wanted: Iterable[Posting]
) -> tuple[list[tuple[Posting, int]], list[Posting]]:
    """What stands and is not wanted, each with the transfer that a reversal names, and what is wanted anew.

    Once a month has been closed, what stands in it can only be put right in the first open month, so that then it is
    the sum over all months of recording that must be what is wanted.
    """
    any_month = first_open_month(scope, contract_id) is not None
    nets = _netted(wanted, prefix, any_month=any_month)
    stood: dict[_Key, list[tuple[Posting, int]]] = defaultdict(list)
    for stands, latest in standing(scope, contract_id, prefix):
        stood[_key(stands, any_month=any_month)].append((stands, latest))
    gone: list[tuple[Posting, int]] = []
    for key, found in stood.items():
        same = nets.get(key)
        if sum(_amount(stands) for stands, _ in found) != (0 if same is None else _amount(same)):
            gone += found
        elif same is not None:
            del nets[key]
    return gone, list(nets.values())


_Key = tuple[str, str, About, str]


def _key(made: Posting, *, any_month: bool) -> _Key:
    """What tells postings apart, whichever way round they run; the month of recording only where it has to."""
    low, high = sorted((made.debit, made.credit))
    about = replace(made.about, recorded_month=_ANY_MONTH) if any_month else made.about
    return low, high, about, made.source


def _amount(made: Posting) -> int:
    """The amount with its sign: above zero from the later to the earlier account in the alphabet."""
    return int(made.cents) if made.debit < made.credit else -int(made.cents)


def _netted(postings: Iterable[Posting], prefix: str, *, any_month: bool) -> dict[_Key, Posting]:
    """Postings with the same accounts, dimensions and source together; what comes down to nothing is left out."""
    sums: dict[_Key, int] = {}
    first: dict[_Key, Posting] = {}
    for made in postings:
        if not made.source.startswith(prefix):
            raise ValueError(f"{made.source!r} does not begin with {prefix!r}")
        key = _key(made, any_month=any_month)
        sums[key] = sums.get(key, 0) + _amount(made)
        first.setdefault(key, made)
    return {key: _of_amount(first[key], amount) for key, amount in sums.items() if amount}


def _of_amount(made: Posting, amount: int) -> Posting:
    """The same posting for another amount, signed as in :func:`_amount`."""
    low, high = sorted((made.debit, made.credit))
    debit, credit = (low, high) if amount > 0 else (high, low)
    return replace(made, debit=debit, credit=credit, cents=Cents(abs(amount)))
