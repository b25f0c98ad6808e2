"""One invented year as plain values: everything that its folder will hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from budgets.example import rows as table_rows
from budgets.example.allocations import Care, cares
from budgets.example.clients import clients
from budgets.example.deliveries import Draft, deliveries
from budgets.example.mistakes import late_corrections, with_mistakes
from budgets.example.outcome import Targets, targets
from budgets.example.parcels import Parcel, parcels
from budgets.example.plan import Plan
from budgets.example.realised import realised
from budgets.example.trajectories import StartStop, trajectories


@dataclass(frozen=True, slots=True)
class World:
    """The year: allocations, lines, messages, reports, what it should settle to, and the rows of every table."""

    plan: Plan
    cares: tuple[Care, ...]
    drafts: tuple[Draft, ...]
    parcels: tuple[Parcel, ...]
    reports: tuple[StartStop, ...]
    targets: Targets
    rows: Mapping[str, tuple[object, ...]]


def world(plan: Plan) -> World:
    """Invent a year by its plan."""
    people = clients(plan)
    paths = trajectories(plan, people)
    usual = cares(plan, people)
    everything = (*usual, *paths.cares)
    drafts = with_mistakes(plan, [*deliveries(plan, usual), *paths.drafts])
    drafts += late_corrections(plan, drafts)
    wanted = targets(plan, drafts, everything, paths.due)
    rows: dict[str, tuple[object, ...]] = {
        "subcontractors.csv": tuple(table_rows.subcontractors(plan)),
        "tariffs.csv": tuple(table_rows.tariffs(plan)),
        "allocations.csv": tuple(care.allocation for care in everything),
        "index_figures.csv": tuple(table_rows.index_figures()),
        "beschikkingen.csv": tuple(table_rows.beschikkingen(everything)),
        "receipts.csv": tuple(table_rows.receipts(plan)),
        "realised.csv": tuple(realised(plan)),
        "costs.csv": tuple(table_rows.costs(plan, wanted)),
        "budget.csv": tuple(table_rows.budget(plan, wanted, drafts)),
        "history.csv": tuple(table_rows.history(plan, drafts)),
        "waiting.csv": tuple(table_rows.waiting(plan)),
    }
    return World(plan, everything, tuple(drafts), parcels(plan, drafts), paths.reports, wanted, rows)
