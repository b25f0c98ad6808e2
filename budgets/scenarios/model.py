"""What if: a scenario, what it stands on, and what it does to the year, as values; whole cents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from budgets.settlement.model import OwnCostTotal, RevenueParts
from lead_contractor.contract.model import BeschikkingCount, Contract, CostKind, IndexFigure, OwnCost
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode

FIXED_FORMS = frozenset({FormCode.LUMP_SUM, FormCode.FTE, FormCode.AVAILABILITY})
"""Forms whose months do not follow what is delivered."""
VOLUME_FORMS = frozenset({FormCode.PXQ, FormCode.TRAJECTORY})
"""Forms whose cost follows inflow and tariff."""
MOVES_TO = (FormCode.LUMP_SUM, FormCode.FTE, FormCode.TRAJECTORY, FormCode.AVAILABILITY)
"""What a subcontractor can move to away from P×Q."""


@dataclass(frozen=True, slots=True)
class Move:
    """A subcontractor that is paid another way from a month on.

    Attributes:
        subcontractor: its AGB code; all its P×Q lines move.
        form: what it moves to.
        month: the first month of it.
        amount: what is agreed per month; ``None`` is budget-neutral: what was expected of those months.
    """

    subcontractor: str
    form: FormCode
    month: Month
    amount: Cents | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is otherwise than expected; nothing filled in is the base: the frozen forecast itself.

    Percentages are plain numbers: 5 is 5 % more. A month that is not named is the first month that is still to come.

    Attributes:
        inflow_percent: more (or fewer) new clients from ``inflow_from``.
        index_percent: higher (or lower) tariffs of P×Q and trajectories from ``index_from``.
        moves: subcontractors that are paid another way.
        waiting_percent: how much of the waiting list is taken in from ``waiting_from`` (rule 39).
        cap_percent: another profit cap than the contract's; ``None`` leaves it.
        corridor_percent: another corridor around the number of beschikkingen; ``None`` leaves it.
        own_cost_percent: more (or less) own cost in the months that are still to come.
    """

    inflow_percent: Decimal = Decimal(0)
    inflow_from: Month | None = None
    index_percent: Decimal = Decimal(0)
    index_from: Month | None = None
    moves: tuple[Move, ...] = ()
    waiting_percent: Decimal = Decimal(0)
    waiting_from: Month | None = None
    cap_percent: Decimal | None = None
    corridor_percent: Decimal | None = None
    own_cost_percent: Decimal = Decimal(0)

    @property
    def is_base(self) -> bool:
        """Whether nothing is otherwise than expected."""
        return self == BASE


BASE = Scenario()


@dataclass(frozen=True, slots=True)
class CeilingTerms:
    """The ceiling of an agreement, and the subcontractor and products (or categories) that fall under it."""

    subcontractor: str
    products: tuple[str, ...]
    cents: Cents

    def covers(self, subcontractor: str, product_code: str) -> bool:
        """Whether a line stands under it."""
        known = not self.products or any(product_code.startswith(product) for product in self.products)
        return subcontractor == self.subcontractor and known


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the year stands on besides the forecast of the cost of subcontractors, as of a day.

    Attributes:
        as_of: the day of the forecast.
        contract: the terms.
        figures: the index figures that are known.
        counts: the numbers of beschikkingen up to the day.
        own_costs: own cost of the contract year up to the day.
        prior_year: what counts of lines over earlier years.
        received: what the municipality paid up to the day.
        ceilings: of P×Q agreements.
        stay_months: how long a client stays on average, in months; ``None`` where no allocation has an end. With it,
            a change of inflow builds up as clients are replaced; without it, it is there at once.
    """

    as_of: date
    contract: Contract
    figures: tuple[IndexFigure, ...] = ()
    counts: tuple[BeschikkingCount, ...] = ()
    own_costs: tuple[OwnCost, ...] = ()
    prior_year: Cents = ZERO
    received: Cents = ZERO
    ceilings: tuple[CeilingTerms, ...] = ()
    stay_months: float | None = None

    @property
    def first_to_come(self) -> Month:
        """The first month that is not over on the day."""
        month = Month.of(self.as_of)
        return month.plus(1) if self.as_of >= month.last else month

    @property
    def closed(self) -> bool:
        """Whether the whole contract year lies behind."""
        return self.as_of >= self.contract.last_day


@dataclass(frozen=True, slots=True)
class OwnYear:
    """Own cost of the whole year, as it is expected.

    Attributes:
        by_kind: the year per kind.
        months: allowed cost per kind and contract month, those to come included; together the allowed part.
        spread: one standard deviation of the allowed cost per kind, in cents.
        notes: see :data:`budgets.scenarios.outlook.NOTES`.
    """

    by_kind: Mapping[CostKind, OwnCostTotal]
    months: Mapping[CostKind, Mapping[Month, Cents]]
    spread: Mapping[CostKind, float]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantiles:
    """A distribution of whole numbers (cents, unless said otherwise): its 1st to 99th percentile, in order.

    Attributes:
        values: the percentiles.
        point: the middle expectation by the settlement; ``None`` in what was kept before there was one.
    """

    values: tuple[int, ...]
    point: int | None = None

    @property
    def middle(self) -> int:
        """The middle as it is shown: the middle expectation, which is not quite the median of the draws."""
        return self.p50 if self.point is None else self.point

    @property
    def low(self) -> int:
        """One in ten ends below it; never above the middle."""
        return min(self.p10, self.middle)

    @property
    def high(self) -> int:
        """One in ten ends above it; never below the middle."""
        return max(self.p90, self.middle)

    @property
    def p10(self) -> int:
        """One in ten ends below it."""
        return self.values[9]

    @property
    def p50(self) -> int:
        """Half ends below it."""
        return self.values[49]

    @property
    def p90(self) -> int:
        """One in ten ends above it."""
        return self.values[89]


@dataclass(frozen=True, slots=True)
class Ending:
    """How the year ends in one scenario.

    Attributes:
        revenue: what the municipality owes, middle expectation, by part.
        point: the middle expectation of the cost of subcontractors.
        subcontractors: cost of subcontractors.
        result: revenue less eligible cost.
        margin: the result in ten thousandths of a percent of the base of the cap: 56582 is 5.6582 %.
        repaid: what goes back to the municipality.
        deficit_municipality: what the municipality bears of a shortage.
        entitlement: what the lead contractor is entitled to.
        cap: the cap in cents at the middle expectation; ``None`` without one.
        chance_repaid: the chance that something goes back.
        chance_excess: the chance of a result above the cap.
        chance_shortage: the chance of a result below zero.
        chance_run_out: the chance that subcontractors cost more than there is for them; ``None`` without a budget.
    """

    revenue: RevenueParts
    point: Cents
    subcontractors: Quantiles
    result: Quantiles
    margin: Quantiles
    repaid: Quantiles
    deficit_municipality: Quantiles
    entitlement: Quantiles
    cap: Cents | None
    chance_repaid: float
    chance_excess: float
    chance_shortage: float
    chance_run_out: float | None


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often the result falls between two bounds, in the base and in the scenario; in draws.

    ``edges`` has one more than each of the counts.
    """

    edges: tuple[Cents, ...]
    base: tuple[int, ...]
    scenario: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """A scenario beside the base, drawn with the same random numbers.

    Attributes:
        difference: the scenario less the base, draw by draw, in the cost of subcontractors.
        result_difference: the same in the result.
        parts: what each part of the scenario does to the middle expectation of the cost of subcontractors, by name;
            together the whole difference.
    """

    as_of: date
    scenario: Scenario
    draws: int
    seed: int
    base: Ending
    ending: Ending
    difference: Quantiles
    result_difference: Quantiles
    histogram: Histogram
    parts: Mapping[str, Cents] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
