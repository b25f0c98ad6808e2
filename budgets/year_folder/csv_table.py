"""The one reader of tables: CSV text and a declaration in, rows with their row numbers and findings out.

Cells are read per column, each distinct text once: a table of 200,000 rows has few distinct dates, codes
and units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise

from budgets.year_folder.cells import CellError, quoted
from budgets.year_folder.columns import EXTRA_PREFIX, Column, Table, canonical_keys
from budgets.year_folder.grid import MAX_FINDINGS, Grid, read_grid
from budgets.year_folder.rules import Rule
from lead_contractor.kernel.findings import Finding, Severity

Row = tuple[int, object]
"""A row number as a spreadsheet counts it (the header is 1) and the row's dataclass."""

EXTRA = "extra"

_UNREAD = object()
_NO_EXTRA: dict[str, str] = {}


def read_table(table: Table, text: str) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    """Read one table; rows come in canonical order, rows with a finding are left out.

    Refused by name: unknown and missing columns, rows of another width, cells that are not what their column
    asks, empty required cells, and two rows with one key.
    """
    grid, findings = read_grid(table, text)
    if grid is None:
        return (), tuple(findings[:MAX_FINDINGS])
    values: dict[str, Sequence[object]] = {EXTRA: _extras(grid)}
    in_cells: list[Finding] = []
    for column in table.columns:
        values[column.name], wrong = _read_column(table, column, grid)
        in_cells += wrong
    findings += in_cells
    rows, duplicates = _sorted_and_unique(table, _build(table, values, grid.numbers, whole=not in_cells))
    return rows, tuple((findings + duplicates)[:MAX_FINDINGS])


def _read_column(table: Table, column: Column, grid: Grid) -> tuple[list[object], list[Finding]]:
    if column.name not in grid.header:
        return [column.empty] * len(grid.rows), []
    place = grid.header.index(column.name)
    texts = [row[place] for row in grid.rows]
    values: dict[str, object] = {}
    wrong: dict[str, CellError] = {}
    for text in set(texts):
        try:
            values[text] = _read_cell(column, text.strip(), grid.comma)
        except CellError as error:
            values[text] = _UNREAD
            wrong[text] = error
    findings = []
    if wrong:
        faults = [(number, wrong[text]) for number, text in zip(grid.numbers, texts, strict=True) if text in wrong]
        findings = [
            Finding(Rule.CELL, fault.message, fault.remedy, table.file, number, column.name)
            for number, fault in faults[:MAX_FINDINGS]
        ]
    return [values[text] for text in texts], findings


def _read_cell(column: Column, text: str, comma: bool) -> object:
    if text:
        return column.read(text, comma)
    if column.required:
        raise CellError("Deze cel is leeg.", f"Vul {column.name} in.")
    return column.empty


def _extras(grid: Grid) -> list[object]:
    """The cells of columns of one's own, per row; empty ones leave no trace."""
    own = [(name, place) for place, name in enumerate(grid.header) if name.startswith(EXTRA_PREFIX)]
    if not own:
        return [_NO_EXTRA] * len(grid.rows)
    return [{name: text for name, place in own if (text := row[place].strip())} for row in grid.rows]


def _build(table: Table, values: dict[str, Sequence[object]], numbers: Sequence[int], *, whole: bool) -> list[Row]:
    """The rows of which every cell could be read; ``whole`` says that this is all of them."""
    columns = [values[field.name] for field in fields(table.row)]
    if not whole:
        unread = {at for column in columns for at, value in enumerate(column) if value is _UNREAD}
        good = [at for at in range(len(numbers)) if at not in unread]
        columns = [[column[at] for at in good] for column in columns]
        numbers = [numbers[at] for at in good]
    return list(zip(numbers, map(table.row, *columns), strict=True))


def _sorted_and_unique(table: Table, rows: list[Row]) -> tuple[tuple[Row, ...], list[Finding]]:
    keys = canonical_keys(table, [value for _, value in rows])
    order = sorted(range(len(rows)), key=lambda at: (keys[at], rows[at][0]))
    findings: list[Finding] = []
    for one, other in pairwise(order):
        if keys[one] == keys[other]:
            findings.append(_duplicate(table, keys[one], rows[one][0], rows[other][0]))
    return tuple([rows[at] for at in order]), findings


def _duplicate(table: Table, key: tuple[str, ...], first: int, second: int) -> Finding:
    if not table.key:
        message = f"Deze rij is gelijk aan rij {first}; beide tellen mee."
        remedy = "Laat er een weg als het dezelfde is."
        return Finding(Rule.DUPLICATE, message, remedy, table.file, second, severity=Severity.WARNING)
    names = " en ".join(column.name for column in table.key)
    message = f"Rij {first} en rij {second} hebben dezelfde {names} ({quoted(', '.join(key))})."
    return Finding(Rule.DUPLICATE, message, "Laat er een weg of voeg ze samen.", table.file, second, table.key[0].name)
