"""Passwords: argon2id, and nothing that tells by its timing whether an account exists."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lead_contractor.kernel.refusals import Refusal

SHORTEST = 12
LONGEST = 256
_HASHER = PasswordHasher()


def hashed(password: str) -> str:
    """Hash a new password.

    Raises:
        Refusal: shorter than 12 or longer than 256 characters, or one character over and over.
    """
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < SHORTEST // 3:
        raise Refusal(
            f"Kies een wachtwoord van {SHORTEST} tot {LONGEST} tekens, met ten minste {SHORTEST // 3} verschillende."
        )
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed; without a hash the same work is done in vain."""
    if len(password) > LONGEST:
        return False
    try:
        _HASHER.verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def _nobody() -> str:
    return _HASHER.hash("the password of nobody at all")
