"""Volume, mix and price to the cent (rule 33)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.variance.price_volume_mix import Moved, Quantity, price_volume_mix, volume_and_mix
from lead_contractor.kernel.money import Cents, total

BUDGET = (Quantity(10_000, Cents(5857)), Quantity(4_000, Cents(4615)))
ACTUAL = (Quantity(10_600, Cents(5920)), Quantity(3_700, Cents(4690)))


def test_rule_33_comes_out_to_the_cent():
    assert total(one.amount for one in BUDGET) == Cents(77_030_000)
    assert total(one.amount for one in ACTUAL) == Cents(80_105_000)
    split = price_volume_mix(BUDGET, ACTUAL)
    assert split.volume == Cents(1_650_643)
    assert split.mix == Cents(479_057)
    assert split.price == Cents(945_300)
    assert split.total == Cents(3_075_000)


def test_the_same_volume_and_price_of_lines_say_the_same():
    """What is left of rule 33 at the prices of the budget, line by line: volume and mix are those of the rule."""
    lines = [Moved(Cents(600 * 5857), Cents(58_570_000), Fraction(5857), "04"),
             Moved(Cents(-300 * 4615), Cents(18_460_000), Fraction(4615), "04")]  # fmt: skip
    found = volume_and_mix(lines)
    assert total(volume for volume, _ in found) == Cents(1_650_643)
    assert total(mix for _, mix in found) == Cents(479_057)


def test_care_that_moves_to_a_cheaper_line_is_mix_and_no_volume():
    dear = Moved(Cents(-10 * 6000), Cents(100 * 6000), Fraction(6000), "04")
    cheap = Moved(Cents(10 * 4000), Cents(100 * 4000), Fraction(4000), "04")
    found = volume_and_mix([dear, cheap])
    assert total(volume for volume, _ in found) == 0
    assert total(mix for _, mix in found) == Cents(-20_000)


def test_hours_and_days_have_no_average_price_together():
    hours = Moved(Cents(6000), Cents(60_000), Fraction(6000), "04")
    days = Moved(Cents(-12_000), Cents(120_000), Fraction(12_000), "14")
    assert volume_and_mix([hours, days]) == ((Cents(6000), Cents(0)), (Cents(-12_000), Cents(0)))


def test_nothing_before_is_all_volume():
    split = price_volume_mix((Quantity(0, Cents(5857)),), (Quantity(10, Cents(5857)),))
    assert (split.volume, split.mix, split.price) == (Cents(58_570), Cents(0), Cents(0))
    assert volume_and_mix([Moved(Cents(500), Cents(0), Fraction(100), "04")]) == ((Cents(500), Cents(0)),)


def test_other_products_now_than_then_are_refused():
    with pytest.raises(ValueError, match="zip"):
        price_volume_mix(BUDGET, ACTUAL[:1])


quantities = st.builds(
    Quantity,
    st.decimals(0, 10**6, places=2).map(Fraction),
    st.integers(0, 10**6).map(Cents),
)


@given(st.lists(st.tuples(quantities, quantities), max_size=6))
def test_the_three_always_add_up(pairs: list[tuple[Quantity, Quantity]]):
    then, now = [one for one, _ in pairs], [one for _, one in pairs]
    assert price_volume_mix(then, now).total == total(o.amount for o in now) - total(o.amount for o in then)
