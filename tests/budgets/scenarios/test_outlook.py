"""What the year will come to: revenue, own cost and what the settlement makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.scenarios.outcomes import Years, outcomes
from budgets.scenarios.outlook import odds, project
from budgets.scenarios.own import own_year
from budgets.scenarios.revenue import expected_counts, revenue_year
from budgets.settlement.model import AgreementCost, OwnCostTotal, RevenueParts, SettlementInput
from budgets.settlement.settle import settle
from lead_contractor.contract.model import CostKind, Excess, Margin, Measure, OwnCost, Reserve, VolumeClause
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode
from tests.budgets.scenarios.august import FORECAST, MONTHS, contract, counts, grounds, nothing_to_come

QUARTERS = VolumeClause(Decimal(1240), Cents(6_000_00), corridor_percent=Decimal(5))


def test_own_cost_goes_on_as_the_months_that_are_over():
    """Own delivery was 5.100 to 5.800, on average 5.450; four months are still to come."""
    own = own_year(grounds())
    assert own.by_kind[CostKind.OVERHEAD].booked == Cents(120_000_00)
    assert own.by_kind[CostKind.OWN_DELIVERY].booked == Cents(12 * 5_450_00)
    assert own.spread[CostKind.OVERHEAD] == 0
    assert own.spread[CostKind.OWN_DELIVERY] > 0
    assert sum(own.months[CostKind.OWN_DELIVERY].values()) == own.by_kind[CostKind.OWN_DELIVERY].allowed


def test_what_is_disallowed_goes_on_and_does_not_count():
    cost = OwnCost(date(2025, 3, 1), CostKind.OTHER, Cents(8_000_00), disallowed=True)
    known = grounds()
    own = own_year(replace(known, own_costs=(*known.own_costs, cost)))
    assert own.by_kind[CostKind.OTHER] == OwnCostTotal(Cents(24_000_00), Cents(12_000_00))


def test_own_cost_of_a_year_that_is_over_is_what_was_booked():
    over = replace(grounds(), as_of=date(2026, 1, 31))
    assert own_year(over).by_kind[CostKind.OVERHEAD].booked == Cents(80_000_00)
    assert set(own_year(over).spread.values()) == {0.0}


def test_before_the_first_month_is_over_own_cost_is_what_was_booked_and_said_so():
    early = replace(grounds(), as_of=date(2025, 1, 20))
    assert own_year(early).notes == ("no_complete_month",)
    assert own_year(grounds(own_costs=())).notes == ("no_own_cost",)


def test_numbers_to_come_go_on_from_the_last_with_a_credible_part_of_the_change():
    """1.250 to 1.292 is six a month over seven changes; with weight 7/11 about 3.8 a month from August on."""
    known = grounds(contract(volume=QUARTERS), counts=counts(1250, 1256, 1262, 1268, 1274, 1280, 1286, 1292))
    numbers, spread = expected_counts(known, QUARTERS)
    by_day = {count.date: float(count.active) for count in numbers}
    assert by_day[date(2025, 6, 30)] == 1280
    assert by_day[date(2025, 9, 30)] == pytest.approx(1292 + 3.84, abs=0.1)
    assert by_day[date(2025, 12, 31)] == pytest.approx(1292 + 15.4, abs=0.3)
    assert spread == pytest.approx(0, abs=0.2)  # every change was the same


def test_when_all_numbers_are_known_the_adjustment_is_that_of_rule_7():
    quarters = dict(zip((3, 6, 9, 12), (1250, 1290, 1330, 1402), strict=True))
    numbers = counts(*[quarters.get(month.number, 1240) for month in MONTHS])
    year = revenue_year(grounds(contract(volume=QUARTERS), counts=numbers))
    assert year.parts.volume_adjustment == Cents(96_000_00)
    assert year.spread == 0


def test_without_any_number_there_is_no_adjustment_and_it_is_said():
    year = revenue_year(grounds(contract(volume=QUARTERS)))
    assert year.parts == RevenueParts(Cents(8_312_457_35))
    assert year.notes == ("no_counts",)


def test_a_reference_date_that_is_to_come_is_expected_too():
    clause = replace(QUARTERS, measure=Measure.REFERENCE_DATE, reference_date=date(2025, 12, 31))
    year = revenue_year(grounds(contract(volume=clause), counts=counts(1400, 1410, 1400, 1410)))
    assert year.reckoning.measured == pytest.approx(1410, abs=15)
    assert year.spread > 0


def test_the_outlook_is_the_settlement_at_the_forecast():
    """8.312.457,35 less 7,8 million and 197.400 own cost: 315.057,35 is 3,79 % and stays within five."""
    found = project(FORECAST, grounds())
    assert found.settlement.cost.subcontractors == FORECAST.point == found.subcontractors.point
    assert found.own.point == Cents(120_000_00 + 65_400_00 + 12_000_00)
    assert found.result.point == Cents(315_057_35)
    assert (found.cap, found.repaid.point) == (Cents(415_622_87), ZERO)
    assert found.margin.point == "3.7902"
    assert float(found.margin.low80) < 3.7902 < float(found.margin.high80)
    assert found.entitlement.point == Cents(8_312_457_35)


def test_the_chances_are_those_of_the_spread():
    """The cap lies 100.566 above the result, one deviation is 90.000: 13 in a hundred; a shortage is 3.5 away."""
    found = project(FORECAST, grounds())
    assert found.chance_repaid == pytest.approx(0.132, abs=0.01)
    assert found.chance_shortage < 0.005
    assert odds(found.chance_repaid) == (1, 8)


def test_instalments_to_come_count_as_paid_and_are_not_received_yet():
    found = project(FORECAST, grounds())
    assert found.settlement.received == Cents(8_312_457_35)
    assert found.received == Cents(692_704_78 * 8)


def test_the_months_run_up_to_the_outlook_of_the_year():
    found = project(FORECAST, grounds())
    assert [one.month for one in found.months] == list(MONTHS)
    assert [one.known for one in found.months] == [True] * 8 + [False] * 4
    assert found.months[-1].room == found.result
    assert found.months[-1].cap == found.cap
    assert found.months[0].room.certain
    january = found.months[0]
    assert january.room.point == Cents(692_704_78 - 650_000_00 - 10_000_00 - 5_100_00 - 1_000_00)
    widths = [one.room.high80 - one.room.low80 for one in found.months[7:]]
    assert widths == sorted(widths)


def test_overhead_above_its_cap_does_not_count():
    """Twelve percent of the lump sum is 997.494,88 (rule 26)."""
    costs = tuple(OwnCost(month.last, CostKind.OVERHEAD, Cents(87_500_00)) for month in MONTHS[:8])
    found = project(FORECAST, grounds(own_costs=costs))
    assert found.settlement.cost.overhead == Cents(997_494_88)
    assert found.settlement.cost.overhead_above_cap == Cents(52_505_12)
    assert found.own == replace(found.own, point=Cents(997_494_88))


def test_a_year_that_is_over_has_no_band():
    over = replace(grounds(), as_of=date(2026, 5, 31), received=Cents(8_312_457_35))
    found = project(nothing_to_come(FORECAST), over)
    assert found.result.certain
    assert found.repaid.certain
    assert found.settlement.balance_due == found.entitlement.point - found.received
    assert {found.chance_repaid, found.chance_shortage} <= {0.0, 1.0}


@given(
    revenue=st.integers(0, 10**9),
    cost=st.integers(0, 12 * 10**8),
    overhead=st.integers(0, 2 * 10**8),
    opening=st.integers(0, 5 * 10**7),
    excess=st.sampled_from(Excess),
)
@settings(max_examples=60, deadline=None)
def test_every_draw_ends_as_the_settlement_itself_says(revenue, cost, overhead, opening, excess):
    terms = replace(
        contract().settlement, margin=Margin(Decimal(3), excess=excess), reserve=Reserve(Decimal(5), Cents(opening))
    )
    settled = settle(
        SettlementInput(
            2025,
            "1911",
            RevenueParts(Cents(revenue)),
            (Cents(revenue),),
            terms,
            (AgreementCost("PXQ-1", "65656055", FormCode.PXQ, Cents(cost)),),
            {CostKind.OVERHEAD: OwnCostTotal(Cents(overhead))},
        )
    )
    own = {kind: np.array([overhead if kind is CostKind.OVERHEAD else 0]) for kind in CostKind}
    found = outcomes(terms, Years(np.array([revenue]), np.array([cost]), own), ZERO)
    assert found.result[0] == settled.result
    assert found.repaid[0] == settled.surplus.repaid
    assert found.excess[0] == settled.surplus.excess
    assert found.municipality[0] == settled.deficit.municipality
    assert found.entitlement[0] == settled.entitlement


@pytest.mark.parametrize(
    ("chance", "said"),
    [(0.0, (0, 1)), (0.03, (0, 1)), (0.05, (1, 20)), (0.19, (1, 5)), (0.5, (1, 2)), (0.66, (2, 3)), (0.99, (1, 1))],
    ids=str,
)
def test_a_chance_is_said_as_so_many_in_so_many(chance, said):
    assert odds(chance) == said


def test_a_month_of_the_forecast_that_is_not_in_the_contract_is_not_shown():
    terms = contract()
    late = replace(terms, lump_sum=replace(terms.lump_sum, first_month=7))
    assert project(FORECAST, grounds(late)).months[0].month == Month(2025, 7)
