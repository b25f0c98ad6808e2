"""Queries of declarations: what came before, and storing what came in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_

from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.declarations.incoming import Incoming
from subcontractors.declarations.model import Status
from subcontractors.declarations.tables import declaration_line, message, message_file, report, served

_AT_ONCE = 500


@dataclass(slots=True)
class Seen:
    """What earlier messages used up: contents (fingerprints), identifications per kind and sender, and numbers."""

    contents: set[str]
    identifications: set[tuple[str, str, str]]
    numbers: set[tuple[str, str]]


def seen_before(scope: Scope, contract_id: int, heads: Collection[Head], last: int) -> Seen:
    """What the stored messages of a contract have used up of what these messages carry.

    A message refused for its content counts as never sent: it uses up neither identification nor number (IV087).
    ``last`` is the id of the last stored message, 0 when there is none.
    """
    seen = Seen(set(), set(), set())
    if not last:
        return seen
    plain = scope.select(message.c.content_hash).where(message.c.contract_id == contract_id)
    for some in _batches({head.fingerprint for head in heads}):
        seen.contents.update(row.content_hash for row in scope.rows(plain.where(message.c.content_hash.in_(some))))
    answered = scope.select(
        message.c.kind, message.c.sender, message.c.identification, message.c.number, message.c.assessed
    ).where(message.c.contract_id == contract_id, message.c.status == Status.ANSWERED.value)
    columns = (message.c.identification, message.c.number)
    wanted: list[tuple[str, ColumnElement[bool]]] = [
        (sender, column.in_(some))
        for column in columns
        for sender, values in _by_sender(heads, column.name).items()
        for some in _batches(values)
    ]
    if len(heads) == 1:  # both in one question
        wanted = [(sender, or_(*(one for _, one in wanted))) for sender in {sender for sender, _ in wanted}]
    for sender, condition in wanted:
        for row in scope.rows(answered.where(message.c.sender == sender, condition)):
            seen.identifications.add((row.kind, row.sender, row.identification))
            if row.assessed and row.number:
                seen.numbers.add((row.sender, row.number))
    return seen


def _by_sender(heads: Iterable[Head], what: str) -> dict[str, set[str]]:
    """What messages carry, by sender, as it is stored: nothing at all where a message names none."""
    found: dict[str, set[str]] = defaultdict(set)
    for head in heads:
        value = getattr(head.came, what)
        if head.came.sender and value:
            found[head.came.sender].add(value)
    return found


def _batches(values: Collection[str]) -> Iterator[list[str]]:
    """So many at a time that every database takes them in one question."""
    ordered = sorted(values)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


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
    line_count: int = 0


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
        "line_count": head.line_count,
        "content_hash": head.fingerprint,
        "xsd_versions": " ".join(versions),
    }


def save_reports(scope: Scope, contract_id: int, rows: Iterable[dict[str, Any]]) -> None:
    """Store start and stop reports."""
    rows = list(rows)
    first = scope.last_id(report) if rows else 0
    scope.insert(report, ({"id": first + n, "contract_id": contract_id, **row} for n, row in enumerate(rows, start=1)))


@dataclass(frozen=True, slots=True)
class Sums:
    """What the lines of a message came to: how many were refused, and the cents granted, debits less credits."""

    refused: int
    granted: int


def verdicts(scope: Scope) -> dict[int, Sums]:
    """What the lines of each judged message came to."""
    found = scope.temporary(
        """
        SELECT message_id, SUM(CASE WHEN approved = 1 THEN 0 ELSE lines END) AS refused,
               SUM(CASE WHEN approved = 0 THEN 0 WHEN credit = 1 THEN -cents ELSE cents END) AS granted
        FROM check_sum GROUP BY message_id
        """
    )
    return {int(row.message_id): Sums(int(row.refused), int(row.granted)) for row in found}


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


DECLARATION_TABLES = (served, report, declaration_line, message, message_file)
"""What an intake fills, apart from the books and clients."""
