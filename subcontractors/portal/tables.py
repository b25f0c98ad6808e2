"""The tables of the portal: files under pre-check that were not submitted yet, and the provider's own marks of clients.

Content is encrypted; a file goes when it is submitted or thrown away, and after a day in any case.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, String, Table

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.tenancy import TENANT, tenant_columns

upload_draft = Table(
    "upload_draft",
    METADATA,
    *tenant_columns(),
    Column("id", String(43), primary_key=True),
    Column("contract_id", Id, nullable=False),
    Column("party", String(8), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", String(255), nullable=False),
    Column("content_encrypted", LargeBinary, nullable=False),
    Column("arrived_at", Moment, nullable=False),
    Index("ix_upload_draft_arrived", TENANT, "arrived_at"),
)
"""``id`` is a random token; ``party`` the AGB code of the provider whose file it is."""

client_mark = Table(
    "client_mark",
    METADATA,
    *tenant_columns(),
    Column("party", String(8), primary_key=True),
    Column("client_id", Id, primary_key=True, autoincrement=False),
    Column("mark_encrypted", LargeBinary, nullable=False),
)
"""By what mark (eigen kenmerk) a provider itself knows a client; encrypted, since people write names."""
