"""Tables of agreements: terms as written, what they cover, tariffs, and what was realised."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, String, Table, Text

from lead_contractor.kernel.columns import Exact
from lead_contractor.kernel.database import METADATA, Id
from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.tenancy import tenant_columns

agreement = Table(
    "agreement",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("code", String(60), primary_key=True),
    Column("subcontractor", String(8), nullable=False),
    Column("form", String(20), nullable=False),
    Column("lines_cost", Boolean, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("terms", Text, nullable=False),
)

agreement_cover = Table(
    "agreement_cover",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("agreement", String(60), primary_key=True),
    Column("covers", String(5), primary_key=True),
    Column("subcontractor", String(8), nullable=False),
    Column("from_day", Integer, nullable=False),
    Column("to_day", Integer),
)

tariff = Table(
    "tariff",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("subcontractor", String(8), primary_key=True),
    Column("product_code", String(5), primary_key=True),
    Column("unit", String(2), primary_key=True),
    Column("from_day", Integer, primary_key=True, autoincrement=False),
    Column("to_day", Integer),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("tariff_cents", BigInteger, nullable=False),
    Column("extra", JsonText),
)

realised = Table(
    "realised",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("agreement", String(60), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("fte", Exact),
    Column("hours", Exact),
    Column("occupancy_percent", Exact),
    Column("extra", JsonText),
)

commitment = Table(
    "commitment",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("allocation_number", String(20), primary_key=True),
    Column("agreement", String(60), nullable=False),
    Column("product_code", String(5), nullable=False),
    Column("area", String(80), nullable=False),
    Column("basis", String(20), nullable=False),
    Column("cents", BigInteger),
)
"""The memorandum beside the books: what allocations fix in advance; no cents is not determinable."""
