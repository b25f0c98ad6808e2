"""In which order a meeting takes its subjects: first the whole, then what changed most; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from budgets.meeting.model import Item, MeetingTables, Status
from budgets.use.model import RowKind
from lead_contractor.kernel.money import Cents

MOST = 5
"""So many rows at most get a place of their own."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject: ``figure`` is what a decision about it is recorded against; ``weight`` why it stands where it does."""

    figure: str
    code: str = ""
    weight: Cents | None = None


def agenda(now: MeetingTables | None, then: MeetingTables | None, items: Sequence[Item]) -> tuple[Topic, ...]:
    """The subjects of a meeting, in order.

    Rows of which the forecast changed most since the month before come first; without one to compare with, those that
    deviate most from their budget. Rows that are hidden, in either month, have no place.
    """
    topics = [Topic("total"), Topic("change")]
    if now is not None:
        topics += _rows(now, then)
    topics += [Topic("settlement"), Topic("financing"), Topic("waiting")]
    if any(item.status is not Status.DONE for item in items):
        topics.append(Topic("items"))
    return tuple(topics)


def _rows(now: MeetingTables, then: MeetingTables | None) -> list[Topic]:
    before = {} if then is None else {row.code: row.forecast for row in then.products.rows if not row.hidden}
    found = []
    for row in now.products.rows:
        if row.kind is not RowKind.PRODUCT or row.hidden:
            continue
        earlier = before.get(row.code)
        moved = None if earlier is None or row.forecast is None else row.forecast - earlier
        weight = moved if then is not None else row.room
        if weight:
            found.append(Topic(f"product:{row.code}", row.code, weight))
    found.sort(key=lambda topic: (-abs(topic.weight or 0), topic.code))
    return found[:MOST]
