"""Queries of earlier years by product: what was approved, as far as it was received by a month."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from budgets.forecast.allocated import Product
from budgets.forecast.inputs import Flow
from budgets.plan.tables import history_row
from lead_contractor.kernel.columns import total_cents
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope

_month = cache(Month.parse)
"""A few hundred months at most, asked for by every row."""


def past_flows(scope: Scope, contract_id: int, year: int, until: Month) -> dict[Product, list[Flow]]:
    """What was approved for months before a year and received up to and including a month."""
    row = history_row.c
    rows = scope.rows(
        scope.select(row.subcontractor, row.product_code, row.service_month, row.received_month, row.amount_cents)
        .where(
            row.contract_id == contract_id, row.service_month < str(Month(year, 1)), row.received_month <= str(until)
        )
        .order_by(row.row_number)
    )
    found: dict[Product, list[Flow]] = defaultdict(list)
    for one in rows:
        flow = Flow(_month(one.service_month), _month(one.received_month), Cents(int(one.amount_cents)))
        found[one.subcontractor, one.product_code].append(flow)
    return found


def received_of_year(scope: Scope, contract_id: int, year: int) -> dict[Product, list[tuple[Month, Cents]]]:
    """What was approved for the months of a year, by the month in which it was received."""
    row = history_row.c
    keys = (row.subcontractor, row.product_code, row.received_month)
    rows = scope.rows(
        scope.select(*keys, total_cents(row.amount_cents).label("cents"))
        .where(
            row.contract_id == contract_id,
            row.service_month >= str(Month(year, 1)),
            row.service_month < str(Month(year + 1, 1)),
        )
        .group_by(*keys)
    )
    found: dict[Product, list[tuple[Month, Cents]]] = defaultdict(list)
    for one in rows:
        found[one.subcontractor, one.product_code].append((_month(one.received_month), Cents(int(one.cents))))
    return found
