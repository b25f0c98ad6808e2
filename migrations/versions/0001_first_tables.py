"""The first tables of the house, and the guard that keeps the books append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.append_only import forbid_changes, permit_changes

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "app_user",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=False), nullable=False
        ),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("language", sa.String(length=2), server_default="nl", nullable=False),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_app_user_language")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_app_user_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("email", name=op.f("uq_app_user_email")),
    )
    op.create_table(
        "lead_contractor",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=False), nullable=False
        ),
        sa.Column("agb", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kvk", sa.String(length=8), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_contractor")),
        sa.UniqueConstraint("agb", name=op.f("uq_lead_contractor_agb")),
    )
    op.create_table(
        "agreement",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("lines_cost", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_agreement_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "code", name=op.f("pk_agreement")),
    )
    op.create_table(
        "agreement_cover",
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
        sa.Column("covers", sa.String(length=5), nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("from_day", sa.Integer(), nullable=False),
        sa.Column("to_day", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_agreement_cover_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint(
            "lead_contractor_id", "contract_id", "agreement", "covers", name=op.f("pk_agreement_cover")
        ),
    )
    op.create_table(
        "allocation",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("number_key", sa.String(length=20), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("category", sa.String(length=2), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("start_day", sa.Integer(), nullable=False),
        sa.Column("end_day", sa.Integer(), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=2), nullable=False),
        sa.Column("frequency", sa.String(length=1), nullable=False),
        sa.Column("term_limit", sa.BigInteger(), nullable=True),
        sa.Column("budget_cents", sa.BigInteger(), nullable=True),
        sa.Column("reason_change", sa.String(length=2), nullable=False),
        sa.Column("crisis", sa.Boolean(), nullable=False),
        sa.Column("specific", sa.Boolean(), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("client_group", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.CheckConstraint("end_date IS NULL OR end_date >= start_date", name=op.f("ck_allocation_end_after_start")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_allocation_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_allocation")),
        sa.UniqueConstraint(
            "lead_contractor_id",
            "contract_id",
            "number_key",
            name=op.f("uq_allocation_lead_contractor_id_contract_id_number_key"),
        ),
    )
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_allocation_subcontractor",
            ["lead_contractor_id", "contract_id", "subcontractor", "client_id"],
            unique=False,
        )

    op.create_table(
        "app_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_app_session_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_app_session")),
    )
    with op.batch_alter_table("app_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_app_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "balance",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("agreement", sa.String(length=60), nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("service_month", sa.String(length=7), nullable=False),
        sa.Column("recorded_month", sa.String(length=7), nullable=False),
        sa.Column("debit_cents", sa.BigInteger(), nullable=False),
        sa.Column("credit_cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_balance_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint(
            "lead_contractor_id",
            "contract_id",
            "account",
            "agreement",
            "subcontractor",
            "product_code",
            "area",
            "service_month",
            "recorded_month",
            name=op.f("pk_balance"),
        ),
    )
    op.create_table(
        "beschikking_count",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("active", sa.Numeric().with_variant(sa.String(), "sqlite"), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_beschikking_count_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "row_number", name=op.f("pk_beschikking_count")),
    )
    op.create_table(
        "books_check",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sound", sa.Boolean(), nullable=True),
        sa.Column("report", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_books_check_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "day", name=op.f("pk_books_check")),
    )
    op.create_table(
        "budget_line",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_budget_line_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "row_number", name=op.f("pk_budget_line")),
    )
    op.create_table(
        "client",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("pseudonym", sa.String(length=12), nullable=False),
        sa.Column("bsn_hash", sa.String(length=64), nullable=False),
        sa.Column("bsn_encrypted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_client_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_client")),
        sa.UniqueConstraint("lead_contractor_id", "bsn_hash", name=op.f("uq_client_lead_contractor_id_bsn_hash")),
        sa.UniqueConstraint("lead_contractor_id", "pseudonym", name=op.f("uq_client_lead_contractor_id_pseudonym")),
    )
    op.create_table(
        "commitment",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("allocation_number", sa.String(length=20), nullable=False),
        sa.Column("agreement", sa.String(length=60), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_commitment_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "allocation_number", name=op.f("pk_commitment")),
    )
    op.create_table(
        "contract",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("municipality_name", sa.String(length=200), nullable=False),
        sa.Column("sees", sa.String(length=20), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_contract_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_contract")),
        sa.UniqueConstraint("lead_contractor_id", "code", name=op.f("uq_contract_lead_contractor_id_code")),
    )
    op.create_table(
        "declaration_line",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(length=8), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("previous_reference", sa.String(length=20), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("allocation_number", sa.String(length=20), nullable=False),
        sa.Column("allocation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agreement", sa.String(length=60), nullable=False),
        sa.Column("lines_cost", sa.Boolean(), nullable=False),
        sa.Column("category", sa.String(length=2), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("period_from", sa.Integer(), nullable=False),
        sa.Column("period_to", sa.Integer(), nullable=False),
        sa.Column("service_month", sa.String(length=7), nullable=False),
        sa.Column("volume", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=2), nullable=False),
        sa.Column("tariff_cents", sa.BigInteger(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("credit", sa.Boolean(), nullable=False),
        sa.Column("credits_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.Column("assessed", sa.Boolean(), nullable=False),
        sa.Column("codes", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_declaration_line_amount_not_negative")),
        sa.CheckConstraint("period_to >= period_from", name=op.f("ck_declaration_line_period_forward")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_declaration_line_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_declaration_line")),
    )
    with op.batch_alter_table("declaration_line", schema=None) as batch_op:
        batch_op.create_index(
            "ix_line_allocation", ["lead_contractor_id", "contract_id", "allocation_id"], unique=False
        )
        batch_op.create_index("ix_line_message", ["lead_contractor_id", "contract_id", "message_id"], unique=False)
        batch_op.create_index(
            "ix_line_reference", ["lead_contractor_id", "contract_id", "sender", "reference"], unique=False
        )

    op.create_table(
        "history_row",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service_month", sa.String(length=7), nullable=False),
        sa.Column("received_month", sa.String(length=7), nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_history_row_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "row_number", name=op.f("pk_history_row")),
    )
    op.create_table(
        "index_figure",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("index_name", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("percent", sa.Numeric().with_variant(sa.String(), "sqlite"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_index_figure_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "row_number", name=op.f("pk_index_figure")),
    )
    op.create_table(
        "membership",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("party", sa.String(length=8), server_default="", nullable=False),
        sa.Column("party_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(role = 'controller' AND party = '') OR (role IN ('provider', 'municipality') AND party <> '')",
            name=op.f("ck_membership_role_party"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_membership_lead_contractor_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_membership_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lead_contractor_id", "user_id", "role", "party", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_user_id"), ["user_id"], unique=False)

    op.create_table(
        "message",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=3), nullable=False),
        sa.Column("channel", sa.String(length=4), nullable=False),
        sa.Column("sender", sa.String(length=8), nullable=True),
        sa.Column("receiver", sa.String(length=4), nullable=True),
        sa.Column("identification", sa.String(length=12), nullable=True),
        sa.Column("number", sa.String(length=12), nullable=True),
        sa.Column("period", sa.String(length=7), nullable=True),
        sa.Column("received", sa.Date(), nullable=True),
        sa.Column("message_dated", sa.Date(), nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("assessed", sa.Boolean(), nullable=False),
        sa.Column("message_codes", sa.Text(), nullable=True),
        sa.Column("declaration_codes", sa.Text(), nullable=True),
        sa.Column("faults", sa.Text(), nullable=True),
        sa.Column("submitted_cents", sa.BigInteger(), nullable=False),
        sa.Column("granted_cents", sa.BigInteger(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("xsd_versions", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_message_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_sender", ["lead_contractor_id", "contract_id", "sender", "identification"], unique=False
        )

    op.create_table(
        "message_file",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("content_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_message_file_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_message_file")),
    )
    with op.batch_alter_table("message_file", schema=None) as batch_op:
        batch_op.create_index("ix_message_file_sha256", ["lead_contractor_id", "contract_id", "sha256"], unique=False)

    op.create_table(
        "own_cost",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("disallowed", sa.Boolean(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_own_cost_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "row_number", name=op.f("pk_own_cost")),
    )
    op.create_table(
        "realised",
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
        sa.Column("fte", sa.Numeric().with_variant(sa.String(), "sqlite"), nullable=True),
        sa.Column("hours", sa.Numeric().with_variant(sa.String(), "sqlite"), nullable=True),
        sa.Column("occupancy_percent", sa.Numeric().with_variant(sa.String(), "sqlite"), nullable=True),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_realised_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "agreement", "month", name=op.f("pk_realised")),
    )
    op.create_table(
        "receipt",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_receipt_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "row_number", name=op.f("pk_receipt")),
    )
    op.create_table(
        "settlement",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("result_hash", sa.String(length=64), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_settlement_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "version", name=op.f("pk_settlement")),
    )
    op.create_table(
        "start_stop_report",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("sender", sa.String(length=8), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("allocation_number", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=2), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("begin_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=2), nullable=False),
        sa.Column("deletes", sa.Boolean(), nullable=False),
        sa.Column("received", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_start_stop_report_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_start_stop_report")),
    )
    op.create_table(
        "subcontractor",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("agb", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kvk", sa.String(length=8), server_default="", nullable=False),
        sa.Column("iban", sa.String(length=34), server_default="", nullable=False),
        sa.Column("size", sa.String(length=10), nullable=True),
        sa.Column("consent_date", sa.Date(), nullable=True),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_subcontractor_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "agb", name=op.f("pk_subcontractor")),
    )
    op.create_table(
        "tariff",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("unit", sa.String(length=2), nullable=False),
        sa.Column("from_day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("to_day", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("tariff_cents", sa.BigInteger(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_tariff_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint(
            "lead_contractor_id",
            "contract_id",
            "subcontractor",
            "product_code",
            "unit",
            "from_day",
            name=op.f("pk_tariff"),
        ),
    )
    op.create_table(
        "transfer",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("debit_account", sa.String(length=40), nullable=False),
        sa.Column("credit_account", sa.String(length=40), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("agreement", sa.String(length=60), nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("service_month", sa.String(length=7), nullable=False),
        sa.Column("recorded_month", sa.String(length=7), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_transfer_cents_above_zero")),
        sa.CheckConstraint("debit_account <> credit_account", name=op.f("ck_transfer_two_accounts")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_transfer_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_transfer")),
    )
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.create_index("ix_transfer_source", ["lead_contractor_id", "contract_id", "source"], unique=False)

    op.create_table(
        "upload_draft",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=43), nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("party", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_upload_draft_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_upload_draft")),
    )
    with op.batch_alter_table("upload_draft", schema=None) as batch_op:
        batch_op.create_index("ix_upload_draft_arrived", ["lead_contractor_id", "arrived_at"], unique=False)

    op.create_table(
        "waiting_row",
        sa.Column(
            "lead_contractor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=True),
        sa.Column("median_days", sa.Numeric().with_variant(sa.String(), "sqlite"), nullable=True),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_waiting_row_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "row_number", name=op.f("pk_waiting_row")),
    )
    forbid_changes("transfer")


def downgrade() -> None:
    """Take back."""
    permit_changes("transfer")
    op.drop_table("waiting_row")
    with op.batch_alter_table("upload_draft", schema=None) as batch_op:
        batch_op.drop_index("ix_upload_draft_arrived")

    op.drop_table("upload_draft")
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.drop_index("ix_transfer_source")

    op.drop_table("transfer")
    op.drop_table("tariff")
    op.drop_table("subcontractor")
    op.drop_table("start_stop_report")
    op.drop_table("settlement")
    op.drop_table("receipt")
    op.drop_table("realised")
    op.drop_table("own_cost")
    with op.batch_alter_table("message_file", schema=None) as batch_op:
        batch_op.drop_index("ix_message_file_sha256")

    op.drop_table("message_file")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_sender")

    op.drop_table("message")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_user_id"))

    op.drop_table("membership")
    op.drop_table("index_figure")
    op.drop_table("history_row")
    with op.batch_alter_table("declaration_line", schema=None) as batch_op:
        batch_op.drop_index("ix_line_reference")
        batch_op.drop_index("ix_line_message")
        batch_op.drop_index("ix_line_allocation")

    op.drop_table("declaration_line")
    op.drop_table("contract")
    op.drop_table("commitment")
    op.drop_table("client")
    op.drop_table("budget_line")
    op.drop_table("books_check")
    op.drop_table("beschikking_count")
    op.drop_table("balance")
    with op.batch_alter_table("app_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_app_session_user_id"))

    op.drop_table("app_session")
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.drop_index("ix_allocation_subcontractor")

    op.drop_table("allocation")
    op.drop_table("agreement_cover")
    op.drop_table("agreement")
    op.drop_table("lead_contractor")
    op.drop_table("app_user")
