"""Rows of use are ways to add the same parts up, and what is open or paid in part is split to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.plan.amend import plan_total
from budgets.plan.model import Plan
from budgets.use.cells import Cover
from budgets.use.line_model import By, Figures, Part
from budgets.use.lines import attributed, open_amount, rows_of, total_of
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode

JAN, FEB = Month(2025, 1), Month(2025, 2)
COVERS = {
    "PXQ": Cover("11111111", FormCode.PXQ, ("01A04", "01A05")),
    "FTE": Cover("22222222", FormCode.FTE, ("06A00",)),
    "LS": Cover("33333333", FormCode.LUMP_SUM, ("09A00", "09A01")),
}
PLAN: Plan = {
    ("01A04", "11111111"): {JAN: Cents(100), FEB: Cents(200)},
    ("", "22222222"): {JAN: Cents(40)},
    ("09A00", "33333333"): {FEB: Cents(60)},
    ("02", ""): {JAN: Cents(7)},
}
YEAR = (date(2025, 1, 1).toordinal(), date(2025, 12, 31).toordinal())


def part(subcontractor: str, product: str, form: str, used: int, month: Month | None = JAN, area: str = "") -> Part:
    return Part(subcontractor, product, form, area, "", month, Figures(declared=Cents(used), used=Cents(used)))


PARTS = [
    part("11111111", "01A04", "pxq", 90, area="Noord"),
    part("11111111", "01A05", "pxq", 30, FEB, area="Zuid"),
    part("22222222", "06A00", "fte", 20),
    part("33333333", "", "lump_sum", 50),
    part("44444444", "02A03", "pxq", 5),
]


def rows(by: By, areas: dict[str, Decimal] | None = None) -> dict[tuple[str, ...], tuple[int | None, int]]:
    found = rows_of(by, PARTS, PLAN, COVERS, areas or {})
    assert total(row.figures.used for row in found) == 195
    return {row.key: (row.plan, row.figures.used) for row in found}


def test_a_part_falls_under_the_budget_line_that_says_most():
    assert rows(By.LINE) == {
        ("11111111", "01A04", "pxq"): (300, 90),
        ("11111111", "01A05", "pxq"): (None, 30),  # no budget: a line of its own
        ("22222222", "06A00", "fte"): (40, 20),  # the one form of this subcontractor
        ("33333333", "", "lump_sum"): (60, 50),  # an agreement over more products has one line
        ("", "02", ""): (7, 5),  # a category of everyone
    }


def test_the_same_by_product_subcontractor_form_and_month():
    assert rows(By.SUBCONTRACTOR)["11111111",] == (300, 120)
    assert rows(By.SUBCONTRACTOR)["",] == (7, 0)
    assert rows(By.FORM) == {("",): (7, 0), ("fte",): (40, 20), ("lump_sum",): (60, 50), ("pxq",): (300, 125)}
    assert rows(By.PRODUCT)["01A05",] == (None, 30)
    assert rows(By.MONTH) == {("2025-01",): (147, 165), ("2025-02",): (260, 30)}


def test_areas_have_a_budget_where_the_contract_has_a_key():
    assert rows(By.AREA) == {("",): (None, 75), ("Noord",): (None, 90), ("Zuid",): (None, 30)}
    key = {"Noord": Decimal(235), "Zuid": Decimal(157)}
    assert rows(By.AREA, key) == {("",): (None, 75), ("Noord",): (244, 90), ("Zuid",): (163, 30)}
    assert rows(By.CLIENT_GROUP) == {("",): (None, 195)}


@pytest.mark.parametrize("by", [By.LINE, By.PRODUCT, By.SUBCONTRACTOR, By.FORM, By.MONTH])
def test_the_budget_of_the_rows_is_the_budget(by: By):
    found = rows_of(by, PARTS, PLAN, COVERS, {})
    assert total(row.plan or 0 for row in found) == plan_total(PLAN) == total_of(found, PLAN).plan == 407


def test_left_is_plan_less_used_and_free_is_that_less_committed():
    (row,) = rows_of(By.LINE, [Part("", "", "", "", "", JAN, Figures(used=Cents(30), committed=Cents(80)))],
                     {("", ""): {JAN: Cents(100)}}, {}, {})  # fmt: skip
    assert (row.left, row.free) == (70, -10)
    (row,) = rows_of(By.LINE, [PARTS[0]], {}, {}, {})
    assert (row.plan, row.left, row.free) == (None, None, None)


def test_an_open_allocation_commits_what_was_not_approved_over_the_days_to_come():
    first, last = date(2025, 7, 1).toordinal(), date(2026, 6, 30).toordinal()
    day = date(2025, 10, 31).toordinal()
    assert open_amount(Cents(365_00), Cents(123_00), (first, last), day, YEAR) == (61_00, 181_00)
    assert open_amount(Cents(365_00), Cents(400_00), (first, last), day, YEAR) == (0, 0), "never below zero"


def test_what_was_delivered_under_an_earlier_contract_does_not_count():
    first, last = date(2024, 12, 2).toordinal(), date(2025, 12, 31).toordinal()  # 30 days before the year
    assert open_amount(Cents(395_00), Cents(300_00), (first, last), YEAR[1] - 10, YEAR) == (65_00, 0)


def test_an_open_end_runs_to_the_end_of_the_contract_year():
    assert open_amount(Cents(100_00), Cents(40_00), (YEAR[0], None), YEAR[0] + 99, YEAR) == (60_00, 0)
    assert open_amount(Cents(100_00), Cents(0), (YEAR[1] + 5, None), YEAR[1] + 1, YEAR) == (0, 100_00)


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(-400, 400), st.integers(1, 800), st.integers(0, 364))
def test_what_is_committed_now_and_later_is_never_more_than_what_is_open(
    committed: int, approved: int, start: int, length: int, day: int
):
    term = (YEAR[0] + start, YEAR[0] + start + length)
    now, later = open_amount(Cents(committed), Cents(approved), term, YEAR[0] + day, YEAR)
    assert now >= 0
    assert later >= 0
    if start >= 0:
        assert now + later == max(0, committed - approved)
    else:
        assert now + later <= max(0, committed - approved)


def test_what_was_paid_is_about_what_made_it_payable():
    shares: dict[tuple[str, ...], Cents] = {("01A04",): Cents(100), ("01A05",): Cents(50)}
    assert attributed(Cents(150), shares) == shares
    assert attributed(Cents(-30), {("01A04",): Cents(-50), ("01A05",): Cents(20)}) == {
        ("01A04",): -50, ("01A05",): 20,
    }  # fmt: skip
    assert attributed(Cents(100), shares) == {("01A04",): 67, ("01A05",): 33}, "a part goes in proportion"
    assert attributed(Cents(10), {}) == {}
    assert attributed(Cents(10), {("01A04",): Cents(50), ("01A05",): Cents(-20)}) == {}, "that cannot be known"
