from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_contractor.kernel.periods import Month
from lead_contractor.web import formats


@pytest.mark.parametrize(("cents", "dutch", "english"), [
    (123456789, "€ 1.234.567,89", "€ 1,234,567.89"),
    (-5, "€ -0,05", "€ -0.05"),
    (0, "€ 0,00", "€ 0.00"),
], ids=str)  # fmt: skip
def test_an_amount_to_the_cent(cents, dutch, english):
    assert (formats.euro(cents), formats.euro(cents, "en")) == (dutch, english)


@pytest.mark.parametrize(("cents", "dutch", "english"), [
    (804_957_312, "€ 8,05 mln", "€ 8.05m"),
    (26_249_999, "€ 262 dzd", "€ 262k"),
    (99_949_999, "€ 999 dzd", "€ 999k"),
    (99_950_000, "€ 1,00 mln", "€ 1.00m"),
    (99_949, "€ 999", "€ 999"),
    (99_950, "€ 1 dzd", "€ 1k"),
    (-26_200_000, "€ -262 dzd", "€ -262k"),
    (0, "€ 0", "€ 0"),
], ids=str)  # fmt: skip
def test_an_amount_in_short(cents, dutch, english):
    assert (formats.euro_short(cents), formats.euro_short(cents, "en")) == (dutch, english)


@given(st.integers(-(10**14), 10**14))
def test_dutch_and_english_write_the_same_figure(cents):
    swapped = formats.euro(cents, "en").translate(str.maketrans(",.", ".,"))
    assert swapped == formats.euro(cents)


def test_a_plus_is_shown_where_it_matters():
    assert formats.euro(100, sign=True) == "€ +1,00"
    assert formats.number(0, sign=True) == "0"
    assert formats.percent(Decimal("3.65"), sign=True) == "+3,7 %"


def test_percentages_and_quantities():
    assert formats.percent(65, 0) == "65 %"
    assert formats.percent(Decimal("-3.25"), 1) == "-3,3 %"
    assert formats.percent(Decimal("3.2"), 1, "en") == "3.2%"
    assert formats.quantity(Decimal("6.40")) == "6,4"
    assert formats.quantity(Decimal(1240)) == "1.240"


def test_days_months_and_moments():
    assert formats.day(date(2025, 9, 12)) == "12 september 2025"
    assert formats.day(date(2025, 9, 5), weekday=True) == "vrijdag 5 september 2025"
    assert formats.day(date(2025, 9, 12), "en") == "12 September 2025"
    assert (formats.month(Month(2025, 3)), formats.month(date(2025, 3, 9), "en")) == ("mrt 2025", "Mar 2025")
    assert formats.moment(datetime(2025, 9, 5, 12, 32, tzinfo=UTC)) == "5 september 2025 14:32"
    with pytest.raises(ValueError, match="time zone"):
        formats.moment(datetime(2025, 9, 5, 12, 32))  # noqa: DTZ001 - the point of the test
