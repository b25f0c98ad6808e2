"""Paperwork per form: counted in the example year, and what each form would have taken."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from budgets.plan.model import BudgetLine
from budgets.scenarios import counting, service
from budgets.scenarios.burden import PaperCount, by_form, by_subcontractor
from budgets.scenarios.forms import Norms, compare_forms, work_of
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode
from tests.budgets.scenarios.august import FORECAST, LINDE, MEER
from tests.budgets.scenarios.test_service import KWIKSTAART, NOW, Year

PXQ, FTE = FormCode.PXQ, FormCode.FTE


def counted(year: Year, day: date):
    with reading(year.engine) as connection:
        return counting.count(Scope(connection, year.lead), year.contract, day)


def test_the_example_year_is_counted_per_agreement(klein_engine):
    year = Year(klein_engine)
    rows = {(row.subcontractor, row.agreement): row for row in counted(year, date(2026, 5, 31)).rows}
    kwikstaart = rows[KWIKSTAART, "PXQ-01"]
    assert (kwikstaart.form, kwikstaart.lines, kwikstaart.refused) == (PXQ, 87, 1)
    assert (kwikstaart.credits, kwikstaart.declarations, kwikstaart.clients) == (2, 13, 9)
    assert sum(row.reports for row in rows.values()) == 10
    assert sum(row.answers for row in rows.values()) == 39 + 10  # one more was received after this day
    assert sum(row.refused_messages for row in rows.values()) == 4
    assert rows["99990104", "LS-04"].lines == 0
    assert rows["99990104", "LS-04"].cents == 24_000_00


def test_a_refused_delivery_that_came_again_is_counted_once(klein_engine):
    year = Year(klein_engine)
    with writing(klein_engine) as connection:
        scope = Scope(connection, year.lead)
        first, other = scope.sql(
            "SELECT id, message_id FROM declaration_line WHERE lead_contractor_id = :lead AND codes = 0 AND NOT credit "
            "AND agreement = 'PXQ-01' ORDER BY id LIMIT 2"
        ).all()
        before = counting.count(scope, year.contract, date(2026, 5, 31))
        scope.sql(
            "UPDATE declaration_line SET codes = 1, allocation_number = a.allocation_number, "
            "product_code = a.product_code, period_from = a.period_from, period_to = a.period_to "
            "FROM declaration_line AS a WHERE a.lead_contractor_id = :lead AND a.id = :first "
            "AND declaration_line.lead_contractor_id = :lead AND declaration_line.id = :other",
            first=first.id,
            other=other.id,
        )
        after = counting.count(scope, year.contract, date(2026, 5, 31))
    total = {name: sum(row.redone for row in found.rows) for name, found in (("before", before), ("after", after))}
    assert total["after"] == total["before"] + 1


def test_counts_grow_with_the_day_and_are_kept_as_they_were(klein_engine):
    year = Year(klein_engine)
    early, late = counted(year, date(2025, 8, 31)), counted(year, date(2026, 5, 31))
    assert sum(row.lines for row in early.rows) < sum(row.lines for row in late.rows)
    with writing(klein_engine) as connection:
        made = service.count_paperwork(Scope(connection, year.lead), year.contract, year.frozen, NOW)
    with reading(klein_engine) as connection:
        scope = Scope(connection, year.lead)
        assert counting.kept(scope, year.contract) == made == early
        assert counting.kept(scope, year.contract, date(2025, 7, 31)) is None
        assert counting.kept(Scope(connection, year.lead + 1), year.contract) is None
        costs = {one.form: one for one in service.forms_of(scope, year.contract, year.frozen, made)}
    assert costs[PXQ].measured
    assert costs[PXQ].cost == sum(one.point for one in year.frozen.forecast.lines if one.key.form is PXQ)
    assert costs[FTE].how == "hours_by_norm"
    assert not costs[FTE].measured


ROWS = (
    PaperCount(LINDE, "PXQ-1", PXQ, declarations=8, lines=400, refused=20, clients=40, minutes=480_000, cents=800_000_00),
    PaperCount(LINDE, "", reports=12, answers=20),
    PaperCount(MEER, "PXQ-2", PXQ, declarations=8, lines=100, credits=4, clients=10, cents=200_000_00, payments=8),
    PaperCount(MEER, "FTE-1", FTE, short_returns=9, changed_returns=1, cents=100_000_00),
    PaperCount(MEER, "", reports=2, answers=10),
)  # fmt: skip


def test_paperwork_adds_up_per_form_and_what_is_nobodys_stays_nobodys():
    pxq, fte, rest = by_form(ROWS)
    assert (pxq.form, pxq.subcontractors, pxq.counts["lines"], pxq.counts["reports"]) == (PXQ, 2, 500, 12)
    assert pxq.acts == 8 + 8 + 12 + 20 + 20 + 4 + 8
    assert pxq.per_hundred_thousand() == Fraction(8)
    assert pxq.per_subcontractor("lines") == 250
    assert pxq.refused_percent == 4
    assert (fte.form, fte.acts) == (FTE, 9)
    assert (rest.form, rest.counts["reports"]) == (None, 2)
    assert rest.per_hundred_thousand() is None
    everything = sum(one.acts for one in by_subcontractor(ROWS))
    assert everything == sum(one.acts for one in by_form(ROWS))


def test_days_to_payment_weigh_each_euro():
    row = PaperCount(LINDE, "PXQ-1", PXQ, paid_cents=300, paid_day_cents=100 * 30 + 200 * 45)
    assert by_form([row])[0].days_to_payment == 40
    assert by_form([PaperCount(LINDE, "PXQ-1", PXQ)])[0].days_to_payment is None


def test_each_form_for_the_same_work():
    """De Linde: 4,8 million for the year, 8.000 hours and 40 clients up to August."""
    budget = [BudgetLine("01A03", LINDE, None, Cents(4_700_000_00))]
    work = work_of(FORECAST, ROWS, budget, LINDE)
    norms = Norms(Cents(92_400_00), Fraction("1164.36"))
    found = {one.form: one for one in compare_forms(work, norms)}
    assert (found[PXQ].cost, found[PXQ].measured) == (Cents(4_800_000_00), True)
    assert found[PXQ].acts == 12 + 30 + 18 + 30  # declarations, answers, reports and refusals, at the pace of 8 of 12
    assert found[FormCode.LUMP_SUM].cost == Cents(4_700_000_00)
    hours = Fraction(8000) * 4_800_000_00 / work.realised
    assert found[FTE].cost == Cents(round(hours / Fraction("1164.36") * 92_400_00))
    assert found[FormCode.TRAJECTORY].cost == Cents(7_200_000_00 * 40 // 50)
    assert found[FormCode.AVAILABILITY].cost == Cents(400_000_00 * 12)
    assert all(not one.measured for form, one in found.items() if form is not PXQ)
    assert all(one.acts < found[PXQ].acts or form is PXQ for form, one in found.items())


def test_trajectories_for_all_together_cost_what_pxq_costs_by_their_definition():
    """The price of a client is the cost over the same clients, which is said; of one subcontractor it is not."""
    every = {one.form: one for one in compare_forms(work_of(FORECAST, ROWS, ()), None)}
    assert every[FormCode.TRAJECTORY].cost == every[PXQ].cost == Cents(7_200_000_00)
    assert every[FormCode.TRAJECTORY].how == "average_client_all"
    one = {one.form: one for one in compare_forms(work_of(FORECAST, ROWS, (), LINDE), None)}
    assert one[FormCode.TRAJECTORY].how == "average_client"


@pytest.mark.parametrize("norms", [None, Norms(Cents(1), Fraction(0))], ids=["none", "zero"])
def test_what_cannot_be_determined_says_so(norms):
    work = work_of(FORECAST, (), (), LINDE)
    found = {one.form: one for one in compare_forms(work, norms)}
    assert {form: found[form].how for form in (FTE, FormCode.LUMP_SUM, FormCode.TRAJECTORY)} == {
        FTE: "no_norm",
        FormCode.LUMP_SUM: "no_budget",
        FormCode.TRAJECTORY: "no_clients",
    }
    assert found[FTE].cost is None
