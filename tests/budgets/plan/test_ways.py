"""Ways to make a budget, to the cent (rules 9, 40 and 44)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.plan.ways import by_key, discounted, in_proportion, over_months, population_amount
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Refusal

YEAR = tuple(Month(2025, number) for number in range(1, 13))
amounts = st.integers(-(10**12), 10**12).map(Cents)
standing = st.dictionaries(st.sampled_from(YEAR), st.integers(0, 10**9).map(Cents))


def test_an_amount_per_inhabitant():
    assert population_amount(49_000, Cents(138_27)) == 6_775_230_00
    with pytest.raises(Refusal, match="inwoners"):
        population_amount(-1, Cents(138_27))


def test_a_split_by_key_over_areas_adds_up():
    found = by_key(Cents(1_000_000_00), {"Noord": Decimal(235), "Midden": Decimal(108), "Zuid": Decimal(49)})
    assert found == {"Noord": 599_489_80, "Midden": 275_510_20, "Zuid": 125_000_00}
    assert sum(found.values()) == 1_000_000_00


def test_a_key_without_weight_is_refused():
    with pytest.raises(Refusal, match="verdeelsleutel"):
        by_key(Cents(100), {"Noord": Decimal(0)})


def test_a_discount_beforehand_and_a_budget_in_two_parts():
    assert discounted(Cents(2_000_000_00), Decimal(20)) == 1_600_000_00
    found = by_key(Cents(7_800_000_00), {"lokaal": Decimal(80), "regionaal": Decimal(20)})
    assert found == {"lokaal": 6_240_000_00, "regionaal": 1_560_000_00}


def test_months_evenly():
    assert list(over_months(Cents(100_00), YEAR).values()) == [8_34] * 4 + [8_33] * 8


@given(amounts, standing)
def test_a_spread_over_months_adds_up(amount: Cents, known: dict[Month, Cents]):
    assert total(in_proportion(amount, known, YEAR).values()) == amount


@given(standing, st.integers(0, 100))
def test_what_is_taken_off_leaves_no_month_below_zero(known: dict[Month, Cents], percent: int):
    there = total(known.values())
    parts = in_proportion(Cents(-(int(there) * percent // 100)), known, YEAR)
    assert all(known.get(month, Cents(0)) + part >= 0 for month, part in parts.items() if there)
