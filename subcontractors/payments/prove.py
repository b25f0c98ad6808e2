"""Proof that every cent that was paid is an item of a run that was executed, and the other way round."""

from __future__ import annotations

from lead_contractor.books import accounts
from lead_contractor.kernel.money import euros_nl
from lead_contractor.kernel.refusals import BooksDiffer
from lead_contractor.kernel.tenancy import Scope
from subcontractors.payments.store import PREFIX

_KEPT = "source, account, subcontractor, agreement, service_month"
_EXECUTED = f"""
    SELECT '{PREFIX}' || CAST(i.run_id AS VARCHAR(20)) || ':' || CAST(i.number AS VARCHAR(20)) AS source,
        i.subcontractor, i.agreement, i.service_month, CASE WHEN r.run_id IS NULL THEN i.cents ELSE 0 END AS cents
    FROM payment_item AS i
    JOIN payment_execution AS e ON e.lead_contractor_id = i.lead_contractor_id AND e.run_id = i.run_id
    LEFT JOIN payment_reversal AS r ON r.lead_contractor_id = i.lead_contractor_id AND r.run_id = i.run_id
        AND r.subcontractor = i.subcontractor
    WHERE i.lead_contractor_id = :lead AND i.contract_id = :contract
"""
_TRANSFERS = "FROM transfer WHERE lead_contractor_id = :lead AND contract_id = :contract AND source LIKE :prefix"
_FIRST_DIFFERENCE = f"""
    WITH executed AS ({_EXECUTED})
    SELECT {_KEPT}, CAST(SUM(expected) AS BIGINT) AS expected, CAST(SUM(found) AS BIGINT) AS found
    FROM (
        SELECT source, '{accounts.PAYABLE}' AS account, subcontractor, agreement, service_month,
            cents AS expected, 0 AS found FROM executed
        UNION ALL
        SELECT source, '{accounts.PAID}', subcontractor, agreement, service_month, -cents, 0 FROM executed
        UNION ALL
        SELECT source, debit_account, subcontractor, agreement, service_month, 0, cents {_TRANSFERS}
        UNION ALL
        SELECT source, credit_account, subcontractor, agreement, service_month, 0, -cents {_TRANSFERS}
    ) AS sides
    GROUP BY {_KEPT}
    HAVING SUM(expected) <> SUM(found)
    ORDER BY {_KEPT}
    LIMIT 1
"""


def check_payments(scope: Scope, contract_id: int) -> int:
    """Prove that the items of executed runs, less what was turned back, are what stands booked as paid.

    Returns:
        how many items were executed.

    Raises:
        BooksDiffer: items and transfers differ; the text names the first difference.
    """
    found = scope.sql(_FIRST_DIFFERENCE, contract=contract_id, prefix=f"{PREFIX}%").one_or_none()
    if found is not None:
        raise BooksDiffer(
            f"Betaling {found.source} aan {found.subcontractor} is niet wat er geboekt is op rekening {found.account}: "
            f"volgens de betaalbatch {euros_nl(int(found.expected))}, geboekt {euros_nl(int(found.found))}."
        )
    counted = scope.sql(f"SELECT COUNT(*) AS items FROM ({_EXECUTED}) AS executed", contract=contract_id)
    return int(counted.one().items)
