"""Closed months, corrections by the lead contractor, and what worklists look lines and reports up by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from migrations.append_only import forbid_changes, permit_changes

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("closed_month", "correction", "correction_decision", "correction_message", "tariff_replaced")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "closed_month",
        *_keys("closed_month", "id"),
        sa.Column("contract_id", _id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("last_transfer", _id(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_hand("done"),
        sa.CheckConstraint("closed OR reason <> ''", name=op.f("ck_closed_month_reopened_for_a_reason")),
        sa.UniqueConstraint(
            "lead_contractor_id",
            "contract_id",
            "number",
            name=op.f("uq_closed_month_lead_contractor_id_contract_id_number"),
        ),
    )
    op.create_table(
        "correction",
        *_keys("correction", "id"),
        sa.Column("contract_id", _id(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_hand("made"),
        sa.UniqueConstraint("lead_contractor_id", "id", "made_by", "content_hash", name="uq_correction_maker"),
    )
    op.create_index("ix_correction_contract", "correction", ["lead_contractor_id", "contract_id"], unique=False)
    _create_outcomes()
    for table in _APPEND_ONLY:
        forbid_changes(table)
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.alter_column("channel", existing_type=sa.String(length=4), type_=sa.String(length=12))
    op.create_index(
        "ix_line_credits",
        "declaration_line",
        ["lead_contractor_id", "contract_id", "credits_line_id"],
        unique=False,
        sqlite_where=sa.text("credits_line_id IS NOT NULL"),
        postgresql_where=sa.text("credits_line_id IS NOT NULL"),
    )
    op.create_index(
        "ix_line_refused",
        "declaration_line",
        ["lead_contractor_id", "contract_id", "message_id"],
        unique=False,
        sqlite_where=sa.text("codes != 0"),
        postgresql_where=sa.text("codes != 0"),
    )
    op.create_index(
        "ix_report_client",
        "start_stop_report",
        ["lead_contractor_id", "contract_id", "client_id"],
        unique=False,
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_report_client", table_name="start_stop_report")
    op.drop_index("ix_line_refused", table_name="declaration_line")
    op.drop_index("ix_line_credits", table_name="declaration_line")
    op.execute("UPDATE message SET channel = 'corr' WHERE channel = 'correction'")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.alter_column("channel", existing_type=sa.String(length=12), type_=sa.String(length=4))
    for table in reversed(_APPEND_ONLY):
        permit_changes(table)
    for table in ("tariff_replaced", "correction_message", "correction_decision"):
        op.drop_table(table)
    op.drop_index("ix_correction_contract", table_name="correction")
    op.drop_table("correction")
    op.drop_table("closed_month")


def _create_outcomes() -> None:
    """What became of a proposal, and what it made."""
    op.create_table(
        "correction_decision",
        *_keys("correction_decision", "correction_id"),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_hand("decided"),
        sa.CheckConstraint("NOT approved OR decided_by <> made_by", name=op.f("ck_correction_decision_four_eyes")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id", "correction_id", "made_by", "content_hash"],
            ["correction.lead_contractor_id", "correction.id", "correction.made_by", "correction.content_hash"],
            name=op.f(_FK_DECISION),
        ),
    )
    op.create_table(
        "correction_message",
        *_keys("correction_message", "correction_id", "message_id"),
        _under_decision("correction_message"),
    )
    op.create_table(
        "tariff_replaced",
        *_keys("tariff_replaced", "correction_id"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("unit", sa.String(length=2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("tariff_cents", sa.BigInteger(), nullable=False),
        _under_decision("tariff_replaced"),
    )


_FK_DECISION = "fk_correction_decision_lead_contractor_id_correction_id_made_by_content_hash"


def _id() -> sa.types.TypeEngine[int]:
    """A key: BIGINT, but INTEGER on SQLite."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _keys(table: str, *names: str) -> list[SchemaItem]:
    """The lead contractor and the rest of the key."""
    key = list(names) if table != "tariff_replaced" else [*names, "number"]
    return [
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        *[sa.Column(name, _id(), autoincrement=False, nullable=False) for name in names],
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f(f"fk_{table}_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", *key, name=op.f(f"pk_{table}")),
    ]


def _hand(act: str) -> list[SchemaItem]:
    """Who did it and when."""
    return [
        sa.Column(f"{act}_by", _id(), nullable=False),
        sa.Column(f"{act}_by_name", sa.String(length=200), nullable=False),
        sa.Column(f"{act}_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _under_decision(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["lead_contractor_id", "correction_id"],
        ["correction_decision.lead_contractor_id", "correction_decision.correction_id"],
        name=op.f(f"fk_{table}_lead_contractor_id_correction_id"),
    )
