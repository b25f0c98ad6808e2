"""Quarters as values."""

from __future__ import annotations

from datetime import date

import pytest

from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.quarters import Quarter


def test_a_quarter_has_three_months_and_one_text():
    quarter = Quarter.parse("2025-Q3")
    assert quarter.months == (Month(2025, 7), Month(2025, 8), Month(2025, 9))
    assert (quarter.first, quarter.last) == (date(2025, 7, 1), date(2025, 9, 30))
    assert str(quarter) == "2025-Q3"
    assert {Quarter.of(month) for month in quarter.months} == {quarter}


def test_quarters_follow_one_another_over_years():
    assert Quarter(2025, 4).plus(1) == Quarter(2026, 1)
    assert Quarter(2025, 1).plus(-1) == Quarter(2024, 4)
    assert Quarter(2024, 4) < Quarter(2025, 1)


@pytest.mark.parametrize("text", ["2025-Q5", "2025-3", "2025-q3", "25-Q1", "2025-Q33", "", "0000-Q1"])
def test_what_is_no_quarter_is_refused(text: str):
    with pytest.raises(ValueError):
        Quarter.parse(text)
