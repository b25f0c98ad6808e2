"""Where an amount and a budget belong, and that tables add the same cells up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from budgets.plan.model import BudgetLine
from budgets.use.breakdown import Use, disclosed, people_of, use_tables
from budgets.use.cells import Cell, Cover, budget_cells, used_cells
from budgets.use.model import BudgetSource
from lead_contractor.books import accounts
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode

YEAR = tuple(Month(2025, number) for number in range(1, 13))
COVERS = {
    "PXQ-1": Cover("11", FormCode.PXQ, ("01A04", "01A05")),
    "FTE-2": Cover("22", FormCode.FTE, ("06A00",)),
    "LS-3": Cover("33", FormCode.LUMP_SUM, ("09A00", "02A04")),
}


def test_cost_falls_under_its_product_or_under_the_one_that_its_agreement_covers():
    booked: dict[tuple[str, ...], Cents] = {
        (accounts.COST_PXQ, "01A04", "11", "PXQ-1", "2025-01"): Cents(100),
        (accounts.COST_PXQ, "", "11", "PXQ-1", "2025-12"): Cents(-10),
        (accounts.COST_FTE, "", "22", "FTE-2", "2025-01"): Cents(200),
        (accounts.COST_LUMP_SUM, "", "33", "LS-3", "2025-01"): Cents(300),
        (accounts.COST_OVERHEAD, "", "", "", "2025-02"): Cents(50),
    }
    assert used_cells(booked, COVERS, YEAR, YEAR[-1]) == {
        Cell("01A04", "11", accounts.COST_PXQ): {Month(2025, 1): 100},
        Cell("", "11", accounts.COST_PXQ): {Month(2025, 12): -10},
        Cell("06A00", "22", accounts.COST_FTE): {Month(2025, 1): 200},
        Cell("", "33", accounts.COST_LUMP_SUM): {Month(2025, 1): 300},
        Cell("", "", accounts.COST_OVERHEAD): {Month(2025, 2): 50},
    }
    assert Month(2025, 12) not in used_cells(booked, COVERS, YEAR, YEAR[6]).get(Cell("", "11", accounts.COST_PXQ), {})


def test_a_budget_without_month_is_split_evenly_and_counts_up_to_the_month():
    lines = [BudgetLine("06A00", "22", None, Cents(1_000)), BudgetLine("06A00", "22", Month(2025, 3), Cents(5))]
    months = budget_cells(lines, COVERS, YEAR, Month(2025, 4))[Cell("06A00", "22", accounts.COST_FTE)]
    assert [int(months[month]) for month in YEAR[:4]] == [84, 84, 84 + 5, 84]
    whole = budget_cells(lines, COVERS, YEAR, YEAR[-1])[Cell("06A00", "22", accounts.COST_FTE)]
    assert sum(whole.values()) == 1_005


def test_a_budget_falls_where_the_cost_of_its_agreement_falls():
    lines = [
        BudgetLine("09A00", "33", Month(2025, 1), Cents(1)),
        BudgetLine("", "22", Month(2025, 1), Cents(2)),
        BudgetLine("01A04", "", Month(2025, 1), Cents(4)),
        BudgetLine("", "", Month(2025, 1), Cents(8)),
    ]
    assert {cell: sum(months.values()) for cell, months in budget_cells(lines, COVERS, YEAR, YEAR[0]).items()} == {
        Cell("", "33", accounts.COST_LUMP_SUM): 1,
        Cell("06A00", "22", accounts.COST_FTE): 2,
        Cell("01A04", "", ""): 4,
        Cell("", "", ""): 8,
    }


codes = st.sampled_from(["01A04", "01A05", "02A03", "06A00", ""])
senders = st.sampled_from(["11", "22", "33"])
forms = st.sampled_from(sorted(accounts.COST_OF_FORM.values()))
cells = st.builds(Cell, codes, senders, forms)
amounts = st.dictionaries(cells, st.integers(1, 10**6).map(Cents), min_size=1, max_size=12)
people = st.dictionaries(cells, st.integers(1, 25), max_size=12)


def use_of(used, counts) -> Use:
    served = {
        cell: frozenset(range(7 * place, 7 * place + count)) for place, (cell, count) in enumerate(counts.items())
    }
    months = {cell: {YEAR[0]: cents} for cell, cents in used.items()}
    own = {Cell("", "", accounts.COST_OVERHEAD): {YEAR[0]: Cents(77)}}
    return Use(YEAR[:1], BudgetSource.AGREEMENTS, months | own, {}, served, {})


@given(amounts, people)
def test_every_table_adds_up_to_the_same_cost(used, counts):
    tables = use_tables(use_of(used, counts))
    assert tables.subcontractors is not None
    assert tables.products.used == sum(used.values()) + 77
    assert tables.forms.used == tables.subcontractors.used == sum(used.values())
    for table in (tables.products, tables.forms, tables.subcontractors):
        assert sum(row.used or 0 for row in table.rows) == table.used
        assert all(sum(row.by_month) == row.used for row in table.rows)


@given(amounts, people, st.booleans())
def test_hidden_rows_carry_nothing_and_the_totals_stay(used, counts, names):
    use = use_of(used, counts)
    seen, all_of_it = disclosed(use, sees_subcontractors=names), use_tables(use)
    assert (seen.subcontractors is not None) is names
    assert (seen.products.used, seen.forms.used) == (all_of_it.products.used, all_of_it.forms.used)
    every = {(row.kind, row.code) for row in all_of_it.products.rows}
    for table in (seen.products, seen.forms, *([seen.subcontractors] if seen.subcontractors else [])):
        for row in table.rows:
            if row.hidden:
                assert (row.used, row.by_month, row.budget, row.clients) == (None, (), None, None)
            elif row.clients is not None:
                assert not 0 < row.clients < 10
    assert {(row.kind, row.code) for row in seen.products.rows} == every


def test_people_are_counted_once_per_row():
    served = [("11", "PXQ-1", "01A04", 1), ("11", "PXQ-1", "01A05", 1), ("11", "PXQ-1", "01A04", 2), ("9", "?", "x", 3)]
    counted = people_of(served, COVERS)
    assert counted == {
        Cell("01A04", "11", accounts.COST_PXQ): {1, 2},
        Cell("01A05", "11", accounts.COST_PXQ): {1},
    }


def test_money_that_follows_persons_nobody_counted_yet_is_of_few():
    used = {
        Cell("02A14", "11", accounts.COST_TRAJECTORY): {YEAR[0]: Cents(682_500)},
        Cell("01A04", "22", accounts.COST_PXQ): {YEAR[0]: Cents(100)},
        Cell("06A00", "33", accounts.COST_FTE): {YEAR[0]: Cents(200)},
    }
    counted = {Cell("01A04", "22", accounts.COST_PXQ): frozenset(range(40))}
    tables = disclosed(Use(YEAR[:1], BudgetSource.FILE, used, {}, counted, {}), sees_subcontractors=False)
    shown = {row.code: (row.hidden, row.few) for row in tables.products.rows}
    assert shown == {"02A14": (True, True), "01A04": (True, False), "06A00": (False, False)}
