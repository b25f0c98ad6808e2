"""Queries of settlements as made."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from budgets.settlement.tables import books_check, settlement
from lead_contractor.kernel.tenancy import Scope


@dataclass(frozen=True, slots=True)
class StoredSettlement:
    """A version of a settlement; ``result`` is the public JSON layout."""

    version: int
    result: dict[str, Any]
    final: bool
    made_at: datetime


def latest(scope: Scope, contract_id: int) -> StoredSettlement | None:
    """The newest version, if the contract was ever settled."""
    rows = scope.rows(
        scope.select(settlement)
        .where(settlement.c.contract_id == contract_id)
        .order_by(settlement.c.version.desc())
        .limit(1)
    )
    return _stored(rows[0]) if rows else None


def versions(scope: Scope, contract_id: int) -> list[StoredSettlement]:
    """Every version of a contract's settlement, the newest first."""
    rows = scope.rows(
        scope.select(settlement).where(settlement.c.contract_id == contract_id).order_by(settlement.c.version.desc())
    )
    return [_stored(row) for row in rows]


def _stored(row: Any) -> StoredSettlement:
    return StoredSettlement(row.version, row.result, row.final, row.made_at)


def save(scope: Scope, contract_id: int, result: dict[str, Any], at: datetime, *, final: bool) -> int:
    """Store a version when it differs from the newest; returns the version that holds it."""
    standing = latest(scope, contract_id)
    if standing is not None and standing.result == result and standing.final == final:
        return standing.version
    version = 1 if standing is None else standing.version + 1
    digest = hashlib.sha256(json.dumps(result, sort_keys=True).encode()).hexdigest()
    row = {
        "contract_id": contract_id,
        "version": version,
        "result": result,
        "result_hash": digest,
        "final": final,
        "made_at": at,
    }
    scope.insert(settlement, [row])
    return version


def last_check(scope: Scope, contract_id: int) -> Any:
    """The newest finished proof of a contract (day, sound, report), or ``None``."""
    rows = scope.rows(
        scope.select(books_check.c.day, books_check.c.sound, books_check.c.report)
        .where(books_check.c.contract_id == contract_id, books_check.c.sound.is_not(None))
        .order_by(books_check.c.day.desc())
        .limit(1)
    )
    return rows[0] if rows else None
