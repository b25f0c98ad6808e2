"""Lines are transfers: per message, account and product, and the first difference is named."""

from __future__ import annotations

import re

import pytest

from lead_contractor.kernel.database import reading
from lead_contractor.kernel.refusals import BooksDiffer
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations.prove import check_lines
from tests.klein import loaded_year, tampering

# The first line of this year that De Kwikstaart declared, accepted and at cost.
LINE = """lead_contractor_id = :lead AND id = (
    SELECT MIN(l.id) FROM declaration_line AS l
    WHERE l.lead_contractor_id = :lead AND l.sender = '99990101' AND l.service_month >= '2025-01'
      AND l.codes = 0 AND l.assessed AND l.lines_cost)"""
NIL_COST_LINE = """lead_contractor_id = :lead AND id = (
    SELECT MIN(l.id) FROM declaration_line AS l
    WHERE l.lead_contractor_id = :lead AND l.codes = 0 AND l.assessed AND NOT l.lines_cost)"""
CHANGES = {
    "codes = 1": "approved",
    "in_time = NOT in_time": "approved",
    "credit = NOT credit": "approved",
    "lines_cost = NOT lines_cost": "cost_pxq",
    "service_month = '2024-12'": "approved",
    "assessed = NOT assessed": "approved",
}


def first_line(scope):
    return scope.sql(
        f"""
        SELECT l.agreement, l.product_code, l.service_month, m.sender, m.identification
        FROM (SELECT * FROM declaration_line WHERE {LINE}) AS l
        JOIN message AS m ON m.lead_contractor_id = l.lead_contractor_id AND m.id = l.message_id
        """
    ).one()


def differs(scope, contract_id, *words):
    with pytest.raises(BooksDiffer, match=".*".join(re.escape(word) for word in words)):
        check_lines(scope, contract_id)


def test_the_lines_of_the_example_are_its_transfers(engine):
    loaded = loaded_year(engine)
    with reading(engine) as connection:
        check_lines(Scope(connection, loaded.lead_contractor_id), loaded.contract_id)


def test_a_line_that_was_changed_is_named_by_message_account_and_product(engine):
    loaded = loaded_year(engine)
    with tampering(engine, loaded) as scope:
        line = first_line(scope)
        scope.sql(f"UPDATE declaration_line SET amount_cents = amount_cents + 125 WHERE {LINE}")
        differs(
            scope,
            loaded.contract_id,
            f"De regels van declaration:{line.sender}/{line.identification} zijn niet",
            f"rekening approved (overeenkomst {line.agreement}, product {line.product_code}, "
            f"zorgmaand {line.service_month})",
            "verschil € 1,25",
        )


def test_a_verdict_that_was_changed_is_found(engine):
    loaded = loaded_year(engine)
    for change, account in CHANGES.items():
        with tampering(engine, loaded) as scope:
            scope.sql(f"UPDATE declaration_line SET {change} WHERE {LINE}")
            differs(scope, loaded.contract_id, f"rekening {account} (")


def test_a_line_that_was_lost_and_one_that_costs_too_much_are_found(engine):
    loaded = loaded_year(engine)
    with tampering(engine, loaded) as scope:
        scope.sql(f"DELETE FROM declaration_line WHERE {LINE}")
        differs(scope, loaded.contract_id, "volgens de regels")
    with tampering(engine, loaded) as scope:
        scope.sql(f"UPDATE declaration_line SET lines_cost = NOT lines_cost WHERE {NIL_COST_LINE}")
        differs(scope, loaded.contract_id, "rekening cost_pxq", "geboekt niets")


def test_a_lone_transfer_under_a_declaration_is_found(engine):
    loaded = loaded_year(engine)
    with tampering(engine, loaded) as scope:
        line = first_line(scope)
        scope.sql(
            """
            INSERT INTO transfer (lead_contractor_id, id, contract_id, debit_account, credit_account, cents, agreement,
                subcontractor, product_code, area, service_month, recorded_month, source, explanation, booked_at)
            SELECT :lead, MAX(id) + 1, MAX(contract_id), 'assessment', 'declared', 700, '', '99990101', '01A03', '',
                '2025-02', '2025-03', :source, '', MAX(booked_at)
            FROM transfer WHERE lead_contractor_id = :lead
            """,
            source=f"declaration:{line.sender}/{line.identification}",
        )
        differs(scope, loaded.contract_id, "rekening assessment (zonder overeenkomst, product 01A03", "€ 7,00 debet")
