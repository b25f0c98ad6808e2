"""Use of allocations out of line: far from what it was, or from that of others, by a test that noise does not pass.

Two tests, both with a least volume and a least difference, so that what is significant is large as well:

* against its past: Welch's t-test of the last months against those before, at one in a thousand;
* against the others: the modified z-score of Iglewicz and Hoaglin (distance to the median of the other lines in units
  of their median absolute deviation), above 3.5, over lines of the same category, or over all where those are few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, median, variance

from scipy.stats import t as student

from budgets.signals.model import Crossing, Kind, Level
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import to_cents

LEAST_ALLOCATED = Cents(1_000_000)
"""Ten thousand euros at full volume: below that chance is too large."""
LEAST_DIFFERENCE = 0.15
"""Fifteen points of a hundred."""
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


def utilisation_crossings(lines: Sequence[LineUse]) -> tuple[Crossing, ...]:
    """Lines out of line; one that differs both ways is told against its past."""
    large = [line for line in lines if line.allocated >= LEAST_ALLOCATED]
    found = []
    for line in large:
        others = _others(line, large)
        crossing = against_past(line) or (against_others(line, others) if len(others) >= LEAST_OTHERS else None)
        if crossing is not None:
            found.append(crossing)
    return tuple(found)


def against_past(line: LineUse) -> Crossing | None:
    """The last months against those before; ``None`` where they do not differ beyond chance, or are too few."""
    shares = [month.used / month.allocated for month in line.months if month.allocated > 0]
    recent, before = shares[-RECENT:], shares[:-RECENT]
    if len(before) < LEAST_BEFORE or len(recent) < RECENT:
        return None
    difference = fmean(recent) - fmean(before)
    if abs(difference) < LEAST_DIFFERENCE or _chance(recent, before) >= CHANCE:
        return None
    allocated = total(month.allocated for month in line.months[-RECENT:])
    return _crossing(line, fmean(recent), fmean(before), "past", allocated)


def _chance(recent: Sequence[float], before: Sequence[float]) -> float:
    """The chance of such a difference of means where there is none (Welch, two-sided)."""
    first, second = variance(recent) / len(recent), variance(before) / len(before)
    error = first + second
    if not error:
        return 0.0
    freedom = error**2 / (first**2 / (len(recent) - 1) + second**2 / (len(before) - 1))
    return float(2 * student.sf(abs(fmean(recent) - fmean(before)) / sqrt(error), freedom))


def against_others(line: LineUse, others: Sequence[LineUse]) -> Crossing | None:
    """A line against other lines; ``None`` where it lies among them."""
    shares = [other.share for other in others]
    middle = median(shares)
    deviation = max(_LEAST_DEVIATION, median(abs(share - middle) for share in shares))
    difference = line.share - middle
    if abs(difference) < LEAST_DIFFERENCE or abs(difference) * _TO_SIGMA / deviation <= OUTLYING:
        return None
    return _crossing(line, line.share, middle, "others", line.allocated)


def _others(line: LineUse, lines: Sequence[LineUse]) -> list[LineUse]:
    """The lines of the same category, or all where those are few."""
    others = [one for one in lines if one is not line]
    alike = [one for one in others if one.product_code[:2] == line.product_code[:2]]
    return alike if len(alike) >= LEAST_OTHERS else others


def _crossing(line: LineUse, share: float, usual: float, against: str, allocated: Cents) -> Crossing:
    stake = abs(to_cents(int(allocated) * _permille(abs(share - usual)) // 1000))
    return Crossing(
        Kind.UTILISATION,
        f"{line.subcontractor}/{line.product_code}/{'above' if share > usual else 'below'}",
        Level.FACT,
        stake,
        line.subcontractor,
        line.product_code,
        {
            "share_permille": str(_permille(share)),
            "usual_permille": str(_permille(usual)),
            "against": against,
            "allocated": str(allocated),
        },
    )


def _permille(share: float) -> int:
    return round(share * 1000)
