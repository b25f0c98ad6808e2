"""The books prove themselves, and when they are tampered with, the first difference is named."""

from __future__ import annotations

import re

import pytest

from lead_contractor.books.accounts import REVENUE_LUMP_SUM
from lead_contractor.books.prove import check_books
from lead_contractor.books.store import account_total
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.money import euros_nl
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import BooksDiffer
from lead_contractor.kernel.tenancy import Scope
from tests.klein import loaded_year, tampering

OTHER_CONTRACT = 99


def lone_transfer(
    scope, contract_id, debit, credit, *, cents=1250, reverses=None, transfer_id=900_001, area="Oost", balances=False
):
    values = {
        "contract": contract_id, "id": transfer_id, "debit": debit, "credit": credit, "cents": cents,
        "reverses": reverses, "area": area,
    }  # fmt: skip
    scope.sql(
        """
        INSERT INTO transfer (lead_contractor_id, id, contract_id, debit_account, credit_account, cents, agreement,
            subcontractor, product_code, area, service_month, recorded_month, source, reverses_id, explanation,
            booked_at)
        SELECT :lead, :id, :contract, :debit, :credit, :cents, 'LS-04', '', '', :area, '2025-03', '2025-04',
            'lone', :reverses, '', MAX(booked_at)
        FROM transfer WHERE lead_contractor_id = :lead
        """,
        **values,
    )
    if balances:
        for account, in_debit in ((debit, cents), (credit, 0)):
            scope.sql(
                """
                INSERT INTO balance (lead_contractor_id, contract_id, account, agreement, subcontractor, product_code,
                    area, service_month, recorded_month, debit_cents, credit_cents)
                VALUES (:lead, :contract, :account, 'LS-04', '', '', :area, '2025-03', '2025-04', :debit, :credit)
                """,
                contract=contract_id,
                account=account,
                area=area,
                debit=in_debit,
                credit=cents - in_debit,
            )


def differs(scope, contract_id, *words):
    with pytest.raises(BooksDiffer, match=".*".join(re.escape(word) for word in words)):
        check_books(scope, contract_id)


def test_the_books_of_the_example_are_proved(engine):
    loaded = loaded_year(engine)
    with reading(engine) as connection:
        check_books(Scope(connection, loaded.lead_contractor_id), loaded.contract_id)


def test_a_balance_that_is_not_the_sum_of_its_transfers_is_named(engine):
    loaded = loaded_year(engine)
    contract = loaded.contract_id
    with tampering(engine, loaded) as scope:
        scope.sql(
            """UPDATE balance SET credit_cents = credit_cents + 1
               WHERE lead_contractor_id = :lead AND account = 'revenue_lump_sum' AND service_month = '2025-04'"""
        )
        instalment = account_total(scope, contract, REVENUE_LUMP_SUM, Month(2025, 4))
        instalment -= account_total(scope, contract, REVENUE_LUMP_SUM, Month(2025, 3))
        differs(
            scope, contract, "rekening revenue_lump_sum (zorgmaand 2025-04, boekmaand 2025-04)",
            f"credit verwacht {euros_nl(instalment - 1)}, gevonden {euros_nl(instalment)}, verschil € 0,01",
        )  # fmt: skip
    with tampering(engine, loaded) as scope:
        scope.sql(
            """DELETE FROM balance
               WHERE lead_contractor_id = :lead AND account = 'bank' AND recorded_month = '2025-06'"""
        )
        differs(scope, contract, "rekening bank", "boekmaand 2025-06", "gevonden € 0,00")
    with tampering(engine, loaded) as scope:
        lone_transfer(scope, contract, "bank", "municipality")
        differs(
            scope, contract, "rekening bank (overeenkomst LS-04, gebied Oost, zorgmaand 2025-03, boekmaand 2025-04)",
            "debet verwacht € 12,50, gevonden € 0,00, verschil € -12,50",
        )  # fmt: skip
    with tampering(engine, loaded) as scope:
        lone_transfer(scope, contract, "bank", "municipality", balances=True)
        check_books(scope, contract)


def test_a_balance_without_transfers_is_named_too(engine):
    loaded = loaded_year(engine)
    with tampering(engine, loaded) as scope:
        scope.sql(
            """INSERT INTO balance (lead_contractor_id, contract_id, account, agreement, subcontractor, product_code,
                   area, service_month, recorded_month, debit_cents, credit_cents)
               VALUES (:lead, :contract, 'bank', 'ZZZ', '', '', '', '', '2025-06', 500, 500)""",
            contract=loaded.contract_id,
        )
        differs(
            scope, loaded.contract_id, "rekening bank (overeenkomst ZZZ, boekmaand 2025-06)",
            "debet verwacht € 0,00, gevonden € 5,00",
        )  # fmt: skip


def test_a_reversal_turns_round_a_transfer_of_the_same_contract(engine):
    loaded = loaded_year(engine)
    contract = loaded.contract_id
    with tampering(engine, loaded) as scope:
        lone_transfer(scope, contract, "bank", "municipality", transfer_id=900_001, area="A", balances=True)
        lone_transfer(
            scope, contract, "municipality", "bank", transfer_id=900_002, area="B", reverses=900_001, balances=True
        )
        check_books(scope, contract)
        lone_transfer(
            scope, contract, "bank", "municipality", transfer_id=900_003, area="C", reverses=900_001, balances=True
        )
        differs(
            scope, contract, "Boeking 900003 (lone) keert boeking 900001 om",
            "verwacht municipality aan bank van hetzelfde contract, gevonden bank aan municipality.",
        )  # fmt: skip
    with tampering(engine, loaded) as scope:
        lone_transfer(scope, contract, "bank", "municipality", reverses=800_000, balances=True)
        differs(scope, contract, "Boeking 900001", "gevonden geen boeking")
    with tampering(engine, loaded) as scope:
        lone_transfer(scope, OTHER_CONTRACT, "bank", "municipality", transfer_id=900_001, balances=True)
        lone_transfer(scope, contract, "municipality", "bank", transfer_id=900_002, reverses=900_001, balances=True)
        differs(scope, contract, "gevonden bank aan municipality van een ander contract")


def test_no_account_stands_outside_the_chart(engine):
    loaded = loaded_year(engine)
    with tampering(engine, loaded) as scope:
        lone_transfer(scope, loaded.contract_id, "petty_cash", "municipality", balances=True)
        differs(scope, loaded.contract_id, "Rekening 'petty_cash'", "een boeking")
    with tampering(engine, loaded) as scope:
        scope.sql("UPDATE balance SET account = 'petty_cash' WHERE lead_contractor_id = :lead AND account = 'reserve'")
        scope.sql(
            """UPDATE balance SET account = 'petty_cash'
               WHERE lead_contractor_id = :lead AND account = 'bank' AND recorded_month = '2025-06'"""
        )
        differs(scope, loaded.contract_id, "Rekening 'petty_cash'", "een saldo")


def test_the_books_of_another_lead_contractor_are_not_looked_at(engine):
    loaded = loaded_year(engine)
    with tampering(engine, loaded) as scope:
        scope.sql("UPDATE balance SET debit_cents = debit_cents + 1 WHERE lead_contractor_id = :lead")
        check_books(Scope(scope.connection, loaded.lead_contractor_id + 1), loaded.contract_id)
        differs(scope, loaded.contract_id, "saldo van rekening")
