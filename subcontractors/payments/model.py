"""Payments to subcontractors as values: what is payable, a run with its payments, and how one message stands.

Amounts are whole cents; what is payable may be below zero (a credit) and is then set off against the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lead_contractor.kernel.money import ZERO, Cents, total


class Kind(StrEnum):
    """Where something payable comes from."""

    DECLARATION = "declaration"
    DECISION = "decision"
    DUE = "due"
    SETTLEMENT = "settlement"
    OTHER = "other"


class RunState(StrEnum):
    """How far a payment run is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXECUTED = "executed"


Key = tuple[str, str, str, str]
"""What tells payable amounts apart: subcontractor, source in the books, agreement and service month."""


@dataclass(frozen=True, slots=True)
class Payable:
    """An amount that a source in the books makes payable to a subcontractor, and the day on which it is due.

    ``number`` names the declaration for people; ``message_id`` is its message where there is one.
    """

    subcontractor: str
    source: str
    agreement: str
    service_month: str
    cents: Cents
    due_on: date
    kind: Kind
    number: str = ""
    message_id: int | None = None

    @property
    def key(self) -> Key:
        """What tells it apart."""
        return self.subcontractor, self.source, self.agreement, self.service_month


@dataclass(frozen=True, slots=True)
class Creditor:
    """What one subcontractor has to receive on a day: what is due, what falls due later, and what is late."""

    subcontractor: str
    due: Cents
    later: Cents
    first_due: date | None
    late_days: int
    interest: Cents
    flagged: bool
    items: tuple[Payable, ...]

    @property
    def payable(self) -> bool:
        """Whether there is something to pay now: more is due than is set off."""
        return self.due > 0


@dataclass(frozen=True, slots=True)
class Payment:
    """What a run pays one subcontractor, with what it is made of."""

    run_id: int
    subcontractor: str
    items: tuple[Payable, ...]
    reversed_on: date | None = None
    reversed_by: str = ""
    reason: str = ""

    @property
    def cents(self) -> Cents:
        """The amount."""
        return total(item.cents for item in self.items)


@dataclass(frozen=True, slots=True)
class Run:
    """A payment run: who made it, who decided on it, and when it was executed."""

    id: int
    contract_id: int
    due_until: date
    cents: Cents
    count: int
    content_hash: str
    made_by: int
    made_by_name: str
    made_at: datetime
    state: RunState
    decided_by_name: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    executed_on: date | None = None
    executed_by_name: str = ""
    reversed: int = 0
    payments: Sequence[Payment] = ()


@dataclass(frozen=True, slots=True)
class MessagePayment:
    """How the payment of one declaration message stands.

    ``payable`` is what the message makes payable in all; ``expected`` the day on which it is due, ``None`` when
    nothing is payable. ``paid`` is what was paid of it, ``paid_on`` the last day on which that was done. ``run_id`` is
    the newest run that holds it and is neither rejected nor reversed.
    """

    message_id: int
    payable: Cents = ZERO
    expected: date | None = None
    paid: Cents = ZERO
    paid_on: date | None = None
    run_id: int | None = None
    run_state: RunState | None = None

    @property
    def settled(self) -> bool:
        """Whether all of it was paid."""
        return bool(self.payable) and self.paid == self.payable


@dataclass(frozen=True, slots=True)
class PaidItem:
    """What one run holds of one source; ``paid_on`` only when the run was executed and this was not reversed."""

    run_id: int
    state: RunState
    source: str
    agreement: str
    service_month: str
    cents: Cents
    due_on: date
    paid_on: date | None
    reversed_on: date | None = None
