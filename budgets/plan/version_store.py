"""Queries of amendments of the budget and the versions that they made; nothing here is ever changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from budgets.plan.model import PRIMARY, Amendment, AmendmentKind, Change, Version
from budgets.plan.tables import budget_amendment, budget_amendment_line, budget_decision, budget_version
from lead_contractor.access.hand import Hand
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope


def insert_amendment(
    scope: Scope,
    contract_id: int,
    kind: AmendmentKind,
    changes: Sequence[Change],
    valid_from: date,
    reason: str,
    digest: str,
    by: Hand,
    at: datetime,
) -> int:
    """Store a proposal; returns its id."""
    identity = scope.last_id(budget_amendment) + 1
    row = {
        "id": identity,
        "contract_id": contract_id,
        "kind": kind.value,
        "valid_from": valid_from,
        "reason": reason,
        "content_hash": digest,
        "made_by": by.user_id,
        "made_by_name": by.name,
        "made_at": at,
    }
    scope.insert(budget_amendment, [row])
    scope.insert(
        budget_amendment_line,
        (
            {
                "amendment_id": identity,
                "number": number,
                "contract_id": one.contract_id,
                "product_code": one.product_code,
                "subcontractor": one.subcontractor,
                "month": str(one.month),
                "cents": int(one.cents),
            }
            for number, one in enumerate(changes, start=1)
        ),
    )
    return identity


def insert_decision(scope: Scope, found: Amendment, by: Hand, at: datetime, reason: str, *, approved: bool) -> None:
    """Store what was decided."""
    row = {
        "amendment_id": found.id,
        "made_by": found.made_by.user_id,
        "content_hash": found.content_hash,
        "approved": approved,
        "reason": reason,
        "decided_by": by.user_id,
        "decided_by_name": by.name,
        "decided_at": at,
    }
    scope.insert(budget_decision, [row])


def insert_version(scope: Scope, contract_id: int, number: int, found: Amendment) -> None:
    """Store that an approved amendment is a version of the budget of a contract year."""
    row = {
        "contract_id": contract_id,
        "number": number,
        "amendment_id": found.id,
        "approved": True,
        "valid_from": found.valid_from,
    }
    scope.insert(budget_version, [row])


def amendments(scope: Scope, contract_id: int) -> tuple[Amendment, ...]:
    """The amendments that touch a contract year, the oldest first, with all their changes."""
    line = budget_amendment_line.c
    touched = scope.rows(scope.select(line.amendment_id).where(line.contract_id == contract_id).distinct())
    ids = sorted({int(row.amendment_id) for row in touched})
    if not ids:
        return ()
    changes: dict[int, list[Change]] = {}
    for row in scope.rows(
        scope.select(budget_amendment_line).where(line.amendment_id.in_(ids)).order_by(line.amendment_id, line.number)
    ):
        changes.setdefault(int(row.amendment_id), []).append(_change(row))
    decided = {
        int(row.amendment_id): row
        for row in scope.rows(scope.select(budget_decision).where(budget_decision.c.amendment_id.in_(ids)))
    }
    heads = scope.rows(
        scope.select(budget_amendment).where(budget_amendment.c.id.in_(ids)).order_by(budget_amendment.c.id)
    )
    return tuple(_amendment(row, changes[int(row.id)], decided.get(int(row.id))) for row in heads)


def versions(scope: Scope, contract_id: int) -> tuple[Version, ...]:
    """The versions of the budget of a contract year, the first as loaded."""
    rows = scope.rows(
        scope.select(budget_version)
        .where(budget_version.c.contract_id == contract_id)
        .order_by(budget_version.c.number)
    )
    if not rows:
        return (Version(PRIMARY),)
    known = {one.id: one for one in amendments(scope, contract_id)}
    return (
        Version(PRIMARY),
        *(Version(int(row.number), row.valid_from, known[int(row.amendment_id)]) for row in rows),
    )


def has_versions(scope: Scope, contract_id: int) -> bool:
    """Whether anything was approved beside what was loaded."""
    statement = scope.select(budget_version.c.number).where(budget_version.c.contract_id == contract_id).limit(1)
    return bool(scope.rows(statement))


def _change(row: Any) -> Change:
    return Change(
        int(row.contract_id), row.product_code, row.subcontractor, Month.parse(row.month), Cents(int(row.cents))
    )


def _amendment(row: Any, changes: Sequence[Change], decided: Any) -> Amendment:
    return Amendment(
        id=int(row.id),
        contract_id=int(row.contract_id),
        kind=AmendmentKind(row.kind),
        valid_from=row.valid_from,
        reason=row.reason,
        content_hash=row.content_hash,
        changes=tuple(changes),
        made_by=Hand(int(row.made_by), row.made_by_name),
        made_at=row.made_at,
        approved=None if decided is None else bool(decided.approved),
        decided_by=None if decided is None else Hand(int(decided.decided_by), decided.decided_by_name),
        decided_at=None if decided is None else decided.decided_at,
        decision_reason="" if decided is None else decided.reason,
    )
