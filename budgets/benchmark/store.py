"""Queries of tables of spending: the one that comes with the product, and those that were taken in."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from budgets.benchmark.model import Spending, Table
from budgets.benchmark.reader import read
from budgets.benchmark.tables import benchmark_row, benchmark_version
from lead_contractor.kernel.tenancy import Scope

PACKED = Path(__file__).with_name("cbs_spending.csv")
PACKED_SOURCE = "CBS, zoals opgenomen in het eindrapport uitvoeringsvarianten Wmo (VWS, 2024), en CBS StatLine 84580NED"


@lru_cache(maxsize=1)
def packed() -> Table:
    """The table that comes with the product."""
    rows, findings = read(PACKED.name, PACKED.read_bytes())
    assert not findings, findings
    return Table(0, PACKED.name, PACKED_SOURCE, rows)


def versions(scope: Scope) -> list[Table]:
    """The tables that were taken in, without their rows, the newest first."""
    rows = scope.rows(scope.select(benchmark_version).order_by(benchmark_version.c.version.desc()))
    return [_table(row, ()) for row in rows]


def table(scope: Scope, version: int) -> Table | None:
    """A table with its rows."""
    if version == 0:
        return packed()
    head = scope.one(scope.select(benchmark_version).where(benchmark_version.c.version == version))
    if head is None:
        return None
    rows = scope.rows(
        scope.select(benchmark_row)
        .where(benchmark_row.c.version == version)
        .order_by(benchmark_row.c.municipality_code, benchmark_row.c.year)
    )
    return _table(head, tuple(_spending(row) for row in rows))


def save(scope: Scope, made: Table, content_hash: str, at: datetime) -> None:
    """Store a table."""
    scope.insert(
        benchmark_version,
        [
            {
                "version": made.version,
                "name": made.name,
                "source": made.source,
                "content_hash": content_hash,
                "imported_at": at,
                "imported_by": made.imported_by,
            }
        ],
    )
    scope.insert(
        benchmark_row,
        (
            {
                "version": made.version,
                "municipality_code": row.code,
                "year": row.year,
                "municipality": row.municipality,
                "spending_thousands": row.spending_thousands,
                "inhabitants": row.inhabitants,
                "provisional": row.provisional,
                "breaks": row.breaks,
                "note": row.note,
                "source": row.source,
            }
            for row in made.rows
        ),
    )


def newest_hash(scope: Scope) -> tuple[int, str]:
    """The newest version and its hash; version 0 without one."""
    rows = scope.rows(
        scope.select(benchmark_version.c.version, benchmark_version.c.content_hash)
        .order_by(benchmark_version.c.version.desc())
        .limit(1)
    )
    return (int(rows[0].version), rows[0].content_hash) if rows else (0, "")


def _table(row: Any, rows: tuple[Spending, ...]) -> Table:
    return Table(int(row.version), row.name, row.source, rows, row.imported_at, row.imported_by)


def _spending(row: Any) -> Spending:
    return Spending(
        code=row.municipality_code,
        municipality=row.municipality,
        year=int(row.year),
        spending_thousands=None if row.spending_thousands is None else int(row.spending_thousands),
        inhabitants=None if row.inhabitants is None else int(row.inhabitants),
        provisional=bool(row.provisional),
        breaks=bool(row.breaks),
        note=row.note,
        source=row.source,
    )
