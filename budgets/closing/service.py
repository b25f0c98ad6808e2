"""Closing a month: a checklist over everything that should be in it, and the closing itself.

What blocks: the month is not over, an earlier month is open, a declaration has no answer, the books prove something
else, or the instalment is not in the books. What is only told: what the municipality has not paid, and what
subcontractors did not send; waiting for others must not keep the books open. Dues that were not posted yet are posted
by the closing itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from budgets.settlement.store import last_check
from budgets.year_folder.service import post_contract, post_dues
from budgets.year_folder.stored import agreements_of, contract_of
from lead_contractor.access.hand import Hand
from lead_contractor.books import accounts, closing
from lead_contractor.books.closing import Check, Item
from lead_contractor.books.model import Posting
from lead_contractor.books.prove import check_books
from lead_contractor.books.service import unreconciled
from lead_contractor.books.store import account_balance, account_total
from lead_contractor.contract.model import Contract
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.money import Cents, euros_nl
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import BooksDiffer, Conflict
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.store import subcontractors
from subcontractors.agreements.postings import DUE_PREFIX, due_postings
from subcontractors.agreements.service import dues, evidence
from subcontractors.clocks import store as clocks
from subcontractors.clocks import worklist
from subcontractors.clocks.model import Asked
from subcontractors.declarations.prove import check_lines

_ALL = 1_000_000


def checklist(
    scope: Scope, contract_id: int, month: Month, today: date, proof: Check | None = None
) -> tuple[Check, ...]:
    """What stands open before a month can be closed; it only reads.

    Args:
        scope: the lead contractor.
        contract_id: the contract year.
        month: the month of recording to close.
        today: the day.
        proof: what is known of the books already (:func:`proof_of`); without it they are proved here.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    contract = contract_of(get_contract(scope, contract_id))
    asked = Asked(contract_id, contract.year, contract.settlement.corrections_until, today, limit=_ALL)
    return (
        _over(month, today),
        _earlier(scope, contract_id, contract, month),
        _unanswered(scope, asked, month),
        proof or _proved(scope, contract_id),
        _dues(scope, contract_id, contract, month),
        *_instalment(scope, contract_id, contract, month),
        _declarations(scope, asked, month),
        _returns(scope, asked, month),
    )


def proof_of(scope: Scope, contract_id: int, today: date) -> Check | None:
    """What the proof of today said, to show; ``None`` while there is none. Closing itself proves the books anew."""
    known = last_check(scope, contract_id)
    if known is None or known.day != today:
        return None
    return Check(Item.BOOKS_DIFFER, 0 if known.sound else 1, True, "" if known.sound else known.report)


def next_month(scope: Scope, contract_id: int) -> Month:
    """The month that is to be closed next.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    contract = contract_of(get_contract(scope, contract_id))
    return closing.first_open_month(scope, contract_id) or contract.months[0]


def close_month(scope: Scope, contract_id: int, month: Month, by: Hand, at: datetime, today: date) -> tuple[Check, ...]:
    """Close a month of the books; from then on what comes for it is booked in the first open month.

    Returns:
        the checklist, with what stood open without blocking.

    Raises:
        Conflict: something on the checklist blocks; the text names all of it.
        NotFound: this lead contractor has no such contract.
    """
    scope.lock()
    contract = contract_of(get_contract(scope, contract_id))
    post_contract(scope, contract_id, contract, at)
    post_dues(scope, contract_id, contract, at)
    found = checklist(scope, contract_id, month, today)
    blocking = [check.said for check in found if check.blocks]
    if blocking:
        raise Conflict(f"{month} kan nog niet worden afgesloten: " + " ".join(blocking))
    closing.close(scope, contract_id, month, by, at, first=contract.months[0])
    return found


def reopen_month(scope: Scope, contract_id: int, month: Month, by: Hand, at: datetime, reason: str) -> None:
    """Open the last closed month again.

    Raises:
        Refusal: no reason was given.
        Conflict: it is not the last closed month, or the year is settled for good.
        NotFound: this lead contractor has no such contract.
    """
    scope.lock()
    if get_contract(scope, contract_id).final_at is not None:
        raise Conflict("Dit jaar is definitief afgerekend; er wordt geen maand heropend.")
    closing.reopen(scope, contract_id, month, by, at, reason)


def _over(month: Month, today: date) -> Check:
    over = today > month.last
    return Check(Item.MONTH_NOT_OVER, 0 if over else 1, True, "" if over else f"{month} is nog niet voorbij.")


def _earlier(scope: Scope, contract_id: int, contract: Contract, month: Month) -> Check:
    expected = closing.first_open_month(scope, contract_id) or contract.months[0]
    if month == expected:
        return Check(Item.EARLIER_OPEN, 0, True)
    said = f"Eerst moet {expected} worden afgesloten." if month > expected else f"{month} is al afgesloten."
    return Check(Item.EARLIER_OPEN, 1, True, said)


def _unanswered(scope: Scope, asked: Asked, month: Month) -> Check:
    count = sum(row.received <= month.last for row in clocks.unanswered(scope, asked))
    return Check(Item.UNANSWERED, count, True, f"{count} declaratie(s) zonder antwoord." if count else "")


def _proved(scope: Scope, contract_id: int) -> Check:
    try:
        check_books(scope, contract_id)
        check_lines(scope, contract_id)
    except BooksDiffer as differ:
        return Check(Item.BOOKS_DIFFER, 1, True, str(differ))
    return Check(Item.BOOKS_DIFFER, 0, True)


def _dues(scope: Scope, contract_id: int, contract: Contract, month: Month) -> Check:
    agreements = agreements_of(scope, contract_id, contract)
    due, _ = dues(agreements, evidence(scope, contract_id, contract, agreements))
    gone, added = unreconciled(scope, contract_id, DUE_PREFIX, due_postings(due))
    count = _until(gone, month) + _until(added, month)
    said = f"{count} boeking(en) van wat verschuldigd is; ze worden bij het afsluiten gedaan." if count else ""
    return Check(Item.DUES_NOT_POSTED, count, False, said)


def _until(postings: Iterable[Posting], month: Month) -> int:
    return sum(made.about.recorded_month <= month for made in postings)


def _instalment(scope: Scope, contract_id: int, contract: Contract, month: Month) -> tuple[Check, Check]:
    """Whether the instalment is in the books, and whether what fell due up to the month was paid."""
    missing = 0
    if month in contract.months:
        booked = account_balance(scope, contract_id, [accounts.REVENUE_LUMP_SUM], "service_month")
        missing = 0 if (accounts.REVENUE_LUMP_SUM, str(month)) in booked else 1
    owed = account_total(scope, contract_id, accounts.MUNICIPALITY, until=month)
    unpaid = Cents(max(0, owed))
    return (
        Check(
            Item.INSTALMENT_MISSING,
            missing,
            True,
            f"De termijn van {month} staat niet in de boeken; vul de indexcijfers of tellingen aan." if missing else "",
        ),
        Check(
            Item.INSTALMENT_UNPAID,
            1 if unpaid else 0,
            False,
            f"De gemeente moet tot en met {month} nog {euros_nl(unpaid)} betalen." if unpaid else "",
        ),
    )


def _declarations(scope: Scope, asked: Asked, month: Month) -> Check:
    found = worklist.declarations_missing(scope, asked).entries
    count = sum(entry.month <= str(month) for entry in found)
    said = f"{count} maand(en) van onderaannemers zijn niet gedeclareerd." if count else ""
    return Check(Item.DECLARATIONS_MISSING, count, False, said)


def _returns(scope: Scope, asked: Asked, month: Month) -> Check:
    parties = [party.agb for party in subcontractors(scope, asked.contract_id)]
    found = worklist.returns_missing(scope, asked, parties).entries
    count = sum(entry.month <= str(month) for entry in found)
    said = f"{count} maandopgave(n) van fte, uren of bezetting ontbreken." if count else ""
    return Check(Item.RETURNS_MISSING, count, False, said)
