"""P×Q: what every service month comes to, month by month, for all lines at once.

A month that is largely declared follows its own development (chain ladder); one of which little is known leans on the
level of the line, the more so the less its development can be relied on. Where development has no noise, it is
followed exactly. Months to come follow the level.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from budgets.forecast import level as levels
from budgets.forecast.arrived import heard_share, in_time, received_share
from budgets.forecast.development import Pattern, pattern
from budgets.forecast.drift import drift, turn_error
from budgets.forecast.grid import LAGS, Bools, Floats, Grid
from budgets.forecast.level import Level
from budgets.forecast.season import Season, season
from budgets.forecast.silence import AS_BEFORE, EXPECTED, comes_to, faithful, silent
from budgets.forecast.utilisation import FRESH_ERROR, ahead_of, by_allocation, fresh
from lead_contractor.kernel.periods import MONTHS_IN_YEAR

HARDLY = 0.02
"""A share received below this says nothing about the month."""
NEARLY = 0.95
"""From this share on, what is lacking of a month is a remainder."""
MOSTLY = 0.6
"""From this share on, a month is known well enough to learn seasons from."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is expected of the lines, in cents as floats.

    Attributes:
        realised: [line, month] received.
        late: [line, month] delivered and not declared yet.
        coming: [line, month] still to be delivered.
        late_variance: [line, month] variance of ``late``.
        leaning: [line, month] what of the month rests on the level of the line.
        level: the level and how it was found.
        pattern: the development.
        received: [line, month] share of each month that is to be in by now.
        season: the weights of months.
        variance: [line] of the whole year, before it is held against past errors.
    """

    realised: Floats
    late: Floats
    coming: Floats
    late_variance: Floats
    leaning: Floats
    level: Level
    pattern: Pattern
    received: Floats
    season: Season
    variance: Floats

    @property
    def year(self) -> Floats:
        """[line, month] what every month comes to."""
        total: Floats = self.realised + self.late + self.coming
        return total


def estimate(grid: Grid) -> Estimate:
    """Estimate every month of every line."""
    found = pattern(grid)
    share, variance = received_share(grid, found)
    realised = grid.realised
    counts = _counting(grid, realised)
    plain = np.where(share > HARDLY, realised / np.maximum(share, HARDLY), 0.0)
    counted = in_time(grid, found.share)
    weights = season(grid, plain / counted / grid.tariff, counts & (share >= MOSTLY))
    width = len(grid.months)
    grown = drift(grid, plain / counted / grid.tariff / weights.weight, counts & (share >= MOSTLY))
    # A month of which a part comes too late to count weighs less.
    weights = replace(weights, weight=weights.weight * counted * grown)
    usual = weights.weight * grid.tariff
    values = plain / usual
    quiet = silent(grid, found)
    # That nothing came where little was due says nothing.
    says = (realised != 0) | (share >= EXPECTED)
    trust = _trust(share, variance, levels.USUAL_ERROR) * counts * says
    expected = np.roll(levels.smoothed(values, trust, levels.FADES[1])[0], 1, axis=1) * usual
    expected[:, 0] = 0.0
    # Where nothing is known of allocations, a line that was always declared counts as one of which they run.
    running = _as_before(grid, plain, trust) | (faithful(grid, quiet) & ~np.isfinite(grid.allocated))
    filled = comes_to(grid, found, expected, running)
    # A silent month that is rather late than empty says nothing about the level.
    trust = np.where(quiet, trust * np.clip(1 - 2 * filled, 0.0, 1.0), trust)
    width = len(grid.months)
    last = min(grid.now, width - 1)
    ahead = max(0, width - 1 - max(grid.now, grid.start - 1))
    even = plain / weights.weight
    volume = by_allocation(grid, even, trust)
    later = ahead_of(grid, even, trust, ahead, last)
    if later is not None:
        volume = np.where(np.isfinite(later), later, volume)
    year_of = (np.arange(width) - grid.start) // MONTHS_IN_YEAR
    fit = levels.level(values, trust, year_of, max(ahead, 1), last, volume)
    fit = _with_fresh(fit, trust, fresh(grid, even, trust))
    fit = replace(fit, common=float(np.hypot(fit.common, turn_error(grid, ahead))))
    return _months(grid, found, weights, fit, filled, quiet)


def _with_fresh(fit: Level, trust: Floats, by_volume: Floats) -> Level:
    """Lines of which nothing was declared yet rest on their allocations alone."""
    none = (trust.sum(axis=1) == 0) & np.isfinite(by_volume)
    weights = np.where(none[None, :], 0.0, fit.weights)
    weights[-1] = np.where(none, 1.0, weights[-1])
    return replace(
        fit,
        now=np.where(none, by_volume, fit.now),
        coming=np.where(none, by_volume, fit.coming),
        weights=weights,
        error=np.where(none, FRESH_ERROR, fit.error),
    )


def _counting(grid: Grid, realised: Floats) -> Bools:
    """[line, month] months that say something about the level: not those before the first one that was declared."""
    begun = np.cumsum(realised != 0, axis=1) > 0
    return grid.runs & begun & (np.arange(len(grid.months)) <= grid.now)[None, :]


def _trust(share: Floats, variance: Floats, month_error: float | Floats) -> Floats:
    """How far a month may go by what was received of it: 1 without noise, 0 where nothing was to be in yet."""
    signal = np.square(month_error * share)
    whole = signal + variance
    found: Floats = np.where(share > HARDLY, np.where(whole > 0, signal / np.where(whole > 0, whole, 1.0), 1.0), 0.0)
    return np.where((variance == 0) & (share > HARDLY), 1.0, found)


def _as_before(grid: Grid, plain: Floats, trust: Floats) -> Bools:
    """[line, month] whether allocations ran in a month as before, held against the level just before it."""
    known = np.isfinite(grid.allocated) & (grid.allocated > 0)
    allocated = np.where(known, grid.allocated, 0.0)
    top = levels.smoothed(plain, trust * known, levels.FADES[1])[0]
    bottom = levels.smoothed(allocated, trust * known, levels.FADES[1])[0]
    enough: Bools = known & (allocated >= AS_BEFORE * np.where(bottom > 0, bottom, allocated)) & (top > 0)
    return enough


def _months(
    grid: Grid,
    found: Pattern,
    weights: Season,
    fit: Level,
    filled: Floats,
    quiet: Bools,
) -> Estimate:
    realised = grid.realised
    share, variance = heard_share(grid, found, EXPECTED)
    places = np.arange(len(grid.months))
    usual = weights.weight * grid.tariff * grid.runs
    prior = fit.now[:, None] * usual
    month_error = np.maximum(fit.month_error, 1e-6)[:, None]
    trust = _trust(share, variance, month_error)
    by_itself = np.where(share > HARDLY, realised / np.maximum(share, HARDLY), prior)
    lacking = np.maximum(1 - share, 0.0) * np.maximum(prior, 0.0)
    # The remainder of a month that is nearly in goes by the level as such, whatever the month came to so far
    # (Bornhuetter-Ferguson); before that, what came says how large the month is.
    by_level = np.where(share > NEARLY, realised + lacking, np.maximum(prior, realised))
    whole = trust * by_itself + (1 - trust) * by_level
    whole = np.where(quiet, filled * prior, whole)
    noise = np.square(prior * month_error) * (1 - trust)
    noise = np.where(quiet, np.square(prior) * (filled * np.maximum(1 - filled, 0.05) + month_error**2), noise)
    leaning = np.where(quiet, whole, (1 - trust) * lacking)
    # A month before the agreement or after it has only what was received.
    whole = np.where(grid.runs | (realised != 0), whole, realised)
    settled = (grid.cut is not None and grid.over >= grid.cut) or grid.now - places[-1] >= LAGS
    past = (places < grid.now) | ((places == grid.now) & (grid.passed >= 1))
    running = (places == grid.now) & (grid.passed < 1)
    late = np.where(past, whole - realised, 0.0)
    late = np.where(running, np.maximum(whole * grid.passed - realised, 0.0), late)
    to_come = fit.coming[:, None] * usual
    coming = np.where(places > grid.now, np.maximum(to_come - realised, 0.0), 0.0)
    coming = np.where(running, np.maximum(whole - realised - late, 0.0), coming)
    if settled:
        late, coming = np.zeros_like(late), np.zeros_like(coming)
    noise = np.where((late != 0) | running, noise, 0.0)
    leaning = np.where(late != 0, leaning, 0.0)
    result = Estimate(realised, late, coming, noise, leaning, fit, found, share, weights, np.zeros(len(grid.keys)))
    return replace(result, variance=_variance(grid, result))


def _variance(grid: Grid, found: Estimate) -> Floats:
    """[line] variance of the year: of late months by themselves, and of the level that the rest has in common."""
    year = slice(grid.start, None)
    resting = found.coming[:, year].sum(axis=1) + found.leaning[:, year].sum(axis=1)
    total: Floats = found.late_variance[:, year].sum(axis=1) + np.square(found.level.error * resting)
    return total
