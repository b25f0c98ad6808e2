"""What may be done with a budget, and what it makes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.plan.amend import as_lines, changed, check, check_plan, monthly, plan_total
from budgets.plan.changes import carried, moved, raised, to_next_year
from budgets.plan.model import AmendmentKind, BudgetLine, Change, Plan
from lead_contractor.contract.model import BudgetTerms, CarryOver, Transfers
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Refusal

YEAR = tuple(Month(2025, number) for number in range(1, 13))
NEXT = tuple(Month(2026, number) for number in range(1, 13))
HELP, GUIDE, ALL = ("01A04", "99990101"), ("02A03", "99990102"), ("", "99990103")
PLAN: Plan = monthly(
    [BudgetLine(*HELP, None, Cents(12_000_00)), BudgetLine(*GUIDE, Month(2025, 3), Cents(900_00))], YEAR
)
FREE = BudgetTerms()
MONTHS_TOO = BudgetTerms(carry_over=CarryOver.MONTHS)
YEARS_TOO = BudgetTerms(carry_over=CarryOver.YEAR)


def test_lines_by_month_add_up_and_months_outside_the_contract_count_at_its_edge():
    assert [PLAN[HELP][month] for month in YEAR] == [Cents(1_000_00)] * 12
    assert PLAN[GUIDE] == {Month(2025, 3): Cents(900_00)}
    part_year = monthly([BudgetLine(*GUIDE, Month(2025, 2), Cents(5_00))], YEAR[6:])
    assert part_year == {GUIDE: {Month(2025, 7): Cents(5_00)}}
    assert plan_total(monthly(as_lines(PLAN), YEAR)) == plan_total(PLAN) == 12_900_00


def test_a_transfer_takes_off_one_line_what_it_adds_to_another_month_by_month():
    made = moved(1, HELP, GUIDE, Cents(100_00), YEAR[:3], PLAN)
    assert total(one.cents for one in made) == 0
    check(AmendmentKind.TRANSFER, made, FREE, 1)
    after = changed(PLAN, made, 1)
    assert [after[HELP][month] for month in YEAR[:4]] == [966_66, 966_67, 966_67, 1_000_00]
    assert [after[GUIDE][month] for month in YEAR[:3]] == [33_34, 33_33, 933_33]
    assert plan_total(after) == plan_total(PLAN), "and the budget before stays as it was"
    assert PLAN[HELP][YEAR[0]] == 1_000_00


def test_transfers_as_the_contract_allows():
    made = moved(1, HELP, GUIDE, Cents(100_00), YEAR, PLAN)
    with pytest.raises(Refusal, match="geen overheveling"):
        check(AmendmentKind.TRANSFER, made, BudgetTerms(transfers=Transfers.NONE), 1)
    inside = BudgetTerms(transfers=Transfers.WITHIN_CATEGORY)
    with pytest.raises(Refusal, match="binnen een productcategorie"):
        check(AmendmentKind.TRANSFER, made, inside, 1)
    with pytest.raises(Refusal, match="binnen een productcategorie"):
        check(AmendmentKind.TRANSFER, moved(1, ALL, ("", "x"), Cents(1), YEAR, PLAN), inside, 1)
    check(AmendmentKind.TRANSFER, moved(1, HELP, ("01A05", "99990101"), Cents(100), YEAR, PLAN), inside, 1)


def test_what_does_not_add_up_to_nothing_is_no_transfer():
    made = [Change(1, *HELP, YEAR[0], Cents(-100)), Change(1, *GUIDE, YEAR[0], Cents(99))]
    with pytest.raises(Refusal, match="op nul"):
        check(AmendmentKind.TRANSFER, made, FREE, 1)


def test_a_transfer_moves_between_months_only_where_carrying_over_is_allowed():
    made = [Change(1, *HELP, YEAR[0], Cents(-100)), Change(1, *GUIDE, YEAR[5], Cents(100))]
    with pytest.raises(Refusal, match="tussen maanden"):
        check(AmendmentKind.TRANSFER, made, FREE, 1)
    check(AmendmentKind.TRANSFER, made, MONTHS_TOO, 1)
    with pytest.raises(Refusal, match="naar een andere regel"):
        check(AmendmentKind.TRANSFER, carried(1, HELP, Cents(10), YEAR[0], YEAR[1:]), MONTHS_TOO, 1)


def test_what_is_left_of_a_month_goes_to_later_months_of_its_line():
    made = carried(1, HELP, Cents(100_00), YEAR[0], YEAR[9:])
    with pytest.raises(Refusal, match="laat niet toe"):
        check(AmendmentKind.CARRY_OVER, made, FREE, 1)
    check(AmendmentKind.CARRY_OVER, made, MONTHS_TOO, 1)
    after = changed(PLAN, made, 1)
    assert [after[HELP][month] for month in (YEAR[0], *YEAR[9:])] == [900_00, 1_033_34, 1_033_33, 1_033_33]
    with pytest.raises(Refusal, match="eerdere naar een latere"):
        check(AmendmentKind.CARRY_OVER, carried(1, HELP, Cents(100), YEAR[3], YEAR[:2]), MONTHS_TOO, 1)
    with pytest.raises(Refusal, match="binnen één regel"):
        check(AmendmentKind.CARRY_OVER, moved(1, HELP, GUIDE, Cents(100), YEAR, PLAN), MONTHS_TOO, 1)


def test_what_is_left_of_a_year_goes_to_the_same_line_of_the_next():
    made = to_next_year(1, PLAN, 2, {}, HELP, Cents(600_00), YEAR[10:], NEXT)
    with pytest.raises(Refusal, match="volgend jaar"):
        check(AmendmentKind.NEXT_YEAR, made, MONTHS_TOO, 1)
    check(AmendmentKind.NEXT_YEAR, made, YEARS_TOO, 1)
    assert plan_total(changed(PLAN, made, 1)) == plan_total(PLAN) - 600_00
    assert changed({}, made, 2) == {HELP: dict.fromkeys(NEXT, Cents(50_00))}
    with pytest.raises(Refusal, match="ander contractjaar"):
        check(AmendmentKind.CHANGE, made, YEARS_TOO, 1)
    other_line = [Change(1, *HELP, YEAR[0], Cents(-5)), Change(2, *GUIDE, NEXT[0], Cents(5))]
    with pytest.raises(Refusal, match="dezelfde begrotingsregel"):
        check(AmendmentKind.NEXT_YEAR, other_line, YEARS_TOO, 1)
    backwards = [Change(1, *HELP, YEAR[0], Cents(5)), Change(2, *HELP, NEXT[0], Cents(-5))]
    with pytest.raises(Refusal, match="gaat van dit jaar af"):
        check(AmendmentKind.NEXT_YEAR, backwards, YEARS_TOO, 1)


def test_no_line_falls_below_zero_and_no_month_lies_outside_the_contract():
    made = raised(1, HELP, Cents(-1_000_01), YEAR[:1], PLAN)
    with pytest.raises(Refusal, match=r"2025-01 blijft er op de regel 01A04 van 99990101 € -0,01 over"):
        check_plan(changed(PLAN, made, 1), YEAR, made, 1)
    outside = raised(1, HELP, Cents(100), NEXT[:1], PLAN)
    with pytest.raises(Refusal, match="buiten de contractperiode"):
        check_plan(changed(PLAN, outside, 1), YEAR, outside, 1)


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_to_move_is_refused(amount: int):
    with pytest.raises(Refusal, match="boven nul"):
        moved(1, HELP, GUIDE, Cents(amount), YEAR, PLAN)
    with pytest.raises(Refusal, match="verandert niets"):
        check(AmendmentKind.CHANGE, [], FREE, 1)


@given(st.lists(st.tuples(st.sampled_from([HELP, GUIDE, ALL]), st.sampled_from(YEAR), st.integers(-(10**9), 10**9))))
def test_a_budget_after_changes_is_the_budget_before_and_the_changes(parts: list[tuple[tuple[str, str], Month, int]]):
    made = [Change(1, *place, month, Cents(cents)) for place, month, cents in parts]
    assert plan_total(changed(PLAN, made, 1)) == plan_total(PLAN) + total(one.cents for one in made)
    assert changed(PLAN, made, 2) == PLAN
