"""What the rules say of stored lines today: the same statements that judged them, on what is known now.

Between the answer and the decision something may have changed: the line was sent anew and approved, or others used up
the volume. A decision counts on what holds when it is taken. The lines are judged as if they came in once more, inside
a savepoint that is rolled back: nothing of it stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from lead_contractor.clients.store import ClientIndex
from lead_contractor.kernel.money import ZERO
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.decisions.store import Refused
from subcontractors.declarations import engine
from subcontractors.declarations.checks import bit_of
from subcontractors.declarations.incoming import TextLine
from subcontractors.declarations.model import Channel, Declaration
from subcontractors.declarations.postings import source_of
from subcontractors.declarations.tables import declaration_line
from subcontractors.declarations.waiting import Waiting

_OWN_REFERENCE = bit_of("8021")
"""The reference of a stored line is in use: by itself."""

_NO_YEAR_END = engine.YearEnd(date.max.toordinal(), date.max.toordinal())
"""Whether a line counts in time was settled when it came in."""


class _Stored:
    """Clients of stored lines: their id stands in the line in the place of a BSN."""

    def ids_of(self, numbers: Iterable[str]) -> dict[str, int]:
        """The ids, as they stand."""
        return {number: int(number) for number in numbers}


def rejudge(scope: Scope, contract_id: int, held: Sequence[Refused]) -> dict[int, int]:
    """The bits of the rules that each line breaks now, by id; nothing is stored.

    Every line is judged as if it came alone: lines of one call do not see each other, since the reference of each is
    in use and none is accepted.
    """
    trial = scope.connection.begin_nested()
    try:
        first = scope.last_id(declaration_line)
        _judge(scope, contract_id, held, first)
        line = declaration_line.c
        rows = scope.rows(scope.select(line.id, line.codes).where(line.id > first))
    finally:
        trial.rollback()
    bits = {int(row.id) - first: int(row.codes) for row in rows}
    return {one.id: bits[number] & ~_OWN_REFERENCE for number, one in enumerate(held, start=1)}


def _judge(scope: Scope, contract_id: int, held: Sequence[Refused], first: int) -> None:
    """Let the lines come in once more, each as a message of its own, so that its place says which it is."""
    engine.open_stage(scope)
    waiting = Waiting(scope, cast("ClientIndex", _Stored()))
    for number, one in enumerate(held, start=1):
        waiting.add(number, _declaration(one), one.received, [_text(one)])
    lines = engine.Lines(first, waiting.flush())
    engine.stage_messages(scope, (_kept(number, one) for number, one in enumerate(held, start=1)))
    engine.judge(scope, contract_id, _NO_YEAR_END, lines)


def _kept(number: int, one: Refused) -> engine.Kept:
    source = source_of(one.sender, one.identification)
    return engine.Kept(number, one.message_id, True, one.sender, source, str(Month.of(one.received)))


def _declaration(one: Refused) -> Declaration:
    month = Month.parse(one.period)
    return Declaration(
        channel=Channel.XML,
        sender=one.sender,
        receiver="",
        identification=one.identification,
        number="",
        period_from=month.first,
        period_to=month.last,
        received=one.received,
        dated=one.received,
        total=ZERO,
    )


def _text(one: Refused) -> TextLine:
    values: tuple[Any, ...] = (
        one.client_id,
        one.reference,
        one.previous_reference,
        one.allocation_number,
        one.category,
        one.product_code,
        date.fromordinal(one.period_from).isoformat(),
        date.fromordinal(one.period_to).isoformat(),
        one.volume,
        one.unit,
        "" if one.tariff_cents is None else one.tariff_cents,
        int(one.amount),
        "C" if one.credit else "D",
    )
    return tuple(str(value) for value in values)
