"""Paying subcontractors: one makes, another approves, every cent points at its source, and the books prove it."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from lead_contractor.books import accounts
from lead_contractor.books.service import reconcile
from lead_contractor.kernel.money import total
from lead_contractor.kernel.refusals import BooksDiffer, Conflict, NotAllowed, NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.tables import subcontractor
from subcontractors.declarations.tables import message
from subcontractors.payments import service
from subcontractors.payments.model import Kind, RunState
from subcontractors.payments.prove import check_payments
from subcontractors.payments.tables import payment_decision, payment_execution, payment_item, payment_run
from tests.klein import FOLDER, loaded_year
from tests.subcontractors.payments.scene import AT, CARLA, DIRK, TODAY, Year

PXQ = "99990101"


def test_what_is_payable_is_the_account_payable_cent_by_cent(year: Year):
    with year.writing() as scope:
        open_items = service.payables(scope, year.contract)
        assert total(item.cents for item in open_items) == year_payable(scope, year)
    assert {item.kind for item in open_items} == {Kind.DECLARATION, Kind.DUE}


def year_payable(scope: Scope, year: Year) -> int:
    rows = scope.sql(
        "SELECT SUM(CASE WHEN credit_account = 'payable' THEN cents ELSE 0 END) "
        "- SUM(CASE WHEN debit_account = 'payable' THEN cents ELSE 0 END) AS cents "
        "FROM transfer WHERE lead_contractor_id = :lead AND contract_id = :contract",
        contract=year.contract,
    )
    return int(rows.one().cents)


def test_a_declaration_is_due_thirty_days_after_its_day_and_a_monthly_due_on_the_last_of_its_month(year: Year):
    with year.writing() as scope:
        found = service.payables(scope, year.contract)
        days = {int(row.id): row.message_dated for row in scope.rows(scope.select(message))}
    declared = [item for item in found if item.kind is Kind.DECLARATION]
    assert declared
    for item in declared:
        assert item.message_id is not None
        assert item.due_on == days[item.message_id] + timedelta(days=30)
    lump = [item for item in found if item.agreement == "LS-04"]
    assert [(item.service_month, item.due_on) for item in lump][:2] == [
        ("2025-01", date(2025, 1, 31)),
        ("2025-02", date(2025, 2, 28)),
    ]
    assert {int(item.cents) for item in lump} == {200_000}


def test_a_run_takes_only_what_is_due_and_leaves_the_rest(year: Year):
    run = year.proposed(until=date(2025, 3, 31), only=["99990104"])
    assert (run.cents, run.count, run.state) == (600_000, 1, RunState.PROPOSED)
    with year.writing() as scope:
        items = service.get_run(scope, run.id).payments[0].items
    assert [item.service_month for item in items] == ["2025-01", "2025-02", "2025-03"]


def test_from_made_to_paid_the_books_move_from_payable_to_paid_and_prove(year: Year):
    before, received = year.left(), year.booked(accounts.BANK)
    run = year.executed()
    assert run.state is RunState.EXECUTED
    assert run.executed_on == TODAY
    assert year.left() == before - run.cents
    assert year.booked(accounts.PAID) == run.cents
    assert year.booked(accounts.BANK) == received
    assert any("posten van uitgevoerde betalingen" in line for line in year.proved())


def test_credits_are_set_off_and_every_item_names_its_source(year: Year):
    run = year.executed()
    with year.writing() as scope:
        whole = service.get_run(scope, run.id)
        for payment in whole.payments:
            assert payment.cents > 0
            assert all(item.source for item in payment.items)
        assert total(payment.cents for payment in whole.payments) == run.cents
        left = service.payables(scope, year.contract)
    paid = {payment.subcontractor for payment in whole.payments}
    assert not [item for item in left if item.subcontractor in paid]


def test_the_maker_does_not_approve_and_the_database_refuses_it_too(year: Year):
    run = year.proposed()
    with year.writing() as scope, pytest.raises(NotAllowed, match="collega"):
        service.approve_run(scope, run.id, CARLA, AT)
    row = {
        "run_id": run.id,
        "made_by": CARLA.user_id,
        "content_hash": run.content_hash,
        "approved": True,
        "reason": "",
        "decided_by": CARLA.user_id,
        "decided_by_name": "Carla",
        "decided_at": AT,
    }
    with pytest.raises(IntegrityError), year.writing() as scope:
        scope.insert(payment_decision, [row])
    with pytest.raises(IntegrityError), year.writing() as scope:  # nor by naming another maker, or another content
        scope.insert(payment_decision, [{**row, "made_by": 3}])
    with pytest.raises(IntegrityError), year.writing() as scope:
        scope.insert(payment_decision, [{**row, "decided_by": 2, "content_hash": "0" * 64}])
    with pytest.raises(IntegrityError), year.writing() as scope:
        execution = {
            "approved": True,
            "executed_on": TODAY,
            "executed_by": 1,
            "executed_by_name": "",
            "executed_at": AT,
        }
        scope.insert(payment_execution, [{"run_id": run.id, **execution}])


def test_what_was_decided_is_never_changed(year: Year):
    run = year.executed()
    for table, column in ((payment_run, "cents"), (payment_item, "cents"), (payment_decision, "decided_by")):
        with pytest.raises(DBAPIError, match="append-only"), year.writing() as scope:
            where = {"id": run.id} if table is payment_run else {"run_id": run.id}
            scope.update(table, where, **{column: 7})


def test_pressing_twice_does_one_thing(year: Year):
    first = year.proposed()
    with pytest.raises(Conflict, match="niets te betalen"):
        year.proposed()
    with year.writing() as scope:
        service.approve_run(scope, first.id, DIRK, AT)
    with year.writing() as scope, pytest.raises(Conflict, match="al besloten"):
        service.approve_run(scope, first.id, DIRK, AT)
    with year.writing() as scope:
        service.execute_run(scope, first.id, TODAY, DIRK, AT)
    with year.writing() as scope, pytest.raises(Conflict, match="al uitgevoerd"):
        service.execute_run(scope, first.id, TODAY, DIRK, AT)
    assert year.booked(accounts.PAID) == first.cents


def test_a_run_that_was_rejected_gives_its_items_back(year: Year):
    run = year.proposed()
    with year.writing() as scope:
        service.reject_run(scope, run.id, CARLA, AT, "Verkeerde dag")
    with year.writing() as scope, pytest.raises(Conflict, match="niet goedgekeurd"):
        service.execute_run(scope, run.id, TODAY, DIRK, AT)
    assert year.proposed().cents == run.cents


def test_a_run_is_not_executed_in_the_future_nor_before_it_was_made(year: Year):
    run = year.approved()
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with year.writing() as scope, pytest.raises(Refusal, match="vandaag"):
            service.execute_run(scope, run.id, day, DIRK, AT)


def test_today_is_the_day_in_the_netherlands_also_shortly_after_midnight(year: Year):
    """Half past midnight on 21 June is still 20 June in UTC; in winter it is an hour, in summer two."""
    night, after = datetime(2026, 6, 20, 22, 30, tzinfo=UTC), TODAY + timedelta(days=1)
    run = year.approved()
    with year.writing() as scope:
        done = service.execute_run(scope, run.id, after, DIRK, night)
        assert done.executed_on == after
        back = service.reverse_payment(scope, run.id, "99990101", after, "Retour", CARLA, night)
        assert back.reversed_on == after


def test_what_was_turned_back_in_the_books_meanwhile_is_not_paid(year: Year):
    run = year.proposed(only=["99990104"])
    with year.writing() as scope:
        # the agreement turns out not to hold: the dues of its months are turned back
        reconcile(scope, year.contract, "due:LS-04:", [], AT)
    with year.writing() as scope, pytest.raises(Conflict, match="teruggeboekt"):
        service.approve_run(scope, run.id, DIRK, AT)


def test_a_payment_that_came_back_is_payable_again_and_the_books_prove(year: Year):
    run = year.executed()
    with year.writing() as scope:
        before = next(one for one in service.get_run(scope, run.id).payments if one.subcontractor == PXQ)
        back = service.reverse_payment(scope, run.id, PXQ, TODAY, "IBAN bestaat niet meer", DIRK, AT)
    assert back.cents == before.cents
    assert year.booked(accounts.PAID) == run.cents - back.cents
    with year.writing() as scope:
        again = service.payables(scope, year.contract, PXQ)
        assert total(item.cents for item in again) == back.cents
    with year.writing() as scope, pytest.raises(Conflict, match="al teruggedraaid"):
        service.reverse_payment(scope, run.id, PXQ, TODAY, "nogmaals", DIRK, AT)
    year.proved()
    second = year.executed(only=[PXQ])
    assert second.cents == back.cents
    assert year.booked(accounts.PAID) == run.cents
    year.proved()


def test_a_message_knows_when_it_is_expected_and_when_it_was_paid(year: Year):
    with year.writing() as scope:
        item = next(one for one in service.payables(scope, year.contract, PXQ) if one.message_id and one.cents > 0)
        assert item.message_id is not None
        own = [one for one in service.payables(scope, year.contract, PXQ) if one.message_id == item.message_id]
        stands = service.payment_of(scope, item.message_id)
    assert stands.payable == total(one.cents for one in own)
    assert (stands.expected, stands.paid, stands.paid_on, stands.settled) == (item.due_on, 0, None, False)
    run = year.executed()
    with year.writing() as scope:
        stands = service.payment_of(scope, item.message_id)
        held = service.payments_of(scope, year.contract, PXQ)
    assert (stands.paid, stands.paid_on, stands.run_id, stands.settled) == (stands.payable, TODAY, run.id, True)
    assert total(one.cents for one in held) > 0
    assert {one.paid_on for one in held} == {TODAY}


def test_a_message_that_is_not_there_has_nothing_to_expect(year: Year):
    with year.writing() as scope:
        stands = service.payment_of(scope, 987_654)
    assert (stands.payable, stands.expected) == (0, None)


def test_what_is_late_is_flagged_for_a_small_creditor_with_its_interest(year: Year):
    with year.writing() as scope:
        scope.update(subcontractor, {"agb": "99990104"}, size="zzp")
        found = {one.subcontractor: one for one in service.creditors_of(scope, year.contract, date(2025, 2, 1))}
    lump = found["99990104"]
    assert (lump.due, lump.late_days, lump.flagged) == (200_000, 1, True)
    assert lump.interest == 61  # 2,000.00 x 11.15 % x 1 / 365
    assert lump.later == 2_200_000


def test_another_lead_contractor_sees_and_touches_nothing(year: Year):
    run = year.proposed()
    other = Year(year.engine, year.lead + 1, year.contract)
    with other.writing() as scope:
        for act in (
            lambda: service.get_run(scope, run.id),
            lambda: service.approve_run(scope, run.id, DIRK, AT),
            lambda: service.reject_run(scope, run.id, DIRK, AT, "nee"),
            lambda: service.execute_run(scope, run.id, TODAY, DIRK, AT),
            lambda: service.reverse_payment(scope, run.id, PXQ, TODAY, "nee", DIRK, AT),
            lambda: service.propose_run(scope, year.contract, TODAY, CARLA, AT),
        ):
            with pytest.raises(NotFound):
                act()
        assert service.payments_of(scope, year.contract, PXQ) == []


def test_a_year_with_payments_is_not_replaced(year: Year, tmp_path: Path):
    year.proposed()
    folder = tmp_path / "klein"
    shutil.copytree(FOLDER, folder)
    costs = folder / "costs.csv"
    costs.write_text(costs.read_text() + "2025-12-31,overhead,1.00,Nagekomen,false\n")
    with pytest.raises(Conflict, match="1 betaalbatch"):
        loaded_year(year.engine, folder, replace=True)


def test_a_transfer_that_no_item_explains_is_found(year: Year):
    run = year.executed()
    with year.engine.connect() as connection, connection.begin() as transaction:
        scope = Scope(connection, year.lead)
        assert check_payments(scope, year.contract) > 0
        scope.sql(
            "INSERT INTO transfer SELECT lead_contractor_id, 900000, contract_id, debit_account, credit_account, 1, "
            "agreement, subcontractor, product_code, area, service_month, recorded_month, source, reverses_id, "
            "explanation, booked_at FROM transfer WHERE lead_contractor_id = :lead AND source = :source",
            source=f"payment:{run.id}:1",
        )
        with pytest.raises(BooksDiffer, match=f"payment:{run.id}:1"):
            check_payments(scope, year.contract)
        transaction.rollback()
