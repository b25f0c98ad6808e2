"""What software was answered, by the key that it gave: the same request again gets the same answer, to the byte.

A key belongs to one party with one lead contractor. It is stored in the transaction of what it was given for, so that
after a crash there is neither a key without its work nor work without its key. Only requests that stored something
leave a key: a refusal stores nothing and leaves the key free.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from lead_contractor.access.tables import api_answer
from lead_contractor.kernel.refusals import Conflict
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault

KEPT_FOR = timedelta(days=35)
"""How long a key is remembered; promised are 30 days."""

_FORGET = "DELETE FROM api_answer WHERE lead_contractor_id = :lead AND answered_at < :before"


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it went out; ``location`` may be empty, ``replayed`` says that it went out before."""

    status: int
    media_type: str
    location: str
    body: bytes
    answered_at: datetime
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A request by its party, key and content; ``key`` tells requests of one party apart."""

    party: str
    key: str
    content: bytes

    def content_name(self) -> str:
        """A name for the content itself, where a request has no name of its own."""
        return _sha(self.content)

    def digests(self, vault: Vault) -> tuple[str, str]:
        """The keyed hashes of key and content, under which the answer is kept."""
        return vault.fingerprint(_sha(b"key:" + self.key.encode())), vault.fingerprint(_sha(self.content))


class KeyUsed(Conflict):
    """The key was given before with other content; both fingerprints and the moment of the first are told."""

    def __init__(self, key: str, first: str, first_at: datetime, now: str, now_at: datetime) -> None:
        self.key, self.first, self.first_at, self.now, self.now_at = key, first, first_at, now, now_at
        super().__init__(
            f"De sleutel {key} is eerder gebruikt voor een andere inhoud ({first_at:%Y-%m-%dT%H:%M:%SZ}). "
            "Geef een nieuwe inhoud een nieuwe sleutel."
        )


def find(scope: Scope, vault: Vault, request: Request, at: datetime) -> Kept | None:
    """The answer that was given to this request before; ``None`` if it is new.

    Raises:
        KeyUsed: the key was given before with other content.
    """
    key, content = request.digests(vault)
    row = scope.one(scope.select(api_answer).where(api_answer.c.party == request.party, api_answer.c.key_digest == key))
    if row is None:
        return None
    if row.content_digest != content:
        raise KeyUsed(request.key, row.content_digest[:12], row.answered_at, content[:12], at)
    body = zlib.decompress(vault.decrypt(row.body_encrypted, _purpose(key)))
    return Kept(row.status, row.media_type, row.location, body, row.answered_at, replayed=True)


def keep(scope: Scope, vault: Vault, request: Request, answer: Kept) -> None:
    """Remember what is about to be answered, in the transaction of the work itself; old answers go."""
    key, content = request.digests(vault)
    scope.sql(_FORGET, before=answer.answered_at - KEPT_FOR)
    row = {
        "party": request.party,
        "key_digest": key,
        "content_digest": content,
        "status": answer.status,
        "media_type": answer.media_type,
        "location": answer.location,
        "body_encrypted": vault.encrypt(zlib.compress(answer.body, 6), _purpose(key)),
        "answered_at": answer.answered_at,
    }
    scope.insert(api_answer, [row])


def _sha(content: bytes) -> str:
    return sha256(content).hexdigest()


def _purpose(key: str) -> str:
    return f"api-answer:{key}"
