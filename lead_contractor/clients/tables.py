"""The one place where BSNs are: encrypted, found by a keyed hash, and a pseudonym for everywhere else."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, String, Table, UniqueConstraint

from lead_contractor.kernel.database import METADATA, Id
from lead_contractor.kernel.tenancy import TENANT, tenant_columns

client = Table(
    "client",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("pseudonym", String(12), nullable=False),
    Column("bsn_hash", String(64), nullable=False),
    Column("bsn_encrypted", LargeBinary, nullable=False),
    UniqueConstraint(TENANT, "bsn_hash"),
    UniqueConstraint(TENANT, "pseudonym"),
)
