"""One contract year as files, read into plain values: the whole of what the public format says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from budgets.plan.model import BudgetLine, HistoryRow, WaitingRow
from lead_contractor.allocation.model import Allocation
from lead_contractor.contract.model import BeschikkingCount, Contract, IndexFigure, OwnCost, Receipt
from lead_contractor.parties.model import Subcontractor
from subcontractors.agreements.model import Agreement, Realised, Tariff


@dataclass(frozen=True, slots=True)
class YearFolder:
    """A sound year folder. ``contract_source`` and ``agreements_source`` are the TOML as read, for export.

    ``messages`` are the paths under ``messages/``; they are read later, one at a time.
    """

    contract: Contract
    contract_source: Mapping[str, Any]
    agreements_source: tuple[Mapping[str, Any], ...]
    subcontractors: tuple[Subcontractor, ...]
    agreements: tuple[Agreement, ...]
    tariffs: tuple[Tariff, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    index_figures: tuple[IndexFigure, ...] = ()
    beschikkingen: tuple[BeschikkingCount, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    realised: tuple[Realised, ...] = ()
    costs: tuple[OwnCost, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    history: tuple[HistoryRow, ...] = ()
    waiting: tuple[WaitingRow, ...] = ()
    messages: tuple[Path, ...] = ()
