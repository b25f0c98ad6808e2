"""Tables of what was let pass a limit on the budget: by whom, why, for which case, and on what it was used up.

Both are append-only; a pass is used at most once, for its use has the key of the pass.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    Text,
)

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.tenancy import TENANT, tenant_columns

budget_pass = Table(
    "budget_pass",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("kind", String(13), nullable=False),
    Column("line", String(8), nullable=False),
    Column("deed", String(10), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("most_cents", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_by", Id, nullable=False),
    Column("made_by_name", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    CheckConstraint("kind IN ('product', 'subcontractor', 'month', 'year')", name="kind"),
    CheckConstraint("deed IN ('allocation', 'payment')", name="deed"),
    CheckConstraint("reason <> ''", name="has_reason"),
    Index("ix_budget_pass_contract", TENANT, "contract_id"),
)
"""A case that may pass a limit once, up to ``most_cents``; ``line`` is the product, subcontractor, month or year."""

budget_pass_use = Table(
    "budget_pass_use",
    METADATA,
    *tenant_columns(),
    Column("pass_id", Id, primary_key=True, autoincrement=False),
    Column("used_for", String(200), nullable=False),
    Column("used_by", Id, nullable=False),
    Column("used_by_name", String(200), nullable=False),
    Column("used_at", Moment, nullable=False),
    ForeignKeyConstraint([TENANT, "pass_id"], ["budget_pass.lead_contractor_id", "budget_pass.id"]),
)
