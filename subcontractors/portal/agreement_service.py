"""Use cases of Mijn afspraken: agreements, tariffs, allocations with what is left, ceilings with what was used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.agreements.model import Agreement, Tariff
from subcontractors.agreements.pxq import PxqTerms
from subcontractors.agreements.service import production
from subcontractors.agreements.standing import own_agreements
from subcontractors.agreements.store import tariffs
from subcontractors.portal import marks, years
from subcontractors.portal.allocations import OwnAllocation, labelled, own_allocations
from subcontractors.portal.model import Provider, Year


@dataclass(frozen=True, slots=True)
class CeilingUse:
    """How much of a ceiling was used: what counts in it, and from which amount that is signalled."""

    amount: Cents
    used: Cents
    outside: Cents
    signal: Cents | None

    @property
    def left(self) -> Cents:
        """What may still be declared under it; zero when it is used up."""
        return Cents(max(0, self.amount - self.used))

    @property
    def signalled(self) -> bool:
        """Whether the signal was passed."""
        return self.signal is not None and self.used >= self.signal

    @property
    def passed(self) -> bool:
        """Whether more was declared than is paid."""
        return self.used > self.amount


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement of the provider with, where it has one, the use of its ceiling."""

    agreement: Agreement
    ceiling: CeilingUse | None


@dataclass(frozen=True, slots=True)
class AgreementsPage:
    """What a provider agreed on in a contract year."""

    year: Year
    agreed: tuple[Agreed, ...]
    tariffs: tuple[Tariff, ...]
    allocations: tuple[OwnAllocation, ...]
    all_allocations: int


def agreements_page(
    engine: Engine, master_key: bytes, who: Provider, contract_id: int | None, search: str, now: datetime
) -> AgreementsPage | None:
    """Agreements, tariffs and allocations, those that ``search`` finds; ``None`` without such a contract year."""
    year = years.chosen_year(engine, who, contract_id, now)
    if year is None:
        return None
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        vault = Vault(master_key, who.lead_contractor_id)
        own = own_agreements(scope, year.contract_id, who.agb)
        produced = production(scope, year.contract_id, year, own)
        known = labelled(own_allocations(scope, vault, year.contract_id, who.agb), marks.known(scope, vault, who.agb))
        agreed = []
        for one in own:
            made = produced.get(one.id)
            agreed.append(Agreed(one, _ceiling(one, made.amount if made else 0, made.always_paid if made else 0)))
        held = tuple(one for one in tariffs(scope, year.contract_id) if one.subcontractor == who.agb)
    return AgreementsPage(year, tuple(agreed), held, _found(known, search), len(known))


def keep_marks(engine: Engine, master_key: bytes, who: Provider, given: Mapping[int, str]) -> None:
    """Keep the provider's own marks of clients; only of clients for whom it has an allocation."""
    with writing(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        vault = Vault(master_key, who.lead_contractor_id)
        own = {
            one.client_id
            for year in years.years_of(scope, who)
            for one in own_allocations(scope, vault, year.contract_id, who.agb)
        }
        marks.keep(scope, vault, who.agb, {client: mark for client, mark in given.items() if client in own})


def _ceiling(agreement: Agreement, produced: int, always_paid: int) -> CeilingUse | None:
    terms = agreement.terms
    if not isinstance(terms, PxqTerms) or terms.ceiling is None:
        return None
    return CeilingUse(
        terms.ceiling.amount, Cents(produced - always_paid), Cents(always_paid), terms.ceiling.signal_amount
    )


def _found(known: Sequence[OwnAllocation], search: str) -> tuple[OwnAllocation, ...]:
    """The allocations in which a search is found: number, own mark, product, or the last digits of a BSN."""
    wanted = search.strip().casefold()
    if not wanted:
        return tuple(known)
    return tuple(
        one
        for one in known
        if wanted in f"{one.number} {one.label} {one.product_code} {one.category}".casefold()
        or one.masked.lstrip("*") == wanted
    )
