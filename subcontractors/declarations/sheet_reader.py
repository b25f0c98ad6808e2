"""Read declarations from a workbook (.xlsx): the same columns, rules and results as CSV.

The one visible sheet with a header of ours is read; two such sheets are refused by name, a hidden one is remarked
upon. Cells are taken exactly: a number is an amount only when it has at most two decimals, a date is a date only when
the cell is one, a code in a number cell keeps no zeros that a spreadsheet took away. A formula, a hidden row, a merged
cell and an error value are named, since what shows and what is meant may differ.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from subcontractors.declarations.cells import AS_TEXT
from subcontractors.declarations.columns import DECLARATIONS, Kind, Layout
from subcontractors.declarations.incoming import Incoming, refused
from subcontractors.declarations.rows import (
    LONGEST_TITLE,
    Row,
    Table,
    TableRefused,
    check_header,
    content_of,
    declarations,
    refused_table,
)
from subcontractors.declarations.sheet_xml import KIND, Broken, Formula, Merge, Value
from subcontractors.declarations.workbook import SheetName, Workbook
from subcontractors.iwmo.simple import Wrong, shown
from subcontractors.iwmo.walk import LIMIT, too_large

LEAST_RECOGNISED = 3
"""How many of our columns a row must name to be taken for the header."""

HEADER_WITHIN = 25
"""Among how many filled rows the header must be."""

MOST_SHEET_ROWS = 100_000
LONGEST_CELL = 200
_EXACT = 10**15
"""Up to here a spreadsheet keeps every digit of a number."""

_DECIMALS = 2
_THOUSANDS = 3


def read_sheet(name: str, source: Path | BinaryIO | bytes, *, receiver: str = "", limit: int = LIMIT) -> list[Incoming]:
    """Read every declaration of a workbook (level 1), as :func:`csv_reader.read_declarations` does of a CSV.

    Nothing is raised for bad input: a file that cannot be read at all is one refused result.
    """
    content = content_of(source, limit)
    if len(content) > limit:
        return [refused(too_large(limit), content, kind="323")]
    try:
        return declarations(sheet_table(name, content, DECLARATIONS), receiver)
    except TableRefused as stop:
        return refused_table(stop, content)


def sheet_table(name: str, content: bytes, layout: Layout) -> Table:
    """The rows of a workbook by the columns of its layout.

    Raises:
        TableRefused: it cannot be read, or no sheet or more than one has such a table.
    """
    book = Workbook(content)
    sheet, remarks = _chosen(book, layout)
    taker = _Taker(layout)
    merges = book.read(sheet, taker.take)
    table = taker.table
    table.remarks = remarks
    _refuse_merged(table, merges, taker.columns, taker.header_row)
    if not table.rows and not table.faults:
        raise TableRefused(KIND, f"{name} heeft geen enkele regel.", "Zet onder de kolomnamen ten minste één regel.")
    return table


def chosen_sheet(book: Workbook, layout: Layout) -> SheetName:
    """The sheet that is read.

    Raises:
        TableRefused: none has such a table, or more than one.
    """
    return _chosen(book, layout)[0]


def _chosen(book: Workbook, layout: Layout) -> tuple[SheetName, tuple[str, ...]]:
    """The sheet to read, and what is worth saying about the others."""
    seen = [(sheet, _header_in(book, sheet, layout)) for sheet in book.sheets]
    visible = [sheet for sheet, header in seen if header and not sheet.hidden]
    hidden = [sheet for sheet, header in seen if header and sheet.hidden]
    if len(visible) > 1:
        names = ", ".join(shown(sheet.name) for sheet in visible)
        raise TableRefused(
            KIND, f"Meer dan één werkblad heeft regels: {names}.", "Laat er één over, of stuur elk als eigen bestand."
        )
    if not visible:
        extra = f" Het verborgen blad {shown(hidden[0].name)} heeft ze wel." if hidden else ""
        columns = ", ".join(layout.kinds)
        raise TableRefused(
            KIND, f"Geen zichtbaar werkblad heeft een rij met de kolomnamen.{extra}", f"Zet bovenaan: {columns}."
        )
    remarks = [f"Het verborgen werkblad {shown(sheet.name)} is niet gelezen." for sheet in hidden]
    return visible[0], tuple(remarks)


def _header_in(book: Workbook, sheet: SheetName, layout: Layout) -> bool:
    """Whether one of the first rows of a sheet names columns of ours."""
    found, rows = False, 0

    def look(number: int, hidden: bool, cells: dict[int, Value]) -> bool:
        nonlocal found, rows
        rows += 1
        found = layout.recognised([one for one in cells.values() if isinstance(one, str)]) >= LEAST_RECOGNISED
        return not found and rows < HEADER_WITHIN

    book.read(sheet, look)
    return found


class _Taker:
    """Takes the rows of a sheet into a table: what stands above the header is passed over."""

    def __init__(self, layout: Layout) -> None:
        self.table = Table(KIND, comma=True)
        self.columns: dict[int, str] = {}
        self.header_row = 0
        self._layout = layout
        self._own: frozenset[int] = frozenset()
        self._empty: Row = dict.fromkeys(layout.kinds, "")

    def take(self, number: int, hidden: bool, cells: dict[int, Value]) -> bool:
        """Take one row; called by the workbook."""
        if not self.header_row:
            texts = {place: one for place, one in cells.items() if isinstance(one, str)}
            if self._layout.recognised(list(texts.values())) >= LEAST_RECOGNISED:
                self._header(number, texts, cells)
            return True
        row, slips, stray = self._row(cells)
        if row == self._empty and not slips and not stray:
            return True
        if len(self.table.rows) + len(self.table.faults) >= MOST_SHEET_ROWS:
            raise TableRefused(
                KIND, f"Het werkblad heeft meer dan {MOST_SHEET_ROWS} rijen.", "Splits het over meer bestanden."
            )
        if hidden:
            self.table.spoil(number, row, "De rij is verborgen.", "Maak haar zichtbaar (filter uit) of verwijder haar.")
        elif stray:
            self.table.spoil(
                number, row, "De rij heeft een waarde in een kolom zonder naam.", "Geef die een naam die met x_ begint."
            )
        else:
            self.table.add(number, row)
        if slips:
            self.table.slips[number] = slips
        return True

    def _header(self, number: int, texts: Mapping[int, str], cells: Mapping[int, Value]) -> None:
        written = [one if isinstance(one, str) else "?" for one in cells.values()]
        check_header(KIND, self._layout, written, number)
        self.header_row = number
        for place, text in texts.items():
            column = self._layout.column(text)
            if column is not None:
                self.columns[place] = column
                self.table.titles[column] = text.strip()[:LONGEST_TITLE]
        self._own = frozenset(texts) - frozenset(self.columns)

    def _row(self, cells: Mapping[int, Value]) -> tuple[Row, dict[str, Wrong], bool]:
        row = self._empty.copy()
        slips: dict[str, Wrong] = {}
        stray = False
        kinds = self._layout.kinds
        for place, value in cells.items():
            column = self.columns.get(place)
            if column is None:
                stray = stray or (place not in self._own and not (isinstance(value, str) and not value.strip()))
            elif type(value) is str:
                row[column] = value[:LONGEST_CELL].strip()
            else:
                row[column], wrong = cell_text(kinds[column], value)
                if wrong is not None:
                    slips[column] = wrong
        return row, slips, stray


def cell_text(kind: Kind, value: Value) -> tuple[str, Wrong | None]:
    """The text that a cell of a workbook stands for in a column of this kind, and what is wrong with it by itself."""
    if isinstance(value, Formula):
        text, _ = cell_text(kind, value.value)
        return text, Wrong("is een formule", "Kopieer de kolom en plak haar als waarden.")
    if isinstance(value, Broken):
        wrong = Wrong(f"heeft de foutwaarde {shown(value.text)}", "Herstel de formule en plak de kolom als waarden.")
        return value.text, wrong
    if isinstance(value, bool):
        return str(value), Wrong("is WAAR of ONWAAR", f"{AS_TEXT} en vul de waarde in.")
    if isinstance(value, datetime):
        return _moment_text(kind, value)
    if isinstance(value, float):
        return _number_text(kind, value)
    return value[:LONGEST_CELL].strip(), None


@lru_cache(maxsize=4096)
def _moment_text(kind: Kind, value: datetime) -> tuple[str, Wrong | None]:
    day = value.date()
    if value != datetime(day.year, day.month, day.day):  # noqa: DTZ001 - a cell has no time zone
        return f"{value:%Y-%m-%d %H:%M}", Wrong("heeft een tijd bij de datum", "Vul alleen de datum.")
    if kind is Kind.DAY:
        return day.isoformat(), None
    if kind is Kind.MONTH:
        if day.day == 1:
            return day.isoformat()[:7], None
        return day.isoformat(), Wrong(f"{shown(day.isoformat())} is geen maand", "Vul de maand als JJJJ-MM.")
    wrong = Wrong("is een datum, waarschijnlijk door het rekenblad gemaakt", f"{AS_TEXT} en vul de waarde opnieuw in.")
    return day.isoformat(), wrong


@lru_cache(maxsize=16_384)
def _number_text(kind: Kind, value: float) -> tuple[str, Wrong | None]:
    """A number as text, exactly as the spreadsheet keeps it (the shortest text that is the same number)."""
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return str(value), Wrong("is geen getal", "Vul de waarde opnieuw in.")
    text = format(exact, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if abs(exact) >= _EXACT:
        return text[:LONGEST_CELL], Wrong(
            "is een getal van meer dan 15 cijfers, waarvan het rekenblad de laatste niet bewaart",
            f"{AS_TEXT} en vul de waarde opnieuw in.",
        )
    if kind is Kind.EUROS:
        return _euros_text(exact, text)
    if kind in (Kind.DAY, Kind.MONTH):
        return text, Wrong(f"{shown(text)} is een getal, geen datum", "Maak de kolom op als Datum, of vul JJJJ-MM-DD.")
    if kind is Kind.DECIMAL and len(text.partition(".")[2]) == _THOUSANDS:
        text += "0"  # so that three decimals are not taken for thousands
    return text, None


def _euros_text(exact: Decimal, text: str) -> tuple[str, Wrong | None]:
    exponent = exact.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > _DECIMALS:
        return text, Wrong(
            f"{shown(text)} heeft meer dan twee decimalen", "Rond het bedrag af op centen, met AFRONDEN(bedrag;2)."
        )
    return f"{exact:.2f}", None


def _refuse_merged(table: Table, merges: list[Merge], columns: Mapping[int, str], header_row: int) -> None:
    """Refuse the rows that share a cell of ours with another cell: whose value it is, cannot be known."""
    last = max(columns, default=-1)
    touching = [one for one in merges if one.first_column <= last and one.last_row > header_row]
    if not touching:
        return
    numbers = sorted(number for number, _ in table.rows)
    change = [0] * (len(numbers) + 1)
    for one in touching:
        if any(one.first_column <= place <= one.last_column for place in columns):
            change[bisect_left(numbers, one.first_row)] += 1
            change[bisect_right(numbers, one.last_row)] -= 1
    merged: set[int] = set()
    depth = 0
    for number, step in zip(numbers, change, strict=False):
        depth += step
        if depth > 0:
            merged.add(number)
    kept = [(number, row) for number, row in table.rows if number not in merged]
    bad = [(number, row) for number, row in table.rows if number in merged]
    table.rows[:] = kept
    for number, row in bad:
        table.spoil(number, row, "De rij heeft samengevoegde cellen.", "Splits de cellen en vul elke cel.")
