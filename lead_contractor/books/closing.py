"""Closed months: what was closed is not booked in any more, and reopening is an act of its own with a reason.

Months are months of recording (boekmaanden). They are closed one after the other, and only the last closed month can
be reopened, so that all months before the first open one are closed. What comes in for a closed month is booked in the
first open month and keeps its service month. The acts are append-only; what holds follows from all of them in order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lead_contractor.access.hand import Hand
from lead_contractor.books.tables import closed_month, transfer
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Conflict, Refusal
from lead_contractor.kernel.tenancy import Scope


@dataclass(frozen=True, slots=True)
class Act:
    """One closing (``closed``) or reopening of a month: by whom, when, and why it was reopened."""

    month: Month
    closed: bool
    by: Hand
    at: datetime
    reason: str = ""


class Item(StrEnum):
    """What is looked at before a month is closed, in the order of the checklist."""

    MONTH_NOT_OVER = "month_not_over"
    EARLIER_OPEN = "earlier_open"
    UNANSWERED = "unanswered"
    BOOKS_DIFFER = "books_differ"
    DUES_NOT_POSTED = "dues_not_posted"
    INSTALMENT_MISSING = "instalment_missing"
    INSTALMENT_UNPAID = "instalment_unpaid"
    DECLARATIONS_MISSING = "declarations_missing"
    RETURNS_MISSING = "returns_missing"


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the checklist: how many things stand open, whether that blocks closing, and what is the matter.

    ``said`` is Dutch; empty when nothing is the matter.
    """

    item: Item
    open: int
    blocking: bool
    said: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing stands open."""
        return self.open == 0

    @property
    def blocks(self) -> bool:
        """Whether the month cannot be closed as long as this stands open."""
        return self.blocking and not self.done


def closed_months(acts: Iterable[Act]) -> tuple[Month, ...]:
    """The months that are closed after all acts, in order."""
    found: list[Month] = []
    for act in acts:
        if act.closed:
            found.append(act.month)
        elif found and found[-1] == act.month:
            found.pop()
    return tuple(found)


def acts(scope: Scope, contract_id: int) -> tuple[Act, ...]:
    """All closings and reopenings of a contract, in order."""
    rows = scope.rows(
        scope.select(closed_month).where(closed_month.c.contract_id == contract_id).order_by(closed_month.c.number)
    )
    return tuple(
        Act(Month.parse(row.month), row.closed, Hand(int(row.done_by), row.done_by_name), row.done_at, row.reason)
        for row in rows
    )


def first_open_month(scope: Scope, contract_id: int) -> Month | None:
    """The month in which is booked what comes in for a closed one; ``None`` as long as no month is closed."""
    closed = closed_months(acts(scope, contract_id))
    return closed[-1].plus(1) if closed else None


def close(scope: Scope, contract_id: int, month: Month, by: Hand, at: datetime, *, first: Month) -> None:
    """Close a month; the checklist is the business of whoever calls.

    Args:
        scope: the lead contractor, in a writing transaction.
        contract_id: its contract year.
        month: the month of recording.
        by: who does it.
        at: when.
        first: the first month of the contract, with which closing begins.

    Raises:
        Conflict: it is closed already, or an earlier month is still open.
    """
    done = acts(scope, contract_id)
    closed = closed_months(done)
    expected = closed[-1].plus(1) if closed else first
    if month in closed:
        raise Conflict(f"{month} is al afgesloten.")
    if month != expected:
        raise Conflict(f"Sluit de maanden op volgorde af: eerst {expected}, dan {month}.")
    _write(scope, contract_id, len(done) + 1, Act(month, closed=True, by=by, at=at))


def reopen(scope: Scope, contract_id: int, month: Month, by: Hand, at: datetime, reason: str) -> None:
    """Open a closed month again.

    Raises:
        Refusal: no reason was given.
        Conflict: it is not the last closed month.
    """
    if not reason.strip():
        raise Refusal("Heropenen vraagt een reden.")
    done = acts(scope, contract_id)
    closed = closed_months(done)
    if not closed or closed[-1] != month:
        last = f"alleen {closed[-1]} kan nu worden heropend" if closed else "er is geen maand afgesloten"
        raise Conflict(f"{month} kan niet worden heropend: {last}.")
    _write(scope, contract_id, len(done) + 1, Act(month, closed=False, by=by, at=at, reason=reason.strip()))


def _write(scope: Scope, contract_id: int, number: int, act: Act) -> None:
    row = {
        "id": scope.last_id(closed_month) + 1,
        "contract_id": contract_id,
        "number": number,
        "month": str(act.month),
        "closed": act.closed,
        "last_transfer": scope.last_id(transfer),
        "reason": act.reason,
        "done_by": act.by.user_id,
        "done_by_name": act.by.name,
        "done_at": act.at,
    }
    scope.insert(closed_month, [row])
