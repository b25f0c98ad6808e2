"""Queries of what is allocated under P×Q on a day: one pass over the allocations, and one over the reports on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_

from budgets.forecast.allocated import Days, Promise
from lead_contractor.allocation.model import DELETED
from lead_contractor.allocation.tables import allocation
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import Agreement, FormCode
from subcontractors.agreements.service import agreement_on
from subcontractors.agreements.trajectories import AllocationSpan, StartEvent, StopEvent, trajectories
from subcontractors.declarations.tables import report

_Reports = Mapping[tuple[str, str], Sequence[Any]]
"""Reports in the order in which they came, by sender and allocation number."""


def promises(
    scope: Scope, contract_id: int, agreements: Sequence[Agreement], year: tuple[date, date], as_of: date
) -> list[tuple[str, Promise]]:
    """The allocations under P×Q that run in the year, as far as they were known on a day, with their agreement.

    An allocation is known from the day on which it was decided on, and where that is not known from its first day.
    What is about no product is left out: it has no tariff, and cannot be told apart from what others deliver.

    Args:
        scope: the lead contractor.
        contract_id: its contract year.
        agreements: all of the contract year.
        year: its first and last day.
        as_of: the day.
    """
    first, last = year
    column = allocation.c
    begun = column.decided_on.is_(None) & (column.start_date <= as_of)
    rows = scope.rows(
        scope.select(
            column.number_key,
            column.client_id,
            column.subcontractor,
            column.category,
            column.product_code,
            column.start_date,
            column.end_date,
            column.volume,
            column.unit,
            column.frequency,
            column.budget_cents,
            column.decided_on,
        ).where(
            column.contract_id == contract_id,
            column.reason_change != DELETED,
            column.product_code != "",
            column.start_date <= last,
            or_(column.end_date.is_(None), column.end_date >= first),
            or_(column.decided_on <= as_of, begun),
        )
    )
    covers = _Covers(agreements)
    reports = _reports(scope, contract_id, as_of)
    found = []
    for row in rows:
        cover = covers.of(row)
        if cover is not None:
            found.append((cover.id, _promise(row, reports.get((row.subcontractor, row.number_key), ()), last)))
    return found


class _Covers:
    """Which P×Q agreement covers an allocation; looked up once for all with the same days and product."""

    def __init__(self, agreements: Sequence[Agreement]) -> None:
        self._own: dict[str, list[Agreement]] = defaultdict(list)
        for one in agreements:
            self._own[one.subcontractor].append(one)
        self._known: dict[tuple[Any, ...], Agreement | None] = {}

    def of(self, row: Any) -> Agreement | None:
        """The agreement; ``None`` where it is of another form, or there is none."""
        own = self._own.get(row.subcontractor, [])
        if len(own) == 1:
            key: tuple[Any, ...] = row.subcontractor, row.category, row.product_code
        else:
            key = row.subcontractor, row.category, row.product_code, row.start_date, row.end_date
        if key not in self._known:
            span = AllocationSpan("", 0, row.product_code, row.start_date, row.end_date)
            found = agreement_on(own, span, row.subcontractor, row.category)
            self._known[key] = found if found is not None and found.form is FormCode.PXQ else None
        return self._known[key]


def _reports(scope: Scope, contract_id: int, as_of: date) -> _Reports:
    """Reports on starts and stops received by a day; those without allocation number say too little about P×Q."""
    rows = scope.rows(
        scope.select(report)
        .where(report.c.contract_id == contract_id, report.c.received <= as_of, report.c.allocation_number != "")
        .order_by(report.c.id)
    )
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        found[row.sender, row.allocation_number].append(row)
    return found


def _promise(row: Any, reports: Sequence[Any], last: date) -> Promise:
    own = [one for one in reports if int(one.client_id) == int(row.client_id)]
    return Promise(
        product=(row.subcontractor, row.product_code),
        volume=None if row.volume is None else int(row.volume),
        unit=row.unit,
        frequency=row.frequency,
        budget=None if row.budget_cents is None else Cents(int(row.budget_cents)),
        days=(row.start_date, row.end_date),
        known=row.decided_on or row.start_date,
        runs=_runs(row, own, last) if own else None,
        reported=max((one.received for one in own), default=None),
    )


def _runs(row: Any, reports: Sequence[Any], last: date) -> tuple[Days, ...]:
    """The days on which it runs by the reports; without an end date it is followed up to the end of the year."""
    number = row.number_key
    end = row.end_date or max(last, row.start_date)
    span = AllocationSpan(number, int(row.client_id), row.product_code, row.start_date, end)
    starts = [StartEvent(number, one.begin_date, one.deletes) for one in reports if one.kind == "start"]
    stops = [
        StopEvent(number, one.begin_date, one.end_date, one.reason, one.deletes)
        for one in reports
        if one.kind == "stop"
    ]
    made, _ = trajectories([span], starts, stops)
    return tuple((one.started, one.ended) for one in made)
