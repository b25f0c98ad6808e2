"""Use of allocations out of line: far from what it was, or from that of others, by a test that noise does not pass.

Two tests, both with a least volume and a least difference, so that what is significant is large as well:

* against its past: Welch's t-test of the last months against those before, at one in a thousand;
* against the others: the modified z-score of Iglewicz and Hoaglin (distance to the median of the other lines in units
  of their median absolute deviation), above 3.5, over lines of the same category, or over all where those are few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import fmean, median, variance

from budgets.signals.model import Crossing, Found, Kind, Level
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import times

LEAST_ALLOCATED = Cents(1_000_000)
"""Ten thousand euros at full volume: below that chance is too large."""
LEAST_DIFFERENCE = 0.15
"""Fifteen points of a hundred."""
LEAST_MONTHS = 3
RECENT = 3
LEAST_BEFORE = 3
CHANCE = 0.001
LEAST_OTHERS = 6
OUTLYING = 3.5
_TO_SIGMA = 0.6745
_LEAST_DEVIATION = 0.02
"""Of a median absolute deviation, so that lines that are all alike do not make a small distance large."""


@dataclass(frozen=True, slots=True)
class MonthUse:
    """What was used of what was allocated in a month, at full volume, in cents."""

    month: Month
    used: Cents
    allocated: Cents


@dataclass(frozen=True, slots=True)
class LineUse:
    """The use of the allocations of a subcontractor and a product, over months of which all is known."""

    subcontractor: str
    product_code: str
    months: tuple[MonthUse, ...]

    @property
    def allocated(self) -> Cents:
        """All together."""
        return total(month.allocated for month in self.months)

    @property
    def share(self) -> float:
        """Used of allocated; zero where nothing is allocated."""
        return total(month.used for month in self.months) / self.allocated if self.allocated else 0.0


def utilisation_crossings(lines: Sequence[LineUse]) -> Found:
    """Lines out of line; one that differs both ways is told against its past.

    What was raised holds until the difference is less than half of what raises it.
    """
    large = [line for line in lines if line.allocated >= LEAST_ALLOCATED and len(line.months) >= LEAST_MONTHS]
    found, holding = [], set[str]()
    for line in large:
        others = _others(line, large)
        compared = [one for one in (against_past(line), against_others(line, others)) if one is not None]
        out = next((one for one in compared if one.out), None)
        if out is not None:
            found.append(_crossing(line, out))
        holding |= {_key(line, one) for one in compared if abs(one.difference) >= LEAST_DIFFERENCE / 2}
    return Found(tuple(found), frozenset(holding))


@dataclass(frozen=True, slots=True)
class Compared:
    """A share beside what is usual; ``out`` where the difference is large and no chance."""

    share: float
    usual: float
    against: str
    allocated: Cents
    out: bool

    @property
    def difference(self) -> float:
        """Above zero where more is used than is usual."""
        return self.share - self.usual


def against_past(line: LineUse) -> Compared | None:
    """The last months against those before; ``None`` where they are too few to tell."""
    shares = [month.used / month.allocated for month in line.months if month.allocated > 0]
    recent, before = shares[-RECENT:], shares[:-RECENT]
    if len(before) < LEAST_BEFORE or len(recent) < RECENT:
        return None
    large = abs(fmean(recent) - fmean(before)) >= LEAST_DIFFERENCE
    allocated = total(month.allocated for month in line.months[-RECENT:])
    out = large and _chance(recent, before) < CHANCE
    return Compared(fmean(recent), fmean(before), "past", allocated, out)


def _chance(recent: Sequence[float], before: Sequence[float]) -> float:
    """The chance of such a difference of means where there is none (Welch, two-sided)."""
    from scipy.special import stdtr

    first, second = variance(recent) / len(recent), variance(before) / len(before)
    error = first + second
    if not error:
        return 0.0
    freedom = error**2 / (first**2 / (len(recent) - 1) + second**2 / (len(before) - 1))
    return float(2 * stdtr(freedom, -abs(fmean(recent) - fmean(before)) / sqrt(error)))


def against_others(line: LineUse, others: Sequence[LineUse]) -> Compared | None:
    """A line against other lines; ``None`` where those are too few."""
    if len(others) < LEAST_OTHERS:
        return None
    shares = [other.share for other in others]
    middle = median(shares)
    deviation = max(_LEAST_DEVIATION, median(abs(share - middle) for share in shares))
    difference = abs(line.share - middle)
    out = difference >= LEAST_DIFFERENCE and difference * _TO_SIGMA / deviation > OUTLYING
    return Compared(line.share, middle, "others", line.allocated, out)


def _others(line: LineUse, lines: Sequence[LineUse]) -> list[LineUse]:
    """The lines of the same category, or all where those are few."""
    others = [one for one in lines if one is not line]
    alike = [one for one in others if one.product_code[:2] == line.product_code[:2]]
    return alike if len(alike) >= LEAST_OTHERS else others


def _about(line: LineUse, found: Compared) -> str:
    return f"{line.subcontractor}/{line.product_code}/{'above' if found.difference > 0 else 'below'}"


def _key(line: LineUse, found: Compared) -> str:
    return f"{Kind.UTILISATION.value}:{_about(line, found)}"


def _crossing(line: LineUse, found: Compared) -> Crossing:
    return Crossing(
        Kind.UTILISATION,
        _about(line, found),
        Level.FACT,
        times(found.allocated, Fraction(_permille(abs(found.difference)), 1000)),
        line.subcontractor,
        line.product_code,
        {
            "share_permille": str(_permille(found.share)),
            "usual_permille": str(_permille(found.usual)),
            "against": found.against,
            "allocated": str(found.allocated),
        },
    )


def _permille(share: float) -> int:
    return round(share * 1000)
