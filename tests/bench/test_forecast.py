"""A short form of the measurement of the forecast: two generated histories, two years each, forecast on 31 August."""

from __future__ import annotations

import pytest

from bench import forecast as bench
from bench.histories.judge import Case, coverage, judge_all, wape
from budgets.forecast.forecast import forecast
from subcontractors.agreements.model import FormCode

SEEDS = (1, 4)
FEW = 20
"""Continuations: the part that no method could avoid is not what is looked at here."""


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return judge_all(SEEDS, bench.AUGUST, forecast, continuations=FEW)


def test_the_year_end_forecast_of_august_beats_both_naive_methods(cases):
    assert [case.month.year for case in cases] == [2024, 2025, 2024, 2025]
    for case in cases:
        assert case.beats_both(case.point), bench.summary([case])


def test_the_forecast_stays_near_the_truth_and_leans_to_neither_side(cases):
    errors = [case.error(case.point) for case in cases]
    assert max(map(abs, errors)) < 4.0
    assert abs(sum(errors) / len(errors)) < 2.0


def test_the_lines_beat_both_naive_methods_and_stay_above_what_nobody_could_avoid(cases):
    lines = [line for case in cases for line in case.lines if line.key[2] == FormCode.PXQ]
    own = wape(lines, lambda line: line.point)
    assert own < wape(lines, lambda line: line.extrapolated)
    assert own < wape(lines, lambda line: line.last_year)
    assert own > wape(lines, lambda line: line.best)


def test_the_band_of_80_percent_holds_about_so_often(cases):
    lines = [line for case in cases for line in case.lines if line.key[2] == FormCode.PXQ and not line.fixed]
    assert len(lines) > 100
    held80, held95 = coverage(lines)
    assert 70 <= held80 <= 90
    assert held95 >= 88


def test_totals_are_the_sums_of_their_lines_and_bands_lie_around_the_point(cases):
    for case in cases:
        assert case.point == sum(line.point for line in case.lines)
        assert case.truth == sum(line.truth for line in case.lines)
        assert case.low95 <= case.low80 <= case.point <= case.high80 <= case.high95
        assert all(line.low95 <= line.low80 <= line.point <= line.high80 <= line.high95 for line in case.lines)


def test_the_summary_counts_what_it_says(cases):
    said = bench.summary(cases)
    assert f"in {sum(case.beats_both(case.point) for case in cases)} of 4 years" in said
    assert "unavoidable on average" in said


def test_the_measurement_tells_total_lines_months_and_speed(capsys):
    bench.show((1,), detail=True, continuations=2)
    said = capsys.readouterr().out
    assert "parameters f794b03c75dd" in said
    for title in ("The total on 31 August", "Lines on 31 August", "P x Q by kind of line", "P x Q by month of service"):
        assert title in said
    assert [f"2025-{number:02d}" in said for number in range(3, 13)] == [True] * 10
    assert "of processor a forecast" in said
