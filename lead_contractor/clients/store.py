"""Clients: known by a pseudonym everywhere, by their BSN only here."""

from __future__ import annotations

from collections.abc import Iterable

from lead_contractor.clients.tables import client
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault

_PURPOSE = "bsn"


class ClientIndex:
    """Finds the client of a BSN for the length of one transaction; new ones are kept until :meth:`save`."""

    def __init__(self, scope: Scope, vault: Vault) -> None:
        self._scope = scope
        self._vault = vault
        self._seen: dict[str, int] = {}
        self._known = {row.bsn_hash: int(row.id) for row in scope.rows(scope.select(client.c.bsn_hash, client.c.id))}
        self._next = max(self._known.values(), default=0) + 1
        self._new: list[tuple[int, str, str]] = []

    def id_of(self, bsn: str) -> int:
        """The client's id; a BSN never seen before gets one."""
        found = self._seen.get(bsn)
        if found is None:
            hashed = self._vault.bsn_hash(bsn)
            found = self._known.get(hashed)
            if found is None:
                found = self._next
                self._next += 1
                self._known[hashed] = found
                self._new.append((found, bsn, hashed))
            self._seen[bsn] = found
        return found

    def save(self) -> None:
        """Store the new clients: BSN encrypted, hash and pseudonym beside it."""
        rows = [
            (number, self._vault.pseudonym(bsn), hashed, self._vault.encrypt(bsn.encode(), _PURPOSE))
            for number, bsn, hashed in self._new
        ]
        self._scope.bulk_insert(client, ["id", "pseudonym", "bsn_hash", "bsn_encrypted"], rows)
        self._new.clear()


def bsns(scope: Scope, vault: Vault, ids: Iterable[int]) -> dict[int, str]:
    """The BSNs of clients by id, decrypted: for answers and exports only."""
    wanted = set(ids)
    found = scope.rows(scope.select(client.c.id, client.c.bsn_encrypted))
    return {int(row.id): vault.decrypt(row.bsn_encrypted, _PURPOSE).decode() for row in found if row.id in wanted}
