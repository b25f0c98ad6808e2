"""Queries of allocations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lead_contractor.allocation.model import Allocation, Frequency, Unit, number_key
from lead_contractor.allocation.tables import allocation
from lead_contractor.clients.store import ClientIndex
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope

_NAMES = [
    "id",
    "contract_id",
    "number",
    "number_key",
    "client_id",
    "subcontractor",
    "category",
    "product_code",
    "start_date",
    "end_date",
    "start_day",
    "end_day",
    "volume",
    "unit",
    "frequency",
    "term_limit",
    "budget_cents",
    "reason_change",
    "crisis",
    "specific",
    "area",
    "client_group",
    "decided_on",
    "extra",
]

TermLimit = Callable[[Allocation], int | None]
"""Says how much an allocation allows over its whole term, in its own unit; ``None`` is no limit."""


def save_allocations(
    scope: Scope, contract_id: int, given: Iterable[Allocation], clients: ClientIndex, term_limit: TermLimit
) -> None:
    """Store allocations; the BSN goes to the vault's table and stays there."""
    first = scope.last_id(allocation) + 1
    rows = [_row(first + n, contract_id, one, clients.id_of(one.bsn), term_limit(one)) for n, one in enumerate(given)]
    clients.save()
    scope.bulk_insert(allocation, _NAMES, rows)


def _row(identity: int, contract_id: int, one: Allocation, client_id: int, term_limit: int | None) -> tuple[Any, ...]:
    return (
        identity,
        contract_id,
        one.number,
        number_key(one.number),
        client_id,
        one.subcontractor,
        one.category,
        one.product_code,
        one.start,
        one.end,
        one.start.toordinal(),
        one.end.toordinal() if one.end else None,
        one.volume,
        one.unit.value if one.unit else "",
        one.frequency.value if one.frequency else "",
        term_limit,
        None if one.budget is None else int(one.budget),
        one.reason_change,
        "crisis" in one.flags,
        "specific" in one.flags,
        one.area,
        one.client_group,
        one.decided_on,
        dict(one.extra),
    )


def allocations(scope: Scope, contract_id: int, bsn_of: Callable[[int], str]) -> tuple[Allocation, ...]:
    """The allocations of a contract year, by number; ``bsn_of`` gives the BSN of a client id (for export)."""
    rows = scope.rows(
        scope.select(allocation).where(allocation.c.contract_id == contract_id).order_by(allocation.c.number)
    )
    return tuple(_allocation(row, bsn_of) for row in rows)


def _allocation(row: Any, bsn_of: Callable[[int], str]) -> Allocation:
    flags = {name for name, on in (("crisis", row.crisis), ("specific", row.specific)) if on}
    return Allocation(
        number=row.number,
        bsn=bsn_of(int(row.client_id)),
        subcontractor=row.subcontractor,
        category=row.category,
        start=row.start_date,
        product_code=row.product_code,
        end=row.end_date,
        volume=row.volume,
        unit=Unit(row.unit) if row.unit else None,
        frequency=Frequency(row.frequency) if row.frequency else None,
        budget=None if row.budget_cents is None else Cents(int(row.budget_cents)),
        reason_change=row.reason_change,
        flags=frozenset(flags),
        area=row.area,
        client_group=row.client_group,
        decided_on=row.decided_on,
        extra=row.extra,
    )
