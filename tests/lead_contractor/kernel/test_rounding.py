"""Rounding and splitting to the cent (rules 1 and 15, the laws of splitting)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.rounding import (
    decimal_places,
    half_up,
    milestones,
    percent_of,
    split,
    split_evenly,
    times,
    to_cents,
)

AMOUNTS = st.integers(-(10**12), 10**12).map(Cents)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=24).filter(any)
QUICK = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(
    ("value", "whole"),
    [("0.5", 1), ("-0.5", -1), ("2.5", 3), ("-2.5", -3), ("2.4999", 2), ("-2.4999", -2), ("0", 0)],
)
def test_half_a_cent_is_rounded_away_from_zero(value, whole):
    assert half_up(Decimal(value)) == whole
    assert to_cents(Decimal(value)) == Cents(whole)


def test_a_percentage_is_rounded_to_places_away_from_zero():
    assert decimal_places(Decimal("4.957"), 2) == Fraction(496, 100)
    assert decimal_places(Decimal("-4.955"), 2) == Fraction(-496, 100)
    assert decimal_places(Decimal("4.911"), 2) == Fraction(491, 100)


def test_rule_1_twelfths_give_the_first_eleven_months_the_extra_cent():
    parts = split_evenly(Cents(831245735), 12)
    assert parts == (Cents(69270478),) * 11 + (Cents(69270477),)
    assert total(parts) == Cents(831245735)


def test_rule_15_the_last_milestone_is_the_remainder():
    assert milestones(Cents(975000), [70, 30]) == (Cents(682500), Cents(292500))
    assert milestones(Cents(433333), [80, 20]) == (Cents(346666), Cents(86667))


def test_of_equal_remainders_the_first_in_order_wins():
    assert split(Cents(100), [1, 1, 1]) == (Cents(34), Cents(33), Cents(33))
    assert split(Cents(-100), [1, 1, 1]) == (Cents(-34), Cents(-33), Cents(-33))


def test_a_weight_of_zero_gets_nothing():
    assert split(Cents(101), [0, 1, 0]) == (Cents(0), Cents(101), Cents(0))


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]], ids=["none", "all zero", "below zero"])
def test_weights_that_say_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        split(Cents(1), weights)


def test_a_price_without_milestones_is_refused():
    with pytest.raises(ValueError, match="milestone"):
        milestones(Cents(1), [])


@QUICK
@given(AMOUNTS, WEIGHTS)
def test_parts_always_add_up(amount, weights):
    assert total(split(amount, weights)) == amount


@QUICK
@given(AMOUNTS, WEIGHTS)
def test_no_part_is_a_cent_or_more_from_its_exact_share(amount, weights):
    for part, weight in zip(split(amount, weights), weights, strict=True):
        assert abs(int(part) - Fraction(int(amount) * weight, sum(weights))) < 1


@QUICK
@given(AMOUNTS, st.lists(st.decimals("0", "100", places=2), min_size=1, max_size=6))
def test_milestones_always_add_up(amount, percents):
    assert total(milestones(amount, percents)) == amount


@QUICK
@given(AMOUNTS, st.decimals("-100", "100", places=3))
def test_rounding_is_within_half_a_cent_and_the_same_on_both_sides_of_zero(amount, percent):
    exact = Fraction(int(amount)) * Fraction(percent) / 100
    assert abs(int(percent_of(amount, percent)) - exact) <= Fraction(1, 2)
    assert percent_of(-amount, percent) == -percent_of(amount, percent)
    assert times(amount, Fraction(percent) / 100) == percent_of(amount, percent)


@QUICK
@given(AMOUNTS, st.fractions(-1000, 1000) | st.decimals(-1000, 1000, places=4) | st.integers(-1000, 1000))
def test_a_product_is_exact_until_it_is_rounded_once(amount, factor):
    assert times(amount, factor) == to_cents(Fraction(amount) * Fraction(factor))
    assert percent_of(amount, factor) == to_cents(Fraction(amount) * Fraction(factor) / 100)
