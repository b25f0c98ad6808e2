"""The budget, and what is known beside the books: earlier years and the waiting list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from lead_contractor.access.hand import Hand
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month

Place = tuple[str, str]
"""What a budget line is about: product code and subcontractor; an empty text is 'all'."""
Plan = dict[Place, dict[Month, Cents]]
"""A budget by line and month, whole cents."""
PRIMARY = 1
"""The number of the first version: what was loaded."""


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """The year's budget of a product and a subcontractor in a month; empty text or None is 'all'."""

    product_code: str
    subcontractor: str
    month: Month | None
    amount: Cents
    extra: Mapping[str, str] = field(default_factory=dict)


class AmendmentKind(StrEnum):
    """How a budget is amended."""

    CHANGE = "change"
    """Lines go up or down."""
    TRANSFER = "transfer"
    """One line goes down, another up; together nothing changes."""
    CARRY_OVER = "carry_over"
    """What was left in a month goes to a later month of the same line."""
    NEXT_YEAR = "next_year"
    """What was left goes to the same line of the next contract year."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """What an amendment adds to one month of a line (below zero: takes off it)."""

    contract_id: int
    product_code: str
    subcontractor: str
    month: Month
    cents: Cents

    @property
    def place(self) -> Place:
        """The line."""
        return self.product_code, self.subcontractor


@dataclass(frozen=True, slots=True)
class Amendment:
    """A proposed amendment. ``approved`` is None as long as nobody decided on it.

    Attributes:
        contract_id: the contract year under which it was proposed; changes may reach into the next one.
        valid_from: the day of recording from which it holds.
        content_hash: what an approver approves.
    """

    id: int
    contract_id: int
    kind: AmendmentKind
    valid_from: date
    reason: str
    content_hash: str
    changes: tuple[Change, ...]
    made_by: Hand
    made_at: datetime
    approved: bool | None = None
    decided_by: Hand | None = None
    decided_at: datetime | None = None
    decision_reason: str = ""

    def sum_in(self, contract_id: int) -> Cents:
        """What it adds to the budget of a contract year."""
        return total(one.cents for one in self.changes if one.contract_id == contract_id)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the budget of a contract year: the first as loaded, each later one by an approved amendment."""

    number: int
    valid_from: date | None = None
    amendment: Amendment | None = None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """What was approved for a service month of an earlier year, by the month it was received in."""

    service_month: Month
    received_month: Month
    subcontractor: str
    product_code: str
    amount: Cents
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """The waiting list on a day."""

    date: date
    product_code: str
    area: str
    waiting: int
    added: int | None = None
    median_days: Decimal | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
