"""Short returns of FTE, hours and occupancy."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.append_only import forbid_changes, permit_changes

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "short_return",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("agreement", sa.String(length=60), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fte", sa.Numeric().with_variant(sa.String(), "sqlite"), nullable=True),
        sa.Column("hours", sa.Numeric().with_variant(sa.String(), "sqlite"), nullable=True),
        sa.Column("occupancy_percent", sa.Numeric().with_variant(sa.String(), "sqlite"), nullable=True),
        sa.Column("channel", sa.String(length=4), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.String(length=254), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_short_return_version_from_one")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_short_return_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint(
            "lead_contractor_id", "contract_id", "agreement", "month", "version", name=op.f("pk_short_return")
        ),
    )
    forbid_changes("short_return")


def downgrade() -> None:
    """Undo."""
    permit_changes("short_return")
    op.drop_table("short_return")
