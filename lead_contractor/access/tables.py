"""Tables of people, their memberships and their sign-ins.

People stand above the tenants: one person may work for several lead contractors. A membership is the only way
from a person to a lead contractor.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Identity, Index, String, Table, true

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.tenancy import tenant_columns

app_user = Table(
    "app_user",
    METADATA,
    Column("id", Id, Identity(), primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("language", String(2), nullable=False, server_default="nl"),
    CheckConstraint("email = lower(email)", name="email_lower"),
    CheckConstraint("language IN ('nl', 'en')", name="language"),
)

membership = Table(
    "membership",
    METADATA,
    *tenant_columns(),
    Column("user_id", Id, ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("role", String(12), primary_key=True),
    Column("party", String(8), primary_key=True, server_default=""),
    Column("party_name", String(200), nullable=False),
    CheckConstraint(
        "(role = 'controller' AND party = '') OR (role IN ('provider', 'municipality') AND party <> '')",
        name="role_party",
    ),
    Index(None, "user_id"),
)

app_session = Table(
    "app_session",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", Id, ForeignKey("app_user.id", ondelete="CASCADE"), nullable=False),
    Column("started_at", Moment, nullable=False),
    Index(None, "user_id"),
)
"""One row is one sign-in that has not been ended."""
