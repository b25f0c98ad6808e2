"""Queries of the portal: the provider's years, its messages in short, and files under pre-check."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import astuple
from datetime import date, datetime
from typing import Any

from lead_contractor.allocation.model import DELETED
from lead_contractor.contract.tables import contract
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from lead_contractor.parties.tables import subcontractor
from subcontractors.declarations.model import Status
from subcontractors.declarations.tables import message, message_file
from subcontractors.portal.few import ANY, few
from subcontractors.portal.model import Change, Draft, GrantedLine, Sent, Waiting
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
        "content_encrypted": _sealed(vault, draft),
        "arrived_at": at,
    }
    scope.insert(upload_draft, [row])


def change_draft(scope: Scope, vault: Vault, draft: Draft, agb: str) -> None:
    """Keep a file under pre-check as it was changed; its day of arrival stays."""
    scope.update(
        upload_draft,
        {"id": draft.token, "party": agb},
        name=draft.name,
        sha256=vault.fingerprint(hashlib.sha256(draft.content).hexdigest()),
        content_encrypted=_sealed(vault, draft),
    )


def _sealed(vault: Vault, draft: Draft) -> bytes:
    """What is to be known of a draft in one line of JSON, and its content after that; compressed and encrypted."""
    head = {"channel": draft.channel, "changes": [astuple(change) for change in draft.changes]}
    plain = json.dumps(head).encode() + b"\n" + draft.content
    return vault.encrypt(zlib.compress(plain), _PURPOSE + draft.token)


def find_draft(scope: Scope, vault: Vault, agb: str, token: str, not_before: datetime) -> Draft | None:
    """A file under pre-check of this provider that did not arrive before a moment."""
    row = scope.one(
        scope.select(upload_draft).where(
            upload_draft.c.id == token, upload_draft.c.party == agb, upload_draft.c.arrived_at >= not_before
        )
    )
    if row is None:
        return None
    plain = zlib.decompress(vault.decrypt(row.content_encrypted, _PURPOSE + row.id))
    head, _, content = plain.partition(b"\n")
    known = json.loads(head)
    changes = tuple(Change(*change) for change in known["changes"])
    return Draft(row.id, int(row.contract_id), row.name, content, known["channel"], changes)


def drafts(scope: Scope, agb: str, contract_id: int, not_before: datetime) -> Iterator[Waiting]:
    """The files of a provider under pre-check that did not arrive before a moment, the newest first."""
    rows = scope.rows(
        scope.select(upload_draft.c.id, upload_draft.c.name, upload_draft.c.arrived_at)
        .where(
            upload_draft.c.party == agb,
            upload_draft.c.contract_id == contract_id,
            upload_draft.c.arrived_at >= not_before,
        )
        .order_by(upload_draft.c.arrived_at.desc())
    )
    return (Waiting(row.id, row.name, row.arrived_at) for row in rows)


_TO_DECLARE = """
    SELECT a.start_day, a.end_day FROM allocation AS a
    WHERE a.lead_contractor_id = :lead AND a.contract_id = :contract AND a.subcontractor = :agb
      AND a.reason_change <> :deleted AND a.start_day <= :last AND (a.end_day IS NULL OR a.end_day >= :first)
      AND EXISTS (SELECT 1 FROM agreement_cover AS c
        JOIN agreement AS g ON g.lead_contractor_id = :lead AND g.contract_id = :contract AND g.code = c.agreement
        WHERE c.lead_contractor_id = :lead AND c.contract_id = :contract AND c.subcontractor = a.subcontractor
          AND c.covers IN (a.product_code, a.category, '') AND g.lines_cost)
"""


def months_to_declare(scope: Scope, contract_id: int, agb: str, year: int) -> list[tuple[Month, int]]:
    """For each month of a year, on how many allocations a provider declares lines that cost something."""
    months = [Month(year, number) for number in range(1, MONTHS_IN_YEAR + 1)]
    first, last = months[0].first.toordinal(), months[-1].last.toordinal()
    rows = scope.sql(_TO_DECLARE, contract=contract_id, agb=agb, deleted=DELETED, first=first, last=last).all()
    spans = [(int(row.start_day), last if row.end_day is None else int(row.end_day)) for row in rows]
    return [
        (month, sum(start <= month.last.toordinal() and end >= month.first.toordinal() for start, end in spans))
        for month in months
    ]


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


def numbers(scope: Scope, contract_id: int, agb: str) -> set[str]:
    """The declaration numbers that a sender used."""
    rows = scope.rows(
        scope.select(message.c.number).where(message.c.contract_id == contract_id, message.c.sender == agb)
    )
    return {row.number for row in rows if row.number}


_UNDONE = """
    SELECT c.credits_line_id FROM declaration_line AS c
    WHERE c.lead_contractor_id = :lead AND c.contract_id = :contract AND c.sender = :agb
      AND c.assessed AND c.codes = 0 AND c.credits_line_id IS NOT NULL
"""


def undone(scope: Scope, contract_id: int, agb: str) -> set[int]:
    """The lines of a sender that a granted credit took back."""
    return {int(row.credits_line_id) for row in scope.sql(_UNDONE, contract=contract_id, agb=agb)}


_STANDING = """
    SELECT d.id, d.message_id, d.allocation_number, d.product_code, d.period_from, d.period_to
    FROM declaration_line AS d
    WHERE d.lead_contractor_id = :lead AND d.contract_id = :contract AND d.sender = :agb AND d.assessed AND d.codes = 0
      AND NOT d.credit AND d.period_from <= :last AND d.period_to >= :first{few}
      AND NOT EXISTS (SELECT 1 FROM declaration_line AS c
        WHERE c.lead_contractor_id = :lead AND c.contract_id = :contract AND c.credits_line_id = d.id
          AND c.assessed AND c.codes = 0)
    ORDER BY d.id
"""


_ON_FEW = f"""
      AND d.allocation_id IN (SELECT a.id FROM allocation AS a
        WHERE a.lead_contractor_id = :lead AND a.contract_id = :contract AND a.subcontractor = :agb
          AND a.number_key IN ({ANY}))"""


def granted_lines(
    scope: Scope, contract_id: int, agb: str, first: date, last: date, numbers: Collection[str]
) -> list[GrantedLine]:
    """The granted lines of a sender that were not taken back and touch a span of days, both inclusive.

    With a few ``numbers`` of allocations only lines on those.
    """
    span = {"first": first.toordinal(), "last": last.toordinal()}
    asked = few(numbers)
    rows = scope.sql(_STANDING.format(few=_ON_FEW if asked else ""), contract=contract_id, agb=agb, **span, **asked)
    return [
        GrantedLine(
            int(row.id),
            int(row.message_id),
            row.allocation_number,
            row.product_code,
            date.fromordinal(int(row.period_from)),
            date.fromordinal(int(row.period_to)),
        )
        for row in rows
    ]


def identifications(scope: Scope, contract_id: int, agb: str) -> set[str]:
    """The message identifications that a sender used."""
    rows = scope.rows(
        scope.select(message.c.identification).where(message.c.contract_id == contract_id, message.c.sender == agb)
    )
    return {row.identification for row in rows if row.identification}
