"""The memorandum of commitments kept up to date for allocations that the lead contractor makes or changes itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from budgets.year_folder.stored import agreements_of
from budgets.year_folder.table_checks import covering
from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.allocation.tables import allocation
from lead_contractor.contract.model import Contract
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.commitments import commitment, tariff_for
from subcontractors.agreements.model import Tariff
from subcontractors.agreements.store import save_commitments, tariffs
from subcontractors.agreements.tables import commitment as commitment_table


def recommit(scope: Scope, contract_id: int, contract: Contract, numbers: Sequence[str]) -> None:
    """Bring what these allocations commit in line with what they are now."""
    rows = scope.rows(
        scope.select(allocation).where(
            allocation.c.contract_id == contract_id, allocation.c.number_key.in_(list(numbers))
        )
    )
    agreements = agreements_of(scope, contract_id, contract)
    dated: dict[tuple[str, str, str], list[Tariff]] = defaultdict(list)
    for tariff in tariffs(scope, contract_id):
        dated[tariff.subcontractor, tariff.product_code, tariff.unit].append(tariff)
    made = []
    for row in rows:
        scope.delete(commitment_table, contract_id=contract_id, allocation_number=row.number)
        one = _allocation(row)
        own = [agreement for agreement in agreements if agreement.subcontractor == one.subcontractor]
        found = commitment(one, covering(own, one), tariff_for(one, dated))
        if found is not None:
            made.append(found)
    save_commitments(scope, contract_id, made)


def _allocation(row: Any) -> Allocation:
    return Allocation(
        number=row.number,
        bsn="",
        subcontractor=row.subcontractor,
        category=row.category,
        start=row.start_date,
        product_code=row.product_code,
        end=row.end_date,
        volume=None if row.volume is None else int(row.volume),
        unit=Unit(row.unit) if row.unit else None,
        frequency=Frequency(row.frequency) if row.frequency else None,
        budget=None if row.budget_cents is None else Cents(int(row.budget_cents)),
        reason_change=row.reason_change,
        area=row.area,
        client_group=row.client_group,
    )
