"""Quarterly figures of subcontractors: what was asked, what was handed in, and who was reminded; all append-only."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from lead_contractor.kernel.columns import Exact
from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.tenancy import TENANT, tenant_columns

kpi_request = Table(
    "kpi_request",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("subcontractor", String(8), nullable=False),
    Column("quarter", String(7), nullable=False),
    Column("kpis", JsonText, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("note", Text, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("requested_by", String(254), nullable=False),
    UniqueConstraint(TENANT, "contract_id", "subcontractor", "quarter"),
    Index("ix_kpi_request_due", TENANT, "contract_id", "due_on"),
)
"""One request per subcontractor and quarter; ``kpis`` is the list of ``[id, version of the definition]``."""

kpi_figure = Table(
    "kpi_figure",
    METADATA,
    *tenant_columns(),
    Column("request_id", Id, primary_key=True, autoincrement=False),
    Column("kpi", String(20), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("kpi_version", Integer, nullable=False),
    Column("value", Exact, nullable=False),
    Column("number", Integer),
    Column("computed_value", Exact),
    Column("computed_number", Integer),
    Column("explanation", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("channel", String(4), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("submitted_by", String(254), nullable=False),
    CheckConstraint("version >= 1", name="version_from_one"),
)
"""A version of a figure, the last holds; beside it what was known from messages and returns at that moment."""

kpi_reminder = Table(
    "kpi_reminder",
    METADATA,
    *tenant_columns(),
    Column("request_id", Id, primary_key=True, autoincrement=False),
    Column("step", String(20), primary_key=True),
    Column("reminded_on", Date, nullable=False),
    Column("reminded_at", Moment, nullable=False),
)
"""A reminder, at most once for each step."""
