"""Early warnings: events of signals, the days on which was looked, and exemptions from notice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from migrations.append_only import forbid_changes, permit_changes

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("signal_event", "signal_run", "inactivity_exemption")


def upgrade() -> None:
    """Apply."""
    _create_events()
    op.create_table(
        "signal_run",
        *_tenant("signal_run"),
        sa.Column("contract_id", _id(), autoincrement=False, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "as_of", name=op.f("pk_signal_run")),
    )
    _create_current()
    _create_exemptions()
    for table in _APPEND_ONLY:
        forbid_changes(table)


def downgrade() -> None:
    """Undo."""
    for table in reversed(_APPEND_ONLY):
        permit_changes(table)
    op.drop_index("ix_inactivity_exemption_contract", table_name="inactivity_exemption")
    op.drop_table("inactivity_exemption")
    op.drop_table("signal_current")
    op.drop_table("signal_run")
    op.drop_table("signal_event")


def _create_events() -> None:
    op.create_table(
        "signal_event",
        *_tenant("signal_event"),
        sa.Column("id", _id(), autoincrement=False, nullable=False),
        sa.Column("contract_id", _id(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("about", sa.String(length=90), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("stake_cents", sa.BigInteger(), nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("figures", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", _id(), nullable=True),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_signal_event")),
        sa.UniqueConstraint(
            "lead_contractor_id",
            "contract_id",
            "kind",
            "about",
            "number",
            name="uq_signal_event_number",
        ),
        sa.CheckConstraint(
            "event IN ('raised', 'lowered', 'acknowledged', 'cleared')", name=op.f("ck_signal_event_event")
        ),
        sa.CheckConstraint(
            "(event = 'acknowledged') = (made_by IS NOT NULL)", name=op.f("ck_signal_event_somebody_saw_it")
        ),
        sa.CheckConstraint("event <> 'acknowledged' OR note <> ''", name=op.f("ck_signal_event_has_note")),
        sa.CheckConstraint("stake_cents >= 0", name=op.f("ck_signal_event_stake_not_negative")),
    )


def _create_current() -> None:
    op.create_table(
        "signal_current",
        *_tenant("signal_current"),
        sa.Column("contract_id", _id(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("about", sa.String(length=90), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("stake_cents", sa.BigInteger(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("lead_contractor_id", "contract_id", "kind", "about", name=op.f("pk_signal_current")),
    )


def _create_exemptions() -> None:
    op.create_table(
        "inactivity_exemption",
        *_tenant("inactivity_exemption"),
        sa.Column("id", _id(), autoincrement=False, nullable=False),
        sa.Column("contract_id", _id(), nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("measured_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("lead_contractor_id", "id", name=op.f("pk_inactivity_exemption")),
        sa.CheckConstraint(
            "reason IN ('unique_offer', 'shortage', 'satisfaction')", name=op.f("ck_inactivity_exemption_reason")
        ),
        sa.CheckConstraint("note <> ''", name=op.f("ck_inactivity_exemption_has_note")),
        sa.CheckConstraint(
            "(score IS NULL) = (measured_on IS NULL)", name=op.f("ck_inactivity_exemption_score_with_its_day")
        ),
        sa.CheckConstraint(
            "score IS NULL OR score BETWEEN 0 AND 1000", name=op.f("ck_inactivity_exemption_score_out_of_ten")
        ),
    )
    op.create_index(
        "ix_inactivity_exemption_contract", "inactivity_exemption", ["lead_contractor_id", "contract_id"], unique=False
    )


def _id() -> sa.types.TypeEngine[int]:
    """A key: BIGINT, but INTEGER on SQLite."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _tenant(table: str) -> list[SchemaItem]:
    return [
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f(f"fk_{table}_lead_contractor_id")
        ),
    ]
