"""Working days, checked by hand against the calendar of a few years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_contractor.kernel.working_days import (
    add_working_days,
    holidays_of,
    is_working_day,
    working_days_between,
)

BY_HAND = {
    2013: {"01-01", "31-03", "01-04", "30-04", "09-05", "19-05", "20-05", "25-12", "26-12"},
    2024: {"01-01", "31-03", "01-04", "27-04", "09-05", "19-05", "20-05", "25-12", "26-12"},
    2025: {"01-01", "20-04", "21-04", "26-04", "05-05", "29-05", "08-06", "09-06", "25-12", "26-12"},
    2026: {"01-01", "05-04", "06-04", "27-04", "14-05", "24-05", "25-05", "25-12", "26-12"},
    2027: {"01-01", "28-03", "29-03", "27-04", "06-05", "16-05", "17-05", "25-12", "26-12"},
    2030: {"01-01", "21-04", "22-04", "27-04", "05-05", "30-05", "09-06", "10-06", "25-12", "26-12"},
}
"""Day and month of each holiday that is kept: with 5 May in 2025 and 2030 only, and never Good Friday."""

DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2045, 12, 31))


@pytest.mark.parametrize("year", sorted(BY_HAND))
def test_the_holidays_of_a_year(year):
    assert {f"{day:%d-%m}" for day in holidays_of(year)} == BY_HAND[year]


def test_how_many_working_days_a_year_has():
    # 2025: 365 days, 52 weeks and a Wednesday: 261 weekdays, less 7 holidays on weekdays
    # (New Year, Easter Monday, 5 May, Ascension, Whit Monday, both days of Christmas; King's Day is a Saturday).
    assert working_days_between(date(2024, 12, 31), date(2025, 12, 31)) == 254
    # 2026: 261 weekdays, less New Year, Easter Monday, King's Day, Ascension, Whit Monday and Christmas Day;
    # 26 December is a Saturday.
    assert working_days_between(date(2025, 12, 31), date(2026, 12, 31)) == 255


def test_good_friday_is_a_working_day_and_easter_monday_is_none():
    assert is_working_day(date(2025, 4, 18))
    assert not is_working_day(date(2025, 4, 21))


def test_liberation_day_counts_once_in_five_years():
    assert not is_working_day(date(2025, 5, 5))
    assert is_working_day(date(2026, 5, 5))


def test_kings_day_moves_to_saturday_when_it_would_be_a_sunday():
    assert date(2025, 4, 26) in holidays_of(2025)
    assert date(2025, 4, 27) not in holidays_of(2025)


def test_the_day_of_receipt_does_not_count():
    friday = date(2025, 9, 5)
    assert add_working_days(friday, 1) == date(2025, 9, 8)
    assert add_working_days(friday, 3) == date(2025, 9, 10)


def test_a_message_of_saturday_counts_from_monday():
    assert add_working_days(date(2025, 9, 6), 3) == date(2025, 9, 10)


def test_ten_working_days_over_christmas():
    # 22, 23, 24, 29, 30, 31 December; 2, 5, 6, 7 January
    assert add_working_days(date(2025, 12, 19), 10) == date(2026, 1, 7)


def test_three_working_days_over_easter():
    # Thursday 17 April 2025: Friday 18, Tuesday 22, Wednesday 23
    assert add_working_days(date(2025, 4, 17), 3) == date(2025, 4, 23)


def test_no_working_days_is_the_day_itself():
    assert add_working_days(date(2025, 9, 6), 0) == date(2025, 9, 6)


def test_a_term_does_not_run_backwards():
    with pytest.raises(ValueError, match="zero"):
        add_working_days(date(2025, 9, 6), -1)


@given(day=DAYS, days=st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_between_counts_what_add_added(day, days):
    assert working_days_between(day, add_working_days(day, days)) == days


@given(day=DAYS, days=st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_a_term_ends_on_a_working_day(day, days):
    assert is_working_day(add_working_days(day, days))


@given(day=DAYS, one=st.integers(0, 30), other=st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_two_terms_after_each_other_are_one(day, one, other):
    assert add_working_days(add_working_days(day, one), other) == add_working_days(day, one + other)


@given(first=DAYS, length=st.integers(0, 500))
@settings(max_examples=60, deadline=None)
def test_between_is_the_count_of_days_one_by_one(first, length):
    last = first + timedelta(days=length)
    counted = sum(is_working_day(first + timedelta(days=n)) for n in range(1, length + 1))
    assert working_days_between(first, last) == counted
    assert working_days_between(last, first) == -counted
