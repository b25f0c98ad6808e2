"""The year-end forecast against generated years: error, bias, how often its bands hold, and what it costs.

Everything is measured on histories of three years and 45 subcontractors whose parameters were written down before
there was a method (``histories/parameters.toml``; its hash is printed with the figures). Each year that has a year
before it is forecast, by default on 31 August, and held against what came of it, against two naive methods, and
against the best forecaster there can be: one who knows the parameters and all that was delivered up to that day.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean, median

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.histories.histories import history
from bench.histories.inputs import inputs
from bench.histories.judge import (
    CONTINUATIONS,
    Case,
    Forecaster,
    LineCase,
    bias,
    coverage,
    judge,
    judge_all,
    mape,
    target_years,
    wape,
)
from bench.histories.setting import PARAMETERS
from budgets.forecast.inputs import Inputs
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode

SEEDS = tuple(range(1, 13))
AUGUST = 8
_CURVE = range(3, 13)
_WIDTH = 150
_METHODS: tuple[tuple[str, Callable[[LineCase], float]], ...] = (
    ("forecast", lambda case: case.point),
    ("received / months x 12", lambda case: case.extrapolated),
    ("last year", lambda case: case.last_year),
    ("best possible", lambda case: case.best),
)


def show(seeds: Sequence[int] = SEEDS, *, detail: bool = False, continuations: int = CONTINUATIONS) -> None:
    """Measure and print."""
    forecaster = _forecaster()
    told = hashlib.sha256(PARAMETERS.read_bytes()).hexdigest()[:12]
    console = Console(width=_WIDTH, highlight=False)
    console.print(f"histories of seeds {', '.join(map(str, seeds))}; parameters {told}")
    cases = judge_all(seeds, AUGUST, forecaster, continuations=continuations)
    console.print(_totals(cases))
    console.print(summary(cases), soft_wrap=True)
    console.print(_lines(cases))
    if detail:
        console.print(_kinds(cases))
        console.print(_months(cases))
    console.print(_curve(seeds[0], forecaster, continuations))
    console.print(speed(seeds[:4], forecaster), soft_wrap=True)


def _forecaster() -> Forecaster:
    from budgets.forecast.forecast import forecast

    return forecast


def _totals(cases: Sequence[Case]) -> Table:
    table = Table(title="The total on 31 August: error in % of the truth, above zero is too high")
    for name in ("seed", "year", "truth, x 1,000", "forecast", "/ months x 12", "last year", "best possible"):
        table.add_column(name, justify="right")
    for name in ("unavoidable", "80 % band", "95 % band", "beats both"):
        table.add_column(name, justify="right")
    for case in cases:
        estimates = (case.point, case.extrapolated, case.last_year, case.best)
        inside80, inside95 = case.low80 <= case.truth <= case.high80, case.low95 <= case.truth <= case.high95
        table.add_row(
            str(case.seed),
            str(case.month.year),
            f"{case.truth / 100_000:,.0f}",
            *(f"{case.error(estimate):+.2f}" for estimate in estimates),
            f"{100 * case.unavoidable / case.truth:.2f}",
            _band(case.low80, case.high80, case.truth, inside80),
            _band(case.low95, case.high95, case.truth, inside95),
            "yes" if case.beats_both(case.point) else "NO",
        )
    return table


def _band(low: int, high: int, truth: int, inside: bool) -> str:
    return f"+-{50 * (high - low) / truth:.2f} {'in' if inside else 'OUT'}"


def summary(cases: Sequence[Case]) -> str:
    """The figures that count, in a few lines."""
    errors = {
        "forecast": [case.error(case.point) for case in cases],
        "received / months x 12": [case.error(case.extrapolated) for case in cases],
        "last year": [case.error(case.last_year) for case in cases],
        "best possible": [case.error(case.best) for case in cases],
    }
    rows = [
        f"{name}: mean |error| {fmean(map(abs, values)):.2f} %, largest {max(map(abs, values)):.2f} %, "
        f"bias {fmean(values):+.2f} %"
        for name, values in errors.items()
    ]
    unavoidable = fmean(100 * case.unavoidable / case.truth for case in cases)
    held80 = sum(case.low80 <= case.truth <= case.high80 for case in cases)
    held95 = sum(case.low95 <= case.truth <= case.high95 for case in cases)
    rows.append(f"unavoidable on average: {unavoidable:.2f} %")
    won, best = (
        sum(case.beats_both(value) for case, value in zip(cases, values, strict=True)) for values in _two(cases)
    )
    rows.append(f"beats both naive methods in {won} of {len(cases)} years (the best possible in {best})")
    rows.append(f"the total lies in its 80 % band in {held80}, in its 95 % band in {held95} of {len(cases)} years")
    return "\n".join(rows)


def _two(cases: Sequence[Case]) -> tuple[list[float], list[float]]:
    """What was forecast, and what the best possible forecaster would have said."""
    return [float(case.point) for case in cases], [case.best for case in cases]


def _lines(cases: Sequence[Case]) -> Table:
    every = [line for case in cases for line in case.lines]
    groups = (
        ("all lines", every),
        ("P x Q", [line for line in every if line.key[2] == FormCode.PXQ]),
        ("other forms", [line for line in every if line.key[2] != FormCode.PXQ]),
    )
    table = Table(title="Lines on 31 August: WAPE and MAPE in %, bias in %; bands of lines that are not certain")
    for name in ("lines", "number", "method", "WAPE", "MAPE", "bias", "certain", "in 80 %", "in 95 %", "width : best"):
        table.add_column(name, justify="left" if name in {"lines", "method"} else "right")
    for name, some in groups:
        for method, value in _METHODS:
            errors = (wape(some, value), mape(some, value), bias(some, value))
            shown = [f"{error:.2f}" for error in errors]
            table.add_row(name, str(len(some)), method, *shown, *(_held(some) if method == "forecast" else ()))
    return table


def _held(lines: Sequence[LineCase]) -> tuple[str, str, str, str]:
    """How many are certain, how often the bands of the others held, and how wide they are beside the best band."""
    open_ = [line for line in lines if not line.fixed]
    held80, held95 = coverage(open_)
    best = sum(line.best_width for line in open_)
    width = sum(line.high80 - line.low80 for line in open_) / best if best else 0.0
    return str(len(lines) - len(open_)), f"{held80:.1f}", f"{held95:.1f}", f"{width:.2f}"


def _kinds(cases: Sequence[Case]) -> Table:
    """Where the forecast does well and badly, by kind of line."""
    every = [line for case in cases for line in case.lines if line.key[2] == FormCode.PXQ]
    table = Table(title="P x Q by kind of line")
    for name in (
        "kind",
        "lines",
        "WAPE",
        "bias",
        "best WAPE",
        "in 80 %",
        "in 95 %",
        "too high",
        "too low",
        "width : best",
    ):
        table.add_column(name, justify="left" if name == "kind" else "right")
    for name, some in _by_kind(every):
        open_ = [line for line in some if not line.fixed]
        _, held80, held95, width = _held(some)
        errors = wape(some, _METHODS[0][1]), bias(some, _METHODS[0][1]), wape(some, _METHODS[-1][1])
        above = sum(line.truth < line.low80 for line in open_)
        below = sum(line.truth > line.high80 for line in open_)
        shown = [f"{error:.2f}" for error in errors]
        table.add_row(name, str(len(some)), *shown, held80, held95, str(above), str(below), width)
    return table


def _months(cases: Sequence[Case]) -> Table:
    """Where in the year the error of P×Q comes from, before ceilings."""
    every = [line for case in cases for line in case.lines if line.by_month]
    table = Table(title="P x Q by month of service: error of the sum in % of what was delivered in that month")
    table.add_column("kind")
    for number in range(1, 13):
        table.add_column(str(number), justify="right")
    kinds = [one for one in _by_kind(every) if one[0].startswith(("pace", "category"))]
    for name, some in (("all", every), *kinds):
        sums = np.array([line.by_month for line in some]).sum(axis=0)
        table.add_row(name, *(f"{100 * (told - true) / true:+.1f}" if true else "" for told, true in sums.tolist()))
    return table


def _by_kind(lines: Sequence[LineCase]) -> Iterable[tuple[str, list[LineCase]]]:
    kinds: tuple[tuple[str, Callable[[LineCase], str]], ...] = (
        ("pace", lambda line: line.pace),
        ("size", lambda line: line.size),
        ("category", lambda line: line.category),
        ("method", lambda line: line.method),
        ("ceiling", lambda line: "yes" if line.ceiling else "no"),
        ("began or ended", lambda line: "yes" if line.changed else "no"),
        ("year", lambda line: str(line.year)),
    )
    for name, kind in kinds:
        for value in sorted({kind(line) for line in lines}):
            yield f"{name}: {value}", [line for line in lines if kind(line) == value]


def _curve(seed: int, forecaster: Forecaster, continuations: int) -> Table:
    """The error of the total by month of the forecast, for the last year of one seed."""
    year = target_years(history(seed))[-1]
    table = Table(title=f"Seed {seed}, {year}: error of the total in % by month of the forecast")
    for name in ("end of month", "forecast", "/ months x 12", "last year", "best possible", "unavoidable", "80 % band"):
        table.add_column(name, justify="right")
    for number in _CURVE:
        case = judge(seed, Month(year, number), forecaster, continuations=continuations)
        shown = [f"{case.error(one):+.2f}" for one in (case.point, case.extrapolated, case.last_year, case.best)]
        inside = case.low80 <= case.truth <= case.high80
        unavoidable = f"{100 * case.unavoidable / case.truth:.2f}"
        table.add_row(str(case.month), *shown, unavoidable, _band(case.low80, case.high80, case.truth, inside))
    return table


def speed(seeds: Sequence[int], forecaster: Forecaster) -> str:
    """Processor seconds of a forecast, and how many times the floor: the same flows summed once with numpy."""
    known = [inputs(history(seed), Month(year, AUGUST)) for seed in seeds for year in target_years(history(seed))]
    took, floors = [], []
    for one in known:
        at = time.process_time()
        forecaster(one)
        took.append(time.process_time() - at)
        floors.append(_floor(one))
    flows = sum(len(line.flows) + len(line.history) for line in known[-1].lines)
    floor = median(floors)
    return (
        f"speed: {median(took):.3f} s of processor a forecast (largest {max(took):.3f}), {flows:,} flows in "
        f"{len(known[-1].lines)} lines; {median(took) / floor:.0f} x their sums with numpy ({floor * 1000:.2f} ms)"
    )


def _floor(known: Inputs) -> float:
    """Processor seconds of summing the flows by line and month, in runs enough to be measured."""
    flows = [(number, one) for number, line in enumerate(known.lines) for one in (*line.history, *line.flows)]
    keys = np.array([[number, one.service.year * 12 + one.service.number] for number, one in flows])
    cents = np.array([int(one.cents) for _, one in flows])
    keys[:, 1] -= keys[:, 1].min()
    times = 200
    at = time.process_time()
    for _ in range(times):
        sums = np.zeros(keys.max(axis=0) + 1, dtype=np.int64)
        np.add.at(sums, (keys[:, 0], keys[:, 1]), cents)
    return (time.process_time() - at) / times
