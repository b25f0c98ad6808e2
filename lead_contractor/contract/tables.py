"""Tables of the contract year: terms as written, and the figures that the lump sum depends on."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, String, Table, Text, UniqueConstraint

from lead_contractor.kernel.columns import Exact
from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.tenancy import TENANT, numbered_table, tenant_columns

contract = Table(
    "contract",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("code", String(60), nullable=False),
    Column("year", Integer, nullable=False),
    Column("municipality_code", String(4), nullable=False),
    Column("municipality_name", String(200), nullable=False),
    Column("sees", String(20), nullable=False),
    Column("terms", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("loaded_at", Moment, nullable=False),
    Column("final_at", Moment),
    UniqueConstraint(TENANT, "code"),
)

index_figure = numbered_table(
    "index_figure",
    Column("index_name", String(40), nullable=False),
    Column("year", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("percent", Exact, nullable=False),
    Column("source", Text, nullable=False),
)

beschikking_count = numbered_table(
    "beschikking_count",
    Column("date", Date, nullable=False),
    Column("active", Exact, nullable=False),
)

receipt = numbered_table(
    "receipt",
    Column("date", Date, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("reference", Text, nullable=False),
)

own_cost = numbered_table(
    "own_cost",
    Column("date", Date, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("description", Text, nullable=False),
    Column("disallowed", Boolean, nullable=False),
)
