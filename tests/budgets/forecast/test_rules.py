"""The other rules with worked numbers: utilisation, run rate, waiting list, ceiling, run-out day, the fixed forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from budgets.forecast.agreed import carried_on
from budgets.forecast.ceiling import above
from budgets.forecast.exposure import exposure, exposure_of
from budgets.forecast.forecast import forecast
from budgets.forecast.inputs import Agreed, Ceiling, LineInput, Trajectories, Waiting
from budgets.forecast.level import run_rate
from budgets.forecast.model import Band, LineKey, Method
from budgets.forecast.run_out import run_out
from budgets.forecast.utilisation import share_used, still_to_come
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import decimal_places
from subcontractors.agreements.model import FormCode
from tests.budgets.forecast.lines import TWO_YEARS, YEAR, developed, inputs, line, pxq

AUGUST = Month(2025, 8)


def reason(made, code):
    return next(one.figures for one in made.reasons if one.code == code)


def test_rule_31_open_allocations_at_the_utilisation_so_far():
    share = share_used(Decimal("10234.5"), 12_480)
    assert decimal_places(share * 100, 2) == Fraction("82.01")
    assert still_to_come(4_160, share, Cents(58_57)) == 199_811_56
    assert still_to_come(4_160, 1, Cents(58_57)) == 243_651_20


def test_nothing_allocated_has_no_utilisation():
    with pytest.raises(ValueError, match="above zero"):
        share_used(5, 0)


def test_rule_32_run_rate_by_working_days_and_by_months():
    assert run_rate(Cents(5_412_880_15), 173, 253) == 7_915_946_12
    assert run_rate(Cents(5_412_880_15), 8, 12) == 8_119_320_23
    with pytest.raises(ValueError, match="has passed"):
        run_rate(Cents(1), 0, 12)


def test_both_run_rates_and_what_lies_between_them_are_shown_with_the_line():
    months = dict.fromkeys(YEAR[:8], 100_000_00)
    made = forecast(inputs(date(2025, 8, 31), line(pxq(), developed(months, (100,), AUGUST))))
    figures = reason(made.lines[0], "run_rate")
    assert figures["delivered"] == str(800_000_00)
    assert figures["months_passed"] == "8"
    assert figures["by_months"] == str(1_200_000_00)
    passed, days = int(figures["days_passed"]), int(figures["days"])
    # 2025 has 254 working days, Liberation Day of a lustrum year left out.
    assert (passed, days) == (168, 254)
    assert figures["by_days"] == str(run_rate(Cents(800_000_00), passed, days))
    assert int(figures["difference"]) == int(figures["by_months"]) - int(figures["by_days"])


def test_rule_39_waiting_clients_beside_the_forecast():
    row = Waiting("02A03", 63, Decimal(80), Cents(412_50), 3)
    assert exposure_of(row) == 62_370_00
    assert exposure([row, row]) == 124_740_00
    months = dict.fromkeys(YEAR[:8], 100_000_00)
    one = line(pxq(), developed(months, (100,), AUGUST))
    without, beside = (forecast(inputs(date(2025, 8, 31), one, waiting=rows)) for rows in ((), (row,)))
    assert beside.exposure == 62_370_00
    assert beside.point == without.point
    assert beside.lines == without.lines


def test_rule_20_what_lies_above_a_ceiling():
    assert above(Cents(450_000_00), Cents(478_600_00), Cents(12_400_00)) == 16_200_00
    assert above(Cents(450_000_00), Cents(478_600_00), ZERO) == 28_600_00
    assert above(Cents(450_000_00), Cents(400_000_00), ZERO) == ZERO


def test_lines_under_a_ceiling_share_what_lies_above_it():
    months = dict.fromkeys(YEAR, 100_000_01)
    keys = pxq(product="02A03"), pxq(product="02A05"), pxq(product="02A08")
    lines = [line(key, developed(months, (100,), Month(2025, 12))) for key in keys]
    ceiling = Ceiling("PXQ-1", keys, YEAR, Cents(3_000_000_00), Cents(3 * 12 * 100_000_01))
    made = forecast(inputs(date(2026, 6, 1), *lines, ceilings=(ceiling,), closed=True))
    assert made.point == 3_000_000_00
    assert [one.above_ceiling for one in made.lines] == [200_000_12, 200_000_12, 200_000_12]
    assert made.months[-1].point == made.point
    assert made.months[8].point == 3 * 9 * 100_000_01
    assert made.months[9].point == 3_000_000_00


def test_a_line_under_a_ceiling_is_expected_to_end_at_it_and_not_above_it():
    months = {month: 100_000_00 for month in TWO_YEARS if month <= AUGUST}
    flows = developed(months, (100,), AUGUST)
    ceiling = Ceiling("PXQ-1", (pxq(),), YEAR, Cents(900_000_00), Cents(800_000_00))
    made = forecast(inputs(date(2025, 8, 31), line(pxq(), flows), ceilings=(ceiling,)))
    assert made.point == 900_000_00
    assert made.lines[0].band.high95 == 900_000_00
    assert reason(made.lines[0], "ceiling")["agreement"] == "PXQ-1"


def test_what_is_always_paid_stands_outside_the_ceiling():
    months = dict.fromkeys(YEAR, 100_000_00)
    flows = developed(months, (100,), Month(2025, 12))
    ceiling = Ceiling("PXQ-1", (pxq(),), YEAR, Cents(1_000_000_00), Cents(1_200_000_00), Cents(120_000_00))
    made = forecast(inputs(date(2026, 6, 1), line(pxq(), flows), ceilings=(ceiling,), closed=True))
    assert made.lines[0].above_ceiling == 80_000_00
    assert made.point == 1_120_000_00


def test_run_out_day_by_working_days():
    standings = [(Month(2025, number), Cents(number * 21_000_00)) for number in range(1, 13)]
    # October 2025 has 23 working days: half of it is spent in the course of the twelfth, the 16th.
    assert run_out(standings, Cents(9 * 21_000_00 + 10_500_00)) == date(2025, 10, 16)
    # What is spent to the cent on the last day is not passed.
    assert run_out(standings, Cents(12 * 21_000_00)) is None
    assert run_out(standings, Cents(12 * 21_000_00 - 1)) == date(2025, 12, 31)
    assert run_out(standings, ZERO) == date(2025, 1, 2)
    assert run_out(standings, None) is None


def test_a_lump_sum_is_as_contracted_and_leaves_no_room():
    months = dict.fromkeys(YEAR, Cents(20_000_00))
    key = LineKey("41410003", "", FormCode.LUMP_SUM)
    agreed = Agreed(months, Cents(240_000_00), Cents(240_000_00), Cents(240_000_00))
    (made,) = forecast(inputs(date(2025, 8, 31), LineInput(key, YEAR, agreed=agreed))).lines
    assert (made.realised, made.not_yet_declared, made.point) == (160_000_00, ZERO, 240_000_00)
    assert made.band == Band(*[Cents(240_000_00)] * 4)
    assert made.method is Method.CONTRACT


def test_a_true_up_is_settled_in_the_last_month_with_a_narrow_band():
    # Rule 19: 591,360.00 contracted, 565,488.00 realised so far.
    months = dict.fromkeys(YEAR, Cents(49_280_00))
    key = LineKey("41410002", "", FormCode.FTE)
    agreed = Agreed(months, Cents(565_488_00), Cents(562_000_00), Cents(569_000_00))
    (made,) = forecast(inputs(date(2025, 8, 31), LineInput(key, YEAR, agreed=agreed))).lines
    assert made.point == 565_488_00
    assert made.realised == 8 * 49_280_00
    assert made.months[-1].coming == 49_280_00 - 25_872_00
    assert made.band.low80 == 565_488_00 - 4_470_22
    assert made.band.high95 == 565_488_00 + 6_883_52
    (known,) = forecast(inputs(date(2026, 6, 1), LineInput(key, YEAR, agreed=agreed), closed=True)).lines
    assert known.realised == known.point == 565_488_00


def test_what_was_realised_is_carried_on_and_less_sure_the_further_ahead():
    assert carried_on([], 4) is None
    months = [Decimal("6.00"), Decimal("6.24")] * 4
    near, far = carried_on(months, 1), carried_on(months, 4)
    assert near is not None
    assert far is not None
    assert near.middle == far.middle == Decimal("6.12")
    assert far.low < near.low < near.middle < near.high < far.high
    known = carried_on([Decimal(6), Decimal(7)], 0)
    assert known is not None
    assert known.low == known.middle == known.high


def trajectories(**changes):
    known = {
        "due": {Month(2025, 1): Cents(6_825_00), Month(2025, 3): Cents(6_825_00)},
        "open": {Month(2025, 10): Cents(2_925_00), Month(2025, 12): Cents(2_925_00)},
        "start_cents": Cents(6_825_00),
        "end_cents": Cents(2_925_00),
        "days": 274,
    } | changes
    key = LineKey("41410004", "02A14", FormCode.TRAJECTORY)
    return LineInput(key, YEAR, trajectories=Trajectories(**known))  # type: ignore[arg-type]


def test_open_trajectories_end_as_planned_where_nothing_else_was_seen():
    (made,) = forecast(inputs(date(2025, 8, 31), trajectories())).lines
    assert made.realised == 13_650_00
    assert made.point == 13_650_00 + 5_850_00
    assert made.months[9].coming == 2_925_00
    assert made.method is Method.TRAJECTORIES


def test_new_trajectories_begin_at_the_pace_of_before():
    starts = dict.fromkeys(TWO_YEARS[:20], 2)
    (made,) = forecast(inputs(date(2025, 8, 31), trajectories(open={}, starts=starts))).lines
    assert [month.coming for month in made.months[8:]] == [13_650_00] * 4
    assert made.band.low80 < made.point < made.band.high80


def test_no_line_costs_less_than_nothing_however_little_is_known():
    starts = {Month(2025, 1): 1}
    (made,) = forecast(inputs(date(2025, 1, 15), trajectories(due={}, open={}, starts=starts))).lines
    assert made.band.low95 == made.band.low80 == 0 < made.point


def test_allocated_starts_count_where_they_are_more_than_the_pace():
    starts = dict.fromkeys(TWO_YEARS[:20], 1)
    planned = {Month(2025, 9): Cents(3 * 6_825_00)}
    (made,) = forecast(inputs(date(2025, 8, 31), trajectories(open={}, starts=starts, planned=planned))).lines
    assert [month.coming for month in made.months[8:]] == [20_475_00, 6_825_00, 6_825_00, 6_825_00]


def test_early_stops_so_far_lower_what_open_ones_are_expected_to_bring():
    stopped = trajectories(ended=5, kept=Cents(5 * 1_000_00), kept_planned=Cents(5 * 2_925_00))
    (made,) = forecast(inputs(date(2025, 8, 31), stopped)).lines
    # The end of October is nearer than that of December: less can still happen to it.
    assert made.months[11].coming < made.months[9].coming < 2_925_00
