"""Settlements as made: versioned, never overwritten."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Integer, String, Table, Text

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.tenancy import tenant_columns

settlement = Table(
    "settlement",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("result", JsonText, nullable=False),
    Column("result_hash", String(64), nullable=False),
    Column("final", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
)

books_check = Table(
    "books_check",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("sound", Boolean),
    Column("report", Text, nullable=False),
)
"""One row is one nightly proof of the books; ``sound`` is empty while it runs."""
