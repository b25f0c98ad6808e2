"""Who may come in, and as whom they act."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is to a lead contractor."""

    CONTROLLER = "controller"
    PROVIDER = "provider"
    MUNICIPALITY = "municipality"


class Language(StrEnum):
    """The languages of the screens."""

    DUTCH = "nl"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class User:
    """A person who can sign in; ``email`` is in lower case and unique."""

    id: int
    email: str
    name: str
    language: Language = Language.DUTCH
    active: bool = True


@dataclass(frozen=True, slots=True)
class Membership:
    """One capacity of a person with one lead contractor.

    ``party`` is the AGB code of a provider, the CBS code of a municipality and empty for a controller.
    """

    lead_contractor_id: int
    lead_contractor_name: str
    role: Role
    party: str
    party_name: str

    @property
    def key(self) -> str:
        """A short text that tells a person's memberships apart, for forms and the session."""
        return f"{self.lead_contractor_id}-{self.role}-{self.party}"


@dataclass(frozen=True, slots=True)
class Acting:
    """A signed-in person in the one capacity in which they act now."""

    user_id: int
    user_name: str
    lead_contractor_id: int
    lead_contractor_name: str
    role: Role
    party: str
    party_name: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in person with all memberships, in a fixed order; the first acts unless another is chosen."""

    user: User
    memberships: tuple[Membership, ...]

    def acting_as(self, key: str) -> Acting | None:
        """The person in the membership with this key; ``None`` where there is no such membership."""
        for membership in self.memberships:
            if membership.key == key:
                return Acting(
                    self.user.id,
                    self.user.name,
                    membership.lead_contractor_id,
                    membership.lead_contractor_name,
                    membership.role,
                    membership.party,
                    membership.party_name,
                )
        return None
