"""Monte Carlo: the base is the frozen forecast, and what differs is the scenario."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.forecast.exposure import exposure_of
from budgets.forecast.inputs import Waiting
from budgets.scenarios.draws import draw, relative_errors
from budgets.scenarios.effects import neutral_amount
from budgets.scenarios.model import BASE, CeilingTerms, Grounds, Move, Quantiles, Scenario
from budgets.scenarios.outcomes import margin_text
from budgets.scenarios.outlook import project
from budgets.scenarios.simulate import simulate
from lead_contractor.contract.model import VolumeClause
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode
from tests.budgets.scenarios.august import FORECAST, LINDE, contract, counts, grounds, history, nothing_to_come

DRAWS = 1000
SEPTEMBER, OCTOBER = Month(2025, 9), Month(2025, 10)


def made(scenario: Scenario = BASE, draws: int = DRAWS, **others: Any):
    return simulate(FORECAST, history(), grounds(**others), scenario, draws, 7)


def test_the_base_is_the_frozen_forecast_to_the_cent():
    base = made().base
    assert base.point == FORECAST.point
    found = base.subcontractors
    assert (found.p10, found.p50, found.p90) == (FORECAST.band.low80, FORECAST.point, FORECAST.band.high80)


def skewed() -> Grounds:
    """A number of beschikkingen beside the corridor, and overhead at its cap: years that err to one side."""
    contracted = contract("4", volume=VolumeClause(Decimal(1000), corridor_percent=Decimal(1)))
    return grounds(contracted, counts=counts(1000, 1012, 1003, 1018, 1008, 1021, 1005, 1019))


@pytest.mark.parametrize("seed", [1, 7, 2025])
def test_the_middle_of_a_scenario_of_nothing_is_what_the_outlook_expects_to_the_cent(seed: int):
    """Also where the median of the draws is another figure, and whatever the seed."""
    outlook = project(FORECAST, skewed())
    base = simulate(FORECAST, history(), skewed(), BASE, DRAWS, seed).base
    assert base.result.p50 != base.result.middle
    assert base.subcontractors.middle == outlook.subcontractors.point
    assert base.result.middle == outlook.result.point
    assert margin_text(base.margin.middle) == outlook.margin.point
    assert base.repaid.middle == outlook.repaid.point > 0
    assert base.deficit_municipality.middle == outlook.deficit_municipality.point
    assert base.entitlement.middle == outlook.entitlement.point
    assert base.cap == outlook.cap
    assert base.result.low <= base.result.middle <= base.result.high


def test_the_middle_of_a_scenario_is_settled_with_what_it_changes():
    """120.000 more cost is 120.000 less result, and less to repay as far as the result lies above the cap."""
    found = made(Scenario(inflow_percent=Decimal(5)))
    base, ending = found.base, found.ending
    assert ending.subcontractors.middle == FORECAST.point + Cents(120_000_00)
    assert ending.result.middle == base.result.middle - 120_000_00
    assert found.difference.middle == -found.result_difference.middle == 120_000_00
    assert ending.repaid.middle == max(0, ending.result.middle - ending.cap)


def test_bounds_hold_the_middle():
    assert (Quantiles(tuple(range(1, 100)), 5).low, Quantiles(tuple(range(1, 100)), 5).high) == (5, 90)
    assert (Quantiles(tuple(range(1, 100))).middle, Quantiles(tuple(range(1, 100)), 95).high) == (50, 95)


def test_a_scenario_of_nothing_is_the_base_exactly():
    simulation = made(Scenario(index_percent=Decimal("0.0"), waiting_percent=Decimal(0)))
    assert simulation.ending == simulation.base
    assert set(simulation.difference.values) == {0}
    assert simulation.histogram.base == simulation.histogram.scenario


def test_the_same_seed_gives_the_same_result_and_another_seed_another():
    scenario = Scenario(inflow_percent=Decimal(5))
    assert made(scenario) == made(scenario)
    other = simulate(FORECAST, history(), grounds(), scenario, DRAWS, 8)
    assert other.ending.result != made(scenario).ending.result


def test_a_year_that_is_over_ends_as_it_is_settled():
    known = nothing_to_come(FORECAST)
    over = replace(grounds(), as_of=date(2026, 5, 31))
    base = simulate(known, history(), over, BASE, 200).base
    settled = project(known, over).settlement
    assert set(base.result.values) == {settled.result}
    assert set(base.entitlement.values) == {settled.entitlement}
    assert set(base.repaid.values) == {settled.surplus.repaid}
    assert base.chance_repaid in {0.0, 1.0}


def test_draws_are_as_wide_as_the_forecast_and_lines_add_up_to_the_total():
    drawn = draw(FORECAST, history(), 4000, 1)
    total = drawn.subcontractors - int(FORECAST.point)
    assert np.allclose(drawn.lines.sum(axis=1), total, atol=1e-4)
    assert np.std(total) == pytest.approx(int(FORECAST.spread), rel=0.01)


def test_lines_move_together_as_they_did():
    """De Linde's two lines rose and fell together, Meer's the other way."""
    errors = list(relative_errors(history()).values())
    assert np.corrcoef(errors[0], errors[1])[0, 1] > 0.95
    drawn = draw(FORECAST, history(), 4000, 1)
    together = np.corrcoef(drawn.lines[:, 0], drawn.lines[:, 1])[0, 1]
    against = np.corrcoef(drawn.lines[:, 0], drawn.lines[:, 2])[0, 1]
    assert together > 0.5 > against


def test_without_history_lines_err_on_their_own_and_the_total_stays():
    drawn = draw(FORECAST, (), 4000, 1)
    assert np.std(drawn.subcontractors) == pytest.approx(int(FORECAST.spread), rel=0.01)


def test_five_percent_more_inflow_on_four_months_of_600_000():
    """600.000 a month of P×Q from September to December: five percent more is 120.000."""
    found = made(Scenario(inflow_percent=Decimal(5)))
    assert found.parts["inflow"] == Cents(120_000_00)
    assert found.ending.point == FORECAST.point + Cents(120_000_00)


def test_inflow_builds_up_where_clients_stay_for_ten_months():
    """After one month a tenth is new, after two 19 %, 27.1 % and 34.39 %: together 90.49 % of a month."""
    found = made(Scenario(inflow_percent=Decimal(5)), stay_months=10.0)
    assert found.parts["inflow"] == Cents(round(600_000_00 * 0.05 * (0.1 + 0.19 + 0.271 + 0.3439)))


def test_a_tariff_index_counts_for_months_from_its_day_and_not_for_the_lump_sum():
    found = made(Scenario(index_percent=Decimal("2.5"), index_from=OCTOBER))
    assert found.parts["index"] == Cents(round(600_000_00 * 3 * 0.025))


def test_parts_of_a_scenario_add_up_to_its_difference():
    scenario = Scenario(
        inflow_percent=Decimal(5),
        index_percent=Decimal("2.5"),
        moves=(Move(LINDE, FormCode.LUMP_SUM, OCTOBER, Cents(390_000_00)),),
        waiting_percent=Decimal(50),
    )
    found = made(scenario)
    assert sum(found.parts.values()) == found.ending.point - FORECAST.point
    assert found.parts["waiting"] == Cents(31_185_00)


def test_a_budget_neutral_move_changes_the_spread_and_not_the_middle():
    move = Move(LINDE, FormCode.LUMP_SUM, SEPTEMBER)
    found = made(Scenario(moves=(move,)))
    assert neutral_amount(FORECAST, move) == Cents(400_000_00)
    assert found.parts["moves"] == 0
    base, ending = found.base.subcontractors, found.ending.subcontractors
    assert ending.p90 - ending.p10 < (base.p90 - base.p10) * 3 / 4


def test_a_move_at_an_agreed_amount_costs_the_difference():
    """400.000 a month becomes 410.000 for three months."""
    found = made(Scenario(moves=(Move(LINDE, FormCode.FTE, OCTOBER, Cents(410_000_00)),)))
    assert found.parts["moves"] == Cents(30_000_00)


def test_what_lies_above_a_ceiling_is_not_paid():
    """Meer may cost 2,42 million; ten percent more of four months of 200.000 would be 2,48."""
    ceiling = CeilingTerms("65656056", ("02",), Cents(2_420_000_00))
    found = made(Scenario(inflow_percent=Decimal(10)), ceilings=(ceiling,))
    assert found.parts["inflow"] == Cents(160_000_00 + 20_000_00)


def test_a_waiting_list_is_worth_what_rule_39_says():
    assert exposure_of(Waiting("01A03", 63, Decimal(80), Cents(412_50), 3)) == FORECAST.exposure == Cents(62_370_00)
    found = made(Scenario(waiting_percent=Decimal(100)))
    assert found.parts["waiting"] == Cents(62_370_00)
    later = made(Scenario(waiting_percent=Decimal(100), waiting_from=Month(2025, 11)))
    assert later.parts["waiting"] == Cents(31_185_00)


def test_a_lower_cap_gives_more_back_and_changes_no_cost():
    found = made(Scenario(cap_percent=Decimal(1)))
    assert found.ending.subcontractors == found.base.subcontractors
    assert found.ending.cap == Cents(83_124_57)
    assert found.ending.chance_repaid > found.base.chance_repaid
    assert found.ending.repaid.p50 == found.ending.result.p50 - 83_124_57


def test_a_wider_corridor_takes_away_the_volume_adjustment():
    """Baseline 1.240, corridor 5 %: 1.318 on every day is 16 beschikkingen of 6.000 above it (rule 7)."""
    clause = VolumeClause(Decimal(1240), Cents(6_000_00), corridor_percent=Decimal(5))
    known: dict[str, Any] = {"terms": contract(volume=clause), "counts": counts(*[1318] * 12)}
    found = made(Scenario(corridor_percent=Decimal(7)), **known)
    assert found.base.revenue.volume_adjustment == Cents(96_000_00)
    assert found.ending.revenue.volume_adjustment == 0


def test_more_own_cost_lowers_the_result_of_the_months_to_come():
    found = made(Scenario(own_cost_percent=Decimal(10)))
    per_month = 10_000_00 + 5_450_00 + 1_000_00
    assert found.result_difference.p50 == pytest.approx(-per_month * 4 * 0.1, abs=2)


def test_running_out_is_the_chance_of_more_cost_than_there_is_for_it():
    base = made().base
    assert base.chance_run_out == pytest.approx(0.1335, abs=0.002)  # 7,9 million is 1.11 deviations above 7,8
    assert made(Scenario(inflow_percent=Decimal(20))).ending.chance_run_out > 0.5


@given(
    less=st.integers(-50, 50),
    more=st.integers(0, 50),
    index=st.integers(-10, 10),
    stay=st.none() | st.floats(1, 60),
)
@settings(max_examples=25, deadline=None)
def test_more_inflow_never_lowers_the_cost(less, more, index, stay):
    known = grounds(stay_months=stay, ceilings=(CeilingTerms(LINDE, (), Cents(4_900_000_00)),))
    endings = [
        simulate(
            FORECAST,
            history(),
            known,
            Scenario(inflow_percent=Decimal(percent), index_percent=Decimal(index)),
            100,
        ).ending.subcontractors.p50
        for percent in (less, less + more)
    ]
    assert endings[0] <= endings[1]


@given(
    percents=st.tuples(*[st.integers(-20, 20)] * 3),
    waiting=st.integers(0, 100),
    amount=st.none() | st.integers(0, 10**8),
)
@settings(max_examples=25, deadline=None)
def test_chances_and_percentiles_are_in_order(percents, waiting, amount):
    inflow, index, own = map(Decimal, percents)
    move = Move(LINDE, FormCode.TRAJECTORY, OCTOBER, None if amount is None else Cents(amount))
    scenario = Scenario(
        inflow_percent=inflow,
        index_percent=index,
        own_cost_percent=own,
        waiting_percent=Decimal(waiting),
        moves=(move,),
    )
    found = simulate(FORECAST, history(), grounds(), scenario, 100)
    for spread in (found.ending.result, found.ending.repaid, found.ending.entitlement):
        assert list(spread.values) == sorted(spread.values)
    assert 0 <= found.ending.chance_repaid <= 1
    assert sum(found.histogram.scenario) == sum(found.histogram.base) == 100


def test_too_few_or_too_many_draws_are_refused():
    for draws in (0, 99, 20_001):
        with pytest.raises(ValueError, match="draws"):
            made(draws=draws)
