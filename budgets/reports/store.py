"""Queries of quarterly reports as released."""

from __future__ import annotations

import json
from typing import Any

from budgets.reports.model import Released
from budgets.reports.tables import quarterly_report
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.tenancy import Scope


def released(scope: Scope, contract_id: int, quarter: Quarter | None = None) -> list[Released]:
    """Every version of every report of a contract year, or of one quarter, in the order of release."""
    statement = scope.select(quarterly_report).where(quarterly_report.c.contract_id == contract_id)
    if quarter is not None:
        statement = statement.where(quarterly_report.c.quarter == str(quarter))
    ordered = statement.order_by(quarterly_report.c.released_at, quarterly_report.c.quarter, quarterly_report.c.version)
    return [_released(row) for row in scope.rows(ordered)]


def one(scope: Scope, contract_id: int, quarter: Quarter, version: int) -> Released | None:
    """One version of a report, if it was released."""
    row = scope.one(
        scope.select(quarterly_report).where(
            quarterly_report.c.contract_id == contract_id,
            quarterly_report.c.quarter == str(quarter),
            quarterly_report.c.version == version,
        )
    )
    return None if row is None else _released(row)


def save(scope: Scope, contract_id: int, made: Released, by_id: int) -> None:
    """Store a version."""
    scope.insert(
        quarterly_report,
        [
            {
                "contract_id": contract_id,
                "quarter": str(made.quarter),
                "version": made.version,
                "until": f"{made.as_of:%Y-%m}",
                "as_of": made.as_of,
                "document": made.text,
                "document_hash": made.document_hash,
                "told": dict(made.told),
                "reason": made.reason,
                "released_at": made.released_at,
                "released_by_id": by_id,
                "released_by": made.released_by,
            }
        ],
    )


def _released(row: Any) -> Released:
    return Released(
        quarter=Quarter.parse(row.quarter),
        version=int(row.version),
        as_of=row.as_of,
        document=json.loads(row.document),
        text=row.document,
        document_hash=row.document_hash,
        told=row.told,
        reason=row.reason,
        released_at=row.released_at,
        released_by=row.released_by,
    )
