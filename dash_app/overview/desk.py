"""Queries of the declarations desk: refused lines by cause, messages, and lines with their client's pseudonym."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func, literal_column, not_, or_

from dash_app.overview.model import PAGE_SIZE, Cause, LineFilter, LineRow, MessageFilter, MessageRow, Page
from lead_contractor.clients.tables import client
from lead_contractor.kernel.columns import total_cents
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations.checks import bit_of, codes_of
from subcontractors.declarations.model import Status
from subcontractors.declarations.tables import declaration_line, message, message_file
from subcontractors.iwmo.codes import NOT_ASSESSED, in_order

DECLARATIONS = ("323", "")
NOT_PROCESSED = (Status.REFUSED_STRUCTURE.value, Status.REFUSED_CONTENT.value, Status.DUPLICATE.value)
UNASSESSED = "unassessed"
"""A status of the screen: answered, but refused as a whole (a number or identification was used before)."""

REFUSED = or_(not_(declaration_line.c.assessed), declaration_line.c.codes != literal_column("0"))
"""Refused lines, as the index of them has it, to the letter."""


def causes(scope: Scope, contract_id: int) -> list[Cause]:
    """The refused lines of a contract, each under the first of its return codes; most euros first."""
    line = declaration_line.c
    bits = case((line.assessed, line.codes), else_=-1)
    signed = case((line.credit, -line.amount_cents), else_=line.amount_cents)
    rows = scope.rows(
        scope.select(line.sender, bits, func.count(), total_cents(signed))
        .where(line.contract_id == contract_id, REFUSED)
        .group_by(line.sender, bits)
    )
    senders: dict[str, set[str]] = {}
    sums: dict[str, tuple[int, int]] = {}
    for sender, found_bits, count, amount in rows:
        code = _codes(int(found_bits), assessed=found_bits >= 0)[0]
        lines, cents = sums.get(code, (0, 0))
        sums[code] = lines + int(count), cents + int(amount)
        senders.setdefault(code, set()).add(sender)
    found = [Cause(code, len(senders[code]), lines, Cents(cents)) for code, (lines, cents) in sums.items()]
    order = in_order(cause.code for cause in found)
    return sorted(found, key=lambda cause: (-cause.cents, order.index(cause.code)))


def not_processed(scope: Scope, contract_id: int) -> list[MessageRow]:
    """The declaration messages of which nothing was taken over, newest first."""
    refused = or_(message.c.status.in_(NOT_PROCESSED), message.c.assessed.is_(False))
    return [_message(row) for row in scope.rows(_newest_first(_messages(scope, contract_id).where(refused)))]


def messages(scope: Scope, contract_id: int, which: MessageFilter, page: int | None) -> Page[MessageRow]:
    """Declaration messages, newest first; all of them when no page is asked for."""
    wanted = _message_conditions(contract_id, which)
    total = _count(scope, scope.select(func.count()).select_from(message).where(*wanted))
    rows = _page(scope, _newest_first(_messages(scope, contract_id).where(*wanted)), page)
    refused = _refused_counts(scope, contract_id, [int(row.id) for row in rows])
    found = [_message(row, refused.get(int(row.id), 0)) for row in rows]
    return Page(found, page or 1, total, PAGE_SIZE if page else max(1, total))


def get_message(scope: Scope, message_id: int) -> tuple[int, MessageRow]:
    """A declaration message and the contract that it belongs to.

    Raises:
        NotFound: this lead contractor has no such declaration message.
    """
    row = scope.one(_message_select(scope).where(message.c.id == message_id, message.c.kind.in_(DECLARATIONS)))
    if row is None:
        raise NotFound("Dit bericht bestaat niet.")
    return int(row.contract_id), _message(row, _refused_counts(scope, row.contract_id, [message_id]).get(message_id, 0))


def message_ids(scope: Scope, contract_id: int, sent: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The answered declaration messages by sender and identification, as far as they are stored."""
    statement = scope.select(message.c.id, message.c.sender, message.c.identification).where(
        *_message_conditions(contract_id, MessageFilter()),
        message.c.status == Status.ANSWERED.value,
        message.c.identification.in_(sorted({identification for _, identification in sent})),
    )
    found = {(row.sender, row.identification): int(row.id) for row in scope.rows(statement)}
    return {key: found[key] for key in sent if key in found}


def senders(scope: Scope, contract_id: int) -> list[str]:
    """Who sent declarations under a contract, by AGB."""
    statement = scope.select(message.c.sender).where(*_message_conditions(contract_id, MessageFilter())).distinct()
    return sorted(row.sender for row in scope.rows(statement) if row.sender)


def periods(scope: Scope, contract_id: int) -> list[str]:
    """The months over which was declared under a contract."""
    statement = scope.select(message.c.period).where(*_message_conditions(contract_id, MessageFilter())).distinct()
    return sorted(row.period for row in scope.rows(statement) if row.period)


def lines(scope: Scope, contract_id: int, which: LineFilter, page: int | None) -> Page[LineRow]:
    """Declaration lines in the order of their messages; all of them when no page is asked for.

    Raises:
        NotFound: the return code is not one that a line can have.
    """
    wanted = _line_conditions(contract_id, which)
    total = _count(scope, scope.select(func.count()).select_from(declaration_line).where(*wanted))
    statement = (
        scope.select(declaration_line, client.c.pseudonym, message.c.number)
        .join_from(
            declaration_line,
            message,
            and_(
                message.c.lead_contractor_id == declaration_line.c.lead_contractor_id,
                message.c.id == declaration_line.c.message_id,
            ),
        )
        .join(
            client,
            and_(
                client.c.lead_contractor_id == declaration_line.c.lead_contractor_id,
                client.c.id == declaration_line.c.client_id,
            ),
        )
        .where(*wanted)
        .order_by(declaration_line.c.message_id, declaration_line.c.position)
    )
    found = [line_row(row) for row in _page(scope, statement, page)]
    return Page(found, page or 1, total, PAGE_SIZE if page else max(1, total))


def _codes(bits: int, *, assessed: bool) -> tuple[str, ...]:
    return codes_of(bits) if assessed else (NOT_ASSESSED,)


def _message_conditions(contract_id: int, which: MessageFilter) -> list[Any]:
    wanted: list[Any] = [message.c.contract_id == contract_id, message.c.kind.in_(DECLARATIONS)]
    if which.status == UNASSESSED:
        wanted += [message.c.status == Status.ANSWERED.value, message.c.assessed.is_(False)]
    elif which.status == Status.ANSWERED.value:
        wanted += [message.c.status == Status.ANSWERED.value, message.c.assessed.is_(True)]
    elif which.status:
        wanted.append(message.c.status == which.status)
    if which.sender:
        wanted.append(message.c.sender == which.sender)
    if which.month:
        wanted.append(message.c.period == which.month)
    return wanted


def _line_conditions(contract_id: int, which: LineFilter) -> list[Any]:
    line = declaration_line.c
    wanted: list[Any] = [line.contract_id == contract_id]
    if which.message_id is not None:
        wanted.append(line.message_id == which.message_id)
    if which.sender:
        wanted.append(line.sender == which.sender)
    if which.refused:
        wanted.append(or_(line.assessed.is_(False), line.codes != 0))
    if which.code == NOT_ASSESSED:
        wanted.append(line.assessed.is_(False))
    elif which.code:
        bit = _bit(which.code)
        earlier = line.codes.bitwise_and(bit - 1) == 0
        wanted += [line.assessed.is_(True), line.codes.bitwise_and(bit) != 0, earlier]
    return wanted


def _bit(code: str) -> int:
    try:
        return bit_of(code)
    except KeyError:
        raise NotFound("Deze retourcode komt bij regels niet voor.") from None


def _message_select(scope: Scope) -> Select[Any]:
    same_file = and_(
        message_file.c.lead_contractor_id == message.c.lead_contractor_id, message_file.c.id == message.c.file_id
    )
    return scope.select(message, message_file.c.name.label("file_name")).join_from(message, message_file, same_file)


def _messages(scope: Scope, contract_id: int) -> Select[Any]:
    return _message_select(scope).where(message.c.contract_id == contract_id, message.c.kind.in_(DECLARATIONS))


def _newest_first(statement: Select[Any]) -> Select[Any]:
    return statement.order_by(message.c.received.desc().nulls_last(), message.c.id.desc())


def _page(scope: Scope, statement: Select[Any], page: int | None) -> Sequence[Any]:
    if page is not None:
        statement = statement.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return scope.rows(statement)


def _count(scope: Scope, statement: Select[Any]) -> int:
    return int(scope.rows(statement)[0][0])


def _refused_counts(scope: Scope, contract_id: int, ids: Sequence[int]) -> dict[int, int]:
    """How many lines of each of these messages were refused."""
    line = declaration_line.c
    wanted = [line.contract_id == contract_id, or_(line.assessed.is_(False), line.codes != 0)]
    if len(ids) <= PAGE_SIZE:
        wanted.append(line.message_id.in_(ids))
    counted = scope.rows(scope.select(line.message_id, func.count()).where(*wanted).group_by(line.message_id))
    return {int(message_id): int(count) for message_id, count in counted}


def _message(row: Any, refused: int = 0) -> MessageRow:
    return MessageRow(
        id=int(row.id),
        file=row.file_name,
        status=row.status,
        assessed=bool(row.assessed),
        sender=row.sender or "",
        identification=row.identification or "",
        number=row.number or "",
        period=row.period or "",
        received=row.received,
        message_codes=tuple(row.message_codes),
        declaration_codes=tuple(row.declaration_codes),
        faults=tuple(row.faults),
        submitted=Cents(int(row.submitted_cents)),
        granted=Cents(int(row.granted_cents)),
        lines=int(row.line_count),
        refused=refused,
    )


def line_row(row: Any) -> LineRow:
    """A stored line as a table shows it; beside its own columns it has the number of its message and a pseudonym."""
    amount = Cents(int(row.amount_cents))
    return LineRow(
        id=int(row.id),
        message_id=int(row.message_id),
        sender=row.sender,
        number=row.number or "",
        position=row.position,
        reference=row.reference,
        previous_reference=row.previous_reference,
        pseudonym=row.pseudonym,
        allocation=row.allocation_number,
        agreement=row.agreement,
        product_code=row.product_code,
        period_from=date.fromordinal(row.period_from),
        period_to=date.fromordinal(row.period_to),
        volume=int(row.volume),
        unit=row.unit,
        cents=-amount if row.credit else amount,
        codes=_codes(int(row.codes), assessed=bool(row.assessed)),
    )
