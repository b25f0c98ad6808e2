"""Closing a month of the small example year, and what comes after it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from budgets.closing.service import checklist, close_month, next_month, reopen_month
from budgets.settlement.books import check_contract
from budgets.settlement.layout import to_json
from budgets.settlement.service import settle_contract
from budgets.use.service import year_position
from budgets.year_folder.service import export, intake_of, post_dues
from budgets.year_folder.stored import contract_of
from lead_contractor.access.hand import Hand
from lead_contractor.books import accounts
from lead_contractor.books.closing import Item, first_open_month
from lead_contractor.books.store import account_balance, account_total
from lead_contractor.books.tables import transfer
from lead_contractor.contract.store import get_contract
from lead_contractor.contract.tables import contract as contract_table
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Conflict, Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.clocks.service import worklists
from subcontractors.corrections import service as corrections
from subcontractors.corrections.model import Kind, TariffChange
from subcontractors.declarations.intake import take_in
from subcontractors.declarations.tables import message, report
from tests.klein import AT, FOLDER, MASTER_KEY, loaded_year

CARLA, DIRK = Hand(1, "Carla"), Hand(2, "Dirk")
TODAY = date(2026, 6, 15)
LATER = datetime(2026, 6, 16, 9, tzinfo=UTC)
JANUARY, MARCH, APRIL = Month(2025, 1), Month(2025, 3), Month(2025, 4)
HAVIK, BAARDMANNETJE = "99990105", "99990102"


def closed(scope, contract_id, last):
    month = next_month(scope, contract_id)
    while month <= last:
        close_month(scope, contract_id, month, CARLA, AT, TODAY)
        month = month.plus(1)


@pytest.fixture
def year(engine):
    """The small year in a writing transaction: scope and contract id."""
    loaded = loaded_year(engine)
    with writing(engine) as connection:
        yield Scope(connection, loaded.lead_contractor_id), loaded.contract_id


def items(checks):
    return {check.item: (check.open, check.blocking) for check in checks}


def test_the_checklist_of_a_month_that_can_be_closed(year):
    scope, contract_id = year
    assert next_month(scope, contract_id) == JANUARY
    found = close_month(scope, contract_id, JANUARY, CARLA, AT, TODAY)
    assert [check.item for check in found] == list(Item)
    assert not any(check.blocks for check in found)
    assert next_month(scope, contract_id) == Month(2025, 2)


def test_what_blocks(year):
    scope, contract_id = year
    early = items(checklist(scope, contract_id, JANUARY, date(2025, 1, 31)))
    assert early[Item.MONTH_NOT_OVER] == (1, True)
    assert items(checklist(scope, contract_id, MARCH, TODAY))[Item.EARLIER_OPEN] == (1, True)
    scope.sql("UPDATE message SET status = 'received' WHERE lead_contractor_id = :lead AND number = 'D2501001'")
    scope.sql("UPDATE balance SET debit_cents = debit_cents + 1 WHERE lead_contractor_id = :lead")
    found = items(checklist(scope, contract_id, Month(2025, 2), TODAY))
    assert found[Item.UNANSWERED] == (3, True)
    assert found[Item.BOOKS_DIFFER] == (1, True)
    with pytest.raises(Conflict, match=r"2025-02 kan nog niet .*Eerst moet 2025-01.*3 declaratie.*saldo"):
        close_month(scope, contract_id, Month(2025, 2), CARLA, AT, TODAY)
    assert first_open_month(scope, contract_id) is None


def test_waiting_for_others_does_not_block(year):
    scope, contract_id = year
    found = {check.item: check for check in checklist(scope, contract_id, MARCH, TODAY)}
    unpaid = found[Item.INSTALMENT_UNPAID]
    owed = account_total(scope, contract_id, accounts.MUNICIPALITY, until=MARCH)
    assert (unpaid.open, unpaid.blocking) == (1 if owed > 0 else 0, False)
    assert not found[Item.RETURNS_MISSING].blocking
    assert not found[Item.DECLARATIONS_MISSING].blocking


def test_reopening(year):
    scope, contract_id = year
    closed(scope, contract_id, MARCH)
    with pytest.raises(Refusal, match="reden"):
        reopen_month(scope, contract_id, MARCH, DIRK, AT, "")
    reopen_month(scope, contract_id, MARCH, DIRK, AT, "declaratie vergeten")
    assert next_month(scope, contract_id) == MARCH
    scope.update(contract_table, {"id": contract_id}, final_at=AT)
    with pytest.raises(Conflict, match="definitief"):
        reopen_month(scope, contract_id, Month(2025, 2), DIRK, AT, "toch")


def later_start(scope, contract_id, number="4900001"):
    """A trajectory turns out to have started in February instead of January."""
    row = scope.rows(scope.select(report).where(report.c.contract_id == contract_id, report.c.kind == "start"))
    found = next(one for one in row if one.allocation_number == number)
    scope.update(report, {"id": found.id}, begin_date=date(2025, 2, 3))
    contract = contract_of(get_contract(scope, contract_id))
    return post_dues(scope, contract_id, contract, LATER)


def test_dues_that_change_in_a_closed_month_are_booked_in_the_first_open_one(year):
    scope, contract_id = year
    closed(scope, contract_id, MARCH)
    before = scope.last_id(transfer)
    gone, added = later_start(scope, contract_id)
    assert [int(made.cents) for made in (*gone, *added)] == [6_825_00, 6_825_00]
    rows = scope.rows(scope.select(transfer).where(transfer.c.id > before).order_by(transfer.c.id))
    assert [(row.service_month, row.recorded_month) for row in rows] == [
        ("2025-01", "2025-04"),
        ("2025-02", "2025-04"),
    ]
    assert later_start(scope, contract_id) == ([], [])
    check_contract(scope, contract_id)
    # The meeting of March still shows March as it was closed; in April the change is there.
    until_march = account_balance(scope, contract_id, [accounts.COST_TRAJECTORY], "service_month", until=MARCH)
    assert (accounts.COST_TRAJECTORY, "2025-01") in until_march
    assert year_position(scope, contract_id, APRIL).standing.cost.total is not None


def test_the_settlement_does_not_depend_on_closing(engine):
    results = []
    loaded = loaded_year(engine)
    for closes in (False, True):
        with engine.connect() as connection:
            scope = Scope(connection, loaded.lead_contractor_id)
            if closes:
                closed(scope, loaded.contract_id, Month(2025, 5))
            later_start(scope, loaded.contract_id)
            results.append(to_json(settle_contract(scope, loaded.contract_id, LATER)))
            check_contract(scope, loaded.contract_id)
            assert to_json(settle_contract(scope, loaded.contract_id, LATER)) == results[-1]
            connection.rollback()
    assert results[0] == results[1]


def test_a_line_for_a_closed_month_keeps_its_service_month(year):
    scope, contract_id = year
    vault = Vault(MASTER_KEY, scope.lead_contractor_id)
    closed(scope, contract_id, Month(2025, 6))
    before = scope.last_id(transfer)
    text = (
        "declaration;period;received;subcontractor;reference;previous_reference;bsn;allocation;category;product_code;"
        "from;to;volume;unit;tariff;amount;debit_credit\n"
        f"NA1;2025-05;2025-06-10;{BAARDMANNETJE};NA-1;;999900018;4100002;02;02A05;2025-05-01;2025-05-31;1;04;85.20;"
        "85.20;D\n"
    )
    intake = intake_of(contract_id, contract_of(get_contract(scope, contract_id)))
    taken = take_in(scope, vault, intake, [("na.csv", text.encode())], LATER)
    assert [head.status.value for head in taken.heads] == ["answered"]
    rows = scope.rows(scope.select(transfer).where(transfer.c.id > before))
    assert {(row.service_month, row.recorded_month) for row in rows} == {("2025-05", "2025-07")}
    check_contract(scope, contract_id)


def test_a_difference_run_after_closing_settles_and_proves(engine):
    loaded = loaded_year(engine)
    vault = Vault(MASTER_KEY, loaded.lead_contractor_id)
    with writing(engine) as connection:
        scope, contract_id = Scope(connection, loaded.lead_contractor_id), loaded.contract_id
        before = settle_contract(scope, contract_id, AT)
        closed(scope, contract_id, MARCH)
        change = TariffChange(
            "99990101", "01A04", "04", Cents(3250), date(2025, 1, 1), date(2025, 6, 30), "indexatie 2025"
        )
        made = corrections.propose_tariff(scope, contract_id, change, CARLA, AT, "indexatie later vastgesteld")
        corrections.approve_tariff(scope, contract_id, made.id, DIRK, AT)
        intake = corrections.intake_of(scope, contract_id)
        day = date(2026, 5, 20)
        run, tried = corrections.propose_run(
            scope, vault, intake, Kind.DIFFERENCE, CARLA, day, AT, "indexatie later vastgesteld"
        )
        hours = sum(change.line.volume for change in tried.changes if change.line.period_from.year == 2025)
        assert hours > 0
        # Ten cents an hour, to the cent.
        assert tried.by_agreement == {"PXQ-01": hours * 10}
        done = corrections.approve_run(scope, vault, intake, run.id, DIRK, day, LATER)
        after = settle_contract(scope, contract_id, LATER)
        check_contract(scope, contract_id)
        assert after.cost.total - before.cost.total == tried.difference == done.difference
        assert after.result - before.result == -tried.difference
        assert corrections.dry_run(scope, vault, intake, Kind.DIFFERENCE, day, LATER).changes == ()
        booked = account_balance(scope, contract_id, [accounts.COST_PXQ], "recorded_month")
        assert (accounts.COST_PXQ, "2026-05") in booked
        channels = scope.rows(scope.select(message.c.channel).where(message.c.id.in_(done.messages)))
        assert {row.channel for row in channels} == {"correction"}
    with pytest.raises(Conflict, match="met terugwerkende kracht"):
        export(engine, MASTER_KEY, loaded.lead_contractor_id, loaded.contract_id, FOLDER / "nergens")


def test_a_folder_does_not_replace_what_was_closed_or_corrected(engine, tmp_path):
    import shutil

    loaded = loaded_year(engine)
    folder = tmp_path / "anders"
    shutil.copytree(FOLDER, folder)
    next((folder / "messages").iterdir()).unlink()
    with writing(engine) as connection:
        closed(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, JANUARY)
    with pytest.raises(Conflict, match="maanden afgesloten"):
        loaded_year(engine, folder, LATER, replace=True)
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        reopen_month(scope, loaded.contract_id, JANUARY, DIRK, AT, "map is onvolledig")
        change = TariffChange("99990101", "01A04", "04", Cents(3500), date(2026, 1, 1), None, "indexatie 2026")
        made = corrections.propose_tariff(scope, loaded.contract_id, change, CARLA, AT, "indexatie")
    loaded_year(engine, folder, LATER, replace=True)
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        corrections.approve_tariff(scope, loaded.contract_id, made.id, DIRK, AT)
    with pytest.raises(Conflict, match="tariefwijzigingen of correcties"):
        loaded_year(engine, FOLDER, LATER, replace=True)


def test_a_closed_year_still_goes_out_and_comes_in_as_the_same_settlement(engine, new_database, tmp_path):
    loaded = loaded_year(engine)
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        closed(scope, loaded.contract_id, MARCH)
        settled = to_json(settle_contract(scope, loaded.contract_id, LATER))
    export(engine, MASTER_KEY, loaded.lead_contractor_id, loaded.contract_id, tmp_path / "uit")
    other = new_database()
    again = loaded_year(other, tmp_path / "uit")
    with writing(other) as connection:
        assert to_json(settle_contract(Scope(connection, again.lead_contractor_id), again.contract_id, AT)) == settled


def test_the_worklists_of_the_small_year(engine):
    loaded = loaded_year(engine)
    with reading(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        vault = Vault(MASTER_KEY, loaded.lead_contractor_id)
        found = {one.kind.value: one.total for one in worklists(scope, vault, loaded.contract_id, date(2025, 9, 3))}
    assert "refused_open" in found
    assert all(count > 0 for count in found.values())
