"""Queries of scenarios kept by name, and of what they stand on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Float, cast, func

from budgets.scenarios.layout import Json, scenario_from, scenario_json, simulation_from, simulation_json
from budgets.scenarios.model import Scenario, Simulation
from budgets.scenarios.tables import scenario as table
from lead_contractor.access.hand import Hand
from lead_contractor.allocation.tables import allocation
from lead_contractor.kernel.tenancy import Scope

DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Saved:
    """A scenario as it was saved under a name.

    Attributes:
        party: whose it is: empty for the lead contractor, else the code of the municipality.
        version: counts from one per name.
        shared: whether the other side sees it too.
        frozen_id: the frozen forecast that it stands on.
        result: what came out when it was saved.
    """

    id: int
    contract_id: int
    party: str
    name: str
    version: int
    archived: bool
    shared: bool
    frozen_id: int
    as_of: date
    scenario: Scenario
    result: Simulation
    made_by_name: str
    made_at: datetime


def stay_months(scope: Scope, contract_id: int) -> float | None:
    """How long an allocation lasts on average, in months; ``None`` where none has an end."""
    days = cast(func.avg(allocation.c.end_day - allocation.c.start_day + 1), Float)
    rows = scope.rows(
        scope.select(days).where(allocation.c.contract_id == contract_id, allocation.c.end_day.is_not(None))
    )
    return None if rows[0][0] is None else float(rows[0][0]) / DAYS_PER_MONTH


def newest(scope: Scope, contract_id: int, *, archived: bool = False) -> tuple[Saved, ...]:
    """The highest version of every scenario of a contract year, by name; with ``archived`` those taken off too."""
    rows = scope.rows(
        scope.select(table).where(table.c.contract_id == contract_id).order_by(table.c.name, table.c.version)
    )
    latest = {(row.party, row.name): row for row in rows}
    return tuple(_saved(row) for row in latest.values() if archived or not row.archived)


def versions(scope: Scope, contract_id: int, party: str, name: str) -> tuple[Saved, ...]:
    """All versions of a scenario, in order."""
    rows = scope.rows(
        scope.select(table)
        .where(table.c.contract_id == contract_id, table.c.party == party, table.c.name == name)
        .order_by(table.c.version)
    )
    return tuple(_saved(row) for row in rows)


def by_id(scope: Scope, contract_id: int, identity: int) -> Saved | None:
    """A version by its id."""
    row = scope.one(scope.select(table).where(table.c.contract_id == contract_id, table.c.id == identity))
    return None if row is None else _saved(row)


def _saved(row: Any) -> Saved:
    return Saved(
        int(row.id),
        int(row.contract_id),
        row.party,
        row.name,
        int(row.version),
        bool(row.archived),
        bool(row.shared),
        int(row.frozen_id),
        row.as_of,
        scenario_from(row.parameters),
        simulation_from(row.results),
        row.made_by_name,
        row.made_at,
    )


def add(
    scope: Scope,
    contract_id: int,
    party: str,
    name: str,
    frozen_id: int,
    made: Simulation,
    by: Hand,
    at: datetime,
    *,
    shared: bool,
    archived: bool = False,
) -> Saved:
    """Add a version."""
    before = versions(scope, contract_id, party, name)
    row: Json = {
        "id": scope.last_id(table) + 1,
        "contract_id": contract_id,
        "party": party,
        "name": name,
        "version": before[-1].version + 1 if before else 1,
        "archived": archived,
        "shared": shared,
        "frozen_id": frozen_id,
        "as_of": made.as_of,
        "parameters": scenario_json(made.scenario),
        "results": simulation_json(made),
        "made_by": by.user_id,
        "made_by_name": by.name,
        "made_at": at,
    }
    scope.insert(table, [row])
    return versions(scope, contract_id, party, name)[-1]


def seen_by(known: Iterable[Saved], party: str, *, sees_subcontractors: bool) -> tuple[Saved, ...]:
    """What one side sees: its own, and what the other shares; a move names a subcontractor and its amount."""
    return tuple(
        one for one in known if (one.party == party or one.shared) and (sees_subcontractors or not one.scenario.moves)
    )
