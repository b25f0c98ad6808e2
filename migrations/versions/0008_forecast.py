"""Forecasts as they were frozen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.append_only import forbid_changes, permit_changes

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _id(name: str) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, autoincrement=False, nullable=False)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "forecast_frozen",
        _id("lead_contractor_id"),
        _id("id"),
        _id("contract_id"),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("afterwards", sa.Boolean(), nullable=False),
        sa.Column("inputs_hash", sa.String(length=64), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_forecast_frozen_version_from_one")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_forecast_frozen_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_forecast_frozen")),
        sa.UniqueConstraint(
            "lead_contractor_id",
            "contract_id",
            "as_of",
            "version",
            name=op.f("uq_forecast_frozen_lead_contractor_id_contract_id_as_of_version"),
        ),
    )
    forbid_changes("forecast_frozen")


def downgrade() -> None:
    """Undo."""
    permit_changes("forecast_frozen")
    op.drop_table("forecast_frozen")
