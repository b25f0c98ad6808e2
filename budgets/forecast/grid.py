"""The lines of P×Q as arrays: lines × months × lags of receipt, so that all lines are reckoned at once.

Months run without gaps from the first month of history (three years back at most) up to the last contract month. Lag 0
is receipt in the service month itself. Amounts are cents as floats: statistics only; what is money of record comes out
of :mod:`budgets.forecast.parts`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from budgets.forecast.model import LineKey
from lead_contractor.kernel.periods import Month

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

LAGS = 13
"""Lags that are told apart; what comes later counts as the last."""
MONTH_DAYS = 31


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
        delivered: Bools = np.any(self.cents[:, :last] != 0, axis=(1, 2))
        runs = self.runs[:, :last] & delivered[:, None]
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
