"""Random years around a frozen forecast: as wide as the forecast says, moving together as the history did; pure.

How lines move together, and from month to month, comes from earlier years: the relative errors of a line against its
own year and season, added up over stretches as long as the part of the year that is still to come. Each draw takes all
stretches with random weights (a multiplier bootstrap), the same weight for every line, so that lines that erred
together err together. How wide a line errs is its own band, and the total is brought to the band of the total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from budgets.forecast.model import Band, Forecast, ForecastLine
from budgets.plan.model import HistoryRow
from budgets.scenarios.outcomes import Floats
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month

SIGMA80, SIGMA95 = 1.2815515655446004, 1.959963984540054
"""So many standard deviations from the middle lie the bounds of 80 % and of 95 %."""
SHOCKS = 4
"""One for the number of beschikkingen, one for each kind of own cost."""
_LEAST_MONTHS = 6
_LONGEST_STRETCH = 6
_LARGEST_ERROR = 2.0
_FAR = 4.5


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws of the base, one per row.

    Attributes:
        lines: by how much each line of the forecast differs from its point, in cents; together that of the total.
        subcontractors: the total, in cents.
        shocks: see :data:`SHOCKS`; standard normal.
    """

    lines: Floats
    subcontractors: Floats
    shocks: Floats


def draw(forecast: Forecast, history: Sequence[HistoryRow], draws: int, seed: int) -> Drawn:
    """Draw the base.

    The tenth and ninetieth percentile of the total are the forecast's bounds of 80 %, its median the point.
    """
    random = np.random.default_rng(seed)
    spreads = np.array([spread_of(line.band) for line in forecast.lines], dtype=np.float64)
    raw = _together(forecast, history, random, draws) * spreads
    summed = raw.sum(axis=1)
    score = _scores(summed) if spreads.any() else _shuffled(random, draws)
    subcontractors = year_end(forecast, score)
    missing = subcontractors - float(forecast.point) - summed
    return Drawn(raw + np.outer(missing, _shares(forecast, spreads)), subcontractors, shocks(random, draws))


def shocks(random: np.random.Generator, draws: int) -> Floats:
    """Standard normal shocks of what is not cost of subcontractors, evenly spread."""
    return np.column_stack([_shuffled(random, draws) for _ in range(SHOCKS)])


def shuffled_total(forecast: Forecast, random: np.random.Generator, draws: int) -> Floats:
    """The total alone, evenly spread over its band, in random order."""
    return year_end(forecast, _shuffled(random, draws))


def year_end(forecast: Forecast, score: Floats) -> Floats:
    """The total at a standard normal score: its bounds at their own scores, straight lines between them."""
    point, band = float(forecast.point), forecast.band
    inner = [float(band.low95), float(band.low80), point, float(band.high80), float(band.high95)]
    at = [-SIGMA95, -SIGMA80, 0.0, SIGMA80, SIGMA95]
    below = point + (inner[0] - point) * _FAR / SIGMA95
    above = point + (inner[4] - point) * _FAR / SIGMA95
    heights = np.maximum.accumulate(np.array([min(below, inner[0]), *inner, max(above, inner[4])]))
    found: Floats = np.interp(score, [-_FAR, *at, _FAR], heights)
    return found


def spread_of(band: Band) -> float:
    """One standard deviation of a band, in cents."""
    return max(0.0, float(band.high80 - band.low80) / 2 / SIGMA80)


def future_of(line: ForecastLine) -> int:
    """What of a line is not realised yet, in cents, before a ceiling."""
    return sum(int(month.late) + int(month.coming) for month in line.months)


def _shares(forecast: Forecast, spreads: Floats) -> Floats:
    """Over which lines the total is brought to its band: the least sure ones most."""
    weights = spreads**2
    if not weights.any():
        weights = np.array([max(0, future_of(line)) for line in forecast.lines], dtype=np.float64)
    whole = float(weights.sum())
    return weights / whole if whole else weights


def _scores(values: Floats) -> Floats:
    """Standard normal scores in the order of the values."""
    order = np.empty(len(values), dtype=np.int64)
    order[np.argsort(values, kind="stable")] = np.arange(len(values))
    return _even(len(values))[order]


def _shuffled(random: np.random.Generator, draws: int) -> Floats:
    return random.permutation(_even(draws))


def _even(draws: int) -> Floats:
    """Standard normal scores that divide the distribution into equal parts."""
    from scipy.special import ndtri

    even: Floats = ndtri((np.arange(draws) + 0.5) / draws)
    return even


def _together(forecast: Forecast, history: Sequence[HistoryRow], random: np.random.Generator, draws: int) -> Floats:
    """Standard normal per line and draw; together as far as the history shows it."""
    coming = sum(1 for month in (forecast.lines[0].months if forecast.lines else ()) if month.coming or month.late)
    errors = relative_errors(history)
    alone = random.standard_normal((draws, len(forecast.lines)))
    known = {key: place for place, key in enumerate(errors)}
    places = [known.get((line.key.subcontractor, line.key.product_code)) for line in forecast.lines]
    if not errors or all(place is None for place in places):
        return alone
    stretches = _stretches(np.column_stack(list(errors.values())), max(1, coming))
    scale = np.sqrt((stretches**2).sum(axis=0))
    weights = random.standard_normal((draws, len(stretches)))
    joint = weights @ np.divide(stretches, scale, out=np.zeros_like(stretches), where=scale > 0)
    for column, place in enumerate(places):
        if place is not None and scale[place] > 0:
            alone[:, column] = joint[:, place]
    return alone


def _stretches(errors: Floats, months: int) -> Floats:
    """Errors added up over every stretch of so many months, at most six: over a whole year they cancel out."""
    length = min(months, _LONGEST_STRETCH, max(1, len(errors) // 2))
    added = np.vstack([np.zeros(errors.shape[1]), errors.cumsum(axis=0)])
    found: Floats = added[length:] - added[:-length]
    return found


def relative_errors(history: Sequence[HistoryRow]) -> Mapping[tuple[str, str], Floats]:
    """Per subcontractor and product, by month: by what share a month differs from its year's average and its season.

    Lines with fewer than six months of history are left out; months without anything in a line count as such.
    """
    by_line: dict[tuple[str, str], dict[Month, int]] = defaultdict(lambda: defaultdict(int))
    for row in history:
        by_line[row.subcontractor, row.product_code][row.service_month] += int(row.amount)
    years = sorted({month.year for months in by_line.values() for month in months})
    if not years:
        return {}
    found: dict[tuple[str, str], Floats] = {}
    for key in sorted(by_line):
        if len(by_line[key]) < _LEAST_MONTHS:
            continue
        table = np.array(
            [[by_line[key].get(Month(year, n), 0) for n in range(1, MONTHS_IN_YEAR + 1)] for year in years],
            dtype=np.float64,
        )
        found[key] = _errors(table)
    return found


def _errors(table: Floats) -> Floats:
    """Years by months of one line as errors, one after another; a season counts the more the more years show it."""
    average = table.mean(axis=1, keepdims=True)
    relative = np.divide(table, average, out=np.ones_like(table), where=average > 0) - 1
    if len(table) > 1:
        relative -= relative.mean(axis=0, keepdims=True) * (1 - 1 / len(table))
    found: Floats = np.clip(relative, -_LARGEST_ERROR, _LARGEST_ERROR).ravel()
    return found
