"""What the waiting list would still cost this year (rule 39): beside the forecast, never in it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from budgets.forecast.inputs import Waiting
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.rounding import times


def exposure_of(row: Waiting) -> Cents:
    """Clients that wait × share that takes it up × fee × periods left, rounded once."""
    return times(row.fee, Fraction(row.waiting) * Fraction(row.take_up_percent) / 100 * row.periods)


def exposure(rows: Iterable[Waiting]) -> Cents:
    """All rows together."""
    return total(exposure_of(row) for row in rows)
