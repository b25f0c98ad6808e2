"""What the finance meeting looks at, as values; whole cents, room positive and shortage negative."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from budgets.forecast.model import Method, Reason
from budgets.use.model import BudgetSource, RowKind
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Told:
    """How the forecast of one line under a row came about; only for who sees lines."""

    subcontractor: str
    product_code: str
    form: str
    point: Cents
    method: Method
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """The year of one product, subcontractor, form of financing or kind of own cost.

    Attributes:
        code: product code, AGB code or cost account; empty for what is not divided.
        name: in Dutch; empty where none is known.
        used: eligible cost up to the last complete month; ``None`` in a row that is hidden.
        by_month: ``used`` by service month.
        budget: of the whole year, ``None`` where there is none.
        budget_by_month: of the months of ``by_month``.
        forecast: what the year comes to; ``None`` without a forecast, and in a row that is hidden.
        clients: how many different people were served; ``None`` where none are counted and in a row that is hidden.
        tens: ``clients`` is rounded down to tens.
        waiting: how many wait for it; ``None`` where that is not known or too few.
        few_waiting: some wait, and too few to tell.
        hidden: too few people, or a row that would give such a row away: neither money nor people are in it.
        few: hidden because of too few people.
        utilisation: what of the allocations is used, in percent with one decimal; ``None`` where that is not known.
        told: how the forecast came about.
    """

    kind: RowKind
    code: str
    name: str
    used: Cents | None
    by_month: tuple[Cents, ...] = ()
    budget: Cents | None = None
    budget_by_month: tuple[Cents, ...] = ()
    budget_to_date: Cents | None = None
    forecast: Cents | None = None
    clients: int | None = None
    waiting: int | None = None
    few_waiting: bool = False
    hidden: bool = False
    few: bool = False
    utilisation: Decimal | None = None
    told: tuple[Told, ...] = ()
    tens: bool = False

    @property
    def left(self) -> Cents | None:
        """What of the budget of the year was not used yet."""
        return None if self.budget is None or self.used is None else self.budget - self.used

    @property
    def room(self) -> Cents | None:
        """Budget of the year less the forecast; without a forecast, of the months so far less the use of them."""
        if self.used is None:
            return None
        if self.forecast is not None:
            return None if self.budget is None else self.budget - self.forecast
        return None if self.budget_to_date is None else self.budget_to_date - self.used

    @property
    def measure(self) -> Cents | None:
        """The budget that ``room`` is a part of."""
        return self.budget if self.forecast is not None else self.budget_to_date


@dataclass(frozen=True, slots=True)
class MeetingTable:
    """Rows, those that deviate most first, and their totals, hidden rows included.

    Attributes:
        budget: all budgets together; ``None`` where no row has one.
        room: over the rows that have a budget.
        measure: the budget that ``room`` is a part of.
        clients: how many different people were served; ``None`` where they are too few.
        tens: ``clients`` is rounded down to tens.
    """

    rows: tuple[MeetingRow, ...]
    used: Cents
    budget: Cents | None
    forecast: Cents | None
    room: Cents | None
    measure: Cents | None
    clients: int | None
    partly: bool = False
    tens: bool = False

    @property
    def suppressed(self) -> bool:
        """Whether a row is hidden."""
        return any(row.hidden for row in self.rows)


@dataclass(frozen=True, slots=True)
class MeetingTables:
    """The same year three ways; ``subcontractors`` is ``None`` for who may not see them."""

    months: tuple[Month, ...]
    source: BudgetSource
    forecasted: bool
    products: MeetingTable
    forms: MeetingTable
    subcontractors: MeetingTable | None = None


class Status(StrEnum):
    """How far an item of a meeting is."""

    OPEN = "open"
    DECIDED = "decided"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Item:
    """A decision or an action, as it stands now.

    Attributes:
        month: the month that the meeting looked at in which it was first said.
        figure: what it is about: ``total``, ``waiting``, ``financing``, or ``product:`` and a code.
        figure_words: that figure as everybody at the meeting saw it.
        who: who does it; empty for a decision that needs nobody.
    """

    number: int
    revision: int
    month: Month
    figure: str
    figure_words: str
    said: str
    who: str
    due: date | None
    status: Status
    party: str
    made_by_name: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Pack:
    """A meeting pack that was made; its content is asked for apart."""

    id: int
    month: Month | None
    audience: str
    kind: str
    name: str
    sha256: str
    made_by_name: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Flow:
    """Who came and who left in a month; ``None`` where too few to tell; ``tens``: rounded down to tens."""

    month: Month
    started: int | None
    stopped: int | None
    tens: bool = False
