"""Tables of corrections by the lead contractor: proposed, decided on by another, and what they made. Append-only.

The database itself holds the four eyes (rule 43): a decision names who made the proposal and what it held, and an
approval may not be by the same person.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.tenancy import TENANT, tenant_columns

correction = Table(
    "correction",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("content", JsonText, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_by", Id, nullable=False),
    Column("made_by_name", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint(TENANT, "id", "made_by", "content_hash", name="uq_correction_maker"),
    Index("ix_correction_contract", TENANT, "contract_id"),
)
"""A proposal: a tariff, a difference run or taking back lines; ``content`` holds no personal data."""

correction_decision = Table(
    "correction_decision",
    METADATA,
    *tenant_columns(),
    Column("correction_id", Id, primary_key=True, autoincrement=False),
    Column("made_by", Id, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Id, nullable=False),
    Column("decided_by_name", String(200), nullable=False),
    Column("decided_at", Moment, nullable=False),
    ForeignKeyConstraint(
        [TENANT, "correction_id", "made_by", "content_hash"],
        [
            "correction.lead_contractor_id",
            "correction.id",
            "correction.made_by",
            "correction.content_hash",
        ],
    ),
    CheckConstraint("NOT approved OR decided_by <> made_by", name="four_eyes"),
)

correction_message = Table(
    "correction_message",
    METADATA,
    *tenant_columns(),
    Column("correction_id", Id, primary_key=True, autoincrement=False),
    Column("message_id", Id, primary_key=True, autoincrement=False),
    ForeignKeyConstraint(
        [TENANT, "correction_id"], ["correction_decision.lead_contractor_id", "correction_decision.correction_id"]
    ),
)
"""The declaration messages that a correction made."""

tariff_replaced = Table(
    "tariff_replaced",
    METADATA,
    *tenant_columns(),
    Column("correction_id", Id, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("subcontractor", String(8), nullable=False),
    Column("product_code", String(5), nullable=False),
    Column("unit", String(2), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("tariff_cents", BigInteger, nullable=False),
    ForeignKeyConstraint(
        [TENANT, "correction_id"], ["correction_decision.lead_contractor_id", "correction_decision.correction_id"]
    ),
)
"""Tariffs as they stood before a new version took their place, wholly or in part."""

APPEND_ONLY = (correction, correction_decision, correction_message, tariff_replaced)
