"""Tables of people, their memberships and their sign-ins; of tokens of software and what it was answered.

People stand above the tenants: one person may work for several lead contractors. A membership is the only way
from a person to a lead contractor. A token belongs to one lead contractor and to one party with it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    true,
)

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.tenancy import TENANT, tenant_columns

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

api_token = Table(
    "api_token",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("public_id", String(16), nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("role", String(12), nullable=False),
    Column("party", String(8), nullable=False),
    Column("label", String(100), nullable=False),
    Column("scopes", JsonText, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("made_by_user", BigInteger, nullable=False, server_default="0"),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
    Column("revoked_by", String(200), nullable=False, server_default=""),
    UniqueConstraint("public_id"),
    CheckConstraint(
        "(role = 'controller' AND party = '') OR (role = 'provider' AND party <> '')",
        name="role_party",
    ),
)
"""Tokens with which software comes in. ``public_id`` is the part that may be shown; of the rest only a hash is kept.

``made_by_user`` is the person who made it, 0 for an administrator: it works while that person acts for its party.
"""

api_answer = Table(
    "api_answer",
    METADATA,
    *tenant_columns(),
    Column("party", String(8), primary_key=True),
    Column("key_digest", String(64), primary_key=True),
    Column("content_digest", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("media_type", String(60), nullable=False),
    Column("location", String(200), nullable=False),
    Column("body_encrypted", LargeBinary, nullable=False),
    Column("answered_at", Moment, nullable=False),
    Index("ix_api_answer_answered", TENANT, "answered_at"),
)
"""What software was answered, by the key it gave; both digests are keyed, and the answer is encrypted."""
