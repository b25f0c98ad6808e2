"""Payment runs, and decisions on lines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.append_only import forbid_changes, permit_changes

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_APPEND_ONLY = (
    "payment_run",
    "payment_item",
    "payment_decision",
    "payment_execution",
    "payment_reversal",
    "line_decision",
    "line_decision_item",
    "line_decision_verdict",
    "line_decision_outcome",
)


def upgrade() -> None:
    """Apply."""
    _upgrade_desk()
    op.create_table(
        "client_mark",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("party", sa.String(length=8), nullable=False),
        sa.Column(
            "client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("mark_encrypted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_client_mark_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "party", "client_id", name=op.f("pk_client_mark")),
    )


def downgrade() -> None:
    """Undo."""
    _downgrade_desk()
    op.drop_table("client_mark")


def _id() -> sa.types.TypeEngine[int]:
    """A key: BIGINT, but INTEGER on SQLite."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _upgrade_desk() -> None:
    """Payment runs, decisions on refused lines, kept filters; what was decided is never changed."""
    op.create_table(
        "desk_filter",
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        sa.Column("user_id", _id(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_desk_filter_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "user_id", "name", name=op.f("pk_desk_filter")),
    )
    op.create_table(
        "line_decision",
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        sa.Column("id", _id(), autoincrement=False, nullable=False),
        sa.Column("contract_id", _id(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdraws_id", _id(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'withdraw') = (withdraws_id IS NOT NULL)", name=op.f("ck_line_decision_withdraws_something")
        ),
        sa.CheckConstraint("kind IN ('override', 'withdraw', 'ask', 'leave')", name=op.f("ck_line_decision_kind")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_line_decision_has_reason")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_line_decision_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_line_decision")),
        sa.UniqueConstraint("lead_contractor_id", "id", "made_by", name="uq_line_decision_maker"),
    )
    op.create_index("ix_line_decision_contract", "line_decision", ["lead_contractor_id", "contract_id"], unique=False)
    op.create_table(
        "payment_run",
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        sa.Column("id", _id(), autoincrement=False, nullable=False),
        sa.Column("contract_id", _id(), nullable=False),
        sa.Column("due_until", sa.Date(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("payments", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_payment_run_cents_above_zero")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_payment_run_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_payment_run")),
        sa.UniqueConstraint("lead_contractor_id", "id", "made_by", "content_hash", name="uq_payment_run_maker"),
    )
    op.create_index("ix_payment_run_contract", "payment_run", ["lead_contractor_id", "contract_id"], unique=False)
    op.create_table(
        "line_decision_item",
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        sa.Column("decision_id", _id(), autoincrement=False, nullable=False),
        sa.Column("line_id", _id(), autoincrement=False, nullable=False),
        sa.Column("message_id", _id(), nullable=False),
        sa.Column("codes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id", "decision_id"],
            ["line_decision.lead_contractor_id", "line_decision.id"],
            name=op.f("fk_line_decision_item_lead_contractor_id_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_line_decision_item_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "decision_id", "line_id", name=op.f("pk_line_decision_item")),
    )
    op.create_index("ix_line_decision_item_line", "line_decision_item", ["lead_contractor_id", "line_id"], unique=False)
    op.create_index(
        "ix_line_decision_item_message", "line_decision_item", ["lead_contractor_id", "message_id"], unique=False
    )
    op.create_table(
        "line_decision_verdict",
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        sa.Column("decision_id", _id(), autoincrement=False, nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", _id(), nullable=False),
        sa.Column("decided_by_name", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_line_decision_verdict_has_reason")),
        sa.CheckConstraint("NOT approved OR decided_by <> made_by", name=op.f("ck_line_decision_verdict_four_eyes")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id", "decision_id", "made_by"],
            ["line_decision.lead_contractor_id", "line_decision.id", "line_decision.made_by"],
            name=op.f("fk_line_decision_verdict_lead_contractor_id_decision_id_made_by"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_line_decision_verdict_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "decision_id", name=op.f("pk_line_decision_verdict")),
    )
    op.create_table(
        "payment_decision",
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        sa.Column("run_id", _id(), autoincrement=False, nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", _id(), nullable=False),
        sa.Column("decided_by_name", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("NOT approved OR decided_by <> made_by", name=op.f("ck_payment_decision_four_eyes")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id", "run_id", "made_by", "content_hash"],
            ["payment_run.lead_contractor_id", "payment_run.id", "payment_run.made_by", "payment_run.content_hash"],
            name=op.f("fk_payment_decision_lead_contractor_id_run_id_made_by__3a1358b4"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_payment_decision_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "run_id", name=op.f("pk_payment_decision")),
        sa.UniqueConstraint("lead_contractor_id", "run_id", "approved", name="uq_payment_decision_approved"),
    )
    op.create_table(
        "payment_item",
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        sa.Column("run_id", _id(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contract_id", _id(), nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("agreement", sa.String(length=60), nullable=False),
        sa.Column("service_month", sa.String(length=7), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_payment_item_cents_something")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id", "run_id"],
            ["payment_run.lead_contractor_id", "payment_run.id"],
            name=op.f("fk_payment_item_lead_contractor_id_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_payment_item_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "run_id", "number", name=op.f("pk_payment_item")),
        sa.UniqueConstraint(
            "lead_contractor_id",
            "run_id",
            "subcontractor",
            "source",
            "agreement",
            "service_month",
            name="uq_payment_item_key",
        ),
    )
    op.create_index(
        "ix_payment_item_source", "payment_item", ["lead_contractor_id", "contract_id", "source"], unique=False
    )
    op.create_table(
        "line_decision_outcome",
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        sa.Column("decision_id", _id(), autoincrement=False, nullable=False),
        sa.Column("line_id", _id(), autoincrement=False, nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id", "decision_id"],
            ["line_decision_verdict.lead_contractor_id", "line_decision_verdict.decision_id"],
            name=op.f("fk_line_decision_outcome_lead_contractor_id_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_line_decision_outcome_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "decision_id", "line_id", name=op.f("pk_line_decision_outcome")),
    )
    op.create_index(
        "ix_line_decision_outcome_line", "line_decision_outcome", ["lead_contractor_id", "line_id"], unique=False
    )
    op.create_table(
        "payment_execution",
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        sa.Column("run_id", _id(), autoincrement=False, nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("executed_on", sa.Date(), nullable=False),
        sa.Column("executed_by", _id(), nullable=False),
        sa.Column("executed_by_name", sa.String(length=200), nullable=False),
        sa.Column("executed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("approved", name=op.f("ck_payment_execution_was_approved")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id", "run_id", "approved"],
            ["payment_decision.lead_contractor_id", "payment_decision.run_id", "payment_decision.approved"],
            name=op.f("fk_payment_execution_lead_contractor_id_run_id_approved"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_payment_execution_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "run_id", name=op.f("pk_payment_execution")),
    )
    op.create_table(
        "payment_reversal",
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        sa.Column("run_id", _id(), autoincrement=False, nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("reversed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reversed_by", _id(), nullable=False),
        sa.Column("reversed_by_name", sa.String(length=200), nullable=False),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id", "run_id"],
            ["payment_execution.lead_contractor_id", "payment_execution.run_id"],
            name=op.f("fk_payment_reversal_lead_contractor_id_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_payment_reversal_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "run_id", "subcontractor", name=op.f("pk_payment_reversal")),
    )
    op.create_index(
        "ix_line_exception",
        "declaration_line",
        ["lead_contractor_id", "contract_id", "sender", "product_code", "codes"],
        unique=False,
        sqlite_where=sa.text("assessed = 0 OR codes != 0"),
        postgresql_where=sa.text("NOT assessed OR codes != 0"),
    )
    for table in _APPEND_ONLY:
        forbid_changes(table)


def _downgrade_desk() -> None:
    """Take those back."""
    for table in _APPEND_ONLY:
        permit_changes(table)
    op.drop_index(
        "ix_line_exception",
        table_name="declaration_line",
        sqlite_where=sa.text("assessed = 0 OR codes != 0"),
        postgresql_where=sa.text("NOT assessed OR codes != 0"),
    )
    op.drop_table("payment_reversal")
    op.drop_table("payment_execution")
    op.drop_table("line_decision_outcome")
    op.drop_table("payment_item")
    op.drop_table("payment_decision")
    op.drop_table("line_decision_verdict")
    op.drop_table("line_decision_item")
    op.drop_table("payment_run")
    op.drop_table("line_decision")
    op.drop_table("desk_filter")
