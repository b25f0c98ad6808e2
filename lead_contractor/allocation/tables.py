"""The table of allocations.

Days that are reckoned with stand as ordinals too (day 1 is 1 January of year 1, a Monday), so that counting weeks
and Sundays is the same whole-number arithmetic on every database. A number is a whole number in the messages, where
leading zeros are lost: ``number_key`` is the number without them, by which messages find it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from lead_contractor.kernel.database import METADATA, Id
from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.tenancy import TENANT, tenant_columns

allocation = Table(
    "allocation",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("number", String(20), nullable=False),
    Column("number_key", String(20), nullable=False),
    Column("client_id", Id, nullable=False),
    Column("subcontractor", String(8), nullable=False),
    Column("category", String(2), nullable=False),
    Column("product_code", String(5), nullable=False),
    Column("start_date", Date, nullable=False),
    Column("end_date", Date),
    Column("start_day", Integer, nullable=False),
    Column("end_day", Integer),
    Column("volume", BigInteger),
    Column("unit", String(2), nullable=False),
    Column("frequency", String(1), nullable=False),
    Column("term_limit", BigInteger),
    Column("budget_cents", BigInteger),
    Column("reason_change", String(2), nullable=False),
    Column("crisis", Boolean, nullable=False),
    Column("specific", Boolean, nullable=False),
    Column("area", String(80), nullable=False),
    Column("client_group", String(80), nullable=False),
    Column("decided_on", Date),
    Column("extra", JsonText),
    UniqueConstraint(TENANT, "contract_id", "number_key"),
    CheckConstraint("end_date IS NULL OR end_date >= start_date", name="end_after_start"),
    Index("ix_allocation_subcontractor", TENANT, "contract_id", "subcontractor", "client_id"),
)
