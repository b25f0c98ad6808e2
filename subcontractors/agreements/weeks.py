"""How much of an allocation may be declared, per product period and over its term (TR321, TR322; rules 13 and 46).

A weekly frequency does not fit months. Effort counts the ISO weeks touched by the product period; output
(pieces 82, euros 83) counts its Sundays, and one week more where the last Sunday of the allocation lies in it
and the allocation does not end on a Sunday (IV076, IV077); an allocation without any Sunday is one broken week,
in the product period of its last day. Category 01 may always declare six weeks.
Volumes are in the unit of the allocation (cents for euros). ``None`` means: no limit.
"""

from __future__ import annotations

from datetime import date, timedelta

from lead_contractor.allocation.model import Frequency, Unit
from lead_contractor.kernel.periods import days_inclusive, months_between

OUTPUT_UNITS = frozenset({Unit.PIECE_OUTPUT, Unit.EURO})
DOMESTIC_HELP = "01"
DOMESTIC_HELP_WEEKS = 6
DAYS_IN_WEEK = 7


def limit_in_period(
    volume: int | None,
    unit: str | None,
    frequency: str | None,
    category: str,
    alloc_start: date,
    alloc_end: date | None,
    period_from: date,
    period_to: date,
) -> int | None:
    """The most that may be declared for one product period (days inclusive, not clipped to the allocation)."""
    if volume is None or frequency is None:
        return None
    if frequency == Frequency.DAY:
        return volume * days_inclusive(period_from, period_to)
    if frequency != Frequency.WEEK:
        return volume
    if category == DOMESTIC_HELP:
        return volume * DOMESTIC_HELP_WEEKS
    if unit in OUTPUT_UNITS:
        return volume * output_weeks(alloc_start, alloc_end, period_from, period_to)
    return volume * weeks_touched(period_from, period_to)


def limit_over_term(
    volume: int | None,
    unit: str | None,
    frequency: str | None,
    category: str,
    alloc_start: date,
    alloc_end: date | None,
) -> int | None:
    """The most that may be declared over the whole allocation; an allocation without end has no limit."""
    if volume is None or frequency is None or alloc_end is None:
        return None
    if frequency == Frequency.DAY:
        return volume * days_inclusive(alloc_start, alloc_end)
    if frequency == Frequency.MONTH:
        return volume * len(months_between(alloc_start, alloc_end))
    if frequency != Frequency.WEEK:
        return volume
    if unit in OUTPUT_UNITS and category != DOMESTIC_HELP:
        return volume * output_weeks(alloc_start, alloc_end, alloc_start, alloc_end)
    return volume * weeks_touched(alloc_start, alloc_end)


def weeks_touched(first: date, last: date) -> int:
    """How many ISO weeks the days from ``first`` to ``last`` touch, broken weeks included."""
    if last < first:
        return 0
    return (_monday(last) - _monday(first)).days // DAYS_IN_WEEK + 1


def sundays(first: date, last: date) -> int:
    """How many Sundays lie from ``first`` to ``last``, both included."""
    if last < first:
        return 0
    return weeks_touched(first, last) - (last.isoweekday() != DAYS_IN_WEEK)


def output_weeks(alloc_start: date, alloc_end: date | None, period_from: date, period_to: date) -> int:
    """The weeks of an output allocation that fall in a product period: its Sundays, and a last broken week."""
    counted = sundays(period_from, period_to)
    if alloc_end is None or alloc_end.isoweekday() == DAYS_IN_WEEK:
        return counted
    last_sunday = alloc_end.toordinal() - alloc_end.isoweekday()
    decides = date.fromordinal(last_sunday) if last_sunday >= alloc_start.toordinal() else alloc_end
    return counted + (period_from <= decides <= period_to)


def _monday(day: date) -> date:
    return day - timedelta(days=day.isoweekday() - 1)
