"""The contract between municipality and lead contractor, as terms in force for one contract year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.parties.model import LeadContractor, Municipality


class Proration(StrEnum):
    """How a part year is counted."""

    MONTHS = "months"
    DAYS = "days"


class IndexMethod(StrEnum):
    """How last year's index is caught up with."""

    DIFFERENCE = "difference"
    RATIO = "ratio"
    FIXED = "fixed"


class Measure(StrEnum):
    """What the number of beschikkingen is measured on."""

    QUARTER_ENDS = "average_of_quarter_ends"
    MONTH_ENDS = "average_of_month_ends"
    REFERENCE_DATE = "reference_date"


class CorridorMode(StrEnum):
    """What counts once the corridor is left: what lies outside it, or all."""

    EXCESS = "excess"
    WHOLE = "whole"


class MarginBase(StrEnum):
    """What the profit cap is a percentage of."""

    REVENUE = "revenue"
    COST = "cost"


class Excess(StrEnum):
    """Where the result above the cap goes."""

    REPAY = "repay"
    INVEST = "invest"
    RESERVE = "reserve"


class PriorYear(StrEnum):
    """Whether lines with a product period before the year count in this settlement."""

    NOT_ELIGIBLE = "not_eligible"
    ELIGIBLE = "eligible"


class CostKind(StrEnum):
    """The lead contractor's own cost."""

    OWN_DELIVERY = "own_delivery"
    OVERHEAD = "overhead"
    OTHER = "other"


class FigureKind(StrEnum):
    """Whether an index figure is provisional or definitive."""

    PROVISIONAL = "provisional"
    DEFINITIVE = "definitive"


class MessageMode(StrEnum):
    """How messages with subcontractors are read and written: our own dialect of iWmo, or the standard to the letter."""

    DIALECT = "dialect"
    STRICT = "strict"


class Transfers(StrEnum):
    """Between which budget lines an amount may be moved."""

    FREE = "free"
    WITHIN_CATEGORY = "within_category"
    NONE = "none"


class CarryOver(StrEnum):
    """Where what was left of a budget may go: nowhere, to a later month of its line, or to the next year too."""

    NONE = "none"
    MONTHS = "months"
    YEAR = "year"


class LimitKind(StrEnum):
    """What a limit on overrun looks at: a product, a subcontractor or a month of the year, or the year as a whole."""

    PRODUCT = "product"
    SUBCONTRACTOR = "subcontractor"
    MONTH = "month"
    YEAR = "year"


class LimitAction(StrEnum):
    """What happens above a limit."""

    WARN = "warn"
    HOLD = "hold"
    REFUSE = "refuse"


class Passer(StrEnum):
    """Who may let something pass a limit: a controller, or another one than whoever does what it stops."""

    CONTROLLER = "controller"
    SECOND_CONTROLLER = "second_controller"


@dataclass(frozen=True, slots=True)
class BudgetLimit:
    """A limit on overrun: above ``at_percent`` of the budget of each line of a kind.

    ``may_pass`` None is nobody; with :attr:`LimitAction.HOLD` it is a controller all the same.
    """

    kind: LimitKind
    at_percent: Decimal = Decimal(100)
    action: LimitAction = LimitAction.WARN
    may_pass: Passer | None = None

    @property
    def passer(self) -> Passer | None:
        """Who may let something pass; ``None`` is nobody."""
        return self.may_pass or (Passer.CONTROLLER if self.action is LimitAction.HOLD else None)


@dataclass(frozen=True, slots=True)
class BudgetTerms:
    """What the contract allows to be done with the budget. ``areas`` is the key by which it is split over areas.

    ``under_use_percent`` is by how much a budget may stay unused, with 80 % certainty, before that signals.
    """

    transfers: Transfers = Transfers.FREE
    carry_over: CarryOver = CarryOver.NONE
    areas: Mapping[str, Decimal] = field(default_factory=dict)
    under_use_percent: Decimal = Decimal(5)
    limits: tuple[BudgetLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageTerms:
    """What was agreed on messages. ``first_number`` begins the lead contractor's own range of allocation numbers."""

    mode: MessageMode = MessageMode.DIALECT
    first_number: int = 500_000_000


class ReportSet(StrEnum):
    """A set of figures in the quarterly report for the municipality."""

    HOURS = "hours"
    COST = "cost"
    USE = "use"
    CLIENTS = "clients"
    FTE = "fte"
    KPI = "kpi"


@dataclass(frozen=True, slots=True)
class ReportTerms:
    """What was agreed on quarterly reports.

    Attributes:
        sets: what the municipality gets.
        working_days: how many working days after a quarter subcontractors have for their figures.
    """

    sets: tuple[ReportSet, ...] = tuple(ReportSet)
    working_days: int = 15


@dataclass(frozen=True, slots=True)
class InactivityTerms:
    """When a subcontractor without care is put up for notice.

    Attributes:
        months: for so many months on end it delivered nothing.
        satisfaction: from this score of its clients, out of ten, it stays.
        window_months: for so many months a score counts.
    """

    months: int = 12
    satisfaction: Decimal = Decimal("8.5")
    window_months: int = 12


@dataclass(frozen=True, slots=True)
class MeetingTerms:
    """What the parties agreed to look at in their meeting; it changes nothing in the books.

    Attributes:
        direction: share in the cost of subcontractors that a form of financing should come to, in percent, by form.
        waiting_norm_days: the longest that the median of who waits may be, in days; ``None`` where none was agreed.
        waiting_norms: the same by product category, which goes before it.
    """

    direction: Mapping[str, Decimal] = field(default_factory=dict)
    waiting_norm_days: int | None = None
    waiting_norms: Mapping[str, int] = field(default_factory=dict)

    def norm_of(self, product_code: str) -> int | None:
        """The norm for who waits for a product, in days; ``None`` where none was agreed."""
        return self.waiting_norms.get(product_code[:2], self.waiting_norm_days)


@dataclass(frozen=True, slots=True)
class Indexation:
    """The index clause. ``percent`` only with method fixed; ``decimals`` None means no rounding."""

    method: IndexMethod
    percent: Decimal | None = None
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    decimals: int | None = None
    first_contract_year: bool = False


@dataclass(frozen=True, slots=True)
class VolumeClause:
    """The lump sum follows the number of beschikkingen, outside an agreed corridor."""

    baseline: Decimal
    price_per_unit: Cents | None = None
    measure: Measure = Measure.QUARTER_ENDS
    reference_date: date | None = None
    corridor_percent: Decimal | None = None
    corridor_mode: CorridorMode = CorridorMode.EXCESS


@dataclass(frozen=True, slots=True)
class Deduction:
    """A deduction on one month's instalment: a percentage of it or an amount."""

    month: int
    reason: str = ""
    percent: Decimal | None = None
    amount: Cents | None = None


@dataclass(frozen=True, slots=True)
class LumpSum:
    """The lump sum of a whole contract year, price level before indexation."""

    amount: Cents
    first_month: int = 1
    last_month: int = 12
    proration: Proration = Proration.MONTHS
    discount_percent: Decimal | None = None
    payment_shares: tuple[Decimal, ...] = ()
    indexation: Indexation | None = None
    volume: VolumeClause | None = None
    deductions: tuple[Deduction, ...] = ()


@dataclass(frozen=True, slots=True)
class Margin:
    """The profit-margin cap and what happens above it."""

    cap_percent: Decimal
    base: MarginBase = MarginBase.REVENUE
    excess: Excess = Excess.REPAY


@dataclass(frozen=True, slots=True)
class DeficitBand:
    """Up to a percentage of revenue (None: open) the municipality bears this percentage."""

    municipality_percent: Decimal
    up_to_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Reserve:
    """The egalisation reserve: at most a percentage of revenue."""

    max_percent: Decimal
    opening_balance: Cents = ZERO


@dataclass(frozen=True, slots=True)
class SettlementTerms:
    """What the contract says about the year-end settlement."""

    cut_off: date
    corrections_until: date
    prior_year: PriorYear = PriorYear.NOT_ELIGIBLE
    margin: Margin | None = None
    overhead_cap_percent: Decimal | None = None
    deficit_bands: tuple[DeficitBand, ...] = ()
    reserve: Reserve | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract year."""

    id: str
    year: int
    municipality: Municipality
    lead_contractor: LeadContractor
    lump_sum: LumpSum
    settlement: SettlementTerms
    messages: MessageTerms = MessageTerms()
    reports: ReportTerms = ReportTerms()
    budget: BudgetTerms = field(default_factory=BudgetTerms)
    inactivity: InactivityTerms = InactivityTerms()
    meeting: MeetingTerms = field(default_factory=MeetingTerms)

    @property
    def months(self) -> tuple[Month, ...]:
        """The calendar months inside the contract period, in order."""
        return tuple(Month(self.year, n) for n in range(self.lump_sum.first_month, self.lump_sum.last_month + 1))

    @property
    def first_day(self) -> date:
        """The first day of the contract period."""
        return self.months[0].first

    @property
    def last_day(self) -> date:
        """The last day of the contract period, inclusive."""
        return self.months[-1].last


@dataclass(frozen=True, slots=True)
class IndexFigure:
    """A published index percentage of one year, with its source."""

    index: str
    year: int
    kind: FigureKind
    percent: Decimal
    source: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BeschikkingCount:
    """How many beschikkingen were active on a day."""

    date: date
    active: Decimal
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A lump-sum payment received from the municipality."""

    date: date
    amount: Cents
    reference: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnCost:
    """A cost of the lead contractor itself; ``disallowed`` cost never counts in the settlement."""

    date: date
    kind: CostKind
    amount: Cents
    description: str = ""
    disallowed: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)
