"""Tables of early warnings: what happened to each signal, on which days was looked, and who is exempt from notice.

What was told, and when, is append-only: it cannot be told otherwise later.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.tenancy import TENANT, tenant_columns

signal_event = Table(
    "signal_event",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("about", String(90), nullable=False),
    Column("number", Integer, nullable=False),
    Column("event", String(12), nullable=False),
    Column("level", String(12), nullable=False),
    Column("stake_cents", BigInteger, nullable=False),
    Column("subcontractor", String(8), nullable=False),
    Column("product_code", String(5), nullable=False),
    Column("figures", JsonText),
    Column("as_of", Date, nullable=False),
    Column("at", Moment, nullable=False),
    Column("made_by", Id),
    Column("made_by_name", String(200), nullable=False),
    Column("note", Text, nullable=False),
    UniqueConstraint(TENANT, "contract_id", "kind", "about", "number", name="uq_signal_event_number"),
    CheckConstraint("event IN ('raised', 'lowered', 'acknowledged', 'cleared')", name="event"),
    CheckConstraint("(event = 'acknowledged') = (made_by IS NOT NULL)", name="somebody_saw_it"),
    CheckConstraint("event <> 'acknowledged' OR note <> ''", name="has_note"),
    CheckConstraint("stake_cents >= 0", name="stake_not_negative"),
)
"""``number`` counts the events of one signal, so that two processes cannot both write the next."""

signal_current = Table(
    "signal_current",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("kind", String(24), primary_key=True),
    Column("about", String(90), primary_key=True),
    Column("level", String(12), nullable=False),
    Column("stake_cents", BigInteger, nullable=False),
    Column("figures", JsonText),
    Column("as_of", Date, nullable=False),
)
"""What crossed at the newest look, with the figures of that day; the only rows here that change."""

signal_run = Table(
    "signal_run",
    METADATA,
    *tenant_columns(),
    Column("contract_id", Id, primary_key=True, autoincrement=False),
    Column("as_of", Date, primary_key=True),
    Column("at", Moment, nullable=False),
)
"""The days as of which signals were evaluated; a day before the newest is never looked at again."""

inactivity_exemption = Table(
    "inactivity_exemption",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("subcontractor", String(8), nullable=False),
    Column("reason", String(12)),
    Column("score", Integer),
    Column("measured_on", Date),
    Column("note", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("made_by", Id, nullable=False),
    Column("made_by_name", String(200), nullable=False),
    CheckConstraint("reason IN ('unique_offer', 'shortage', 'satisfaction')", name="reason"),
    CheckConstraint("note <> ''", name="has_note"),
    CheckConstraint("(score IS NULL) = (measured_on IS NULL)", name="score_with_its_day"),
    CheckConstraint("score IS NULL OR score BETWEEN 0 AND 1000", name="score_out_of_ten"),
    Index("ix_inactivity_exemption_contract", TENANT, "contract_id"),
)
"""The newest row of a subcontractor counts; without a reason it takes an earlier exemption back. ``score`` is in
hundredths."""
