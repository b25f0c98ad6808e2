"""Settlements as made: versioned, never overwritten."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table

from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.database import METADATA, Id, Moment
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
