"""Late declarations: how much of a service month has been received so many months later (rule 29).

Chain ladder: the share received at a lag is a product of ratios between lags that follow one another, each over all
months in which both lags are known. Where a line has few or uneven months, its ratios lean on those of its
subcontractor, its product and all lines (:mod:`budgets.forecast.credibility`). Development without noise comes out
exactly as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from budgets.forecast.credibility import by_group, shrunk
from budgets.forecast.grid import LAGS, MONTH_DAYS, Bools, Floats, Grid, Ints
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import MONTHS_IN_YEAR
from lead_contractor.kernel.rounding import Number, times

SETTLED = 3
"""So many months after a lag it is known what came after it."""
A_CENT = 2.0
"""A difference of so many cents between received and expected is rounding, no noise."""
FADE = 0.96
"""What a month counts for in the development, relative to the month after it."""
PRIOR_MONTHS = 4.0
"""For how many months the variation of all lines counts beside that of a line itself."""
USUAL = {0: 0.05, 1: 0.93, 2: 0.98}
"""What is received at a lag of what is received at the next, where no month shows it yet (a first year)."""
MOST_SHARE = 1.5
TYPICAL_LACK = 0.35
"""Standard deviation of the share received, relative to what is lacking, where no month is known in full."""
DAY_MONTHS = 2.0
"""How many months' worth of receipts a pattern within the month needs to count for half."""


def ultimate(received: Cents, percent: Number) -> Cents:
    """What a service month comes to when ``percent`` of it was received (rule 29).

    Raises:
        ValueError: nothing was to be received yet.
    """
    if percent <= 0:
        raise ValueError("a month of which nothing was to be received yet has no ultimate")
    return times(received, 100 / Fraction(percent))


def not_declared_yet(received: Cents, percent: Number) -> Cents:
    """What is still to be declared over a service month of which ``percent`` was received (rule 29)."""
    return ultimate(received, percent) - received


def factors(triangle: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Chain ladder factors of a triangle of cumulative amounts; the rows may have different lengths.

    Weighted by volume: of every pair of columns, the sum of the later over the sum of the earlier, over the rows that
    have both. 1 where the earlier sum is zero.
    """
    width = max((len(row) for row in triangle), default=0)
    found = []
    for column in range(width - 1):
        both = [row for row in triangle if len(row) > column + 1]
        earlier = sum(row[column] for row in both)
        found.append(sum(row[column + 1] for row in both) / earlier if earlier else 1.0)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Pattern:
    """How lines develop.

    Attributes:
        share: [line, lag] share of a service month received at the end of that lag.
        variance: [line, lag] variance of that share from month to month.
        own: [line] share (0 to 1) for which a line's own development counts, at the lag where most is received.
    """

    share: Floats
    variance: Floats
    own: Floats


def pattern(grid: Grid) -> Pattern:
    """Find how every line develops from the months and lags that are known."""
    lines = len(grid.keys)
    sums = grid.cents.cumsum(axis=2)
    known = grid.known
    share = np.ones((lines, LAGS))
    own = np.ones(lines)
    most = np.full(lines, -1.0)
    for lag in range(LAGS - 2, -1, -1):
        both = known[:, lag + 1]
        if not (sums[:, both, lag + 1] > 0).any():
            share[:, lag] = share[:, lag + 1] * USUAL.get(lag, 1.0)
            continue
        ratio, credit = _ratio(grid, sums[:, both, lag], sums[:, both, lag + 1], np.flatnonzero(both))
        share[:, lag] = np.clip(ratio * share[:, lag + 1], 0.0, MOST_SHARE)
        step = share[:, lag + 1] - share[:, lag]
        own = np.where(step > most, credit, own)
        most = np.maximum(most, step)
    return Pattern(share, _variance(sums, known, share), own)


def _ratio(grid: Grid, earlier: Floats, later: Floats, places: Ints) -> tuple[Floats, Floats]:
    """[line] share of what is received at a lag that was received one lag before."""
    used = (later > 0) & (earlier >= 0)
    fade = FADE ** (places.max() - places)[None, :]
    volume = np.where(used, later, 0.0) * fade
    top = np.where(used, earlier, 0.0) * fade
    sums = volume.sum(axis=1)
    own = top.sum(axis=1) / np.where(sums > 0, sums, 1.0)
    weight = np.sqrt(np.where(used, later, 0.0)) * fade
    away = np.where(used, earlier - own[:, None] * later, 0.0)
    away = np.where(np.abs(away) <= A_CENT, 0.0, away) / np.where(used, later, 1.0)
    freedom = np.maximum(used.sum(axis=1) - 1, 0).sum()
    noise = float((weight * away**2).sum() / freedom) if freedom else np.inf
    weights = weight.sum(axis=1)
    whole = weights.sum()
    everyone = float((weights * own).sum() / whole) if whole > 0 else 1.0
    flat = np.full(len(own), everyone)
    if not np.isfinite(noise):
        # One month per line says nothing about noise: then all lines together, weighted by volume.
        together = float(top.sum() / volume.sum()) if volume.sum() > 0 else 1.0
        alike = np.abs(own - together) * sums <= A_CENT
        return np.where((sums > 0) & alike, own, together), np.zeros(len(own))
    complement = by_group(own, weights, flat, grid.products, noise)
    complement = by_group(own, weights, complement, grid.subcontractors, noise)
    return shrunk(own, weights, complement, noise)


def _variance(sums: Floats, known: Bools, share: Floats) -> Floats:
    """[line, lag] variance of the share received, own months and those of all lines together."""
    final = _settled(share)
    full = known[:, final]
    if not full.any():
        return np.square(TYPICAL_LACK * (1 - np.clip(share, 0.0, 1.0)))
    whole = sums[:, full, final]
    used = whole > 0
    away = sums[:, full] - share[:, None, :] * whole[:, :, None]
    away = np.where(np.abs(away) <= A_CENT, 0.0, away) / np.where(used, whole, 1.0)[:, :, None]
    square = np.where(used[:, :, None], np.minimum(away**2, 1.0), 0.0).sum(axis=1)
    months = used.sum(axis=1).astype(float)[:, None]
    if not months.any():
        return np.square(TYPICAL_LACK * (1 - np.clip(share, 0.0, 1.0)))
    everyone = square.sum(axis=0) / months.sum()
    found: Floats = (square + PRIOR_MONTHS * everyone[None, :]) / (months + PRIOR_MONTHS)
    return found


def _settled(share: Floats) -> int:
    """The first lag at which nearly everything of nearly every line has been received."""
    nearly = np.quantile(np.abs(1 - share), 0.8, axis=0) <= 0.01 if len(share) else np.ones(LAGS, dtype=bool)  # noqa: PLR2004
    return int(np.argmax(nearly))


def received_share(grid: Grid, found: Pattern) -> tuple[Floats, Floats]:
    """[line, month] share of each month to be received by now, and the variance of that share.

    Of the lag that is still running, the part that past months had received by the same day of the month counts; where
    no days are known, the days of the month that have passed. What would come after the cut-off never counts.
    """
    places = np.arange(len(grid.months))
    ages = grid.now - places
    lag = np.clip(ages, 0, LAGS - 1)
    over = over_share(grid, found)
    part = _part_of_month(grid)[:, None] * _seen(grid)[None, :]
    step = np.where(ages >= LAGS, 0.0, found.share[:, lag] - over)
    earlier = np.where(ages[None, :] >= 1, found.variance[:, np.clip(ages - 1, 0, LAGS - 1)], 0.0)
    # Declarations of a month tend to come all at once, on a day that differs from month to month.
    variance = earlier + part * (found.variance[:, lag] - earlier) + part * (1 - part) * step**2
    future = (ages < 0)[None, :]
    share, variance = np.where(future, 0.0, over + part * step), np.where(future, 0.0, variance)
    if grid.cut is not None:
        share = share / in_time(grid, found)
        if grid.over >= grid.cut:
            share, variance = np.ones_like(share), np.zeros_like(variance)
    return share, np.maximum(variance, 0.0)


def in_time(grid: Grid, found: Pattern) -> Floats:
    """[line, month] share of each month that is to be received before the cut-off; more than zero."""
    if grid.cut is None:
        return np.ones((len(grid.keys), len(grid.months)))
    lags = np.clip(grid.cut - np.arange(len(grid.months)), 0, LAGS - 1)
    end = found.share[:, lags]
    end = np.where(end < 1, 1 - (1 - end) * _too_late(grid, found, lags), end)
    return np.where(end > 0, end, 1.0)


def _too_late(grid: Grid, found: Pattern, lags: Ints) -> Floats:
    """[month] what came after as many lags in the same month of earlier years, relative to what the pattern says.

    Before a cut-off people hurry, and months just before it show that.
    """
    ratio = np.ones(len(lags))
    whole = grid.realised
    for place in np.flatnonzero((lags < LAGS - 1) & (lags >= 0)).tolist():
        lag = int(lags[place])
        back = np.arange(place - MONTHS_IN_YEAR, -1, -MONTHS_IN_YEAR)
        back = back[grid.over - back >= lag + SETTLED]
        expected = whole[:, back] * (1 - found.share[:, lag])[:, None]
        count = float((expected > 0).sum())
        if count:
            seen = float(grid.cents[:, back, lag + 1 :].sum()) / float(np.maximum(expected, 0.0).sum())
            ratio[place] = (count * min(max(seen, 0.0), 1.0) + PRIOR_MONTHS) / (count + PRIOR_MONTHS)
    return ratio


def over_share(grid: Grid, found: Pattern) -> Floats:
    """[line, month] share of each month to be received by the end of the last month that is over."""
    ages = grid.over - np.arange(len(grid.months))
    return np.where(ages[None, :] >= 0, found.share[:, np.clip(ages, 0, LAGS - 1)], 0.0)


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
