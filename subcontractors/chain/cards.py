"""The card of a client: what only a WMO301 asks for, encrypted, apart from everything else."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.chain.parts import Card
from subcontractors.chain.tables import client_card

_PURPOSE = "client-card"


def card_of_client(scope: Scope, vault: Vault, client_id: int) -> Card | None:
    """The card of a client, decrypted."""
    row = scope.one(scope.select(client_card.c.card_encrypted).where(client_card.c.client_id == client_id))
    if row is None:
        return None
    values = json.loads(vault.decrypt(row.card_encrypted, _PURPOSE))
    return Card(**{**values, "birth_date": date.fromisoformat(values["birth_date"])})


def save_card(scope: Scope, vault: Vault, client_id: int, card: Card) -> None:
    """Keep a card, in place of an earlier one."""
    sealed = vault.encrypt(json.dumps(asdict(card), default=str).encode(), _PURPOSE)
    scope.delete(client_card, client_id=client_id)
    scope.insert(client_card, [{"client_id": client_id, "card_encrypted": sealed}])


def keep_if_new(scope: Scope, vault: Vault, client_id: int, card: Card) -> None:
    """Keep a card where there is none; what the lead contractor filled in is not overwritten by a message."""
    if card_of_client(scope, vault, client_id) is None:
        save_card(scope, vault, client_id, card)
