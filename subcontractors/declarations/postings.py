"""From judged lines to transfers: declared, approved or rejected, and what is payable.

Lines of one message about the same agreement, product, area and month are one transfer for each step; a credit names
the transfer of its debit as the one that it reverses.
"""

from __future__ import annotations

from datetime import datetime

from lead_contractor.books import accounts
from lead_contractor.books.model import Posting
from lead_contractor.books.service import reconcile
from lead_contractor.books.store import book_stage, clear_stage, open_stage, staged
from lead_contractor.kernel.tenancy import Scope

PREFIX = "declaration:"

_COST_ACCOUNT = f"""CASE
    WHEN l.in_time = 0 THEN '{accounts.COST_AFTER_CUT_OFF}'
    WHEN l.service_month < :first_month THEN '{accounts.COST_PRIOR_YEAR}'
    WHEN l.service_month > :last_month THEN '{accounts.COST_OTHER_YEAR}'
    ELSE '{accounts.COST_PXQ}' END"""

_APPROVED_ACCOUNT = f"""CASE
    WHEN l.in_time = 0 THEN '{accounts.APPROVED_AFTER_CUT_OFF}'
    WHEN l.service_month < :first_month THEN '{accounts.APPROVED_PRIOR_YEAR}'
    ELSE '{accounts.APPROVED}' END"""

_APPROVED = "l.assessed = 1 AND l.codes = 0"
_STEPS: tuple[tuple[int, str, str, str], ...] = (
    (1, f"'{accounts.ASSESSMENT}'", f"'{accounts.DECLARED}'", "1 = 1"),
    (2, _APPROVED_ACCOUNT, f"'{accounts.ASSESSMENT}'", _APPROVED),
    (3, f"'{accounts.REJECTED}'", f"'{accounts.ASSESSMENT}'", "(l.assessed = 0 OR l.codes <> 0)"),
    (4, _COST_ACCOUNT, f"'{accounts.PAYABLE}'", f"{_APPROVED} AND l.lines_cost = 1"),
)
"""Order, debit and credit account, and which lines: of debits as they stand, of credits the other way round."""

_STAGE_COLUMNS = """ordinal, debit_account, credit_account, cents, agreement, subcontractor, product_code, area,
    service_month, recorded_month, source, reverses_id, explanation"""
_GROUP = "debit_side, credit_side, agreement, sender, product_code, area, service_month, received_month, source"


def source_of(sender: str | None, identification: str | None) -> str:
    """The source under which the lines of a message stand in the books."""
    return f"{PREFIX}{sender}/{identification}"


def post_lines(scope: Scope, contract_id: int, year: int, at: datetime) -> None:
    """Book the lines that stand judged in ``check_line``."""
    open_stage(scope)
    for step in _STEPS:
        _stage_debits(scope, step, year)
    book_stage(scope, contract_id, at)
    for step in _STEPS:
        _stage_credits(scope, step, year, contract_id)
    book_stage(scope, contract_id, at)


def replace_lines(scope: Scope, contract_id: int, year: int, at: datetime) -> tuple[list[Posting], list[Posting]]:
    """Bring what stands in the books from declarations in line with the lines that stand judged now.

    Returns:
        the postings reversed and the postings added: the difference.
    """
    open_stage(scope)
    for step in _STEPS:
        _stage_debits(scope, step, year)
        _stage_credits(scope, step, year, contract_id)
    wanted = staged(scope)
    clear_stage(scope)
    return reconcile(scope, contract_id, PREFIX, wanted, at)


def _lines(debit: str, credit: str, more: str, which: str) -> str:
    return f"""
        SELECT {debit} AS debit_side, {credit} AS credit_side, l.amount_cents, COALESCE(l.agreement, '') AS agreement,
            l.sender, l.product_code, COALESCE(l.area, '') AS area, l.service_month, l.received_month, m.source{more}
        FROM check_line AS l JOIN stage_message AS m ON m.message_id = l.message_id
        WHERE l.amount_cents > 0 AND {which}"""


def _months(year: int, statement: str) -> dict[str, str]:
    """The first and last month of the year, where a statement asks for them."""
    months = {"first_month": f"{year:04d}-01", "last_month": f"{year:04d}-12"}
    return {name: value for name, value in months.items() if f":{name}" in statement}


def _stage_debits(scope: Scope, step: tuple[int, str, str, str], year: int) -> None:
    order, debit, credit, which = step
    statement = f"""
        INSERT INTO stage_transfer ({_STAGE_COLUMNS})
        SELECT {order}, debit_side, credit_side, CAST(SUM(amount_cents) AS BIGINT), agreement, sender, product_code,
            area, service_month, received_month, source, NULL, ''
        FROM ({_lines(debit, credit, "", f"l.credit = 0 AND {which}")}) AS d
        GROUP BY {_GROUP}
    """
    scope.temporary(statement, **_months(year, statement))


def _stage_credits(scope: Scope, step: tuple[int, str, str, str], year: int, contract_id: int) -> None:
    """Credits run the other way round; an accepted one names the transfer of its debit, a refused one names none.

    ``MIN(t.id + 0)``: a bare ``MIN(t.id)`` tempts a database to walk all transfers by id, not those of the source.
    """
    order, debit, credit, which = step
    original = f"""CASE WHEN l.credits_line_id IS NOT NULL AND l.codes = 0 THEN (
        SELECT MIN(t.id + 0) FROM transfer AS t
        WHERE t.lead_contractor_id = :lead AND t.contract_id = :contract
          AND t.source = (SELECT '{PREFIX}' || e.sender || '/' || e.identification
                          FROM check_accepted AS d
                          JOIN message AS e ON e.lead_contractor_id = :lead AND e.id = d.message_id
                          WHERE d.id = l.credits_line_id)
          AND t.debit_account = {debit} AND t.credit_account = {credit}
          AND t.agreement = COALESCE(l.agreement, '') AND t.product_code = l.product_code
          AND t.service_month = l.service_month AND t.area = COALESCE(l.area, '')) END"""
    statement = f"""
        INSERT INTO stage_transfer ({_STAGE_COLUMNS})
        SELECT {order}, credit_side, debit_side, CAST(SUM(amount_cents) AS BIGINT), agreement, sender, product_code,
            area, service_month, received_month, source, original, ''
        FROM ({_lines(debit, credit, f", {original} AS original", f"l.credit = 1 AND {which}")}) AS c
        GROUP BY {_GROUP}, original
    """
    scope.sql(statement, contract=contract_id, **_months(year, statement))
