"""Queries of the finance meeting: what was decided, what was taken along, and who began and ended care."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, func

from budgets.meeting.model import Item, Pack, Status
from budgets.meeting.tables import meeting_item, meeting_pack
from lead_contractor.access.hand import Hand
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations.tables import report


def items(scope: Scope, contract_id: int, until: Month | None = None) -> tuple[Item, ...]:
    """The decisions and actions of a contract year as they stand, in order of number.

    With ``until`` only those of meetings up to and including that month.
    """
    statement = (
        scope.select(meeting_item)
        .where(meeting_item.c.contract_id == contract_id)
        .order_by(meeting_item.c.number, meeting_item.c.revision)
    )
    if until is not None:
        statement = statement.where(meeting_item.c.month <= str(until))
    return tuple({row.number: _item(row) for row in scope.rows(statement)}.values())


def _item(row: Any) -> Item:
    return Item(
        number=int(row.number),
        revision=int(row.revision),
        month=Month.parse(row.month),
        figure=row.figure,
        figure_words=row.figure_words,
        said=row.said,
        who=row.who,
        due=row.due,
        status=Status(row.status),
        party=row.party,
        made_by_name=row.made_by_name,
        made_at=row.made_at,
    )


def add_item(scope: Scope, contract_id: int, item: Item, by: Hand) -> None:
    """Store an item, or a further revision of one."""
    row = {
        "id": scope.last_id(meeting_item) + 1,
        "contract_id": contract_id,
        "number": item.number,
        "revision": item.revision,
        "month": str(item.month),
        "figure": item.figure,
        "figure_words": item.figure_words,
        "said": item.said,
        "who": item.who,
        "due": item.due,
        "status": item.status.value,
        "party": item.party,
        "made_by": by.user_id,
        "made_by_name": by.name,
        "made_at": item.made_at,
    }
    scope.insert(meeting_item, [row])


def last_number(scope: Scope, contract_id: int) -> int:
    """The highest number in use."""
    statement = scope.select(func.max(meeting_item.c.number)).where(meeting_item.c.contract_id == contract_id)
    return int(scope.rows(statement)[0][0] or 0)


_PACK = (
    meeting_pack.c.id,
    meeting_pack.c.month,
    meeting_pack.c.audience,
    meeting_pack.c.kind,
    meeting_pack.c.name,
    meeting_pack.c.sha256,
    meeting_pack.c.made_by_name,
    meeting_pack.c.made_at,
)


def packs(scope: Scope, contract_id: int, audience: str) -> tuple[Pack, ...]:
    """The packs that were made for an audience, the newest first."""
    statement = (
        scope.select(*_PACK)
        .where(meeting_pack.c.contract_id == contract_id, meeting_pack.c.audience == audience)
        .order_by(meeting_pack.c.id.desc())
    )
    return tuple(_pack(row) for row in scope.rows(statement))


def _pack(row: Any) -> Pack:
    return Pack(
        id=int(row.id),
        month=Month.parse(row.month) if row.month else None,
        audience=row.audience,
        kind=row.kind,
        name=row.name,
        sha256=row.sha256,
        made_by_name=row.made_by_name,
        made_at=row.made_at,
    )


def pack_content(scope: Scope, contract_id: int, audience: str, pack_id: int) -> tuple[Pack, bytes] | None:
    """A pack with its content; ``None`` where this audience has no such pack."""
    statement = scope.select(*_PACK, meeting_pack.c.content).where(
        meeting_pack.c.contract_id == contract_id,
        meeting_pack.c.audience == audience,
        meeting_pack.c.id == pack_id,
    )
    row = scope.one(statement)
    return None if row is None else (_pack(row), bytes(row.content))


def save_pack(
    scope: Scope, contract_id: int, month: Month | None, audience: str, made: Mapping[str, tuple[str, bytes]], by: Hand,
    at: datetime,
) -> None:  # fmt: skip
    """Store a pack: by kind its file name and its content."""
    first = scope.last_id(meeting_pack)
    scope.insert(
        meeting_pack,
        (
            {
                "id": first + place,
                "contract_id": contract_id,
                "month": "" if month is None else str(month),
                "audience": audience,
                "kind": kind,
                "name": name,
                "sha256": hashlib.sha256(content).hexdigest(),
                "content": content,
                "made_by": by.user_id,
                "made_by_name": by.name,
                "made_at": at,
            }
            for place, (kind, (name, content)) in enumerate(made.items(), start=1)
        ),
    )


def reported(scope: Scope, contract_id: int, until: Month | None, sender: str = "") -> dict[tuple[str, str], int]:
    """How many people began (``start``) and ended (``stop``) care, by kind and month; of one sender where given."""
    found: dict[tuple[str, str], int] = {}
    for kind, day in (("start", report.c.begin_date), ("stop", report.c.end_date)):
        month = func.substr(cast(day, String(10)), 1, 7).label("month")
        statement = (
            scope.select(month, func.count(report.c.client_id.distinct()).label("people"))
            .where(report.c.contract_id == contract_id, report.c.kind == kind, ~report.c.deletes, day.is_not(None))
            .group_by(month)
        )
        if until is not None:
            statement = statement.where(report.c.received <= until.last)
        if sender:
            statement = statement.where(report.c.sender == sender)
        found |= {(kind, row.month): int(row.people) for row in scope.rows(statement)}
    return found
