"""Months over which nothing was declared while much should have been: late, or nothing delivered.

Of such months in the past it is known what they came to in the end. That share of the usual level is expected; it is
learned per lag over all lines, and leans on the subcontractor's own past.
"""

from __future__ import annotations

import numpy as np

from budgets.forecast.arrived import over_share
from budgets.forecast.development import Pattern
from budgets.forecast.grid import LAGS, Bools, Floats, Grid
from lead_contractor.kernel.periods import MONTHS_IN_YEAR

EXPECTED = 0.3
"""Where less than this share of a month is usually in, silence says nothing."""
PRIOR = (0.6, 4.0)
"""Share of the usual level that a silent month comes to where nothing was seen, and for how many months that counts."""
RUNNING = (0.95, 8.0)
"""The same where allocations ran in that month as before: clients that have one are seldom left alone."""
LONG = 7
"""A month that is silent after so many months is taken for empty."""
FADES = 0.88, 0.99
"""What is left of both shares with every month that the silence lasts."""
AS_BEFORE = 0.5
"""Allocations run as before when they carry this share of the usual level at the utilisation so far."""
OWN = 4.0
"""For how many months all lines count beside the subcontractor itself."""
MOST = 1.2
TWICE = 2.0
"""A single month counts for no more than so many times its usual level."""


def silent(grid: Grid, found: Pattern) -> Bools:
    """[line, month] whether nothing was declared over a month of a line that was declared before."""
    realised = grid.realised
    before = np.cumsum(realised > 0, axis=1) > 0
    begun = np.arange(len(grid.months))[None, :] <= grid.now
    due = over_share(grid, found.share) >= EXPECTED
    quiet: Bools = (realised == 0) & due & before & begun & grid.runs
    return quiet


def faithful(grid: Grid, quiet: Bools) -> Bools:
    """[line, month] whether a silent month is the first or second of a line that was declared over a whole year before.

    A subcontractor that always declared and misses a month or two is late; one that misses a third has perhaps stopped.

    Args:
        grid: the lines.
        quiet: [line, month] what :func:`silent` says.
    """
    lines, width = quiet.shape
    first = np.zeros((lines, width), dtype=bool)
    for place in range(MONTHS_IN_YEAR, width):
        always = (grid.realised[:, place - MONTHS_IN_YEAR : place] > 0).all(axis=1)
        third = quiet[:, place : place + 3].sum(axis=1) == 3  # noqa: PLR2004 - the third month in a row
        first[:, place] = quiet[:, place] & always & ~third
    second = np.zeros_like(first)
    second[:, 1:] = first[:, :-1] & quiet[:, 1:]
    return first | second


def comes_to(grid: Grid, found: Pattern, usual: Floats, allocated: Bools) -> Floats:
    """[line, month] what share of the usual level a month comes to if it is silent up to the lag it has reached.

    Args:
        grid: the lines.
        found: their development.
        usual: [line, month] the level that was expected for each month when it began.
        allocated: [line, month] whether allocations ran in that month as before.
    """
    sums = grid.cents.cumsum(axis=2)
    ages = grid.over - np.arange(len(grid.months))
    before = np.cumsum(grid.realised > 0, axis=1) > 0
    # What such months come to, not what of them is in already.
    whole = sums[:, :, -1] / np.maximum(over_share(grid, found.heard), EXPECTED)
    final = np.clip(whole, 0.0, TWICE * usual)
    result = np.ones((len(grid.keys), len(grid.months)))
    long = ages >= LONG
    for lag in range(LAGS):
        # Three months more, so that what came late is in; what is silent to this day has told nothing for long.
        told = (ages >= lag + 3)[None, :] & before & (usual > 0) & grid.runs & ((sums[:, :, -1] != 0) | long[None, :])
        event = told & (sums[:, :, lag] == 0) & (found.share[:, lag] >= EXPECTED)[:, None]
        now = np.clip(grid.now - np.arange(len(grid.months)), 0, LAGS - 1) == lag
        for running, (share_there, months), fades in ((False, PRIOR, FADES[0]), (True, RUNNING, FADES[1])):
            prior = share_there * fades**lag, months
            counted = event & (allocated == running)
            share = _share(grid, np.where(counted, final, 0.0), np.where(counted, usual, 0.0), counted, prior)
            result = np.where(now[None, :] & (allocated == running), share[:, None], result)
    return result


def _share(grid: Grid, final: Floats, usual: Floats, counted: Bools, prior: tuple[float, float]) -> Floats:
    """[line] by amount: all lines lean on what is usual, the subcontractor on all lines."""
    groups = grid.subcontractors
    count = int(groups.max(initial=-1)) + 1
    number = counted.sum()
    size = usual.sum() / number if number else 1.0
    everyone = (final.sum() + prior[0] * prior[1] * size) / (usual.sum() + prior[1] * size)
    top = np.bincount(groups, weights=final.sum(axis=1), minlength=count)[groups]
    bottom = np.bincount(groups, weights=usual.sum(axis=1), minlength=count)[groups]
    months = np.bincount(groups, weights=counted.sum(axis=1), minlength=count)[groups]
    each = np.where(months > 0, bottom / np.maximum(months, 1), 1.0)
    found: Floats = np.clip((top + OWN * each * everyone) / (bottom + OWN * each), 0.0, MOST)
    return found
