"""Tables of what if: scenarios kept by name, and the counts of paperwork as they were measured; both append-only."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Integer, String, Table, UniqueConstraint

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.tenancy import TENANT, tenant_columns

scenario = Table(
    "scenario",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("party", String(8), nullable=False),
    Column("name", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("frozen_id", Id, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("parameters", JsonText, nullable=False),
    Column("results", JsonText, nullable=False),
    Column("made_by", Id, nullable=False),
    Column("made_by_name", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint(TENANT, "contract_id", "party", "name", "version", name="uq_scenario_version"),
    CheckConstraint("version >= 1", name="version_from_one"),
    CheckConstraint("name <> ''", name="has_name"),
)
"""Versions of a scenario; the highest of a name counts, and ``archived`` takes the name off the list.

``party`` is empty for the lead contractor and the municipality's code for hers; ``shared`` shows it to both.
``frozen_id`` is the frozen forecast that it stands on, ``results`` what came out then.
"""

burden_count = Table(
    "burden_count",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("counted_at", Moment, nullable=False),
    Column("counts", JsonText, nullable=False),
)
"""The paperwork of a contract year per subcontractor and agreement, as it was counted; the newest counts."""
