"""Limits on the overrun of the budget, as values: what would come above one, and what somebody let pass.

Amounts are whole cents. A line is what a limit of its kind looks at: a product, a subcontractor, a month or the year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lead_contractor.access.hand import Hand
from lead_contractor.contract.model import BudgetLimit, LimitKind
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.refusals import Conflict

Line = tuple[LimitKind, str]
"""The kind, and which: a product, an AGB code, a month ``2025-03`` or a year ``2025``."""
Amounts = Mapping[Line, Cents]


class Deed(StrEnum):
    """What a limit can stop."""

    ALLOCATION = "allocation"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class Case:
    """What is about to be done: allocate on a request or on an allocation number, or pay a subcontractor."""

    deed: Deed
    subject: str


@dataclass(frozen=True, slots=True)
class Crossing:
    """Something that comes above a limit.

    Attributes:
        most: the percentage of the budget that the limit allows.
        would: what the line comes to.
    """

    limit: BudgetLimit
    line: Line
    budget: Cents
    most: Cents
    would: Cents

    @property
    def over(self) -> Cents:
        """How far above the limit."""
        return self.would - self.most


@dataclass(frozen=True, slots=True)
class Pass:
    """What somebody let pass: one case, on one line, up to ``most``; used up once."""

    id: int
    contract_id: int
    line: Line
    case: Case
    most: Cents
    reason: str
    made_by: Hand
    made_at: datetime
    used_for: str = ""
    used_by: Hand | None = None
    used_at: datetime | None = None

    @property
    def used(self) -> bool:
        """Whether it was used up."""
        return self.used_at is not None


class Held(Conflict):
    """A limit on the budget stops it; ``crossings`` says which."""

    def __init__(self, said: str, crossings: tuple[Crossing, ...]) -> None:
        self.crossings = crossings
        super().__init__(said)
