"""Tokens with which software comes in: made and revoked by a person with the right, shown once, kept as a hash.

A token stands for one party with one lead contractor: a provider by its AGB code, or the lead contractor itself. Its
secret part is 256 bits of chance, so that a plain SHA-256 is enough: there is nothing to guess and no list to try.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import Engine

from lead_contractor.access import store, token_store
from lead_contractor.access.model import Acting, Role
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.refusals import NotAllowed, NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope

LONGEST_LIFE = timedelta(days=731)
ORDINARY_LIFE = timedelta(days=365)
MOST_TOKENS = 50
"""How many working tokens one party may have with one lead contractor."""

LONGEST_LABEL = 100
USED_WITHIN = timedelta(hours=1)
"""How exactly is remembered when a token was last used; more often would make every look a write."""

_SHAPE = re.compile(r"hs_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")


class TokenScope(StrEnum):
    """What a token lets software do."""

    DECLARATIONS_READ = "declarations:read"
    DECLARATIONS_WRITE = "declarations:write"
    REPORTS_READ = "reports:read"
    REPORTS_WRITE = "reports:write"
    ALLOCATIONS_READ = "allocations:read"
    AGREEMENTS_READ = "agreements:read"
    RETURNS_READ = "returns:read"
    RETURNS_WRITE = "returns:write"
    PAYMENTS_READ = "payments:read"
    LEAD_READ = "lead:read"


SCOPES_OF: dict[Role, tuple[TokenScope, ...]] = {
    Role.PROVIDER: tuple(scope for scope in TokenScope if scope is not TokenScope.LEAD_READ),
    Role.CONTROLLER: (TokenScope.LEAD_READ,),
    Role.MUNICIPALITY: (),
}
"""What the software of each role can be allowed at all."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it may be shown; moments are UTC, ``party`` is an AGB code or empty for the lead contractor.

    ``maker_left`` once the person who made it acts for the party no more: it lets nobody in then.
    """

    id: int
    public_id: str
    lead_contractor_id: int
    role: Role
    party: str
    label: str
    scopes: frozenset[TokenScope]
    made_by: str
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str = ""
    maker_left: bool = False

    def works(self, now: datetime) -> bool:
        """Whether it lets anybody in at this moment."""
        return self.revoked_at is None and not self.maker_left and now < self.expires_at


def make_token(
    engine: Engine,
    owner: Acting,
    label: str,
    scopes: Collection[str],
    now: datetime,
    life: timedelta = ORDINARY_LIFE,
) -> tuple[Token, str]:
    """Make a token for the party for which a person acts.

    Returns:
        the token as it may be shown, and its text, which is nowhere to be found again.

    Raises:
        NotAllowed: the role of the person has no tokens, or not with one of these scopes.
        Refusal: no label, no scope, a life that is too long, or too many tokens already.
    """
    allowed = {str(scope) for scope in SCOPES_OF[owner.role]}
    wanted = {str(scope) for scope in scopes}
    if not allowed or wanted - allowed:
        raise NotAllowed("Met deze rol kan een token dit niet mogen.")
    named = " ".join(label.split())
    if not named or len(named) > LONGEST_LABEL or not named.isprintable():
        raise Refusal(f"Geef het token een naam van ten hoogste {LONGEST_LABEL} tekens.")
    if not wanted:
        raise Refusal("Kies ten minste één recht voor het token.")
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise Refusal(f"Een token geldt ten minste een dag en ten hoogste {LONGEST_LIFE.days} dagen.")
    public, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    with writing(engine) as connection:
        scope = Scope(connection, owner.lead_contractor_id)
        scope.lock()
        held = [one for one in token_store.tokens(scope) if (one.role, one.party) == (owner.role, owner.party)]
        if sum(_token(row).works(now) for row in held) >= MOST_TOKENS:
            raise Refusal(f"Er zijn al {MOST_TOKENS} geldige tokens. Trek er eerst een in.")
        token = Token(
            id=token_store.next_id(scope),
            public_id=public,
            lead_contractor_id=owner.lead_contractor_id,
            role=owner.role,
            party=owner.party,
            label=named,
            scopes=frozenset(TokenScope(one) for one in wanted),
            made_by=owner.user_name,
            made_at=now,
            expires_at=now + life,
        )
        token_store.insert_token(scope, _row(token, owner.user_id, _digest(secret)))
    return token, f"hs_{public}_{secret}"


def tokens_of(engine: Engine, owner: Acting) -> tuple[Token, ...]:
    """The tokens that a person looks after, newest first: those of the own party; to a controller also of providers."""
    with reading(engine) as connection:
        found = [_token(row) for row in token_store.tokens(Scope(connection, owner.lead_contractor_id))]
    return tuple(one for one in found if looks_after(owner, one))


def looks_after(owner: Acting, token: Token) -> bool:
    """Whether a person may see and revoke a token."""
    if owner.role is Role.CONTROLLER:
        return True
    return (owner.role, owner.party) == (token.role, token.party)


def revoke_token(engine: Engine, owner: Acting, token_id: int, now: datetime) -> Token:
    """Make a token worthless from this moment; one that was revoked stays as it was.

    Raises:
        NotFound: there is no such token, or it is not this person's to look after.
    """
    with writing(engine) as connection:
        scope = Scope(connection, owner.lead_contractor_id)
        row = token_store.token(scope, token_id)
        token = None if row is None else _token(row)
        if token is None or not looks_after(owner, token):
            raise NotFound("Dit token is er niet.")
        if token.revoked_at is None:
            token_store.change_token(scope, token.id, revoked_at=now, revoked_by=owner.user_name)
    return token


def resume_token(engine: Engine, text: str, now: datetime) -> Token | None:
    """The token of this text, if it works at this moment; ``None`` tells nothing of why it does not."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        return None
    with reading(engine) as connection:
        row = store.token_with_hash(connection, shape[1])
    known = "" if row is None else row.secret_hash
    if not hmac.compare_digest(_digest(shape[2]), known) or row is None:
        return None
    token = _token(row)
    return token if token.works(now) else None


def remember_use(engine: Engine, token: Token, now: datetime) -> None:
    """Write down that a token was used at this moment."""
    with writing(engine) as connection:
        token_store.change_token(Scope(connection, token.lead_contractor_id), token.id, last_used_at=now)


def used_lately(token: Token, now: datetime) -> bool:
    """Whether what stands down about its use is exact enough."""
    return token.last_used_at is not None and now - token.last_used_at < USED_WITHIN


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _row(token: Token, made_by_user: int, secret_hash: str) -> dict[str, object]:
    return {
        "id": token.id,
        "public_id": token.public_id,
        "secret_hash": secret_hash,
        "role": token.role.value,
        "party": token.party,
        "label": token.label,
        "scopes": sorted(token.scopes),
        "made_by": token.made_by,
        "made_by_user": made_by_user,
        "made_at": token.made_at,
        "expires_at": token.expires_at,
    }


def _token(row: token_store.Row) -> Token:
    known = {str(scope) for scope in TokenScope}
    return Token(
        id=int(row.id),
        public_id=row.public_id,
        lead_contractor_id=int(row.lead_contractor_id),
        role=Role(row.role),
        party=row.party,
        label=row.label,
        scopes=frozenset(TokenScope(one) for one in row.scopes if one in known),
        made_by=row.made_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
        maker_left=bool(row.maker_left),
    )
