"""Queries of exceptions: refused lines that ask for a decision, by cause and one by one.

Refused lines stand in an index of their own, so that a million lines that passed cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, case, func, not_

from dash_app.desk.model import PAGE_SIZE, Choice, Group, Lines
from dash_app.overview import desk
from dash_app.overview.model import LineRow
from lead_contractor.clients.tables import client
from lead_contractor.kernel.columns import total_cents
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.kernel.tenancy import TENANT, Scope
from subcontractors.decisions.model import Kind
from subcontractors.decisions.tables import line_decision, line_decision_item, line_decision_verdict
from subcontractors.declarations.checks import bit_of, codes_of
from subcontractors.declarations.tables import declaration_line, message
from subcontractors.iwmo.codes import NOT_ASSESSED

line = declaration_line.c
MOST_EXPORTED = 100_000
_CLOSED = {"asked": (Kind.ASK,), "left": (Kind.LEAVE,), "": (Kind.ASK, Kind.LEAVE)}


def groups(scope: Scope, contract_id: int, which: Choice) -> list[Group]:
    """The exceptions of a contract by cause, the most euros first."""
    bits = case((line.assessed, line.codes), else_=-1)
    signed = case((line.credit, -line.amount_cents), else_=line.amount_cents)
    rows = scope.rows(
        scope.select(line.sender, line.product_code, bits, func.count(), total_cents(signed))
        .where(*_conditions(scope, contract_id, which))
        .group_by(line.sender, line.product_code, bits)
    )
    sums: dict[tuple[str, str, str], tuple[int, int]] = {}
    for sender, product, found, lines, cents in rows:
        key = (codes_of(int(found))[0] if found >= 0 else NOT_ASSESSED, sender, product)
        before = sums.get(key, (0, 0))
        sums[key] = before[0] + int(lines), before[1] + int(cents)
    made = [Group(*key, lines, Cents(cents)) for key, (lines, cents) in sums.items()]
    return sorted(made, key=lambda one: (-abs(one.cents), one.code, one.sender, one.product_code))


def lines(scope: Scope, contract_id: int, which: Choice, page: int | None) -> Lines:
    """Exceptions one by one, the oldest first; without a page all of them, up to a hundred thousand."""
    size = MOST_EXPORTED if page is None else PAGE_SIZE
    statement = _wide(scope).where(*_conditions(scope, contract_id, which)).order_by(line.id)
    statement = statement.limit(size + 1).offset(0 if page is None else (page - 1) * size)
    rows = scope.rows(statement)
    return Lines([desk.line_row(row) for row in rows[:size]], page or 1, len(rows) > size)


def line_ids(scope: Scope, contract_id: int, which: Choice, most: int) -> list[int]:
    """The ids of all exceptions of a choice, up to one more than ``most``."""
    statement = scope.select(line.id).where(*_conditions(scope, contract_id, which)).order_by(line.id).limit(most + 1)
    return [int(row.id) for row in scope.rows(statement)]


def line_rows(scope: Scope, ids: Sequence[int]) -> dict[int, LineRow]:
    """Lines as a table shows them, by id."""
    return {int(row.id): desk.line_row(row) for row in scope.rows(_wide(scope).where(line.id.in_(ids)))}


def contract_of_line(scope: Scope, line_id: int) -> int:
    """The contract that a line belongs to.

    Raises:
        NotFound: this lead contractor has no such line.
    """
    row = scope.one(scope.select(line.contract_id).where(line.id == line_id))
    if row is None:
        raise NotFound("Deze regel bestaat niet.")
    return int(row.contract_id)


def _wide(scope: Scope) -> Select[Any]:
    """Lines with the number of their declaration and the pseudonym of their client."""
    same = line[TENANT]
    return (
        scope.select(declaration_line, client.c.pseudonym, message.c.number)
        .join_from(declaration_line, message, and_(message.c[TENANT] == same, message.c.id == line.message_id))
        .join(client, and_(client.c[TENANT] == same, client.c.id == line.client_id))
    )


def _conditions(scope: Scope, contract_id: int, which: Choice) -> list[Any]:
    wanted: list[Any] = [line.contract_id == contract_id, desk.REFUSED]
    if which.sender:
        wanted.append(line.sender == which.sender)
    if which.product:
        wanted.append(line.product_code == which.product)
    if which.code:
        wanted.append(_cause(which.code))
    if which.stand == "proposed":
        wanted.append(line.id.in_(_proposed(scope, contract_id)))
    elif which.stand in ("asked", "left"):
        wanted.append(line.id.in_(_decided(scope, contract_id, which.stand)))
        wanted.append(line.id.not_in(_proposed(scope, contract_id)))
    elif not which.stand:
        wanted.append(line.id.not_in(_decided(scope, contract_id, "")))
        wanted.append(line.id.not_in(_proposed(scope, contract_id)))
    return wanted


def _cause(code: str) -> Any:
    """Lines of which this is the first code."""
    if code == NOT_ASSESSED:
        return not_(line.assessed)
    try:
        bit = bit_of(code)
    except KeyError:
        raise NotFound("Deze retourcode komt bij regels niet voor.") from None
    return and_(line.assessed, line.codes.bitwise_and(bit) != 0, line.codes.bitwise_and(bit - 1) == 0)


def _items(scope: Scope, contract_id: int) -> Select[Any]:
    same = line_decision_item.c[TENANT]
    return (
        scope.select(line_decision_item.c.line_id)
        .join_from(
            line_decision_item,
            line_decision,
            and_(line_decision.c[TENANT] == same, line_decision.c.id == line_decision_item.c.decision_id),
        )
        .where(line_decision.c.contract_id == contract_id)
    )


def _decided(scope: Scope, contract_id: int, stand: str) -> Select[Any]:
    kinds = [kind.value for kind in _CLOSED[stand]]
    return scope.limit(_items(scope, contract_id).where(line_decision.c.kind.in_(kinds)))


def _proposed(scope: Scope, contract_id: int) -> Select[Any]:
    judged = scope.select(line_decision_verdict.c.decision_id)
    waits = _items(scope, contract_id).where(
        line_decision.c.kind == Kind.OVERRIDE.value, line_decision.c.id.not_in(judged)
    )
    return scope.limit(waits)
