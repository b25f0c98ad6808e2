"""Tables of the budget, its amendments, and what is known beside the books: earlier years and the waiting list.

An amendment is proposed, decided on by another, and from then on a version; all of it is append-only. The database
itself holds the four eyes (rule 43): a decision names who made the proposal and what it held, an approval may not be by
the same person, and a version can only stand beside an approval.
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

from lead_contractor.kernel.columns import Exact
from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.tenancy import TENANT, numbered_table, tenant_columns

budget_line = numbered_table(
    "budget_line",
    Column("product_code", String(5), nullable=False),
    Column("subcontractor", String(8), nullable=False),
    Column("month", String(7), nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
)

history_row = numbered_table(
    "history_row",
    Column("service_month", String(7), nullable=False),
    Column("received_month", String(7), nullable=False),
    Column("subcontractor", String(8), nullable=False),
    Column("product_code", String(5), nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
)

waiting_row = numbered_table(
    "waiting_row",
    Column("date", Date, nullable=False),
    Column("product_code", String(5), nullable=False),
    Column("area", String(80), nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("added", Integer),
    Column("median_days", Exact),
)

budget_amendment = Table(
    "budget_amendment",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("made_by", Id, nullable=False),
    Column("made_by_name", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint(TENANT, "id", "made_by", "content_hash", name="uq_budget_amendment_maker"),
    CheckConstraint("kind IN ('change', 'transfer', 'carry_over', 'next_year')", name="kind"),
    CheckConstraint("reason <> ''", name="has_reason"),
    Index("ix_budget_amendment_contract", TENANT, "contract_id"),
)

budget_amendment_line = Table(
    "budget_amendment_line",
    METADATA,
    *tenant_columns(),
    Column("amendment_id", Id, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("product_code", String(5), nullable=False),
    Column("subcontractor", String(8), nullable=False),
    Column("month", String(7), nullable=False),
    Column("cents", BigInteger, nullable=False),
    ForeignKeyConstraint([TENANT, "amendment_id"], ["budget_amendment.lead_contractor_id", "budget_amendment.id"]),
    CheckConstraint("cents <> 0", name="cents_something"),
    Index("ix_budget_amendment_line_contract", TENANT, "contract_id"),
)
"""What an amendment adds to a month of a budget line, or takes off; that may be a line of the next contract year."""

budget_decision = Table(
    "budget_decision",
    METADATA,
    *tenant_columns(),
    Column("amendment_id", Id, primary_key=True, autoincrement=False),
    Column("made_by", Id, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Id, nullable=False),
    Column("decided_by_name", String(200), nullable=False),
    Column("decided_at", Moment, nullable=False),
    ForeignKeyConstraint(
        [TENANT, "amendment_id", "made_by", "content_hash"],
        [
            "budget_amendment.lead_contractor_id",
            "budget_amendment.id",
            "budget_amendment.made_by",
            "budget_amendment.content_hash",
        ],
    ),
    UniqueConstraint(TENANT, "amendment_id", "approved", name="uq_budget_decision_approved"),
    CheckConstraint("NOT approved OR decided_by <> made_by", name="four_eyes"),
)

budget_version = Table(
    "budget_version",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("amendment_id", Id, nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("valid_from", Date, nullable=False),
    ForeignKeyConstraint(
        [TENANT, "amendment_id", "approved"],
        ["budget_decision.lead_contractor_id", "budget_decision.amendment_id", "budget_decision.approved"],
    ),
    UniqueConstraint(TENANT, "contract_id", "amendment_id"),
    CheckConstraint("approved", name="was_approved"),
    CheckConstraint("number > 1", name="after_the_primary"),
)
"""The version of the budget of a contract year that an approved amendment made; version 1 is ``budget_line``."""
