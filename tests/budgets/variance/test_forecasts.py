"""Why a forecast differs from an earlier one: each cause by itself, and always exactly."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given

from budgets.forecast.model import Forecast
from budgets.variance.forecasts import HOUR, Rate, Rates, forecast_change, rates
from budgets.variance.model import Cause, Change, added
from lead_contractor.kernel.money import Cents, total
from subcontractors.agreements.model import FormCode, Tariff
from tests.budgets.variance.forecasts_of import BAARDMAN, KWIKSTAART, any_forecast, forecast, line

JULY, AUGUST = date(2025, 7, 31), date(2025, 8, 31)
RATES: Rates = {
    (KWIKSTAART, "01A03"): Rate(HOUR, Fraction(6000)),
    (BAARDMAN, "01A03"): Rate(HOUR, Fraction(4000)),
    (KWIKSTAART, "02A05"): Rate("14", Fraction(11_000)),
}


def causes(change: Change) -> dict[str, int]:
    """The parts that are something."""
    return {part.cause.value: int(part.cents) for part in change.parts if part.cents}


def test_nothing_changed_has_no_causes():
    same = line(months=[(100, 0, 0)] * 7 + [(0, 0, 100)] * 5)
    change = forecast_change(forecast(JULY, same), forecast(AUGUST, same), RATES)
    assert (change.change, causes(change)) == (0, {})
    assert change.most(Cause.VOLUME) == ()


def test_what_came_in_later_than_was_thought_is_late_declarations():
    then = line(months=[(10_000, 0, 0)] * 6 + [(4_000, 5_000, 0), (0, 0, 10_000)])
    now = line(months=[(10_000, 0, 0)] * 6 + [(9_500, 300, 0), (10_000, 0, 0)])
    assert causes(forecast_change(forecast(JULY, then), forecast(AUGUST, now), RATES)) == {"late_declarations": 800}


def test_more_care_in_the_months_to_come_is_volume():
    then = line(months=[(10_000, 0, 0)] * 7 + [(0, 0, 10_000)] * 5)
    now = line(months=[(10_000, 0, 0)] * 8 + [(0, 0, 11_000)] * 4)
    change = forecast_change(forecast(JULY, then), forecast(AUGUST, now), {})
    assert causes(change) == {"volume": 4_000}
    assert [(one.subcontractor, one.change) for one in change.most(Cause.VOLUME)] == [(KWIKSTAART, Cents(4_000))]


def test_care_that_moves_to_a_cheaper_subcontractor_is_mix():
    then = [line(months=[(60_000, 0, 0), (0, 0, 60_000)]), line(BAARDMAN, months=[(40_000, 0, 0), (0, 0, 40_000)])]
    now = [line(months=[(60_000, 0, 0), (0, 0, 54_000)]), line(BAARDMAN, months=[(40_000, 0, 0), (0, 0, 44_000)])]
    change = forecast_change(forecast(date(2025, 1, 31), *then), forecast(date(2025, 2, 28), *now), RATES)
    assert causes(change) == {"mix": -2_000}


def test_other_tariffs_are_price_also_over_months_that_were_over():
    """Half of the year was over, so that half of the price stands there and is not called late."""
    then = line(months=[(10_000, 0, 0), (0, 0, 10_000)])
    now = line(months=[(10_500, 0, 0), (0, 0, 10_500)], price=1_000)
    change = forecast_change(forecast(date(2025, 1, 31), then), forecast(date(2025, 2, 28), now), RATES)
    assert causes(change) == {"price": 1_000}


def test_a_credit_is_a_correction():
    then, now = (
        line(months=[(10_000, 0, 0)] * 7),
        line(months=[(9_000, 0, 0)] + [(10_000, 0, 0)] * 6, corrections=-1_000),
    )
    assert causes(forecast_change(forecast(JULY, then), forecast(AUGUST, now), RATES)) == {"correction": -1_000}


def test_a_ceiling_that_is_passed_is_contract():
    then = line(months=[(50_000, 0, 0), (0, 0, 50_000)])
    now = line(months=[(50_000, 0, 0), (0, 0, 60_000)], above=8_000)
    change = forecast_change(forecast(date(2025, 1, 31), then), forecast(date(2025, 2, 28), now), RATES)
    assert causes(change) == {"volume": 10_000, "contract": -8_000}


def test_agreed_forms_are_contract_also_when_they_come_or_go():
    then = line(form=FormCode.FTE, product="", months=[(10_000, 0, 0), (0, 0, 10_000)])
    now = line(BAARDMAN, "", FormCode.AVAILABILITY, months=[(3_000, 0, 0)])
    change = forecast_change(forecast(JULY, then), forecast(AUGUST, now), RATES)
    assert causes(change) == {"contract": -17_000}
    assert [(one.then, one.now) for one in change.lines] == [(Cents(20_000), None), (None, Cents(3_000))]


def test_more_trajectories_are_volume():
    then = line(form=FormCode.TRAJECTORY, product="02A17", months=[(682_500, 0, 0), (0, 0, 292_500)])
    now = line(form=FormCode.TRAJECTORY, product="02A17", months=[(682_500, 0, 0), (0, 0, 975_000)])
    change = forecast_change(forecast(date(2025, 1, 31), then), forecast(date(2025, 2, 28), now), RATES)
    assert causes(change) == {"volume": 682_500}


@given(any_forecast(), any_forecast())
def test_any_two_forecasts_come_out_to_the_cent(then: Forecast, now: Forecast):
    change = forecast_change(then, now, RATES)
    assert (change.total_then, change.total_now) == (then.point, now.point)
    assert total(part.cents for part in change.parts) == now.point - then.point
    assert [part.cause for part in change.parts] == list(Cause)
    for lines_or_products in (change.lines, change.by_product):
        for row in lines_or_products:
            assert total(part.cents for part in row.parts) == row.change
    assert added(line.parts for line in change.lines) == change.parts
    assert added(row.parts for row in change.by_product) == change.parts


@given(any_forecast(), any_forecast())
def test_back_again_adds_up_as_well(then: Forecast, now: Forecast):
    there, back = forecast_change(then, now, RATES), forecast_change(now, then, RATES)
    assert there.change == -back.change
    assert total(part.cents for part in back.parts) == back.change


def test_the_tariff_of_the_first_month_counts_and_minutes_are_hours():
    first, later = date(2025, 1, 1), date(2025, 7, 1)
    known = rates(
        [
            Tariff(KWIKSTAART, "01A03", "04", Cents(6300), later),
            Tariff(KWIKSTAART, "01A03", "04", Cents(6000), date(2024, 1, 1), date(2025, 6, 30)),
            Tariff(KWIKSTAART, "02A05", "01", Cents(146), first),
            Tariff(BAARDMAN, "02A05", "14", Cents(4500), later),
            Tariff(BAARDMAN, "02A17", "83", Cents(1), first),
        ],
        first,
    )
    assert known == {
        (KWIKSTAART, "01A03"): Rate("04", Fraction(6000)),
        (KWIKSTAART, "02A05"): Rate("04", Fraction(8760)),
        (BAARDMAN, "02A05"): Rate("14", Fraction(4500)),
    }
