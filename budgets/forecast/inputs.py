"""What the forecast of a year is made from, as plain values: no database, no clock.

All amounts are whole cents. Only what was received up to and including ``as_of`` is in here; whoever fills these values
sees to that. A line that has nothing at all may be left out; a line that was agreed on and has nothing yet belongs in.
Rows of the same key are added together, and the order of flows, lines and ceilings means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from budgets.forecast.model import LineKey
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Flow:
    """Cents approved for one service month and received in one month; credits are negative.

    Attributes:
        service: the month in which it was delivered.
        received: the month in which it was received.
        cents: debits less credits.
        day: the day of the month on which it was received, where that is known (this year's messages); ``None`` in
            history, where only the month is known. It sharpens a forecast made in the middle of a month.
    """

    service: Month
    received: Month
    cents: Cents
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """A form whose months are fixed beforehand (FTE, lump sum, availability), reckoned by its own terms.

    Attributes:
        months: the contracted amount of every month of this year in which it runs, those past and those to come.
        year: what the year makes due when the rest of the year goes as was realised so far (true-up, hours and malus
            in it); equal to the sum of ``months`` where nothing was realised yet or no such clause holds.
        low: the same, with the months to come one standard error lower (see ``agreed.carried_on``).
        high: the same, with the months to come one standard error higher.
    """

    months: Mapping[Month, Cents]
    year: Cents
    low: Cents
    high: Cents


@dataclass(frozen=True, slots=True)
class Trajectories:
    """The trajectories of one line (one subcontractor, one product).

    Attributes:
        due: what starts and ends up to and including ``as_of`` made due this year, by the month in which it fell.
        open: what running trajectories still make due this year when they end as planned, by month of their end.
        planned: what trajectories that are allocated but have not begun make due this year (start, and end where it
            falls in the year), by month.
        starts: how many began per month, free ones left out: this year's months up to ``as_of``, and of the year
            before as far as known. A month without starts may be left out.
        start_cents: what one start makes due, on average.
        end_cents: what the planned end of one makes due beyond its start, on average.
        days: how long one runs as planned, in days, on average.
        ended: how many ended this year, early or not.
        kept: what these ends made due beyond the start, less what was credited, in cents.
        kept_planned: what they would have made due beyond the start, had all ended as planned, in cents.
    """

    due: Mapping[Month, Cents]
    open: Mapping[Month, Cents] = field(default_factory=dict)
    planned: Mapping[Month, Cents] = field(default_factory=dict)
    starts: Mapping[Month, int] = field(default_factory=dict)
    start_cents: Cents = ZERO
    end_cents: Cents = ZERO
    days: int = 0
    ended: int = 0
    kept: Cents = ZERO
    kept_planned: Cents = ZERO


@dataclass(frozen=True, slots=True)
class LineInput:
    """One line: what came in, what is agreed.

    Attributes:
        key: what the line is about.
        months: the months of this year in which an agreement for it runs (by whole months, as agreements count).
        flows: of service months of this year, received up to ``as_of``; P×Q only.
        history: of service months of earlier years, whenever received before or in this year up to ``as_of``.
        tariff_index: per month, the tariff relative to that of the first contract month; months of earlier years too,
            where tariffs of then are known; a month that is not named has 1.
        corrections: what credits took off so far this year, zero or less; they are in ``flows`` already.
        allocated: per month of this year, the value at full volume of the allocations known at ``as_of`` that run in
            it; ``None`` for a month, or no entry, where it is not determinable.
        allocated_at: per earlier month of this year, the same mapping as it was known at the end of that month (by the
            day on which each was decided), for that month and those after it; optional. It shows how much of what
            comes is still to be allocated, and how much is heard later to have ended.
        agreed: for the forms whose months are fixed; ``None`` for others.
        trajectories: for trajectories; ``None`` for others.
    """

    key: LineKey
    months: tuple[Month, ...]
    flows: tuple[Flow, ...] = ()
    history: tuple[Flow, ...] = ()
    tariff_index: Mapping[Month, Fraction] = field(default_factory=dict)
    corrections: Cents = ZERO
    allocated: Mapping[Month, Cents | None] = field(default_factory=dict)
    allocated_at: Mapping[Month, Mapping[Month, Cents | None]] = field(default_factory=dict)
    agreed: Agreed | None = None
    trajectories: Trajectories | None = None


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The ceiling of one agreement.

    Attributes:
        agreement: its id.
        keys: the lines under it.
        months: the months of this year in which the agreement runs.
        cents: the ceiling.
        produced: what was produced under the agreement so far this year, all of it.
        always_paid: what of ``produced`` stands outside the ceiling.
    """

    agreement: str
    keys: tuple[LineKey, ...]
    months: tuple[Month, ...]
    cents: Cents
    produced: Cents
    always_paid: Cents = ZERO


@dataclass(frozen=True, slots=True)
class Waiting:
    """Clients that wait for a product (rule 39).

    Attributes:
        product_code: the product.
        waiting: how many clients wait.
        take_up_percent: how many of a hundred will take it up.
        fee: what one client costs per period.
        periods: how many periods of the year are left.
    """

    product_code: str
    waiting: int
    take_up_percent: Decimal
    fee: Cents
    periods: int


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that the forecast of a contract year knows on a day.

    Attributes:
        as_of: only what was received up to and including this day is in here.
        months: the contract months, in order.
        lines: in any order.
        ceilings: of agreements that have one.
        waiting: counts beside the forecast, never in it.
        budget: what there is for subcontractors this year; ``None`` where that is not known.
        cut_off: lines received after this day count in no settlement of the year; ``None`` where not agreed.
        closed: everything is known (``as_of`` lies on or after the day until which corrections count).
    """

    as_of: date
    months: tuple[Month, ...]
    lines: tuple[LineInput, ...]
    ceilings: tuple[Ceiling, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    budget: Cents | None = None
    cut_off: date | None = None
    closed: bool = False
