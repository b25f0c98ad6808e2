"""Forecasts made by hand, and any forecast at all for laws."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from budgets.forecast.model import Band, Forecast, ForecastLine, LineKey, Method, MonthForecast, Reason, Standing
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode

YEAR = tuple(Month(2025, number) for number in range(1, 13))
LINDE = LineKey("65656055", "02A03", FormCode.PXQ)
KREEK = LineKey("41410003", "", FormCode.LUMP_SUM)


def band(point: int, half80: int = 0, half95: int | None = None) -> Band:
    """A band of so much on either side."""
    wide = half80 if half95 is None else half95
    return Band(Cents(point - half80), Cents(point + half80), Cents(point - wide), Cents(point + wide))


def line(key: LineKey, point: int, *, realised: int = 0, late: int = 0, half80: int = 0, half95: int = 0):
    """A line whose months do not matter."""
    return ForecastLine(
        key=key,
        realised=Cents(realised),
        not_yet_declared=Cents(late),
        point=Cents(point),
        band=band(point, half80, half95),
        months=(),
        method=Method.RUN_RATE,
    )


def forecast(as_of: date, *lines: ForecastLine, half80: int = 0, half95: int = 0) -> Forecast:
    """A forecast of these lines."""
    point = total(one.point for one in lines)
    return Forecast(
        as_of=as_of,
        realised=total(one.realised for one in lines),
        not_yet_declared=total(one.not_yet_declared for one in lines),
        point=point,
        band=band(point, half80, half95),
        lines=tuple(lines),
        months=(),
    )


cents = st.integers(-(10**13), 10**13).map(Cents)
bands = st.builds(Band, cents, cents, cents, cents)
months = st.sampled_from(YEAR)
texts = st.text(max_size=12)
keys = st.builds(LineKey, st.text("0123456789", min_size=8, max_size=8), texts, st.sampled_from(FormCode))
lines = st.builds(
    ForecastLine,
    key=keys,
    realised=cents,
    not_yet_declared=cents,
    point=cents,
    band=bands,
    months=st.lists(st.builds(MonthForecast, months, cents, cents, cents), max_size=3).map(tuple),
    method=st.sampled_from(Method),
    reasons=st.lists(st.builds(Reason, texts, st.dictionaries(texts, texts, max_size=3)), max_size=3).map(tuple),
    above_ceiling=cents,
    price_effect=cents,
    corrections=cents,
)
forecasts = st.builds(
    Forecast,
    as_of=st.dates(),
    realised=cents,
    not_yet_declared=cents,
    point=cents,
    band=bands,
    lines=st.lists(lines, max_size=4).map(tuple),
    months=st.lists(st.builds(Standing, months, cents, cents, bands), max_size=3).map(tuple),
    budget=st.none() | cents,
    run_out=st.none() | st.dates(),
    exposure=cents,
    spread=cents,
)
"""Any forecast, sensible or not."""
