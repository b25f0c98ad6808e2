"""Growth or decline that lines share from year to year.

A level is a mean of months that are past, so it lies behind where lines grow together. What months came to against the
same months a year earlier shows that growth without the season. It counts as far as years can be relied on to grow as
the year before did; where there is no earlier year, none is expected.
"""

from __future__ import annotations

import numpy as np

from budgets.forecast.grid import Bools, Floats, Grid
from lead_contractor.kernel.periods import MONTHS_IN_YEAR

USUAL = 0.03
"""Standard deviation of the growth of a year, before anything is known of it."""
TURNS = 0.05
"""Standard deviation of the difference between the growth of one year and that of the next."""
MOST = 0.15
"""More growth or decline of all lines together in a year is something else: work that came or went."""
AGE = 3.0
"""How many months old a level is, about."""


def drift(grid: Grid, values: Floats, sure: Bools) -> Floats:
    """[month] what a month weighs for the growth that lines share; 1 in the month of the day.

    Args:
        grid: the lines.
        values: [line, month] what each month comes to, per month of usual weight.
        sure: [line, month] whether that is known well enough to learn from.
    """
    year, width = MONTHS_IN_YEAR, len(grid.months)
    both = sure[:, year:] & sure[:, :-year]
    after, before = (float(np.where(both, part, 0.0).sum()) for part in (values[:, year:], values[:, :-year]))
    growth = np.log(after / before) if after > 0 and before > 0 else 0.0
    growth = np.clip(growth, -MOST, MOST) * _trust(both.any(axis=0).sum() / year)
    found: Floats = np.exp(growth / year * (np.arange(width) - min(grid.now, width - 1)))
    return found


def turn_error(grid: Grid, ahead: int) -> float:
    """Relative standard error of the months ahead that lines share since this year may grow as no year before it."""
    years = max(0, min(grid.over, grid.start - 1 + MONTHS_IN_YEAR) + 1 - MONTHS_IN_YEAR) / MONTHS_IN_YEAR
    return float(USUAL * np.sqrt(1 - _trust(years)) * (AGE + ahead / 2) / MONTHS_IN_YEAR) if ahead else 0.0


def _trust(years: float) -> float:
    """How far the growth that was seen counts."""
    return USUAL**2 / (USUAL**2 + TURNS**2 / years) if years > 0 else 0.0
