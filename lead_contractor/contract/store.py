"""Queries of contracts and the figures under them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from lead_contractor.contract.model import (
    BeschikkingCount,
    Contract,
    CostKind,
    FigureKind,
    IndexFigure,
    OwnCost,
    Receipt,
)
from lead_contractor.contract.tables import beschikking_count, contract, index_figure, own_cost, receipt
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.tables import lead_contractor

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredContract:
    """A contract as it is stored; ``terms`` is its ``contract.toml`` as text."""

    id: int
    code: str
    year: int
    municipality_code: str
    municipality_name: str
    sees: str
    terms: str
    content_hash: str
    final_at: datetime | None


def find_tenant(connection: Connection, agb: str) -> int | None:
    """The lead contractor with an AGB code, if it is known here."""
    found = connection.execute(select(lead_contractor.c.id).where(lead_contractor.c.agb == agb)).scalar_one_or_none()
    return None if found is None else int(found)


def ensure_tenant(connection: Connection, terms: Contract) -> int:
    """The lead contractor of a contract; made when it is not known yet."""
    found = find_tenant(connection, terms.lead_contractor.agb)
    if found is not None:
        return found
    who = terms.lead_contractor
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    made = insert(lead_contractor).values(agb=who.agb, name=who.name, kvk=who.kvk)
    connection.execute(made.on_conflict_do_nothing())  # another load may make the same one at this moment
    return find_tenant(connection, who.agb) or 0


def find_contract(connection: Connection, code: str, lead_agb: str | None = None) -> tuple[int, int]:
    """The lead contractor and contract id of a contract by its code (``HK-2025``).

    This is the one query over all lead contractors: the administrator at the command line may name any contract.

    Raises:
        NotFound: no contract has that code, or more than one and no ``lead_agb`` tells which.
    """
    statement = (
        select(contract.c.lead_contractor_id, contract.c.id, lead_contractor.c.agb)
        .join(lead_contractor, lead_contractor.c.id == contract.c.lead_contractor_id)
        .where(contract.c.code == code)
        .order_by(contract.c.lead_contractor_id)
    )
    if lead_agb is not None:
        statement = statement.where(lead_contractor.c.agb == lead_agb)
    found = connection.execute(statement).all()
    if not found:
        raise NotFound(f"Er is geen contract {code!r} en ook geen map met die naam. Laad het eerst: hoofdsom load MAP")
    if len(found) > 1:
        names = ", ".join(f"{row.agb}/{code}" for row in found)
        raise NotFound(f"Meer hoofdaannemers hebben een contract {code!r}. Noem er een: {names}")
    return int(found[0].lead_contractor_id), int(found[0].id)


def every_contract(connection: Connection) -> list[tuple[int, int]]:
    """Lead contractor and id of every contract; like :func:`find_contract` for the administrator only."""
    found = connection.execute(
        select(contract.c.lead_contractor_id, contract.c.id).order_by(contract.c.lead_contractor_id, contract.c.id)
    )
    return [(int(lead), int(identity)) for lead, identity in found]


def contracts(scope: Scope) -> list[StoredContract]:
    """All contracts of the lead contractor, newest year first."""
    rows = scope.rows(scope.select(contract).order_by(contract.c.year.desc(), contract.c.code))
    return [_stored(row) for row in rows]


def get_contract(scope: Scope, contract_id: int) -> StoredContract:
    """A contract by its id.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    row = scope.one(scope.select(contract).where(contract.c.id == contract_id))
    if row is None:
        raise NotFound("Dit contract bestaat niet.")
    return _stored(row)


def contract_with_code(scope: Scope, code: str) -> StoredContract | None:
    """A contract by its code, if this lead contractor has it."""
    row = scope.one(scope.select(contract).where(contract.c.code == code))
    return None if row is None else _stored(row)


def _stored(row: Any) -> StoredContract:
    return StoredContract(
        int(row.id),
        row.code,
        row.year,
        row.municipality_code,
        row.municipality_name,
        row.sees,
        row.terms,
        row.content_hash,
        row.final_at,
    )


def save_contract(
    scope: Scope, contract_id: int, terms: Contract, source: str, content_hash: str, at: datetime
) -> None:
    """Store a contract's terms; an earlier version of the same contract is replaced."""
    scope.delete(contract, id=contract_id)
    row = {
        "id": contract_id,
        "code": terms.id,
        "year": terms.year,
        "municipality_code": terms.municipality.code,
        "municipality_name": terms.municipality.name,
        "sees": terms.municipality.sees.value,
        "terms": source,
        "content_hash": content_hash,
        "loaded_at": at,
    }
    scope.insert(contract, [row])


def numbered(contract_id: int, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a numbered table, in order."""
    return [{"contract_id": contract_id, "row_number": n, **row} for n, row in enumerate(rows, start=1)]


def save_figures(
    scope: Scope,
    contract_id: int,
    figures: Iterable[IndexFigure],
    counts: Iterable[BeschikkingCount],
    receipts: Iterable[Receipt],
    costs: Iterable[OwnCost],
) -> None:
    """Store the figures under a contract."""
    scope.insert(index_figure, numbered(contract_id, map(_figure_row, figures)))
    scope.insert(
        beschikking_count,
        numbered(contract_id, ({"date": c.date, "active": c.active, "extra": dict(c.extra)} for c in counts)),
    )
    scope.insert(receipt, numbered(contract_id, map(_receipt_row, receipts)))
    scope.insert(own_cost, numbered(contract_id, map(_cost_row, costs)))


def _figure_row(figure: IndexFigure) -> dict[str, Any]:
    return {
        "index_name": figure.index,
        "year": figure.year,
        "kind": figure.kind.value,
        "percent": figure.percent,
        "source": figure.source,
        "extra": dict(figure.extra),
    }


def _receipt_row(paid: Receipt) -> dict[str, Any]:
    return {
        "date": paid.date,
        "amount_cents": int(paid.amount),
        "reference": paid.reference,
        "extra": dict(paid.extra),
    }


def _cost_row(cost: OwnCost) -> dict[str, Any]:
    return {
        "date": cost.date,
        "kind": cost.kind.value,
        "amount_cents": int(cost.amount),
        "description": cost.description,
        "disallowed": cost.disallowed,
        "extra": dict(cost.extra),
    }


def load_numbered(scope: Scope, table: Table, contract_id: int, make: Callable[[Any], T]) -> tuple[T, ...]:
    """The rows of a numbered table under a contract, in order, each made into a value."""
    rows = scope.rows(scope.select(table).where(table.c.contract_id == contract_id).order_by(table.c.row_number))
    return tuple(make(row) for row in rows)


def index_figures(scope: Scope, contract_id: int) -> tuple[IndexFigure, ...]:
    """The index figures under a contract."""
    return load_numbered(
        scope,
        index_figure,
        contract_id,
        lambda r: IndexFigure(r.index_name, r.year, FigureKind(r.kind), r.percent, r.source, r.extra),
    )


def beschikkingen(scope: Scope, contract_id: int) -> tuple[BeschikkingCount, ...]:
    """The numbers of beschikkingen under a contract."""
    return load_numbered(scope, beschikking_count, contract_id, lambda r: BeschikkingCount(r.date, r.active, r.extra))


def receipts(scope: Scope, contract_id: int) -> tuple[Receipt, ...]:
    """The lump-sum payments received."""
    return load_numbered(
        scope, receipt, contract_id, lambda r: Receipt(r.date, Cents(int(r.amount_cents)), r.reference, r.extra)
    )


def own_costs(scope: Scope, contract_id: int) -> tuple[OwnCost, ...]:
    """The lead contractor's own cost."""
    return load_numbered(
        scope,
        own_cost,
        contract_id,
        lambda r: OwnCost(r.date, CostKind(r.kind), Cents(int(r.amount_cents)), r.description, r.disallowed, r.extra),
    )


CONTRACT_TABLES = (index_figure, beschikking_count, receipt, own_cost)
"""What :func:`save_figures` fills; emptied before a contract is loaded anew."""
