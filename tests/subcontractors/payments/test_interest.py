"""Late payment (rule 36), to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Period
from lead_contractor.parties.model import Size
from subcontractors.payments.interest import (
    COLLECTION_COST,
    RATES,
    Rate,
    days_late,
    due_day,
    flagged,
    interest,
)

DECLARED = date(2025, 9, 1)
DUE = date(2025, 10, 1)


def test_nineteen_days_late_costs_seventy_five_euros_and_twenty_nine_cents_and_forty_euros():
    assert due_day(DECLARED) == DUE
    paid = DUE + timedelta(days=19)
    assert days_late(DUE, paid) == 19
    assert interest(Cents(1_425_000), DUE, paid) == 7529
    assert COLLECTION_COST == 4000


def test_over_a_change_of_the_percentage_each_day_bears_its_own_and_is_rounded_once():
    due, paid = date(2025, 6, 20), date(2025, 7, 10)
    # ten days of June at 11.15 and ten of July at 10.15: 14250 x (1.115 + 1.015) / 365 = 83.1575
    assert interest(Cents(1_425_000), due, paid) == 8316


@given(st.integers(1, 10**9), st.integers(0, 400), st.integers(0, 400))
def test_interest_never_falls_with_time(cents: int, first: int, more: int):
    early = interest(Cents(cents), DUE, DUE + timedelta(days=first))
    assert 0 <= early <= interest(Cents(cents), DUE, DUE + timedelta(days=first + more))


def test_nothing_is_late_up_to_day_thirty_and_a_small_creditor_is_flagged_on_day_thirty_one():
    assert interest(Cents(1_425_000), DUE, DUE) == 0
    assert not flagged(Size.SMALL, DUE, DECLARED + timedelta(days=30))
    assert flagged(Size.SMALL, DUE, DECLARED + timedelta(days=31))


@pytest.mark.parametrize(
    ("size", "expected"),
    [(Size.ZZP, True), (Size.MICRO, True), (Size.MEDIUM, True), (Size.LARGE, False), (None, True)],
)
def test_large_creditors_are_not_flagged(size: Size | None, expected: bool):
    assert flagged(size, DUE, DUE + timedelta(days=1)) is expected


def test_percentages_are_dated_adjoin_and_say_that_they_were_not_verified():
    for earlier, later in pairwise(RATES):
        assert earlier.validity.end == later.validity.start
    assert all(not rate.verified and rate.source for rate in RATES)


def test_a_credit_or_a_day_before_the_first_percentage_bears_nothing():
    assert interest(Cents(-100), DUE, DUE + timedelta(days=9)) == 0
    rates = (Rate(Decimal(10), Period(date(2026, 1, 1), None), "verzonnen"),)
    assert interest(Cents(1_000_000), DUE, date(2025, 12, 31), rates) == 0
