"""Copy a provider's own file with columns added behind its own, or single cells changed; all else stays as it was.

Formulas come out as the value they had, hidden rows show, and no cell can become a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from subcontractors.declarations.cells import bare, harmless
from subcontractors.declarations.columns import COLUMNS, DECLARATIONS, Kind
from subcontractors.declarations.csv_reader import CsvText, csv_rows, csv_text
from subcontractors.declarations.sheet_reader import chosen_sheet
from subcontractors.declarations.sheet_writer import SheetWriter
from subcontractors.declarations.sheet_xml import Value
from subcontractors.declarations.workbook import SheetName, Workbook

VERDICT, CODES, REASONS, REMEDIES, RIGHT = "x_oordeel", "x_codes", "x_redenen", "x_oplossing", "x_juiste_waarde"
VERDICT_COLUMNS = (VERDICT, CODES, REASONS, REMEDIES, RIGHT)
"""What is added to a returned file."""

WIDTHS = {0: 16, 1: 14, 2: 60, 3: 60, 4: 30}

Changes = Mapping[tuple[int, str], str]
"""New values by row number and column, as texts of the format (amounts with a point, days as YYYY-MM-DD)."""


@dataclass(frozen=True, slots=True)
class Added:
    """What is added: per row number the cells of :data:`VERDICT_COLUMNS`, and which of our columns to mark.

    Without cells nothing is added, and verdicts of an earlier return are left out.
    """

    cells: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    marked: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @property
    def titles(self) -> tuple[str, ...]:
        """The names of the added columns."""
        return VERDICT_COLUMNS if self.cells else ()


def copy_csv(name: str, content: bytes, added: Added, changes: Changes) -> bytes:
    """The same CSV: separator, encoding, order of columns and rows.

    Raises:
        TableRefused: it cannot be read.
    """
    found = csv_text(name, content)
    out = io.StringIO(newline="")
    ending = "\r\n" if "\r\n" in found.text else "\n"
    writer = csv.writer(out, delimiter=found.separator, lineterminator=ending)
    header: Sequence[str] = ()
    for number, cells in csv_rows(found):
        if not header:
            if any(cell.strip() for cell in cells):
                header = cells
                writer.writerow([*_kept(cells, header), *added.titles])
            else:
                writer.writerow(cells)
            continue
        row = [harmless(bare(cell)) for cell in _changed_cells(number, cells, header, changes, found)]
        row = [*_kept(row, header), *([""] * (len(header) - len(cells)))]
        extra = added.cells.get(number, ())
        writer.writerow([*row, *(harmless(cell) for cell in extra)])
    return _encoded(found.before + out.getvalue(), found, content)


def _kept(cells: Sequence[str], header: Sequence[str]) -> list[str]:
    """The cells of a row without those of an earlier verdict, which is written anew."""
    dropped = {place for place, name in enumerate(header) if is_verdict(name)}
    return [cell for place, cell in enumerate(cells) if place not in dropped]


def is_verdict(name: str) -> bool:
    """Whether a column is one that we added."""
    return name.strip().lower() in VERDICT_COLUMNS


def _changed_cells(
    number: int, cells: Sequence[str], header: Sequence[str], changes: Changes, found: CsvText
) -> list[str]:
    made = list(cells)
    for place, name in enumerate(header[: len(cells)]):
        column = DECLARATIONS.column(name)
        new = changes.get((number, column)) if column is not None else None
        if new is not None and column is not None:
            comma = found.separator == ";" and DECLARATIONS.kinds[column] is Kind.EUROS
            made[place] = new.replace(".", ",") if comma else new
    return made


def _encoded(text: str, found: CsvText, content: bytes) -> bytes:
    """In the encoding of the file; plain ASCII gets a byte order mark, so that a spreadsheet reads our words well."""
    if found.encoding == "utf-8" and content.isascii():
        return text.encode("utf-8-sig")
    return text.encode(found.encoding, errors="replace")


def copy_sheet(content: bytes, added: Added, changes: Changes) -> bytes:
    """The same sheet, without the other sheets: rows at their own numbers, columns in their own order.

    Raises:
        TableRefused: it cannot be read.
    """
    book = Workbook(content)
    return _SheetCopy(book, chosen_sheet(book, DECLARATIONS), added, changes).content()


class _SheetCopy:
    """Copies a sheet row by row."""

    def __init__(self, book: Workbook, sheet: SheetName, added: Added, changes: Changes) -> None:
        self._added, self._name = added, sheet.name
        self._changes: dict[int, dict[str, str]] = {}
        for (number, column), new in changes.items():
            self._changes.setdefault(number, {})[column] = new
        self._above: list[tuple[int, dict[int, Value]]] = []
        self._columns: dict[str, int] = {}
        self._dropped: frozenset[int] = frozenset()
        self._after = 0
        self._writer: SheetWriter | None = None
        book.read(sheet, self._take)

    def content(self) -> bytes:
        """The copy."""
        assert self._writer is not None
        return self._writer.content()

    def _take(self, number: int, hidden: bool, cells: dict[int, Value]) -> bool:
        if self._writer is None:
            texts = {place: one for place, one in cells.items() if isinstance(one, str)}
            columns = {DECLARATIONS.column(text): place for place, text in texts.items()}
            self._columns = {column: place for column, place in columns.items() if column is not None}
            if len(self._columns) == len(COLUMNS):
                self._begin(number, texts)
            else:
                self._above.append((number, cells))
            return True
        own: dict[int, Value | date] = {place: one for place, one in cells.items() if place not in self._dropped}
        for column, new in self._changes.get(number, {}).items():
            own[self._columns[column]] = _typed(column, new)
        extra = self._added.cells.get(number, ())
        own |= {self._after + place: cell for place, cell in enumerate(extra) if cell}
        wrong = self._added.marked.get(number, frozenset())
        marked = {self._columns[column] for column in wrong if column in self._columns}
        if VERDICT in wrong:
            marked.add(self._after)
        self._writer.row(number - 1, own, frozenset(marked))
        return True

    def _begin(self, number: int, texts: Mapping[int, str]) -> None:
        self._dropped = frozenset(place for place, text in texts.items() if is_verdict(text))
        kept = [place for place in texts if place not in self._dropped]
        self._after = max(kept) + 1
        titles = [texts[place] if place in kept else "" for place in range(self._after)]
        titles += self._added.titles
        kinds = {place: DECLARATIONS.kinds[column] for column, place in self._columns.items()}
        self._writer = SheetWriter(self._name, kinds, titles)
        if self._added.titles:
            self._writer.widen({self._after + place: width for place, width in WIDTHS.items()})
        for above, cells in self._above:
            self._writer.row(above - 1, dict(cells))
        self._writer.header(number - 1, titles)


def _typed(column: str, text: str) -> Value | date:
    """A new value as the kind of cell that its column has."""
    kind = DECLARATIONS.kinds[column]
    if kind is Kind.DAY:
        return date.fromisoformat(text)
    return float(text) if kind in (Kind.EUROS, Kind.WHOLE) and text else text
