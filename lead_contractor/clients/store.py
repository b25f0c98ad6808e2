"""Clients: known by a pseudonym everywhere, by their BSN only here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from lead_contractor.clients.tables import client
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault

_PURPOSE = "bsn"
_AT_ONCE = 500
_ONE_BY_ONE = 25


class ClientIndex:
    """Finds the client of a BSN for the length of one transaction; new ones are kept until :meth:`save`.

    Only the clients that are asked for are looked up, unless they are asked for one by one in great number. A number
    for a new one is taken under the lock of the lead contractor, so that two uploads at once cannot give the same.
    """

    def __init__(self, scope: Scope, vault: Vault) -> None:
        self._scope = scope
        self._vault = vault
        self._seen: dict[str, int] = {}
        self._asked = 0
        self._all: dict[str, int] | None = None
        self._next = 0
        self._new: list[tuple[int, str, str]] = []

    def id_of(self, bsn: str) -> int:
        """The client's id; a BSN never seen before gets one. For many at once, :meth:`ids_of` is quicker."""
        found = self._seen.get(bsn)
        if found is None:
            self._asked += 1
            if self._asked == _ONE_BY_ONE:
                self._all = self._every_id()
            found = self.ids_of([bsn])[bsn]
        return found

    def ids_of(self, bsns: Iterable[str]) -> dict[str, int]:
        """The clients' ids by BSN, of these and all before; those never seen before get one, in the order given."""
        missing = {bsn: self._vault.bsn_hash(bsn) for bsn in bsns if bsn not in self._seen}
        if missing:
            unknown = self._find(missing)
            if unknown and self._next == 0:
                self._scope.lock()
                self._next = self._scope.last_id(client) + 1
                self._all = None if self._all is None else self._every_id()
                unknown = self._find(unknown)
            for bsn, hashed in unknown.items():
                self._seen[bsn] = self._next
                self._new.append((self._next, bsn, hashed))
                self._next += 1
        return self._seen

    def _find(self, hashes: dict[str, str]) -> dict[str, str]:
        """Remember the ids of stored clients, given hashes by BSN; returns those that are not stored."""
        known = self._ids_by(hashes.values()) if self._all is None else self._all
        self._seen.update({bsn: known[hashed] for bsn, hashed in hashes.items() if hashed in known})
        return {bsn: hashed for bsn, hashed in hashes.items() if hashed not in known}

    def _ids_by(self, hashes: Iterable[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for some in _batches(hashes):
            statement = self._scope.select(client.c.bsn_hash, client.c.id).where(client.c.bsn_hash.in_(some))
            found.update({row.bsn_hash: int(row.id) for row in self._scope.rows(statement)})
        return found

    def _every_id(self) -> dict[str, int]:
        return {
            row.bsn_hash: int(row.id) for row in self._scope.rows(self._scope.select(client.c.bsn_hash, client.c.id))
        }

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
    found: dict[int, str] = {}
    for some in _batches(sorted(set(ids))):
        statement = scope.select(client.c.id, client.c.bsn_encrypted).where(client.c.id.in_(some))
        for row in scope.rows(statement):
            found[int(row.id)] = vault.decrypt(row.bsn_encrypted, _PURPOSE).decode()
    return found


T = TypeVar("T")


def _batches(values: Iterable[T]) -> Iterator[list[T]]:
    """So many at a time that every database takes them in one question."""
    rest = iter(values)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
