"""Lines as they were filled in, laid out as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from budgets.forecast.grid import LAGS, MONTH_DAYS, Bools, Floats, Grid, Ints
from budgets.forecast.inputs import Flow, LineInput
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, ONE_DAY, Month
from lead_contractor.kernel.working_days import working_days_between

MOST_HISTORY = 36
DAYS_IN_YEAR = 365
CATEGORY = 2


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


def _number(names: Iterable[str]) -> Ints:
    order: dict[str, int] = {}
    return np.array([order.setdefault(name, len(order)) for name in names], dtype=np.int64)


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
    last = max((flow.service for line in lines for flow in line.history), default=first)
    # Between the history and a contract that begins later, nothing is known of any line.
    before = max(0, min(_apart(months[0], first), _apart(months[0], last) + 1))
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
                found[row, day] += int(flow.cents)
    return found
