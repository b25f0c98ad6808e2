"""On which day the year is expected to pass its cap, or to fall short; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from budgets.scenarios.outlook import OutlookMonth
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.rounding import half_up, to_cents


class Passes(StrEnum):
    """What is passed."""

    CAP = "cap"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where the middle expectation passes the cap upwards, or zero downwards.

    Attributes:
        day: between two month ends, by the share of the way.
        share: that share, from 0 to 1.
        month: the number of the month at the end of which it is past.
        room: the room on that day.
    """

    passes: Passes
    day: date
    month: int
    share: Fraction
    room: Cents


def crossings(months: Sequence[OutlookMonth]) -> tuple[Crossing, ...]:
    """The last crossing of the cap and of zero that is still to come, as far as the year ends beyond it."""
    found = []
    for passes in Passes:
        ahead = [(before, after) for before, after in pairwise(months) if not after.known]
        crossed = [
            (before, after)
            for before, after in ahead
            if _beyond(passes, before) <= 0 < _beyond(passes, after) and _beyond(passes, months[-1]) > 0
        ]
        if crossed:
            found.append(_crossing(passes, *crossed[-1]))
    return tuple(found)


def _beyond(passes: Passes, month: OutlookMonth) -> int:
    """How far the room is past the mark; a year without a cap passes none."""
    if passes is Passes.BUDGET:
        return -int(month.room.point)
    return -1 if month.cap is None else int(month.room.point - month.cap)


def _crossing(passes: Passes, before: OutlookMonth, after: OutlookMonth) -> Crossing:
    start, end = _beyond(passes, before), _beyond(passes, after)
    share = Fraction(-start, end - start)
    first, last = after.month.first, after.month.last
    days = half_up(share * (last - first).days)
    room = before.room.point + to_cents(share * int(after.room.point - before.room.point))
    at = ZERO if passes is Passes.BUDGET else room
    return Crossing(passes, date.fromordinal(first.toordinal() + days), after.month.number, share, at)
