"""A generated history as a whole: three years of a seed, its truth, and how else it might have gone on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bench.histories.declared import Declared, declared
from bench.histories.fixed import Fixed, FixedState
from bench.histories.people import Book, People, State
from bench.histories.setting import Floats, Setting, Whole, agreed_tariffs, between, setting
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month

Key = tuple[str, str, str]
"""Subcontractor, product (or empty) and form of a line."""
_TARIFFS, _START, _MONTHS, _RECEIPTS, _CEILINGS, _FURTHER = range(6)


@dataclass(frozen=True, slots=True)
class History:
    """Three years of one seed.

    Attributes:
        delivered: cents by line under P×Q and month, before ceilings.
        book: allocations, deliveries, raises, notices, waiting lists.
        declared: how what was delivered came in.
        ceilings: cents by year and line, of the lines that have one.
        states: what the next month depended on, after each month, of people and of the fixed forms.
        tariffs: as agreed beforehand, cents per unit by line and month.
    """

    seed: int
    given: Setting
    delivered: Floats
    book: Book
    declared: Declared
    ceilings: Mapping[int, Mapping[int, Cents]]
    states: tuple[tuple[State, FixedState], ...]
    tariffs: Floats

    def truth(self, year: int) -> dict[Key, Cents]:
        """What each line comes to in a year when all is in."""
        at = self.given.place(Month(year, 1))
        return self.year_of(self.delivered[:, at : at + MONTHS_IN_YEAR].sum(axis=1), self.states[-1][1], year)

    def year_of(self, delivered: Floats, fixed: FixedState, year: int) -> dict[Key, Cents]:
        """What a year comes to, given what was delivered in it under P×Q by line, and the other forms."""
        below = self.ceilings.get(year, {})
        found = {
            (line.agb, line.product, "pxq"): min(Cents(round(delivered[number])), below.get(number, Cents(10**12)))
            for number, line in enumerate(self.given.lines)
        }
        rules = Fixed(self.given)
        due = rules.due(fixed, year)
        for agreement in rules.agreements(year):
            product = agreement.products[0] if agreement.products else ""
            found[agreement.subcontractor, product, agreement.form.value] = due[agreement.id]
        return found


@lru_cache(maxsize=4)
def history(seed: int) -> History:
    """The history of a seed; the same seed gives the same history."""
    given = setting()
    tariffs = agreed_tariffs(given, np.random.default_rng([seed, _TARIFFS]))
    people, fixed, book = People(given, tariffs), Fixed(given), Book()
    start = np.random.default_rng([seed, _START])
    state, other = people.first(start, book), fixed.first(start)
    delivered = np.zeros((len(given.lines), len(given.months)))
    states = []
    for place in range(len(given.months)):
        rng = np.random.default_rng([seed, _MONTHS, place])
        delivered[:, place] = people.step(state, rng, book)
        fixed.step(other, rng)
        states.append((state.another(), other.another()))
    came = declared(given, book, np.random.default_rng([seed, _RECEIPTS]))
    ceilings = _ceilings(given, delivered, np.random.default_rng([seed, _CEILINGS]))
    return History(seed, given, delivered, book, came, ceilings, tuple(states), tariffs)


def further(made: History, last: Month, times: int) -> list[dict[Key, Cents]]:
    """The truth of the year of ``last`` in other continuations of the same state at the end of that month.

    Their mean is the best forecast there can be: of one who knows every parameter, and all that was delivered up to
    then, declared or not. How far they lie from each other is what no forecast can take away.
    """
    given = made.given
    at = given.place(last)
    year = given.place(Month(last.year, 1))
    so_far = made.delivered[:, year : at + 1].sum(axis=1)
    people, fixed = People(given, made.tariffs), Fixed(given)
    found = []
    for one in range(times):
        state, other = made.states[at][0].another(), made.states[at][1].another()
        delivered = so_far.copy()
        rng = np.random.default_rng([made.seed, _FURTHER, at, one])
        fixed.turned(other, last, rng)
        for _ in range(at + 1, year + MONTHS_IN_YEAR):
            delivered += people.step(state, rng, None)
            fixed.step(other, rng)
        found.append(made.year_of(delivered, other, last.year))
    return found


def _ceilings(given: Setting, delivered: Floats, rng: np.random.Generator) -> dict[int, dict[int, Cents]]:
    """From the second year on, in whole hundreds of euros, after what the year before came to."""
    raw, first = given.raw, given.months[0].year
    found: dict[int, dict[int, Cents]] = {}
    for further_on in range(1, raw["years"]):
        before = delivered[:, (further_on - 1) * MONTHS_IN_YEAR : further_on * MONTHS_IN_YEAR].sum(axis=1)
        index = 1 + raw["index"][str(first + further_on)] / 100
        for number, line in enumerate(given.lines):
            above = 1 + between(rng, raw["ceiling"]["above_last_year"])
            if line.ceiling and before[number]:
                amount = Cents(round(before[number] * index * above / 10_000) * 10_000)
                found.setdefault(first + further_on, {})[number] = amount
    return found


def received_by(made: History, place: int) -> Whole:
    """Cents received up to and including a month, by line and month of service."""
    flows = rows(made)
    some = flows[:, 2] <= place
    found = np.zeros_like(made.delivered, dtype=np.int64)
    np.add.at(found, (flows[some, 0], flows[some, 1]), flows[some, 3])
    return found


def rows(made: History) -> Whole:
    """All that was received: line, month of service, month of receipt, cents (credits below zero), one row a line."""
    came = made.declared
    wrong = came.wrong > 0
    right = np.column_stack(
        [came.line, came.month, np.where(wrong, came.mended, came.received), came.units * came.tariff]
    )
    too_high = np.column_stack([came.line, came.month, came.received, came.wrong * came.tariff])[wrong]
    taken_back = np.column_stack([came.line, came.month, came.mended, -came.wrong * came.tariff])[wrong]
    return np.concatenate([right, too_high, taken_back])
