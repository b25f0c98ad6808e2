"""The finance meeting: decisions and actions, and the packs that were taken along."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.append_only import forbid_changes, permit_changes

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "meeting_item",
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        sa.Column("id", _id(), autoincrement=False, nullable=False),
        sa.Column("contract_id", _id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("figure", sa.String(length=40), nullable=False),
        sa.Column("figure_words", sa.String(length=200), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("party", sa.String(length=12), nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("made_at", _moment(), nullable=False),
        sa.CheckConstraint("said <> ''", name=op.f("ck_meeting_item_something_said")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_meeting_item_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_meeting_item")),
        sa.UniqueConstraint(
            "lead_contractor_id",
            "contract_id",
            "number",
            "revision",
            name=op.f("uq_meeting_item_lead_contractor_id_contract_id_number_revision"),
        ),
    )
    op.create_table(
        "meeting_pack",
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        sa.Column("id", _id(), autoincrement=False, nullable=False),
        sa.Column("contract_id", _id(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("made_at", _moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_meeting_pack_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_meeting_pack")),
    )
    op.create_index(
        "ix_meeting_pack_contract", "meeting_pack", ["lead_contractor_id", "contract_id", "audience", "month"]
    )
    for table in ("meeting_item", "meeting_pack"):
        forbid_changes(table)


def downgrade() -> None:
    """Undo."""
    for table in ("meeting_pack", "meeting_item"):
        permit_changes(table)
        op.drop_table(table)


def _id() -> sa.types.TypeEngine[int]:
    """A key: BIGINT, but INTEGER on SQLite."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _moment() -> sa.types.TypeEngine[Any]:
    """A moment, with its zone where the database has those."""
    return sa.DateTime(timezone=True)
