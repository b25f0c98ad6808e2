"""Use cases of starts and stops: look at what was reported and what became of it, type one, take one back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from lead_contractor.clients.store import bsns
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.chain.tables import judged_report
from subcontractors.declarations.tables import report
from subcontractors.portal import marks, service, store, years
from subcontractors.portal.allocations import OwnAllocation, labelled, own_allocations
from subcontractors.portal.model import Provider, Year, masked
from subcontractors.portal.reports import FIRST, WITHDRAWN, Kind, Typed, Wrong, free_identification, message_of, wrongs

MOST = 200


@dataclass(frozen=True, slots=True)
class Reported:
    """A start or stop that came in, with what became of it; ``codes`` are those of the 306 or 308."""

    kind: Kind
    allocation: str
    client_id: int
    bsn: str
    mark: str
    product_code: str
    begin: date
    end: date | None
    reason: str
    status: str
    received: date
    accepted: bool
    codes: tuple[str, ...]
    undone: bool = False

    @property
    def masked(self) -> str:
        """The BSN as screens show it."""
        return masked(self.bsn)

    @property
    def can_be_undone(self) -> bool:
        """Whether it may be withdrawn: accepted, itself no withdrawal, and not withdrawn yet."""
        return self.accepted and self.status != WITHDRAWN and not self.undone

    @property
    def key(self) -> tuple[object, ...]:
        """What a withdrawal repeats (IV008)."""
        return self.kind, self.client_id, self.allocation, self.product_code, self.begin, self.end, self.reason


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """The starts and stops of a contract year, the newest first, and the allocations to report on."""

    year: Year
    allocations: tuple[OwnAllocation, ...]
    reported: tuple[Reported, ...]
    started: frozenset[str]

    @property
    def not_started(self) -> tuple[OwnAllocation, ...]:
        """The allocations for which no start stands."""
        return tuple(one for one in self.allocations if one.key not in self.started)


def reports_page(engine: Engine, master_key: bytes, who: Provider, contract_id: int) -> ReportsPage | None:
    """What was reported and what may be; ``None`` without such a contract year."""
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        year = years.year_of(scope, who, contract_id)
        if year is None:
            return None
        vault = Vault(master_key, who.lead_contractor_id)
        known = marks.known(scope, vault, who.agb)
        own = labelled(own_allocations(scope, vault, contract_id, who.agb), known)
        found = _reported(scope, vault, contract_id, who.agb, known)
    standing = [one for one in found if one.can_be_undone]
    started = frozenset(one.allocation for one in standing if one.kind is Kind.START)
    return ReportsPage(year, own, tuple(found[:MOST]), started)


def keep_report(
    engine: Engine, master_key: bytes, who: Provider, contract_id: int, typed: Typed, now: datetime
) -> str | tuple[Wrong, ...] | None:
    """Make a draft of a typed report.

    Returns:
        the token of the draft, or what is wrong with it; ``None`` without such a contract year.

    Raises:
        UploadRefused: the year is settled for good.
    """
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        year = years.year_of(scope, who, contract_id)
        if year is None:
            return None
        vault = Vault(master_key, who.lead_contractor_id)
        own = {one.key: one for one in own_allocations(scope, vault, contract_id, who.agb)}
        today = years.local_day(now)
        wrong = wrongs(typed, own, today)
        if wrong:
            return wrong
        identification = free_identification(typed.kind, today, store.identifications(scope, contract_id, who.agb))
    content = message_of(typed, own[typed.allocation], who.agb, year.municipality_code, identification, today)
    name = f"{typed.kind}melding-{identification}.xml"
    return service.keep_draft(engine, master_key, who, contract_id, name, content, now, channel="form")


def _reported(scope: Scope, vault: Vault, contract_id: int, agb: str, known: dict[int, str]) -> list[Reported]:
    """Every start and stop of a sender, the newest first; what was judged with its codes."""
    judged = scope.rows(
        scope.select(judged_report)
        .where(judged_report.c.contract_id == contract_id, judged_report.c.sender == agb)
        .order_by(judged_report.c.received.desc(), judged_report.c.id.desc())
    )
    plain = scope.rows(
        scope.select(report)
        .where(report.c.contract_id == contract_id, report.c.sender == agb)
        .order_by(report.c.received.desc(), report.c.id.desc())
    )
    with_codes = {int(row.message_id) for row in judged}
    rest = [row for row in plain if int(row.message_id) not in with_codes]
    people = bsns(scope, vault, {int(row.client_id) for row in (*judged, *rest)})
    made = [
        _one(row, people, known, status=row.status, accepted=bool(row.accepted), codes=tuple(_flat(row.codes)))
        for row in judged
    ]
    made += [
        _one(row, people, known, status=WITHDRAWN if row.deletes else FIRST, accepted=True, codes=()) for row in rest
    ]
    gone = {one.key for one in made if one.accepted and one.status == WITHDRAWN}
    return sorted(
        (one if one.status == WITHDRAWN or one.key not in gone else _undone(one) for one in made),
        key=lambda one: one.received,
        reverse=True,
    )


def _one(
    row: Any, people: dict[int, str], known: dict[int, str], *, status: str, accepted: bool, codes: tuple[str, ...]
) -> Reported:
    client_id = int(row.client_id)
    return Reported(
        kind=Kind(row.kind),
        allocation=row.allocation_number or getattr(row, "matched_number", ""),
        client_id=client_id,
        bsn=people[client_id],
        mark=known.get(client_id, ""),
        product_code=row.product_code,
        begin=row.begin_date,
        end=row.end_date,
        reason=row.reason,
        status=status,
        received=row.received,
        accepted=accepted,
        codes=codes,
    )


def _undone(one: Reported) -> Reported:
    return replace(one, undone=True)


def _flat(codes: object) -> list[str]:
    """Return codes, whether kept as a list or by the class they belong to."""
    if isinstance(codes, dict):
        return [code for group in codes.values() for code in _flat(group)]
    if isinstance(codes, list | tuple):
        return [code for one in codes for code in ([one] if isinstance(one, str) else _flat(one))]
    return []
