"""Read short returns from CSV or a workbook: the columns of ``realised.csv``, in English or Dutch."""

from __future__ import annotations

from pathlib import PurePath
from types import MappingProxyType

from lead_contractor.kernel.findings import Finding
from subcontractors.declarations.columns import Kind, Layout
from subcontractors.declarations.csv_reader import csv_table
from subcontractors.declarations.rows import Table, TableRefused
from subcontractors.declarations.sheet_reader import sheet_table
from subcontractors.iwmo.model import Fault
from subcontractors.iwmo.walk import LIMIT, too_large
from subcontractors.returns.model import Channel, Written

RETURNS = Layout(
    MappingProxyType(
        {
            "agreement": Kind.TEXT,
            "month": Kind.MONTH,
            "fte": Kind.DECIMAL,
            "hours": Kind.DECIMAL,
            "occupancy_percent": Kind.DECIMAL,
        }
    ),
    MappingProxyType(
        {
            "afspraak": "agreement",
            "maand": "month",
            "uren": "hours",
            "bezetting": "occupancy_percent",
            "bezettingspercentage": "occupancy_percent",
            "bezetting %": "occupancy_percent",
        }
    ),
)
"""The table of short returns."""

_SHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def read_returns(name: str, content: bytes, *, limit: int = LIMIT) -> tuple[Channel, list[Written], Finding | None]:
    """The lines of a file with returns, and why it is refused as a whole; nothing is raised for bad content."""
    sheet = PurePath(name).suffix.lower() in _SHEETS or content.startswith(b"PK\x03\x04")
    channel = Channel.XLSX if sheet else Channel.CSV
    if len(content) > limit:
        return channel, [], _finding(too_large(limit))
    try:
        table = (sheet_table if sheet else csv_table)(name, content, RETURNS)
    except TableRefused as stop:
        return channel, [], _finding(stop.fault)
    return channel, _lines(table), None


def _lines(table: Table) -> list[Written]:
    lines = []
    for number, row in table.rows:
        slips = table.slips.get(number, {})
        found = tuple(
            Finding(
                "RETURN-VALUE", f"{table.titles.get(column, column)} {wrong.message}.", wrong.remedy, "", number, column
            )
            for column, wrong in slips.items()
        )
        lines.append(Written(**row, row=number, findings=found))
    for number, row, fault in table.faults:
        lines.append(Written(row.get("agreement", ""), row.get("month", ""), row=number, findings=(_finding(fault),)))
    return sorted(lines, key=lambda line: line.row or 0)


def _finding(fault: Fault) -> Finding:
    return Finding(f"RETURN-{fault.rule}", fault.message, fault.remedy, row=fault.line, column=fault.place)
