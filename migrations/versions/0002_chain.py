"""Requests, allocations as sent, verdicts of reports: the messages around a declaration."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.append_only import forbid_changes, permit_changes

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=nullable)


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["lead_contractor_id"], ["lead_contractor.id"], name=op.f(f"fk_{table}_lead_contractor_id")
    )


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("lead_contractor_id", *columns, name=op.f(f"pk_{table}"))


def _sizes() -> list[sa.Column[object]]:
    return [
        sa.Column("category", sa.String(length=2), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=2), nullable=False),
        sa.Column("frequency", sa.String(length=1), nullable=False),
        sa.Column("budget_cents", sa.BigInteger(), nullable=True),
    ]


def upgrade() -> None:
    """Apply."""
    _reports()
    _returns()
    _requests()
    _allocations()
    forbid_changes("request_answer")


def _reports() -> None:
    op.create_table(
        "judged_report",
        _id("lead_contractor_id"),
        _id("id"),
        _id("contract_id"),
        _id("message_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("sender", sa.String(length=8), nullable=False),
        _id("client_id"),
        sa.Column("allocation_number", sa.String(length=20), nullable=False),
        sa.Column("matched_number", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=2), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("begin_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=2), nullable=False),
        sa.Column("status", sa.String(length=1), nullable=False),
        sa.Column("received", sa.Date(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("codes", sa.Text(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        _tenant("judged_report"),
        _key("judged_report", "id"),
        sa.UniqueConstraint(
            "lead_contractor_id",
            "contract_id",
            "message_id",
            "position",
            name=op.f("uq_judged_report_lead_contractor_id_contract_id_messag_bdc8dbf9"),
        ),
    )
    op.create_index(
        "ix_judged_report_client", "judged_report", ["lead_contractor_id", "contract_id", "sender", "client_id"]
    )


def _returns() -> None:
    op.create_table(
        "return_message",
        _id("lead_contractor_id"),
        _id("message_id"),
        _id("contract_id"),
        sa.Column("kind", sa.String(length=3), nullable=False),
        sa.Column("receiver", sa.String(length=8), nullable=False),
        sa.Column("identification", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("header_codes", sa.Text(), nullable=True),
        sa.Column("codes", sa.Text(), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=True),
        _tenant("return_message"),
        _key("return_message", "message_id"),
        sa.UniqueConstraint(
            "lead_contractor_id",
            "contract_id",
            "kind",
            "identification",
            name=op.f("uq_return_message_lead_contractor_id_contract_id_kind__82f033ec"),
        ),
    )
    op.create_index("ix_return_message_due", "return_message", ["lead_contractor_id", "contract_id", "due_on"])
    op.create_table(
        "message_remark",
        _id("lead_contractor_id"),
        _id("id"),
        _id("contract_id"),
        _id("message_id"),
        sa.Column("rule", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        _tenant("message_remark"),
        _key("message_remark", "id"),
    )
    op.create_index("ix_message_remark_message", "message_remark", ["lead_contractor_id", "contract_id", "message_id"])


def _requests() -> None:
    op.create_table(
        "request",
        _id("lead_contractor_id"),
        _id("id"),
        _id("contract_id"),
        _id("message_id"),
        sa.Column("kind", sa.String(length=3), nullable=False),
        sa.Column("sender", sa.String(length=8), nullable=False),
        _id("client_id"),
        sa.Column("reference", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=1), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("received", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'in_onderzoek', 'toegewezen', 'afgewezen')", name=op.f("ck_request_status")
        ),
        _tenant("request"),
        _key("request", "id"),
        sa.UniqueConstraint(
            "lead_contractor_id",
            "contract_id",
            "sender",
            "reference",
            name=op.f("uq_request_lead_contractor_id_contract_id_sender_reference"),
        ),
    )
    op.create_index("ix_request_status", "request", ["lead_contractor_id", "contract_id", "status"])
    op.create_table(
        "request_product",
        _id("lead_contractor_id"),
        _id("request_id"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        _id("contract_id"),
        sa.Column("asked", sa.String(length=10), nullable=False),
        sa.Column("allocation_number", sa.String(length=20), nullable=False),
        *_sizes(),
        _tenant("request_product"),
        _key("request_product", "request_id", "position"),
    )
    op.create_table(
        "request_answer",
        _id("lead_contractor_id"),
        _id("request_id"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _id("contract_id"),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=2), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=254), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        _id("sent_message_id", nullable=True),
        _tenant("request_answer"),
        _key("request_answer", "request_id", "number"),
    )


def _allocations() -> None:
    op.create_table(
        "allocation_version",
        _id("lead_contractor_id"),
        _id("id"),
        _id("contract_id"),
        sa.Column("number_key", sa.String(length=20), nullable=False),
        sa.Column("decided", sa.String(length=19), nullable=False),
        _id("client_id"),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        *_sizes(),
        sa.Column("reason_change", sa.String(length=2), nullable=False),
        sa.Column("reference", sa.String(length=36), nullable=False),
        _id("request_id", nullable=True),
        sa.Column("loaded", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _tenant("allocation_version"),
        _key("allocation_version", "id"),
        sa.UniqueConstraint(
            "lead_contractor_id",
            "contract_id",
            "number_key",
            "decided",
            name=op.f("uq_allocation_version_lead_contractor_id_contract_id_n_98813eb1"),
        ),
    )
    op.create_table(
        "sent_message",
        _id("lead_contractor_id"),
        _id("id"),
        _id("contract_id"),
        sa.Column("kind", sa.String(length=3), nullable=False),
        sa.Column("receiver", sa.String(length=8), nullable=False),
        _id("client_id", nullable=True),
        sa.Column("identification", sa.String(length=12), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("return_due_on", sa.Date(), nullable=False),
        sa.Column("content_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("return_codes", sa.Text(), nullable=True),
        _tenant("sent_message"),
        _key("sent_message", "id"),
        sa.UniqueConstraint(
            "lead_contractor_id",
            "kind",
            "identification",
            name=op.f("uq_sent_message_lead_contractor_id_kind_identification"),
        ),
    )
    op.create_index("ix_sent_message_receiver", "sent_message", ["lead_contractor_id", "contract_id", "receiver"])
    op.create_table(
        "allocation_sent",
        _id("lead_contractor_id"),
        _id("sent_message_id"),
        sa.Column("number_key", sa.String(length=20), nullable=False),
        _id("contract_id"),
        sa.Column("decided", sa.String(length=19), nullable=False),
        *_sizes(),
        sa.Column("reason_change", sa.String(length=2), nullable=False),
        sa.Column("reference", sa.String(length=36), nullable=False),
        _tenant("allocation_sent"),
        _key("allocation_sent", "sent_message_id", "number_key"),
    )
    op.create_index("ix_allocation_sent_number", "allocation_sent", ["lead_contractor_id", "contract_id", "number_key"])
    op.create_table(
        "client_card",
        _id("lead_contractor_id"),
        _id("client_id"),
        sa.Column("card_encrypted", sa.LargeBinary(), nullable=False),
        _tenant("client_card"),
        _key("client_card", "client_id"),
    )


def downgrade() -> None:
    """Undo."""
    permit_changes("request_answer")
    for table in (
        "client_card",
        "allocation_sent",
        "sent_message",
        "allocation_version",
        "request_answer",
        "request_product",
        "request",
        "message_remark",
        "return_message",
        "judged_report",
    ):
        op.drop_table(table)
