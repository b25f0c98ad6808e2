"""What happened under each agreement in a contract year, gathered from the database, and what it makes due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from sqlalchemy import or_

from lead_contractor.allocation.model import DELETED
from lead_contractor.allocation.tables import allocation
from lead_contractor.contract.model import Contract
from lead_contractor.kernel.findings import Finding, errors
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.forms import form
from subcontractors.agreements.model import Agreement, Due, Evidence, FormCode, Production, Realised, Trajectory
from subcontractors.agreements.months import covered_months
from subcontractors.agreements.pxq import flags_outside_ceiling
from subcontractors.agreements.store import realised_of
from subcontractors.agreements.trajectories import AllocationSpan, StartEvent, StopEvent, trajectories
from subcontractors.declarations.tables import report


def evidence(
    scope: Scope,
    contract_id: int,
    contract: Contract,
    agreements: Sequence[Agreement],
    received_until: date | None = None,
) -> list[Evidence]:
    """The evidence of each agreement, in the same order.

    With ``received_until`` only lines and reports that were received up to and including that day.
    """
    realised: dict[str, list[Realised]] = defaultdict(list)
    for row in realised_of(scope, contract_id):
        realised[row.agreement].append(row)
    produced = production(scope, contract_id, contract, agreements, received_until)
    walked = trajectories_under(scope, contract_id, agreements, received_until)
    return [
        Evidence(
            year=contract.year,
            months=covered_months(agreement, contract.months),
            realised=tuple(realised[agreement.id]),
            trajectories=tuple(walked[agreement.id]),
            production=produced.get(agreement.id, Production()),
        )
        for agreement in agreements
    ]


def dues(
    agreements: Sequence[Agreement], gathered: Sequence[Evidence]
) -> tuple[list[tuple[Agreement, Due]], tuple[Finding, ...]]:
    """What each agreement makes due.

    Returns:
        the dues, and an error for all evidence that is missing; while a year still runs, only the months of the dues
        hold then, not the year-end adjustments.
    """
    made: list[tuple[Agreement, Due]] = []
    found: list[Finding] = []
    for agreement, happened in zip(agreements, gathered, strict=True):
        its_form = form(agreement.form)
        missing = errors(its_form.missing(agreement, happened))
        found += missing
        made.append((agreement, its_form.due(agreement, _completed(happened) if missing else happened)))
    return made, tuple(found)


def _completed(happened: Evidence) -> Evidence:
    """The same with nothing realised where nothing was reported."""
    none = Decimal(0)
    known = {row.month: row for row in happened.realised}
    rows = (known.get(month, Realised("", month)) for month in happened.months)
    return replace(
        happened,
        realised=tuple(
            replace(row, fte=row.fte or none, hours=row.hours or none, occupancy_percent=row.occupancy_percent or none)
            for row in rows
        ),
    )


def agreement_on(agreements: Sequence[Agreement], span: AllocationSpan, sender: str, category: str) -> Agreement | None:
    """The agreement that covers an allocation: on its first day, else in any of its days; the most specific first."""
    own = [one for one in agreements if one.subcontractor == sender]
    for valid in (
        [one for one in own if span.start in one.validity],
        [one for one in own if _touches(one, span)],
    ):
        for product in (span.product_code, category):
            found = next((one for one in valid if product and product in one.products), None)
            if found is not None:
                return found
        rest = next((one for one in valid if not one.products), None)
        if rest is not None:
            return rest
    return None


def _touches(agreement: Agreement, span: AllocationSpan) -> bool:
    last = agreement.validity.last
    return (span.end is None or agreement.validity.start <= span.end) and (last is None or span.start <= last)


def trajectories_under(
    scope: Scope, contract_id: int, agreements: Sequence[Agreement], until: date | None = None
) -> dict[str, list[Trajectory]]:
    """All trajectories under each trajectory agreement, also those of earlier and later years.

    With ``until`` only on allocations decided on (or, where that is not known, begun) up to and including that day,
    and with the reports received up to and including it.
    """
    found: dict[str, list[Trajectory]] = defaultdict(list)
    walking = {one.subcontractor for one in agreements if one.form is FormCode.TRAJECTORY}
    if not walking:
        return found
    spans: dict[str, list[tuple[str, AllocationSpan]]] = defaultdict(list)
    statement = (
        scope.select(allocation)
        .where(allocation.c.contract_id == contract_id, allocation.c.subcontractor.in_(walking))
        .order_by(allocation.c.number)
    )
    if until is not None:
        begun = allocation.c.decided_on.is_(None) & (allocation.c.start_date <= until)
        statement = statement.where(or_(allocation.c.decided_on <= until, begun))
    for row in scope.rows(statement):
        if row.reason_change == DELETED:
            continue
        span = AllocationSpan(
            row.number_key, int(row.client_id), row.product_code, row.start_date, row.end_date, row.area
        )
        cover = agreement_on(agreements, span, row.subcontractor, row.category)
        if cover is not None and cover.form is FormCode.TRAJECTORY:
            spans[cover.id].append((row.subcontractor, span))
    for agreement_id, owned in spans.items():
        numbers = {span.number: span for _, span in owned}
        starts, stops = _reports(scope, contract_id, owned[0][0], numbers, until)
        made, _ = trajectories([span for _, span in owned], starts, stops)
        found[agreement_id].extend(made)
    return found


def _reports(
    scope: Scope, contract_id: int, sender: str, spans: dict[str, AllocationSpan], until: date | None
) -> tuple[list[StartEvent], list[StopEvent]]:
    """Start and stop reports of a sender on these allocations, in the order in which they were taken in."""
    statement = (
        scope.select(report).where(report.c.contract_id == contract_id, report.c.sender == sender).order_by(report.c.id)
    )
    if until is not None:
        statement = statement.where(report.c.received <= until)
    rows = scope.rows(statement)
    starts: list[StartEvent] = []
    stops: list[StopEvent] = []
    for row in rows:
        number = row.allocation_number or _number_by_key(row, spans)
        if number not in spans or spans[number].client != int(row.client_id):
            continue
        if row.kind == "start":
            starts.append(StartEvent(number, row.begin_date, row.deletes))
        else:
            stops.append(StopEvent(number, row.begin_date, row.end_date, row.reason, row.deletes))
    return starts, stops


def _number_by_key(row: object, spans: dict[str, AllocationSpan]) -> str:
    """Without allocation number the key is client, product and begin (IV096)."""
    client, product, begin = int(row.client_id), row.product_code, row.begin_date  # type: ignore[attr-defined]
    for span in spans.values():
        same = span.client == client and product in ("", span.product_code)
        if same and span.start <= begin and (span.end is None or begin <= span.end):
            return span.number
    return ""


class OfYear(Protocol):
    """Whatever has a contract year."""

    @property
    def year(self) -> int: ...  # noqa: D102 - as in Contract


def production(
    scope: Scope,
    contract_id: int,
    contract: OfYear,
    agreements: Sequence[Agreement],
    received_until: date | None = None,
) -> dict[str, Production]:
    """Approved lines that count in the year, per agreement, and what of them stands outside its ceiling.

    With ``received_until`` only lines in messages that were received up to and including that day.
    """
    outside = {one.id: flags_outside_ceiling(one) for one in agreements if one.form is FormCode.PXQ}
    received = "AND m.received <= :received_until" if received_until else ""
    rows = scope.sql(
        f"""
        SELECT l.agreement, a.crisis, a.specific,
               SUM(CASE WHEN l.credit THEN -l.amount_cents ELSE l.amount_cents END) AS cents
        FROM declaration_line AS l
        JOIN allocation AS a ON a.lead_contractor_id = :lead AND a.id = l.allocation_id
        JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id
        WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.assessed AND l.codes = 0
          AND l.lines_cost AND l.in_time AND l.service_month BETWEEN :first AND :last {received}
        GROUP BY l.agreement, a.crisis, a.specific
        """,
        contract=contract_id,
        first=f"{contract.year:04d}-01",
        last=f"{contract.year:04d}-12",
        **({"received_until": received_until} if received_until else {}),
    )
    found: dict[str, Production] = {}
    for row in rows:
        before = found.get(row.agreement, Production())
        flags = {name for name, on in (("crisis", row.crisis), ("specific", row.specific)) if on}
        cents = int(row.cents)
        always = cents if flags & outside.get(row.agreement, frozenset()) else 0
        found[row.agreement] = Production(before.amount + cents, before.always_paid + always)
    return found
