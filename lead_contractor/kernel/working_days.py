"""Working days in the Netherlands: Monday up to and including Friday, but not on the holidays that are kept.

The messages and protocols of the field count terms in working days and nowhere say what those are. This is how we
count, each choice as data in :data:`CHOICES` with its reason:

* New Year's Day, Easter Monday, King's Day, Ascension Day, Whit Monday and both days of Christmas are no working
  days. Easter Sunday and Whit Sunday never are.
* Good Friday **is** a working day. The General Extension of Time Limits Act puts it on a par with a holiday for terms
  set by law, but the terms here are agreed between parties, and most providers and offices work on it.
* Liberation Day, 5 May, is a day off **once in five years** (2020, 2025, 2030 …), as collective agreements in care and
  local government have it; in other years it is a working day.
* King's Day is 27 April, and 26 April when that is a Sunday (2025); up to and including 2013 it was Queen's Day, 30
  April, or 29 April when that was a Sunday.

The days themselves come from the library ``holidays``. The day of receipt never counts: the first day of a term is
the next working day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from holidays import country_holidays

from lead_contractor.kernel.periods import ONE_DAY

_WORKING_WEEK = 5
_DAYS_IN_WEEK = 7


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether a holiday of the library is kept, and why; ``every`` is the number of years between two of them.

    ``from_year`` is the first year for which the choice holds; the latest choice that has begun counts.
    """

    holiday: str
    kept: bool
    reason: str
    every: int = 1
    from_year: int = 1


CHOICES = (
    Choice("goede vrijdag", kept=False, reason="geen algemene feestdag; afgesproken termijnen lopen door"),
    Choice("bevrijdingsdag", kept=True, every=5, reason="vrij in lustrumjaren, zoals in de meeste cao's"),
)
"""Where we choose; a holiday that is not named here is kept."""


def is_working_day(day: date) -> bool:
    """Whether this is a working day."""
    return day.weekday() < _WORKING_WEEK and day not in holidays_of(day.year)


def add_working_days(day: date, days: int) -> date:
    """The last day of a term of so many working days that begins to run on the day after ``day``.

    ``day`` itself does not count, so that a message of Friday is due in one working day on Monday. Zero working days
    is ``day`` itself, working day or not. A term that would run beyond the calendar ends on its last day, 9999-12-31.

    Raises:
        ValueError: fewer than zero days.
    """
    if days < 0:
        raise ValueError("a term has zero working days or more")
    while days and day < date.max:
        day += ONE_DAY
        days -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after ``first`` up to and including ``last``; below zero when ``last`` lies earlier.

    ``working_days_between(day, add_working_days(day, n)) == n``.
    """
    if last < first:
        return -working_days_between(last, first)
    weeks, rest = divmod((last - first).days, _DAYS_IN_WEEK)
    weekdays = weeks * _WORKING_WEEK + sum(
        (first.weekday() + ahead) % _DAYS_IN_WEEK < _WORKING_WEEK for ahead in range(1, rest + 1)
    )
    kept = sum(
        first < day <= last and day.weekday() < _WORKING_WEEK
        for year in range(first.year, last.year + 1)
        for day in holidays_of(year)
    )
    return weekdays - kept


@lru_cache(maxsize=256)
def holidays_of(year: int) -> frozenset[date]:
    """The holidays that are kept in a year, those on Saturdays and Sundays too."""
    found = country_holidays("NL", years=year, language="nl")
    return frozenset(day for day, name in found.items() if _kept(name, year))


def _kept(name: str, year: int) -> bool:
    own = [choice for choice in CHOICES if choice.holiday == name.casefold() and choice.from_year <= year]
    latest = max(own, key=lambda choice: choice.from_year, default=None)
    return latest is None or (latest.kept and year % latest.every == 0)
