"""Corrections of approved lines by the lead contractor, as values.

A correction never changes a line: it takes it back with a credit that equals it, and where something is to take its
place declares that anew. Volumes and dates stay what they were. Amounts are whole cents.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lead_contractor.access.hand import Hand
from lead_contractor.kernel.money import ZERO, Cents, total


class Kind(StrEnum):
    """What is corrected."""

    TARIFF = "tariff"
    """A new version of a tariff."""
    DIFFERENCE = "difference"
    """A difference run: approved lines at the tariff as it was changed afterwards."""
    TAKE_BACK = "take_back"
    """Approved lines on an allocation that was withdrawn or shortened."""


class Outside(StrEnum):
    """Why a correction of a line lies outside the correction window."""

    TWO_MONTHS = "two_months"
    """More than two months after the line was approved (SAP-O 2.5, IV091)."""
    YEAR_CLOSED = "year_closed"
    """After the contract's ``corrections_until``: it counts in no settlement of this year."""


class TakenBack(StrEnum):
    """Why a line is to be taken back."""

    WITHDRAWN = "withdrawn"
    """The allocation was withdrawn (RedenWijziging 13)."""
    SHORTENED = "shortened"
    """The allocation now ends before the product period does, or begins after it begins."""


@dataclass(frozen=True, slots=True)
class ApprovedLine:
    """An approved debit line that was not credited; ``approved_on`` is the day on which its message was answered."""

    id: int
    message_id: int
    sender: str
    reference: str
    client_id: int
    allocation: str
    category: str
    product_code: str
    agreement: str
    period_from: date
    period_to: date
    volume: int
    unit: str
    tariff: Cents | None
    amount: Cents
    approved_on: date


@dataclass(frozen=True, slots=True)
class Window:
    """Until when a line can be corrected, and why not (any more) on the day asked; empty when it can."""

    until: date
    outside: tuple[Outside, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one line: a credit, and a new debit where ``new_amount`` is given.

    ``why`` only where the line is taken back. ``codes`` are the return codes with which the engine refuses the new
    debit; then the line is left as it is.
    """

    line: ApprovedLine
    window: Window
    new_tariff: Cents | None = None
    new_amount: Cents | None = None
    why: TakenBack | None = None
    codes: tuple[str, ...] = ()

    @property
    def difference(self) -> Cents:
        """What the correction adds to what is payable; below zero where it is taken back."""
        return (ZERO if self.new_amount is None else self.new_amount) - self.line.amount


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a correction would do: every line that changes, those that the engine would refuse, and what it adds up to.

    ``content_hash`` tells whether an approver approves what the maker saw.
    """

    kind: Kind
    contract_id: int
    changes: tuple[Change, ...]
    blocked: tuple[Change, ...]
    content_hash: str

    @property
    def difference(self) -> Cents:
        """What it adds to what is payable in all."""
        return total(change.difference for change in self.changes)

    @property
    def by_agreement(self) -> dict[str, Cents]:
        """What it adds per agreement, by id."""
        return by_agreement(self.changes)

    @property
    def outside(self) -> tuple[Change, ...]:
        """The lines outside the correction window; they ask for an override with a reason."""
        return tuple(change for change in self.changes if change.window.outside)


@dataclass(frozen=True, slots=True)
class TariffChange:
    """A new version of a tariff: what it is, in which days it holds (``valid_to`` inclusive, None is open)."""

    subcontractor: str
    product_code: str
    unit: str
    tariff: Cents
    valid_from: date
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction that somebody proposed. ``approved`` is None as long as nobody decided on it."""

    id: int
    contract_id: int
    kind: Kind
    content_hash: str
    reason: str
    made_by: Hand
    made_at: datetime
    tariff: TariffChange | None = None
    approved: bool | None = None
    decided_by: Hand | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an approved correction: the messages it made and the changes in them."""

    proposal_id: int
    messages: tuple[int, ...]
    changes: Sequence[Change]
    difference: Cents


def by_agreement(changes: Iterable[Change]) -> dict[str, Cents]:
    """The differences added up per agreement, by id."""
    found: dict[str, Cents] = {}
    for change in changes:
        found[change.line.agreement] = found.get(change.line.agreement, ZERO) + change.difference
    return dict(sorted(found.items()))
