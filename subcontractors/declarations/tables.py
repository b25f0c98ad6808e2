"""Tables of declarations: files as received (encrypted), messages, lines with their verdict, start and stop reports.

``codes`` of a line is a set of bits, one for each rule of ``subcontractors.declarations.checks``; zero is accepted.
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
    LargeBinary,
    String,
    Table,
    literal_column,
)

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.tenancy import TENANT, tenant_columns

message_file = Table(
    "message_file",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("name", String(255), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("content_encrypted", LargeBinary, nullable=False),
    Column("arrived_at", Moment, nullable=False),
    Column("live", Boolean, nullable=False),
    Index("ix_message_file_sha256", TENANT, "contract_id", "sha256"),
)

message = Table(
    "message",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("file_id", Id, nullable=False),
    Column("kind", String(3), nullable=False),
    Column("channel", String(12), nullable=False),
    Column("sender", String(8)),
    Column("receiver", String(4)),
    Column("identification", String(12)),
    Column("number", String(12)),
    Column("period", String(7)),
    Column("received", Date),
    Column("message_dated", Date),
    Column("dated", Date),
    Column("status", String(20), nullable=False),
    Column("assessed", Boolean, nullable=False),
    Column("message_codes", JsonText),
    Column("declaration_codes", JsonText),
    Column("faults", JsonText),
    Column("submitted_cents", BigInteger, nullable=False),
    Column("granted_cents", BigInteger, nullable=False),
    Column("line_count", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("xsd_versions", String(40), nullable=False),
    Index("ix_message_sender", TENANT, "contract_id", "sender", "identification"),
    Index("ix_message_number", TENANT, "contract_id", "sender", "number"),
    Index("ix_message_content", TENANT, "contract_id", "content_hash"),
)

_credits = Column("credits_line_id", Id)
_codes = Column("codes", BigInteger, nullable=False)
declaration_line = Table(
    "declaration_line",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("message_id", Id, nullable=False),
    Column("position", Integer, nullable=False),
    Column("sender", String(8), nullable=False),
    Column("reference", String(20), nullable=False),
    Column("previous_reference", String(20), nullable=False),
    Column("client_id", Id, nullable=False),
    Column("allocation_number", String(20), nullable=False),
    Column("allocation_id", Id),
    Column("agreement", String(60), nullable=False),
    Column("lines_cost", Boolean, nullable=False),
    Column("category", String(2), nullable=False),
    Column("product_code", String(5), nullable=False),
    Column("period_from", Integer, nullable=False),
    Column("period_to", Integer, nullable=False),
    Column("service_month", String(7), nullable=False),
    Column("volume", BigInteger, nullable=False),
    Column("unit", String(2), nullable=False),
    Column("tariff_cents", BigInteger),
    Column("amount_cents", BigInteger, nullable=False),
    Column("credit", Boolean, nullable=False),
    _credits,
    Column("in_time", Boolean, nullable=False),
    Column("assessed", Boolean, nullable=False),
    _codes,
    CheckConstraint("amount_cents >= 0", name="amount_not_negative"),
    CheckConstraint("period_to >= period_from", name="period_forward"),
    Index("ix_line_message", TENANT, "contract_id", "message_id"),
    Index("ix_line_allocation", TENANT, "contract_id", "allocation_id"),
    Index("ix_line_reference", TENANT, "contract_id", "sender", "reference"),
    Index(
        "ix_line_credits",
        TENANT,
        "contract_id",
        "credits_line_id",
        sqlite_where=_credits.is_not(None),
        postgresql_where=_credits.is_not(None),
    ),
    Index(
        "ix_line_refused",
        TENANT,
        "contract_id",
        "message_id",
        sqlite_where=_codes != 0,
        postgresql_where=_codes != 0,
    ),
)

report = Table(
    "start_stop_report",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("message_id", Id, nullable=False),
    Column("kind", String(5), nullable=False),
    Column("sender", String(8), nullable=False),
    Column("client_id", Id, nullable=False),
    Column("allocation_number", String(20), nullable=False),
    Column("category", String(2), nullable=False),
    Column("product_code", String(5), nullable=False),
    Column("begin_date", Date, nullable=False),
    Column("end_date", Date),
    Column("reason", String(2), nullable=False),
    Column("deletes", Boolean, nullable=False),
    Column("received", Date, nullable=False),
    Index("ix_report_client", TENANT, "contract_id", "client_id"),
)

served = Table(
    "served",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("subcontractor", String(8), primary_key=True),
    Column("agreement", String(60), primary_key=True),
    Column("product_code", String(5), primary_key=True),
    Column("client_id", Id, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seen_from", String(7), nullable=False),
    Column("seen_until", String(7), nullable=False),
    Column("active", BigInteger, nullable=False, server_default=literal_column("0")),
    CheckConstraint("seen_from < seen_until", name="seen_forward"),
)
"""Who was served, kept beside the lines so that screens never count them (:mod:`.served`).

A person counts for a subcontractor, agreement and product to who looks from the end of month ``seen_from`` up to, not
including, that of ``seen_until``; more than one row only where credits took a person away who came back later.
``active`` is in which months lines of this person came to show, one bit for each, January of the year the lowest; the
rows of a person have the same.
"""
