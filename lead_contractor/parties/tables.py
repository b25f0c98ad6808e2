"""Tables of the parties."""

from __future__ import annotations

from sqlalchemy import Column, Date, Identity, String, Table, UniqueConstraint

from lead_contractor.kernel.database import METADATA, Id
from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.tenancy import tenant_columns

lead_contractor = Table(
    "lead_contractor",
    METADATA,
    Column("id", Id, Identity(), primary_key=True),
    Column("agb", String(8), nullable=False),
    Column("name", String(200), nullable=False),
    Column("kvk", String(8), nullable=False, server_default=""),
    UniqueConstraint("agb"),
)

subcontractor = Table(
    "subcontractor",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("agb", String(8), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("kvk", String(8), nullable=False, server_default=""),
    Column("iban", String(34), nullable=False, server_default=""),
    Column("size", String(10)),
    Column("consent_date", Date),
    Column("active_from", Date),
    Column("active_to", Date),
    Column("extra", JsonText),
)
