"""Use cases of access: people, memberships, signing in and out.

Signing in gives a secret token; the database holds only its SHA-256, so that nobody can sign in with what they
read there. Signing out deletes it: a copied cookie is worth nothing from that moment.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from lead_contractor.access import passwords, store
from lead_contractor.access.model import Acting, Language, Membership, Role, SignedIn, User
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

LONGEST_SESSION = timedelta(hours=12)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
_PARTY = {Role.CONTROLLER: "", Role.PROVIDER: "[0-9]{8}", Role.MUNICIPALITY: "[0-9]{4}"}
_PARTY_WORDS = {
    Role.CONTROLLER: "Een controller werkt voor de hoofdaannemer zelf: laat de partij leeg.",
    Role.PROVIDER: "Een aanbieder wordt genoemd met zijn AGB-code van acht cijfers.",
    Role.MUNICIPALITY: "Een gemeente wordt genoemd met haar CBS-code van vier cijfers.",
}


def create_user(engine: Engine, email: str, name: str, password: str, language: Language = Language.DUTCH) -> User:
    """Add a person.

    Raises:
        Refusal: no e-mail address, no name, or a weak password.
        Conflict: the address is in use.
    """
    address = _address(email)
    if not _EMAIL.fullmatch(address):
        raise Refusal(f"{email!r} is geen e-mailadres.")
    if not name.strip():
        raise Refusal("Een gebruiker heeft een naam nodig.")
    password_hash = passwords.hashed(password)
    try:
        with writing(engine) as connection:
            return store.insert_user(connection, address, name.strip(), password_hash, language)
    except IntegrityError as error:
        raise Conflict(f"Er is al een gebruiker met het e-mailadres {address}.") from error


def find_user(engine: Engine, email: str) -> User | None:
    """The person with this address, if there is one."""
    with reading(engine) as connection:
        found = store.user_with_hash(connection, _address(email))
    return None if found is None else found[0]


def add_membership(
    engine: Engine, user_id: int, lead_contractor_id: int, role: Role, party: str = "", party_name: str = ""
) -> None:
    """Give a person a capacity with one lead contractor; ``party_name`` is how the party is shown.

    Raises:
        Refusal: the party does not fit the role.
        NotFound: there is no such lead contractor.
        Conflict: there is no such person, or they have this membership already.
    """
    if not re.fullmatch(_PARTY[role], party):
        raise Refusal(_PARTY_WORDS[role])
    try:
        with writing(engine) as connection:
            lead_name = store.lead_contractor_name(connection, lead_contractor_id)
            if lead_name is None:
                raise NotFound("Deze hoofdaannemer bestaat niet.")
            shown = party_name or (lead_name if role is Role.CONTROLLER else party)
            store.insert_membership(connection, user_id, lead_contractor_id, role, party, shown)
    except IntegrityError as error:
        raise Conflict("Deze gebruiker bestaat niet of heeft deze rol al.") from error


def remove_membership(engine: Engine, user_id: int, lead_contractor_id: int, role: Role, party: str = "") -> None:
    """Take a capacity away; it ends at the person's next request.

    Raises:
        NotFound: there was no such membership.
    """
    with writing(engine) as connection:
        if not store.delete_membership(connection, user_id, lead_contractor_id, role, party):
            raise NotFound("Deze rol is er niet.")


def memberships_of(engine: Engine, user_id: int) -> tuple[Membership, ...]:
    """All capacities of a person, in the order of the menu."""
    with reading(engine) as connection:
        return store.memberships(connection, user_id)


def authenticate(engine: Engine, email: str, password: str) -> User | None:
    """The active person with this address and password, or ``None``; it takes as long either way."""
    with reading(engine) as connection:
        found = store.user_with_hash(connection, _address(email))
    user, password_hash = found if found is not None else (None, None)
    if not passwords.matches(password_hash, password) or user is None or not user.active:
        return None
    if password_hash is not None and passwords.outdated(password_hash):
        with writing(engine) as connection:
            store.change_user(connection, user.id, password_hash=passwords.hashed(password))
    return user


def start_session(engine: Engine, user: User, now: datetime) -> str:
    """Begin a sign-in; returns the secret token that goes into the cookie."""
    token = secrets.token_urlsafe(32)
    with writing(engine) as connection:
        store.delete_sessions(connection, before=now - LONGEST_SESSION)
        store.insert_session(connection, _digest(token), user.id, now)
    return token


def resume(engine: Engine, token: str, now: datetime) -> SignedIn | None:
    """The person of a sign-in with their memberships; ``None`` when it was ended, is too old or never was."""
    with reading(engine) as connection:
        user = store.session_user(connection, _digest(token), now - LONGEST_SESSION)
        return None if user is None else SignedIn(user, store.memberships(connection, user.id))


def end_session(engine: Engine, token: str) -> None:
    """Sign out."""
    with writing(engine) as connection:
        store.delete_session(connection, _digest(token))


def switch(person: SignedIn, key: str) -> Acting:
    """Act in another of one's own memberships.

    Raises:
        NotAllowed: the person has no such membership.
    """
    acting = person.acting_as(key)
    if acting is None:
        raise NotAllowed("Deze rol hoort niet bij uw aanmelding.")
    return acting


def set_language(engine: Engine, user_id: int, language: Language) -> None:
    """Remember the language in which a person wants the screens."""
    with writing(engine) as connection:
        store.change_user(connection, user_id, language=language.value)


def set_password(engine: Engine, user_id: int, password: str) -> None:
    """Change a password and end every sign-in of the person.

    Raises:
        Refusal: a weak password.
    """
    password_hash = passwords.hashed(password)
    with writing(engine) as connection:
        store.change_user(connection, user_id, password_hash=password_hash)
        store.delete_sessions(connection, user_id=user_id)


def set_active(engine: Engine, user_id: int, *, active: bool) -> None:
    """Let a person in, or shut them out and end every sign-in."""
    with writing(engine) as connection:
        store.change_user(connection, user_id, active=active)
        if not active:
            store.delete_sessions(connection, user_id=user_id)


def _address(email: str) -> str:
    return email.strip().lower()


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
