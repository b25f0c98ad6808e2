"""Queries on the use of the budget, beside those of the books: who was served, and what agreements cover."""

from __future__ import annotations

from datetime import date

from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.tables import agreement, agreement_cover


def served(
    scope: Scope, contract_id: int, first: Month, last: Month, received_until: date | None
) -> list[tuple[str, str, str, int]]:
    """Who was served: subcontractor, agreement, product and client, each combination once.

    Only accepted lines that were not credited count, with a service month from ``first`` to ``last``, received in
    time and not after ``received_until``. The client is an opaque key, to be counted and never shown.
    """
    received = "" if received_until is None else "AND m.received <= :received"
    rows = scope.sql(
        f"""
        SELECT l.sender, l.agreement, l.product_code, l.client_id
        FROM declaration_line AS l
        JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id
        WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.assessed AND l.codes = 0 AND l.in_time
          AND l.service_month BETWEEN :first AND :last {received}
        GROUP BY l.sender, l.agreement, l.product_code, l.client_id
        HAVING SUM(CASE WHEN l.credit THEN -1 ELSE 1 END) > 0
        """,
        contract=contract_id,
        first=str(first),
        last=str(last),
        **({} if received_until is None else {"received": received_until}),
    )
    return [(row.sender, row.agreement, row.product_code, int(row.client_id)) for row in rows]


def covers(scope: Scope, contract_id: int) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Per agreement: its subcontractor, its form and what it covers (product codes and categories)."""
    forms = scope.rows(
        scope.select(agreement.c.code, agreement.c.subcontractor, agreement.c.form).where(
            agreement.c.contract_id == contract_id
        )
    )
    covered: dict[str, list[str]] = {}
    for row in scope.rows(
        scope.select(agreement_cover.c.agreement, agreement_cover.c.covers)
        .where(agreement_cover.c.contract_id == contract_id)
        .order_by(agreement_cover.c.covers)
    ):
        covered.setdefault(row.agreement, []).append(row.covers)
    return {row.code: (row.subcontractor, row.form, tuple(covered.get(row.code, ()))) for row in forms}
