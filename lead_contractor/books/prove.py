"""Proof that the books hold together: chart, balances, reversals, and nothing booked in a month that was closed.

Each claim is one statement over the whole contract year that gives back the first row that breaks it, or none.
"""

from __future__ import annotations

from typing import Any

from lead_contractor.books.accounts import ACCOUNTS
from lead_contractor.books.store import DIMENSION_LIST, DIMENSIONS
from lead_contractor.kernel.money import euros_nl
from lead_contractor.kernel.refusals import BooksDiffer
from lead_contractor.kernel.tenancy import Scope

_DUTCH = {
    "agreement": "overeenkomst",
    "subcontractor": "onderaannemer",
    "product_code": "product",
    "area": "gebied",
    "service_month": "zorgmaand",
    "recorded_month": "boekmaand",
}


def check_books(scope: Scope, contract_id: int) -> None:
    """Prove the books of a contract year, set by set.

    Raises:
        BooksDiffer: an account is not in the chart, a balance is not the sum of its transfers, a reversal does not
            turn round what it names, or something was booked in a closed month; the text names the first difference.
    """
    _check_chart(scope, contract_id)
    _check_balances(scope, contract_id)
    _check_reversals(scope, contract_id)
    _check_closed_months(scope, contract_id)


def _check_chart(scope: Scope, contract_id: int) -> None:
    chart = {f"account_{number}": code for number, code in enumerate(ACCOUNTS)}
    names = ", ".join(f":{name}" for name in chart)
    found = scope.sql(
        f"""
        SELECT account, place FROM (
            SELECT debit_account AS account, 'een boeking' AS place FROM transfer
            WHERE lead_contractor_id = :lead AND contract_id = :contract
            UNION SELECT credit_account, 'een boeking' FROM transfer
            WHERE lead_contractor_id = :lead AND contract_id = :contract
            UNION SELECT account, 'een saldo' FROM balance
            WHERE lead_contractor_id = :lead AND contract_id = :contract
        ) AS used
        WHERE account NOT IN ({names})
        ORDER BY account, place
        LIMIT 1
        """,
        contract=contract_id,
        **chart,
    ).one_or_none()
    if found is not None:
        raise BooksDiffer(
            f"Rekening {found.account!r} staat niet in het rekeningschema, maar wel op {found.place}. "
            "Verwacht: alleen rekeningen uit het schema."
        )


def _check_balances(scope: Scope, contract_id: int) -> None:
    """Sums of transfers and stored balances are laid on top of each other, so that either may lack a row."""
    found = scope.sql(
        f"""
        SELECT account, {DIMENSION_LIST},
            CAST(SUM(debit) AS BIGINT) AS debit, CAST(SUM(credit) AS BIGINT) AS credit,
            CAST(SUM(stored_debit) AS BIGINT) AS stored_debit, CAST(SUM(stored_credit) AS BIGINT) AS stored_credit
        FROM (
            SELECT debit_account AS account, {DIMENSION_LIST}, cents AS debit, 0 AS credit,
                0 AS stored_debit, 0 AS stored_credit
            FROM transfer WHERE lead_contractor_id = :lead AND contract_id = :contract
            UNION ALL
            SELECT credit_account, {DIMENSION_LIST}, 0, cents, 0, 0
            FROM transfer WHERE lead_contractor_id = :lead AND contract_id = :contract
            UNION ALL
            SELECT account, {DIMENSION_LIST}, 0, 0, debit_cents, credit_cents
            FROM balance WHERE lead_contractor_id = :lead AND contract_id = :contract
        ) AS sides
        GROUP BY account, {DIMENSION_LIST}
        HAVING SUM(debit) <> SUM(stored_debit) OR SUM(credit) <> SUM(stored_credit)
        ORDER BY account, {DIMENSION_LIST}
        LIMIT 1
        """,
        contract=contract_id,
    ).one_or_none()
    if found is None:
        return
    side, expected, stands = (
        ("debet", found.debit, found.stored_debit)
        if found.debit != found.stored_debit
        else ("credit", found.credit, found.stored_credit)
    )
    raise BooksDiffer(
        f"Het saldo van rekening {found.account} ({_about(found)}) is niet de som van de boekingen: {side} verwacht "
        f"{euros_nl(int(expected))}, gevonden {euros_nl(int(stands))}, "
        f"verschil {euros_nl(int(stands) - int(expected))}."
    )


def _check_reversals(scope: Scope, contract_id: int) -> None:
    found = scope.sql(
        """
        SELECT r.id, r.reverses_id, r.source, r.debit_account, r.credit_account,
            o.id AS original, o.debit_account AS its_debit, o.credit_account AS its_credit
        FROM transfer AS r
        LEFT JOIN transfer AS o ON o.lead_contractor_id = r.lead_contractor_id AND o.id = r.reverses_id
        WHERE r.lead_contractor_id = :lead AND r.contract_id = :contract AND r.reverses_id IS NOT NULL
          AND (o.id IS NULL OR o.contract_id <> r.contract_id
               OR o.debit_account <> r.credit_account OR o.credit_account <> r.debit_account)
        ORDER BY r.id
        LIMIT 1
        """,
        contract=contract_id,
    ).one_or_none()
    if found is not None:
        raise BooksDiffer(
            f"Boeking {found.id} ({found.source}) keert boeking {found.reverses_id} om: verwacht "
            f"{found.credit_account} aan {found.debit_account} van hetzelfde contract, gevonden {_original(found)}."
        )


def _check_closed_months(scope: Scope, contract_id: int) -> None:
    """From its closing until it is reopened nothing may be booked in a month; ids of transfers tell the order."""
    found = scope.sql(
        """
        SELECT t.id, t.source, t.recorded_month
        FROM closed_month AS c
        JOIN transfer AS t ON t.lead_contractor_id = c.lead_contractor_id AND t.contract_id = c.contract_id
            AND t.recorded_month = c.month AND t.id > c.last_transfer
        WHERE c.lead_contractor_id = :lead AND c.contract_id = :contract AND c.closed
          AND NOT EXISTS (SELECT 1 FROM closed_month AS r
                          WHERE r.lead_contractor_id = :lead AND r.contract_id = :contract AND r.month = c.month
                            AND NOT r.closed AND r.number > c.number AND r.last_transfer < t.id)
        ORDER BY t.id
        LIMIT 1
        """,
        contract=contract_id,
    ).one_or_none()
    if found is not None:
        raise BooksDiffer(
            f"Boeking {found.id} ({found.source}) staat in {found.recorded_month}, maar die maand was toen al "
            "afgesloten. Verwacht: een boeking in de eerste open maand."
        )


def _original(found: Any) -> str:
    if found.original is None:
        return "geen boeking"
    said = f"{found.its_debit} aan {found.its_credit}"
    swapped = (found.its_debit, found.its_credit) == (found.credit_account, found.debit_account)
    return f"{said} van een ander contract" if swapped else said


def _about(row: Any) -> str:
    """The dimensions of a row in words; what is empty is left out."""
    named = [f"{_DUTCH[name]} {getattr(row, name)}" for name in DIMENSIONS if getattr(row, name)]
    return ", ".join(named) or "zonder kenmerken"
