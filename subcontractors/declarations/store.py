"""Queries of declarations: what came before, and storing what came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func

from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.declarations.incoming import Incoming
from subcontractors.declarations.model import Declaration, Line, Status
from subcontractors.declarations.tables import declaration_line, message, message_file, report


@dataclass(slots=True)
class Seen:
    """What earlier messages used up: contents (fingerprints), identifications per kind and sender, and numbers."""

    contents: set[str]
    identifications: set[tuple[str, str, str]]
    numbers: set[tuple[str, str]]


def seen_before(scope: Scope, contract_id: int) -> Seen:
    """What the stored messages of a contract have used up.

    A message refused for its content counts as never sent: it uses up neither identification nor number (IV087).
    """
    rows = scope.rows(
        scope.select(
            message.c.content_hash,
            message.c.kind,
            message.c.sender,
            message.c.identification,
            message.c.number,
            message.c.status,
            message.c.assessed,
        ).where(message.c.contract_id == contract_id)
    )
    answered = [row for row in rows if row.status == Status.ANSWERED.value]
    return Seen(
        contents={row.content_hash for row in rows},
        identifications={(row.kind, row.sender, row.identification) for row in answered},
        numbers={(row.sender, row.number) for row in answered if row.assessed and row.number},
    )


def line_row(message_id: int, declaration: Declaration, line: Line, client_id: int, received: date) -> tuple[Any, ...]:
    """A line as the check engine takes it (the columns of ``stage_line``); ``received`` is the day that counts."""
    month = Month.of(line.period_from)
    return (
        message_id,
        line.position,
        declaration.sender,
        declaration.period_to.toordinal(),
        received.toordinal(),
        str(Month.of(received)),
        line.reference,
        line.previous_reference,
        client_id,
        line.allocation,
        line.category,
        line.product_code,
        line.period_from.toordinal(),
        line.period_to.toordinal(),
        month.first.toordinal(),
        month.last.toordinal(),
        str(month),
        line.volume,
        line.unit,
        None if line.tariff is None else int(line.tariff),
        int(line.amount),
        int(line.credit),
    )


@dataclass(slots=True)
class Head:
    """A message while it is taken in: what was read of it, the day that counts, and what became of it.

    ``fingerprint`` is the keyed hash of its content: what is stored to know the same message again.
    """

    id: int
    file_id: int
    name: str
    came: Incoming
    fingerprint: str
    received: date | None = None
    status: Status = Status.ANSWERED
    assessed: bool = True
    message_codes: tuple[str, ...] = ()
    declaration_codes: tuple[str, ...] = ()
    submitted: int = 0
    granted: int = 0


def save_files(scope: Scope, rows: Iterable[tuple[Any, ...]]) -> None:
    """Store originals: id, contract, name, keyed hash, size, encrypted content, arrival, whether it came live."""
    names = ["id", "contract_id", "name", "sha256", "size_bytes", "content_encrypted", "arrived_at", "live"]
    scope.bulk_insert(message_file, names, rows)


def save_messages(scope: Scope, contract_id: int, heads: Iterable[Head]) -> None:
    """Store messages with what became of them."""
    scope.insert(message, (_message_row(contract_id, head) for head in heads))


def _message_row(contract_id: int, head: Head) -> dict[str, Any]:
    came, declared = head.came, head.came.declaration
    versions = declared.xsd_versions if declared else ("1.0.0", "1.0.0")
    return {
        "id": head.id,
        "contract_id": contract_id,
        "file_id": head.file_id,
        "kind": came.kind,
        "channel": declared.channel.value if declared else "",
        "sender": came.sender,
        "receiver": declared.receiver[:4] if declared else None,
        "identification": came.identification,
        "number": came.number,
        "period": came.period,
        "received": head.received,
        "message_dated": declared.received if declared else came.received,
        "dated": declared.dated if declared else None,
        "status": head.status.value,
        "assessed": head.assessed and head.status is Status.ANSWERED,
        "message_codes": list(head.message_codes),
        "declaration_codes": list(head.declaration_codes),
        "faults": [str(fault) for fault in came.faults],
        "submitted_cents": head.submitted,
        "granted_cents": head.granted,
        "line_count": len(came.lines),
        "content_hash": head.fingerprint,
        "xsd_versions": " ".join(versions),
    }


def save_reports(scope: Scope, contract_id: int, rows: Iterable[dict[str, Any]]) -> None:
    """Store start and stop reports."""
    first = scope.last_id(report)
    scope.insert(report, ({"id": first + n, "contract_id": contract_id, **row} for n, row in enumerate(rows, start=1)))


def verdicts(scope: Scope) -> dict[int, tuple[int, int]]:
    """Per judged message: how many lines were refused, and the sum granted in cents (debits less credits)."""
    found = scope.temporary(
        """
        SELECT message_id,
               SUM(CASE WHEN assessed = 1 AND codes = 0 THEN 0 ELSE 1 END) AS refused,
               SUM(CASE WHEN assessed = 1 AND codes = 0
                        THEN CASE WHEN credit = 1 THEN -amount_cents ELSE amount_cents END ELSE 0 END) AS granted
        FROM check_line GROUP BY message_id
        """
    )
    return {int(row.message_id): (int(row.refused), int(row.granted)) for row in found}


def lines_of(scope: Scope, contract_id: int) -> Iterator[Any]:
    """All stored lines of a contract, by message and position."""
    statement = (
        scope.select(declaration_line)
        .where(declaration_line.c.contract_id == contract_id)
        .order_by(declaration_line.c.message_id, declaration_line.c.position)
    )
    yield from scope.connection.execute(statement)


def originals(scope: Scope, vault: Vault, contract_id: int) -> Iterator[tuple[str, bytes]]:
    """The message files of a contract as they were received, decrypted, by name; a name used twice gets a number."""
    statement = (
        scope.select(message_file.c.id, message_file.c.name, message_file.c.content_encrypted)
        .where(message_file.c.contract_id == contract_id)
        .order_by(message_file.c.name, message_file.c.id)
    )
    used: set[str] = set()
    for row in scope.connection.execute(statement):
        name = row.name
        while name in used:
            stem, dot, ending = name.rpartition(".")
            name = f"{stem}-{row.id}{dot}{ending}"
        used.add(name)
        yield name, vault.open_file(row.content_encrypted)


def live_files(scope: Scope, contract_id: int) -> int:
    """How many files of a contract came in live, by a provider itself, and are in no year folder."""
    rows = scope.rows(
        scope.select(func.count())
        .select_from(message_file)
        .where(message_file.c.contract_id == contract_id, message_file.c.live)
    )
    return int(rows[0][0])


DECLARATION_TABLES = (report, declaration_line, message, message_file)
"""What an intake fills, apart from the books and clients."""
