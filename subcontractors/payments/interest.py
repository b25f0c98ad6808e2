"""Statutory interest on late payment between companies (rule 36), from the day after the term.

The percentages are data with a day and a source. They were not checked against the publication of the rate, so every
figure that follows from them is shown as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Period, days_inclusive
from lead_contractor.kernel.rounding import to_cents
from lead_contractor.parties.model import Size

TERM_DAYS = 30
"""Days to pay a small or medium-sized creditor in, counted from the day of the declaration."""

COLLECTION_COST = Cents(4000)
"""The least that may be charged for collecting, once per payment that is late."""

SMALL = frozenset({Size.ZZP, Size.MICRO, Size.SMALL, Size.MEDIUM})
_DAYS_IN_YEAR = 365


@dataclass(frozen=True, slots=True)
class Rate:
    """A yearly percentage that holds in a period; ``verified`` says whether somebody held it against its source."""

    percent: Decimal
    validity: Period
    source: str
    verified: bool = False


RATES: tuple[Rate, ...] = (
    Rate(Decimal("11.15"), Period(date(2025, 1, 1), date(2025, 7, 1)), "wettelijke handelsrente, niet nagezocht"),
    Rate(Decimal("10.15"), Period(date(2025, 7, 1), None), "wettelijke handelsrente, niet nagezocht"),
)
"""The percentages known here, in order; days before the first bear none."""


def due_day(dated: date) -> date:
    """The last day on which a declaration of this day is paid in time."""
    return dated + timedelta(days=TERM_DAYS)


def days_late(due: date, day: date) -> int:
    """How many days a payment on ``day`` is too late; day 31 is the first."""
    return max(0, (day - due).days)


def interest(amount: Cents, due: date, day: date, rates: tuple[Rate, ...] = RATES) -> Cents:
    """The interest on an amount that was due on one day and paid on another: simple, by calendar days of 365 a year.

    Rounded once, over all percentages that held in between.
    """
    if amount <= 0 or day <= due:
        return ZERO
    first, exact = due + timedelta(days=1), Fraction(0)
    for rate in rates:
        last = rate.validity.last or day
        days = days_inclusive(max(first, rate.validity.start), min(day, last))
        exact += Fraction(int(amount)) * Fraction(rate.percent) / 100 * days / _DAYS_IN_YEAR
    return to_cents(exact)


def flagged(size: Size | None, due: date, day: date) -> bool:
    """Whether a creditor of this size is to be paid at once: day 31 or later of a small or medium-sized company.

    A creditor whose size is not known counts as small: nobody is paid late for want of a word in a table.
    """
    return days_late(due, day) > 0 and (size is None or size in SMALL)
