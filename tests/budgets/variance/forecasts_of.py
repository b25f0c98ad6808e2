"""Forecasts made by hand, for tests of what changed between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hypothesis import strategies as st

from budgets.forecast.model import Band, Forecast, ForecastLine, LineKey, Method, MonthForecast
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode

YEAR = tuple(Month(2025, number) for number in range(1, 13))
KWIKSTAART, BAARDMAN = "99990101", "99990102"


def band(point: int, width: int = 0) -> Band:
    """A band of so much to either side."""
    return Band(Cents(point - width), Cents(point + width), Cents(point - 2 * width), Cents(point + 2 * width))


def line(
    subcontractor: str = KWIKSTAART,
    product: str = "01A03",
    form: FormCode = FormCode.PXQ,
    *,
    months: Sequence[tuple[int, int, int]] = (),
    above: int = 0,
    price: int = 0,
    corrections: int = 0,
    width: int = 0,
) -> ForecastLine:
    """A line; each month is what was realised, is late and is to come, from January on."""
    made = tuple(
        MonthForecast(month, Cents(realised), Cents(late), Cents(coming))
        for month, (realised, late, coming) in zip(YEAR, months, strict=False)
    )
    point = total(month.point for month in made) - above
    return ForecastLine(
        LineKey(subcontractor, product, form),
        total(month.realised for month in made),
        total(month.late for month in made),
        point,
        band(point, width),
        made,
        Method.RUN_RATE,
        (),
        Cents(above),
        Cents(price),
        Cents(corrections),
    )


def forecast(day: date, *lines: ForecastLine, budget: int | None = None, width: int = 0) -> Forecast:
    """A forecast of these lines."""
    point = total(one.point for one in lines)
    return Forecast(
        day,
        total(one.realised for one in lines),
        total(one.not_yet_declared for one in lines),
        point,
        band(point, width),
        tuple(sorted(lines, key=lambda one: one.key)),
        (),
        None if budget is None else Cents(budget),
    )


_cents = st.integers(-(10**9), 10**9)
_months = st.lists(st.tuples(_cents, _cents, _cents), max_size=12)
_keys = st.tuples(
    st.sampled_from((KWIKSTAART, BAARDMAN, "99990103")),
    st.sampled_from(("", "01A03", "02A05", "02A17")),
    st.sampled_from(tuple(FormCode)),
)


@st.composite
def any_forecast(draw: st.DrawFn) -> Forecast:
    """Any forecast at all."""
    lines = [
        line(
            *key,
            months=draw(_months),
            above=draw(st.integers(0, 10**9)),
            price=draw(_cents),
            corrections=draw(st.integers(-(10**9), 0)),
        )
        for key in draw(st.sets(_keys, max_size=8))
    ]
    day = draw(st.dates(date(2025, 1, 1), date(2026, 3, 31)))
    return forecast(day, *lines, budget=int(ZERO))
