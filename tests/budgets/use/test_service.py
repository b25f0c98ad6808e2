"""The small example year: as of a month, and after the settlement exactly the settlement's figures."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import Engine, event

from budgets.settlement.service import settle_contract
from budgets.use.model import BudgetSource, UseTables, YearPosition
from budgets.use.service import use_of, waiting_of, year_position
from lead_contractor.books.store import account_balance
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight
from subcontractors.declarations import served
from tests.klein import AT, loaded_year, settled_year

AUGUST, DECEMBER = Month(2025, 8), Month(2025, 12)


def looked_at(
    engine: Engine, until: Month | None = None, seen_by: Sight | None = None
) -> tuple[YearPosition, UseTables | None]:
    with reading(engine) as connection:
        scope = Scope(connection, 1)
        position = year_position(scope, 1, until)
        return position, use_of(scope, position, seen_by)


def test_after_the_settlement_the_year_ends_on_its_figures(engine):
    _, settled = settled_year(engine)
    position, use = looked_at(engine)
    outcome, december = position.outcome, position.now
    assert outcome is not None
    assert (position.settled, position.until, position.complete) == (True, None, 12)
    assert december.month == DECEMBER
    assert (december.revenue.total, december.cost.total) == (settled.revenue.total, settled.cost.total)
    assert (december.room, outcome.result) == (settled.result, settled.result)
    assert december.margin_percent == settled.margin_percent
    assert december.cost.by_form == settled.cost.by_form
    assert (december.cost.overhead, december.cost.own_delivery) == (settled.cost.overhead, settled.cost.own_delivery)
    assert (december.cap, december.surplus) == (settled.surplus.margin_cap, settled.surplus)
    assert (outcome.surplus, outcome.deficit) == (settled.surplus, settled.deficit)
    assert (outcome.entitlement, outcome.received) == (settled.entitlement, settled.received)
    assert (outcome.balance_due, position.received) == (settled.balance_due, settled.received)
    assert december.kept == settled.kept
    assert use is not None
    assert use.products.used == settled.cost.total
    assert use.forms.used == settled.cost.subcontractors
    assert use.subcontractors is not None
    per_subcontractor: Counter[str] = Counter()
    for agreement in settled.agreements:
        per_subcontractor[agreement.subcontractor] += int(agreement.due)
    assert {row.code: row.used for row in use.subcontractors.rows} == dict(per_subcontractor)


def test_as_of_august_only_what_was_recorded_by_then_counts(engine):
    loaded_year(engine)
    position, use = looked_at(engine, AUGUST)
    with reading(engine) as connection:
        booked = account_balance(
            Scope(connection, 1), 1, ["revenue_lump_sum", "revenue_indexation", "revenue_deductions"], until=AUGUST
        )
    assert [standing.month.number for standing in position.months] == list(range(1, 9))
    assert (position.complete, position.standing.month) == (7, Month(2025, 7))
    assert [standing.month for standing in position.coming_in] == [AUGUST]
    revenue = booked["revenue_lump_sum",] + booked["revenue_indexation",] - booked["revenue_deductions",]
    assert position.now.revenue.total == revenue
    assert position.lump_sum == 23_091_200
    assert use is not None
    assert use.products.used == position.standing.cost.total
    assert len(use.months) == 7


def test_as_of_december_knows_more_of_july_than_as_of_august(engine):
    loaded_year(engine)
    august, december = looked_at(engine, AUGUST)[0], looked_at(engine, DECEMBER)[0]
    assert august.months[6].revenue == december.months[6].revenue
    assert december.months[6].cost.by_form != august.months[6].cost.by_form
    assert (december.complete, december.outcome) == (11, None)
    assert december.months[-1].revenue.volume_adjustment == 288_640


def test_the_newest_state_of_a_year_that_is_not_settled_is_the_latest_record(engine):
    loaded_year(engine)
    position, _ = looked_at(engine)
    assert (position.until, position.choices[0], position.choices[-1]) == (
        Month(2026, 5),
        Month(2025, 1),
        Month(2026, 5),
    )
    assert (position.settled, position.complete, len(position.months)) == (False, 12, 12)


def test_a_settlement_that_the_books_no_longer_bear_out_is_not_shown(engine):
    settled_year(engine)
    with writing(engine) as connection:
        Scope(connection, 1).sql(
            "UPDATE balance SET debit_cents = debit_cents + 1 WHERE lead_contractor_id = :lead AND account = :account",
            account="cost_other",
        )
    position, _ = looked_at(engine)
    assert (position.settled, position.outcome) == (False, None)


def test_a_year_in_which_nothing_happened_yet_has_no_standing(engine):
    loaded_year(engine)
    with writing(engine) as connection:
        Scope(connection, 1).sql(
            "DELETE FROM balance WHERE lead_contractor_id = :lead AND account IN ('declared', 'bank', 'own_expense')"
        )
    position, use = looked_at(engine)
    assert (position.recorded, position.months, position.choices, use) == (False, (), (), None)
    assert position.lump_sum == 23_091_200
    assert looked_at(engine, AUGUST)[0].recorded is False


def test_before_the_year_nothing_is_recorded(engine):
    loaded_year(engine)
    assert looked_at(engine, Month(2024, 12))[0].recorded is False


def test_another_lead_contractor_finds_no_such_contract(engine):
    loaded_year(engine)
    with reading(engine) as connection, pytest.raises(NotFound):
        year_position(Scope(connection, 2), 1)


def test_the_budget_is_that_of_the_file_up_to_the_month(engine):
    loaded_year(engine)
    _, use = looked_at(engine, AUGUST)
    assert use is not None
    assert use.source is BudgetSource.FILE
    fte = next(row for row in use.products.rows if row.code == "06A00")
    assert (fte.used, fte.budget, fte.room) == (2_156_000, 1_995_000, -161_000)


def test_without_a_budget_file_it_is_what_agreements_make_due(engine):
    loaded_year(engine)
    with writing(engine) as connection:
        Scope(connection, 1).sql("DELETE FROM budget_line WHERE lead_contractor_id = :lead")
    _, use = looked_at(engine, AUGUST)
    assert use is not None
    assert use.source is BudgetSource.AGREEMENTS
    budgets = {row.code: row.budget for row in use.products.rows}
    assert (budgets["06A00"], budgets["09A00"], budgets["04A02"]) == (2_156_000, 1_400_000, 1_435_000)
    assert (budgets["01A04"], budgets["02A14"], budgets["cost_overhead"]) == (None, None, None)


def test_the_municipality_sees_no_names_and_no_small_numbers(engine):
    loaded_year(engine)
    _, use = looked_at(engine, AUGUST, Sight.PRODUCTS)
    assert use is not None
    assert use.subcontractors is None
    hidden = {row.code for row in use.products.rows if row.hidden}
    assert hidden == {"01A04", "01A05", "02A03", "02A05", "02A14", "04A02"}
    assert {row.code for row in use.forms.rows if row.hidden} == {"cost_trajectory", "cost_availability"}
    _, named = looked_at(engine, AUGUST, Sight.SUBCONTRACTORS)
    assert named is not None
    assert named.subcontractors is not None
    assert {row.name for row in named.subcontractors.rows if not row.hidden} == {
        "Maatschappelijk Werk Meerkoet",
        "Welzijnswerk Watersnip",
    }


def test_clients_are_counted_once_and_a_credited_line_is_nobody(engine):
    loaded_year(engine)
    _, use = looked_at(engine, AUGUST)
    assert use is not None
    assert {row.code: row.clients for row in use.products.rows if row.clients} == {
        "02A14": 6, "02A03": 6, "01A05": 2, "04A02": 4, "02A05": 1, "01A04": 6,
    }  # fmt: skip
    assert use.products.clients == 19
    with writing(engine) as connection:
        scope = Scope(connection, 1)
        scope.sql(
            "UPDATE declaration_line SET credit = :yes WHERE lead_contractor_id = :lead AND product_code = '02A05'",
            yes=True,
        )
        rows = scope.sql(
            "SELECT DISTINCT sender, agreement, product_code, client_id FROM declaration_line "
            "WHERE lead_contractor_id = :lead AND product_code = '02A05'"
        )
        served.note_decided(scope, 1, 2025, [(r.sender, r.agreement, r.product_code, r.client_id) for r in rows])
    _, after = looked_at(engine, AUGUST)
    assert after is not None
    assert next(row.clients for row in after.products.rows if row.code == "02A05") is None


def test_the_waiting_list_is_that_of_the_month(engine):
    loaded_year(engine)
    with reading(engine) as connection:
        scope = Scope(connection, 1)
        seen = waiting_of(scope, year_position(scope, 1, AUGUST))
        shown = waiting_of(scope, year_position(scope, 1, AUGUST), Sight.PRODUCTS)
    assert seen is not None
    assert shown is not None
    assert str(seen.day) == "2025-08-31"
    assert [(row.product_code, row.waiting) for row in seen.rows] == [("01A04", 2), ("02A14", 2), ("02A03", 1)]
    assert {row.waiting for row in shown.rows} == {None}


def test_settling_for_good_says_so(engine):
    loaded_year(engine)
    with writing(engine) as connection:
        settle_contract(Scope(connection, 1), 1, AT, final=True)
    outcome = looked_at(engine)[0].outcome
    assert outcome is not None
    assert outcome.final


def test_a_handful_of_queries_is_enough(engine):
    loaded_year(engine)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with reading(engine) as connection:
        scope = Scope(connection, 1)
        position = year_position(scope, 1)
        queries = [text for text in asked if text.lstrip().startswith("SELECT")]
        assert len(queries) <= 3
        use_of(scope, position)
        waiting_of(scope, position)
    assert (
        len([text for text in asked if text.lstrip().startswith("SELECT")]) <= 11
    )  # one asks for versions of the budget
