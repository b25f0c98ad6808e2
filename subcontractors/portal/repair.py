"""A file under pre-check with other values: what was taken over or typed is written into the file itself.

So that the corrected file is read and checked like any other, and is what is stored in the end. A message stays a
message; a CSV or workbook becomes a CSV of the same rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath

from lead_contractor.kernel.money import Cents
from subcontractors.declarations.columns import COLUMNS, DECLARATIONS
from subcontractors.declarations.csv_reader import csv_table
from subcontractors.declarations.incoming import Incoming, Reading
from subcontractors.declarations.model import Line
from subcontractors.declarations.rows import Table, TableRefused
from subcontractors.declarations.sheet_reader import sheet_table
from subcontractors.declarations.suggestions import Suggestion, apply_to_lines
from subcontractors.iwmo.writer import claimed_total, write_323
from subcontractors.portal.form import cells_of
from subcontractors.portal.model import Change

Edit = Callable[[str, Sequence[Line]], Sequence[Line]]
"""Gives the lines of a declaration as they are to be: its number and its lines go in."""


def is_table(content: bytes) -> bool:
    """Whether a file is a CSV or a workbook, rather than a message."""
    return not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def table_of(name: str, content: bytes) -> Table | None:
    """The rows of a CSV or workbook as they were written; ``None`` where the file cannot be read as one."""
    try:
        if content.startswith(b"PK"):
            return sheet_table(name, content, DECLARATIONS)
        return csv_table(name, content, DECLARATIONS) if is_table(content) else None
    except TableRefused:
        return None


def readable(found: Sequence[Incoming]) -> bool:
    """Whether every declaration of a file could be read, so that its lines can be written again."""
    return bool(found) and all(one.status is not Reading.REFUSED_STRUCTURE and one.kind == "323" for one in found)


def with_lines(name: str, content: bytes, found: Sequence[Incoming], edit: Edit) -> tuple[str, bytes]:
    """The file with other lines: the same message with its total reckoned anew, or a CSV.

    Raises:
        ValueError: a declaration in it could not be read.
    """
    if not readable(found):
        raise ValueError("only what was read can be written again")
    if is_table(content):
        return _csv_name(name), _csv_of(found, edit)
    (one,) = found
    assert one.declaration is not None
    lines = edit(one.number or "", one.lines)
    return name, write_323(replace(one.declaration, total=claimed_total(lines)), lines)


def with_rows(name: str, table: Table, chosen: Iterable[Suggestion]) -> tuple[str, bytes]:
    """The rows of a table with other writing in the chosen cells, as CSV."""
    new = {(one.row, one.column): one.new for one in chosen}
    out = _Out()
    for number, row in table.rows:
        out.row([new.get((number, column), row.get(column, "")) for column in COLUMNS])
    return _csv_name(name), out.content()


def changed_line(
    position: int, declaration: str, chosen: Sequence[Suggestion], volume: int | None, amount: Cents | None
) -> Edit:
    """An edit of one line: the chosen values, and a volume that was typed with the amount that follows from it."""

    def edit(number: str, lines: Sequence[Line]) -> Sequence[Line]:
        if number != declaration:
            return lines
        made = apply_to_lines(lines, chosen, number)
        if volume is None:
            return made
        return [
            replace(line, volume=volume, amount=line.amount if amount is None else amount)
            if line.position == position
            else line
            for line in made
        ]

    return edit


def changes_of(chosen: Iterable[Suggestion], references: Callable[[Suggestion], str]) -> tuple[Change, ...]:
    """What was taken over, to be remembered with the draft."""
    return tuple(Change(references(one), one.column, one.old, one.new) for one in chosen)


def _csv_name(name: str) -> str:
    return f"{PurePath(name).stem}.csv"


def _csv_of(found: Iterable[Incoming], edit: Edit) -> bytes:
    out = _Out()
    for one in found:
        assert one.declaration is not None
        for line in edit(one.number or "", one.lines):
            declared = one.declaration
            cells = cells_of(declared.number, declared.period, declared.received, declared.sender, line)
            out.row([cells[column] for column in COLUMNS])
    return out.content()


class _Out:
    """A CSV with our columns."""

    def __init__(self) -> None:
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text, delimiter=";", lineterminator="\r\n")
        self._writer.writerow(COLUMNS)

    def row(self, cells: Sequence[str]) -> None:
        """One more row."""
        self._writer.writerow(cells)

    def content(self) -> bytes:
        """The whole."""
        return self._text.getvalue().encode()
