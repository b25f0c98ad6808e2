"""How certain the year is: standard errors held against the errors that the same method made before.

The method is run again as of the same number of months into earlier years, with only what was received by then. How
many standard errors the truth lay away, over all lines, gives the widths of 80 % and 95 %; where there is no earlier
year, a usual width counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from budgets.forecast.grid import Floats, Grid
from budgets.forecast.model import Band
from budgets.forecast.parts import whole
from budgets.forecast.pxq import Estimate, estimate
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import MONTHS_IN_YEAR

SHIFTS = (12, 15, 18, 21, 24)
"""How many months earlier the method is tried."""
USUAL = (1.45, 2.6)
"""Standard errors within which 80 % and 95 % lie where it was never tried; more than of a normal distribution, for a
year also goes on in ways that no month before it showed."""
USUAL_TOTAL = 1.2
"""The same for the total, on its own standard error."""
UNTRIED = 0.5
"""How much wider a whole year ahead is where no earlier year shows what a year can do."""
NORMAL = (1.2816, 1.96)
LEAST = (1.0, 1.7)
"""Never narrower, however well earlier years went."""
USUAL_TRIES = 60.0
"""For how many tries the usual width counts."""
TOTAL_TRIES = 4.0
SETTLED = 3
"""After so many months the truth of a month is known well enough."""


@dataclass(frozen=True, slots=True)
class Width:
    """How many standard errors make a band.

    Attributes:
        of_80: for lines.
        of_95: for lines.
        of_total: factor on the standard error of the total.
        tries: on how many lines of earlier years that rests.
    """

    of_80: float
    of_95: float
    of_total: float
    tries: int


def width(grid: Grid, found: Estimate) -> Width:
    """Try the method on earlier years and see how wide the bands must be."""
    away: list[Floats] = []
    totals: list[float] = []
    truth = found.year
    for shift in SHIFTS:
        last = len(grid.months) - 1 - shift
        before = grid.back(shift) if last + SETTLED <= grid.over else None
        if before is None:
            continue
        tried = estimate(before)
        year = slice(before.start, last + 1)
        error = truth[:, year].sum(axis=1) - tried.year[:, year].sum(axis=1)
        sigma = np.sqrt(tried.variance)
        fit = (sigma > 1) & (tried.realised.any(axis=1))
        if fit.any():
            away.append(np.abs(error[fit]) / sigma[fit])
            whole_sigma = total_error(tried, before.start, tried.variance)
            totals.append(float(error.sum() / whole_sigma[-1]) if whole_sigma[-1] > 0 else 0.0)
    if not away:
        ahead = max(0, len(grid.months) - 1 - max(grid.over, grid.start - 1)) / MONTHS_IN_YEAR
        wider = 1 + ahead * UNTRIED
        return Width(USUAL[0] * wider, USUAL[1] * wider, USUAL_TOTAL * wider, 0)
    every = np.concatenate(away)
    own = len(every) / (len(every) + USUAL_TRIES)
    of_80, of_95 = (
        own * float(np.quantile(every, level)) + (1 - own) * usual
        for level, usual in zip((0.8, 0.95), USUAL, strict=True)
    )
    square = (TOTAL_TRIES * USUAL_TOTAL**2 + sum(min(one**2, 9.0) for one in totals)) / (TOTAL_TRIES + len(totals))
    of_80 = max(of_80, LEAST[0])
    return Width(of_80, max(of_95, 1.3 * of_80, LEAST[1]), float(np.sqrt(square)), len(every))


def total_error(found: Estimate, start: int, variance: Floats) -> Floats:
    """[month of the year] standard error of all lines together up to and including each month.

    Lines err by themselves, and together: by the error of level that they share.
    """
    resting = (found.coming + found.leaning)[:, start:].cumsum(axis=1)
    own = found.late_variance[:, start:].cumsum(axis=1) + np.square(found.level.error[:, None] * resting)
    last = own[:, -1:]
    own = np.where(last > 0, own * (variance[:, None] / np.where(last > 0, last, 1.0)), 0.0)
    error: Floats = np.sqrt(own.sum(axis=0) + np.square(found.level.common * resting.sum(axis=0)))
    return error


def band(
    point: Cents, down: float, up: float, widths: tuple[float, float], least: Cents | None, most: Cents | None
) -> Band:
    """Bounds around a point: so many standard errors down and up, never past what is the least or most there can be."""

    def low(factor: float) -> Cents:
        found = point - whole(factor * down)
        return found if least is None else min(point, max(found, least))

    def high(factor: float) -> Cents:
        found = point + whole(factor * up)
        return found if most is None else max(point, min(found, most))

    first, second = widths
    return Band(low(first), high(first), low(second), high(second))


def exact(point: Cents) -> Band:
    """Bounds of what is known."""
    return Band(point, point, point, point)
