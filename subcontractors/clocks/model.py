"""Worklists as values: what is open, since when, until when, and where to look at it.

A BSN is here only as its last three digits; what an entry is about is told by month, product and the provider's own
reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lead_contractor.kernel.money import Cents
from subcontractors.clocks.terms import Duty, State


class Kind(StrEnum):
    """What a worklist is about, in the order in which lists are shown."""

    ANSWER_DUE = "answer_due"
    REQUEST_OPEN = "request_open"
    RETURN_MESSAGE_DUE = "return_message_due"
    RETURN_MESSAGE_AWAITED = "return_message_awaited"
    DECLARATION_MISSING = "declaration_missing"
    RETURN_MISSING = "return_missing"
    REFUSED_OPEN = "refused_open"
    START_MISSING = "start_missing"
    STOP_MISSING = "stop_missing"
    TAKE_BACK = "take_back"
    START_LATE = "start_late"
    STOP_LATE = "stop_late"
    DECLARATION_LATE = "declaration_late"
    OUTSIDE_WINDOW = "outside_window"


DUTY = {
    Kind.ANSWER_DUE: Duty.LEAD_CONTRACTOR,
    Kind.REQUEST_OPEN: Duty.LEAD_CONTRACTOR,
    Kind.RETURN_MESSAGE_DUE: Duty.LEAD_CONTRACTOR,
}
"""Whose duty it is to do something; the subcontractor's where it is not named."""

TOLD = frozenset({Kind.START_LATE, Kind.STOP_LATE, Kind.DECLARATION_LATE, Kind.OUTSIDE_WINDOW})
"""Lists of what was done, but late: there is nothing left to do, only something to talk about."""


class Target(StrEnum):
    """What an entry links to; ``Entry.target_id`` is its id."""

    MESSAGE = "message"
    ALLOCATION = "allocation"
    AGREEMENT = "agreement"
    LINE = "line"
    MONTH = "month"
    REQUEST = "request"
    SENT_MESSAGE = "sent_message"


class Why(StrEnum):
    """What makes an entry stand on its list, where a list has more than one reason."""

    ENDED = "ended"
    """The allocation ended."""
    QUIET = "quiet"
    """No lines any more after lines that came regularly."""
    WITHDRAWN = "withdrawn"
    SHORTENED = "shortened"
    TWO_MONTHS = "two_months"
    YEAR_CLOSED = "year_closed"
    INVESTIGATED = "investigated"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a worklist.

    ``since`` is the day from which the term runs, ``due`` its last day and ``late`` by how many days that was passed
    (working days where the term counts those). ``count`` is of how many lines or allocations it is about.
    """

    kind: Kind
    subcontractor: str
    target: Target
    target_id: str
    state: State
    since: date | None = None
    due: date | None = None
    late: int = 0
    month: str = ""
    reference: str = ""
    product: str = ""
    client: int | None = None
    masked_client: str = ""
    amount: Cents | None = None
    count: int | None = None
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Worklist:
    """A worklist: how many entries in all and how many of them are late, and one page of them, the oldest first."""

    kind: Kind
    total: int
    late: int
    entries: tuple[Entry, ...] = ()

    @property
    def duty(self) -> Duty:
        """Whose duty it is."""
        return DUTY.get(self.kind, Duty.SUBCONTRACTOR)

    @property
    def told_only(self) -> bool:
        """Whether there is nothing left to do about it."""
        return self.kind in TOLD


@dataclass(frozen=True, slots=True)
class Asked:
    """For which contract and day a worklist is made, of which subcontractor (all when empty), and which page of it."""

    contract_id: int
    year: int
    corrections_until: date
    today: date
    subcontractor: str = ""
    offset: int = 0
    limit: int = 20
