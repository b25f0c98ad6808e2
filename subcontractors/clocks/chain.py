"""What is open in the messages around a declaration: requests, and return messages owed and awaited."""

from __future__ import annotations

from typing import Any

from lead_contractor.kernel.tenancy import Scope
from subcontractors.chain.model import RequestStatus
from subcontractors.chain.tables import request, return_message, sent_message
from subcontractors.clocks import terms
from subcontractors.clocks.model import Asked, Entry, Kind, Target, Why
from subcontractors.clocks.terms import Clock, clock, standing
from subcontractors.declarations.tables import message


def requests(scope: Scope, asked: Asked) -> list[Entry]:
    """Requests without a final answer; under investigation the term is eight weeks from their date."""
    statement = scope.select(request).where(
        request.c.contract_id == asked.contract_id,
        request.c.status.in_([RequestStatus.OPEN.value, RequestStatus.INVESTIGATED.value]),
    )
    if asked.subcontractor:
        statement = statement.where(request.c.sender == asked.subcontractor)
    return [_of_request(row, asked) for row in scope.rows(statement)]


def _of_request(row: Any, asked: Asked) -> Entry:
    investigated = row.status == RequestStatus.INVESTIGATED.value
    ticking = (
        clock(terms.INVESTIGATION, row.dated, asked.today)
        if investigated
        else clock(terms.REQUEST_ANSWER, row.received, asked.today)
    )
    return Entry(
        Kind.REQUEST_OPEN,
        row.sender,
        Target.REQUEST,
        str(row.id),
        ticking.state,
        ticking.began,
        ticking.due,
        ticking.late,
        reference=row.reference,
        product=row.kind,
        client=int(row.client_id),
        why=(Why.INVESTIGATED,) if investigated else (),
    )


def returns_we_owe(scope: Scope, asked: Asked) -> list[Entry]:
    """Return messages that were not written yet."""
    statement = (
        scope.select(
            return_message.c.message_id,
            return_message.c.kind,
            return_message.c.receiver,
            return_message.c.due_on,
            message.c.received,
            message.c.identification,
        )
        .join_from(
            return_message,
            message,
            (message.c.lead_contractor_id == return_message.c.lead_contractor_id)
            & (message.c.id == return_message.c.message_id),
        )
        .where(return_message.c.contract_id == asked.contract_id, return_message.c.written_on.is_(None))
    )
    if asked.subcontractor:
        statement = statement.where(return_message.c.receiver == asked.subcontractor)
    return [
        _of_return(
            Kind.RETURN_MESSAGE_DUE,
            row.receiver,
            Target.MESSAGE,
            row.message_id,
            row,
            standing(terms.RETURN, row.received, row.due_on, asked.today),
        )
        for row in scope.rows(statement)
    ]


def returns_awaited(scope: Scope, asked: Asked) -> list[Entry]:
    """Messages that we sent and on which no return came."""
    statement = scope.select(
        sent_message.c.id,
        sent_message.c.kind,
        sent_message.c.receiver,
        sent_message.c.identification,
        sent_message.c.dated,
        sent_message.c.return_due_on,
    ).where(sent_message.c.contract_id == asked.contract_id, sent_message.c.returned_on.is_(None))
    if asked.subcontractor:
        statement = statement.where(sent_message.c.receiver == asked.subcontractor)
    return [
        _of_return(
            Kind.RETURN_MESSAGE_AWAITED,
            row.receiver,
            Target.SENT_MESSAGE,
            row.id,
            row,
            standing(terms.RETURN, row.dated, row.return_due_on, asked.today),
        )
        for row in scope.rows(statement)
    ]


def _of_return(kind: Kind, subcontractor: str, target: Target, target_id: int, row: Any, ticking: Clock) -> Entry:
    return Entry(
        kind,
        subcontractor,
        target,
        str(target_id),
        ticking.state,
        ticking.began,
        ticking.due,
        ticking.late,
        reference=row.identification or "",
        product=row.kind,
    )
