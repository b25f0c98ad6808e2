"""What a month of the year usually weighs: working days, and the season that earlier years show.

The season is found per category of products against the level of the line at that time, shrunk towards that of all
lines, as deep as it is for the product, and, where earlier years do not agree with one another, towards none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from budgets.forecast.credibility import by_group, shrunk
from budgets.forecast.grid import Bools, Floats, Grid, Ints
from lead_contractor.kernel.periods import MONTHS_IN_YEAR

HALF_WINDOW = 6
FEWEST = 9
"""So many months around a month make a level to hold it against."""
LEAST, MOST = 0.3, 2.0


@dataclass(frozen=True, slots=True)
class Season:
    """Weights of months.

    Attributes:
        weight: [line, month] what a month weighs: working days of a usual month times the season.
        by_working_days: whether working days count, or every month the same.
        strength: [line] standard deviation of the season over the year; zero where none is used.
    """

    weight: Floats
    by_working_days: bool
    strength: Floats


def season(grid: Grid, delivered: Floats, sure: Bools) -> Season:
    """Find the weights of months.

    Args:
        grid: the lines.
        delivered: [line, month] what each month comes to, at the tariff of the first contract month.
        sure: [line, month] whether that is known well enough to learn from.
    """
    options = []
    for by_days in (True, False):
        base = grid.days / grid.days.mean() if by_days else np.ones(len(grid.months))
        index, error = _learn(grid, delivered / base[None, :], sure)
        options.append((error, by_days, base[None, :] * index[:, grid.numbers], index.std(axis=1)))
    # Working days, unless months fit clearly better.
    best = options[0] if not options[1][0] < options[0][0] * 0.97 else options[1]
    return Season(best[2], best[1], best[3])


def _learn(grid: Grid, values: Floats, sure: Bools) -> tuple[Floats, float]:
    """[line, month of the year] the season, and how much of the variation it leaves."""
    ratio, used = _around_level(values, sure)
    numbers = grid.numbers
    lines = len(grid.keys)
    one_hot = (numbers[:, None] == np.arange(MONTHS_IN_YEAR)[None, :]).astype(float)
    spread = np.where(used, np.clip(ratio - 1, -1.0, 1.0), 0.0)
    size = np.sqrt(np.maximum(np.where(used, values, 0.0).sum(axis=1) / np.maximum(used.sum(axis=1), 1), 0.0))
    count = used.astype(float) @ one_hot
    weight = count * size[:, None]
    own = (spread @ one_hot) / np.where(count > 0, count, 1.0)
    left = np.where(used, spread - own[:, numbers], 0.0)
    freedom = np.maximum(count - 1, 0).sum()
    index = np.ones((lines, MONTHS_IN_YEAR))
    if freedom <= 0:
        # A month of the year seen once cannot be told from chance, unless many lines show the same.
        left = np.where(used, spread, 0.0)
        freedom = count.sum()
    if freedom <= 0:
        return index, np.inf
    error = float((left**2 * size[:, None]).sum() / freedom)
    whole = weight.sum(axis=0)
    everyone = (weight * own).sum(axis=0) / np.where(whole > 0, whole, 1.0)
    seen, _ = shrunk(everyone, whole, np.zeros(MONTHS_IN_YEAR), error)
    # Seasons differ in depth first: those of a category and of a product are deeper, less deep, or there is none.
    depth = _depth(own, weight, seen, grid.categories, np.ones(lines), error)
    depth = _depth(own, weight, seen, grid.products, depth, error)
    # All months of the year at once: how far categories, and lines, differ from one another is told by all of them.
    along = (depth[:, None] * seen[None, :]).ravel()
    groups = (grid.categories[:, None] * MONTHS_IN_YEAR + np.arange(MONTHS_IN_YEAR)[None, :]).ravel()
    kind = by_group(own.ravel(), weight.ravel(), along, groups, error)
    index += shrunk(own.ravel(), weight.ravel(), kind, error)[0].reshape(own.shape)
    index = np.clip(index, LEAST, MOST)
    index /= index.mean(axis=1, keepdims=True)
    rest = np.where(used, spread - (index[:, numbers] - 1), 0.0)
    return index, float((rest**2 * size[:, None]).sum())


def _depth(own: Floats, weight: Floats, seen: Floats, groups: Ints, usual: Floats, noise: float) -> Floats:
    """[line] how deep the season is of the group of each line, relative to that of all lines."""
    size = (weight * np.square(seen)).sum(axis=1)
    slope = (weight * own * seen).sum(axis=1) / np.where(size > 0, size, 1.0)
    return by_group(slope, size, usual, groups, noise)


def _around_level(values: Floats, sure: Bools) -> tuple[Floats, Bools]:
    """Each month against the mean of the year around it; only where most of that year is known."""
    width = values.shape[1]
    ratio, used = np.ones_like(values), np.zeros_like(sure)
    counted = np.where(sure, values, 0.0)
    for place in range(width):
        low, high = max(0, place - HALF_WINDOW), min(width, place + HALF_WINDOW + 1)
        weights = np.ones(high - low)
        if high - low > MONTHS_IN_YEAR:
            weights[0] = weights[-1] = 0.5
        seen = (sure[:, low:high] * weights).sum(axis=1)
        level = (counted[:, low:high] * weights).sum(axis=1) / np.maximum(seen, 1)
        whole_year = (seen >= FEWEST) & sure[:, place] & (level > 0)
        ratio[:, place] = np.where(whole_year, values[:, place] / np.where(level > 0, level, 1.0), 1.0)
        used[:, place] = whole_year
    return ratio, used
