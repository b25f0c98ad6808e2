"""Months over which nothing was declared, those of which a part came in, and growth that lines share."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from budgets.forecast.arrived import heard_share, received_share
from budgets.forecast.development import pattern
from budgets.forecast.drift import drift, turn_error
from budgets.forecast.forecast import forecast
from budgets.forecast.grid import Grid
from budgets.forecast.inputs import Flow
from budgets.forecast.laid_out import make
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from tests.budgets.forecast.lines import EVEN, TWO_YEARS, YEAR, developed, inputs, line, pxq

AUGUST = Month(2025, 8)
PACE = (0, 90, 97, 100)
LEVEL = dict(zip(TWO_YEARS, EVEN, strict=True))


def silent_since(last: Month, allocated: dict[Month, Cents]):
    """A line that was declared every month, of which nothing came in after a month; with one that goes on."""
    flows = developed({month: cents for month, cents in LEVEL.items() if month <= AUGUST}, PACE, AUGUST)
    came = [flow for flow in flows if flow.received <= last]
    asked = inputs(date(2025, 8, 31), line(pxq("11110001"), came, allocated=allocated), line(pxq("11110002"), flows))
    return forecast(asked).lines[0].months


@pytest.mark.parametrize(("last", "silent"), [(7, (7,)), (6, (6, 7))], ids=["one month", "two months"])
def test_who_always_declared_and_misses_a_month_or_two_is_late(last, silent):
    months = silent_since(Month(2025, last), {})
    assert all(80_000_00 < months[number - 1].late < 100_000_00 for number in silent)


def test_who_misses_a_third_month_has_perhaps_stopped():
    months = silent_since(Month(2025, 5), {})
    assert all(month.late < 60_000_00 for month in months[4:7])


def test_whose_allocations_ended_has_perhaps_stopped():
    ended = {month: Cents(0 if month >= Month(2025, 6) else 125_000_00) for month in YEAR}
    months = silent_since(Month(2025, 6), ended)
    assert all(month.late < 60_000_00 for month in months[5:7])


def missing_every_third(level: int) -> list[Flow]:
    """Ninety in a hundred a month later and the rest in the next; every third month all of it two months later."""
    found = []
    for place, month in enumerate(TWO_YEARS[:20]):
        if place % 3 == 2 and month < AUGUST.plus(-2):
            found.append(Flow(month, month.plus(2), Cents(level)))
            continue
        found += [Flow(month, month.plus(1), Cents(level * 9 // 10)), Flow(month, month.plus(2), Cents(level // 10))]
    return [flow for flow in found if flow.received <= AUGUST]


def test_months_of_which_something_came_in_develop_as_such_months_do():
    grid = make([line(pxq(), missing_every_third(100_000_00))], YEAR, date(2025, 8, 31), None)
    found = pattern(grid)
    july = grid.months.index(Month(2025, 7))
    every, _ = received_share(grid, found)
    heard, _ = heard_share(grid, found, 0.3)
    # A third of the months was silent after one month: of all months together far less was in.
    assert every[0, july] < 0.7
    assert heard[0, july] == pytest.approx(0.9, abs=0.001)


def test_late_months_of_irregular_subcontractors_are_not_counted_twice():
    made = forecast(inputs(date(2025, 8, 31), line(pxq(), missing_every_third(100_000_00))))
    july = made.lines[0].months[6]
    assert july.realised == 90_000_00
    assert july.point == pytest.approx(100_000_00, rel=0.02)


def grown(percent: float, months: int = 20) -> Grid:
    """One line that grows so much a year, received at once."""
    flows = [
        Flow(month, month, Cents(round(100_000_00 * (1 + percent / 100) ** (place / 12))))
        for place, month in enumerate(TWO_YEARS[:months])
    ]
    return make([line(pxq(), flows)], YEAR, date(2025, 8, 31), None)


@pytest.mark.parametrize("percent", [6.0, -6.0])
def test_growth_that_was_seen_goes_on_in_part(percent):
    grid = grown(percent)
    sure = grid.realised > 0
    weights = drift(grid, grid.realised, sure)
    assert weights[grid.now] == 1
    year = np.log(weights[grid.now] / weights[grid.now - 12]) / np.log(1 + percent / 100)
    assert 0.1 < year < 0.4
    # Work that doubled is new work, not growth that goes on.
    assert drift(grid, grid.realised * np.where(np.arange(24) < 12, 1, 2), sure)[-1] < 1.02


def test_without_an_earlier_year_no_growth_is_expected_and_it_is_less_sure():
    flows = [Flow(month, month, Cents(100_000_00 + place * 5_000_00)) for place, month in enumerate(YEAR[:8])]
    first = make([line(pxq(), flows)], YEAR, date(2025, 8, 31), None)
    assert (drift(first, first.realised, first.realised > 0) == 1).all()
    assert turn_error(first, 4) > turn_error(grown(0), 4) > 0
    assert turn_error(first, 0) == 0


def test_all_lines_growing_alike_end_nearer_to_what_they_come_to():
    def asked(percent: float):
        months = {month: round(100_000_00 * (1 + percent / 100) ** (n / 12)) for n, month in enumerate(TWO_YEARS)}
        known = {month: cents for month, cents in months.items() if month <= AUGUST}
        lines = [line(pxq(f"1111000{number}"), developed(known, PACE, AUGUST)) for number in range(5)]
        return forecast(inputs(date(2025, 8, 31), *lines)), 5 * sum(months[month] for month in YEAR)

    for percent in (4.0, -4.0):
        made, truth = asked(percent)
        assert made.point == pytest.approx(truth, rel=0.006)
        assert made.point == total(one.point for one in made.lines)
