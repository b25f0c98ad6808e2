"""Queries of budget lines, earlier years and the waiting list."""

from __future__ import annotations

from collections.abc import Iterable

from budgets.plan.model import BudgetLine, HistoryRow, WaitingRow
from budgets.plan.tables import budget_line, history_row, waiting_row
from lead_contractor.contract.store import load_numbered, numbered
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope

PLAN_TABLES = (budget_line, history_row, waiting_row)
"""What a load fills; emptied before a contract is loaded anew."""


def save_plan(
    scope: Scope,
    contract_id: int,
    budget: Iterable[BudgetLine],
    history: Iterable[HistoryRow],
    waiting: Iterable[WaitingRow],
) -> None:
    """Store what is known beside the books."""
    scope.insert(
        budget_line,
        numbered(
            contract_id,
            (
                {
                    "product_code": b.product_code,
                    "subcontractor": b.subcontractor,
                    "month": str(b.month) if b.month else "",
                    "amount_cents": int(b.amount),
                    "extra": dict(b.extra),
                }
                for b in budget
            ),
        ),
    )
    scope.insert(
        history_row,
        numbered(
            contract_id,
            (
                {
                    "service_month": str(h.service_month),
                    "received_month": str(h.received_month),
                    "subcontractor": h.subcontractor,
                    "product_code": h.product_code,
                    "amount_cents": int(h.amount),
                    "extra": dict(h.extra),
                }
                for h in history
            ),
        ),
    )
    scope.insert(
        waiting_row,
        numbered(
            contract_id,
            (
                {
                    "date": w.date,
                    "product_code": w.product_code,
                    "area": w.area,
                    "waiting": w.waiting,
                    "added": w.added,
                    "median_days": w.median_days,
                    "extra": dict(w.extra),
                }
                for w in waiting
            ),
        ),
    )


def budget_lines(scope: Scope, contract_id: int) -> tuple[BudgetLine, ...]:
    """The budget lines of a contract year."""
    return load_numbered(
        scope,
        budget_line,
        contract_id,
        lambda r: BudgetLine(
            r.product_code,
            r.subcontractor,
            Month.parse(r.month) if r.month else None,
            Cents(int(r.amount_cents)),
            r.extra,
        ),
    )


def history(scope: Scope, contract_id: int) -> tuple[HistoryRow, ...]:
    """What was approved in earlier years."""
    return load_numbered(
        scope,
        history_row,
        contract_id,
        lambda r: HistoryRow(
            Month.parse(r.service_month),
            Month.parse(r.received_month),
            r.subcontractor,
            r.product_code,
            Cents(int(r.amount_cents)),
            r.extra,
        ),
    )


def waiting(scope: Scope, contract_id: int) -> tuple[WaitingRow, ...]:
    """The waiting list by day."""
    return load_numbered(
        scope,
        waiting_row,
        contract_id,
        lambda r: WaitingRow(r.date, r.product_code, r.area, r.waiting, r.added, r.median_days, r.extra),
    )
