"""A year of one's own in a few lines: declarations by day, month and amount, for evidence that is read by eye."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from budgets.year_folder.service import Loaded, load
from lead_contractor.access.hand import Hand
from lead_contractor.kernel.money import euros_text
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.decisions import service as decisions
from subcontractors.decisions.model import Kind
from subcontractors.declarations.tables import declaration_line
from tests.budgets.year_folder.sample import PXQ_AGB, write_sample
from tests.klein import AT, MASTER_KEY

HEADER = (
    "declaration,period,received,subcontractor,reference,previous_reference,bsn,allocation,category,product_code,"
    "from,to,volume,unit,tariff,amount,debit_credit\n"
)


def declared(number: int, received: str, *months: int, hours: int = 6, tariff: int = 55_80) -> tuple[str, bytes]:
    """One declaration of so many hours of 02A03, at a tariff in cents, over each of these months of 2025."""
    period = f"2025-{max(months):02d}"
    rows = [
        f"D{number:03d},{period},{received},{PXQ_AGB},R{number}-{month.number},,999900006,1001,02,02A03,"
        f"{month.first},{month.last},{hours},04,{euros_text(tariff)},{euros_text(hours * tariff)},D\n"
        for month in (Month(2025, one) for one in months)
    ]
    return f"d{number}.csv", (HEADER + "".join(rows)).encode()


def year_of(
    engine: Engine, place: Path, messages: Sequence[tuple[str, bytes]], *, replace: bool = False, **changes: Any
) -> Loaded:
    """Load the sample with these messages."""
    folder = write_sample(place, messages=dict(messages), **changes)
    return load(engine, MASTER_KEY, folder, AT, replace=replace, settling=False)


def pass_refused_lines(scope: Scope, contract_id: int, at: datetime) -> int:
    """Two people let pass every refused line that may; what that costs."""
    maker, checker = Hand(1, "Carla"), Hand(2, "Dirk")
    line = declaration_line.c
    refused = scope.rows(scope.select(line.id).where(line.codes != 0, line.lines_cost, line.in_time))
    ids = [int(row.id) for row in refused]
    made = decisions.propose(scope, contract_id, Kind.OVERRIDE, ids, "afgesproken", maker, at)
    assert made.decision is not None
    decisions.approve(scope, made.decision.id, checker, at, "akkoord")
    passed = scope.rows(scope.select(line.amount_cents).where(line.id.in_(ids), line.codes == 0))
    return sum(int(row.amount_cents) for row in passed)
