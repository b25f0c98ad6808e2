"""From delivered time to declared volume and amount: rules 11 and 12."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_contractor.kernel.money import Cents
from subcontractors.agreements.units import minute_amount, shown_minute_tariff, whole_hours


def test_rule_11_minutes_on_an_hour_tariff_are_rounded_once():
    assert minute_amount(Cents(8735), 95) == Cents(13830)
    assert shown_minute_tariff(Cents(8735)) == Cents(146)
    assert shown_minute_tariff(Cents(8735)) * 95 == Cents(13870)  # what it must not be


def test_rule_12_hours_are_rounded_over_the_whole_period():
    assert whole_hours(4 * 95) == 6
    assert Cents(5580) * whole_hours(4 * 95) == Cents(33480)
    assert minute_amount(Cents(5580), 4 * 95) == Cents(35340)


@pytest.mark.parametrize(("minutes", "hours"), [(1, 1), (29, 1), (89, 1), (90, 2), (389, 6), (390, 7)])
def test_rule_12_thirty_minutes_go_up_and_there_is_at_least_one_hour(minutes, hours):
    assert whole_hours(minutes) == hours


def test_a_line_without_minutes_is_refused():
    with pytest.raises(ValueError, match="minutes"):
        whole_hours(0)


@given(st.integers(0, 10**6), st.integers(0, 1000))
def test_whole_hours_in_minutes_cost_the_hour_tariff(tariff, hours):
    assert minute_amount(Cents(tariff), hours * 60) == Cents(tariff * hours)
