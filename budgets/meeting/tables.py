"""Tables of the finance meeting: what was decided, and what was taken along; nothing of it is ever changed."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.tenancy import TENANT, tenant_columns

meeting_item = Table(
    "meeting_item",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("number", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("month", String(7), nullable=False),
    Column("figure", String(40), nullable=False),
    Column("figure_words", String(200), nullable=False),
    Column("said", Text, nullable=False),
    Column("who", String(80), nullable=False),
    Column("due", Date),
    Column("status", String(10), nullable=False),
    Column("party", String(12), nullable=False),
    Column("made_by", Id, nullable=False),
    Column("made_by_name", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint(TENANT, "contract_id", "number", "revision"),
    CheckConstraint("said <> ''", name="something_said"),
)
"""Decisions and actions, each with its revisions; the highest revision of a number counts.

``month`` is the month that the meeting looked at (``YYYY-MM``), ``figure`` what it is about (``product:02A14``), and
``figure_words`` that figure as everybody at the meeting could see it then.
"""

meeting_pack = Table(
    "meeting_pack",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("month", String(7), nullable=False),
    Column("audience", String(12), nullable=False),
    Column("kind", String(4), nullable=False),
    Column("name", String(120), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("made_by", Id, nullable=False),
    Column("made_by_name", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    Index("ix_meeting_pack_contract", TENANT, "contract_id", "audience", "month"),
)
"""Meeting packs as they were made: exactly what stood on the screen of an audience; ``month`` as above, empty for the
settled year."""
