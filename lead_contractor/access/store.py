"""Queries on people, memberships and sign-ins, and whose a token is.

These cross the tenants on purpose: who somebody is comes before the lead contractor for whom they act.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from lead_contractor.access.model import Language, Membership, Role, User
from lead_contractor.access.tables import api_token, app_session, app_user, membership
from lead_contractor.parties.tables import lead_contractor

MAKER_LEFT = (api_token.c.made_by_user != 0) & ~(
    select(membership.c.user_id)
    .join(app_user, app_user.c.id == membership.c.user_id)
    .where(
        membership.c.lead_contractor_id == api_token.c.lead_contractor_id,
        membership.c.user_id == api_token.c.made_by_user,
        membership.c.role == api_token.c.role,
        membership.c.party == api_token.c.party,
        app_user.c.active,
    )
    .correlate(api_token)
    .exists()
)
"""Whether who made a token acts for its party no more; a token of an administrator has no such person."""


def insert_user(connection: Connection, email: str, name: str, password_hash: str, language: Language) -> User:
    """Store a new person; the database refuses a second one with the same address."""
    values = {"email": email, "name": name, "password_hash": password_hash, "language": language.value}
    found = connection.execute(app_user.insert().values(active=True, **values))
    key = found.inserted_primary_key
    assert key is not None
    return User(int(key[0]), email, name, language)


def user_with_hash(connection: Connection, email: str) -> tuple[User, str] | None:
    """The person with this address (lower case) and their password hash."""
    row = connection.execute(select(app_user).where(app_user.c.email == email)).one_or_none()
    return None if row is None else (_user(row), row.password_hash)


def change_user(connection: Connection, user_id: int, **values: Any) -> None:
    """Change columns of one person."""
    connection.execute(app_user.update().where(app_user.c.id == user_id).values(**values))


def insert_membership(
    connection: Connection, user_id: int, lead_contractor_id: int, role: Role, party: str, party_name: str
) -> None:
    """Store a membership; the database refuses the same one twice."""
    values = {"role": role.value, "party": party, "party_name": party_name}
    connection.execute(membership.insert().values(lead_contractor_id=lead_contractor_id, user_id=user_id, **values))


def delete_membership(connection: Connection, user_id: int, lead_contractor_id: int, role: Role, party: str) -> int:
    """Take a membership away; returns how many there were (0 or 1)."""
    where = (
        (membership.c.lead_contractor_id == lead_contractor_id)
        & (membership.c.user_id == user_id)
        & (membership.c.role == role.value)
        & (membership.c.party == party)
    )
    return connection.execute(membership.delete().where(where)).rowcount


def memberships(connection: Connection, user_id: int) -> tuple[Membership, ...]:
    """All memberships of a person: by lead contractor, then controller, municipality, provider, then party."""
    rows = connection.execute(
        select(membership, lead_contractor.c.name.label("lead_name"))
        .join(lead_contractor, lead_contractor.c.id == membership.c.lead_contractor_id)
        .where(membership.c.user_id == user_id)
        .order_by(lead_contractor.c.name, lead_contractor.c.id, membership.c.role, membership.c.party)
    )
    return tuple(
        Membership(row.lead_contractor_id, row.lead_name, Role(row.role), row.party, row.party_name or row.lead_name)
        for row in rows
    )


def lead_contractor_name(connection: Connection, lead_contractor_id: int) -> str | None:
    """The name of a lead contractor, or ``None`` where there is none."""
    return connection.execute(
        select(lead_contractor.c.name).where(lead_contractor.c.id == lead_contractor_id)
    ).scalar_one_or_none()


def insert_session(connection: Connection, token_hash: str, user_id: int, started_at: datetime) -> None:
    """Remember a sign-in."""
    connection.execute(app_session.insert().values(token_hash=token_hash, user_id=user_id, started_at=started_at))


def session_user(connection: Connection, token_hash: str, not_before: datetime) -> User | None:
    """The active person of a sign-in that has not been ended and did not start before this moment."""
    row = connection.execute(
        select(app_user)
        .join(app_session, app_session.c.user_id == app_user.c.id)
        .where(app_session.c.token_hash == token_hash, app_session.c.started_at >= not_before, app_user.c.active)
    ).one_or_none()
    return None if row is None else _user(row)


def delete_session(connection: Connection, token_hash: str) -> None:
    """End one sign-in."""
    connection.execute(app_session.delete().where(app_session.c.token_hash == token_hash))


def delete_sessions(connection: Connection, *, user_id: int | None = None, before: datetime | None = None) -> None:
    """End all sign-ins of a person, or all that started before a moment.

    Raises:
        ValueError: neither was named.
    """
    if user_id is None and before is None:
        raise ValueError("name a person or a moment")
    statement = app_session.delete()
    if user_id is not None:
        statement = statement.where(app_session.c.user_id == user_id)
    if before is not None:
        statement = statement.where(app_session.c.started_at < before)
    connection.execute(statement)


def token_with_hash(connection: Connection, public_id: str) -> Any:
    """The row of the token with this public part, of whichever lead contractor; ``None`` where there is none."""
    return connection.execute(
        select(api_token, MAKER_LEFT.label("maker_left")).where(api_token.c.public_id == public_id)
    ).one_or_none()


def _user(row: Any) -> User:
    return User(row.id, row.email, row.name, Language(row.language), row.active)
