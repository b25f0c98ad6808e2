"""Periods as immutable values: months, and half-open periods of days that are shown inclusive."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache, total_ordering
from typing import Self
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ONE_DAY = timedelta(days=1)
MONTH_LENGTH = 7
MONTHS_IN_YEAR = 12


@total_ordering
@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month with one canonical text, ``2025-04``."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= MONTHS_IN_YEAR or not 1 <= self.year <= 9999:  # noqa: PLR2004 - date.max
            raise ValueError(f"no such month: {self.year}-{self.number}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read ``YYYY-MM``.

        Raises:
            ValueError: the text is not a month in that form.
        """
        return _read_month(text)

    @classmethod
    def of(cls, day: date) -> Self:
        """The month in which a day falls."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """The last day, inclusive."""
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    def plus(self, months: int) -> Month:
        """The month so many months later (or earlier)."""
        index = self.year * MONTHS_IN_YEAR + self.number - 1 + months
        return Month(index // MONTHS_IN_YEAR, index % MONTHS_IN_YEAR + 1)

    def __lt__(self, other: Month) -> bool:
        return (self.year, self.number) < (other.year, other.number)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@lru_cache(maxsize=1200)
def _read_month(text: str) -> Month:
    """A month from its text; the same few are read over and over."""
    year, dash, number = text.partition("-")
    if len(text) != MONTH_LENGTH or not dash or not (year.isdigit() and number.isdigit()):
        raise ValueError(f"not a month (YYYY-MM): {text!r}")
    return Month(int(year), int(number))


def months_between(first: date, last: date) -> tuple[Month, ...]:
    """All months touched by the days ``first`` up to and including ``last``."""
    if last < first:
        return ()
    month = Month.of(first)
    count = (last.year - first.year) * MONTHS_IN_YEAR + last.month - first.month + 1
    return tuple(month.plus(further) for further in range(count))


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` up to, not including, ``end``; no ``end`` means open."""

    start: date
    end: date | None

    @classmethod
    def inclusive(cls, first: date, last: date | None) -> Period:
        """Make a period from an inclusive first and last day, as files and screens have them."""
        return cls(first, None if last is None else last + ONE_DAY)

    @property
    def last(self) -> date | None:
        """The last day, inclusive; ``None`` when open."""
        return None if self.end is None else self.end - ONE_DAY

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)

    def days(self) -> Iterator[date]:
        """Every day of a closed period.

        Raises:
            ValueError: the period is open.
        """
        if self.end is None:
            raise ValueError("an open period has no last day")
        day = self.start
        while day < self.end:
            yield day
            day += ONE_DAY


def local_day(at: datetime) -> date:
    """The day that a moment has in the Netherlands: shortly after midnight there it is still the day before in UTC."""
    return at.astimezone(AMSTERDAM).date()


def days_inclusive(first: date, last: date) -> int:
    """How many days from first to last, both included; zero when last lies before first."""
    return max(0, (last - first).days + 1)
