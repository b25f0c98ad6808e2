"""The use of a year's budget as values: where the year stands month by month, and who and what it went to.

All amounts are whole cents and come from balances of the books. One sign everywhere: room is positive, shortage
negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from budgets.settlement.model import CostParts, Deficit, RevenueParts, Surplus
from lead_contractor.contract.model import SettlementTerms
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the year stands at the end of a service month, added up from the first contract month.

    Attributes:
        month: the last service month that is in it.
        revenue: instalments with indexation, volume adjustment and deductions up to this month.
        cost: eligible cost up to this month.
        awaiting: declared and not yet checked; no part of ``cost``.
        margin_percent: room in percent of the base of the cap, four decimals as in the settlement.
        cap: the cap on the margin in cents, over the base up to this month; ``None`` where there is no cap.
        surplus: what the settlement's own rule makes of this room: what lies above the cap and where that would go.
    """

    month: Month
    revenue: RevenueParts
    cost: CostParts
    awaiting: Cents
    margin_percent: str
    cap: Cents | None
    surplus: Surplus

    @property
    def room(self) -> Cents:
        """Revenue less eligible cost: above zero there is room, below zero a shortage."""
        return self.revenue.total - self.cost.total

    @property
    def kept(self) -> Cents:
        """What of the room lies within the cap."""
        return Cents(max(0, self.room)) - self.surplus.excess


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the settlement decided: who keeps, repays and still pays what. ``final``: it is for good."""

    result: Cents
    surplus: Surplus
    deficit: Deficit
    entitlement: Cents
    received: Cents
    balance_due: Cents
    final: bool


@dataclass(frozen=True, slots=True)
class YearPosition:
    """The realised contract year as of a month: only what was recorded up to and including it.

    Attributes:
        until: the month of recording up to which it looks; ``None`` for the settled year, and while nothing is
            recorded.
        choices: the months up to which one can look: from the first contract month to the latest with a record.
        settled: whether a settlement was made that the books still bear out.
        year_months: all months of the contract year.
        lump_sum: the instalments of the whole contract year, indexation included.
        received: what the municipality has paid.
        months: the standing at the end of each service month that has begun; empty while nothing is recorded.
        complete: how many of ``months`` are complete: the declarations over them are due.
        outcome: what was settled, where the settled year is looked at.
    """

    contract_id: int
    code: str
    year: int
    municipality_name: str
    terms: SettlementTerms
    until: Month | None
    choices: tuple[Month, ...]
    settled: bool
    year_months: tuple[Month, ...]
    lump_sum: Cents
    received: Cents
    months: tuple[Standing, ...]
    complete: int
    outcome: Outcome | None = None

    @property
    def recorded(self) -> bool:
        """Whether anything of this year was recorded yet."""
        return bool(self.months)

    @property
    def now(self) -> Standing:
        """All that was recorded, months that are still coming in included.

        Raises:
            IndexError: nothing was recorded yet.
        """
        return self.months[-1]

    @property
    def standing(self) -> Standing:
        """Where the year stands: at the last complete month, or the latest month while none is complete.

        Raises:
            IndexError: nothing was recorded yet.
        """
        return self.months[self.complete - 1] if self.complete else self.months[-1]

    @property
    def coming_in(self) -> tuple[Standing, ...]:
        """The months over which declarations are still coming in."""
        return self.months[self.complete :]


class RowKind(StrEnum):
    """What a row of use is about."""

    PRODUCT = "product"
    FORM = "form"
    SUBCONTRACTOR = "subcontractor"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class UseRow:
    """The use of one product, subcontractor, form of financing or kind of own cost, up to a service month.

    Attributes:
        code: product code, AGB code or cost account; empty for a budget that is not divided.
        name: in Dutch; empty where none is known.
        used: eligible cost; ``None`` in a row that is hidden.
        by_month: ``used`` by service month; together it.
        budget: the budget of the same months, ``None`` where there is none.
        budget_by_month: ``budget`` by service month; together it.
        clients: how many different people were served; ``None`` where none are counted and in a row that is hidden.
        hidden: too few people, or a row that would give such a row away: neither money nor people are in it.
        few: hidden because of too few people.
    """

    kind: RowKind
    code: str
    name: str
    used: Cents | None
    by_month: tuple[Cents, ...]
    budget: Cents | None = None
    budget_by_month: tuple[Cents, ...] = ()
    clients: int | None = None
    hidden: bool = False
    few: bool = False

    @property
    def room(self) -> Cents | None:
        """Budget less use; ``None`` without a budget and in a row that is hidden."""
        return None if self.budget is None or self.used is None else self.budget - self.used


class BudgetSource(StrEnum):
    """Where the budget of the rows comes from."""

    FILE = "file"
    AGREEMENTS = "agreements"


@dataclass(frozen=True, slots=True)
class UseTable:
    """Rows of use, those that deviate most first, with totals over all of them, hidden ones too.

    Attributes:
        used: eligible cost of all rows.
        budget: all budgets together; ``None`` where no row has one.
        used_of_budget: the use of the rows that have a budget, to compare with ``budget``.
        clients: how many different people were served; ``None`` where they are too few.
    """

    rows: tuple[UseRow, ...]
    used: Cents
    budget: Cents | None = None
    used_of_budget: Cents = ZERO
    clients: int | None = None

    @property
    def room(self) -> Cents | None:
        """Budget less the use that it is for."""
        return None if self.budget is None else self.budget - self.used_of_budget

    @property
    def suppressed(self) -> bool:
        """Whether a row is hidden."""
        return any(row.hidden for row in self.rows)


@dataclass(frozen=True, slots=True)
class UseTables:
    """The same use three ways, up to the same service month.

    ``subcontractors`` is ``None`` for who may not see them. ``products`` holds own cost too, so that it adds up to all
    eligible cost.
    """

    months: tuple[Month, ...]
    source: BudgetSource
    products: UseTable
    forms: UseTable
    subcontractors: UseTable | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who waits for a product on a day, over all areas.

    ``waiting`` and ``added`` are ``None`` where they are too few to show; ``median_days`` is the median of the areas,
    weighted by how many wait there, and ``None`` where nobody or too few wait.
    """

    product_code: str
    waiting: int | None
    added: int | None
    median_days: int | None
    few_added: bool = False


@dataclass(frozen=True, slots=True)
class WaitingList:
    """The waiting list on the last day that is known."""

    day: date
    rows: tuple[Waiting, ...]
