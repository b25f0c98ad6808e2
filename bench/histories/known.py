"""A generated history as it was known at the end of a month: allocations, tariffs, agreements, what had come in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from bench.histories.histories import History, rows
from bench.histories.people import Given
from bench.histories.setting import NEVER, Whole
from budgets.forecast.allocated import Promise
from lead_contractor.allocation.model import Frequency
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month, months_between
from subcontractors.agreements.model import Tariff


@dataclass(frozen=True, slots=True)
class Spell:
    """The days of an allocation: as decided, and until it ended, as far as that is known."""

    first: date
    last: date
    ended: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a contract year at the end of a month of it (or after it)."""

    made: History
    year: int
    month: Month

    @property
    def place(self) -> int:
        """The count of the month."""
        return self.made.given.place(self.month)

    @property
    def months(self) -> tuple[Month, ...]:
        """The months of the contract year."""
        return months_between(date(self.year, 1, 1), date(self.year, 12, 31))

    def given(self) -> list[Given]:
        """The allocations that had been decided on."""
        return [one for one in self.made.book.given.values() if one.decided <= self.place]

    def spell(self, one: Given) -> Spell:
        """The days of an allocation as known."""
        month = self.made.given.months[0].plus(one.begins)
        days = (month.last - month.first).days + 1
        first = month.last - timedelta(days=max(1, round(one.part * days)) - 1)
        last = self.made.given.months[0].plus(one.term - 1).last
        if one.end_known > self.place:
            return Spell(first, last, None)
        left = self.made.given.months[0].plus(one.ends)
        covered = max(1, round(one.last_part * ((left.last - left.first).days + 1)))
        return Spell(first, last, max(first, left.first + timedelta(days=covered - 1)))

    def tariffs(self) -> list[Tariff]:
        """The tariffs up to the end of the contract year, with what had been decided on between years."""
        given = self.made.given
        last = given.place(Month(self.year, MONTHS_IN_YEAR))
        factor = np.ones((len(given.categories), last + 1))
        for decided, at, category, percent in self.made.book.raises:
            if decided <= self.place:
                factor[category, at:] *= 1 + percent / 100
        cents = np.rint(self.made.tariffs[:, : last + 1] * factor[given.category]).astype(np.int64)
        found = []
        for number, line in enumerate(given.lines):
            unit = given.raw["product"][line.product]["unit"]
            begins = [0, *(np.flatnonzero(np.diff(cents[number])) + 1).tolist(), last + 1]
            for at, until in pairwise(begins):
                days = given.months[at].first, given.months[until - 1].last
                found.append(Tariff(line.agb, line.product, unit, Cents(int(cents[number, at])), *days))
        return found

    def promises(self) -> list[Promise]:
        """The allocations under P×Q as the forecast takes them."""
        given = self.made.given
        found = []
        for one in self.given():
            line, spell = given.lines[one.line], self.spell(one)
            decided = given.months[0].plus(one.decided)
            reported = given.months[0].plus(one.end_known).last if spell.ended else None
            found.append(
                Promise(
                    (line.agb, line.product),
                    one.units,
                    given.raw["product"][line.product]["unit"],
                    frequency(given.raw["category"][line.category]["per"]),
                    None,
                    (spell.first, spell.last),
                    min(spell.first, decided.last),
                    ((spell.first, spell.ended),) if spell.ended else None,
                    reported,
                )
            )
        return found

    def agreed_months(self, owner: int) -> tuple[Month, ...]:
        """The months of the year in which the agreement of a subcontractor runs, as known."""
        book, given = self.made.book, self.made.given
        begins = next((line.begins for line in given.lines if line.owner == owner), False)
        first = min([at for decided, at, one in book.begins if one == owner and decided <= self.place], default=NEVER)
        until = min([at for decided, at, one in book.ends if one == owner and decided <= self.place], default=NEVER)
        first = first if begins else 0
        return tuple(month for month in self.months if first <= given.place(month) < until)

    def came_in(self) -> Whole:
        """Line, month of service, month of receipt, cents: summed, received up to this month, up to this year."""
        every = rows(self.made)
        last = self.made.given.place(self.months[-1])
        every = every[(every[:, 2] <= self.place) & (every[:, 1] <= last)]
        keys, back = np.unique(every[:, :3], axis=0, return_inverse=True)
        cents = np.zeros(len(keys), dtype=np.int64)
        np.add.at(cents, back.ravel(), every[:, 3])
        return np.column_stack([keys, cents])

    def credits(self) -> dict[int, Cents]:
        """What credits took off so far this year by line, as amounts of zero or less."""
        came, given = self.made.declared, self.made.given
        first = given.place(self.months[0])
        some = (came.wrong > 0) & (came.mended <= self.place)
        some &= (came.month >= first) & (came.month < first + MONTHS_IN_YEAR)
        found: dict[int, Cents] = defaultdict(Cents)
        for line, cents in zip(came.line[some].tolist(), (came.wrong * came.tariff)[some].tolist(), strict=True):
            found[line] -= Cents(cents)
        return found

    def waiting(self, place: int) -> dict[str, int]:
        """Who waited by product at the end of a month."""
        found: dict[str, int] = defaultdict(int)
        for line, count in zip(self.made.given.lines, self.made.book.queue[place].tolist(), strict=True):
            found[line.product] += count
        return found


def frequency(per: str) -> str:
    """The code of the frequency."""
    return str((Frequency.WEEK if per == "week" else Frequency.MONTH).value)
