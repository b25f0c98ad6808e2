"""Volume limits per product period and over the term: rules 13 and 46."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_contractor.kernel.periods import Month, months_between
from subcontractors.agreements.weeks import limit_in_period, limit_over_term, output_weeks, sundays, weeks_touched

OCTOBER, NOVEMBER, DECEMBER = (date(2025, number, 1) for number in (10, 11, 12))


def limits(volume, unit, start, end, *periods, category="02", frequency="2"):
    return [limit_in_period(volume, unit, frequency, category, start, end, *period) for period in periods]


def test_rule_13_a_broken_period_may_hold_full_weeks():
    start, end = date(2025, 11, 12), date(2025, 12, 13)
    assert limits(3, "04", start, end, (start, date(2025, 11, 30))) == [9]
    assert 9 * 5580 == 50220


def test_rule_46_effort_counts_the_iso_weeks_touched():
    start, end = date(2025, 10, 7), date(2025, 12, 30)
    periods = ((start, date(2025, 10, 31)), (NOVEMBER, date(2025, 11, 30)), (DECEMBER, end))
    assert limits(3, "04", start, end, *periods) == [12, 15, 15]
    assert limit_over_term(3, "04", "2", "02", start, end) == 39


def test_rule_46_output_counts_sundays_and_a_last_broken_week():
    start, end = OCTOBER, date(2025, 12, 31)
    periods = ((start, date(2025, 10, 31)), (NOVEMBER, date(2025, 11, 30)), (DECEMBER, end))
    assert limits(30000, "83", start, end, *periods) == [120000, 150000, 150000]
    assert limit_over_term(30000, "83", "2", "02", start, end) == 420000


def test_rule_46_output_gives_the_last_broken_week_to_the_period_of_the_last_sunday():
    start, end = date(2025, 7, 7), date(2025, 9, 5)
    periods = ((start, date(2025, 7, 31)), (date(2025, 8, 1), date(2025, 8, 31)), (date(2025, 9, 1), end))
    assert limits(30000, "83", start, end, *periods) == [90000, 180000, 0]
    assert limits(1, "82", start, end, *periods) == [3, 6, 0]


def test_rule_46_domestic_help_may_declare_six_weeks_a_period_whatever_the_unit():
    start, end = date(2025, 10, 7), date(2025, 12, 30)
    for unit in ("04", "01", "82", "83", "84"):
        assert limits(3, unit, start, end, (start, date(2025, 10, 31)), category="01") == [18]
        assert limit_over_term(3, unit, "2", "01", start, end) == 39


def test_an_output_allocation_that_ends_on_a_sunday_has_no_broken_week():
    start, end = date(2022, 7, 11), date(2022, 9, 4)
    periods = ((start, date(2022, 7, 31)), (date(2022, 8, 1), date(2022, 8, 31)), (date(2022, 9, 1), end))
    assert limits(30000, "83", start, end, *periods) == [90000, 120000, 30000]


def test_an_output_allocation_without_a_sunday_is_one_week_in_the_period_of_its_last_day():
    start, end = date(2025, 1, 30), date(2025, 2, 1)
    periods = ((start, date(2025, 1, 31)), (end, end))
    assert limits(1, "82", start, end, *periods) == [0, 1]
    assert limit_over_term(30000, "83", "2", "02", start, end) == 30000


def test_an_open_output_allocation_counts_sundays_only_and_has_no_limit_over_the_term():
    assert limits(1, "82", OCTOBER, None, (DECEMBER, date(2025, 12, 31))) == [4]
    for frequency in ("1", "2", "4", "6"):
        assert limit_over_term(1, "82", frequency, "02", OCTOBER, None) is None


@pytest.mark.parametrize(
    ("frequency", "in_period", "over_term"),
    [("1", 2 * 20, 2 * 41), ("4", 2, 4), ("6", 2, 2)],
    ids=["day", "month", "total"],
)
def test_other_frequencies(frequency, in_period, over_term):
    start, end = date(2025, 11, 11), date(2025, 12, 21)
    assert limits(2, "16", start, end, (start, date(2025, 11, 30)), frequency=frequency) == [in_period]
    assert limit_over_term(2, "16", frequency, "02", start, end) == over_term


def test_without_volume_there_is_no_limit():
    assert limits(None, None, OCTOBER, None, (OCTOBER, NOVEMBER), frequency=None) == [None]
    assert limit_over_term(None, None, None, "02", OCTOBER, NOVEMBER) is None


TERMS = st.tuples(st.dates(date(2023, 1, 1), date(2026, 12, 31)), st.integers(0, 500))


@given(TERMS)
def test_weeks_and_sundays_agree_with_counting_days(term):
    first, last = term[0], term[0] + timedelta(days=term[1])
    days = [first + timedelta(days=n) for n in range(term[1] + 1)]
    assert weeks_touched(first, last) == len({day.isocalendar()[:2] for day in days})
    assert sundays(first, last) == sum(day.isoweekday() == 7 for day in days)


@given(TERMS)
def test_the_months_of_an_output_allocation_add_up_to_its_term(term):
    first, last = term[0], term[0] + timedelta(days=term[1])
    periods = [(max(first, month.first), min(last, month.last)) for month in months_between(first, last)]
    assert sum(output_weeks(first, last, *period) for period in periods) == output_weeks(first, last, first, last)
    assert Month.of(first) == Month.of(periods[0][0])
    assert output_weeks(first, last, first, last) == weeks_touched(first, last)
