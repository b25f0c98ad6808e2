"""The report as a document: JSON with every figure, its definition, source, reference date and version.

Amounts are whole cents, other numbers are text with a decimal point, what is hidden is ``null`` and says why.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from budgets.reports.model import Figure, Report, Row, Shown
from budgets.use.suppress import THRESHOLD
from lead_contractor.contract.model import Contract, ReportSet
from lead_contractor.kernel.rounding import half_up
from subcontractors.reports.kpis import kpis_on, read
from subcontractors.reports.model import Kpi

FORMAT = 1
_OWN = Path(__file__).with_name("definitions.toml")
_ABOUT_RELEASE = ("version", "as_of", "reason", "replaces", "status")


@lru_cache(maxsize=1)
def own_definitions() -> tuple[Kpi, ...]:
    """The definitions of what the report itself counts."""
    return read(_OWN)


def definitions(sets: Iterable[ReportSet], on: date) -> dict[str, Kpi]:
    """The definitions of all figures of some sets that hold on a day, by id."""
    wanted = {str(one) for one in sets}
    return {one.id: one for one in (*own_definitions(), *kpis_on(on)) if one.set in wanted and one.valid_from <= on}


def document(contract: Contract, report: Report, *, version: int, reason: str, released: bool) -> dict[str, Any]:
    """The report as plain values, with the sets that the contract agrees on."""
    sets = contract.reports.sets
    known = definitions(sets, report.quarter.last)
    return {
        "format": FORMAT,
        "report": "quarterly",
        "status": "released" if released else "draft",
        "contract": contract.id,
        "year": contract.year,
        "municipality": {"name": contract.municipality.name, "code": contract.municipality.code},
        "lead_contractor": contract.lead_contractor.name,
        "quarter": str(report.quarter),
        "first_day": report.quarter.first.isoformat(),
        "last_day": report.quarter.last.isoformat(),
        "as_of": report.as_of.isoformat(),
        "version": version,
        "replaces": version - 1 if version > 1 else None,
        "reason": reason,
        "sets": [str(one) for one in sets],
        "threshold": THRESHOLD,
        "totals": _totals(report, sets),
        "products": [_row(row, sets) for row in report.products],
        "subcontractors": None if report.subcontractors is None else [_row(row, sets) for row in report.subcontractors],
        "figures": [_figure(one) for one in report.figures if one.kpi in known],
        "definitions": [_definition(one, report.as_of) for one in known.values()],
    }


def written(document: Mapping[str, Any]) -> tuple[str, str]:
    """The document as text, the same for the same values, and its SHA-256 in hexadecimal."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)
    return text, hashlib.sha256(text.encode()).hexdigest()


def same_figures(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Whether two documents say the same but for when and why they were released."""
    return _bare(left) == _bare(right)


def _bare(document: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in document.items() if name not in _ABOUT_RELEASE}
    found["definitions"] = [{k: v for k, v in one.items() if k != "as_of"} for one in document["definitions"]]
    return found


def percent_of(part: int, whole: int | None) -> str | None:
    """A share as a percentage with one decimal; ``None`` of nothing."""
    if not whole:
        return None
    tenths = half_up(Fraction(1000 * part, whole))
    return f"{Decimal(tenths).scaleb(-1):.1f}"


def _totals(report: Report, sets: Iterable[ReportSet]) -> dict[str, Any]:
    totals, wanted = report.totals, set(sets)
    found: dict[str, Any] = {}
    if ReportSet.COST in wanted:
        found |= {
            "cost": int(totals.cost),
            "cost_to_date": int(totals.cost_to_date),
            "late": int(totals.late),
        }
    if ReportSet.USE in wanted:
        found |= {
            "budget": _cents(totals.budget),
            "used_of_budget": int(totals.used_of_budget),
            "use_percent": percent_of(totals.used_of_budget, totals.budget),
            "budget_to_date": _cents(totals.budget_to_date),
            "used_of_budget_to_date": int(totals.used_of_budget_to_date),
            "use_percent_to_date": percent_of(totals.used_of_budget_to_date, totals.budget_to_date),
            "lump_sum": int(totals.lump_sum),
            "lump_sum_percent_to_date": percent_of(totals.cost_to_date, totals.lump_sum),
        }
    if ReportSet.HOURS in wanted:
        found["hours"] = f"{totals.hours:f}"
    if ReportSet.CLIENTS in wanted:
        found |= {"clients": totals.clients, "clients_few": totals.clients is None}
    if ReportSet.KPI in wanted:
        found["overhead_percent"] = None if totals.overhead_percent is None else f"{totals.overhead_percent:f}"
    return found


def _row(row: Row, sets: Iterable[ReportSet]) -> dict[str, Any]:
    wanted = set(sets)
    found: dict[str, Any] = {
        "kind": row.kind.value,
        "code": row.code,
        "name": row.name,
        "hidden": row.hidden,
        "few": row.few,
    }
    if ReportSet.COST in wanted:
        found["cost"] = _cents(row.cost)
    if ReportSet.USE in wanted:
        found["budget"] = _cents(row.budget)
        found["use_percent"] = None if row.cost is None else percent_of(row.cost, row.budget)
    if ReportSet.HOURS in wanted:
        found["hours"] = None if row.hours is None else f"{row.hours:f}"
    if ReportSet.CLIENTS in wanted:
        found["clients"] = row.clients
    return found


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "kpi": one.kpi,
        "version": one.version,
        "name": one.name,
        "shown": one.shown.value,
        "value": None if one.value is None or one.shown is Shown.HIDDEN else f"{one.value:f}",
        "number": one.number,
        "told_by": one.told_by,
        "asked": one.asked,
    }


def _definition(one: Kpi, as_of: date) -> dict[str, Any]:
    return {
        "id": one.id,
        "version": one.version,
        "set": one.set,
        "kind": one.kind.value,
        "name": dict(one.name),
        "definition": dict(one.definition),
        "unit": dict(one.unit),
        "source": one.source,
        "from": dict(one.computed),
        "as_of": as_of.isoformat(),
    }


def _cents(amount: int | None) -> int | None:
    return None if amount is None else int(amount)
