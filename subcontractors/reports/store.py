"""Queries of requests, figures and reminders."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from lead_contractor.contract.model import ReportTerms
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.tenancy import Scope
from subcontractors.reports.model import Channel, Measured, Request, Step, Stored
from subcontractors.reports.tables import kpi_figure, kpi_reminder, kpi_request


def working_days(scope: Scope, contract_id: int) -> int:
    """How many working days after a quarter the contract gives for figures.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    said = tomllib.loads(get_contract(scope, contract_id).terms).get("reports", {})
    return int(said.get("working_days", ReportTerms().working_days))


def requests(
    scope: Scope, contract_id: int, quarter: Quarter | None = None, subcontractor: str | None = None
) -> list[Request]:
    """The requests of a contract year, the newest quarter first, then by subcontractor."""
    statement = scope.select(kpi_request).where(kpi_request.c.contract_id == contract_id)
    if quarter is not None:
        statement = statement.where(kpi_request.c.quarter == str(quarter))
    if subcontractor is not None:
        statement = statement.where(kpi_request.c.subcontractor == subcontractor)
    rows = scope.rows(statement.order_by(kpi_request.c.quarter.desc(), kpi_request.c.subcontractor))
    return [_request(row) for row in rows]


def _request(row: Any) -> Request:
    return Request(
        id=int(row.id),
        contract_id=int(row.contract_id),
        subcontractor=row.subcontractor,
        quarter=Quarter.parse(row.quarter),
        kpis=tuple((name, int(version)) for name, version in row.kpis),
        due_on=row.due_on,
        note=row.note,
        requested_at=row.requested_at,
        requested_by=row.requested_by,
    )


def save_requests(scope: Scope, made: Sequence[Request]) -> None:
    """Store requests; their ids are given here, in their order."""
    first = scope.last_id(kpi_request)
    scope.insert(
        kpi_request,
        (
            {
                "id": first + place,
                "contract_id": one.contract_id,
                "subcontractor": one.subcontractor,
                "quarter": str(one.quarter),
                "kpis": [list(each) for each in one.kpis],
                "due_on": one.due_on,
                "note": one.note,
                "requested_at": one.requested_at,
                "requested_by": one.requested_by,
            }
            for place, one in enumerate(made, start=1)
        ),
    )


def figures(scope: Scope, wanted: Iterable[int]) -> dict[int, dict[str, tuple[Stored, ...]]]:
    """Every version of every figure of some requests, by request and figure, the oldest first."""
    ids = list(wanted)
    found: dict[int, dict[str, tuple[Stored, ...]]] = defaultdict(dict)
    if not ids:
        return found
    rows = scope.rows(
        scope.select(kpi_figure)
        .where(kpi_figure.c.request_id.in_(ids))
        .order_by(kpi_figure.c.request_id, kpi_figure.c.kpi, kpi_figure.c.version)
    )
    for row in rows:
        own = found[int(row.request_id)]
        own[row.kpi] = (*own.get(row.kpi, ()), _stored(row))
    return found


def _stored(row: Any) -> Stored:
    known = None if row.computed_value is None else Measured(row.computed_value, row.computed_number)
    return Stored(
        kpi=row.kpi,
        version=int(row.version),
        kpi_version=int(row.kpi_version),
        measured=Measured(row.value, row.number),
        known=known,
        explanation=row.explanation,
        reason=row.reason,
        channel=Channel(row.channel),
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by,
    )


def save_figures(scope: Scope, request_id: int, made: Iterable[Stored]) -> None:
    """Store new versions of figures."""
    scope.insert(
        kpi_figure,
        (
            {
                "request_id": request_id,
                "kpi": one.kpi,
                "version": one.version,
                "kpi_version": one.kpi_version,
                "value": one.measured.value,
                "number": one.measured.number,
                "computed_value": None if one.known is None else one.known.value,
                "computed_number": None if one.known is None else one.known.number,
                "explanation": one.explanation,
                "reason": one.reason,
                "channel": one.channel.value,
                "submitted_at": one.submitted_at,
                "submitted_by": one.submitted_by,
            }
            for one in made
        ),
    )


def reminders(scope: Scope, wanted: Iterable[int]) -> dict[int, dict[Step, date]]:
    """When reminders were given, by request and step."""
    ids = list(wanted)
    found: dict[int, dict[Step, date]] = defaultdict(dict)
    if not ids:
        return found
    rows = scope.rows(
        scope.select(kpi_reminder).where(kpi_reminder.c.request_id.in_(ids)).order_by(kpi_reminder.c.reminded_at)
    )
    for row in rows:
        found[int(row.request_id)][Step(row.step)] = row.reminded_on
    return found


def save_reminder(scope: Scope, request_id: int, step: Step, on: date, at: datetime) -> None:
    """Write down that a reminder was given; the key lets it be given once."""
    scope.insert(kpi_reminder, [{"request_id": request_id, "step": step.value, "reminded_on": on, "reminded_at": at}])
