"""Proof that what stands judged in the lines is what stands in the books, message by message.

The accounts of a line are worked out here anew from its verdict, not with the expressions that booked it: a proof that
shares the code of what it proves would share its mistakes.
"""

from __future__ import annotations

from typing import Any

from lead_contractor.books import accounts
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.money import euros_nl
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month
from lead_contractor.kernel.refusals import BooksDiffer
from lead_contractor.kernel.tenancy import Scope
from subcontractors.decisions import model as decisions
from subcontractors.declarations.postings import PREFIX
from subcontractors.declarations.served import check_served

_KEPT = "agreement, product_code, service_month"

_JUDGED = f"""
    SELECT '{PREFIX}' || m.sender || '/' || m.identification AS source, l.agreement, l.product_code, l.service_month,
        CASE WHEN l.credit THEN -l.amount_cents ELSE l.amount_cents END AS cents,
        CASE WHEN l.assessed AND l.codes = 0 THEN 1 ELSE 0 END AS approved,
        CASE WHEN l.lines_cost THEN 1 ELSE 0 END AS costs,
        CASE WHEN NOT l.in_time THEN 'late' WHEN l.service_month < :first THEN 'before'
             WHEN l.service_month > :last THEN 'after' ELSE 'within' END AS place
    FROM declaration_line AS l
    JOIN message AS m ON m.lead_contractor_id = l.lead_contractor_id AND m.id = l.message_id
    WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract
"""
"""Every stored line with its sign, its verdict and its place in time; a credit is below zero."""

_APPROVED = f"""CASE place WHEN 'late' THEN '{accounts.APPROVED_AFTER_CUT_OFF}'
    WHEN 'before' THEN '{accounts.APPROVED_PRIOR_YEAR}' ELSE '{accounts.APPROVED}' END"""
_COST = f"""CASE place WHEN 'late' THEN '{accounts.COST_AFTER_CUT_OFF}' WHEN 'before' THEN '{accounts.COST_PRIOR_YEAR}'
    WHEN 'after' THEN '{accounts.COST_OTHER_YEAR}' ELSE '{accounts.COST_PXQ}' END"""

_MESSAGE = f"CASE WHEN source LIKE '{decisions.PREFIX}%' THEN SUBSTR(source, {decisions.CUT}) ELSE source END"
"""What a decision booked about a message belongs to that message."""

_BOOKED = f"""
    WHERE lead_contractor_id = :lead AND contract_id = :contract
      AND (source LIKE :prefix OR source LIKE '{decisions.PREFIX}%')"""

_FIRST_DIFFERENCE = f"""
WITH judged AS ({_JUDGED})
SELECT source, account, {_KEPT}, CAST(SUM(expected) AS BIGINT) AS expected, CAST(SUM(found) AS BIGINT) AS found
FROM (
    SELECT source, {_KEPT}, '{accounts.DECLARED}' AS account, -cents AS expected, 0 AS found FROM judged
    UNION ALL
    SELECT source, {_KEPT}, {_APPROVED}, cents, 0 FROM judged WHERE approved = 1
    UNION ALL
    SELECT source, {_KEPT}, '{accounts.REJECTED}', cents, 0 FROM judged WHERE approved = 0
    UNION ALL
    SELECT source, {_KEPT}, {_COST}, cents, 0 FROM judged WHERE approved = 1 AND costs = 1
    UNION ALL
    SELECT source, {_KEPT}, '{accounts.PAYABLE}', -cents, 0 FROM judged WHERE approved = 1 AND costs = 1
    UNION ALL
    SELECT {_MESSAGE}, {_KEPT}, debit_account, 0, cents FROM transfer {_BOOKED}
    UNION ALL
    SELECT {_MESSAGE}, {_KEPT}, credit_account, 0, -cents FROM transfer {_BOOKED}
) AS sides
GROUP BY source, account, {_KEPT}
HAVING SUM(expected) <> SUM(found)
ORDER BY source, account, {_KEPT}
LIMIT 1
"""
"""Debit is above zero, credit below; ``assessment`` stands on no line, so it must come down to nothing."""


def check_lines(scope: Scope, contract_id: int) -> None:
    """Prove that the lines of declarations are the transfers of declarations, per message, account and product.

    Holds for what was declared, approved (in time and in the year, of earlier years, after the cut-off), rejected,
    payable and cost; that nothing is left in assessment; and that who is kept as served is who the lines say.

    Raises:
        BooksDiffer: lines and transfers differ; the text names the first difference.
        NotFound: this lead contractor has no such contract.
    """
    year = get_contract(scope, contract_id).year
    found = scope.sql(
        _FIRST_DIFFERENCE,
        contract=contract_id,
        first=str(Month(year, 1)),
        last=str(Month(year, MONTHS_IN_YEAR)),
        prefix=f"{PREFIX}%",
    ).one_or_none()
    if found is None:
        check_served(scope, contract_id, year)
        return
    expected, stands = int(found.expected), int(found.found)
    raise BooksDiffer(
        f"De regels van {found.source} zijn niet wat er geboekt is: rekening {found.account} ({_about(found)}), "
        f"volgens de regels {_side(expected)}, geboekt {_side(stands)}, verschil {euros_nl(abs(stands - expected))}."
    )


def _about(row: Any) -> str:
    agreement = f"overeenkomst {row.agreement}" if row.agreement else "zonder overeenkomst"
    return f"{agreement}, product {row.product_code}, zorgmaand {row.service_month}"


def _side(cents: int) -> str:
    """An amount with the side it stands on, ``€ 12,50 credit``."""
    if cents == 0:
        return "niets"
    return f"{euros_nl(abs(cents))} {'debet' if cents > 0 else 'credit'}"
