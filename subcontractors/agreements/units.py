"""From delivered time to declared volume and amount (IV079, IV081; rules 11 and 12)."""

from __future__ import annotations

from fractions import Fraction

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.rounding import half_up, times

MINUTES_IN_HOUR = 60


def minute_amount(hour_tariff: Cents, minutes: int) -> Cents:
    """The amount of minutes on an hour tariff: tariff × minutes / 60, rounded once (IV081, TR346)."""
    return times(hour_tariff, Fraction(minutes, MINUTES_IN_HOUR))


def shown_minute_tariff(hour_tariff: Cents) -> Cents:
    """The minute tariff to show in a message, rounded; amounts are never reckoned with it (IV081)."""
    return times(hour_tariff, Fraction(1, MINUTES_IN_HOUR))


def whole_hours(minutes: int) -> int:
    """Minutes of a whole product period as hours: under 30 minutes down, from 30 up, at least 1 (IV079).

    Raises:
        ValueError: nothing was delivered.
    """
    if minutes <= 0:
        raise ValueError("a line needs delivered minutes")
    return max(1, half_up(Fraction(minutes, MINUTES_IN_HOUR)))
