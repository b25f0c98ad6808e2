"""Tables of public spending that a lead contractor took in; each a version of its own, never overwritten."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Integer, String, Table, Text

from lead_contractor.kernel.database import METADATA, Moment
from lead_contractor.kernel.tenancy import tenant_columns

benchmark_version = Table(
    "benchmark_version",
    METADATA,
    *tenant_columns(),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", String(255), nullable=False),
    Column("source", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("imported_at", Moment, nullable=False),
    Column("imported_by", String(254), nullable=False),
    CheckConstraint("version >= 1", name="version_from_one"),
)

benchmark_row = Table(
    "benchmark_row",
    METADATA,
    *tenant_columns(),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("municipality_code", String(4), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("municipality", String(200), nullable=False),
    Column("spending_thousands", BigInteger),
    Column("inhabitants", BigInteger),
    Column("provisional", Boolean, nullable=False),
    Column("breaks", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("source", Text, nullable=False),
)
"""Spending in thousands of euros; empty where no figure is known. ``breaks``: not to be compared with earlier years."""
