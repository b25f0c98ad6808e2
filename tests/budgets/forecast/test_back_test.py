"""The back-test by hand: errors, bias and intervals, beside two naive methods that know the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from budgets.forecast.back_test import Said, back_test, run_rate
from budgets.forecast.model import Forecast
from lead_contractor.kernel.money import Cents
from tests.budgets.forecast.made import KREEK, LINDE, YEAR, forecast, line

CLOSED = date(2026, 5, 31)
MARCH, JUNE, JANUARY = date(2025, 3, 31), date(2025, 6, 30), date(2026, 1, 31)


def said(day: date, linde: int, realised: int, half80: int, half95: int) -> Forecast:
    """Thuiszorg that is uncertain, and a lump sum of 1,200.00 that is not."""
    over = sum(1 for month in YEAR if month.last <= day)
    lump = line(KREEK, 1_200_00, realised=100_00 * over)
    return forecast(day, line(LINDE, linde, realised=realised, half80=half80, half95=half95), lump, half80=half80,
                    half95=half95)  # fmt: skip


SAID = (
    said(MARCH, 1_100_00, 200_00, 60_00, 110_00),
    said(JUNE, 960_00, 500_00, 50_00, 80_00),
    said(JANUARY, 1_005_00, 990_00, 1_00, 2_00),
    said(CLOSED, 1_000_00, 1_000_00, 0, 0),
)


def outcome(*made: Forecast, last_year: int | None = 880_00) -> Any:
    def before(key, _day):
        return None if last_year is None or key != LINDE else Cents(last_year)

    found = back_test([Said(one, afterwards=one.as_of == JUNE) for one in made], YEAR, CLOSED, before)
    assert found is not None
    return found


def test_nothing_frozen_is_no_back_test():
    assert back_test([], YEAR, CLOSED, lambda _key, _day: None) is None


def test_errors_are_what_was_said_less_what_is_known():
    found = outcome(*SAID)
    assert (found.known, found.known_on, found.final) == (2_200_00, CLOSED, True)
    assert [row.as_of for row in found.rows] == [MARCH, JUNE, JANUARY]
    assert [row.forecast.error for row in found.rows] == [100_00, -40_00, 5_00]
    assert [row.forecast.percent for row in found.rows] == [Decimal("4.55"), Decimal("-1.82"), Decimal("0.23")]
    assert [row.afterwards for row in found.rows] == [False, True, False]


def test_the_naive_methods_know_what_was_known_then():
    found = outcome(*SAID)
    assert run_rate(Cents(200_00), YEAR, MARCH) == 800_00
    assert [row.run_rate.point for row in found.rows] == [800_00 + 1_200_00, 1_000_00 + 1_200_00, 990_00 + 1_200_00]
    assert [row.last_year.point for row in found.rows] == [2_080_00] * 3
    without = outcome(*SAID, last_year=None)
    assert [row.last_year for row in without.rows] == [None] * 3
    assert without.last_year is None


def test_only_days_of_the_year_count_in_the_scores():
    found = outcome(*SAID)
    assert [row.counts for row in found.rows] == [True, True, False]
    assert (found.forecast.days, found.forecast.mean_error, found.forecast.bias) == (2, 70_00, 30_00)
    assert (found.forecast.mean_percent, found.forecast.bias_percent) == (Decimal("3.18"), Decimal("1.36"))
    assert (found.run_rate.mean_error, found.run_rate.bias) == (100_00, -100_00)
    assert (found.last_year.mean_error, found.last_year.bias) == (120_00, -120_00)


def test_how_often_the_intervals_held():
    found = outcome(*SAID)
    assert [(row.in80, row.in95) for row in found.rows] == [(False, True), (True, True), (False, False)]
    assert (found.totals.lines, found.totals.in80, found.totals.in95) == (2, 1, 2)
    assert (found.lines.lines, found.lines.in80, found.lines.in95) == (2, 1, 2), "the lump sum was never uncertain"
    assert (found.lines.percent80, found.lines.percent95) == (Decimal(50), Decimal(100))


def test_a_line_that_was_certain_and_wrong_is_counted_as_missed():
    found = outcome(forecast(MARCH, line(LINDE, 900_00)), forecast(CLOSED, line(LINDE, 1_000_00)))
    assert (found.lines.lines, found.lines.in95) == (1, 0)


def test_a_line_that_came_and_one_that_went():
    found = outcome(
        forecast(MARCH, line(LINDE, 50_00, half80=60_00, half95=70_00)),
        forecast(CLOSED, line(KREEK, 1_200_00)),
    )
    assert found.rows[0].forecast.error == -1_150_00
    assert (found.lines.lines, found.lines.in80) == (1, 1), "what is there no more came to nothing"


def test_while_the_year_runs_the_newest_forecast_is_what_is_known():
    found = outcome(*SAID[:2])
    assert not found.final
    assert (found.known, [row.as_of for row in found.rows]) == (2_160_00, [MARCH])


def test_of_nothing_there_is_no_percentage():
    found = outcome(forecast(MARCH, line(LINDE, 5_00)), forecast(CLOSED, line(LINDE, 0)), last_year=None)
    assert found.rows[0].forecast.percent is None
    assert found.forecast.mean_percent is None
