"""Utilisation: what share of what was allocated is delivered, and what open allocations still bring (rule 31).

Allocations that are known today do not fill the months to come: others are still to be decided. Where it is known what
was allocated at the end of earlier months, the share that the months after it came to is learned, per number of months
ahead, and holds both: use, and what comes in later. Elsewhere the volume that is allocated now is kept up.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from budgets.forecast.credibility import NO_NOISE, by_group, shrunk
from budgets.forecast.grid import Floats, Grid
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.rounding import Number, times

RECENT = 0.85
PRIOR = 3.0
"""For how many months the usual variation of utilisation counts beside what is seen of it."""
USUAL_SPREAD = 0.15
"""Standard deviation of the utilisation of a line from month to month, where none was seen."""
MOST = 3.0
USUAL = 0.85
"""Utilisation where none was ever seen, and for how many months' worth of one line's allocations that counts."""
HALFWAY, MOST_APART = 0.5, 1.1
"""Allocations and deliveries tell alike what all lines come to; what they differ beyond this is not a season."""
FRESH_ERROR = 0.3
"""Relative standard error of a line that rests on its allocations only."""


def share_used(delivered: Number, allocated: Number) -> Fraction:
    """Delivered as a share of allocated, exact (rule 31).

    Raises:
        ValueError: nothing was allocated.
    """
    if allocated <= 0:
        raise ValueError("utilisation takes an allocated volume above zero")
    return Fraction(delivered) / Fraction(allocated)


def still_to_come(remaining: Number, share: Number, tariff: Cents) -> Cents:
    """What the remaining volume brings at the utilisation so far, rounded once (rule 31)."""
    return times(tariff, Fraction(remaining) * Fraction(share))


def by_allocation(grid: Grid, plain: Floats, weight: Floats) -> Floats:
    """[line, month] level of the months after each month, by what was allocated then; NaN where not determinable.

    Args:
        grid: the lines, with what was allocated.
        plain: [line, month] what each month came to, without the weight of the month, at the tariff of the month.
        weight: [line, month] how well it is known, 0 to 1.
    """
    width = plain.shape[1]
    month_known = _as_known_then(grid)
    seen = np.isfinite(month_known) & (month_known > 0)
    allocated = np.where(seen, month_known, 0.0)
    found = np.full(plain.shape, np.nan)
    if not seen.any():
        return found
    use = np.where(seen, weight, 0.0)
    for place in range(int(np.argmax(use.any(axis=0))), width):
        past = slice(0, place + 1)
        fade = RECENT ** (place - np.arange(place + 1))
        share = _credible(grid, plain[:, past], allocated[:, past], use[:, past] * fade, PRIOR)
        counted = seen[:, place] & use[:, past].any(axis=1)
        found[:, place] = np.where(counted, share * allocated[:, place] / grid.tariff[:, place], np.nan)
    return found


def _as_known_then(grid: Grid) -> Floats:
    """[line, month] what was allocated in a month as known at its end; where that was not kept, as known now.

    That an allocation ended is often heard later: what is known of this month is held against what was known of
    earlier months in the month itself.
    """
    if not grid.allocated_at.shape[1]:
        return grid.allocated
    places = np.arange(len(grid.months))
    then = grid.allocated_at[:, places, places]
    return np.where(np.isfinite(then) & (places < grid.now)[None, :], then, grid.allocated)


def ahead_of(grid: Grid, plain: Floats, weight: Floats, ahead: int, last: int) -> Floats | None:
    """[line, month] the same by what was known at the end of each month; ``None`` where that was not kept.

    The mean over the months ahead of (allocated as known then, times what such allocations turned out to bring).
    """
    if not grid.allocated_at.shape[1] or last < 0 or ahead <= 0:
        return None
    known = grid.allocated_at.copy()
    known[:, last] = grid.allocated
    lines, width = plain.shape
    then = _as_known_then(grid)
    seen = np.isfinite(then) & (then > 0)
    used = _credible(grid, plain, np.where(seen, then, 0.0), np.where(seen, weight, 0.0), PRIOR)
    total, count = np.zeros((lines, width)), np.zeros((lines, width))
    for step in range(1, ahead + 1):
        places = np.arange(0, width - step)
        base = known[:, places, places + step]
        real = np.isfinite(base) & (base > 0)
        base = np.where(real, base, 0.0)
        use = real * weight[:, places + step]
        if use.sum() < 1:
            break
        share = np.clip(used * _credible(grid, plain[:, places + step], used[:, None] * base, use), 0.0, MOST)
        total[:, places] += np.where(real, share[:, None] * base / grid.tariff[:, places + step], 0.0)
        count[:, places] += real
    enough = count >= ahead
    return np.where(enough, total / np.where(count > 0, count, 1.0), np.nan)


def anchored(by_allocation: Floats, delivered: Floats) -> Floats:
    """[line, month] the same, with the lines together halfway between what allocations and what deliveries say.

    Allocations tell lines apart. Of all lines together they tell less: more is decided in one part of the year than
    in another, and one year does not show that, while what is delivered had its season taken out.
    """
    known = np.isfinite(by_allocation)
    top, bottom = np.where(known, delivered, 0.0).sum(axis=0), np.where(known, by_allocation, 0.0).sum(axis=0)
    both = (top > 0) & (bottom > 0)
    ratio = np.where(both, top, 1.0) / np.where(both, bottom, 1.0)
    found: Floats = by_allocation * np.clip(ratio, 1 / MOST_APART, MOST_APART) ** HALFWAY
    return found


def fresh(grid: Grid, plain: Floats, weight: Floats) -> Floats:
    """[line] level of a line of which nothing was declared yet: what is allocated at the utilisation of all lines.

    NaN where nothing is allocated.
    """
    width = plain.shape[1]
    known = np.isfinite(grid.allocated) & (grid.allocated > 0)
    allocated = np.where(known, grid.allocated, 0.0)
    used = known & (weight > 0)
    bottom = float((weight * allocated)[used].sum())
    month = float(allocated[known].mean()) if known.any() else 0.0
    share = (float((weight * plain)[used].sum()) + USUAL * month) / (bottom + month) if bottom + month > 0 else USUAL
    ahead = known & grid.runs & (np.arange(width) >= max(grid.now, grid.start))[None, :]
    count = ahead.sum(axis=1)
    mean = np.where(ahead, allocated / grid.tariff, 0.0).sum(axis=1) / np.maximum(count, 1)
    return np.where(count > 0, np.clip(share, 0.0, MOST) * mean, np.nan)


def _credible(grid: Grid, delivered: Floats, allocated: Floats, use: Floats, months: float | None = None) -> Floats:
    """[line] delivered per cent allocated over the months in use, leaning on the product, the category and all lines.

    Where months of a line differ little from one another and lines differ much, a line goes by its own.
    """
    volume = use * allocated
    sums = volume.sum(axis=1)
    if sums.sum() <= 0:
        return np.full(len(use), USUAL)
    real = volume > 0
    top = np.where(real, use * delivered, 0.0)
    own = top.sum(axis=1) / np.where(sums > 0, sums, 1.0)
    everyone = np.full(len(use), top.sum() / sums.sum())
    each = np.where(real, use * np.sqrt(np.where(real, allocated, 0.0)), 0.0)
    away = np.where(real, delivered / np.where(real, allocated, 1.0) - own[:, None], 0.0)
    freedom = np.maximum(np.where(real, use, 0.0).sum(axis=1) - 1, 0.0).sum()
    weight = each.sum(axis=1)
    spread, start = float((each * np.square(away)).sum()), PRIOR * USUAL_SPREAD**2 * float(weight.sum() / real.sum())
    noise = (spread + start) / (freedom + PRIOR) if spread > NO_NOISE * weight.sum() or freedom <= 0 else 0.0
    complement = by_group(own, weight, everyone, grid.categories, noise)
    complement = by_group(own, weight, complement, grid.products, noise)
    if months is None:
        share, _ = shrunk(own, weight, complement, noise)
    else:
        count = np.where(real, use, 0.0).sum(axis=1)
        share = complement + count / (count + months) * np.where(sums > 0, own - complement, 0.0)
    found: Floats = np.clip(share, 0.0, MOST)
    return found
