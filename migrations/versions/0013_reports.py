"""Quarterly figures of subcontractors, quarterly reports for the municipality, and public spending to compare with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.append_only import forbid_changes, permit_changes

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("kpi_request", "kpi_figure", "kpi_reminder", "quarterly_report", "benchmark_version", "benchmark_row")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "benchmark_row",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("municipality", sa.String(length=200), nullable=False),
        sa.Column("spending_thousands", sa.BigInteger(), nullable=True),
        sa.Column("inhabitants", sa.BigInteger(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("breaks", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_benchmark_row_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint(
            "lead_contractor_id", "version", "municipality_code", "year", name=op.f("pk_benchmark_row")
        ),
    )
    op.create_table(
        "benchmark_version",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(length=254), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_benchmark_version_version_from_one")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_benchmark_version_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "version", name=op.f("pk_benchmark_version")),
    )
    op.create_table(
        "kpi_figure",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("kpi", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kpi_version", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric().with_variant(sa.String(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("computed_value", sa.Numeric().with_variant(sa.String(), "sqlite"), nullable=True),
        sa.Column("computed_number", sa.Integer(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=4), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.String(length=254), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_kpi_figure_version_from_one")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_kpi_figure_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "request_id", "kpi", "version", name=op.f("pk_kpi_figure")),
    )
    op.create_table(
        "kpi_reminder",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_kpi_reminder_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "request_id", "step", name=op.f("pk_kpi_reminder")),
    )
    op.create_table(
        "kpi_request",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("kpis", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_kpi_request_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_kpi_request")),
        sa.UniqueConstraint(
            "lead_contractor_id",
            "contract_id",
            "subcontractor",
            "quarter",
            name=op.f("uq_kpi_request_lead_contractor_id_contract_id_subcontr_e4f368ed"),
        ),
    )
    with op.batch_alter_table("kpi_request", schema=None) as batch_op:
        batch_op.create_index("ix_kpi_request_due", ["lead_contractor_id", "contract_id", "due_on"], unique=False)
    op.create_table(
        "quarterly_report",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.String(length=7), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("released_by", sa.String(length=254), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_quarterly_report_version_from_one")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_quarterly_report_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint(
            "lead_contractor_id", "contract_id", "quarter", "version", name=op.f("pk_quarterly_report")
        ),
    )
    for table in _APPEND_ONLY:
        forbid_changes(table)


def downgrade() -> None:
    """Undo."""
    for table in _APPEND_ONLY:
        permit_changes(table)
    op.drop_table("quarterly_report")
    with op.batch_alter_table("kpi_request", schema=None) as batch_op:
        batch_op.drop_index("ix_kpi_request_due")
    op.drop_table("kpi_request")
    op.drop_table("kpi_reminder")
    op.drop_table("kpi_figure")
    op.drop_table("benchmark_version")
    op.drop_table("benchmark_row")
