"""Months over which nothing was declared while much should have been: late, or nothing delivered.

Of such months in the past it is known what they came to in the end. That share of the usual level is expected; it is
learned per lag over all lines, and leans on the subcontractor's own past.
"""

from __future__ import annotations

import numpy as np

from budgets.forecast.development import Pattern
from budgets.forecast.grid import LAGS, Bools, Floats, Grid

EXPECTED = 0.3
"""Where less than this share of a month is usually in, silence says nothing."""
PRIOR = (0.6, 4.0)
"""Share of the usual level that a silent month comes to where nothing was seen, and for how many months that counts."""
OWN = 4.0
"""For how many months all lines count beside the subcontractor itself."""
MOST = 1.2


def silent(grid: Grid, share: Floats) -> Bools:
    """[line, month] whether nothing was declared over a month of a line that was declared before."""
    realised = grid.realised
    before = np.cumsum(realised > 0, axis=1) > 0
    begun = np.arange(len(grid.months))[None, :] <= grid.now
    found: Bools = (realised == 0) & (share >= EXPECTED) & before & begun & grid.runs
    return found


def comes_to(grid: Grid, found: Pattern, usual: Floats) -> Floats:
    """[line, lag] what share of the usual level a month comes to that is silent up to that lag.

    Args:
        grid: the lines.
        found: their development.
        usual: [line, month] the level that was expected for each month when it began.
    """
    sums = grid.cents.cumsum(axis=2)
    ages = grid.over - np.arange(len(grid.months))
    before = np.cumsum(grid.realised > 0, axis=1) > 0
    final = np.minimum(np.where(usual > 0, sums[:, :, -1] / np.where(usual > 0, usual, 1.0), 0.0), MOST)
    groups = grid.subcontractors
    count = int(groups.max(initial=-1)) + 1
    result = np.ones((len(grid.keys), LAGS))
    for lag in range(LAGS):
        # Three months more, so that what came late is in.
        told = (ages >= lag + 3)[None, :] & before & (usual > 0) & grid.runs
        event = told & (sums[:, :, lag] == 0) & (found.share[:, lag] >= EXPECTED)[:, None]
        number = event.sum(axis=1).astype(float)
        brought = np.where(event, final, 0.0).sum(axis=1)
        everyone = (brought.sum() + PRIOR[0] * PRIOR[1]) / (number.sum() + PRIOR[1])
        top = np.bincount(groups, weights=brought, minlength=count)[groups]
        bottom = np.bincount(groups, weights=number, minlength=count)[groups]
        result[:, lag] = np.clip((top + OWN * everyone) / (bottom + OWN), 0.0, MOST)
    return result
