"""What an allocation allows in a product period is the same in SQL, in the agreement rules and counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Integer, String, bindparam, text

from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.kernel.periods import Month, months_between
from subcontractors.agreements.weeks import limit_in_period, limit_over_term
from subcontractors.declarations.checks import PERIOD_LIMIT
from tests.subcontractors.declarations.oracle import most_in_period, most_over_term
from tests.subcontractors.declarations.scene import allocated

NUMBERS = ("allocated_volume", "period_from", "period_to", "start_day", "end_day")
TEXTS = ("frequency", "allocated_category", "allocated_unit")
ASKED = text(
    f"SELECT {PERIOD_LIMIT} FROM (SELECT "
    + ", ".join(f"CAST(:{name} AS BIGINT) AS {name}" for name in NUMBERS)
    + ", "
    + ", ".join(f"CAST(:{name} AS VARCHAR(2)) AS {name}" for name in TEXTS)
    + ") AS l"
).bindparams(*(bindparam(name, type_=Integer) for name in NUMBERS), *(bindparam(name, type_=String) for name in TEXTS))


@st.composite
def periods(draw: st.DrawFn) -> tuple[Allocation, date, date]:
    """An allocation, often of a few days, and one of its product periods or another month."""
    start = draw(st.dates(date(2024, 12, 1), date(2025, 6, 30)))
    days = draw(st.none() | st.integers(0, 9) | st.integers(0, 120))
    one = replace(
        allocated("1"),
        start=start,
        end=None if days is None else start + timedelta(days=days),
        volume=draw(st.integers(0, 50)),
        unit=draw(st.sampled_from([Unit.HOUR, Unit.PIECE_OUTPUT, Unit.EURO, Unit.PIECE_EFFORT])),
        frequency=draw(st.sampled_from([Frequency.WEEK, Frequency.WEEK, *Frequency])),
        category=draw(st.sampled_from(["01", "02"])),
    )
    own = months_between(start, one.end or start + timedelta(days=90))
    month = draw(st.sampled_from([*own, own[0].plus(-1), own[-1].plus(1)]))
    first, last = max(month.first, start), month.last if one.end is None else min(month.last, one.end)
    return (one, first, last) if first <= last and draw(st.booleans()) else (one, month.first, month.last)


def asked(connection: Connection, one: Allocation, first: date, last: date) -> int:
    values = {
        "allocated_volume": one.volume,
        "period_from": first.toordinal(),
        "period_to": last.toordinal(),
        "start_day": one.start.toordinal(),
        "end_day": None if one.end is None else one.end.toordinal(),
        "frequency": one.frequency,
        "allocated_category": one.category,
        "allocated_unit": one.unit,
    }
    return int(connection.execute(ASKED, values).scalar_one())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(periods())
def test_three_ways_of_counting_agree(engine: Engine, drawn: tuple[Allocation, date, date]):
    one, first, last = drawn
    terms = (one.volume, one.unit, one.frequency, one.category, one.start, one.end)
    by_hand = most_in_period(one, first, last)
    assert limit_in_period(*terms, first, last) == by_hand
    assert limit_over_term(*terms) == most_over_term(one)
    with engine.connect() as connection:
        assert asked(connection, one, first, last) == by_hand


def test_examples_of_output(engine: Engine):
    july, august = Month(2025, 7), Month(2025, 8)
    until_sunday = allocated("1", "1 pieces a week", start=date(2025, 7, 7), end=date(2025, 8, 31))
    no_sunday = allocated("2", "1 pieces a week", start=date(2025, 7, 31), end=date(2025, 8, 2))
    with engine.connect() as connection:
        assert asked(connection, until_sunday, until_sunday.start, july.last) == 3
        assert asked(connection, until_sunday, august.first, august.last) == 5
        assert asked(connection, no_sunday, no_sunday.start, july.last) == 0
        assert asked(connection, no_sunday, august.first, date(2025, 8, 2)) == 1
