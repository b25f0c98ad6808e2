"""Queries of the use by client group: the books do not know it, the allocation of each line does.

What a line stood at on a day: decisions that let it pass, or took that back, after the day are not looked at; the
codes that it had before the first of those count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from budgets.use.line_store import after
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from subcontractors.decisions.model import decision_source
from subcontractors.declarations.postings import source_of

_SIGNED = "SUM(CASE WHEN l.credit THEN -l.amount_cents ELSE l.amount_cents END) AS cents"
_ABOUT = """l.product_code, l.sender, l.agreement, COALESCE(a.area, '') AS area,
    COALESCE(a.client_group, '') AS client_group, l.service_month"""
_BY = """l.product_code, l.sender, l.agreement, COALESCE(a.area, ''), COALESCE(a.client_group, ''), l.service_month"""
_ALLOCATION = "LEFT JOIN allocation AS a ON a.lead_contractor_id = :lead AND a.id = l.allocation_id"
_MESSAGE = "JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id"
_DONE = """
    SELECT i.line_id, i.decision_id, i.codes FROM line_decision_item AS i
    JOIN line_decision_verdict AS v ON v.lead_contractor_id = :lead AND v.decision_id = i.decision_id AND v.approved
    JOIN line_decision_outcome AS o ON o.lead_contractor_id = :lead AND o.decision_id = i.decision_id
        AND o.line_id = i.line_id AND o.done
    WHERE i.lead_contractor_id = :lead"""
_STOOD = f"""
LEFT JOIN (
    SELECT d.line_id, d.codes FROM ({_DONE} AND v.decided_at >= :after) AS d
    JOIN (SELECT f.line_id, MIN(f.decision_id) AS decision_id
          FROM ({_DONE} AND v.decided_at >= :after) AS f GROUP BY f.line_id) AS first
        ON first.line_id = d.line_id AND first.decision_id = d.decision_id
) AS s ON s.line_id = l.id"""
_GOOD = "CASE WHEN l.assessed AND COALESCE(s.codes, l.codes) = 0 THEN 1 ELSE 0 END"
_COSTS = "CASE WHEN l.lines_cost AND l.in_time THEN 1 ELSE 0 END"
_LINES = f"""
SELECT {_ABOUT}, {_GOOD} AS good, {_COSTS} AS costs, {_SIGNED}
FROM declaration_line AS l {_MESSAGE} {_ALLOCATION} {_STOOD}
WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND m.received <= :day
GROUP BY {_BY}, {_GOOD}, {_COSTS}
"""
_PAYABLE = f"""
SELECT m.identification, {_ABOUT}, {_SIGNED}
FROM declaration_line AS l {_MESSAGE} {_ALLOCATION}
WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND m.received <= :day
  AND l.assessed AND l.codes = 0 AND l.lines_cost AND NOT EXISTS (SELECT 1 FROM ({_DONE}) AS d WHERE d.line_id = l.id)
GROUP BY m.identification, {_BY}
"""
_DECIDED = f"""
SELECT d.decision_id, m.identification, {_ABOUT}, {_SIGNED}
FROM ({_DONE}) AS d
JOIN declaration_line AS l ON l.lead_contractor_id = :lead AND l.id = d.line_id
{_MESSAGE} {_ALLOCATION}
WHERE l.contract_id = :contract AND l.lines_cost
GROUP BY d.decision_id, m.identification, {_BY}
"""


@dataclass(frozen=True, slots=True)
class Grouped:
    """Lines with one verdict. ``costs``: they cost under price times quantity, and came in time."""

    product_code: str
    subcontractor: str
    agreement: str
    area: str
    client_group: str
    service_month: str
    good: bool
    costs: bool
    cents: Cents


def lines_by_group(scope: Scope, contract_id: int, day: date) -> list[Grouped]:
    """What was declared by the end of a day, by client group and verdict; credits count below zero."""
    rows = scope.sql(_LINES, contract=contract_id, day=day, after=after(day))
    return [
        Grouped(
            row.product_code,
            row.sender,
            row.agreement,
            row.area,
            row.client_group,
            row.service_month,
            bool(row.good),
            bool(row.costs),
            Cents(int(row.cents)),
        )
        for row in rows
    ]


Shares = Mapping[tuple[str, str, str], dict[tuple[str, ...], Cents]]


def shares_by_group(scope: Scope, contract_id: int, day: date) -> Shares:
    """What lines made payable: by source, agreement and month, then by product, area and client group."""
    found: dict[tuple[str, str, str], dict[tuple[str, ...], Cents]] = defaultdict(dict)
    _add(found, ((source_of(row.sender, row.identification), row)
                 for row in scope.sql(_PAYABLE, contract=contract_id, day=day)))  # fmt: skip
    _add(found, ((decision_source(int(row.decision_id), source_of(row.sender, row.identification)), row)
                 for row in scope.sql(_DECIDED, contract=contract_id)))  # fmt: skip
    return found


def _add(found: dict[tuple[str, str, str], dict[tuple[str, ...], Cents]], rows: Iterable[tuple[str, Any]]) -> None:
    for source, row in rows:
        if row.cents:
            about = (row.product_code, row.area, row.client_group)
            found[source, row.agreement, row.service_month][about] = Cents(int(row.cents))
