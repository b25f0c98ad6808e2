"""The back-test: what each frozen forecast said against what is known since, beside two naive methods; pure.

What is known is what the newest frozen forecast says; once the year is closed that is what it cost, to the cent. An
error is what was said less what is known: above zero was too high. Percentages are of what is known, two decimals.

The naive methods know the same on the same day: what was realised so far ÷ months × the months of the year, and the
total of the year before as far as it was known then. Where a line has no year before, the second takes the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from budgets.forecast.model import Band, Forecast, ForecastLine, LineKey
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import decimal_places, to_cents

LastYear = Callable[[LineKey, date], Cents | None]
"""The cost of a line in the year before, as far as it was known on a day; ``None`` where nothing was."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a method said of the year on a day, and how far that was off; ``percent`` is ``None`` of nothing."""

    point: Cents
    error: Cents
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Held:
    """Of how many uncertain lines the interval held what is known.

    A line that was certain and right (agreed beforehand, say) is not counted.
    """

    lines: int
    in80: int
    in95: int

    @property
    def percent80(self) -> Decimal | None:
        """The share of the 80 % intervals that held."""
        return _percent(self.in80, self.lines)

    @property
    def percent95(self) -> Decimal | None:
        """The share of the 95 % intervals that held."""
        return _percent(self.in95, self.lines)


@dataclass(frozen=True, slots=True)
class BackTestRow:
    """One frozen forecast held against what is known since.

    Attributes:
        as_of: its day.
        afterwards: made long after its day, from what was received up to it.
        counts: its day lies in the contract year and before what is known, so that it counts in the totals.
        forecast: what it said of the total.
        band: the interval of the total.
        in80, in95: whether the interval of the total holds what is known.
        lines: the same over the lines.
        run_rate: naive, realised ÷ months × months of the year.
        last_year: naive, the total of the year before; ``None`` where no year before is known.
    """

    as_of: date
    afterwards: bool
    counts: bool
    forecast: Guess
    band: Band
    in80: bool
    in95: bool
    lines: Held
    run_rate: Guess
    last_year: Guess | None


@dataclass(frozen=True, slots=True)
class Score:
    """A method over all days that count: the mean error without its sign, and with it (the bias)."""

    days: int
    mean_error: Cents
    mean_percent: Decimal | None
    bias: Cents
    bias_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class BackTest:
    """All frozen forecasts of a contract year held against what is known.

    Attributes:
        known_on: the day of what is known.
        known: the total that is known.
        final: the year is closed: what is known is what it cost.
        rows: in order of day, the newest forecast itself left out.
        forecast, run_rate, last_year: how each method did over the days that count; ``None`` where it has none.
        totals: whether the interval of the total held, over the days that count.
        lines: the same over lines and days together.
    """

    known_on: date
    known: Cents
    final: bool
    rows: tuple[BackTestRow, ...]
    forecast: Score | None
    run_rate: Score | None
    last_year: Score | None
    totals: Held
    lines: Held


@dataclass(frozen=True, slots=True)
class Said:
    """A frozen forecast, as far as the back-test needs to know."""

    forecast: Forecast
    afterwards: bool


def back_test(
    said: Sequence[Said], months: Sequence[Month], corrections_until: date, last_year: LastYear
) -> BackTest | None:
    """Hold frozen forecasts against the newest of them.

    Args:
        said: the frozen forecasts, the newest of each day, in order of day.
        months: the contract months.
        corrections_until: the day from which on the cost of the year is known.
        last_year: the year before by line.

    Returns:
        ``None`` where nothing was frozen.
    """
    if not said:
        return None
    truth = said[-1].forecast
    known = {line.key: line.point for line in truth.lines}
    rows = tuple(_row(one, truth.point, known, months, last_year) for one in said[:-1])
    counted = [row for row in rows if row.counts]
    return BackTest(
        known_on=truth.as_of,
        known=truth.point,
        final=truth.as_of >= corrections_until,
        rows=rows,
        forecast=_score([row.forecast for row in counted], truth.point),
        run_rate=_score([row.run_rate for row in counted], truth.point),
        last_year=_score([row.last_year for row in counted if row.last_year is not None], truth.point),
        totals=Held(len(counted), sum(row.in80 for row in counted), sum(row.in95 for row in counted)),
        lines=_together([row.lines for row in counted]),
    )


def _row(
    said: Said, known: Cents, by_line: Mapping[LineKey, Cents], months: Sequence[Month], last_year: LastYear
) -> BackTestRow:
    made = said.forecast
    return BackTestRow(
        as_of=made.as_of,
        afterwards=said.afterwards,
        counts=made.as_of <= months[-1].last,
        forecast=_guess(made.point, known),
        band=made.band,
        in80=_in80(made.band, known),
        in95=_in95(made.band, known),
        lines=_held(made.lines, by_line),
        run_rate=_guess(total(run_rate(line.realised, months, made.as_of) for line in made.lines), known),
        last_year=_last_year(made, known, months, last_year),
    )


def run_rate(realised: Cents, months: Sequence[Month], as_of: date) -> Cents:
    """What was realised ÷ months that are over × months of the year; in the first month as if it were over."""
    over = max(1, sum(1 for month in months if month.last <= as_of))
    return to_cents(Fraction(int(realised) * len(months), over))


def _last_year(made: Forecast, known: Cents, months: Sequence[Month], last_year: LastYear) -> Guess | None:
    before = {line.key: last_year(line.key, made.as_of) for line in made.lines}
    if all(cents is None for cents in before.values()):
        return None
    points = []
    for line in made.lines:
        earlier = before[line.key]
        points.append(run_rate(line.realised, months, made.as_of) if earlier is None else earlier)
    return _guess(total(points), known)


def _held(lines: Sequence[ForecastLine], known: Mapping[LineKey, Cents]) -> Held:
    """A line that is there no more came to nothing."""
    uncertain = [
        (line.band, known.get(line.key, ZERO))
        for line in lines
        if line.band.low95 != line.band.high95 or line.point != known.get(line.key, ZERO)
    ]
    return Held(
        len(uncertain),
        sum(_in80(band, cents) for band, cents in uncertain),
        sum(_in95(band, cents) for band, cents in uncertain),
    )


def _in80(band: Band, known: Cents) -> bool:
    return band.low80 <= known <= band.high80


def _in95(band: Band, known: Cents) -> bool:
    return band.low95 <= known <= band.high95


def _together(every: Sequence[Held]) -> Held:
    return Held(sum(one.lines for one in every), sum(one.in80 for one in every), sum(one.in95 for one in every))


def _guess(point: Cents, known: Cents) -> Guess:
    error = point - known
    return Guess(point, error, _percent(int(error), int(known)))


def _score(guesses: Sequence[Guess], known: Cents) -> Score | None:
    if not guesses:
        return None
    mean = to_cents(Fraction(sum(abs(int(one.error)) for one in guesses), len(guesses)))
    bias = to_cents(Fraction(sum(int(one.error) for one in guesses), len(guesses)))
    return Score(len(guesses), mean, _percent(int(mean), int(known)), bias, _percent(int(bias), int(known)))


def _percent(part: int, whole: int) -> Decimal | None:
    if not whole:
        return None
    exact = decimal_places(Fraction(part * 100, whole), 2)
    return Decimal(exact.numerator) / Decimal(exact.denominator)
