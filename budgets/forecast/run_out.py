"""The day on which the cost of subcontractors passes the budget, by working days within a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import ONE_DAY, Month
from lead_contractor.kernel.working_days import add_working_days, working_days_between


def run_out(standings: Sequence[tuple[Month, Cents]], budget: Cents | None) -> date | None:
    """The first working day at whose end more is spent than ``budget``; ``None`` where the year stays within it.

    Args:
        standings: months in order, each with the total at its end, added up from the first.
        budget: what there is; ``None`` where that is not known.
    """
    if budget is None:
        return None
    before = 0
    for month, after in standings:
        if after > budget:
            return _day(month, Fraction(max(0, budget - before), after - before) if after > before else Fraction(0))
        before = int(after)
    return None


def _day(month: Month, share: Fraction) -> date:
    """The working day of a month on which more than ``share`` of it is spent."""
    before = month.first - ONE_DAY
    days = working_days_between(before, month.last)
    number = min(days, share.numerator * days // share.denominator + 1)
    return add_working_days(before, number)
