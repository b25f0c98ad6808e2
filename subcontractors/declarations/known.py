"""What is known about declared lines: the right values for stored or pre-checked answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from lead_contractor.allocation.model import DELETED
from lead_contractor.allocation.tables import allocation
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.standing import agreed_tariffs
from subcontractors.declarations.annotated import Judged, JudgedLine
from subcontractors.declarations.answers import MessageAnswer
from subcontractors.declarations.suggestions import Allocated, Known, Suggestion, suggest

_FEW = 500
"""For so many clients at most allocations are looked up by client."""


def suggestions_of(
    scope: Scope, contract_id: int, sender: str, answers: Sequence[MessageAnswer]
) -> tuple[Suggestion, ...]:
    """The suggestions on all refused lines of answers to one sender, in order; also inside a pre-check."""
    clients = {line.client_id for one in answers for line in one.lines if line.codes}
    if not clients:
        return ()
    own = _allocations(scope, contract_id, sender, clients)
    priced = agreed_tariffs(scope, contract_id, sender)
    found: list[Suggestion] = []
    for answer in answers:
        for position, line in enumerate(answer.lines, start=1):
            known = Known(tuple(own[line.client_id]), priced)
            made = suggest(line, line.codes, known)
            found += [replace(one, declaration=answer.number or "", position=position) for one in made]
    return tuple(found)


def _allocations(
    scope: Scope, contract_id: int, sender: str, clients: Collection[int]
) -> defaultdict[int, list[Allocated]]:
    found: defaultdict[int, list[Allocated]] = defaultdict(list)
    statement = (
        scope.select(allocation)
        .where(
            allocation.c.contract_id == contract_id,
            allocation.c.subcontractor == sender,
            allocation.c.reason_change != DELETED,
        )
        .order_by(allocation.c.number_key, allocation.c.id)
    )
    if len(clients) <= _FEW:
        statement = statement.where(allocation.c.client_id.in_(clients))
    for row in scope.rows(statement):
        if int(row.client_id) in clients:
            found[int(row.client_id)].append(_allocated(row))
    return found


def _allocated(row: Any) -> Allocated:
    return Allocated(row.number, row.category, row.product_code, row.unit, row.start_date, row.end_date)


def judged(answer: MessageAnswer, suggestions: Sequence[Suggestion] = ()) -> Judged:
    """An answer as a returned file needs it, with the right values that are known."""
    right: dict[int, dict[str, str]] = defaultdict(dict)
    for one in suggestions:
        if one.position is not None and one.declaration == (answer.number or ""):
            right[one.position][one.column] = one.new
    lines = tuple(JudgedLine(line.codes, right.get(place, {})) for place, line in enumerate(answer.lines, start=1))
    codes = (*answer.message_codes, *answer.declaration_codes)
    return Judged(answer.number or "", codes, lines, answer.sender or "")
