"""Tables of decisions on refused lines, and the filters that a person keeps.

What was decided is append-only: a line keeps its original return codes here when an override lets it pass. The
database itself holds the four eyes (rule 43): a verdict names who made the proposal and may not approve one's own.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    not_,
    or_,
)

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.tenancy import TENANT, tenant_columns
from subcontractors.declarations.tables import declaration_line

line_decision = Table(
    "line_decision",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("withdraws_id", Id),
    Column("lines", Integer, nullable=False),
    Column("cents", BigInteger, nullable=False),
    Column("made_by", Id, nullable=False),
    Column("made_by_name", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint(TENANT, "id", "made_by", name="uq_line_decision_maker"),
    CheckConstraint("kind IN ('override', 'withdraw', 'ask', 'leave')", name="kind"),
    CheckConstraint("(kind = 'withdraw') = (withdraws_id IS NOT NULL)", name="withdraws_something"),
    CheckConstraint("reason <> ''", name="has_reason"),
    Index("ix_line_decision_contract", TENANT, "contract_id"),
)

line_decision_item = Table(
    "line_decision_item",
    METADATA,
    *tenant_columns(),
    Column("decision_id", Id, primary_key=True, autoincrement=False),
    Column("line_id", Id, primary_key=True, autoincrement=False),
    Column("message_id", Id, nullable=False),
    Column("codes", BigInteger, nullable=False),
    ForeignKeyConstraint([TENANT, "decision_id"], ["line_decision.lead_contractor_id", "line_decision.id"]),
    Index("ix_line_decision_item_line", TENANT, "line_id"),
    Index("ix_line_decision_item_message", TENANT, "message_id"),
)
"""A line under a decision, with the codes (bits) that it had."""

line_decision_verdict = Table(
    "line_decision_verdict",
    METADATA,
    *tenant_columns(),
    Column("decision_id", Id, primary_key=True, autoincrement=False),
    Column("made_by", Id, nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Id, nullable=False),
    Column("decided_by_name", String(200), nullable=False),
    Column("decided_at", Moment, nullable=False),
    ForeignKeyConstraint(
        [TENANT, "decision_id", "made_by"],
        ["line_decision.lead_contractor_id", "line_decision.id", "line_decision.made_by"],
    ),
    CheckConstraint("NOT approved OR decided_by <> made_by", name="four_eyes"),
    CheckConstraint("reason <> ''", name="has_reason"),
)

line_decision_outcome = Table(
    "line_decision_outcome",
    METADATA,
    *tenant_columns(),
    Column("decision_id", Id, primary_key=True, autoincrement=False),
    Column("line_id", Id, primary_key=True, autoincrement=False),
    Column("done", Boolean, nullable=False),
    Column("why", Text, nullable=False),
    ForeignKeyConstraint(
        [TENANT, "decision_id"],
        ["line_decision_verdict.lead_contractor_id", "line_decision_verdict.decision_id"],
    ),
    Index("ix_line_decision_outcome_line", TENANT, "line_id"),
)
"""What an approved decision did to each line; ``why`` says in words why nothing was done."""

desk_filter = Table(
    "desk_filter",
    METADATA,
    *tenant_columns(),
    Column("user_id", Id, primary_key=True, autoincrement=False),
    Column("name", String(60), primary_key=True),
    Column("query", String(500), nullable=False),
)
"""A filter that a person keeps by name: the query of the desk's address."""

Index(
    "ix_line_exception",
    declaration_line.c[TENANT],
    declaration_line.c.contract_id,
    declaration_line.c.sender,
    declaration_line.c.product_code,
    declaration_line.c.codes,
    sqlite_where=or_(not_(declaration_line.c.assessed), declaration_line.c.codes != literal_column("0")),
    postgresql_where=or_(not_(declaration_line.c.assessed), declaration_line.c.codes != literal_column("0")),
)
"""Refused lines only: the desk groups them among a million lines that passed."""
