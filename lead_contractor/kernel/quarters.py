"""Quarters of a calendar year as immutable values, with one canonical text, ``2025-Q3``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import total_ordering
from typing import Self

from lead_contractor.kernel.periods import Month

QUARTERS_IN_YEAR, MONTHS_IN_QUARTER = 4, 3
_FORM = re.compile(r"([0-9]{4})-Q([1-4])")


@total_ordering
@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a calendar year, numbered 1 to 4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= QUARTERS_IN_YEAR or not 1 <= self.year <= 9999:  # noqa: PLR2004 - date.max
            raise ValueError(f"no such quarter: {self.year}-Q{self.number}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``YYYY-Qn``.

        Raises:
            ValueError: the text is not a quarter in that form.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise ValueError(f"not a quarter (YYYY-Qn): {text!r}")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, month: Month) -> Self:
        """The quarter in which a month falls."""
        return cls(month.year, (month.number - 1) // MONTHS_IN_QUARTER + 1)

    @property
    def months(self) -> tuple[Month, ...]:
        """Its three months."""
        first = MONTHS_IN_QUARTER * (self.number - 1) + 1
        return tuple(Month(self.year, first + ahead) for ahead in range(MONTHS_IN_QUARTER))

    @property
    def first(self) -> date:
        """The first day."""
        return self.months[0].first

    @property
    def last(self) -> date:
        """The last day, inclusive."""
        return self.months[-1].last

    def plus(self, quarters: int) -> Quarter:
        """The quarter so many quarters later (or earlier)."""
        index = self.year * QUARTERS_IN_YEAR + self.number - 1 + quarters
        return Quarter(index // QUARTERS_IN_YEAR, index % QUARTERS_IN_YEAR + 1)

    def __lt__(self, other: Quarter) -> bool:
        return (self.year, self.number) < (other.year, other.number)

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.number}"
