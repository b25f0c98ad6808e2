"""The correction window of an approved line, and whether a declaration came late."""

from __future__ import annotations

from datetime import date

from lead_contractor.kernel.periods import Month
from subcontractors.clocks.terms import CORRECTION, DECLARE, days_over, due_day
from subcontractors.corrections.model import Outside, Window


def correction_window(approved_on: date, corrections_until: date, today: date) -> Window:
    """Until when a line that was approved on a day can be corrected, and what stands in the way on ``today``.

    Two months after its approval, and not after the contract's last day for corrections, whichever comes first.
    """
    own = due_day(CORRECTION, approved_on)
    found = []
    if today > own:
        found.append(Outside.TWO_MONTHS)
    if today > corrections_until:
        found.append(Outside.YEAR_CLOSED)
    return Window(min(own, corrections_until), tuple(found))


def days_late(period: Month, received: date) -> int:
    """By how many days a declaration over a month came after the last day of the next month; 0 when in time."""
    return days_over(DECLARE, due_day(DECLARE, period.first), received)
