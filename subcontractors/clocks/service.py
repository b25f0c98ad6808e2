"""Use cases of worklists: an overview with the first entries of each, and one list page by page.

Each is limited to the lead contractor and, where one is named, to a subcontractor: a provider sees nothing of another.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from lead_contractor.clients.store import bsns
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from lead_contractor.parties.store import subcontractors
from subcontractors.clocks import worklist
from subcontractors.clocks.model import Asked, Entry, Kind, Worklist

FIRST = 5
"""How many entries of each list the overview shows."""

_SHOWN_DIGITS = 3

_LISTS: dict[Kind, Callable[[Scope, Asked], Worklist]] = {
    Kind.ANSWER_DUE: worklist.answers_due,
    Kind.REQUEST_OPEN: worklist.requests_open,
    Kind.RETURN_MESSAGE_DUE: worklist.return_messages_due,
    Kind.RETURN_MESSAGE_AWAITED: worklist.return_messages_awaited,
    Kind.DECLARATION_MISSING: worklist.declarations_missing,
    Kind.RETURN_MISSING: lambda scope, asked: worklist.returns_missing(scope, asked, _parties(scope, asked)),
    Kind.REFUSED_OPEN: worklist.refused_open,
    Kind.START_MISSING: worklist.starts_missing,
    Kind.STOP_MISSING: worklist.stops_missing,
    Kind.TAKE_BACK: worklist.to_take_back,
    Kind.START_LATE: worklist.starts_late,
    Kind.STOP_LATE: worklist.stops_late,
    Kind.DECLARATION_LATE: worklist.declarations_late,
    Kind.OUTSIDE_WINDOW: worklist.outside_window,
}


def worklists(
    scope: Scope, vault: Vault, contract_id: int, today: date, subcontractor: str = "", first: int = FIRST
) -> tuple[Worklist, ...]:
    """All worklists of a contract year on which something stands, in their order, with the first entries of each.

    Args:
        scope: the lead contractor.
        vault: its keys, for the last three digits of a BSN.
        contract_id: the contract year.
        today: the day.
        subcontractor: only what concerns this one (AGB); all when empty.
        first: how many entries of each.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    asked = asked_of(scope, contract_id, today, subcontractor, limit=first)
    found = [one for kind in Kind if (one := _LISTS[kind](scope, asked)).total]
    return tuple(_masked(scope, vault, found))


def one_worklist(
    scope: Scope,
    vault: Vault,
    contract_id: int,
    kind: Kind,
    today: date,
    subcontractor: str = "",
    *,
    offset: int = 0,
    limit: int = 50,
) -> Worklist:
    """One worklist, a page of it; the counts are of the whole list.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    asked = asked_of(scope, contract_id, today, subcontractor, offset=offset, limit=limit)
    return _masked(scope, vault, [_LISTS[kind](scope, asked)])[0]


def asked_of(
    scope: Scope, contract_id: int, today: date, subcontractor: str = "", *, offset: int = 0, limit: int = FIRST
) -> Asked:
    """What a worklist needs to know of the contract.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    stored = get_contract(scope, contract_id)
    until = tomllib.loads(stored.terms).get("settlement", {}).get("corrections_until", date.max)
    return Asked(contract_id, stored.year, until, today, subcontractor, offset, limit)


def _parties(scope: Scope, asked: Asked) -> list[str]:
    if asked.subcontractor:
        return [asked.subcontractor]
    return [party.agb for party in subcontractors(scope, asked.contract_id)]


def _masked(scope: Scope, vault: Vault, lists: list[Worklist]) -> list[Worklist]:
    """The same with the last three digits of the BSN in each entry that is about a client."""
    wanted = {entry.client for one in lists for entry in one.entries if entry.client is not None}
    known = bsns(scope, vault, wanted) if wanted else {}

    def masked(entry: Entry) -> Entry:
        bsn = known.get(entry.client or 0, "")
        hidden = "*" * (len(bsn) - _SHOWN_DIGITS) + bsn[-_SHOWN_DIGITS:] if bsn else ""
        return replace(entry, masked_client=hidden)

    return [replace(one, entries=tuple(masked(entry) for entry in one.entries)) for one in lists]
