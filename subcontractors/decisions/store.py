"""Queries of decisions: the lines they are about, what agreements let be passed, and what was decided before."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, func

from lead_contractor.allocation.tables import allocation
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.store import agreements_as_written
from subcontractors.agreements.tables import agreement
from subcontractors.decisions.model import DecidedLine, Decision, Kind, LineOutcome, State
from subcontractors.decisions.tables import (
    line_decision,
    line_decision_item,
    line_decision_outcome,
    line_decision_verdict,
)
from subcontractors.declarations.checks import codes_of
from subcontractors.declarations.tables import declaration_line, message


@dataclass(frozen=True, slots=True)
class Refused:
    """A stored line with what a decision needs of it and of its message; ``codes`` are bits."""

    id: int
    contract_id: int
    message_id: int
    position: int
    sender: str
    identification: str
    received: date
    period: str
    reference: str
    previous_reference: str
    client_id: int
    allocation_number: str
    allocation_id: int | None
    area: str
    agreement: str
    lines_cost: bool
    category: str
    product_code: str
    period_from: int
    period_to: int
    service_month: str
    volume: int
    unit: str
    tariff_cents: int | None
    amount: Cents
    credit: bool
    in_time: bool
    assessed: bool
    codes: int

    @property
    def signed(self) -> Cents:
        """The amount, below zero for a credit."""
        return -self.amount if self.credit else self.amount


def lines(scope: Scope, line_ids: Collection[int]) -> dict[int, Refused]:
    """Lines by their id, as far as this lead contractor has them."""
    wanted = sorted(set(line_ids))
    found = scope.rows(scope.select(declaration_line).where(declaration_line.c.id.in_(wanted)))
    heads = {
        int(row.id): row
        for row in scope.rows(scope.select(message).where(message.c.id.in_({int(row.message_id) for row in found})))
    }
    places = {int(row.allocation_id) for row in found if row.allocation_id is not None}
    areas = {
        int(row.id): row.area
        for row in scope.rows(scope.select(allocation.c.id, allocation.c.area).where(allocation.c.id.in_(places)))
    }
    return {int(row.id): _line(row, heads[int(row.message_id)], areas) for row in found}


def _line(row: Any, head: Any, areas: Mapping[int, str]) -> Refused:
    place = None if row.allocation_id is None else int(row.allocation_id)
    return Refused(
        id=int(row.id),
        contract_id=int(row.contract_id),
        message_id=int(row.message_id),
        position=int(row.position),
        sender=row.sender,
        identification=head.identification or "",
        received=head.received,
        period=head.period or row.service_month,
        reference=row.reference,
        previous_reference=row.previous_reference,
        client_id=int(row.client_id),
        allocation_number=row.allocation_number,
        allocation_id=place,
        area=areas.get(place, "") if place is not None else "",
        agreement=row.agreement,
        lines_cost=bool(row.lines_cost),
        category=row.category,
        product_code=row.product_code,
        period_from=int(row.period_from),
        period_to=int(row.period_to),
        service_month=row.service_month,
        volume=int(row.volume),
        unit=row.unit,
        tariff_cents=None if row.tariff_cents is None else int(row.tariff_cents),
        amount=Cents(int(row.amount_cents)),
        credit=bool(row.credit),
        in_time=bool(row.in_time),
        assessed=bool(row.assessed),
        codes=int(row.codes),
    )


def passable(scope: Scope, contract_id: int) -> dict[str, frozenset[str]]:
    """Per agreement the return codes that it lets be passed (the key ``override`` of its terms)."""
    written = agreements_as_written(scope, contract_id)
    return {code: frozenset(tomllib.loads(text).get("override", ())) for code, _, _, text in written}


def owners(scope: Scope, contract_id: int) -> dict[str, str]:
    """The AGB code of the subcontractor of each agreement."""
    rows = scope.rows(
        scope.select(agreement.c.code, agreement.c.subcontractor).where(agreement.c.contract_id == contract_id)
    )
    return {row.code: row.subcontractor for row in rows}


def pending(scope: Scope, line_ids: Collection[int]) -> set[int]:
    """The lines among these that stand in a proposal that nobody judged yet."""
    rows = scope.rows(
        scope.select(line_decision_item.c.line_id, line_decision_item.c.decision_id).where(
            line_decision_item.c.line_id.in_(sorted(set(line_ids)))
        )
    )
    ids = {int(row.decision_id) for row in rows}
    waits = {one.id for one in decisions(scope, ids=ids) if one.waits}
    return {int(row.line_id) for row in rows if int(row.decision_id) in waits}


def credited(scope: Scope, line_ids: Collection[int]) -> set[int]:
    """The lines among these that an accepted line credits."""
    line = declaration_line.c
    rows = scope.rows(
        scope.select(line.credits_line_id).where(
            line.credits_line_id.in_(sorted(set(line_ids))), line.codes == 0, line.assessed
        )
    )
    return {int(row.credits_line_id) for row in rows}


def decisions(
    scope: Scope,
    contract_id: int | None = None,
    *,
    ids: Collection[int] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[Decision]:
    """Decisions without their lines, the newest first: of a contract, or those with these ids."""
    statement = scope.select(line_decision).order_by(line_decision.c.id.desc()).offset(offset)
    if contract_id is not None:
        statement = statement.where(line_decision.c.contract_id == contract_id)
    if ids is not None:
        statement = statement.where(line_decision.c.id.in_(sorted(ids)))
    if limit is not None:
        statement = statement.limit(limit)
    found = scope.rows(statement)
    verdict = line_decision_verdict.c
    judged = {
        int(row.decision_id): row
        for row in scope.rows(
            scope.select(line_decision_verdict).where(verdict.decision_id.in_([int(row.id) for row in found]))
        )
    }
    return [_decision(row, judged.get(int(row.id))) for row in found]


def _decision(row: Any, verdict: Any) -> Decision:
    kind = Kind(row.kind)
    state = State.CLOSED if kind in (Kind.ASK, Kind.LEAVE) else State.PROPOSED
    if verdict is not None:
        state = State.APPROVED if verdict.approved else State.REJECTED
    return Decision(
        id=int(row.id),
        contract_id=int(row.contract_id),
        kind=kind,
        state=state,
        reason=row.reason,
        withdraws_id=None if row.withdraws_id is None else int(row.withdraws_id),
        count=int(row.lines),
        cents=Cents(int(row.cents)),
        made_by=int(row.made_by),
        made_by_name=row.made_by_name,
        made_at=row.made_at,
        verdict_reason=verdict.reason if verdict else "",
        decided_by_name=verdict.decided_by_name if verdict else "",
        decided_at=verdict.decided_at if verdict else None,
    )


def with_lines(scope: Scope, decision: Decision) -> Decision:
    """A decision with its lines and what became of them."""
    outcome = line_decision_outcome.c
    known = {
        int(row.line_id): LineOutcome(int(row.line_id), bool(row.done), row.why)
        for row in scope.rows(scope.select(line_decision_outcome).where(outcome.decision_id == decision.id))
    }
    rows = scope.rows(
        scope.select(line_decision_item)
        .where(line_decision_item.c.decision_id == decision.id)
        .order_by(line_decision_item.c.line_id)
    )
    found = tuple(
        DecidedLine(int(row.line_id), int(row.message_id), codes_of(int(row.codes)), known.get(int(row.line_id)))
        for row in rows
    )
    return replace(decision, lines=found)


def decisions_on(scope: Scope, line_id: int) -> list[Decision]:
    """The decisions that a line stood in, the oldest first, each with that line alone."""
    item = line_decision_item.c
    rows = scope.rows(scope.select(line_decision_item).where(item.line_id == line_id))
    outcome = line_decision_outcome.c
    known = {
        int(row.decision_id): LineOutcome(line_id, bool(row.done), row.why)
        for row in scope.rows(scope.select(line_decision_outcome).where(outcome.line_id == line_id))
    }
    own = {
        int(row.decision_id): DecidedLine(
            line_id, int(row.message_id), codes_of(int(row.codes)), known.get(int(row.decision_id))
        )
        for row in rows
    }
    return [replace(one, lines=(own[one.id],)) for one in reversed(decisions(scope, ids=own))]


def questions(scope: Scope, message_id: int) -> dict[int, str]:
    """What was asked about lines of a message, by line; the newest question of each."""
    item = line_decision_item.c
    rows = scope.rows(
        scope.select(item.line_id, line_decision.c.reason)
        .join_from(
            line_decision_item,
            line_decision,
            and_(line_decision.c.lead_contractor_id == item.lead_contractor_id, line_decision.c.id == item.decision_id),
        )
        .where(item.message_id == message_id, line_decision.c.kind == Kind.ASK.value)
        .order_by(item.decision_id)
    )
    return {int(row.line_id): row.reason for row in rows}


def item_codes(scope: Scope, decision_id: int) -> dict[int, int]:
    """The bits that each line of a decision had."""
    item = line_decision_item.c
    rows = scope.rows(scope.select(item.line_id, item.codes).where(item.decision_id == decision_id))
    return {int(row.line_id): int(row.codes) for row in rows}


def done_lines(scope: Scope, decision_id: int) -> set[int]:
    """The lines to which a decision did something."""
    outcome = line_decision_outcome.c
    rows = scope.rows(scope.select(outcome.line_id).where(outcome.decision_id == decision_id, outcome.done))
    return {int(row.line_id) for row in rows}


def overridden(
    scope: Scope, contract_id: int, *, message_ids: Collection[int] | None = None
) -> dict[int, tuple[str, ...]]:
    """The codes that lines had before an override let them pass; a line whose override was withdrawn is not among them.

    Of one contract, and of these messages when given.
    """
    item = line_decision_item.c
    statement = (
        scope.select(item.line_id, item.codes)
        .join_from(
            line_decision_item,
            line_decision,
            and_(line_decision.c.lead_contractor_id == item.lead_contractor_id, line_decision.c.id == item.decision_id),
        )
        .join(
            line_decision_outcome,
            and_(
                line_decision_outcome.c.lead_contractor_id == item.lead_contractor_id,
                line_decision_outcome.c.decision_id == item.decision_id,
                line_decision_outcome.c.line_id == item.line_id,
            ),
        )
        .join(
            declaration_line,
            and_(
                declaration_line.c.lead_contractor_id == item.lead_contractor_id,
                declaration_line.c.id == item.line_id,
            ),
        )
        .where(
            line_decision.c.contract_id == contract_id,
            line_decision.c.kind == Kind.OVERRIDE.value,
            line_decision_outcome.c.done,
            declaration_line.c.codes == 0,
        )
        .order_by(item.decision_id)
    )
    if message_ids is not None:
        statement = statement.where(item.message_id.in_(sorted(message_ids)))
    return {int(row.line_id): codes_of(int(row.codes)) for row in scope.rows(statement)}


def insert_decision(scope: Scope, row: Mapping[str, Any], held: Sequence[Refused], bits: Mapping[int, int]) -> int:
    """Store a decision with its lines; returns its id."""
    decision_id = scope.last_id(line_decision) + 1
    scope.insert(line_decision, [{"id": decision_id, **row}])
    scope.insert(
        line_decision_item,
        (
            {"decision_id": decision_id, "line_id": one.id, "message_id": one.message_id, "codes": bits[one.id]}
            for one in held
        ),
    )
    return decision_id


def insert_outcomes(scope: Scope, decision_id: int, outcomes: Iterable[LineOutcome]) -> None:
    """Store what a decision did to each line."""
    scope.insert(
        line_decision_outcome,
        ({"decision_id": decision_id, "line_id": one.line_id, "done": one.done, "why": one.why} for one in outcomes),
    )


def set_codes(scope: Scope, line: Refused, bits: int) -> None:
    """Give a line other codes, and its message what it is granted with that."""
    scope.update(declaration_line, {"id": line.id}, codes=bits)
    changed = line.signed if bits == 0 else -line.signed
    scope.update(message, {"id": line.message_id}, granted_cents=message.c.granted_cents + int(changed))


def decision_count(scope: Scope, contract_id: int) -> int:
    """How many decisions a contract has."""
    rows = scope.rows(
        scope.select(func.count()).select_from(line_decision).where(line_decision.c.contract_id == contract_id)
    )
    return int(rows[0][0])
