"""What the lead contractor's pages show, as plain values; amounts in whole cents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month

T = TypeVar("T")
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a long table; ``number`` counts from 1."""

    rows: Sequence[T]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are; an empty table has one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class Cause:
    """Refused lines that share their first return code; ``cents`` is debits less credits."""

    code: str
    providers: int
    lines: int
    cents: Cents


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Which declaration messages; an empty text is all of them."""

    status: str = ""
    sender: str = ""
    month: str = ""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A declaration message with what became of it; ``assessed`` is false where all of it was refused."""

    id: int
    file: str
    status: str
    assessed: bool
    sender: str
    identification: str
    number: str
    period: str
    received: date | None
    message_codes: tuple[str, ...]
    declaration_codes: tuple[str, ...]
    faults: tuple[str, ...]
    submitted: Cents
    granted: Cents
    lines: int
    refused: int = 0


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which declaration lines: of a message, refused ones, or those with this first return code."""

    message_id: int | None = None
    refused: bool = False
    code: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A declaration line; the client is a pseudonym and never a BSN, ``cents`` is below zero for a credit."""

    id: int
    message_id: int
    sender: str
    number: str
    position: int
    reference: str
    previous_reference: str
    pseudonym: str
    allocation: str
    agreement: str
    product_code: str
    period_from: date
    period_to: date
    volume: int
    unit: str
    cents: Cents
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the books: accounts, and what they are narrowed down to.

    ``service_until`` is the last service month, ``until`` the last month of recording; an empty text is all.
    """

    contract_id: int
    accounts: tuple[str, ...]
    agreement: str = ""
    subcontractor: str = ""
    product_code: str = ""
    service_month: str = ""
    service_until: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A transfer of the books."""

    id: int
    booked_at: datetime
    recorded_month: str
    service_month: str
    debit: str
    credit: str
    cents: Cents
    agreement: str
    subcontractor: str
    product_code: str
    source: str
    explanation: str
    reverses_id: int | None


@dataclass(frozen=True, slots=True)
class CeilingUse:
    """What an agreement used of its ceiling; ``outside`` is what was approved outside it and is no part of ``used``."""

    agreement: str
    subcontractor: str
    used: Cents
    ceiling: Cents
    signal: Cents | None
    outside: Cents = ZERO

    @property
    def passed(self) -> bool:
        """Whether more was produced than the ceiling allows."""
        return self.used > self.ceiling

    @property
    def share(self) -> Fraction:
        """Used in percents of the ceiling."""
        return Fraction(100 * int(self.used), max(1, int(self.ceiling)))


@dataclass(frozen=True, slots=True)
class Ending:
    """Agreements that end on one day."""

    day: date
    agreements: tuple[tuple[str, str], ...]

    @property
    def subcontractors(self) -> tuple[str, ...]:
        """Whose agreements, each once."""
        return tuple(dict.fromkeys(agb for _, agb in self.agreements))


@dataclass(frozen=True, slots=True)
class Undeclared:
    """A subcontractor that did not declare months of which the term has passed."""

    subcontractor: str
    months: tuple[Month, ...]


class State(StrEnum):
    """How a point of the month's checklist stands."""

    DONE = "done"
    OPEN = "open"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the month's checklist: so many of so many, or an amount against what was due."""

    name: str
    state: State
    done: int = 0
    of: int = 0
    until: date | None = None
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Books:
    """What the last proof of the books said; ``difference`` is empty when they are sound."""

    proved: tuple[str, ...] = ()
    difference: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of the year: what the municipality owes for it and what was used, by service month."""

    month: Month
    due: Cents
    used: Cents
    cumulative: Cents = ZERO

    @property
    def room(self) -> Cents:
        """Due less used: positive is room."""
        return self.due - self.used


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that differs between two versions of a settlement; ``name`` is its path in the public layout."""

    name: str
    before: int | str
    after: int | str

    @property
    def cents(self) -> bool:
        """Whether it is an amount, rather than a percentage in words."""
        return isinstance(self.before, int) and isinstance(self.after, int)


@dataclass(frozen=True, slots=True)
class StepTransfer:
    """A transfer that the settlement made, with the amount it now comes down to."""

    debit: str
    credit: str
    cents: Cents
    agreement: str
    explanation: str


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the settlement: its amount, clause, words, inputs (name, cents, accounts) and transfers.

    ``accounts`` are those of which the amount is the balance; empty for a step that is only reckoned.
    """

    step: str
    amount: int
    clause: str
    explanation: str
    inputs: tuple[tuple[str, int, tuple[str, ...]], ...] = ()
    transfers: tuple[StepTransfer, ...] = ()
    accounts: tuple[str, ...] = ()
