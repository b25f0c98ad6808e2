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
from budgets.forecast.grid import LAGS, Bools, Floats, Grid, Ints
from lead_contractor.kernel.money import Cents
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
        heard: [line, lag] the same share of months of which something was received by then.
        heard_variance: [line, lag] variance of that.
        own: [line] share (0 to 1) for which a line's own development counts, at the lag where most is received.
    """

    share: Floats
    variance: Floats
    heard: Floats
    heard_variance: Floats
    own: Floats


def pattern(grid: Grid) -> Pattern:
    """Find how every line develops from the months and lags that are known.

    A month over which nothing was declared yet tells nothing of how far the declarations of a month have come once
    they come: that share is found apart, from the months that were heard of.
    """
    sums = grid.cents.cumsum(axis=2)
    known = grid.known
    share, heard = np.ones((2, len(grid.keys), LAGS))
    own = np.ones(len(grid.keys))
    most = np.full(len(grid.keys), -1.0)
    for lag in range(LAGS - 2, -1, -1):
        both = known[:, lag + 1]
        earlier, later, places = sums[:, both, lag], sums[:, both, lag + 1], np.flatnonzero(both)
        if not (later > 0).any():
            share[:, lag] = share[:, lag + 1] * USUAL.get(lag, 1.0)
            heard[:, lag] = heard[:, lag + 1] * USUAL.get(lag, 1.0)
            continue
        ratio, credit = _ratio(grid, earlier, later, places, (later > 0) & (earlier >= 0))
        share[:, lag] = np.clip(ratio * share[:, lag + 1], 0.0, MOST_SHARE)
        step = share[:, lag + 1] - share[:, lag]
        own = np.where(step > most, credit, own)
        most = np.maximum(most, step)
        spoken = (later > 0) & (earlier > 0)
        if spoken.any():
            ratio, _ = _ratio(grid, earlier, later, places, spoken)
        heard[:, lag] = np.clip(ratio * heard[:, lag + 1], 0.0, MOST_SHARE)
    every, some = np.ones(sums.shape, dtype=bool), sums != 0
    return Pattern(share, _variance(sums, known, share, every), heard, _variance(sums, known, heard, some), own)


def _ratio(grid: Grid, earlier: Floats, later: Floats, places: Ints, used: Bools) -> tuple[Floats, Floats]:
    """[line] share of what is received at a lag that was received one lag before, over the months in use."""
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


def _variance(sums: Floats, known: Bools, share: Floats, counted: Bools) -> Floats:
    """[line, lag] variance of the share received, own months and those of all lines together."""
    final = _settled(share)
    full = known[:, final]
    if not full.any():
        return np.square(TYPICAL_LACK * (1 - np.clip(share, 0.0, 1.0)))
    whole = sums[:, full, final]
    used = (whole > 0)[:, :, None] & counted[:, full]
    away = sums[:, full] - share[:, None, :] * whole[:, :, None]
    away = np.where(np.abs(away) <= A_CENT, 0.0, away) / np.where(whole > 0, whole, 1.0)[:, :, None]
    square = np.where(used, np.minimum(away**2, 1.0), 0.0).sum(axis=1)
    months = used.sum(axis=1).astype(float)
    if not (whole > 0).any():
        return np.square(TYPICAL_LACK * (1 - np.clip(share, 0.0, 1.0)))
    typical = np.square(TYPICAL_LACK * (1 - np.clip(share, 0.0, 1.0))).mean(axis=0)
    seen = months.sum(axis=0)
    everyone = np.where(seen > 0, square.sum(axis=0) / np.where(seen > 0, seen, 1.0), typical)
    found: Floats = (square + PRIOR_MONTHS * everyone[None, :]) / (months + PRIOR_MONTHS)
    return found


def _settled(share: Floats) -> int:
    """The first lag at which nearly everything of nearly every line has been received."""
    nearly = np.quantile(np.abs(1 - share), 0.8, axis=0) <= 0.01 if len(share) else np.ones(LAGS, dtype=bool)  # noqa: PLR2004
    return int(np.argmax(nearly))
