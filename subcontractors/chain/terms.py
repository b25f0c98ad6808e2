"""What was agreed on messages, of a stored contract."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from lead_contractor.contract.model import MessageMode, MessageTerms
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.tables import lead_contractor
from subcontractors.chain.dialect import Dialect, dialect_of

_HERE = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class ChainTerms:
    """Who writes to whom and how: the contract, the municipality's code, our own AGB code, mode and number range."""

    contract_id: int
    municipality: str
    lead_agb: str
    messages: MessageTerms

    @property
    def dialect(self) -> Dialect:
        """The switches of the mode."""
        return dialect_of(self.messages.mode)

    @property
    def agreed(self) -> str:
        """The municipality code that is good without being on the list; empty in strict mode (TR378)."""
        return self.municipality if self.dialect.trusts_own_municipality else ""


def terms_of(scope: Scope, contract_id: int) -> ChainTerms:
    """The terms of a contract, as its ``contract.toml`` has them under ``[messages]``.

    Raises:
        NotFound: there is no such contract.
    """
    stored = get_contract(scope, contract_id)
    row = scope.one(scope.select(lead_contractor.c.agb).where(lead_contractor.c.id == scope.lead_contractor_id))
    return ChainTerms(contract_id, stored.municipality_code, row.agb if row else "", _message_terms(stored.terms))


@lru_cache(maxsize=64)
def _message_terms(written: str) -> MessageTerms:
    """What a ``contract.toml`` says of messages; the same text is read once."""
    said = tomllib.loads(written).get("messages", {})
    return MessageTerms(
        MessageMode(said.get("mode", MessageMode.DIALECT)),
        int(said.get("first_number", MessageTerms().first_number)),
    )


def local_day(at: datetime) -> date:
    """The Dutch day of a moment: what a Dagtekening is held against (TR135)."""
    return at.astimezone(_HERE).date()


def local_moment(at: datetime) -> str:
    """A moment as Toewijzingsdatum and Toewijzingstijd: Dutch time, whole seconds."""
    return at.astimezone(_HERE).replace(tzinfo=None, microsecond=0).isoformat()
