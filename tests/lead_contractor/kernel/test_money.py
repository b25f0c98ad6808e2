"""Money is whole cents."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_contractor.kernel.money import ZERO, Cents, cents_from_euros, euros_nl, euros_text, total


@pytest.mark.parametrize("value", [1.0, Decimal(1), True, "1"], ids=["float", "decimal", "bool", "text"])
def test_cents_refuse_what_is_not_a_whole_number(value):
    with pytest.raises(TypeError):
        Cents(value)


@pytest.mark.parametrize("value", [0.5, Decimal(1), True], ids=["float", "decimal", "bool"])
def test_cents_only_meet_whole_numbers(value):
    for sum_of in (lambda: Cents(1) + value, lambda: Cents(1) - value, lambda: Cents(1) * value):
        with pytest.raises(TypeError):
            sum_of()


def test_sums_of_cents_stay_cents():
    assert isinstance(Cents(1) + 2, Cents)
    assert isinstance(5 - Cents(1), Cents)
    assert isinstance(-Cents(1), Cents)
    assert isinstance(abs(Cents(-1)), Cents)
    assert total([]) == ZERO
    assert total([Cents(1), Cents(2)]) == Cents(3)


@pytest.mark.parametrize("text", ["1,00", "1.000,00", "1.001", "", "1e3", "€ 1", "1.2.3", "--1"])
def test_amounts_that_are_not_euros_with_a_point_are_refused(text):
    with pytest.raises(ValueError, match="amount in euros"):
        cents_from_euros(text)


def test_amounts_as_people_read_them():
    assert euros_nl(123456) == "€ 1.234,56"
    assert euros_nl(-123456) == "€ -1.234,56"
    assert euros_nl(5, sign=True) == "€ +0,05"
    assert euros_text(-5) == "-0.05"


@settings(max_examples=60, deadline=None)
@given(st.integers(-(10**14), 10**14))
def test_euros_read_back_as_the_same_cents(amount):
    assert cents_from_euros(euros_text(Cents(amount))) == amount
