"""The level of a line per month of usual weight, and how it goes on: candidates, weighted by how they did before.

A candidate is tried at every month that is past, on the months that came after it; one that was closer counts for
more, and of a line with few months the experience with all lines counts too. The simple run rate (rule 32) is here
as well, to be shown beside the forecast.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from budgets.forecast.grid import Bools, Floats, Ints
from budgets.forecast.utilisation import anchored
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.rounding import times

FADES = (0.95, 0.85, 0.65)
"""What a month counts for relative to the month after it: slow, middling and quick to follow."""
DAMPING = 0.85
"""What is left of growth or decline a month later."""
PRIOR_TRIES = 10.0
"""For how many tries the experience with all lines counts beside that of a line itself."""
SIZES = 1.0
"""Lines are of one size where one is less than about three times the other (a step on the natural log scale)."""
ALIKE_TRIES = 20.0
"""For how many tries all lines count beside those of one size."""
SHARPNESS = 2.0
"""How fast a candidate that errs more loses weight."""
ALLOCATED = 0.5
"""Square error of the candidate by allocations relative to the middling one, where neither was tried: what is decided
is known before it is declared."""
USUAL_ERROR = 0.15
"""Relative error of a candidate that was never tried."""
LEAST_COMMON = 0.008
"""Lines always share something."""
USUAL_COMMON, COMMON_TRIES = 0.03, 2.0
"""What they share where it was never seen, and for how many tries that counts: a short past promises nothing."""
WORST = 1.5
MOST_FALLEN = 3.0
OUTLIER = 5.0
NAMES = ("year_so_far", "slow", "middling", "quick", "growth", "allocations")


def run_rate(realised: Cents, passed: int, whole: int) -> Cents:
    """Carry on what was realised in ``passed`` working days (or months) over ``whole`` of them (rule 32).

    Raises:
        ValueError: nothing has passed yet.
    """
    if passed <= 0:
        raise ValueError("a run rate takes a working day or a month that has passed")
    return times(realised, Fraction(whole, passed))


@dataclass(frozen=True, slots=True)
class Level:
    """The level that is expected for the months to come.

    Attributes:
        now: [line] level of the month of the day, for months that are hardly declared.
        coming: [line] mean level of the months to come.
        weights: [candidate, line] how much each counts for ``coming``, in the order of ``NAMES``.
        error: [line] relative standard error of ``coming``.
        month_error: [line] relative standard error of one month around its level.
        common: relative standard error of ``coming`` that all lines share.
        tries: [line] how often the candidates were tried on the line itself.
    """

    now: Floats
    coming: Floats
    weights: Floats
    error: Floats
    month_error: Floats
    common: float
    tries: Floats


def tamed(values: Floats, weight: Floats) -> Floats:
    """Pull months that lie far from the middle of their line back to the edge of what is usual."""
    seen = weight > 0.3  # noqa: PLR2004 - a month that is mostly known
    masked = np.where(seen, values, np.nan)
    enough = seen.sum(axis=1) >= 4  # noqa: PLR2004 - fewer months have no usual
    found = values.copy()
    if enough.any():
        rows = masked[enough]
        middle = np.nanmedian(rows, axis=1, keepdims=True)
        reach = np.nanmedian(np.abs(rows - middle), axis=1, keepdims=True) * 1.4826 * OUTLIER
        reach = np.maximum(reach, np.abs(middle))
        found[enough] = np.clip(values[enough], middle - reach, middle + reach)
    return found


def smoothed(values: Floats, weight: Floats, fade: float) -> tuple[Floats, Floats]:
    """[line, month] mean of all months up to and including each, later ones counting for more; and its weight."""
    level, known = np.zeros_like(values), np.zeros_like(values)
    top, bottom = np.zeros(len(values)), np.zeros(len(values))
    for place in range(values.shape[1]):
        top = fade * top + weight[:, place] * values[:, place]
        bottom = fade * bottom + weight[:, place]
        level[:, place] = top / np.where(bottom > 0, bottom, 1.0)
        known[:, place] = bottom
    return level, known


def candidates(values: Floats, weight: Floats, year_of: Ints, ahead: int, by_allocation: Floats) -> Floats:
    """[candidate, line, month] the mean level of the ``ahead`` months after each month, as every candidate has it."""
    slow, middling, quick = (smoothed(values, weight, fade)[0] for fade in FADES)
    so_far = np.zeros_like(values)
    for place in range(values.shape[1]):
        inside = (year_of == year_of[place]) & (np.arange(values.shape[1]) <= place)
        counted = weight[:, inside]
        bottom = counted.sum(axis=1)
        mean = (counted * values[:, inside]).sum(axis=1) / np.where(bottom > 0, bottom, 1.0)
        share = np.clip(bottom / 3, 0, 1)
        so_far[:, place] = share * mean + (1 - share) * slow[:, place]
    # Two means that look back differently far lie apart by their slope times the difference in age.
    gap = FADES[0] / (1 - FADES[0]) - FADES[2] / (1 - FADES[2])
    slope = (quick - slow) / gap
    steps = np.cumsum(DAMPING ** np.arange(1, max(ahead, 1) + 1)).mean() + FADES[2] / (1 - FADES[2]) * 0.5
    growth = np.clip(quick + slope * steps, 0.5 * quick, 2.0 * quick)
    growth = np.where(quick > 0, growth, quick)
    known = np.isfinite(by_allocation)
    by_allocation = anchored(by_allocation, growth)
    return np.stack([so_far, slow, middling, quick, growth, np.where(known, by_allocation, middling)])


def level(values: Floats, weight: Floats, year_of: Ints, ahead: int, last: int, by_allocation: Floats) -> Level:
    """Weigh the candidates and carry the level on.

    Args:
        values: [line, month] what each month came to, per month of usual weight.
        weight: [line, month] how well it is known, 0 to 1.
        year_of: [month] number of the contract year.
        ahead: how many months are still to come.
        last: index of the last month that has begun; -1 where none has.
        by_allocation: [line, month] level by the allocations known at the end of each month; NaN where not
            determinable.
    """
    lines, width = values.shape
    if last < 0 or not lines:
        empty = np.zeros(lines)
        weights = np.zeros((len(NAMES), lines))
        return Level(empty, empty, weights, empty + USUAL_ERROR * 2, empty + USUAL_ERROR, 0.02, empty)
    values = tamed(values, weight)
    found = candidates(values, weight, year_of, ahead, by_allocation)
    known, alike = np.isfinite(by_allocation), _alike(values, weight)
    errors, common_tries = _tried(values, weight, found, max(1, min(ahead, width // 2)))
    near, _ = _tried(values, weight, found, 1)
    weights, mixed, tries = _weigh(_evenly(errors, known), known[:, last], alike)
    near_weights, _, _ = _weigh(_evenly(near, known), known[:, last], alike)
    month_error = _mean_square(near[2][None], alike)[0][0]
    at = min(last, width - 1)
    coming = np.maximum((weights * found[:, :, at]).sum(axis=0), 0.0)
    now = np.maximum((near_weights * found[:, :, at]).sum(axis=0), 0.0)
    # Errors are told relative to the usual size of a line; one that is expected to fall keeps their size.
    fallen = np.clip(found[2, :, at] / np.where(coming > 0, coming, 1.0), 1.0, MOST_FALLEN)
    return Level(
        now,
        coming,
        weights,
        np.sqrt(mixed) * np.where(coming > 0, fallen, 1.0),
        np.sqrt(month_error),
        common_tries,
        tries,
    )


def _tried(values: Floats, weight: Floats, found: Floats, ahead: int) -> tuple[Floats, float]:
    """[candidate, line, month] relative error of each candidate at each past month, NaN where it cannot be told.

    And the part of it that all lines share, as a standard error.
    """
    width = found.shape[2]
    errors = np.full(found.shape, np.nan)
    scale = np.where(weight > 0, np.abs(values), 0.0).sum(axis=1) / np.maximum((weight > 0).sum(axis=1), 1)
    shared = []
    least = max(1, (ahead + 1) // 2)
    for place in range(1, width - 1):
        after = slice(place + 1, min(width, place + 1 + ahead))
        counted = weight[:, after]
        bottom = counted.sum(axis=1)
        truth = (counted * values[:, after]).sum(axis=1) / np.where(bottom > 0, bottom, 1.0)
        fit = (bottom >= 0.8 * least) & (weight[:, : place + 1].sum(axis=1) >= 2) & (scale > 0)  # noqa: PLR2004
        if not fit.any():
            continue
        away = (truth[None] - found[:, :, place]) / np.where(scale > 0, np.maximum(scale, 0.5 * np.abs(truth)), 1.0)
        errors[:, :, place] = np.where(fit[None], np.clip(away, -WORST, WORST), np.nan)
        size = np.where(fit, scale, 0.0)
        if (size > 0).sum() >= 5:  # noqa: PLR2004 - fewer lines share nothing that can be told
            parts = errors[2, :, place] * size
            whole = np.nansum(parts)
            shared.append((whole**2 - np.nansum(parts**2)) / size.sum() ** 2)
    # Two tries of two per cent each, so that a short past does not promise that nothing is shared.
    common = float(np.sqrt(max(LEAST_COMMON**2, (sum(shared) + 2 * 0.02**2) / (len(shared) + 2))))
    return errors, common


def _evenly(errors: Floats, known: Bools) -> Floats:
    """The same, with the candidate by allocations held against another on the months in which both were tried.

    Allocations are known of this year only, and months differ in how hard they are; where it could not be tried it
    gets the error of the middling candidate, made larger or smaller by what it did elsewhere.
    """
    both = known & np.isfinite(errors[-1])
    start = PRIOR_TRIES * USUAL_ERROR**2
    ratio = (np.nansum(errors[-1][both] ** 2) + ALLOCATED * start) / (np.nansum(errors[2][both] ** 2) + start)
    last = np.where(known, errors[-1], errors[2] * np.sqrt(ratio))
    return np.concatenate([errors[:-1], last[None]])


def _alike(values: Floats, weight: Floats) -> Floats:
    """[line, line] how far lines are of one size: few clients are less steady than many."""
    known = (weight > 0).sum(axis=1)
    size = np.where(weight > 0, np.abs(values), 0.0).sum(axis=1) / np.maximum(known, 1)
    log = np.log(np.where(size > 0, size, 1.0))
    apart = np.where((size > 0)[:, None] & (size > 0)[None, :], log[:, None] - log[None, :], 0.0)
    found: Floats = np.exp(-0.5 * np.square(apart / SIZES))
    return found


def _mean_square(errors: Floats, alike: Floats) -> tuple[Floats, Floats]:
    """[candidate, line] mean square error, leaning on lines of its size; and [line] how many tries of its own."""
    square = errors**2
    tries = np.isfinite(square).sum(axis=2).astype(float)
    sums = np.nansum(square, axis=2)
    everyone = (sums.sum(axis=1) + USUAL_ERROR**2) / (tries.sum(axis=1) + 1)
    kind = (sums @ alike + ALIKE_TRIES * everyone[:, None]) / (tries @ alike + ALIKE_TRIES)
    return (sums + PRIOR_TRIES * kind) / (tries + PRIOR_TRIES), tries[0]


def _weigh(errors: Floats, allocated: Bools, alike: Floats) -> tuple[Floats, Floats, Floats]:
    """[candidate, line] weights, [line] mean square error of the mixture, and [line] tries."""
    square, tries = _mean_square(errors, alike)
    raw = np.maximum(square, 1e-8) ** -SHARPNESS
    back = raw[:-1] / raw[:-1].sum(axis=0)
    # Those that look back resemble one another: they stand against the allocations together.
    together = (back[:, :, None] * errors[:-1]).sum(axis=0)
    square, _ = _mean_square(np.stack([together, errors[-1]]), alike)
    against = np.maximum(square, 1e-8) ** -SHARPNESS
    share = against[1] / against.sum(axis=0)
    share = np.where(allocated, share, 0.0)
    weights = np.concatenate([back * (1 - share), share[None]])
    mixture = (weights[:, :, None] * errors).sum(axis=0)
    mixed, _ = _mean_square(mixture[None], alike)
    return weights, mixed[0], tries
