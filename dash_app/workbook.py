"""The tables of the meeting as a workbook: exactly what stands on the screen, to the cent.

pandas only lays out what is shown; the money of record stays in the books.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from dash_app.language import gettext
from dash_app.pages.parts import Cell, Grid, Kind, Part, all_grids
from dash_app.pages.text import plain

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MONEY, _WIDEST, _LONGEST = "#,##0.00", 60, 31
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(parts: Sequence[Part], head: Sequence[str] = ()) -> bytes:
    """The parts as XLSX in the language of the request: the sentences on the first sheet, then a sheet for each table.

    Args:
        parts: what stands on the page.
        head: lines above them: which meeting, as of when, the answer.
    """
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter", engine_kwargs={"options": _OPTIONS}) as writer:
        writer.book.set_properties({"created": pd.Timestamp("2000-01-01").to_pydatetime()})
        money = writer.book.add_format({"num_format": _MONEY})
        used: set[str] = set()
        said = [plain(line) for line in (*head, *_sentences(parts))]
        if said:
            _write(
                writer, _sheet_name(gettext("Samenvatting"), used), [gettext("Samenvatting")], [[one] for one in said]
            )
        for part, grid in all_grids(parts):
            name = _sheet_name(part.title if len(part.grids) == 1 else grid.name, used)
            columns, rows, amounts = _table(grid)
            _write(writer, name, columns, rows, money, amounts)
    return out.getvalue()


def _sentences(parts: Sequence[Part]) -> list[str]:
    found = []
    for part in parts:
        lines = [line for line in (part.under, *part.sentences, *part.notes) if line]
        found += [f"{part.title}: {' '.join(lines)}"] if lines else []
    return found


def _write(
    writer: Any,
    name: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    money: Any = None,
    amounts: frozenset[int] = frozenset(),
) -> None:
    frame = pd.DataFrame(list(rows), columns=list(columns), dtype=object)
    frame.to_excel(writer, sheet_name=name, index=False)
    sheet = writer.sheets[name]
    sheet.freeze_panes(1, 0)
    for place, title in enumerate(columns):
        cells = [title, *(str(row[place]) for row in rows)]
        sheet.set_column(place, place, min(_WIDEST, max(map(len, cells)) + 3), money if place in amounts else None)


def _sheet_name(title: str, used: set[str]) -> str:
    """A name that a sheet may have, and no other sheet has."""
    plain_title = "".join(" " if sign in "[]:*?/\\" else sign for sign in title).strip()[:_LONGEST].strip()
    name, number = plain_title, 2
    while name.lower() in used:
        name = f"{plain_title[: _LONGEST - 3].strip()} {number}"
        number += 1
    used.add(name.lower())
    return name


def _table(grid: Grid) -> tuple[list[str], list[list[object]], frozenset[int]]:
    """Titles, rows and the columns of amounts; links and drawings have no column."""
    drawn = {place for row in grid.rows for place, cell in enumerate(row) if cell.image is not None}
    shown = [place for place, (title, _) in enumerate(grid.titles) if title and place not in drawn]
    coded = any(row[0].before for row in grid.rows)
    columns = ([gettext("Code")] if coded else []) + [grid.titles[place][0] for place in shown]
    rows = []
    for cells in (*grid.rows, *([grid.foot] if grid.foot else [])):
        head: list[object] = [cells[0].before] if coded else []
        rows.append(head + [_value(cells[place]) for place in shown])
    amounts = frozenset(
        at + coded
        for at, place in enumerate(shown)
        if any(row[place].kind is Kind.EURO and row[place].value is not None for row in grid.rows)
    )
    return _unlike(columns), rows, amounts


def _unlike(columns: Sequence[str]) -> list[str]:
    """Column names of which no two are the same."""
    found: list[str] = []
    for name in columns:
        found.append(name if name not in found else f"{name} ({found.count(name) + 1})")
    return found


def _value(cell: Cell) -> object:
    """What a cell holds: an amount in euros, a number, or the words on the screen."""
    if cell.value is None:
        return cell.words
    if cell.kind is Kind.EURO:
        return Decimal(int(cell.value)) / 100
    return cell.value
