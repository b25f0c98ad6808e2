"""Closed months: in order, append-only, and what comes later is booked in the first open month."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DatabaseError

from lead_contractor.access.hand import Hand
from lead_contractor.books import accounts, closing
from lead_contractor.books.model import About, Posting
from lead_contractor.books.prove import check_books
from lead_contractor.books.service import post, reconcile
from lead_contractor.books.store import account_balance, account_total, standing
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import BooksDiffer, Conflict, Refusal
from lead_contractor.kernel.tenancy import Scope
from tests.people import new_lead_contractor

AT = datetime(2025, 5, 12, 9, tzinfo=UTC)
CARLA, DIRK = Hand(1, "Carla"), Hand(2, "Dirk")
JANUARY, FEBRUARY, MARCH, APRIL, MAY = (Month(2025, n) for n in range(1, 6))
PREFIX = "due:FTE-1:"


def due(cents: int, month: Month, number: int = 1) -> Posting:
    about = About(month, month, "FTE-1", "41410002")
    return Posting(accounts.COST_FTE, accounts.PAYABLE, Cents(cents), about, f"{PREFIX}{number}")


@pytest.fixture
def scope(engine):
    lead = new_lead_contractor(engine, "Hoofdaannemer Noord", "42420001")
    with writing(engine) as connection:
        yield Scope(connection, lead)


def close(scope, *months):
    for month in months:
        closing.close(scope, 1, month, CARLA, AT, first=JANUARY)


def recorded(scope, account=accounts.COST_FTE):
    found = account_balance(scope, 1, [account], "recorded_month", "service_month")
    return {(booked, service): int(cents) for (_, booked, service), cents in found.items()}


def test_nothing_is_closed_at_first(scope):
    assert closing.first_open_month(scope, 1) is None


def test_months_close_in_order(scope):
    with pytest.raises(Conflict, match="eerst 2025-01"):
        close(scope, FEBRUARY)
    close(scope, JANUARY, FEBRUARY)
    assert closing.first_open_month(scope, 1) == MARCH
    with pytest.raises(Conflict, match="al afgesloten"):
        close(scope, FEBRUARY)


def test_only_the_last_closed_month_is_reopened_and_for_a_reason(scope):
    close(scope, JANUARY, FEBRUARY)
    with pytest.raises(Refusal, match="reden"):
        closing.reopen(scope, 1, FEBRUARY, DIRK, AT, " ")
    with pytest.raises(Conflict, match="alleen 2025-02"):
        closing.reopen(scope, 1, JANUARY, DIRK, AT, "vergissing")
    closing.reopen(scope, 1, FEBRUARY, DIRK, AT, "te vroeg gesloten")
    assert closing.first_open_month(scope, 1) == FEBRUARY
    closing.reopen(scope, 1, JANUARY, DIRK, AT, "te vroeg gesloten")
    assert closing.first_open_month(scope, 1) is None
    told = [(act.month, act.closed, act.by.name, act.reason) for act in closing.acts(scope, 1)]
    assert told[2] == (FEBRUARY, False, "Dirk", "te vroeg gesloten")
    assert len(told) == 4


def test_what_comes_for_a_closed_month_is_booked_in_the_first_open_one(scope):
    post(scope, 1, [due(100_00, JANUARY)], AT)
    close(scope, JANUARY, FEBRUARY)
    post(scope, 1, [due(25_00, FEBRUARY, 2), due(40_00, APRIL, 3)], AT)
    assert recorded(scope) == {
        ("2025-01", "2025-01"): 100_00,
        ("2025-03", "2025-02"): 25_00,
        ("2025-04", "2025-04"): 40_00,
    }
    check_books(scope, 1)


def test_a_due_that_changes_after_closing_is_put_right_in_the_first_open_month(scope):
    wanted = [due(100_00, JANUARY), due(200_00, FEBRUARY, 2)]
    reconcile(scope, 1, PREFIX, wanted, AT)
    close(scope, JANUARY)
    assert reconcile(scope, 1, PREFIX, wanted, AT) == ([], [])
    changed = [due(130_00, JANUARY), due(200_00, FEBRUARY, 2)]
    gone, added = reconcile(scope, 1, PREFIX, changed, AT)
    assert [int(made.cents) for made in (*gone, *added)] == [100_00, 130_00]
    assert recorded(scope) == {
        ("2025-01", "2025-01"): 100_00,
        ("2025-02", "2025-01"): 30_00,
        ("2025-02", "2025-02"): 200_00,
    }
    assert reconcile(scope, 1, PREFIX, changed, AT) == ([], [])
    close(scope, FEBRUARY, MARCH)
    assert reconcile(scope, 1, PREFIX, changed, AT) == ([], [])
    reconcile(scope, 1, PREFIX, [due(200_00, FEBRUARY, 2)], AT)
    assert account_total(scope, 1, accounts.COST_FTE) == 200_00
    assert recorded(scope)["2025-04", "2025-01"] == -130_00
    check_books(scope, 1)


def test_reversals_name_what_they_reverse_in_whichever_month_it_stands(scope):
    reconcile(scope, 1, PREFIX, [due(100_00, JANUARY)], AT)
    close(scope, JANUARY)
    reconcile(scope, 1, PREFIX, [], AT)
    assert account_total(scope, 1, accounts.COST_FTE) == 0
    assert sum(int(made.cents) for made, _ in standing(scope, 1, PREFIX)) == 200_00
    assert reconcile(scope, 1, PREFIX, [], AT) == ([], [])
    check_books(scope, 1)


def test_the_proof_names_what_was_booked_in_a_closed_month(scope):
    post(scope, 1, [due(100_00, JANUARY)], AT)
    close(scope, JANUARY)
    post(scope, 1, [due(25_00, FEBRUARY, 2)], AT)
    check_books(scope, 1)
    scope.sql(
        """INSERT INTO transfer SELECT lead_contractor_id, id + 1, contract_id, debit_account, credit_account, cents,
           agreement, subcontractor, product_code, area, service_month, '2025-01', source, reverses_id, explanation,
           booked_at FROM transfer WHERE lead_contractor_id = :lead AND id = 2"""
    )
    scope.sql(
        """INSERT INTO balance SELECT lead_contractor_id, contract_id, account, agreement, subcontractor, product_code,
           area, service_month, '2025-01', debit_cents, credit_cents FROM balance
           WHERE lead_contractor_id = :lead AND service_month = '2025-02'"""
    )
    with pytest.raises(BooksDiffer, match="staat in 2025-01"):
        check_books(scope, 1)


def test_a_reopened_month_takes_postings_again(scope):
    close(scope, JANUARY)
    closing.reopen(scope, 1, JANUARY, DIRK, AT, "vergeten declaratie")
    post(scope, 1, [due(25_00, JANUARY)], AT)
    close(scope, JANUARY)
    assert recorded(scope) == {("2025-01", "2025-01"): 25_00}
    check_books(scope, 1)


def test_acts_cannot_be_changed(engine):
    lead = new_lead_contractor(engine, "Hoofdaannemer Noord", "42420001")
    with writing(engine) as connection:
        close(Scope(connection, lead), JANUARY)
    for statement in ("UPDATE closed_month SET reason = 'x'", "DELETE FROM closed_month"):
        with pytest.raises(DatabaseError, match="append-only"), writing(engine) as connection:
            connection.exec_driver_sql(statement)


def test_another_lead_contractor_has_its_own_months(engine):
    one = new_lead_contractor(engine, "Hoofdaannemer Noord", "42420001")
    other = new_lead_contractor(engine, "Hoofdaannemer Zuid", "42420002")
    with writing(engine) as connection:
        close(Scope(connection, one), JANUARY)
    with reading(engine) as connection:
        assert closing.first_open_month(Scope(connection, other), 1) is None
