"""The books: transfers, never changed, and the balances that the same transaction keeps."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.tenancy import TENANT, tenant_columns


def dimensions() -> list[Column[str]]:
    """What a transfer is about; an empty text means that it is about all of them.

    Months are texts ``YYYY-MM``.
    """
    return [
        Column("agreement", String(60), nullable=False),
        Column("subcontractor", String(8), nullable=False),
        Column("product_code", String(5), nullable=False),
        Column("area", String(80), nullable=False),
        Column("service_month", String(7), nullable=False),
        Column("recorded_month", String(7), nullable=False),
    ]


transfer = Table(
    "transfer",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("debit_account", String(40), nullable=False),
    Column("credit_account", String(40), nullable=False),
    Column("cents", BigInteger, nullable=False),
    *dimensions(),
    Column("source", String(120), nullable=False),
    Column("reverses_id", Id),
    Column("explanation", Text, nullable=False),
    Column("booked_at", Moment, nullable=False),
    CheckConstraint("cents > 0", name="cents_above_zero"),
    CheckConstraint("debit_account <> credit_account", name="two_accounts"),
    Index("ix_transfer_source", TENANT, "contract_id", "source"),
)

balance = Table(
    "balance",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("account", String(40), primary_key=True),
    *[Column(c.name, c.type, primary_key=True) for c in dimensions()],
    Column("debit_cents", BigInteger, nullable=False),
    Column("credit_cents", BigInteger, nullable=False),
)

closed_month = Table(
    "closed_month",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("number", Integer, nullable=False),
    Column("month", String(7), nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("last_transfer", Id, nullable=False),
    Column("reason", Text, nullable=False),
    Column("done_by", Id, nullable=False),
    Column("done_by_name", String(200), nullable=False),
    Column("done_at", Moment, nullable=False),
    UniqueConstraint(TENANT, "contract_id", "number"),
    CheckConstraint("closed OR reason <> ''", name="reopened_for_a_reason"),
)
"""Closings and reopenings of a month of the books, in order and never changed.

``last_transfer`` is the newest transfer at that moment: what was booked later may not stand in a closed month.
"""
