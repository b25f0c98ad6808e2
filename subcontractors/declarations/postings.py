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
from subcontractors.declarations import waiting

PREFIX = "declaration:"
_MANY = 100
"""For so many credits PostgreSQL has to know how many there are, or it goes through all transfers for each."""

_COST_ACCOUNT = f"""CASE
    WHEN l.in_time = 0 THEN '{accounts.COST_AFTER_CUT_OFF}'
    WHEN l.service_month < :first_month THEN '{accounts.COST_PRIOR_YEAR}'
    WHEN l.service_month > :last_month THEN '{accounts.COST_OTHER_YEAR}'
    ELSE '{accounts.COST_PXQ}' END"""

_APPROVED_ACCOUNT = f"""CASE
    WHEN l.in_time = 0 THEN '{accounts.APPROVED_AFTER_CUT_OFF}'
    WHEN l.service_month < :first_month THEN '{accounts.APPROVED_PRIOR_YEAR}'
    ELSE '{accounts.APPROVED}' END"""

_APPROVED = "l.approved = 1"
_STEPS: tuple[tuple[int, str, str, str], ...] = (
    (1, f"'{accounts.ASSESSMENT}'", f"'{accounts.DECLARED}'", "1 = 1"),
    (2, _APPROVED_ACCOUNT, f"'{accounts.ASSESSMENT}'", _APPROVED),
    (3, f"'{accounts.REJECTED}'", f"'{accounts.ASSESSMENT}'", "l.approved = 0"),
    (4, _COST_ACCOUNT, f"'{accounts.PAYABLE}'", f"{_APPROVED} AND l.lines_cost = 1"),
)
"""Order, debit and credit account, and which lines: of debits as they stand, of credits the other way round."""

_STAGE_COLUMNS = """ordinal, debit_account, credit_account, cents, agreement, subcontractor, product_code, area,
    service_month, recorded_month, source, reverses_id, explanation"""
_GROUP = "debit_side, credit_side, agreement, sender, product_code, area, service_month, recorded_month, source"
_CREDITS = f"""
INSERT INTO check_credit
SELECT k.source, COALESCE(k.agreement, ''), k.sender, k.product_code, COALESCE(k.area, ''), k.service_month,
    k.recorded_month, COALESCE(k.lines_cost, 0), k.in_time,
    CASE WHEN k.assessed = 1 AND k.codes = 0 THEN 1 ELSE 0 END,
    CASE WHEN k.codes = 0 THEN '{PREFIX}' || e.sender || '/' || e.identification END, k.amount_cents
FROM check_line AS k
LEFT JOIN check_accepted AS d ON d.id = k.credits_line_id
LEFT JOIN message AS e ON e.lead_contractor_id = :lead AND e.id = d.message_id
WHERE k.credit = 1 AND k.amount_cents > 0
"""
"""Every credit, with the source of the debit that an accepted one takes back."""

_BOOKED = """
INSERT INTO check_booked
SELECT t.source, t.debit_account, t.credit_account, t.agreement, t.product_code, t.service_month, t.area, MIN(t.id)
FROM (SELECT DISTINCT original FROM check_credit WHERE original IS NOT NULL) AS o
CROSS JOIN transfer AS t
WHERE t.lead_contractor_id = :lead AND t.contract_id = :contract AND t.source = o.original
GROUP BY t.source, t.debit_account, t.credit_account, t.agreement, t.product_code, t.service_month, t.area
"""
"""The transfers that those debits were booked by."""


def source_of(sender: str | None, identification: str | None) -> str:
    """The source under which the lines of a message stand in the books."""
    return f"{PREFIX}{sender}/{identification}"


def post_lines(scope: Scope, contract_id: int, year: int, at: datetime) -> None:
    """Book the lines that were judged: debits as ``check_sum`` adds them up, credits one by one from ``check_line``."""
    open_stage(scope)
    _stage_debits(scope, year)
    book_stage(scope, contract_id, at)
    if _gather_credits(scope, contract_id):
        _stage_credits(scope, year)
        book_stage(scope, contract_id, at)


def replace_lines(scope: Scope, contract_id: int, year: int, at: datetime) -> tuple[list[Posting], list[Posting]]:
    """Bring what stands in the books from declarations in line with the lines that stand judged now.

    Returns:
        the postings reversed and the postings added: the difference.
    """
    open_stage(scope)
    _stage_debits(scope, year)
    if _gather_credits(scope, contract_id):
        _stage_credits(scope, year)
    wanted = staged(scope)
    clear_stage(scope)
    return reconcile(scope, contract_id, PREFIX, wanted, at)


def _months(year: int) -> dict[str, str]:
    """The first and last month of the year."""
    return {"first_month": f"{year:04d}-01", "last_month": f"{year:04d}-12"}


def _stage_debits(scope: Scope, year: int) -> None:
    statement = f"INSERT INTO stage_transfer ({_STAGE_COLUMNS})" + " UNION ALL ".join(
        f"""
        SELECT {order}, debit_side, credit_side, CAST(SUM(cents) AS BIGINT), agreement, sender, product_code,
            area, service_month, recorded_month, source, CAST(NULL AS BIGINT), ''
        FROM (SELECT {debit} AS debit_side, {credit} AS credit_side, l.* FROM check_sum AS l
              WHERE l.credit = 0 AND l.cents > 0 AND {which}) AS d
        GROUP BY {_GROUP}"""
        for order, debit, credit, which in _STEPS
    )
    scope.temporary(statement, **_months(year))


def _gather_credits(scope: Scope, contract_id: int) -> bool:
    """Lay the credits ready, and what their debits were booked by as far as that stands in the books.

    Returns:
        whether there are any.
    """
    found = scope.sql(_CREDITS).rowcount
    if found == 0:
        return False
    count = scope.postgresql and found >= _MANY
    if count:
        waiting.run(scope, ["ANALYZE check_credit", "ANALYZE transfer"])
    scope.sql(_BOOKED, contract=contract_id)
    if count:
        waiting.run(scope, ["ANALYZE check_booked"])
    return True


def _stage_credits(scope: Scope, year: int) -> None:
    """Credits run the other way round; an accepted one names the transfer of its debit, a refused one names none."""
    statement = f"INSERT INTO stage_transfer ({_STAGE_COLUMNS})" + " UNION ALL ".join(
        f"""
        SELECT {order}, c.credit_side, c.debit_side, CAST(SUM(c.cents) AS BIGINT), c.agreement, c.sender,
            c.product_code, c.area, c.service_month, c.recorded_month, c.source, b.id, ''
        FROM (SELECT {debit} AS debit_side, {credit} AS credit_side, l.* FROM check_credit AS l WHERE {which}) AS c
        LEFT JOIN check_booked AS b ON b.source = c.original AND b.debit_account = c.debit_side
            AND b.credit_account = c.credit_side AND b.agreement = c.agreement AND b.product_code = c.product_code
            AND b.service_month = c.service_month AND b.area = c.area
        GROUP BY {_of("c", _GROUP)}, b.id"""
        for order, debit, credit, which in _STEPS
    )
    scope.temporary(statement, **_months(year))


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column.strip()}" for column in columns.split(","))
