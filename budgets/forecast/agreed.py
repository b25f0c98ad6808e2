"""Forms whose months are fixed beforehand: as contracted, with the clause applied to what was realised so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import fmean, stdev

USUAL_SPREAD = 0.03
"""Standard deviation of a month, relative to the mean, where two months or fewer are known."""
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Carried:
    """What each month to come is expected to realise (FTE, hours or occupancy), and one standard error around it."""

    low: Decimal
    middle: Decimal
    high: Decimal


def carried_on(known: Sequence[Decimal], coming: int) -> Carried | None:
    """Carry on what was realised in the known months over so many months to come.

    The middle is the mean of the known months. The standard error is that of the mean of the months to come: of the
    mean that was found and of the months themselves. ``None`` where nothing is known: then as contracted.

    Args:
        known: realised FTE, hours or occupancy per month, in any order.
        coming: how many months are still to come; with zero the three are equal.
    """
    if not known:
        return None
    values = [float(value) for value in known]
    mean = fmean(values)
    spread = stdev(values) if len(values) >= FEWEST else abs(mean) * USUAL_SPREAD
    error = spread * sqrt(1 / len(values) + 1 / coming) if coming else 0.0
    step = Decimal(str(round(error, 4)))
    middle = sum(known, Decimal(0)) / len(known)
    return Carried(max(Decimal(0), middle - step), middle, middle + step)
