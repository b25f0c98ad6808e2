"""What a contract year will come to: revenue, cost, margin and settlement, with how sure that is; pure.

The forecast knows the cost of subcontractors; this adds the revenue and the own cost that are to be expected, and lets
the rules of the settlement decide what becomes of the result. Whole cents; chances are shares of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from budgets.settlement.model import Settlement
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month

LARGEST_DENOMINATOR = 10
RARE, SURE = 0.04, 0.96


@dataclass(frozen=True, slots=True)
class Range:
    """A middle expectation, and the bounds between which it ends with 80 % certainty."""

    point: Cents
    low80: Cents
    high80: Cents

    @property
    def certain(self) -> bool:
        """Whether nothing can change any more."""
        return self.low80 == self.point == self.high80


@dataclass(frozen=True, slots=True)
class Margin:
    """The margin in percent with four decimals (``5.6582``), as in the settlement, with its 80 % bounds."""

    point: str
    low80: str
    high80: str


@dataclass(frozen=True, slots=True)
class OutlookMonth:
    """Where the year will stand at the end of a month, added up from the first contract month.

    Attributes:
        month: the last month that is in it.
        revenue: instalments, indexation, volume adjustment and deductions up to this month.
        cost: eligible cost up to this month (subcontractors by service month, own cost by its date).
        room: ``revenue`` less ``cost``: above zero there is room, below zero a shortage. Its low bound belongs to the
            high bound of the cost.
        cap: the cap on the margin over the base up to this month; ``None`` where there is no cap.
        known: whether the month was over on the day of the outlook.
    """

    month: Month
    revenue: Cents
    cost: Range
    room: Range
    cap: Cents | None
    known: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the year will come to, as of the day of a frozen forecast.

    Attributes:
        as_of: only what was received, booked and paid up to and including this day counts.
        settlement: the settlement as it would be if the year ended at the middle expectation; by the settlement's own
            rules, so that every figure of it (revenue by part, cost by kind, cap, excess, deficit) is there. Its
            balance takes the instalments that are still to come as received.
        revenue: indexed lump sum + expected volume adjustment − deductions.
        subcontractors: cost of subcontractors, as the frozen forecast has it.
        own: own delivery, overhead up to its cap and other cost, without what is disallowed.
        result: revenue less eligible cost; above zero room, below zero a shortage.
        margin: the result in percent of the base of the cap.
        cap: the cap on the margin, in cents; ``None`` where the contract has none.
        cap_percent: the same as the contract has it.
        excess: what lies above the cap, wherever it goes.
        repaid: what of it goes back to the municipality.
        deficit_municipality: what the municipality bears of a shortage.
        entitlement: what the lead contractor is entitled to, all in all.
        received: what the municipality paid up to the day.
        chance_repaid: the chance that anything goes back to the municipality.
        chance_excess: the chance that the result ends above the cap, wherever that goes.
        chance_shortage: the chance that the result ends below zero.
        months: all months of the contract year, for the corridor and its fan.
        notes: codes of what could not be known and was left out, see :data:`NOTES`.
    """

    as_of: date
    settlement: Settlement
    revenue: Range
    subcontractors: Range
    own: Range
    result: Range
    margin: Margin
    cap: Cents | None
    cap_percent: Decimal | None
    excess: Range
    repaid: Range
    deficit_municipality: Range
    entitlement: Range
    received: Cents
    chance_repaid: float
    chance_excess: float
    chance_shortage: float
    months: tuple[OutlookMonth, ...]
    notes: tuple[str, ...] = ()


NOTES = ("no_index_figures", "no_counts", "no_own_cost", "no_complete_month")
"""What an outlook may have had to leave out.

``no_index_figures``: the lump sum is not indexed, for a figure is missing. ``no_counts``: no volume adjustment, for no
number of beschikkingen is known. ``no_own_cost``: no own cost was booked. ``no_complete_month``: own cost is what was
booked so far, for no month is over.
"""


def odds(chance: float) -> tuple[int, int]:
    """A chance as "so many in so many": ``(1, 5)`` for about 0.2.

    ``(0, 1)`` is next to none and ``(1, 1)`` next to certain; otherwise the nearest with at most ten, and for rare
    things 1 in 20 or 19 in 20.
    """
    if chance < RARE or chance > SURE:
        return (0, 1) if chance < RARE else (1, 1)
    near = _nearest([Fraction(n, of) for of in (*range(2, LARGEST_DENOMINATOR + 1), 20) for n in _counts(of)], chance)
    return near.numerator, near.denominator


def _counts(of: int) -> Sequence[int]:
    """Of few all counts but none and all; of many only one and all but one."""
    few = 5
    return range(1, of) if of <= few else (1, of - 1)


def _nearest(known: Sequence[Fraction], chance: float) -> Fraction:
    return min(known, key=lambda one: (abs(float(one) - chance), one.denominator))
