"""Under which sources decisions stand in the books about one message."""

from __future__ import annotations

from lead_contractor.kernel.tenancy import Scope
from subcontractors.decisions.model import decision_source
from subcontractors.decisions.tables import line_decision_item, line_decision_verdict


def decided_sources(scope: Scope, message_id: int, source: str) -> list[str]:
    """The sources of what approved decisions booked about a message, in the order of the decisions."""
    ids = scope.rows(
        scope.select(line_decision_item.c.decision_id).where(line_decision_item.c.message_id == message_id).distinct()
    )
    verdict = line_decision_verdict.c
    approved = scope.rows(
        scope.select(verdict.decision_id)
        .where(verdict.decision_id.in_([int(row.decision_id) for row in ids]), verdict.approved)
        .order_by(verdict.decision_id)
    )
    return [decision_source(int(row.decision_id), source) for row in approved]
