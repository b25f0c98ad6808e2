"""The contract years of a lead contractor, as those who deliver to it know them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lead_contractor.contract.tables import contract
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.tables import subcontractor


@dataclass(frozen=True, slots=True)
class ContractYear:
    """A contract year; what comes in after ``cut_off`` belongs to no settlement, after ``final_at`` nothing does."""

    contract_id: int
    code: str
    year: int
    municipality_code: str
    municipality_name: str
    cut_off: date
    corrections_until: date
    final_at: datetime | None

    @property
    def closed(self) -> bool:
        """Whether the year is settled for good."""
        return self.final_at is not None


def contract_years(scope: Scope, subcontractor_agb: str | None = None) -> tuple[ContractYear, ...]:
    """All contract years, newest first; of one subcontractor those in which it takes part."""
    statement = scope.select(contract).order_by(contract.c.year.desc(), contract.c.code)
    if subcontractor_agb is not None:
        of = (subcontractor.c.lead_contractor_id == contract.c.lead_contractor_id) & (
            subcontractor.c.contract_id == contract.c.id
        )
        statement = (
            scope.select(contract)
            .join_from(contract, subcontractor, of)
            .where(subcontractor.c.agb == subcontractor_agb)
            .order_by(contract.c.year.desc(), contract.c.code)
        )
    return tuple(_year(row) for row in scope.rows(statement))


def first_month(scope: Scope, contract_id: int) -> Month:
    """The month in which a contract of the lead contractor begins."""
    (row,) = scope.rows(scope.select(contract.c.year, contract.c.terms).where(contract.c.id == contract_id))
    return Month(int(row.year), int(tomllib.loads(row.terms).get("lump_sum", {}).get("first_month", 1)))


def _year(row: Any) -> ContractYear:
    terms = tomllib.loads(row.terms)["settlement"]
    return ContractYear(
        contract_id=int(row.id),
        code=row.code,
        year=row.year,
        municipality_code=row.municipality_code,
        municipality_name=row.municipality_name,
        cut_off=terms["cut_off"],
        corrections_until=terms["corrections_until"],
        final_at=row.final_at,
    )
