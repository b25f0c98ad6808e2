"""What a forecast is held against: the truth, two naive methods, and the part of the error that none could avoid."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from bench.histories.histories import History, Key, further, history
from bench.histories.inputs import inputs
from bench.histories.known import Known
from budgets.forecast.inputs import Inputs
from budgets.forecast.model import Forecast, ForecastLine
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month
from subcontractors.agreements.model import FormCode

Forecaster = Callable[[Inputs], Forecast]
CONTINUATIONS = 200
"""How often a year is gone on with from the same state, for the part that no method could avoid."""


@dataclass(frozen=True, slots=True)
class LineCase:
    """One line of one year: what was forecast and what came of it, in cents.

    Attributes:
        pace: how the subcontractor declares, empty outside P×Q; ``size`` likewise.
        clients: those at the start of the history.
        changed: the agreement began or ended in the year.
        best: what the best possible forecaster would have said; ``best_width`` is the width of the 80 % band of it.
        by_month: under P×Q what was forecast and what was delivered in each month of the year, before ceilings.
    """

    seed: int
    year: int
    key: Key
    category: str
    pace: str
    size: str
    clients: int
    ceiling: bool
    changed: bool
    truth: int
    point: int
    low80: int
    high80: int
    low95: int
    high95: int
    method: str
    extrapolated: int
    last_year: int
    best: float
    best_width: float
    by_month: tuple[tuple[int, int], ...]

    @property
    def fixed(self) -> bool:
        """Whether the forecast leaves no room: nothing to hold an interval against."""
        return self.low95 == self.high95

    @property
    def holds80(self) -> bool:
        """Whether the truth lies within the 80 % band."""
        return self.low80 <= self.truth <= self.high80

    @property
    def holds95(self) -> bool:
        """Whether the truth lies within the 95 % band."""
        return self.low95 <= self.truth <= self.high95


@dataclass(frozen=True, slots=True)
class Case:
    """One year of one seed, forecast at the end of a month; totals in cents.

    Attributes:
        extrapolated: the first naive method: all that came in so far, divided by the months over, times twelve.
        last_year: the second: what the year before came to, as known on the day.
        best: the mean of many continuations of the same state.
        unavoidable: how far such a continuation lies from that mean, on average.
    """

    seed: int
    month: Month
    truth: int
    point: int
    low80: int
    high80: int
    low95: int
    high95: int
    extrapolated: int
    last_year: int
    best: float
    unavoidable: float
    lines: tuple[LineCase, ...]

    def error(self, estimate: float) -> float:
        """How far an estimate lies from the truth, in percent of it; above zero is too high."""
        return 100 * (estimate - self.truth) / self.truth

    def beats_both(self, estimate: float) -> bool:
        """Whether an estimate came nearer than either naive method."""
        own = abs(self.error(estimate))
        return own < abs(self.error(self.extrapolated)) and own < abs(self.error(self.last_year))


def judge(seed: int, month: Month, forecaster: Forecaster, *, continuations: int = CONTINUATIONS) -> Case:
    """Forecast the year of a month at the end of it, and hold it against what came of it."""
    made = history(seed)
    known = inputs(made, month)
    told = forecaster(known)
    truth = made.truth(month.year)
    others = further(made, month, continuations)
    sums = np.array([sum(one.values()) for one in others], dtype=float)
    so_far, before = _so_far(known), _year_before(made, known)
    months = month.number
    lines = {(line.key.subcontractor, line.key.product_code, line.key.form.value): line for line in told.lines}
    cases = [
        _line(made, known, key, lines.get(key), cents, so_far.get(key, 0), before.get(key, 0), others)
        for key, cents in truth.items()
        if key in lines or cents
    ]
    return Case(
        seed=seed,
        month=month,
        truth=sum(truth.values()),
        point=int(told.point),
        low80=int(told.band.low80),
        high80=int(told.band.high80),
        low95=int(told.band.low95),
        high95=int(told.band.high95),
        extrapolated=round(sum(so_far.values()) * MONTHS_IN_YEAR / months),
        last_year=sum(before.values()),
        best=float(sums.mean()),
        unavoidable=float(np.abs(sums - sums.mean()).mean()),
        lines=tuple(cases),
    )


def judge_all(
    seeds: Sequence[int], number: int, forecaster: Forecaster, *, continuations: int = CONTINUATIONS
) -> list[Case]:
    """Every seed and every year that has a year before it, forecast at the end of a month by its number."""
    return [
        judge(seed, Month(year, number), forecaster, continuations=continuations)
        for seed in seeds
        for year in target_years(history(seed))
    ]


def target_years(made: History) -> tuple[int, ...]:
    """The years that have a year before them."""
    first = made.given.months[0].year
    return tuple(range(first + 1, first + made.given.raw["years"]))


def _so_far(known: Inputs) -> dict[Key, int]:
    """What each line has cost so far, as far as it came in; agreed forms by the months that are over."""
    found = {}
    for line in known.lines:
        cents: int = sum(one.cents for one in line.flows)
        if line.agreed is not None:
            cents += sum(due for month, due in line.agreed.months.items() if month.last <= known.as_of)
        if line.trajectories is not None:
            cents += sum(line.trajectories.due.values())
        found[line.key.subcontractor, line.key.product_code, line.key.form.value] = int(cents)
    return found


def _year_before(made: History, known: Inputs) -> dict[Key, int]:
    """What the year before came to: under P×Q as far as it came in, the other forms as they were settled."""
    year = known.as_of.year - 1
    found = {key: int(cents) for key, cents in made.truth(year).items() if key[2] != FormCode.PXQ}
    for line in known.lines:
        if line.key.form is FormCode.PXQ:
            found[line.key.subcontractor, line.key.product_code, line.key.form.value] = sum(
                int(one.cents) for one in line.history if one.service.year == year
            )
    return found


def _line(
    made: History,
    known: Inputs,
    key: Key,
    line: ForecastLine | None,
    truth: int,
    so_far: int,
    before: int,
    others: Sequence[Mapping[Key, int]],
) -> LineCase:
    own = next((one for one in made.given.lines if (one.agb, one.product) == key[:2]), None)
    went = np.array([one[key] for one in others], dtype=float)
    low, high = np.quantile(went, [0.1, 0.9])
    agreed = () if own is None else Known(made, known.as_of.year, Month(known.as_of.year, 12)).agreed_months(own.owner)
    return LineCase(
        seed=made.seed,
        year=known.as_of.year,
        key=key,
        category=key[2] if own is None else own.category,
        pace="" if own is None else own.pace,
        size="" if own is None else own.size,
        clients=0 if own is None else own.clients,
        ceiling=own is not None and own.ceiling,
        changed=own is not None and len(agreed) < MONTHS_IN_YEAR,
        truth=truth,
        point=0 if line is None else int(line.point),
        low80=0 if line is None else int(line.band.low80),
        high80=0 if line is None else int(line.band.high80),
        low95=0 if line is None else int(line.band.low95),
        high95=0 if line is None else int(line.band.high95),
        method="" if line is None else line.method.value,
        extrapolated=round(so_far * MONTHS_IN_YEAR / known.as_of.month),
        last_year=before,
        best=float(went.mean()),
        best_width=float(high - low),
        by_month=_by_month(made, known, key, line),
    )


def _by_month(made: History, known: Inputs, key: Key, line: ForecastLine | None) -> tuple[tuple[int, int], ...]:
    number = next((at for at, one in enumerate(made.given.lines) if (one.agb, one.product) == key[:2]), None)
    if number is None:
        return ()
    told = {} if line is None else {one.month: int(one.point) for one in line.months}
    first = made.given.place(known.months[0])
    return tuple(
        (told.get(month, 0), round(made.delivered[number, first + at])) for at, month in enumerate(known.months)
    )


def wape(cases: Sequence[LineCase], value: Callable[[LineCase], float]) -> float:
    """The sum of absolute errors in percent of the sum of the truths."""
    whole = sum(abs(case.truth) for case in cases)
    return 100 * sum(abs(value(case) - case.truth) for case in cases) / whole if whole else 0.0


def mape(cases: Sequence[LineCase], value: Callable[[LineCase], float]) -> float:
    """The mean of the absolute errors in percent of each line's own truth; lines that came to nothing are left out."""
    some = [100 * abs(value(case) - case.truth) / abs(case.truth) for case in cases if case.truth]
    return fmean(some) if some else 0.0


def bias(cases: Sequence[LineCase], value: Callable[[LineCase], float]) -> float:
    """The sum of the errors in percent of the sum of the truths; above zero is too high."""
    whole = sum(case.truth for case in cases)
    return 100 * sum(value(case) - case.truth for case in cases) / whole if whole else 0.0


def coverage(cases: Sequence[LineCase]) -> tuple[float, float]:
    """How often, in percent, the 80 % band and the 95 % band held the truth."""
    if not cases:
        return 0.0, 0.0
    return (
        100 * fmean(case.holds80 for case in cases),
        100 * fmean(case.holds95 for case in cases),
    )
