"""Why a forecast differs from the budget."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from budgets.forecast.model import Forecast
from budgets.plan.model import BudgetLine
from budgets.variance.budget import budget_change
from budgets.variance.forecasts import HOUR, Rate, Rates
from budgets.variance.model import Change
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode
from tests.budgets.variance.forecasts_of import BAARDMAN, KWIKSTAART, any_forecast, forecast, line

DAY = date(2025, 8, 31)
RATES: Rates = {(KWIKSTAART, "01A03"): Rate(HOUR, Fraction(5857)), (BAARDMAN, "01A04"): Rate(HOUR, Fraction(4615))}


def causes(change: Change) -> dict[str, int]:
    return {part.cause.value: int(part.cents) for part in change.parts if part.cents}


def test_rule_33_from_budget_to_forecast():
    """The year of rule 33, as a budget and a forecast of which the price is known."""
    budget = [
        BudgetLine("01A03", KWIKSTAART, None, Cents(58_570_000)),
        BudgetLine("01A04", BAARDMAN, None, Cents(18_460_000)),
    ]
    expected = forecast(
        DAY,
        line(months=[(10_600 * 5920, 0, 0)], price=10_600 * 63),
        line(BAARDMAN, "01A04", months=[(3_700 * 4690, 0, 0)], price=3_700 * 75),
    )
    change = budget_change(budget, expected, RATES)
    assert (change.then_day, change.total_then, change.total_now) == (None, Cents(77_030_000), Cents(80_105_000))
    assert causes(change) == {"volume": 1_650_643, "mix": 479_057, "price": 945_300}


def test_a_line_falls_under_the_budget_that_names_it_most_precisely():
    months = [Month(2025, 1), Month(2025, 2)]
    budget = [
        *(BudgetLine("01A03", KWIKSTAART, month, Cents(500)) for month in months),
        BudgetLine("01A03", "", None, Cents(300)),
        BudgetLine("", KWIKSTAART, None, Cents(200)),
    ]
    expected = forecast(
        DAY,
        line(months=[(1_100, 0, 0)]),
        line(BAARDMAN, months=[(290, 0, 0)]),
        line(product="02A05", months=[(260, 0, 0)]),
        line("99990103", "07A01", months=[(70, 0, 0)]),
    )
    change = budget_change(budget, expected, {})
    found = {(one.subcontractor, one.product_code): (one.then, one.now) for one in change.lines}
    assert found == {
        (KWIKSTAART, "01A03"): (Cents(1_000), Cents(1_100)),
        ("", "01A03"): (Cents(300), Cents(290)),
        (KWIKSTAART, ""): (Cents(200), Cents(260)),
        ("99990103", "07A01"): (None, Cents(70)),
    }


def test_agreed_forms_and_ceilings_are_contract_and_credits_correction():
    budget = [BudgetLine("", BAARDMAN, None, Cents(1_000)), BudgetLine("01A03", KWIKSTAART, None, Cents(500))]
    expected = forecast(
        DAY,
        line(BAARDMAN, "", FormCode.LUMP_SUM, months=[(1_200, 0, 0)]),
        line(months=[(640, 0, 0)], above=100, corrections=-30),
    )
    assert causes(budget_change(budget, expected, {})) == {"contract": 100, "correction": -30, "volume": 170}


def test_agreed_months_fall_under_what_is_budgeted_for_their_product():
    """The budget names the product, the forecast of a lump sum does not."""
    budget = [BudgetLine("06A00", BAARDMAN, None, Cents(1_000)), BudgetLine("01A03", KWIKSTAART, None, Cents(500))]
    expected = forecast(DAY, line(BAARDMAN, "", FormCode.LUMP_SUM, months=[(1_200, 0, 0)]), line(months=[(500, 0, 0)]))
    change = budget_change(budget, expected, {})
    assert causes(change) == {"contract": 200}
    assert (change.total_then, len(change.lines)) == (Cents(1_500), 2)


def test_a_budget_that_nothing_is_expected_of_is_volume():
    assert causes(budget_change([BudgetLine("01A03", KWIKSTAART, None, Cents(500))], forecast(DAY), {})) == {
        "volume": -500
    }


budgets = st.lists(
    st.builds(
        BudgetLine,
        st.sampled_from(("", "01", "01A03", "02A05")),
        st.sampled_from(("", KWIKSTAART, BAARDMAN)),
        st.sampled_from((None, Month(2025, 3))),
        st.integers(-(10**8), 10**9).map(Cents),
    ),
    max_size=8,
)


@given(budgets, any_forecast())
def test_any_budget_and_forecast_come_out_to_the_cent(budget: list[BudgetLine], expected: Forecast):
    change = budget_change(budget, expected, RATES)
    assert (change.total_then, change.total_now) == (total(one.amount for one in budget), expected.point)
    assert total(part.cents for part in change.parts) == change.change
    for lines_or_products in (change.lines, change.by_product):
        for row in lines_or_products:
            assert total(part.cents for part in row.parts) == row.change
