"""Why a line of P×Q is expected to end where it does: the steps, with the figures in them.

Codes and figures (amounts in cents, percentages with one decimal, counts):

* ``development``: ``month`` (the last one that is over), ``received_percent`` (of it that is usually in by now),
  ``own_percent`` (how far the line's own development counts), ``months`` (incomplete ones), ``cents`` (not declared);
* ``silent``: ``months`` over which nothing was declared while it should have been;
* ``level``: a weight in percent per candidate (``year_so_far``, ``slow``, ``middling``, ``quick``, ``growth``,
  ``allocations``), ``tries``, ``error_percent``, ``cents`` (the months to come);
* ``weights``: ``by`` (``working_days`` or ``months``), ``season_percent`` (how strong the season is);
* ``run_rate`` (rule 32): ``delivered``, ``days_passed``, ``days``, ``months_passed``, ``months``, ``by_days``,
  ``by_months``, ``difference`` (by months less by days);
* ``utilisation`` (rule 31): ``used_percent``, ``allocated`` (of months to come, at full volume), ``used`` (at this
  utilisation);
* ``ceiling``: ``agreement``, ``cents`` taken off this line; ``price``: ``cents``;
* ``agreed``, ``trajectories``, ``known``, ``nothing`` of other forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from budgets.forecast.grid import Floats, Grid
from budgets.forecast.level import NAMES, run_rate
from budgets.forecast.model import Method, Reason
from budgets.forecast.parts import whole
from budgets.forecast.pxq import Estimate
from budgets.forecast.silence import silent
from budgets.forecast.utilisation import still_to_come
from lead_contractor.kernel.money import Cents

MAINLY = 0.75
"""From this weight on, one way of reckoning names the method."""
LITTLE = 0.5
"""A candidate below this percentage is not named."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What all lines share, reckoned once."""

    silent_months: Floats
    incomplete: Floats
    used: Floats


def steps(grid: Grid, found: Estimate) -> Steps:
    """Reckon what the reasons of all lines take."""
    year = slice(grid.start, None)
    quiet = silent(grid, found.pattern)[:, year].sum(axis=1)
    begun = np.arange(len(grid.months)) <= grid.over
    incomplete = ((np.abs(found.late) >= 1) & begun[None, :])[:, year].sum(axis=1)
    both = np.isfinite(grid.allocated) & (grid.allocated > 0) & begun[None, :]
    both[:, : grid.start] = False
    top = np.where(both, found.realised + found.late, 0.0).sum(axis=1)
    bottom = np.where(both, grid.allocated, 0.0).sum(axis=1)
    return Steps(quiet, incomplete, np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1.0), np.nan))


def method(found: Estimate, row: int) -> Method:
    """How the coming months of a line were estimated, in one word."""
    if not found.coming[row].any():
        return Method.RUN_RATE if found.late[row].any() else Method.KNOWN
    weight = found.level.weights[-1, row]
    if weight >= MAINLY:
        return Method.UTILISATION
    return Method.MIXED if weight > 1 - MAINLY else Method.RUN_RATE


def reasons(grid: Grid, found: Estimate, shared: Steps, row: int) -> tuple[Reason, ...]:
    """The steps of a line."""
    steps_taken = [_development(grid, found, shared, row)]
    if shared.silent_months[row]:
        steps_taken.append(Reason("silent", {"months": str(int(shared.silent_months[row]))}))
    if found.coming[row, grid.start :].any():
        steps_taken.append(_level(grid, found, row))
        steps_taken.append(_weights(found, row))
        steps_taken += _run_rate(grid, found, row)
        steps_taken += _utilisation(grid, found, shared, row)
    return tuple(steps_taken)


def _development(grid: Grid, found: Estimate, shared: Steps, row: int) -> Reason:
    last = min(grid.over, len(grid.months) - 1)
    figures = {
        "own_percent": _percent(found.pattern.own[row]),
        "months": str(int(shared.incomplete[row])),
        "cents": str(whole(float(found.late[row, grid.start :].sum()))),
    }
    if last >= grid.start:
        figures["month"] = str(grid.months[last])
        figures["received_percent"] = _percent(found.received[row, last])
    return Reason("development", figures)


def _level(grid: Grid, found: Estimate, row: int) -> Reason:
    weights = found.level.weights[:, row] * 100
    figures = {name: f"{weight:.1f}" for name, weight in zip(NAMES, weights, strict=True) if weight >= LITTLE}
    figures["tries"] = str(int(found.level.tries[row]))
    figures["error_percent"] = _percent(found.level.error[row])
    figures["cents"] = str(whole(float(found.coming[row, grid.start :].sum())))
    return Reason("level", figures)


def _weights(found: Estimate, row: int) -> Reason:
    by = "working_days" if found.season.by_working_days else "months"
    return Reason("weights", {"by": by, "season_percent": _percent(found.season.strength[row])})


def _run_rate(grid: Grid, found: Estimate, row: int) -> list[Reason]:
    """Both simple run rates over the months in which the agreement runs, and what lies between them."""
    runs = grid.runs[row] & (np.arange(len(grid.months)) >= grid.start)
    over = runs & (np.arange(len(grid.months)) <= grid.over)
    days, passed = int(grid.days[runs].sum()), int(grid.days[over].sum())
    if not passed:
        return []
    delivered = whole(float((found.realised[row] + found.late[row])[over].sum()))
    by_days = run_rate(delivered, passed, days)
    by_months = run_rate(delivered, int(over.sum()), int(runs.sum()))
    figures = {
        "delivered": delivered,
        "days_passed": passed,
        "days": days,
        "months_passed": int(over.sum()),
        "months": int(runs.sum()),
        "by_days": by_days,
        "by_months": by_months,
        "difference": by_months - by_days,
    }
    return [Reason("run_rate", {name: str(value) for name, value in figures.items()})]


def _utilisation(grid: Grid, found: Estimate, shared: Steps, row: int) -> list[Reason]:
    ahead = np.arange(len(grid.months)) > max(grid.now, grid.start - 1)
    allocated = np.nansum(np.where(ahead, grid.allocated[row], np.nan)) if ahead.any() else 0.0
    used = shared.used[row]
    if not np.isfinite(used) or allocated <= 0:
        return []
    brings = still_to_come(Fraction(float(allocated)), Fraction(float(used)), Cents(1))
    figures = {"used_percent": _percent(used), "allocated": str(whole(float(allocated))), "used": str(brings)}
    return [Reason("utilisation", figures)]


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
