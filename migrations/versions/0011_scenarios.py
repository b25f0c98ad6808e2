"""Scenarios kept by name, and the counts of paperwork."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.append_only import forbid_changes, permit_changes

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("scenario", "burden_count")


def _id(name: str) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, autoincrement=False, nullable=False)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "scenario",
        _id("lead_contractor_id"),
        _id("id"),
        _id("contract_id"),
        sa.Column("party", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        _id("frozen_id"),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        _id("made_by"),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_scenario_version_from_one")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_scenario_has_name")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_scenario_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_scenario")),
        sa.UniqueConstraint(
            "lead_contractor_id", "contract_id", "party", "name", "version", name="uq_scenario_version"
        ),
    )
    op.create_table(
        "burden_count",
        _id("lead_contractor_id"),
        _id("id"),
        _id("contract_id"),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_burden_count_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_burden_count")),
    )
    for table in _APPEND_ONLY:
        forbid_changes(table)


def downgrade() -> None:
    """Undo."""
    for table in reversed(_APPEND_ONLY):
        permit_changes(table)
        op.drop_table(table)
