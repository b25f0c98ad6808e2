"""Queries of what was let pass a limit, and of what it was used for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from budgets.limits.model import Case, Deed, Line, Pass
from budgets.limits.tables import budget_pass, budget_pass_use
from lead_contractor.access.hand import Hand
from lead_contractor.contract.model import LimitKind
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope


def insert_pass(
    scope: Scope, contract_id: int, line: Line, case: Case, most: Cents, reason: str, by: Hand, at: datetime
) -> int:
    """Store a pass; returns its id."""
    identity = scope.last_id(budget_pass) + 1
    row = {
        "id": identity,
        "contract_id": contract_id,
        "kind": line[0].value,
        "line": line[1],
        "deed": case.deed.value,
        "subject": case.subject,
        "most_cents": int(most),
        "reason": reason,
        "made_by": by.user_id,
        "made_by_name": by.name,
        "made_at": at,
    }
    scope.insert(budget_pass, [row])
    return identity


def use_pass(scope: Scope, pass_id: int, used_for: str, by: Hand, at: datetime) -> None:
    """Use a pass up; the database refuses a second time."""
    row = {"pass_id": pass_id, "used_for": used_for, "used_by": by.user_id, "used_by_name": by.name, "used_at": at}
    scope.insert(budget_pass_use, [row])


def passes(scope: Scope, contract_id: int) -> tuple[Pass, ...]:
    """What was let pass under a contract, the newest first."""
    rows = scope.rows(
        scope.select(budget_pass).where(budget_pass.c.contract_id == contract_id).order_by(budget_pass.c.id.desc())
    )
    ids = [int(row.id) for row in rows]
    used = {
        int(row.pass_id): row
        for row in scope.rows(scope.select(budget_pass_use).where(budget_pass_use.c.pass_id.in_(ids)))
    }
    return tuple(_pass(row, used.get(int(row.id))) for row in rows)


def _pass(row: Any, use: Any) -> Pass:
    return Pass(
        id=int(row.id),
        contract_id=int(row.contract_id),
        line=(LimitKind(row.kind), row.line),
        case=Case(Deed(row.deed), row.subject),
        most=Cents(int(row.most_cents)),
        reason=row.reason,
        made_by=Hand(int(row.made_by), row.made_by_name),
        made_at=row.made_at,
        used_for="" if use is None else use.used_for,
        used_by=None if use is None else Hand(int(use.used_by), use.used_by_name),
        used_at=None if use is None else use.used_at,
    )
