"""Tables of payments: runs, their items, and what was decided and done with them. All of them are append-only.

The database itself holds the four eyes (rule 43): an approval names who made the run, may not be by the same person,
and an execution can only stand beside an approval.
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
from lead_contractor.kernel.tenancy import TENANT, tenant_columns

payment_run = Table(
    "payment_run",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("due_until", Date, nullable=False),
    Column("cents", BigInteger, nullable=False),
    Column("payments", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("made_by", Id, nullable=False),
    Column("made_by_name", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint(TENANT, "id", "made_by", "content_hash", name="uq_payment_run_maker"),
    CheckConstraint("cents > 0", name="cents_above_zero"),
    Index("ix_payment_run_contract", TENANT, "contract_id"),
)

payment_item = Table(
    "payment_item",
    METADATA,
    *tenant_columns(),
    Column("run_id", Id, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("subcontractor", String(8), nullable=False),
    Column("source", String(120), nullable=False),
    Column("agreement", String(60), nullable=False),
    Column("service_month", String(7), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("cents", BigInteger, nullable=False),
    ForeignKeyConstraint([TENANT, "run_id"], ["payment_run.lead_contractor_id", "payment_run.id"]),
    UniqueConstraint(
        TENANT, "run_id", "subcontractor", "source", "agreement", "service_month", name="uq_payment_item_key"
    ),
    CheckConstraint("cents <> 0", name="cents_something"),
    Index("ix_payment_item_source", TENANT, "contract_id", "source"),
)
"""What a run pays of one source in the books; below zero is set off against the rest."""

payment_decision = Table(
    "payment_decision",
    METADATA,
    *tenant_columns(),
    Column("run_id", Id, primary_key=True, autoincrement=False),
    Column("made_by", Id, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Id, nullable=False),
    Column("decided_by_name", String(200), nullable=False),
    Column("decided_at", Moment, nullable=False),
    ForeignKeyConstraint(
        [TENANT, "run_id", "made_by", "content_hash"],
        [
            "payment_run.lead_contractor_id",
            "payment_run.id",
            "payment_run.made_by",
            "payment_run.content_hash",
        ],
    ),
    UniqueConstraint(TENANT, "run_id", "approved", name="uq_payment_decision_approved"),
    CheckConstraint("NOT approved OR decided_by <> made_by", name="four_eyes"),
)

payment_execution = Table(
    "payment_execution",
    METADATA,
    *tenant_columns(),
    Column("run_id", Id, primary_key=True, autoincrement=False),
    Column("approved", Boolean, nullable=False),
    Column("executed_on", Date, nullable=False),
    Column("executed_by", Id, nullable=False),
    Column("executed_by_name", String(200), nullable=False),
    Column("executed_at", Moment, nullable=False),
    ForeignKeyConstraint(
        [TENANT, "run_id", "approved"],
        ["payment_decision.lead_contractor_id", "payment_decision.run_id", "payment_decision.approved"],
    ),
    CheckConstraint("approved", name="was_approved"),
)

payment_reversal = Table(
    "payment_reversal",
    METADATA,
    *tenant_columns(),
    Column("run_id", Id, primary_key=True, autoincrement=False),
    Column("subcontractor", String(8), primary_key=True),
    Column("reversed_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reversed_by", Id, nullable=False),
    Column("reversed_by_name", String(200), nullable=False),
    Column("reversed_at", Moment, nullable=False),
    ForeignKeyConstraint([TENANT, "run_id"], ["payment_execution.lead_contractor_id", "payment_execution.run_id"]),
)
