"""What stands in the database about a subcontractor and a quarter: the facts from which figures are worked out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from lead_contractor.allocation.tables import allocation
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.store import realised_of
from subcontractors.agreements.tables import agreement
from subcontractors.chain.model import WITHDRAWN
from subcontractors.chain.tables import judged_report
from subcontractors.reports.known import Facts, Start, Stop
from subcontractors.returns.store import contract_months, contract_row

START = "start"
_COUNTED = """
    FROM declaration_line AS l
    WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.assessed AND l.codes = 0 AND l.in_time
      AND l.service_month BETWEEN :first AND :last
"""
_VOLUMES = f"""
    SELECT l.sender, l.agreement, l.unit, CAST(SUM(CASE WHEN l.credit THEN -l.volume ELSE l.volume END) AS BIGINT) AS v
    {_COUNTED} GROUP BY l.sender, l.agreement, l.unit
"""
_CLIENTS = f"""
    SELECT sender, COUNT(*) AS clients FROM (
        SELECT l.sender, l.client_id {_COUNTED} GROUP BY l.sender, l.client_id
        HAVING SUM(CASE WHEN l.credit THEN -1 ELSE 1 END) > 0
    ) AS served GROUP BY sender
"""


def facts_of(scope: Scope, contract_id: int, quarter: Quarter) -> dict[str, Facts]:
    """The facts of every subcontractor of a contract year, in a fixed number of queries.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    first_month = contract_months(contract_row(scope, contract_id))[0]
    asked: dict[str, Any] = {
        "contract": contract_id,
        "first": str(quarter.months[0]),
        "last": str(quarter.months[-1]),
    }
    volumes: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for row in scope.sql(_VOLUMES, **asked):
        volumes[row.sender][row.agreement, row.unit] = int(row.v)
    clients = {row.sender: int(row.clients) for row in scope.sql(_CLIENTS, **asked)}
    owners = _owners(scope, contract_id)
    returned = _returned(scope, contract_id, owners)
    starts, stops = _reports(scope, contract_id)
    everybody = {*volumes, *owners.values(), *starts, *stops}
    return {
        agb: Facts(
            volumes=volumes.get(agb, {}),
            clients=clients.get(agb, 0),
            declares=agb in clients,
            returned=returned.get(agb, {}),
            starts=starts.get(agb, ()),
            stops=stops.get(agb, ()),
            first_quarter=Quarter.of(first_month),
        )
        for agb in everybody
    }


def _owners(scope: Scope, contract_id: int) -> dict[str, str]:
    rows = scope.rows(
        scope.select(agreement.c.code, agreement.c.subcontractor).where(agreement.c.contract_id == contract_id)
    )
    return {row.code: row.subcontractor for row in rows}


def _returned(
    scope: Scope, contract_id: int, owners: dict[str, str]
) -> dict[str, dict[tuple[str, Month], tuple[Decimal | None, Decimal | None]]]:
    found: dict[str, dict[tuple[str, Month], tuple[Decimal | None, Decimal | None]]] = defaultdict(dict)
    for one in realised_of(scope, contract_id):
        found[owners.get(one.agreement, "")][one.agreement, one.month] = (one.fte, one.hours)
    return found


def _reports(scope: Scope, contract_id: int) -> tuple[dict[str, list[Start]], dict[str, list[Stop]]]:
    """The starts and stops that stand, by subcontractor."""
    decided = {
        row.number_key: row.decided_on
        for row in scope.rows(
            scope.select(allocation.c.number_key, allocation.c.decided_on).where(
                allocation.c.contract_id == contract_id
            )
        )
    }
    rows = scope.rows(
        scope.select(judged_report)
        .where(judged_report.c.contract_id == contract_id, judged_report.c.accepted)
        .order_by(judged_report.c.id)
    )
    starts: dict[str, list[Start]] = defaultdict(list)
    stops: dict[str, list[Stop]] = defaultdict(list)
    for row in _standing(rows):
        if row.kind == START:
            starts[row.sender].append(Start(int(row.client_id), row.begin_date, _decided(row, decided)))
        elif row.end_date is not None:
            stops[row.sender].append(Stop(int(row.client_id), row.end_date, row.reason))
    return starts, stops


def _decided(row: Any, decided: dict[str, date | None]) -> date | None:
    return decided.get(row.matched_number.lstrip("0")) or decided.get(row.allocation_number.lstrip("0"))


def _standing(rows: Iterable[Any]) -> list[Any]:
    """Accepted reports less those that were withdrawn; of the same one twice the last (IV008)."""
    standing: dict[tuple[Any, ...], Any] = {}
    for row in rows:
        number = row.matched_number or row.allocation_number
        ending = () if row.kind == START else (row.end_date, row.reason)
        key = (row.sender, int(row.client_id), row.kind, number, row.product_code, row.begin_date, *ending)
        if row.status == WITHDRAWN:
            standing.pop(key, None)
        else:
            standing[key] = row
    return list(standing.values())
