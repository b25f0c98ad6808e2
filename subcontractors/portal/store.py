"""Queries of the portal: the provider's years, its messages in short, and files under pre-check."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lead_contractor.contract.tables import contract
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from lead_contractor.parties.tables import subcontractor
from subcontractors.declarations.model import Status
from subcontractors.declarations.tables import message, message_file
from subcontractors.portal.model import Draft, Sent
from subcontractors.portal.tables import upload_draft

_PURPOSE = "upload-draft:"
_REFUSED = """
    SELECT message_id, COUNT(*) AS refused FROM declaration_line
    WHERE lead_contractor_id = :lead AND contract_id = :contract AND sender = :agb AND (codes <> 0 OR NOT assessed)
    GROUP BY message_id
"""
_FORGET = "DELETE FROM upload_draft WHERE lead_contractor_id = :lead AND arrived_at < :before"


def contract_rows(scope: Scope, agb: str) -> Sequence[Any]:
    """The contracts in which a subcontractor takes part, newest year first."""
    return scope.rows(
        scope.select(contract)
        .join_from(
            contract,
            subcontractor,
            (subcontractor.c.lead_contractor_id == contract.c.lead_contractor_id)
            & (subcontractor.c.contract_id == contract.c.id),
        )
        .where(subcontractor.c.agb == agb)
        .order_by(contract.c.year.desc(), contract.c.code)
    )


def sent(scope: Scope, contract_id: int, agb: str) -> list[Sent]:
    """All messages of a sender under a contract, in the order of processing."""
    refused = {int(row.message_id): int(row.refused) for row in scope.sql(_REFUSED, contract=contract_id, agb=agb)}
    rows = scope.rows(
        scope.select(message, message_file.c.name.label("file_name"))
        .join_from(
            message,
            message_file,
            (message_file.c.lead_contractor_id == message.c.lead_contractor_id)
            & (message_file.c.id == message.c.file_id),
        )
        .where(message.c.contract_id == contract_id, message.c.sender == agb)
        .order_by(message.c.received, message.c.identification, message.c.id)
    )
    return [_sent(row, refused.get(int(row.id), 0)) for row in rows]


def _sent(row: Any, refused: int) -> Sent:
    return Sent(
        id=int(row.id),
        kind=row.kind,
        number=row.number or "",
        identification=row.identification or "",
        file=row.file_name,
        period=None if row.period is None else Month.parse(row.period),
        received=row.received,
        status=Status(row.status),
        assessed=bool(row.assessed),
        submitted=Cents(int(row.submitted_cents)),
        granted=Cents(int(row.granted_cents)),
        lines=int(row.line_count),
        refused=refused,
    )


def save_draft(scope: Scope, vault: Vault, draft: Draft, agb: str, at: datetime) -> None:
    """Keep a file for a pre-check, encrypted."""
    row = {
        "id": draft.token,
        "contract_id": draft.contract_id,
        "party": agb,
        "sha256": vault.fingerprint(hashlib.sha256(draft.content).hexdigest()),
        "name": draft.name,
        "content_encrypted": vault.encrypt(zlib.compress(draft.content), _PURPOSE + draft.token),
        "arrived_at": at,
    }
    scope.insert(upload_draft, [row])


def find_draft(scope: Scope, vault: Vault, agb: str, token: str, not_before: datetime) -> Draft | None:
    """A file under pre-check of this provider that did not arrive before a moment."""
    row = scope.one(
        scope.select(upload_draft).where(
            upload_draft.c.id == token, upload_draft.c.party == agb, upload_draft.c.arrived_at >= not_before
        )
    )
    if row is None:
        return None
    content = zlib.decompress(vault.decrypt(row.content_encrypted, _PURPOSE + row.id))
    return Draft(row.id, int(row.contract_id), row.name, content)


def delete_draft(scope: Scope, agb: str, token: str) -> None:
    """Throw a file under pre-check of this provider away."""
    scope.delete(upload_draft, id=token, party=agb)


def forget_drafts(scope: Scope, agb: str, before: datetime, most: int) -> None:
    """Throw away what arrived before a moment, and of this provider the oldest beyond ``most``."""
    scope.sql(_FORGET, before=before)
    rows = scope.rows(
        scope.select(upload_draft.c.id)
        .where(upload_draft.c.party == agb)
        .order_by(upload_draft.c.arrived_at.desc(), upload_draft.c.id)
    )
    for row in rows[most:]:
        scope.delete(upload_draft, id=row.id)
