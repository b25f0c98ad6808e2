"""What trajectories make due: rules 15, 16 and 17."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month, Period
from subcontractors.agreements.model import Agreement, Evidence, FormCode, Trajectory
from subcontractors.agreements.trajectory import (
    FORM,
    Milestone,
    MilestoneAt,
    StopRule,
    TrajectoryTerms,
    amount_due,
    trajectories_due,
)

START, END = date(2025, 1, 1), date(2025, 10, 1)  # 274 days
LISTED = {
    "21": StopRule.PRO_RATA,
    "22": StopRule.PRO_RATA,
    "23": StopRule.FULL,
    "02": StopRule.KEEP_START,
}


def terms(price=975000, start="70", guarantee_days=183, **early_stop):
    first = Milestone(MilestoneAt.START, Decimal(start))
    last = Milestone(MilestoneAt.END, 100 - Decimal(start))
    return TrajectoryTerms(Cents(price), (first, last), LISTED, guarantee_days)


def trajectory(started=START, ended=END, reason=None, client=1, product="02A17", allocation="700", **rest):
    span = {"allocation_start": started, "allocation_end": ended} | rest
    return Trajectory(allocation, client, product, started, ended, stop_reason=reason, area="Noord", **span)


def amounts(of, *trajectories):
    return [(due.at_start, due.at_end) for due in trajectories_due(of, trajectories)]


def test_rule_15_seventy_percent_at_the_start_the_rest_at_the_end():
    assert amounts(terms(), trajectory()) == [(682500, 292500)]
    assert amounts(terms(433333, "80"), trajectory()) == [(346666, 86667)]


def stopped(reason, days=128):
    last = START + timedelta(days=days - 1)
    return trajectory(START, last, reason, allocation_start=START, allocation_end=END)


def test_rule_16_an_early_stop_by_the_client_is_pro_rata():
    assert (END - START).days + 1 == 274
    assert amount_due(terms(), stopped("21")) == Cents(455474)
    assert amounts(terms(), stopped("21")) == [(682500, -227026)]


@pytest.mark.parametrize("reason", ["19", "23", None], ids=["as planned", "agreed early", "no stop"])
def test_rule_16_with_the_goal_met_the_second_part_is_due(reason):
    assert amounts(terms(), stopped(reason)) == [(682500, 292500)]


def test_rule_16_keep_start_leaves_the_start_amount():
    assert amounts(terms(), stopped("02")) == [(682500, 0)]


def test_rule_16_a_reason_that_is_not_listed_is_pro_rata():
    assert amount_due(terms(), stopped("31")) == Cents(455474)


def test_pro_rata_counts_the_first_and_last_day_and_never_passes_the_price():
    assert amount_due(terms(), stopped("21", days=1)) == Cents(3558)
    assert amount_due(terms(), stopped("21", days=274)) == Cents(975000)
    assert amount_due(terms(), stopped("21", days=400)) == Cents(975000)


def test_several_start_milestones_are_all_kept():
    parts = tuple(
        Milestone(MilestoneAt(at), Decimal(percent))
        for at, percent in (("start", "33.33"), ("start", "33.33"), ("end", "33.34"))
    )
    of = TrajectoryTerms(Cents(100001), parts)
    assert amounts(of, trajectory()) == [(66660, 33341)]
    assert TrajectoryTerms(Cents(1), (Milestone(MilestoneAt.START, Decimal(100)),)).start_amount == 1


def back(days, **changes):
    started = END + timedelta(days=days)
    return trajectory(started, started + timedelta(days=100), allocation="701", **changes)


def test_rule_17_re_entry_inside_the_guarantee_costs_nothing():
    first, second = trajectories_due(terms(), [trajectory(reason="19"), back(183)])
    assert (first.at_start, first.amount, first.guaranteed_by) == (682500, 975000, None)
    assert (second.at_start, second.amount, second.guaranteed_by) == (0, 0, "700")


def test_rule_17_re_entry_outside_the_guarantee_is_paid():
    assert amounts(terms(), trajectory(), back(184))[1] == (682500, 292500)


@pytest.mark.parametrize(
    ("of", "first", "second"),
    [
        (terms(), trajectory(), back(30, client=2)),
        (terms(), trajectory(), back(30, product="02A18")),
        (terms(guarantee_days=None), trajectory(), back(30)),
        (terms(), trajectory(ended=END - timedelta(days=1), reason="21", allocation_end=END), back(30)),
        (terms(), trajectory(reason="02"), back(30)),
    ],
    ids=["another client", "another product", "no guarantee", "not fully due", "start kept"],
)
def test_rule_17_the_guarantee_holds_for_the_same_need_after_a_full_price_only(of, first, second):
    assert amounts(of, first, second)[1] == (682500, 292500)


def test_rule_17_a_free_trajectory_starts_no_new_guarantee():
    third = trajectory(END + timedelta(days=250), END + timedelta(days=300), allocation="702")
    found = trajectories_due(terms(), [third, back(100), trajectory()])
    assert [due.amount for due in found] == [975000, 0, 975000]


def test_rule_17_a_trajectory_of_the_year_before_gives_its_guarantee_in_this_year():
    earlier = trajectory(date(2024, 3, 1), date(2024, 12, 31), "19")
    later = trajectory(date(2025, 2, 1), date(2025, 11, 30), allocation="701")
    of = Agreement("TR-1", "41410004", FormCode.TRAJECTORY, Period(START, None), ("02A17",), terms())
    assert FORM.due(of, Evidence(2025, (), trajectories=(earlier, later))).months == ()


def test_the_start_falls_in_the_year_of_the_start_and_the_rest_in_the_year_of_the_end():
    across = trajectory(date(2024, 11, 15), date(2025, 3, 31), "21", allocation_end=date(2025, 8, 31))
    of = Agreement("TR-1", "41410004", FormCode.TRAJECTORY, Period(START, None), ("02A17",), terms())
    before, now, after = (FORM.due(of, Evidence(year, (), trajectories=(across,))) for year in (2024, 2025, 2026))
    (start,) = before.months
    assert (start.month, start.amount) == (Month(2024, 11), 682500)
    (rest,) = now.months
    assert (rest.month, rest.product_code, rest.area, rest.source) == (Month(2025, 3), "02A17", "Noord", "700")
    assert rest.amount == Cents(460603 - 682500)  # 137 of 290 days × 9,750.00 less what the start made due
    assert after.months == ()
    assert FORM.missing(of, Evidence(2025, ())) == ()


SPANS = st.tuples(
    st.dates(date(2024, 1, 1), date(2025, 12, 31)),
    st.integers(0, 400),
    st.integers(0, 400),
    st.sampled_from([None, "19", "21", "23", "02", "99"]),
    st.integers(1, 3),
)


@given(st.lists(SPANS, max_size=12), st.integers(0, 10**8), st.decimals("0", "100", places=2))
def test_all_years_together_make_due_what_the_trajectories_cost(spans, price, start):
    of_terms = terms(price, start)
    found = tuple(
        trajectory(
            begin,
            begin + timedelta(days=min(days, planned)),
            reason,
            client,
            allocation=str(number),
            allocation_end=begin + timedelta(days=planned),
        )
        for number, (begin, days, planned, reason, client) in enumerate(spans)
    )
    of = Agreement("TR-1", "41410004", FormCode.TRAJECTORY, Period(START, None), ("02A17",), of_terms)
    dues = trajectories_due(of_terms, found)
    by_year = [FORM.due(of, Evidence(year, (), trajectories=found)).contracted for year in range(2024, 2028)]
    assert total(by_year) == total(due.amount for due in dues)
    assert all(0 <= due.amount <= price for due in dues)
    assert trajectories_due(of_terms, reversed(found)) == dues
