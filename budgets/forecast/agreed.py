"""Forms whose months are fixed beforehand: as contracted, with the clause applied to what was realised so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import fmean, stdev

from budgets.forecast.inputs import Agreed, Inputs
from budgets.forecast.model import Method, MonthForecast, Reason
from budgets.forecast.parts import Draft, Spread
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month

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


def agreed(inputs: Inputs, terms: Agreed) -> Draft:
    """The months as contracted; what the clause does is settled, and so shown, in the last month.

    Months that have begun count as realised; the clause counts as realised once everything is known.
    """
    now = Month.of(inputs.as_of)
    adjustment = terms.year - total(terms.months.values())
    last = max(terms.months, default=None)
    months = []
    for month in inputs.months:
        contracted = terms.months.get(month, ZERO)
        begun = month <= now or inputs.closed
        settled = adjustment if month == last else ZERO
        over = inputs.as_of >= month.last
        months.append(
            MonthForecast(
                month,
                realised=(contracted if begun else ZERO) + (settled if inputs.closed else ZERO),
                late=settled if over and not inputs.closed else ZERO,
                coming=(ZERO if begun else contracted) + (ZERO if over or inputs.closed else settled),
            )
        )
    figures = {"contracted": str(total(terms.months.values())), "adjustment": str(adjustment)}
    spread = Spread(ZERO, ZERO) if inputs.closed else _spread(terms)
    return Draft(tuple(months), Method.KNOWN if inputs.closed else Method.CONTRACT, (Reason("agreed", figures),), spread)


def _spread(terms: Agreed) -> Spread:
    ends = (terms.low, terms.year, terms.high)
    return Spread(down=Cents(terms.year - min(ends)), up=Cents(max(ends) - terms.year))
