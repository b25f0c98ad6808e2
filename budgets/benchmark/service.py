"""Use cases of the comparison: the table that holds, our own spending beside it, and taking a newer table in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from budgets.benchmark import store
from budgets.benchmark.model import Own, Table
from budgets.benchmark.reader import read
from budgets.use.service import year_position
from budgets.year_folder.stored import contract_of
from lead_contractor.contract.store import StoredContract
from lead_contractor.kernel.refusals import Conflict, NotFound, Refusal, Unsound
from lead_contractor.kernel.tenancy import Scope

LONGEST_SOURCE = 300


def table_of(scope: Scope, version: int | None = None) -> Table:
    """A version of the table; without a number the newest, and the one of the product where none was taken in.

    Raises:
        NotFound: there is no such version.
    """
    wanted = store.newest_hash(scope)[0] if version is None else version
    found = store.table(scope, wanted)
    if found is None:
        raise NotFound("Deze versie van de vergelijking is er niet.")
    return found


def versions(scope: Scope) -> list[Table]:
    """All versions, the newest first, without rows; last the one that comes with the product."""
    return [*store.versions(scope), store.packed()]


def own_spending(scope: Scope, contracts: Iterable[StoredContract]) -> tuple[Own, ...]:
    """What contract years cost, as far as is recorded; a year in which nothing was recorded is left out.

    The cost is the eligible cost of the books: what the municipality has the lead contractor do, not all that it
    spends on support.
    """
    found = []
    for stored in contracts:
        position = year_position(scope, stored.id)
        if not position.recorded:
            continue
        contract = contract_of(stored)
        whole = position.settled or position.complete == len(position.year_months)
        found.append(
            Own(
                code=stored.municipality_code,
                municipality=stored.municipality_name,
                year=stored.year,
                cost=position.now.cost.total,
                inhabitants=contract.municipality.inhabitants,
                complete=whole and len(contract.months) == 12,  # noqa: PLR2004 - a year
                contract=stored.code,
            )
        )
    return tuple(found)


def take_in(scope: Scope, name: str, content: bytes, source: str, by: str, at: datetime) -> Table:
    """Keep a newer table as the next version; what was there stays.

    Args:
        scope: the lead contractor, in a writing transaction.
        name: of the file.
        content: its bytes: our own columns or an export of CBS open data.
        source: where it comes from, in words.
        by: who does this.
        at: the moment.

    Raises:
        Refusal: no source is named.
        Unsound: the file has errors; the findings name row and column.
        Conflict: the newest table came from the same file.
    """
    scope.lock()
    said = " ".join(source.split())
    if not said or len(said) > LONGEST_SOURCE:
        raise Refusal(f"Noem de bron van de tabel, in ten hoogste {LONGEST_SOURCE} tekens.")
    newest, known = store.newest_hash(scope)
    digest = hashlib.sha256(content).hexdigest()
    if digest == known:
        raise Conflict(f"Dit bestand is al ingelezen als versie {newest}.")
    rows, findings = read(name, content, table_of(scope).rows)
    if findings:
        raise Unsound(findings)
    made = Table(newest + 1, name[:255], said, rows, at, by)
    store.save(scope, made, digest, at)
    return made
