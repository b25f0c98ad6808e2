"""The forecast of a year in the situations that a year brings."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest

from budgets.forecast.forecast import forecast
from budgets.forecast.inputs import Agreed, Flow, Inputs, LineInput
from budgets.forecast.model import Forecast, LineKey, Method
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode
from tests.budgets.forecast.lines import TWO_YEARS, YEAR, developed, inputs, line, pxq

AUGUST = Month(2025, 8)
PACE = (0, 90, 97, 100)
EVEN = dict.fromkeys(TWO_YEARS, 100_000_00)
SEASON = (100, 99, 101, 100, 97, 99, 86, 78, 100, 103, 101, 92)


def until(months, last: Month):
    return {month: cents for month, cents in months.items() if month <= last}


def of(made: Forecast, code: str):
    return next(reason.figures for reason in made.lines[0].reasons if reason.code == code)


@cache
def portfolio(lines: int, *, noise: float = 0.08, growth: float = 0.0) -> dict[str, dict[Month, int]]:
    """What lines deliver in two years: a level each, the season, chance, and perhaps growth per month."""
    dice = random.Random(7)
    found = {}
    for number in range(lines):
        level = 20_000_00 * (1 + dice.random() * 9)
        found[f"1111{number:04d}"] = {
            month: round(level * SEASON[month.number - 1] / 100 * (1 + growth) ** place * (1 + dice.gauss(0, noise)))
            for place, month in enumerate(TWO_YEARS)
        }
    return found


def as_of_august(months_of: dict[str, dict[Month, int]]) -> Inputs:
    lines = [line(pxq(agb), developed(months, PACE, AUGUST)) for agb, months in months_of.items()]
    return inputs(date(2025, 8, 31), *lines)


def truth(months_of: dict[str, dict[Month, int]]) -> int:
    return sum(cents for months in months_of.values() for month, cents in months.items() if month.year == 2025)


def test_nothing_at_all():
    made = forecast(inputs(date(2025, 8, 31)))
    assert (made.point, made.lines) == (ZERO, ())
    assert [standing.point for standing in made.months] == [ZERO] * 12


def test_a_contract_without_months_is_refused():
    with pytest.raises(ValueError, match="at least one month"):
        forecast(Inputs(date(2025, 8, 31), (), ()))


def test_a_line_of_which_nothing_is_known_comes_to_nothing():
    (made,) = forecast(inputs(date(2025, 1, 31), LineInput(pxq(), YEAR))).lines
    assert made.point == ZERO
    assert made.method is Method.KNOWN


def test_in_january_of_a_first_year_allocations_are_all_there_is():
    allocated = dict.fromkeys(YEAR, Cents(100_000_00))
    made = forecast(inputs(date(2025, 1, 31), line(pxq(), (), allocated=allocated)))
    # 85 % is used, usually; the months weigh by their working days.
    assert made.point == pytest.approx(12 * 85_000_00, rel=0.02)
    assert made.lines[0].method is Method.UTILISATION
    assert made.band.low80 < made.point < made.band.high80


def test_in_january_with_history_last_year_goes_on():
    made = forecast(
        inputs(date(2025, 1, 31), line(pxq(), developed(until(EVEN, Month(2025, 1)), PACE, Month(2025, 1))))
    )
    assert made.point == pytest.approx(12 * 100_000_00, rel=0.03)
    assert made.months[0].realised == ZERO


def test_before_the_year_begins_all_of_it_is_still_to_come():
    made = forecast(
        inputs(date(2024, 11, 30), line(pxq(), developed(until(EVEN, Month(2024, 11)), PACE, Month(2024, 11))))
    )
    assert (made.realised, made.not_yet_declared) == (ZERO, ZERO)
    assert made.point == pytest.approx(12 * 100_000_00, rel=0.03)


def test_after_the_year_only_late_declarations_are_to_come():
    made = forecast(inputs(date(2026, 1, 31), line(pxq(), developed(EVEN, PACE, Month(2026, 1)))))
    assert made.point == 12 * 100_000_00
    assert made.not_yet_declared == 3_000_00 + 10_000_00
    assert total(month.coming for month in made.lines[0].months) == ZERO


def test_a_line_that_began_this_month():
    old = line(pxq("11110001"), developed(until(EVEN, AUGUST), PACE, AUGUST))
    months = YEAR[7:]
    allocated = dict.fromkeys(months, Cents(10_000_00))
    new = line(pxq("11110002"), (), months=months, allocated=allocated)
    made = forecast(inputs(date(2025, 8, 31), old, new))
    assert 30_000_00 < made.lines[1].point < 50_000_00
    assert all(month.point == ZERO for month in made.lines[1].months[:7])


def test_an_agreement_that_ends_halfway_brings_nothing_after_it():
    flows = developed(until(EVEN, Month(2025, 5)), PACE, Month(2025, 5))
    made = forecast(inputs(date(2025, 5, 31), line(pxq(), flows, months=YEAR[:6])))
    assert [month.point for month in made.lines[0].months[6:]] == [ZERO] * 6
    assert made.point == pytest.approx(6 * 100_000_00, rel=0.03)


def test_a_line_with_only_credits_never_promises_income():
    flows = [Flow(Month(2025, 2), Month(2025, 4), Cents(-500_00)), Flow(Month(2025, 3), Month(2025, 4), Cents(-1_00))]
    made = forecast(inputs(date(2025, 8, 31), line(pxq(), flows, corrections=Cents(-501_00))))
    assert made.point == -501_00
    assert made.lines[0].corrections == -501_00


def test_one_huge_month_does_not_set_the_level():
    months = until(EVEN, AUGUST) | {Month(2025, 5): 10_000_000_00}
    made = forecast(inputs(date(2025, 8, 31), line(pxq(), developed(months, PACE, AUGUST))))
    usual = forecast(inputs(date(2025, 8, 31), line(pxq(), developed(until(EVEN, AUGUST), PACE, AUGUST))))
    assert made.point - usual.point == pytest.approx(9_900_000_00, rel=0.03)


def test_a_subcontractor_that_stopped_long_ago_brings_nothing_more():
    flows = developed(until(EVEN, Month(2024, 8)), PACE, AUGUST)
    other = line(pxq("11110002"), developed(until(EVEN, AUGUST), PACE, AUGUST))
    made = forecast(inputs(date(2025, 8, 31), line(pxq("11110001"), flows), other))
    assert made.lines[0].point < 50_000_00
    assert made.lines[1].point == pytest.approx(12 * 100_000_00, rel=0.03)


def test_the_season_of_earlier_years_is_followed():
    months_of = portfolio(20, noise=0.02)
    made = forecast(as_of_august(months_of))
    assert made.point == pytest.approx(truth(months_of), rel=0.01)
    assert float(of(made, "weights")["season_percent"]) > 3
    last = made.lines[0].months
    assert last[11].coming < last[9].coming


def test_a_rise_of_the_tariff_is_followed_and_told_apart():
    index = {month: Fraction(11, 10) if month >= Month(2025, 7) else Fraction(1) for month in YEAR}
    months = {month: cents * 11 // 10 if month >= Month(2025, 7) else cents for month, cents in EVEN.items()}
    flows = developed(until(months, AUGUST), PACE, AUGUST)
    made = forecast(inputs(date(2025, 8, 31), line(pxq(), flows, tariff_index=index)))
    assert made.point == pytest.approx(6 * 100_000_00 + 6 * 110_000_00, rel=0.01)
    assert made.lines[0].price_effect == pytest.approx(6 * 10_000_00, rel=0.02)


def test_growing_allocations_raise_what_is_to_come():
    flows = developed(until(EVEN, AUGUST), PACE, AUGUST)
    flat = {month: Cents(120_000_00) for month in YEAR}
    grown = {month: Cents(120_000_00 if month <= AUGUST else 180_000_00) for month in YEAR}
    known = {month: {later: flat[later] for later in YEAR if later >= month} for month in YEAR[:7]}
    low, high = (
        forecast(inputs(date(2025, 8, 31), line(pxq(), flows, allocated=each, allocated_at=known)))
        for each in (flat, grown)
    )
    assert high.point > low.point + 20_000_00
    assert of(high, "utilisation")["allocated"] > of(low, "utilisation")["allocated"]


def test_both_naive_methods_are_beaten_and_the_bands_hold():
    months_of = portfolio(60, growth=0.004)
    asked = as_of_august(months_of)
    made = forecast(asked)
    whole = truth(months_of)
    last_year = sum(cents for months in months_of.values() for month, cents in months.items() if month.year == 2024)
    error = abs(made.point - whole)
    assert error < abs(int(made.realised) * 12 / 8 - whole)
    assert error < abs(last_year - whole)
    assert error < 0.01 * whole
    assert made.band.low95 <= whole <= made.band.high95
    ends = {
        agb: sum(cents for month, cents in months.items() if month.year == 2025) for agb, months in months_of.items()
    }
    held = sum(one.band.low80 <= ends[one.key.subcontractor] <= one.band.high80 for one in made.lines)
    assert 0.6 * 60 <= held <= 0.97 * 60
    halves = sum(one.band.high80 - one.band.low80 for one in made.lines)
    assert made.band.high80 - made.band.low80 < halves


def test_the_fan_opens_at_the_first_month_that_is_not_known_in_full():
    made = forecast(as_of_august(portfolio(20)))
    widths = [standing.band.high80 - standing.band.low80 for standing in made.months]
    assert widths[:5] == [0] * 5
    assert all(earlier <= later for earlier, later in pairwise(widths))
    assert widths[-1] > 0
    assert made.months[-1].band == made.band


def test_in_other_money_the_forecast_is_the_same():
    asked = as_of_august(portfolio(12))
    larger = replace(
        asked,
        lines=tuple(
            replace(
                one,
                flows=tuple(replace(flow, cents=flow.cents * 10) for flow in one.flows),
                history=tuple(replace(flow, cents=flow.cents * 10) for flow in one.history),
            )
            for one in asked.lines
        ),
    )
    small, large = forecast(asked), forecast(larger)
    assert large.point == pytest.approx(10 * small.point, rel=1e-6)
    assert large.band.high80 == pytest.approx(10 * small.band.high80, rel=1e-4)


def test_the_year_runs_out_of_its_budget():
    months = until(EVEN, AUGUST)
    one = line(pxq(), developed(months, PACE, AUGUST))
    out = forecast(inputs(date(2025, 8, 31), one, budget=Cents(900_000_00)))
    assert out.run_out is not None
    assert Month.of(out.run_out) in {Month(2025, 9), Month(2025, 10)}
    assert forecast(inputs(date(2025, 8, 31), one, budget=Cents(1_500_000_00))).run_out is None


def test_a_contract_that_begins_in_july_knows_nothing_of_the_months_before_it():
    half = YEAR[6:]
    months = {month: cents for month, cents in EVEN.items() if month.year == 2024 or month in half}
    flows = developed(months, PACE, AUGUST)
    asked = replace(inputs(date(2025, 8, 31), line(pxq(), flows, months=half)), months=half)
    assert forecast(asked).point == 6 * 100_000_00


def test_what_a_clause_takes_off_afterwards_is_no_late_declaration():
    terms = Agreed(
        months=dict.fromkeys(YEAR, Cents(10_000_00)),
        year=Cents(115_000_00),
        low=Cents(110_000_00),
        high=Cents(118_000_00),
    )
    staff = LineInput(LineKey("41410002", "", FormCode.FTE), YEAR, agreed=terms)
    made = forecast(inputs(date(2026, 1, 31), staff)).lines[0]
    assert (made.realised, made.not_yet_declared, made.point) == (120_000_00, ZERO, 115_000_00)
