"""Forms whose months are fixed beforehand: as contracted, with the clause applied to what was realised so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import fsum, sqrt

from budgets.forecast.inputs import Agreed, Inputs
from budgets.forecast.model import Method, MonthForecast, Reason
from budgets.forecast.parts import Draft, Spread
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month

USUAL_SPREAD = 0.02
"""Step from one month to the next, relative to the level, where few months are known."""
PRIOR_STEPS = 4
"""For how many steps that counts."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What each month to come is expected to realise (FTE, hours or occupancy), and one standard error around it."""

    low: Decimal
    middle: Decimal
    high: Decimal


def carried_on(known: Sequence[Decimal], coming: int) -> Carried | None:
    """Carry on what was realised in the known months over so many months to come.

    The middle is the mean so far. Staff and occupancy of a month resemble those of the month before, so the error
    grows with the months ahead, by the size of the steps from month to month. ``None`` where nothing is known: then as
    contracted.

    Args:
        known: realised FTE, hours or occupancy per month, in order.
        coming: how many months are still to come; with zero the three are equal.
    """
    if not known:
        return None
    middle = sum(known, Decimal(0)) / len(known)
    if not coming:
        return Carried(middle, middle, middle)
    steps = [float(later - earlier) for earlier, later in pairwise(known)]
    usual = float(abs(middle)) * USUAL_SPREAD
    square = (fsum(step**2 for step in steps) + PRIOR_STEPS * usual**2) / (len(steps) + PRIOR_STEPS)
    # The mean of n months that each take a step from the last lies n/3 steps squared away from it; and so, as far as
    # they drift at all, does the mean of the months before.
    error = Decimal(str(round(sqrt(square * (coming / 3 + 0.5 + len(known) / 12)), 4)))
    return Carried(max(Decimal(0), middle - error), middle, middle + error)


def agreed(inputs: Inputs, terms: Agreed) -> Draft:
    """The months as contracted; what the clause does is settled, and so shown, in the last month.

    Months that have begun count as realised; the clause does once all that it rests on is known.
    """
    now = Month.of(inputs.as_of)
    adjustment = terms.year - total(terms.months.values())
    last = max(terms.months, default=None)
    over = last is not None and inputs.as_of >= last.last
    certain = inputs.closed or (over and terms.low == terms.high)
    months = []
    for month in inputs.months:
        contracted = terms.months.get(month, ZERO)
        begun = month <= now or inputs.closed
        settled = adjustment if month == last else ZERO
        months.append(
            MonthForecast(
                month,
                realised=(contracted if begun else ZERO) + (settled if certain else ZERO),
                late=ZERO,
                coming=(ZERO if begun else contracted) + (ZERO if certain else settled),
            )
        )
    figures = {"contracted": str(total(terms.months.values())), "adjustment": str(adjustment)}
    method = Method.KNOWN if certain else Method.CONTRACT
    return Draft(tuple(months), method, (Reason("agreed", figures),), Spread(ZERO, ZERO) if certain else _spread(terms))


def _spread(terms: Agreed) -> Spread:
    ends = (terms.low, terms.year, terms.high)
    return Spread(down=Cents(terms.year - min(ends)), up=Cents(max(ends) - terms.year))
