"""Where a forecast crosses the year's means, the day they run out, and budget lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from budgets.forecast.model import Band, Forecast, Standing
from budgets.signals.limits import budget_crossings, not_declared, run_out_crossing, year_crossing
from budgets.signals.model import Found, Kind, Level
from lead_contractor.kernel.money import Cents
from tests.budgets.variance.forecasts_of import BAARDMAN, KWIKSTAART, YEAR, forecast, line

AUGUST = date(2025, 8, 31)


def year(point: int, width: int, budget: int | None, realised: int = 600_000) -> Forecast:
    made = forecast(AUGUST, line(months=[(realised, 0, point - realised)]), budget=budget, width=width)
    return replace(made, run_out=date(2025, 11, 20))


@pytest.mark.parametrize(
    ("point", "width", "level", "stake"),
    [
        (900_000, 100_000, None, 0),
        (950_000, 60_000, Level.MAY, 10_000),
        (1_030_000, 40_000, Level.MAY, 70_000),
        (1_050_000, 49_999, Level.ALMOST_SURE, 50_000),
    ],
)
def test_the_year_signals_by_its_band(point: int, width: int, level: Level | None, stake: int):
    found = year_crossing(year(point, width, 1_000_000)).crossings
    assert [(one.kind, one.level, one.stake) for one in found] == ([(Kind.YEAR, level, Cents(stake))] if level else [])


def test_a_year_that_was_raised_holds_until_the_wide_band_falls_back():
    assert year_crossing(year(900_000, 60_000, 1_000_000)).holding == {"year:budget"}
    assert year_crossing(year(900_000, 50_000, 1_000_000)) == Found()


def test_what_lies_above_a_ceiling_is_not_paid_and_no_fact():
    made = forecast(AUGUST, line(months=[(1_100_000, 0, 0)], above=150_000), budget=1_000_000)
    assert year_crossing(made) == Found()


def test_what_was_received_already_is_a_fact():
    (found,) = year_crossing(year(1_100_000, 50_000, 1_000_000, realised=1_000_001)).crossings
    assert (found.level, found.stake) == (Level.FACT, Cents(100_000))
    assert found.figures["run_out"] == "2025-11-20"


def test_without_a_budget_nothing_is_crossed():
    made = year(1_100_000, 0, None)
    assert (year_crossing(made), run_out_crossing(made)) == (Found(), Found())


def months(step: int, width: int) -> tuple[Standing, ...]:
    """Each month adds so much; the band widens from September on."""
    found = []
    for number, month in enumerate(YEAR, start=1):
        point, wide = step * number, max(0, number - 8) * width
        band = Band(Cents(point - wide), Cents(point + wide), Cents(point - 2 * wide), Cents(point + 2 * wide))
        found.append(Standing(month, Cents(min(point, 8 * step)), Cents(point), band))
    return tuple(found)


def test_the_money_runs_out_before_long_or_does_not_yet():
    made = replace(year(1_200_000, 100_000, 1_050_000), months=months(100_000, 20_000))
    (found,) = run_out_crossing(made).crossings
    assert (found.kind, found.level, found.figures["may_in"], found.figures["surely_in"]) == (
        Kind.RUN_OUT, Level.ALMOST_SURE, "2025-11", "2025-12",
    )  # fmt: skip
    early = replace(made, as_of=date(2025, 7, 31))
    assert run_out_crossing(early).crossings == ()


def test_what_may_run_out_but_not_surely_before_long_is_a_may():
    made = replace(year(1_200_000, 100_000, 1_150_000), months=months(100_000, 20_000))
    (found,) = run_out_crossing(made).crossings
    assert (found.level, found.figures["may_in"], "surely_in" in found.figures) == (Level.MAY, "2025-11", False)


def test_after_the_year_nothing_runs_out():
    made = replace(year(1_200_000, 0, 1_000_000), months=months(100_000, 0), as_of=date(2025, 12, 31))
    assert run_out_crossing(made) == Found()


def test_a_budget_line_signals_by_the_wide_band_and_from_an_amount_worth_a_talk():
    lines = (
        line(months=[(2_000_000, 0, 1_200_000)], width=50_000),
        line(BAARDMAN, months=[(2_000_000, 0, 1_200_000)], width=110_000),
        line("99990103", months=[(2_000_000, 0, 1_050_000)]),
    )
    budget = {(agb, "01A03"): Cents(3_000_000) for agb in (KWIKSTAART, BAARDMAN, "99990103")}
    looked = budget_crossings(forecast(AUGUST, *lines), budget)
    found = looked.crossings
    assert looked.holding == {f"budget_line:{BAARDMAN}/01A03", "budget_line:99990103/01A03"}
    assert [(one.about, one.level, one.stake) for one in found] == [
        (f"{KWIKSTAART}/01A03", Level.ALMOST_SURE, Cents(200_000))
    ]
    assert (found[0].subcontractor, found[0].product_code, found[0].figures["low95"]) == (
        KWIKSTAART,
        "01A03",
        "3100000",
    )


def test_a_budget_that_was_passed_already_is_a_fact():
    (found,) = budget_crossings(
        forecast(AUGUST, line(months=[(3_200_000, 0, 0)])), {("", "01A03"): Cents(3_000_000)}
    ).crossings
    assert (found.level, found.stake, found.subcontractor) == (Level.FACT, Cents(200_000), "")


def test_what_is_still_expected_over_a_month_of_one_subcontractor():
    lines = (
        line(months=[(0, 500, 0)]),
        line(product="01A04", months=[(10, 250, 5)]),
        line(BAARDMAN, months=[(0, 900, 0)]),
    )
    assert not_declared(lines, KWIKSTAART, "2025-01") == Cents(755)
    assert not_declared(lines, KWIKSTAART, "2025-02") == Cents(0)
