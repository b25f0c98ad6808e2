"""The use of the budget line by line as of a day, as values; amounts are whole cents.

*Used* is what a line has cost: approved lines under price times quantity, and under the other forms what was due. What
is *left* is plan less used; what is *free* is that less what open allocations still commit.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from fractions import Fraction

from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month


class By(StrEnum):
    """By what the same amounts are added up."""

    LINE = "line"
    PRODUCT = "product"
    SUBCONTRACTOR = "subcontractor"
    AREA = "area"
    FORM = "form"
    CLIENT_GROUP = "client_group"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of the use of a budget.

    Attributes:
        declared: ``approved`` + ``rejected`` + ``assessing``.
        used: what counts as cost of this year.
        paid: what was paid, less what came back.
        committed: what open allocations fix and was not approved on them yet, as far as it falls in the contract year.
        later: the part of that which falls after the contract year.
        undeterminable: how many open allocations fix no amount.
    """

    declared: Cents = ZERO
    approved: Cents = ZERO
    rejected: Cents = ZERO
    assessing: Cents = ZERO
    used: Cents = ZERO
    paid: Cents = ZERO
    committed: Cents = ZERO
    later: Cents = ZERO
    undeterminable: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Part:
    """The smallest part: everything that amounts are added up by. An empty text is what it is not about.

    ``product_code`` is the product row under which the agreement's amounts fall (see ``cells.Cover.row_of``).
    """

    subcontractor: str
    product_code: str
    form: str
    area: str
    client_group: str
    month: Month | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class UseLine:
    """A row: its key (empty texts for what it is not about), its budget where there is one, and its use.

    ``key`` is of :attr:`By.LINE` subcontractor, product and form, else one text.
    """

    key: tuple[str, ...]
    plan: Cents | None
    figures: Figures

    @property
    def left(self) -> Cents | None:
        """Plan less used; below zero is a shortage."""
        return None if self.plan is None else self.plan - self.figures.used

    @property
    def used_percent(self) -> Fraction | None:
        """Used in percents of the plan, exact; ``None`` where there is no plan, or one of nothing."""
        return Fraction(100 * int(self.figures.used), int(self.plan)) if self.plan else None

    @property
    def free(self) -> Cents | None:
        """What is left, less what is committed."""
        return None if self.plan is None else self.plan - self.figures.used - self.figures.committed


@dataclass(frozen=True, slots=True)
class UseReport:
    """The use of a contract year as of a day.

    Attributes:
        as_of: only what was known on this day.
        version: the number of the version of the budget.
        rows: in order of key.
        total: of all rows; its plan is that of all lines together, ``None`` where there is no budget.
    """

    contract_id: int
    code: str
    as_of: date
    by: By
    version: int
    rows: tuple[UseLine, ...]
    total: UseLine
