"""Writing transfers and balances in one stroke, and reading balances.

Everything that is booked passes through one staging table, whether it is one posting or a million lines, and is
moved into the books by the same three statements: transfers get their number, balances take the difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, String, Table, Text

from lead_contractor.books.accounts import ACCOUNTS, Side
from lead_contractor.books.closing import first_open_month
from lead_contractor.books.model import About, Posting
from lead_contractor.books.tables import balance, dimensions, transfer
from lead_contractor.kernel.columns import total_cents
from lead_contractor.kernel.database import bulk_insert
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.standing import stands
from lead_contractor.kernel.tenancy import Scope

DIMENSIONS = tuple(column.name for column in dimensions())
DIMENSION_LIST = ", ".join(DIMENSIONS)

_STAGING = MetaData()
stage = Table(
    "stage_transfer",
    _STAGING,
    Column("ordinal", BigInteger),
    Column("debit_account", String(40)),
    Column("credit_account", String(40)),
    Column("cents", BigInteger),
    *dimensions(),
    Column("source", String(120)),
    Column("reverses_id", BigInteger),
    Column("explanation", Text),
    prefixes=["TEMPORARY"],
)
"""Transfers that are about to be booked; ``ordinal`` decides their order."""


_ADDED_TO_WHAT_STANDS = f"""ON CONFLICT (lead_contractor_id, contract_id, account, {DIMENSION_LIST}) DO UPDATE SET
            debit_cents = balance.debit_cents + excluded.debit_cents,
            credit_cents = balance.credit_cents + excluded.credit_cents"""
"""Left out for the first balances of a contract: looking for what cannot be there takes time on PostgreSQL."""


def open_stage(scope: Scope) -> None:
    """Make the staging table of this connection, empty."""
    if stands(scope.connection, stage.name):
        clear_stage(scope)
        return
    scope.temporary("DROP TABLE IF EXISTS stage_transfer")
    _STAGING.create_all(scope.connection, checkfirst=False)


def stage_postings(scope: Scope, postings: Iterable[tuple[Posting, int | None]]) -> None:
    """Put postings in the staging table, each with the id of the transfer that it reverses, if any."""
    names = [c.name for c in stage.columns]
    bulk_insert(scope.connection, stage, names, (_row(n, made, old) for n, (made, old) in enumerate(postings)))


def _row(ordinal: int, made: Posting, reverses: int | None) -> tuple[Any, ...]:
    about = made.about
    month = "" if about.service_month is None else str(about.service_month)
    return (
        ordinal,
        made.debit,
        made.credit,
        int(made.cents),
        about.agreement,
        about.subcontractor,
        about.product_code,
        about.area,
        month,
        str(about.recorded_month),
        made.source,
        reverses,
        made.explanation,
    )


def book_stage(scope: Scope, contract_id: int, at: datetime) -> int:
    """Move all staged transfers into the books and keep the balances; returns how many were booked.

    What would be recorded in a closed month is recorded in the first open one; its service month stays.
    """
    opened = first_open_month(scope, contract_id)
    if opened is not None:
        statement = "UPDATE stage_transfer SET recorded_month = :opened WHERE recorded_month < :opened"
        scope.temporary(statement, opened=str(opened))
    first = scope.last_id(transfer)
    booked = scope.sql(
        f"""
        INSERT INTO transfer (lead_contractor_id, id, contract_id, debit_account, credit_account, cents,
                              {DIMENSION_LIST}, source, reverses_id, explanation, booked_at)
        SELECT :lead, :first + ROW_NUMBER() OVER (ORDER BY ordinal, source, debit_account, service_month,
                              agreement, product_code, area, recorded_month, reverses_id),
               :contract, debit_account, credit_account, cents,
               {DIMENSION_LIST}, source, reverses_id, explanation, :at
        FROM stage_transfer
        """,
        first=first,
        contract=contract_id,
        at=at,
    )
    kept = scope.sql(
        "SELECT 1 FROM balance WHERE lead_contractor_id = :lead AND contract_id = :contract LIMIT 1",
        contract=contract_id,
    ).first()
    scope.sql(
        f"""
        INSERT INTO balance (lead_contractor_id, contract_id, account, {DIMENSION_LIST}, debit_cents, credit_cents)
        SELECT :lead, :contract, account, {DIMENSION_LIST},
               CAST(SUM(debit) AS BIGINT), CAST(SUM(credit) AS BIGINT)
        FROM (
            SELECT debit_account AS account, {DIMENSION_LIST}, cents AS debit, 0 AS credit FROM stage_transfer
            UNION ALL
            SELECT credit_account, {DIMENSION_LIST}, 0, cents FROM stage_transfer
        ) AS sides
        WHERE 1 = 1
        GROUP BY account, {DIMENSION_LIST}
        {_ADDED_TO_WHAT_STANDS if kept else ""}
        """,
        contract=contract_id,
    )
    clear_stage(scope)
    return int(booked.rowcount)


def account_balance(
    scope: Scope, contract_id: int, accounts: Sequence[str], *by: str, until: Month | None = None
) -> dict[tuple[str, ...], Cents]:
    """Balances of accounts on their ordinary side, by account and the dimensions named.

    Args:
        scope: the lead contractor.
        contract_id: its contract year.
        accounts: account codes.
        by: names of dimensions to keep apart, after the account.
        until: only what was recorded up to and including this month.

    Returns:
        cents by ``(account, *dimension values)``; what has no balance is absent.
    """
    keys = [balance.c.account, *(balance.c[name] for name in by)]
    statement = (
        scope.select(*keys, total_cents(balance.c.debit_cents), total_cents(balance.c.credit_cents))
        .where(balance.c.contract_id == contract_id, balance.c.account.in_(accounts))
        .group_by(*keys)
    )
    if until is not None:
        statement = statement.where(balance.c.recorded_month <= str(until))
    found: dict[tuple[str, ...], Cents] = {}
    for *key, debit, credit in scope.connection.execute(statement):
        ordinary = 1 if ACCOUNTS[key[0]].side is Side.DEBIT else -1
        found[tuple(key)] = Cents(ordinary * (int(debit) - int(credit)))
    return found


def account_total(scope: Scope, contract_id: int, account: str, until: Month | None = None) -> Cents:
    """The balance of one account on its ordinary side."""
    return account_balance(scope, contract_id, [account], until=until).get((account,), Cents(0))


def staged(scope: Scope) -> list[Posting]:
    """What stands in the staging table."""
    found = scope.temporary(
        f"SELECT debit_account, credit_account, cents, {DIMENSION_LIST}, source FROM stage_transfer ORDER BY ordinal"
    )
    return [_posting(row) for row in found]


def clear_stage(scope: Scope) -> None:
    """Empty the staging table without booking."""
    scope.temporary("DELETE FROM stage_transfer")


def standing(scope: Scope, contract_id: int, prefix: str) -> list[tuple[Posting, int]]:
    """What transfers from sources that begin with ``prefix`` come down to, reversals and all.

    Returns:
        per pair of accounts, dimensions and source the net posting, with the id of the latest transfer that runs the
        same way; what comes down to nothing is left out.
    """
    found = scope.sql(
        f"""
        SELECT low, high, net, {DIMENSION_LIST}, source,
            CASE WHEN net > 0 THEN latest_up ELSE latest_down END AS latest
        FROM (
            SELECT CASE WHEN debit_account < credit_account THEN debit_account ELSE credit_account END AS low,
                CASE WHEN debit_account < credit_account THEN credit_account ELSE debit_account END AS high,
                SUM(CASE WHEN debit_account < credit_account THEN cents ELSE -cents END) AS net,
                MAX(CASE WHEN debit_account < credit_account THEN id END) AS latest_up,
                MAX(CASE WHEN debit_account > credit_account THEN id END) AS latest_down,
                {DIMENSION_LIST}, source
            FROM transfer
            WHERE lead_contractor_id = :lead AND contract_id = :contract AND SUBSTR(source, 1, :length) = :prefix
            GROUP BY 1, 2, {DIMENSION_LIST}, source
        ) AS nets
        WHERE net <> 0
        ORDER BY latest
        """,
        contract=contract_id,
        prefix=prefix,
        length=len(prefix),
    )
    return [(_net_posting(row), int(row.latest)) for row in found]


def _net_posting(row: Any) -> Posting:
    net = int(row.net)
    debit, credit = (row.low, row.high) if net > 0 else (row.high, row.low)
    return Posting(debit, credit, Cents(abs(net)), _about(row), row.source)


def _posting(row: Any) -> Posting:
    return Posting(row.debit_account, row.credit_account, Cents(int(row.cents)), _about(row), row.source)


def _about(row: Any) -> About:
    return About(
        recorded_month=Month.parse(row.recorded_month),
        service_month=Month.parse(row.service_month) if row.service_month else None,
        agreement=row.agreement,
        subcontractor=row.subcontractor,
        product_code=row.product_code,
        area=row.area,
    )
