"""The table of frozen forecasts: what was said on a day, kept as it was said."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Integer, String, Table, UniqueConstraint

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.tenancy import TENANT, tenant_columns

forecast_frozen = Table(
    "forecast_frozen",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("afterwards", Boolean, nullable=False),
    Column("inputs_hash", String(64), nullable=False),
    Column("document_hash", String(64), nullable=False),
    Column("document", JsonText, nullable=False),
    UniqueConstraint(TENANT, "contract_id", "as_of", "version"),
    CheckConstraint("version >= 1", name="version_from_one"),
)
"""Never changed: of one ``as_of`` the highest version counts, and the constraint lets one process make it.

``document`` is the whole forecast (:mod:`budgets.forecast.layout`), ``document_hash`` the SHA-256 of it and
``inputs_hash`` that of what it was made from.
"""
