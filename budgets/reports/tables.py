"""Quarterly reports as released: frozen documents, versioned, never overwritten."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Integer, String, Table, Text

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.tenancy import tenant_columns

quarterly_report = Table(
    "quarterly_report",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("quarter", String(7), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("until", String(7), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("document", Text, nullable=False),
    Column("document_hash", String(64), nullable=False),
    Column("told", JsonText, nullable=False),
    Column("reason", Text, nullable=False),
    Column("released_at", Moment, nullable=False),
    Column("released_by_id", Id, nullable=False),
    Column("released_by", String(254), nullable=False),
    CheckConstraint("version >= 1", name="version_from_one"),
)
"""``document`` is the JSON text to the byte; ``told`` is which sums it gives away, for the next release."""
