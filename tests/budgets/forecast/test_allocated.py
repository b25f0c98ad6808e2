"""What allocations promise per month at full volume, in every frequency and unit, as known on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from budgets.forecast.allocated import Prices, Promise, allocated
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import Tariff
from tests.budgets.forecast.made import YEAR

LINDE = ("65656055", "02A03")
PRICES = Prices(
    [
        Tariff(*LINDE, "04", Cents(55_80), date(2025, 1, 1), date(2025, 6, 30)),
        Tariff(*LINDE, "04", Cents(58_57), date(2025, 7, 1)),
        Tariff("41410005", "08A01", "14", Cents(61_35), date(2025, 1, 1)),
    ]
)
WHOLE_YEAR = (date(2025, 1, 1), date(2025, 12, 31))
HOURS = Promise(LINDE, 40, "04", "4", None, WHOLE_YEAR, date(2024, 12, 20))
AUGUST = date(2025, 8, 31)


def values(*promises: Promise, as_of: date = AUGUST) -> dict[int, int | None]:
    """Cents by the number of the month."""
    found = allocated(promises, PRICES, YEAR, as_of)
    return {month.number: None if cents is None else int(cents) for month, cents in found[LINDE].values.items()}


def test_by_month_at_the_tariff_of_the_month():
    found = values(HOURS)
    assert list(found) == list(range(1, 13))
    assert (found[1], found[6], found[7], found[12]) == (2_232_00, 2_232_00, 2_342_80, 2_342_80)


def test_a_month_that_is_touched_counts_whole_by_month_and_by_days_by_week():
    half = (date(2025, 1, 16), date(2025, 2, 14))
    assert values(replace(HOURS, days=half)) == {1: 2_232_00, 2: 2_232_00}
    weekly = values(replace(HOURS, days=half, frequency="2", volume=7))
    assert weekly == {1: 16 * 55_80, 2: 14 * 55_80}


def test_a_week_is_not_counted_in_two_months():
    weekly = values(replace(HOURS, frequency="2", volume=7, days=(date(2025, 1, 1), date(2025, 6, 30))))
    assert sum(cents or 0 for cents in weekly.values()) == 181 * 55_80


def test_by_day_over_the_term_and_without_end():
    assert values(replace(HOURS, frequency="1", volume=2, days=(date(2025, 1, 30), date(2025, 2, 1)))) == {
        1: 2 * 2 * 55_80,
        2: 2 * 55_80,
    }
    term = replace(HOURS, frequency="6", volume=366, days=(date(2024, 12, 31), date(2025, 12, 31)))
    assert values(term)[2] == 28 * 55_80
    assert values(replace(term, days=(date(2025, 1, 1), None))) == dict.fromkeys(range(1, 13))
    assert values(replace(HOURS, days=(date(2025, 11, 3), None))) == {11: 2_342_80, 12: 2_342_80}


def test_minutes_on_an_hour_tariff_and_euros():
    assert values(replace(HOURS, unit="01", volume=95))[1] == 88_35
    assert values(replace(HOURS, unit="83", volume=300_00))[3] == 300_00
    budget = replace(HOURS, volume=None, unit="", frequency="", budget=Cents(3_650_00))
    assert values(budget)[1] == 31 * 10_00


@pytest.mark.parametrize("change", [{"volume": None}, {"unit": ""}, {"frequency": ""}, {"unit": "16"}])
def test_what_is_not_determinable_is_none_and_hides_nothing_else(change):
    unknown = replace(HOURS, **change)
    assert values(unknown) == dict.fromkeys(range(1, 13))
    assert values(unknown, HOURS)[1] == 2_232_00


def test_what_was_known_at_the_end_of_each_month():
    later = replace(HOURS, volume=10, days=(date(2025, 3, 1), date(2025, 12, 31)), known=date(2025, 4, 10))
    found = allocated([HOURS, later], PRICES, YEAR, AUGUST)[LINDE]
    assert sorted(month.number for month in found.at) == [1, 2, 3, 4, 5, 6, 7]
    assert found.at[Month(2025, 3)][Month(2025, 4)] == 2_232_00
    assert found.at[Month(2025, 4)][Month(2025, 5)] == 2_790_00
    assert min(found.at[Month(2025, 4)]) == Month(2025, 4)
    assert found.values[Month(2025, 5)] == 2_790_00


def test_a_stop_takes_the_rest_away_from_the_month_in_which_it_was_reported():
    stopped = replace(HOURS, runs=((date(2025, 1, 1), date(2025, 5, 20)),), reported=date(2025, 6, 12))
    found = allocated([stopped], PRICES, YEAR, AUGUST)[LINDE]
    assert {month.number: int(cents or 0) for month, cents in found.values.items()} == dict.fromkeys(
        range(1, 6), 2_232_00
    )
    assert found.at[Month(2025, 5)] == {Month(2025, 5): 2_232_00}
    before = allocated([HOURS], PRICES, YEAR, date(2025, 6, 10))[LINDE]
    assert before.values[Month(2025, 12)] == 2_342_80


def test_how_many_run_in_a_month():
    found = allocated([HOURS, HOURS], PRICES, YEAR, AUGUST)[LINDE]
    assert found.running[Month(2025, 3)] == 2


def test_the_index_of_the_tariff():
    index = PRICES.index(LINDE, YEAR)
    assert index[Month(2025, 6)] == 1
    assert index[Month(2025, 7)] == Fraction(58_57, 55_80)
    assert PRICES.index(("65656055", "09A00"), YEAR) == {}
