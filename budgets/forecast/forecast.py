"""The forecast of a contract year, per line and in total: plain values in, plain values out.

Lines of P×Q are reckoned together (:mod:`budgets.forecast.pxq`), the other forms each by its own terms. Then ceilings
take off what lies above them, and bounds are put around what is left. Every amount is whole cents; parts add up to
lines, lines to the total, months to the year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from budgets.forecast.agreed import agreed
from budgets.forecast.ceiling import most, taken_off, taken_off_until
from budgets.forecast.explain import method, reasons, steps
from budgets.forecast.exposure import exposure
from budgets.forecast.grid import Floats, Grid
from budgets.forecast.inputs import Inputs, LineInput
from budgets.forecast.interval import NORMAL, Width, band, exact, width
from budgets.forecast.laid_out import make
from budgets.forecast.model import Band, Forecast, ForecastLine, LineKey, Method, MonthForecast, Reason, Standing
from budgets.forecast.parts import Draft, Spread, merged, month_forecast, nothing, price_effect, whole
from budgets.forecast.pxq import Estimate, estimate
from budgets.forecast.run_out import run_out
from budgets.forecast.trajectories import trajectories
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode


@dataclass(frozen=True, slots=True)
class _Made:
    """The lines before ceilings, the widths of their bounds, and the error of level that lines of P×Q share."""

    drafts: Mapping[LineKey, Draft]
    widths: Width
    common: float


def forecast(inputs: Inputs) -> Forecast:
    """Forecast the year from what is known on the day.

    Raises:
        ValueError: there are no contract months.
    """
    if not inputs.months:
        raise ValueError("a contract has at least one month")
    inputs = replace(inputs, months=tuple(sorted(set(inputs.months))), lines=merged(inputs.lines))
    made = _drafts(inputs)
    off = taken_off(inputs.ceilings, made.drafts)
    limits = most(inputs.ceilings, made.drafts, off)
    lines = tuple(_line(inputs, line, made, off[line.key], limits.get(line.key)) for line in inputs.lines)
    point = total(line.point for line in lines)
    realised = total(line.realised for line in lines)
    errors = _errors(inputs, made, lines)
    standings = _standings(inputs, made, lines, errors)
    spread = whole(errors[-1])
    return Forecast(
        as_of=inputs.as_of,
        realised=realised,
        not_yet_declared=total(line.not_yet_declared for line in lines),
        point=point,
        band=standings[-1].band,
        lines=lines,
        months=standings,
        budget=inputs.budget,
        run_out=run_out([(standing.month, standing.point) for standing in standings], inputs.budget),
        exposure=exposure(inputs.waiting),
        spread=spread,
    )


def _drafts(inputs: Inputs) -> _Made:
    """All lines before ceilings."""
    found = {line.key: _other(inputs, line) for line in inputs.lines}
    lines = [line for line in inputs.lines if line.agreed is None and line.trajectories is None]
    lines = [line for line in lines if line.key.form is FormCode.PXQ or line.flows]
    if not lines:
        return _Made(found, Width(*NORMAL, 1.0, 0), 0.0)
    grid = make(lines, inputs.months, inputs.as_of, inputs.cut_off)
    if inputs.closed:
        found |= {key: _closed(grid, row) for row, key in enumerate(grid.keys)}
        return _Made(found, Width(*NORMAL, 1.0, 0), 0.0)
    reckoned = estimate(grid)
    widths = width(grid, reckoned)
    shared = steps(grid, reckoned)
    wanted = set(inputs.months)
    for row, key in enumerate(grid.keys):
        months = tuple(
            month_forecast(month, *_cell(reckoned, row, place))
            for place, month in enumerate(grid.months)
            if month in wanted
        )
        sigma = whole(float(np.sqrt(reckoned.variance[row])))
        resting = (reckoned.coming + reckoned.leaning)[row, grid.start :].cumsum()
        growing = reckoned.late_variance[row, grid.start :].cumsum() + np.square(reckoned.level.error[row] * resting)
        found[key] = Draft(
            months,
            method(reckoned, row),
            reasons(grid, reckoned, shared, row),
            Spread(sigma, sigma),
            tuple(resting.tolist()),
            floor=True,
            growing=tuple(growing.tolist()),
        )
    return _Made(found, widths, reckoned.level.common)


def _cell(found: Estimate, row: int, place: int) -> tuple[int, float, float]:
    realised, late, coming = found.realised[row, place], found.late[row, place], found.coming[row, place]
    return int(realised), float(late), float(coming)


def _closed(grid: Grid, row: int) -> Draft:
    months = tuple(
        MonthForecast(month, Cents(int(cents)), ZERO, ZERO)
        for month, cents in zip(grid.months, grid.realised[row], strict=True)
    )[grid.start :]
    return Draft(months, Method.KNOWN, (Reason("known"),), Spread(ZERO, ZERO))


def _other(inputs: Inputs, line: LineInput) -> Draft:
    if line.agreed is not None:
        return agreed(inputs, line.agreed)
    if line.trajectories is not None:
        return trajectories(inputs, line.trajectories)
    return nothing(inputs)


def _line(inputs: Inputs, line: LineInput, made: _Made, off: Cents, limit: Cents | None) -> ForecastLine:
    draft = made.drafts[line.key]
    point = Cents(draft.point - off)
    effect = price_effect(draft, line)
    why = list(draft.reasons)
    if effect:
        why.append(Reason("price", {"cents": str(effect)}))
    over = [ceiling.agreement for ceiling in inputs.ceilings if off and line.key in ceiling.keys]
    why += [Reason("ceiling", {"agreement": agreement, "cents": str(off)}) for agreement in over]
    return ForecastLine(
        key=line.key,
        realised=draft.realised,
        not_yet_declared=draft.late,
        point=point,
        band=_band(draft, made.widths, off, limit),
        months=draft.months,
        method=draft.method,
        reasons=tuple(why),
        above_ceiling=off,
        price_effect=effect,
        corrections=line.corrections,
    )


def _band(draft: Draft, widths: Width, off: Cents, limit: Cents | None) -> Band:
    point = Cents(draft.point - off)
    if not draft.spread.down and not draft.spread.up:
        return exact(point)
    factors = (widths.of_80, widths.of_95) if draft.floor else NORMAL
    # What was received stays; what agreements make due may fall yet, but nothing costs less than nothing.
    least = min(draft.realised, point) if draft.floor else ZERO
    # What lies above a ceiling is lost first: the lower bounds start from what was produced, not from what is paid.
    found = band(draft.point, float(draft.spread.down), float(draft.spread.up), factors, least, None)
    high80, high95 = Cents(found.high80 - off), Cents(found.high95 - off)
    if limit is not None:
        high80, high95 = min(high80, limit), min(high95, limit)
    return Band(min(found.low80, point), max(point, high80), min(found.low95, point), max(point, high95))


def _errors(inputs: Inputs, made: _Made, lines: Sequence[ForecastLine]) -> list[float]:
    """Standard error of all lines together up to and including each contract month."""
    months = len(inputs.months)
    own, resting, apart = np.zeros(months), np.zeros(months), 0.0
    for line in lines:
        draft = made.drafts[line.key]
        half = _half(draft, line)
        factor = made.widths.of_80 if draft.floor else NORMAL[0]
        variance = (half / factor) ** 2
        apart += half / NORMAL[0]
        if not variance:
            continue
        grown = np.array(draft.growing) if draft.growing else _by_rest(draft)
        share = grown / grown[-1] if grown[-1] > 0 else np.ones(months)
        own += variance * share
        full = 2 * max(draft.spread.down, draft.spread.up)
        narrowed = min(1.0, 2 * half / factor / full) if full else 1.0
        resting += narrowed * (np.array(draft.resting) if draft.resting else np.zeros(months))
    errors = made.widths.of_total * np.sqrt(own + np.square(made.common * resting))
    # Lines that all err the same way err as much as they do one by one, and never more.
    found: list[float] = (errors * (min(1.0, apart / errors[-1]) if errors[-1] > 0 else 1.0)).tolist()
    return found


def _half(draft: Draft, line: ForecastLine) -> float:
    """Half the width of 80 % of a line; a bound that stops at nothing would lie as far down as the other up."""
    stopped = not draft.floor and not line.band.low80
    return float(line.band.high80 - line.point) if stopped else (line.band.high80 - line.band.low80) / 2


def _by_rest(draft: Draft) -> Floats:
    """Certainty goes with what is still to come, where months err together."""
    rest = np.cumsum([abs(int(month.late)) + abs(int(month.coming)) for month in draft.months], dtype=float)
    found: Floats = rest * rest
    return found


def _standings(
    inputs: Inputs, made: _Made, lines: Sequence[ForecastLine], errors: Sequence[float]
) -> tuple[Standing, ...]:
    """The total at the end of every month, with its bounds."""
    columns = [[line.months[place] for line in lines] for place in range(len(inputs.months))]
    realised = list(accumulate(total(month.realised for month in column) for column in columns))
    points = list(accumulate(total(month.point for month in column) for column in columns))
    found = []
    for place, month in enumerate(inputs.months):
        last = place == len(inputs.months) - 1
        off = total(line.above_ceiling for line in lines) if last else _off(inputs, made, month)
        point = Cents(points[place] - off)
        bounds = exact(point)
        if errors[place] > 0:
            floor = total(line.realised for line in lines if line.band.low95 >= line.realised) if last else None
            bounds = band(point, errors[place], errors[place], NORMAL, floor, None)
        if last:
            bounds = _within(bounds, lines)
        found.append(Standing(month, Cents(realised[place]), point, bounds))
    return tuple(found)


def _within(bounds: Band, lines: Sequence[ForecastLine]) -> Band:
    """Bounds of the total, no wider than those of the lines together."""
    return Band(
        max(bounds.low80, total(line.band.low80 for line in lines)),
        min(bounds.high80, total(line.band.high80 for line in lines)),
        max(bounds.low95, total(line.band.low95 for line in lines)),
        min(bounds.high95, total(line.band.high95 for line in lines)),
    )


def _off(inputs: Inputs, made: _Made, month: Month) -> Cents:
    return taken_off_until(inputs.ceilings, made.drafts, month) if inputs.ceilings else ZERO
