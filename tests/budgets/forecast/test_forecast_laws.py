"""What holds for every forecast, whatever the figures."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.forecast.forecast import forecast
from budgets.forecast.inputs import Inputs
from budgets.forecast.model import Band, Forecast
from lead_contractor.kernel.money import ZERO, Cents, total
from tests.budgets.forecast.lines import any_inputs

SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def ordered(band: Band, point: Cents) -> bool:
    return band.low95 <= band.low80 <= point <= band.high80 <= band.high95


def months_of(made: Forecast) -> list[Cents]:
    return [line.point for line in made.lines]


@SETTINGS
@given(any_inputs())
def test_parts_add_up_to_the_cent(asked: Inputs):
    made = forecast(asked)
    for line in made.lines:
        coming = total(month.coming for month in line.months)
        assert line.point == line.realised + line.not_yet_declared + coming - line.above_ceiling
        assert line.realised == total(month.realised for month in line.months)
        assert line.not_yet_declared == total(month.late for month in line.months)
        assert [month.month for month in line.months] == list(asked.months)
        assert line.above_ceiling >= ZERO
        assert ordered(line.band, line.point)
    assert made.point == total(line.point for line in made.lines)
    assert made.realised == total(line.realised for line in made.lines)
    assert made.not_yet_declared == total(line.not_yet_declared for line in made.lines)
    assert [standing.month for standing in made.months] == list(asked.months)
    assert made.months[-1].point == made.point
    assert made.months[-1].realised == made.realised
    assert made.months[-1].band == made.band
    assert all(ordered(standing.band, standing.point) for standing in made.months)
    assert [line.key for line in made.lines] == sorted({line.key for line in asked.lines})
    assert type(made.point) is Cents
    assert all(type(month.late) is Cents for line in made.lines for month in line.months)


@SETTINGS
@given(any_inputs())
def test_the_total_is_no_less_certain_than_its_lines_together(asked: Inputs):
    made = forecast(asked)
    for low in ("low80", "low95"):
        assert getattr(made.band, low) >= total(getattr(line.band, low) for line in made.lines)
    for high in ("high80", "high95"):
        assert getattr(made.band, high) <= total(getattr(line.band, high) for line in made.lines)


@SETTINGS
@given(any_inputs(), st.integers(0, 99))
def test_order_means_nothing_and_rows_of_one_key_are_one_line(asked: Inputs, seed: int):
    dice = random.Random(seed)
    shuffled = []
    for line in asked.lines:
        flows, history = list(line.flows), list(line.history)
        dice.shuffle(flows)
        dice.shuffle(history)
        half = len(flows) // 2
        shuffled.append(replace(line, flows=tuple(flows[:half]), history=tuple(history)))
        if flows[half:]:
            shuffled.append(replace(line, flows=tuple(flows[half:]), history=(), corrections=ZERO))
    # Two rows may differ in what is no flow; the first of them counts, so these keep their order.
    assert forecast(replace(asked, lines=tuple(shuffled), ceilings=asked.ceilings[::-1])) == forecast(asked)


@SETTINGS
@given(any_inputs())
def test_waiting_clients_change_no_point(asked: Inputs):
    with_rows, without = forecast(asked), forecast(replace(asked, waiting=()))
    assert replace(with_rows, exposure=ZERO) == without


@SETTINGS
@given(any_inputs())
def test_when_the_year_is_closed_everything_is_known(asked: Inputs):
    made = forecast(replace(asked, closed=True))
    assert made.not_yet_declared == ZERO
    assert made.point == made.realised - total(line.above_ceiling for line in made.lines)
    for line in made.lines:
        assert line.band == Band(line.point, line.point, line.point, line.point)
    assert {made.band.low95, made.band.high95} == {made.point}
    assert made.spread == ZERO
