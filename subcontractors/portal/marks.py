"""The provider's own mark (eigen kenmerk) of each client, by which it is recognised on screens; kept encrypted."""

from __future__ import annotations

from collections.abc import Mapping

from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.portal.tables import client_mark

LONGEST = 20
_PURPOSE = "client-mark"


def known(scope: Scope, vault: Vault, agb: str) -> dict[int, str]:
    """The marks of a provider, by client."""
    rows = scope.rows(scope.select(client_mark).where(client_mark.c.party == agb))
    return {int(row.client_id): vault.decrypt(row.mark_encrypted, _PURPOSE).decode() for row in rows}


def keep(scope: Scope, vault: Vault, agb: str, marks: Mapping[int, str]) -> None:
    """Keep marks as given; an empty one is taken away."""
    for client_id, mark in marks.items():
        scope.delete(client_mark, party=agb, client_id=client_id)
        plain = tidy(mark)
        if plain:
            sealed = vault.encrypt(plain.encode(), _PURPOSE)
            scope.insert(client_mark, [{"party": agb, "client_id": client_id, "mark_encrypted": sealed}])


def tidy(mark: str) -> str:
    """A mark without signs that do not print, at most twenty long; what looks like a BSN is not kept."""
    plain = "".join(sign for sign in mark.strip() if sign.isprintable())[:LONGEST].strip()
    return "" if sum(sign.isdigit() for sign in plain) > 8 else plain  # noqa: PLR2004 - a BSN has nine digits
