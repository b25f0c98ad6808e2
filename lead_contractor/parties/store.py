"""Queries of the parties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Size, Subcontractor
from lead_contractor.parties.tables import subcontractor


def save_subcontractors(scope: Scope, contract_id: int, parties: Iterable[Subcontractor]) -> None:
    """Store the subcontractors of a contract year."""
    scope.insert(subcontractor, (_row(contract_id, party) for party in parties))


def _row(contract_id: int, party: Subcontractor) -> dict[str, Any]:
    return {
        "contract_id": contract_id,
        "agb": party.agb,
        "name": party.name,
        "kvk": party.kvk,
        "iban": party.iban,
        "size": party.size.value if party.size else None,
        "consent_date": party.consent_date,
        "active_from": party.active_from,
        "active_to": party.active_to,
        "extra": dict(party.extra),
    }


def subcontractors(scope: Scope, contract_id: int) -> tuple[Subcontractor, ...]:
    """The subcontractors of a contract year, by AGB."""
    rows = scope.rows(
        scope.select(subcontractor).where(subcontractor.c.contract_id == contract_id).order_by(subcontractor.c.agb)
    )
    return tuple(
        Subcontractor(
            agb=row.agb,
            name=row.name,
            kvk=row.kvk,
            iban=row.iban,
            size=Size(row.size) if row.size else None,
            consent_date=row.consent_date,
            active_from=row.active_from,
            active_to=row.active_to,
            extra=row.extra,
        )
        for row in rows
    )
