"""Queries of the interface: messages in short, reports, and refused lines by cause, page by page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func

from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.chain.tables import judged_report
from subcontractors.declarations.checks import codes_of
from subcontractors.declarations.tables import declaration_line, message, message_file, report

_COLUMNS = (
    "id",
    "contract_id",
    "kind",
    "channel",
    "sender",
    "identification",
    "number",
    "period",
    "received",
    "status",
    "submitted_cents",
    "granted_cents",
    "line_count",
)


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: from the first, so many."""

    skip: int
    size: int


def messages(
    scope: Scope,
    contracts: Collection[int],
    kinds: Collection[str],
    page: Page,
    *,
    sender: str | None = None,
    period: str | None = None,
    status: str | None = None,
) -> tuple[int, Sequence[Any]]:
    """How many messages there are in all, and those of a page, newest first."""
    where: list[ColumnElement[bool]] = [message.c.contract_id.in_(contracts), message.c.kind.in_(kinds)]
    for column, wanted in ((message.c.sender, sender), (message.c.period, period), (message.c.status, status)):
        if wanted is not None:
            where.append(column == wanted)
    total = scope.one(scope.select(func.count()).select_from(message).where(*where))[0]
    rows = scope.rows(
        scope.select(*(message.c[name] for name in _COLUMNS))
        .where(*where)
        .order_by(message.c.id.desc())
        .limit(page.size)
        .offset(page.skip)
    )
    return int(total), rows


def message_head(scope: Scope, message_id: int, sender: str | None = None) -> Any | None:
    """A message in short, of one sender where named; ``None`` if there is none."""
    statement = scope.select(*(message.c[name] for name in _COLUMNS)).where(message.c.id == message_id)
    if sender is not None:
        statement = statement.where(message.c.sender == sender)
    return scope.one(statement)


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it came, and the messages in it: their ids and senders."""

    name: str
    content: bytes
    messages: tuple[tuple[int, str | None], ...]


def original(scope: Scope, vault: Vault, message_id: int) -> Original | None:
    """The file in which a message came; ``None`` where there is no such message, or its file was not kept."""
    row = scope.one(scope.select(message.c.file_id).where(message.c.id == message_id))
    file = None if row is None else scope.one(scope.select(message_file).where(message_file.c.id == row.file_id))
    if file is None:
        return None
    content = vault.open_file(file.content_encrypted)
    held = scope.rows(
        scope.select(message.c.id, message.c.sender).where(message.c.file_id == file.id).order_by(message.c.id)
    )
    return Original(file.name, content, tuple((int(one.id), one.sender) for one in held)) if content else None


def reports(scope: Scope, contracts: Collection[int], sender: str, page: Page) -> tuple[int, Sequence[Any]]:
    """How many starts and stops a sender reported in all, and those of a page, newest first."""
    where = (report.c.contract_id.in_(contracts), report.c.sender == sender)
    total = scope.one(scope.select(func.count()).select_from(report).where(*where))[0]
    rows = scope.rows(
        scope.select(report).where(*where).order_by(report.c.id.desc()).limit(page.size).offset(page.skip)
    )
    return int(total), rows


def verdicts(scope: Scope, messages: Collection[int]) -> Sequence[Any]:
    """How the starts and stops of these messages were judged, as they were delivered."""
    held = judged_report.c
    return scope.rows(
        scope.select(judged_report).where(held.message_id.in_(messages)).order_by(held.message_id, held.position)
    )


@dataclass(slots=True)
class Cause:
    """Lines that carry one return code: how many, of how many senders, and what they declared (cents, unsigned)."""

    code: str
    lines: int = 0
    cents: int = 0
    senders: int = 0


def causes(scope: Scope, contracts: Collection[int]) -> list[Cause]:
    """Refused lines by return code, most lines first; a line with two codes stands under both."""
    rows = scope.rows(
        scope.select(
            declaration_line.c.codes,
            declaration_line.c.sender,
            func.count().label("lines"),
            func.sum(declaration_line.c.amount_cents).label("cents"),
        )
        .where(declaration_line.c.contract_id.in_(contracts), declaration_line.c.codes != 0)
        .group_by(declaration_line.c.codes, declaration_line.c.sender)
    )
    found: dict[str, Cause] = {}
    senders: dict[str, set[str]] = {}
    for row in rows:
        for code in codes_of(int(row.codes)):
            cause = found.setdefault(code, Cause(code))
            cause.lines += int(row.lines)
            cause.cents += int(row.cents)
            senders.setdefault(code, set()).add(row.sender)
    for code, cause in found.items():
        cause.senders = len(senders[code])
    return sorted(found.values(), key=lambda one: (-one.lines, one.code))
