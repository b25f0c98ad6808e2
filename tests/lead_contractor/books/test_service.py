"""The books: they only grow, balance by construction, and are brought in line by reversal and new transfer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, text
from sqlalchemy.exc import DBAPIError

from lead_contractor.books import accounts
from lead_contractor.books.model import About, Posting, posting
from lead_contractor.books.prove import check_books
from lead_contractor.books.service import post, reconcile
from lead_contractor.books.store import account_balance, account_total, standing
from lead_contractor.books.tables import transfer
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.tables import lead_contractor

AT = datetime(2025, 9, 5, 9, 0, tzinfo=UTC)
JAN, FEB = Month(2025, 1), Month(2025, 2)


@pytest.fixture
def tenant(engine: Engine) -> int:
    with writing(engine) as connection:
        made = connection.execute(lead_contractor.insert().values(agb="42420001", name="Hoofdaannemer"))
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])


def cost(amount: int, source: str, month: Month = JAN) -> Posting:
    return Posting(accounts.COST_PXQ, accounts.PAYABLE, Cents(amount), About(month, month, "PXQ-1"), source)


def test_a_balance_is_kept_with_its_transfers(engine: Engine, tenant: int) -> None:
    with writing(engine) as connection:
        scope = Scope(connection, tenant)
        assert post(scope, 1, [cost(5_000, "a"), cost(24_000, "b"), cost(100, "c", FEB)], AT) == 3
        assert post(scope, 1, [cost(1, "d")], AT) == 1
        assert account_total(scope, 1, accounts.COST_PXQ) == 29_101
        assert account_total(scope, 1, accounts.PAYABLE) == 29_101
        assert account_total(scope, 1, accounts.COST_PXQ, until=JAN) == 29_001
        by_month = account_balance(scope, 1, [accounts.COST_PXQ], "service_month")
        assert by_month == {(accounts.COST_PXQ, "2025-01"): 29_001, (accounts.COST_PXQ, "2025-02"): 100}
        check_books(scope, 1)


@pytest.mark.parametrize("statement", ["UPDATE transfer SET cents = 1", "DELETE FROM transfer"])
def test_the_database_refuses_to_change_or_delete_a_transfer(engine: Engine, tenant: int, statement: str) -> None:
    with writing(engine) as connection:
        post(Scope(connection, tenant), 1, [cost(5_000, "a")], AT)
    with pytest.raises(DBAPIError, match="append-only"), writing(engine) as connection:
        connection.execute(text(statement))
    with writing(engine) as connection:
        assert account_total(Scope(connection, tenant), 1, accounts.COST_PXQ) == 5_000


def test_a_transfer_moves_more_than_nothing_between_two_accounts() -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        cost(0, "a")
    with pytest.raises(ValueError, match="two accounts"):
        Posting(accounts.BANK, accounts.BANK, Cents(1), About(JAN), "a")
    assert posting(accounts.BANK, accounts.MUNICIPALITY, 0, About(JAN), "a") == []
    (back,) = posting(accounts.BANK, accounts.MUNICIPALITY, -5, About(JAN), "a")
    assert (back.debit, back.credit, back.cents) == (accounts.MUNICIPALITY, accounts.BANK, 5)


def test_a_difference_is_reversed_and_booked_anew(engine: Engine, tenant: int) -> None:
    with writing(engine) as connection:
        scope = Scope(connection, tenant)
        reconcile(scope, 1, "due:", [cost(100, "due:1"), cost(200, "due:2")], AT)
        gone, added = reconcile(scope, 1, "due:", [cost(100, "due:1"), cost(250, "due:2"), cost(7, "due:3")], AT)
        assert [(p.source, p.cents) for p in gone] == [("due:2", 200)]
        assert [(p.source, p.cents) for p in added] == [("due:2", 250), ("due:3", 7)]
        assert account_total(scope, 1, accounts.COST_PXQ) == 357
        reversal = scope.sql(
            "SELECT r.debit_account, o.source FROM transfer r JOIN transfer o ON o.lead_contractor_id = :lead "
            "AND o.id = r.reverses_id WHERE r.lead_contractor_id = :lead"
        ).all()
        assert [tuple(row) for row in reversal] == [(accounts.PAYABLE, "due:2")]
        assert reconcile(scope, 1, "due:", [cost(100, "due:1"), cost(250, "due:2"), cost(7, "due:3")], AT) == ([], [])
        check_books(scope, 1)


def test_a_posting_from_elsewhere_is_refused(engine: Engine, tenant: int) -> None:
    with writing(engine) as connection, pytest.raises(ValueError, match="does not begin with"):
        reconcile(Scope(connection, tenant), 1, "due:", [cost(1, "contract:1")], AT)


amounts = st.dictionaries(st.sampled_from(["due:1", "due:2", "due:3", "due:4"]), st.integers(-500, 500), max_size=4)


@given(history=st.lists(amounts, min_size=1, max_size=5))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_wanted_before_the_books_say_what_is_wanted_now(
    engine: Engine, tenant: int, history: list[dict[str, int]]
) -> None:
    about = About(JAN, JAN, "PXQ-1")
    with writing(engine) as connection:
        scope = Scope(connection, tenant)
        contract_id = 1 + scope.rows(scope.select(func.coalesce(func.max(transfer.c.contract_id), 0)))[0][0]
        for wanted in history:
            postings = [
                made
                for source, amount in wanted.items()
                for made in posting(accounts.COST_PXQ, accounts.PAYABLE, amount, about, source)
            ]
            reconcile(scope, contract_id, "due:", postings, AT)
        assert account_total(scope, contract_id, accounts.COST_PXQ) == sum(history[-1].values())
        assert {made.source for made, _ in standing(scope, contract_id, "due:")} == {
            source for source, amount in history[-1].items() if amount
        }
        check_books(scope, contract_id)


def test_a_prefix_is_taken_to_the_letter(engine: Engine, tenant: int) -> None:
    with writing(engine) as connection:
        scope = Scope(connection, tenant)
        post(scope, 1, [cost(1, "a_b:1"), cost(2, "axb:1"), cost(3, "A_B:1"), cost(4, "a%:1")], AT)
        assert [made.source for made, _ in standing(scope, 1, "a_b:")] == ["a_b:1"]
        assert [made.source for made, _ in standing(scope, 1, "a%")] == ["a%:1"]
