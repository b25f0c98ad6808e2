"""What allocations promise per month at full volume, in cents; pure (rule 31 and, for units and weeks, 11, 13 and 46).

A month is valued by the days on which an allocation runs: per day the volume, per week a seventh of it a day, per month
the volume whole in every month touched, over the term by days. That is what can be used of it, not the limit on what
may be declared in a period, which counts a week that is broken by a month end twice. Not determinable is what has no
volume or frequency, no tariff, or a volume over a term without end; where nothing of a month is determinable its value
is ``None``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from lead_contractor.allocation.model import Frequency, Unit
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month, days_inclusive
from lead_contractor.kernel.rounding import to_cents
from subcontractors.agreements.model import Tariff
from subcontractors.agreements.units import MINUTES_IN_HOUR
from subcontractors.agreements.weeks import DAYS_IN_WEEK

Product = tuple[str, str]
"""Subcontractor and product code."""
Days = tuple[date, date | None]
"""First and last day, inclusive; ``None`` is open."""
Values = dict[Month, Cents | None]


@dataclass(frozen=True, slots=True)
class Promise:
    """An allocation under P×Q, as far as it promises work.

    Attributes:
        product: subcontractor and product code.
        volume: in ``unit`` (cents for euros), per ``frequency``; ``None`` where unknown.
        unit: code of the unit, empty where unknown.
        frequency: code of the frequency, empty where unknown.
        budget: the amount over its whole term, where one was set; it goes before the volume.
        days: as it was decided.
        known: the day on which it was known.
        runs: the days on which it runs by the reports on starts and stops; ``None`` where there are none.
        reported: the day of receipt of the newest of those reports.
    """

    product: Product
    volume: int | None
    unit: str
    frequency: str
    budget: Cents | None
    days: Days
    known: date
    runs: tuple[Days, ...] | None = None
    reported: date | None = None


@dataclass(slots=True)
class Allocated:
    """Per month the value of what is allocated, and the same as it was known at the end of each earlier month."""

    values: Values = field(default_factory=dict)
    at: dict[Month, Values] = field(default_factory=dict)
    running: dict[Month, int] = field(default_factory=lambda: defaultdict(int))
    """How many allocations ran in each month (what one costs a month follows from it)."""


class Prices:
    """Tariffs by subcontractor, product and unit, looked up by month."""

    def __init__(self, tariffs: Iterable[Tariff]) -> None:
        self._dated: dict[tuple[Product, str], list[Tariff]] = defaultdict(list)
        self._units: dict[Product, set[str]] = defaultdict(set)
        for one in tariffs:
            product = one.subcontractor, one.product_code
            self._dated[product, one.unit].append(one)
            self._units[product].add(one.unit)

    def of(self, product: Product, unit: str, month: Month) -> Fraction | None:
        """Cents per unit in a month, by its first day (else its last); euros are their own price."""
        if unit == Unit.EURO:
            return Fraction(1)
        own = self._on(product, unit, month)
        if own is None and unit == Unit.MINUTE:
            hour = self._on(product, Unit.HOUR, month)
            return None if hour is None else hour / MINUTES_IN_HOUR
        return own

    def _on(self, product: Product, unit: str, month: Month) -> Fraction | None:
        dated = self._dated.get((product, str(unit)), [])
        for day in (month.first, month.last):
            found = next((one for one in dated if day in one.validity), None)
            if found is not None:
                return Fraction(int(found.tariff))
        return None

    def products(self) -> Iterable[Product]:
        """The products that have a tariff."""
        return self._units.keys()

    def index(self, product: Product, months: Sequence[Month]) -> dict[Month, Fraction]:
        """The tariff of each month relative to that of the first; a month without one keeps that of the month before.

        Of several units the one that is priced in most months counts.
        """
        series = [[self._on(product, unit, month) for month in months] for unit in sorted(self._units.get(product, ()))]
        if not series:
            return {}
        best = max(series, key=lambda prices: sum(1 for price in prices if price))
        base = next((price for price in best if price), None)
        if base is None:
            return {}
        found, standing = {}, base
        for month, price in zip(months, best, strict=True):
            standing = price or standing
            found[month] = standing / base
        return found


_Part = tuple[str, int, Month, Month]
"""Unit, what the sum is to be divided by, month, and the month in which it was known."""
_Calendar = Sequence[tuple[Month, date, date]]
"""Months with their first and last day."""


def allocated(
    promises: Iterable[Promise], prices: Prices, months: Sequence[Month], as_of: date
) -> dict[Product, Allocated]:
    """The value at full volume per product and month, in one pass over the allocations.

    Args:
        promises: those known on ``as_of``.
        prices: the tariffs.
        months: the contract months.
        as_of: the day; the months before its own are those at whose end one looks back.
    """
    sums: dict[Product, dict[_Part, int]] = defaultdict(lambda: defaultdict(int))
    made: dict[Product, Allocated] = defaultdict(Allocated)
    calendar = [(month, month.first, month.last) for month in months]
    for one in promises:
        _add(one, sums[one.product], calendar)
        for days in one.runs if one.runs is not None else (one.days,):
            for month, _ in _running(days, calendar):
                made[one.product].running[month] += 1
    back = [month for month in months if month < Month.of(as_of)]
    for product, parts in sums.items():
        priced = _priced(product, parts, prices)
        mine = made[product]
        held: dict[Month, Fraction] = {}
        for month in back:
            _learn(held, priced, until=month)
            later = [other for other in mine.running if other >= month]
            mine.at[month] = _values(held, later) if later else {}
        _learn(held, priced)
        mine.values = _values(held, mine.running)
    return dict(made)


def _add(one: Promise, parts: dict[_Part, int], calendar: _Calendar) -> None:
    """Add what a promise gives to each month, from the month in which it was known; a report puts that right."""
    term = 0 if one.days[1] is None else days_inclusive(one.days[0], one.days[1])
    before = calendar[0][0].plus(-1)  # what was known earlier still is known before the year began
    for days, day, sign in _spells(one):
        known = before if day < calendar[0][1] else Month.of(day)
        for month, count in _running(days, calendar):
            measure = _measure(one, count, term)
            if measure is not None:
                unit, amount, divisor = measure
                parts[unit, divisor, month, known] += sign * amount


def _spells(one: Promise) -> Iterable[tuple[Days, date, int]]:
    yield one.days, one.known, 1
    if one.runs is not None:
        reported = max(one.known, one.reported or one.known)
        yield one.days, reported, -1
        for days in one.runs:
            yield days, reported, 1


def _measure(one: Promise, count: int, term: int) -> tuple[str, int, int] | None:
    """Unit, amount and divisor for so many days of a month; ``None`` is not determinable."""
    if one.budget is not None:
        return (Unit.EURO.value, int(one.budget) * count, term) if term else None
    if one.volume is None or not one.frequency or not one.unit:
        return None
    if one.frequency == Frequency.DAY:
        return one.unit, one.volume * count, 1
    if one.frequency == Frequency.WEEK:
        return one.unit, one.volume * count, DAYS_IN_WEEK
    if one.frequency == Frequency.MONTH:
        return one.unit, one.volume, 1
    return (one.unit, one.volume * count, term) if term else None


def _running(days: Days, calendar: _Calendar) -> Iterator[tuple[Month, int]]:
    """The months in which a period runs, and on how many days of each."""
    first, last = days
    for month, opens, closes in calendar:
        if first <= closes and (last is None or last >= opens):
            count = days_inclusive(max(first, opens), closes if last is None else min(last, closes))
            if count:
                yield month, count


def _priced(product: Product, parts: Mapping[_Part, int], prices: Prices) -> dict[Month, dict[Month, Fraction]]:
    """The exact value by month in which it was known, and by month; what has no tariff is left out."""
    found: dict[Month, dict[Month, Fraction]] = defaultdict(dict)
    for (unit, divisor, month, known), amount in parts.items():
        price = prices.of(product, unit, month)
        if price is not None:
            held = found[known]
            held[month] = held.get(month, Fraction(0)) + price * amount / divisor
    return found


def _learn(held: dict[Month, Fraction], priced: dict[Month, dict[Month, Fraction]], until: Month | None = None) -> None:
    """Take what was known at the end of a month (or at all) out of ``priced`` and add it to what is ``held``."""
    for known in [known for known in priced if until is None or known <= until]:
        for month, value in priced.pop(known).items():
            held[month] = held.get(month, Fraction(0)) + value


def _values(sums: Mapping[Month, Fraction], touched: Iterable[Month]) -> Values:
    """The value of each month touched, in whole cents."""
    return {month: to_cents(sums[month]) if month in sums else None for month in sorted(touched)}
