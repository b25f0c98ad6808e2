"""Queries of the books behind a figure: what accounts come down to, and the transfers under them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, func, or_

from dash_app.overview.model import PAGE_SIZE, Page, Question, TransferRow
from lead_contractor.books.accounts import ACCOUNTS, Side
from lead_contractor.books.tables import balance, transfer
from lead_contractor.kernel.columns import total_cents
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.tenancy import Scope


def balances(scope: Scope, asked: Question) -> dict[str, Cents]:
    """The balance of each account asked for, on its ordinary side; zero where there is none."""
    statement = (
        scope.select(balance.c.account, total_cents(balance.c.debit_cents), total_cents(balance.c.credit_cents))
        .where(balance.c.account.in_(asked.accounts), *_narrowed(balance, asked))
        .group_by(balance.c.account)
    )
    found = {row[0]: int(row[1]) - int(row[2]) for row in scope.rows(statement)}
    return {account: Cents(_sign(account) * found.get(account, 0)) for account in asked.accounts}


def together(amounts: dict[str, Cents]) -> Cents:
    """Accounts as one figure, on the ordinary side of the first of them."""
    first = next(iter(amounts), None)
    if first is None:
        return ZERO
    return Cents(sum(int(amount) * _sign(account) * _sign(first) for account, amount in amounts.items()))


def transfers(scope: Scope, asked: Question, page: int) -> Page[TransferRow]:
    """The transfers on the accounts asked for, newest month first."""
    touched = or_(transfer.c.debit_account.in_(asked.accounts), transfer.c.credit_account.in_(asked.accounts))
    wanted = [touched, *_narrowed(transfer, asked)]
    total = int(scope.rows(scope.select(func.count()).select_from(transfer).where(*wanted))[0][0])
    rows = scope.rows(
        scope.select(transfer)
        .where(*wanted)
        .order_by(transfer.c.recorded_month.desc(), transfer.c.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return Page([transfer_row(row) for row in rows], page, total)


def explanations(scope: Scope, contract_id: int, ids: list[int]) -> dict[int, str]:
    """What transfers say about themselves, by id."""
    statement = scope.select(transfer.c.id, transfer.c.explanation).where(
        transfer.c.contract_id == contract_id, transfer.c.id.in_(ids)
    )
    return {int(row.id): row.explanation for row in scope.rows(statement)}


def _narrowed(table: Table, asked: Question) -> list[Any]:
    wanted: list[Any] = [table.c.contract_id == asked.contract_id]
    for name in ("agreement", "subcontractor", "product_code", "service_month"):
        value = getattr(asked, name)
        if value:
            wanted.append(table.c[name] == value)
    if asked.service_until:
        wanted.append(table.c.service_month <= asked.service_until)
    if asked.until:
        wanted.append(table.c.recorded_month <= asked.until)
    return wanted


def _sign(account: str) -> int:
    return 1 if ACCOUNTS[account].side is Side.DEBIT else -1


def transfer_row(row: Any) -> TransferRow:
    """A stored transfer as a table shows it."""
    return TransferRow(
        id=int(row.id),
        booked_at=row.booked_at,
        recorded_month=row.recorded_month,
        service_month=row.service_month,
        debit=row.debit_account,
        credit=row.credit_account,
        cents=Cents(int(row.cents)),
        agreement=row.agreement,
        subcontractor=row.subcontractor,
        product_code=row.product_code,
        source=row.source,
        explanation=row.explanation,
        reverses_id=None if row.reverses_id is None else int(row.reverses_id),
    )
