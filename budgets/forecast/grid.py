"""The lines of P×Q as arrays: lines × months × lags of receipt, so that all lines are reckoned at once.

Months run without gaps from the first month of history (three years back at most) up to the last contract month. Lag 0
is receipt in the service month itself. Amounts are cents as floats: statistics only; what is money of record comes out
of :mod:`budgets.forecast.parts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from budgets.forecast.inputs import Flow, LineInput
from budgets.forecast.model import LineKey
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, ONE_DAY, Month
from lead_contractor.kernel.rounding import half_up
from lead_contractor.kernel.working_days import working_days_between

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

LAGS = 13
"""Lags that are told apart; what comes later counts as the last."""
MOST_HISTORY = 36
MONTH_DAYS = 31
DAYS_IN_YEAR = 365
CATEGORY = 2


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines of P×Q over months, as known on a day.

    Attributes:
        keys: the lines, in order.
        months: the months, without gaps.
        cents: [line, month, lag] what was received.
        runs: [line, month] whether an agreement runs; in history, whether the line delivered around that month.
        tariff: [line, month] tariff relative to the first contract month.
        days: [month] working days.
        allocated: [line, month] value at full volume of a month of usual length; NaN where not determinable.
        allocated_at: [line, month of knowing, month] the same as known earlier; NaN where not known.
        received_on: [line, day of the month] what was received on which day, of months of receipt that are over.
        subcontractors: [line] number of the subcontractor.
        products: [line] number of the product.
        categories: [line] number of the category.
        now: index of the month of the day; may lie outside the months.
        over: index of the last month that is over on the day.
        day: the day of the month.
        passed: share of the working days of the month ``now`` that has passed.
        start: index of the first contract month.
        cut: index of the last month of receipt that counts for the year; ``None`` where not agreed.
    """

    keys: tuple[LineKey, ...]
    months: tuple[Month, ...]
    cents: Floats
    runs: Bools
    tariff: Floats
    days: Floats
    allocated: Floats
    allocated_at: Floats
    received_on: Floats
    subcontractors: Ints
    products: Ints
    categories: Ints
    now: int
    over: int
    day: int
    passed: float
    start: int
    cut: int | None

    @property
    def numbers(self) -> Ints:
        """[month] January is 0."""
        return np.array([month.number - 1 for month in self.months])

    @property
    def known(self) -> Bools:
        """[month, lag] whether the month of receipt is over."""
        places = np.arange(len(self.months))
        return places[:, None] + np.arange(LAGS)[None, :] <= self.over

    @property
    def realised(self) -> Floats:
        """[line, month] all that was received."""
        total: Floats = self.cents.sum(axis=2)
        return total

    def back(self, months: int) -> Grid | None:
        """The same lines as they were known so many months earlier, at the end of a month, for the year of then.

        Only months are known of receipts in the past, so the day becomes the last of the month. ``None`` where history
        does not reach back to the year of then.
        """
        start, over, last = self.start - months, self.over - months, len(self.months) - months
        if start < 0 or over < start - 1:
            return None
        places = np.arange(last)
        seen = places[:, None] + np.arange(LAGS)[None, :] <= over
        runs = self.runs[:, :last] & (self.cents[:, :last].any(axis=2).any(axis=1))[:, None]
        return replace(
            self,
            months=self.months[:last],
            cents=np.where(seen[None], self.cents[:, :last], 0.0),
            runs=runs,
            tariff=self.tariff[:, :last],
            days=self.days[:last],
            allocated=np.full((len(self.keys), last), np.nan),
            allocated_at=np.full((len(self.keys), 0, last), np.nan),
            now=over,
            over=over,
            day=MONTH_DAYS,
            passed=1.0,
            start=start,
            cut=None,
        )


def make(lines: Sequence[LineInput], contract: Sequence[Month], as_of: date, cut_off: date | None) -> Grid:
    """Lay the lines out over the months; ``lines`` have one row per key.

    Raises:
        ValueError: there are no contract months.
    """
    if not contract:
        raise ValueError("a contract has at least one month")
    first, last = min(contract), max(contract)
    earliest = min((flow.service for line in lines for flow in line.history), default=first)
    begin = max(earliest, first.plus(-MOST_HISTORY))
    months = tuple(begin.plus(n) for n in range(_apart(begin, last) + 1))
    now = Month.of(as_of)
    month_end = as_of == now.last
    over = _apart(begin, now) - (0 if month_end else 1)
    days = working_days_between(now.first - ONE_DAY, now.last)
    allocated = _rows(lines, months)
    even = _even(allocated, months)
    return Grid(
        keys=tuple(line.key for line in lines),
        months=months,
        cents=_cents(lines, months),
        runs=_runs(lines, months, first),
        tariff=_tariff(lines, months),
        days=np.array([working_days_between(m.first - ONE_DAY, m.last) for m in months], dtype=float),
        allocated=allocated * even,
        allocated_at=_allocated_at(lines, months) * even[:, None, :],
        received_on=_received_on(lines, now),
        subcontractors=_number(line.key.subcontractor for line in lines),
        products=_number(line.key.product_code for line in lines),
        categories=_number(line.key.product_code[:CATEGORY] for line in lines),
        now=_apart(begin, now),
        over=over,
        day=MONTH_DAYS if month_end else as_of.day,
        passed=working_days_between(now.first - ONE_DAY, as_of) / days,
        start=_apart(begin, first),
        cut=None if cut_off is None else _apart(begin, Month.of(cut_off)),
    )


def _apart(first: Month, last: Month) -> int:
    return (last.year - first.year) * MONTHS_IN_YEAR + last.number - first.number


def _number(names: object) -> Ints:
    order: dict[object, int] = {}
    return np.array([order.setdefault(name, len(order)) for name in names], dtype=np.int64)  # type: ignore[attr-defined]


def _cents(lines: Sequence[LineInput], months: Sequence[Month]) -> Floats:
    cents = np.zeros((len(lines), len(months), LAGS))
    for row, line in enumerate(lines):
        for flow in (*line.history, *line.flows):
            place = _apart(months[0], flow.service)
            if 0 <= place < len(months):
                cents[row, place, _lag(flow)] += int(flow.cents)
    return cents


def _lag(flow: Flow) -> int:
    return min(max(_apart(flow.service, flow.received), 0), LAGS - 1)


def _runs(lines: Sequence[LineInput], months: Sequence[Month], first: Month) -> Bools:
    """This year by the agreement; before it, from the first month with anything to the last."""
    runs = np.zeros((len(lines), len(months)), dtype=bool)
    before = max(0, _apart(months[0], first))
    for row, line in enumerate(lines):
        agreed = set(line.months)
        runs[row] = [month in agreed for month in months]
        places = [_apart(months[0], flow.service) for flow in line.history]
        inside = [place for place in places if 0 <= place < before]
        if inside:
            runs[row, min(inside) : (before if line.months else max(inside) + 1)] = True
    return runs


def _tariff(lines: Sequence[LineInput], months: Sequence[Month]) -> Floats:
    found = np.ones((len(lines), len(months)))
    for row, line in enumerate(lines):
        for place, month in enumerate(months):
            index = line.tariff_index.get(month)
            if index is not None and index > 0:
                found[row, place] = float(index)
    return found


def _row(values: Mapping[Month, int | None], months: Sequence[Month]) -> Floats:
    found = [values.get(month) for month in months]
    return np.array([np.nan if value is None else float(value) for value in found])


def _rows(lines: Sequence[LineInput], months: Sequence[Month]) -> Floats:
    found = np.full((len(lines), len(months)), np.nan)
    for row, line in enumerate(lines):
        if line.allocated:
            found[row] = _row(line.allocated, months)
    return found


def _even(allocated: Floats, months: Sequence[Month]) -> Floats:
    """[line, month] factor that takes the length of the month out of what is allocated.

    A volume per day or week makes a longer month larger, one per month does not; what makes the months of a line more
    even is taken.
    """
    length = np.array([month.last.day for month in months]) * MONTHS_IN_YEAR / DAYS_IN_YEAR
    known = np.isfinite(allocated)
    both = known[:, 1:] & known[:, :-1]

    def unevenness(values: Floats) -> Floats:
        steps = np.abs(np.diff(np.where(known, values, 0.0), axis=1))
        total: Floats = np.where(both, steps, 0.0).sum(axis=1)
        return total

    by_day = unevenness(allocated / length) < unevenness(allocated)
    return np.where(by_day[:, None], 1 / length[None, :], 1.0)


def _allocated_at(lines: Sequence[LineInput], months: Sequence[Month]) -> Floats:
    if not any(line.allocated_at for line in lines):
        return np.full((len(lines), 0, len(months)), np.nan)
    found = np.full((len(lines), len(months), len(months)), np.nan)
    for row, line in enumerate(lines):
        for known, values in line.allocated_at.items():
            place = _apart(months[0], known)
            if 0 <= place < len(months):
                found[row, place] = _row(values, months)
    return found


def _received_on(lines: Sequence[LineInput], now: Month) -> Floats:
    found = np.zeros((len(lines), MONTH_DAYS + 1))
    for row, line in enumerate(lines):
        for flow in line.flows:
            if flow.day is not None and flow.received < now and flow.cents > 0:
                # The last day of a short month is a last day too.
                day = MONTH_DAYS if flow.day == flow.received.last.day else flow.day
                found[row, half_up(day)] += int(flow.cents)
    return found
