"""Read declarations from CSV (``messages/*.csv`` of the year folder): one result per declaration in the file.

Dutch spreadsheets are read as they write: semicolons with decimal commas, ``sep=;`` on top, empty columns at the end,
day-month-year. Cells are trimmed, nothing is guessed. Text is UTF-8; where it is not, it is taken for Windows-1252, in
which Dutch spreadsheets save by default, and a cell of ours that depends on that guess is refused by name. A fault in
the header, the encoding or the quoting refuses the file.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from subcontractors.declarations.columns import COLUMNS, DECLARATIONS, Layout
from subcontractors.declarations.incoming import Incoming, refused
from subcontractors.declarations.rows import (
    LONGEST_TITLE,
    Row,
    Table,
    TableRefused,
    check_header,
    content_of,
    declarations,
    natural,
    refused_table,
)
from subcontractors.iwmo.simple import Wrong, shown
from subcontractors.iwmo.walk import LIMIT, too_large

__all__ = ["COLUMNS", "natural", "read_declarations"]

KIND = "CSV"
WINDOWS = "cp1252"
_MOST_SEPARATORS = 10_000
_MOST_LINES = 2_000_000
_AS_UTF8 = "Sla het werkblad op als ‘CSV UTF-8’."
_FIRST_LINE = re.compile(r"\S[^\r\n]*")
_SEPARATOR_LINE = re.compile(r"sep=([;,])\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CsvText:
    """A CSV file as text: its separator and encoding, and what stood before the header (``sep=;``)."""

    text: str
    separator: str
    encoding: str
    before: str = ""

    @property
    def unsure(self) -> bool:
        """Whether the encoding was taken for granted, since it cannot be known."""
        return self.encoding == WINDOWS


def read_declarations(
    name: str,
    source: Path | BinaryIO | bytes,
    *,
    receiver: str = "",
    limit: int = LIMIT,
) -> list[Incoming]:
    """Read every declaration of a CSV file (level 1), sorted by sender and declaration number.

    ``name`` is only repeated in messages. ``receiver`` is the municipality code, which a CSV does not have.
    Volumes of unit 83 are in cents, amounts in euros. Nothing is raised for bad input: a file that cannot be
    read at all is one refused result.
    """
    content = content_of(source, limit)
    if len(content) > limit:
        return [refused(too_large(limit), content, kind="323")]
    try:
        return declarations(csv_table(name, content, DECLARATIONS), receiver)
    except TableRefused as stop:
        return refused_table(stop, content)


def csv_table(name: str, content: bytes, layout: Layout) -> Table:
    """The rows of a CSV file by the columns of its layout.

    Raises:
        TableRefused: header, encoding or quoting are wrong.
    """
    found = csv_text(name, content)
    table = Table(KIND, comma=found.separator == ";")
    take: Callable[[Sequence[str], int], None] | None = None
    for number, cells in csv_rows(found):
        if take is not None:
            take(cells, number)
        elif any(cell.strip() for cell in cells):
            take = _taker(table, layout, _header(cells, number, layout), unsure=found.unsure)
            table.titles = {layout.column(cell) or cell: cell.strip()[:LONGEST_TITLE] for cell in cells}
    if not table.rows and not table.faults:
        raise TableRefused(KIND, f"{name} heeft geen enkele regel.", "Zet onder de kolomnamen ten minste één regel.")
    return table


def csv_text(name: str, content: bytes) -> CsvText:
    """Decode a CSV file and find its separator.

    Raises:
        TableRefused: it is empty, no text, or in an encoding that is not read.
    """
    text, encoding = _decoded(content)
    before = ""
    said = _SEPARATOR_LINE.match(text)
    if said is not None:
        before, text = said[0], text[said.end() :]
    begun = _FIRST_LINE.search(text)  # without a list of all lines: a file may have millions
    first = "" if begun is None else begun[0]
    if not first:
        raise TableRefused(KIND, f"{name} is leeg.", "Zet op de eerste rij de kolomnamen.")
    separator = said[1] if said is not None else ";" if first.count(";") > first.count(",") else ","
    if first.count(separator) > _MOST_SEPARATORS:
        raise TableRefused(
            KIND, "De eerste rij heeft te veel kolommen.", "Gebruik precies de kolommen van het formaat."
        )
    return CsvText(text, separator, encoding, before)


def csv_rows(found: CsvText) -> Iterator[tuple[int, list[str]]]:
    """The rows with the number of the line on which each begins, as an editor counts.

    Raises:
        TableRefused: the quoting is wrong.
    """
    reader = csv.reader(io.StringIO(found.text, newline=""), delimiter=found.separator, strict=True)
    offset = 1 if found.before else 0
    row = 0
    try:
        for cells in reader:
            row, before = reader.line_num, row
            if row > _MOST_LINES:  # empty ones as well, which are no rows but take their time
                raise TableRefused(KIND, "Het bestand heeft te veel lege regels.", "Verwijder de lege regels.")
            yield before + 1 + offset, cells
    except csv.Error as error:
        if "field larger" in str(error):
            raise TableRefused(KIND, "Een cel is te lang.", "Kort haar in.", row + 1 + offset) from error
        raise TableRefused(
            KIND,
            "De aanhalingstekens in deze rij kloppen niet.",
            "Sluit elk aanhalingsteken en verdubbel het binnen een cel.",
            row + 1 + offset,
        ) from error


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise TableRefused(KIND, "Het bestand is in UTF-16 opgeslagen.", _AS_UTF8)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise TableRefused(KIND, "Dit is een werkblad of zip-bestand, geen CSV.", "Geef het de extensie .xlsx.")
    encoding = "utf-8-sig" if content.startswith(codecs.BOM_UTF8) else "utf-8"
    if b"\0" in content:
        raise TableRefused(KIND, "Het bestand bevat nultekens en is geen CSV.", _AS_UTF8)
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
    try:
        return content.decode(WINDOWS), WINDOWS
    except UnicodeDecodeError as error:
        raise TableRefused(KIND, "Het bestand is geen geldige UTF-8.", _AS_UTF8, row) from error


def _header(cells: Sequence[str], row: int, layout: Layout) -> list[str]:
    """The column of ours that each cell names; for others the name as written."""
    if len(cells) == 1 and "\t" in cells[0]:
        raise TableRefused(KIND, "De kolommen zijn met tabs gescheiden.", "Gebruik een komma of puntkomma.", row)
    check_header(KIND, layout, cells, row)
    return [layout.column(cell) or cell.strip() for cell in cells]


def _taker(
    table: Table, layout: Layout, header: Sequence[str], *, unsure: bool
) -> Callable[[Sequence[str], int], None]:
    """What takes one row into the table."""
    places = [(place, name) for place, name in enumerate(header) if name in layout.kinds]
    nameless = [place for place, name in enumerate(header) if not name]
    width = len(header)

    def take(cells: Sequence[str], number: int) -> None:
        if len(cells) == width:
            row = {name: cells[place].strip() for place, name in places}
            if not any(row.values()) and not any(cell.strip() for cell in cells):
                return
            table.add(number, row)
            if nameless and any(cells[place].strip() for place in nameless):
                _stray(table)
            if unsure:
                _mark_unsure(table, number, row)
        elif any(cell.strip() for cell in cells):
            row = {name: cells[place].strip() for place, name in places if place < len(cells)}
            table.spoil(
                number,
                row,
                f"De rij heeft {len(cells)} cellen, de kop {width}.",
                "Zet een cel met een scheidingsteken erin tussen aanhalingstekens.",
            )

    return take


def _stray(table: Table) -> None:
    """Refuse the row that was taken last, for a value in a column without a name."""
    number, row = table.rows.pop()
    table.spoil(
        number, row, "De rij heeft een waarde in een kolom zonder naam.", "Geef de kolom een naam die met x_ begint."
    )


def _mark_unsure(table: Table, number: int, row: Row) -> None:
    """Name the cells that would read differently in another encoding."""
    for column, text in row.items():
        if not text.isascii() and "€" not in text:
            strange = next(sign for sign in text if not sign.isascii())
            table.slips.setdefault(number, {})[column] = Wrong(
                f"bevat {shown(strange)}, en het bestand is geen UTF-8, zodat dat teken niet zeker is", _AS_UTF8
            )
