"""The table of short returns: append-only versions; the last of an agreement and month holds."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, String, Table

from lead_contractor.kernel.columns import Exact
from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.tenancy import tenant_columns

short_return = Table(
    "short_return",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("agreement", String(60), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("fte", Exact),
    Column("hours", Exact),
    Column("occupancy_percent", Exact),
    Column("channel", String(4), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("submitted_by", String(254), nullable=False),
    CheckConstraint("version >= 1", name="version_from_one"),
)
