"""How much of each month is to be in by the day: by the end of months, within a month, and before the cut-off."""

from __future__ import annotations

import numpy as np

from budgets.forecast.development import PRIOR_MONTHS, SETTLED, Pattern
from budgets.forecast.grid import LAGS, MONTH_DAYS, Floats, Grid, Ints
from lead_contractor.kernel.periods import MONTHS_IN_YEAR

DAY_MONTHS = 2.0
"""How many months' worth of receipts a pattern within the month needs to count for half."""


def received_share(grid: Grid, found: Pattern) -> tuple[Floats, Floats]:
    """[line, month] share of each month to be received by now, and the variance of that share.

    Of the lag that is still running, the part that past months had received by the same day of the month counts; where
    no days are known, the days of the month that have passed. What would come after the cut-off never counts.
    """
    return _by_now(grid, found.share, found.variance)


def heard_share(grid: Grid, found: Pattern, due: float) -> tuple[Floats, Floats]:
    """The same, of months of which something was received by those that were heard of.

    Where nothing was received of a month and less than ``due`` was to be in, it tells nothing: no share, for sure.
    """
    every, its_variance = received_share(grid, found)
    share, variance = _by_now(grid, found.heard, found.heard_variance)
    heard, told = grid.realised != 0, every >= due
    return (
        np.where(heard, share, np.where(told, every, 0.0)),
        np.where(heard, variance, np.where(told, its_variance, 0.0)),
    )


def _by_now(grid: Grid, shares: Floats, variances: Floats) -> tuple[Floats, Floats]:
    places = np.arange(len(grid.months))
    ages = grid.now - places
    lag = np.clip(ages, 0, LAGS - 1)
    over = over_share(grid, shares)
    part = _part_of_month(grid)[:, None] * _seen(grid)[None, :]
    step = np.where(ages >= LAGS, 0.0, shares[:, lag] - over)
    earlier = np.where(ages[None, :] >= 1, variances[:, np.clip(ages - 1, 0, LAGS - 1)], 0.0)
    # Declarations of a month tend to come all at once, on a day that differs from month to month.
    variance = earlier + part * (variances[:, lag] - earlier) + part * (1 - part) * step**2
    future = (ages < 0)[None, :]
    share, variance = np.where(future, 0.0, over + part * step), np.where(future, 0.0, variance)
    if grid.cut is not None:
        share = share / in_time(grid, shares)
        if grid.over >= grid.cut:
            share, variance = np.ones_like(share), np.zeros_like(variance)
    return share, np.maximum(variance, 0.0)


def in_time(grid: Grid, shares: Floats) -> Floats:
    """[line, month] share of each month that is to be received before the cut-off; more than zero."""
    if grid.cut is None:
        return np.ones((len(grid.keys), len(grid.months)))
    lags = np.clip(grid.cut - np.arange(len(grid.months)), 0, LAGS - 1)
    end = shares[:, lags]
    end = np.where(end < 1, 1 - (1 - end) * _too_late(grid, shares, lags), end)
    return np.where(end > 0, end, 1.0)


def _too_late(grid: Grid, shares: Floats, lags: Ints) -> Floats:
    """[month] what came after as many lags in the same month of earlier years, relative to what the pattern says.

    Before a cut-off people hurry, and months just before it show that.
    """
    ratio = np.ones(len(lags))
    whole = grid.realised
    for place in np.flatnonzero((lags < LAGS - 1) & (lags >= 0)).tolist():
        lag = int(lags[place])
        back = np.arange(place - MONTHS_IN_YEAR, -1, -MONTHS_IN_YEAR)
        back = back[grid.over - back >= lag + SETTLED]
        expected = whole[:, back] * (1 - shares[:, lag])[:, None]
        count = float((expected > 0).sum())
        if count:
            seen = float(grid.cents[:, back, lag + 1 :].sum()) / float(np.maximum(expected, 0.0).sum())
            ratio[place] = (count * min(max(seen, 0.0), 1.0) + PRIOR_MONTHS) / (count + PRIOR_MONTHS)
    return ratio


def over_share(grid: Grid, shares: Floats) -> Floats:
    """[line, month] share of each month to be received by the end of the last month that is over."""
    ages = grid.over - np.arange(len(grid.months))
    return np.where(ages[None, :] >= 0, shares[:, np.clip(ages, 0, LAGS - 1)], 0.0)


def _seen(grid: Grid) -> Floats:
    """[month] 1 where receipts of the running month are known; of earlier years only whole months may be."""
    places = np.arange(len(grid.months))
    if grid.day >= MONTH_DAYS or grid.now >= len(grid.months) + LAGS:
        return np.ones(len(places))
    lag = np.clip(grid.now - places, 0, LAGS - 1)
    any_of_them = grid.cents[:, places, lag][:, places < grid.start].any() if len(grid.keys) else False
    return np.where((places < grid.start) & ~np.bool_(any_of_them), 0.0, 1.0)


def _part_of_month(grid: Grid) -> Floats:
    """[line] share of what a whole month brings that is in by the day of the month."""
    lines = len(grid.keys)
    if grid.day >= MONTH_DAYS:
        return np.ones(lines)
    passed = grid.day / MONTH_DAYS
    by_day = grid.received_on[:, : grid.day + 1].sum(axis=1)
    whole = grid.received_on.sum(axis=1)
    if whole.sum() <= 0:
        return np.full(lines, passed)
    usual = whole.sum() / max(int((whole > 0).sum()), 1) / max(grid.now - grid.start, 1)
    everyone = (by_day.sum() + passed * DAY_MONTHS * usual) / (whole.sum() + DAY_MONTHS * usual)
    groups = grid.subcontractors
    count = int(groups.max()) + 1
    top, sums = (np.bincount(groups, weights=part, minlength=count)[groups] for part in (by_day, whole))
    own_month = sums / max(grid.now - grid.start, 1)
    weight = DAY_MONTHS * np.where(own_month > 0, own_month, 1.0)
    found: Floats = (top + everyone * weight) / (sums + weight)
    return found
