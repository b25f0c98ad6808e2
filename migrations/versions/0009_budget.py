"""Amendments and versions of the budget, and what was let pass a limit on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from migrations.append_only import forbid_changes, permit_changes

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_APPEND_ONLY = (
    "budget_amendment",
    "budget_amendment_line",
    "budget_decision",
    "budget_version",
    "budget_pass",
    "budget_pass_use",
)


def upgrade() -> None:
    """Apply."""
    _create_amendments()
    _create_versions()
    _create_passes()
    for table in _APPEND_ONLY:
        forbid_changes(table)


def downgrade() -> None:
    """Undo."""
    for table in reversed(_APPEND_ONLY):
        permit_changes(table)
    op.drop_table("budget_pass_use")
    op.drop_index("ix_budget_pass_contract", table_name="budget_pass")
    op.drop_table("budget_pass")
    op.drop_table("budget_version")
    op.drop_table("budget_decision")
    op.drop_index("ix_budget_amendment_line_contract", table_name="budget_amendment_line")
    op.drop_table("budget_amendment_line")
    op.drop_index("ix_budget_amendment_contract", table_name="budget_amendment")
    op.drop_table("budget_amendment")


def _create_amendments() -> None:
    op.create_table(
        "budget_amendment",
        *_keys("budget_amendment", "id"),
        sa.Column("contract_id", _id(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        *_hand("made"),
        sa.UniqueConstraint("lead_contractor_id", "id", "made_by", "content_hash", name="uq_budget_amendment_maker"),
        sa.CheckConstraint(
            "kind IN ('change', 'transfer', 'carry_over', 'next_year')", name=op.f("ck_budget_amendment_kind")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_budget_amendment_has_reason")),
    )
    op.create_index(
        "ix_budget_amendment_contract", "budget_amendment", ["lead_contractor_id", "contract_id"], unique=False
    )
    op.create_table(
        "budget_amendment_line",
        *_keys("budget_amendment_line", "amendment_id", number="number"),
        sa.Column("contract_id", _id(), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id", "amendment_id"],
            ["budget_amendment.lead_contractor_id", "budget_amendment.id"],
            name=op.f("fk_budget_amendment_line_lead_contractor_id_amendment_id"),
        ),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_budget_amendment_line_cents_something")),
    )
    op.create_index(
        "ix_budget_amendment_line_contract",
        "budget_amendment_line",
        ["lead_contractor_id", "contract_id"],
        unique=False,
    )


def _create_versions() -> None:
    op.create_table(
        "budget_decision",
        *_keys("budget_decision", "amendment_id"),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_hand("decided"),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id", "amendment_id", "made_by", "content_hash"],
            [
                "budget_amendment.lead_contractor_id",
                "budget_amendment.id",
                "budget_amendment.made_by",
                "budget_amendment.content_hash",
            ],
            name=op.f("fk_budget_decision_lead_contractor_id_amendment_id_mad_bb23a79f"),
        ),
        sa.UniqueConstraint("lead_contractor_id", "amendment_id", "approved", name="uq_budget_decision_approved"),
        sa.CheckConstraint("NOT approved OR decided_by <> made_by", name=op.f("ck_budget_decision_four_eyes")),
    )
    op.create_table(
        "budget_version",
        *_keys("budget_version", "contract_id", number="number"),
        sa.Column("amendment_id", _id(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id", "amendment_id", "approved"],
            ["budget_decision.lead_contractor_id", "budget_decision.amendment_id", "budget_decision.approved"],
            name=op.f("fk_budget_version_lead_contractor_id_amendment_id_approved"),
        ),
        sa.UniqueConstraint(
            "lead_contractor_id",
            "contract_id",
            "amendment_id",
            name=op.f("uq_budget_version_lead_contractor_id_contract_id_amendment_id"),
        ),
        sa.CheckConstraint("approved", name=op.f("ck_budget_version_was_approved")),
        sa.CheckConstraint("number > 1", name=op.f("ck_budget_version_after_the_primary")),
    )


def _create_passes() -> None:
    op.create_table(
        "budget_pass",
        *_keys("budget_pass", "id"),
        sa.Column("contract_id", _id(), nullable=False),
        sa.Column("kind", sa.String(length=13), nullable=False),
        sa.Column("line", sa.String(length=8), nullable=False),
        sa.Column("deed", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("most_cents", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_hand("made"),
        sa.CheckConstraint("kind IN ('product', 'subcontractor', 'month', 'year')", name=op.f("ck_budget_pass_kind")),
        sa.CheckConstraint("deed IN ('allocation', 'payment')", name=op.f("ck_budget_pass_deed")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_budget_pass_has_reason")),
    )
    op.create_index("ix_budget_pass_contract", "budget_pass", ["lead_contractor_id", "contract_id"], unique=False)
    op.create_table(
        "budget_pass_use",
        *_keys("budget_pass_use", "pass_id"),
        sa.Column("used_for", sa.String(length=200), nullable=False),
        *_hand("used"),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id", "pass_id"],
            ["budget_pass.lead_contractor_id", "budget_pass.id"],
            name=op.f("fk_budget_pass_use_lead_contractor_id_pass_id"),
        ),
    )


def _id() -> sa.types.TypeEngine[int]:
    """A key: BIGINT, but INTEGER on SQLite."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _keys(table: str, name: str, *, number: str = "") -> list[SchemaItem]:
    """The lead contractor and the rest of the key; a number within it where there is one."""
    columns = [sa.Column(name, _id(), autoincrement=False, nullable=False)]
    if number:
        columns.append(sa.Column(number, sa.Integer(), autoincrement=False, nullable=False))
    return [
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f(f"fk_{table}_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint("lead_contractor_id", *[column.name for column in columns], name=op.f(f"pk_{table}")),
    ]


def _hand(act: str) -> list[SchemaItem]:
    """Who did it and when."""
    return [
        sa.Column(f"{act}_by", _id(), nullable=False),
        sa.Column(f"{act}_by_name", sa.String(length=200), nullable=False),
        sa.Column(f"{act}_at", sa.DateTime(timezone=True), nullable=False),
    ]
