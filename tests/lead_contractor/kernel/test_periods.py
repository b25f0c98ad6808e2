"""Months and periods as values."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_contractor.kernel.periods import Month, Period, days_inclusive, months_between

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def test_a_month_has_one_text_and_knows_its_days():
    february = Month.parse("2024-02")
    assert str(february) == "2024-02"
    assert (february.first, february.last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert february.plus(-2) == Month(2023, 12)


@pytest.mark.parametrize("text", ["2025-13", "2025-1", "2025/01", "25-01", "2025-00", ""])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


def test_inclusive_days_are_half_open_inside():
    period = Period.inclusive(date(2025, 1, 1), date(2025, 12, 31))
    assert period.end == date(2026, 1, 1)
    assert period.last == date(2025, 12, 31)
    assert date(2025, 12, 31) in period
    assert date(2026, 1, 1) not in period


def test_periods_that_only_touch_do_not_overlap():
    first = Period.inclusive(date(2025, 1, 1), date(2025, 6, 30))
    assert not first.overlaps(Period.inclusive(date(2025, 7, 1), None))
    assert first.overlaps(Period.inclusive(date(2025, 6, 30), None))


@settings(max_examples=60, deadline=None)
@given(DAYS, DAYS)
def test_months_cover_the_days_between_them(first, last):
    months = months_between(first, last)
    assert bool(months) == (first <= last)
    if months:
        assert (months[0], months[-1]) == (Month.of(first), Month.of(last))
        assert all(later == earlier.plus(1) for earlier, later in itertools.pairwise(months))
    assert days_inclusive(first, last) == len(list(Period.inclusive(first, max(first, last)).days())) * (first <= last)
