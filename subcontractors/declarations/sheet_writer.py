"""Write a workbook that keeps what it is given: codes as text, dates as dates, amounts as numbers, never a formula."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from math import isfinite
from typing import Any

from subcontractors.declarations.columns import Kind
from subcontractors.declarations.sheet_xml import Broken, Formula, Value, too_large

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "dd-mm-yyyy",
}
_LOOKS = {
    Kind.TEXT: "@",
    Kind.CODE: "@",
    Kind.WHOLE: "0",
    Kind.MONTH: "@",
    Kind.DAY: "dd-mm-yyyy",
    Kind.EUROS: "0.00",
    Kind.DECIMAL: "General",
}
_MARK = "#fbe3d4"
_HEAD = "#e8eef1"
_TEXT_FORMAT = 49  # the built-in format that spreadsheets call text
_WIDEST, _NARROWEST = 60, 10
MOST_WRITTEN = 50_000_000
"""Characters of text in a workbook that we make: one text may stand in a million cells of the one that came."""

_LONGEST = 32_767  # what a cell can hold


class SheetWriter:
    """One sheet of a workbook, written row by row from above; rows that are passed over stay empty."""

    def __init__(self, name: str, kinds: Mapping[int, Kind], titles: Sequence[str]) -> None:
        """Begin the workbook.

        Args:
            name: the name of the sheet, as far as a sheet may have it.
            kinds: what stands in the columns that are ours, by place (A is 0).
            titles: the names of all columns, for their widths; they are written by :meth:`header`.
        """
        import xlsxwriter

        self._out = io.BytesIO()
        self._book: Any = xlsxwriter.Workbook(self._out, _OPTIONS)
        self._sheet: Any = self._book.add_worksheet(_sheet_name(name))
        self._kinds = kinds
        self._formats: dict[tuple[str, bool], Any] = {}
        self._head = self._book.add_format({"bold": True, "bg_color": _HEAD, "num_format": "@"})
        self._next = self._written = 0
        for place, title in enumerate(titles):
            kind = kinds.get(place)
            width = min(_WIDEST, max(_NARROWEST, len(title) + 3))
            self._sheet.set_column(place, place, width, self._look(_LOOKS[kind] if kind else "General", marked=False))

    def header(self, row: int, titles: Sequence[str]) -> None:
        """Write the column names, and let them stay in sight."""
        row = self._row(row)
        for place, title in enumerate(titles):
            self._sheet.write_string(row, place, title[:_LONGEST], self._head)
        self._sheet.freeze_panes(row + 1, 0)

    def widen(self, places: Mapping[int, int]) -> None:
        """Make columns so many characters wide."""
        for place, width in places.items():
            self._sheet.set_column(place, place, width)

    def row(self, row: int, cells: Mapping[int, Value | date], marked: frozenset[int] = frozenset()) -> None:
        """Write a row (the first is 0); cells in ``marked`` catch the eye."""
        row = self._row(row)
        for place in sorted({*cells, *marked}):
            self._cell(row, place, cells.get(place, ""), marked=place in marked)

    def content(self) -> bytes:
        """The workbook; nothing more can be written."""
        self._book.close()
        return self._out.getvalue()

    def _row(self, row: int) -> int:
        row = max(row, self._next)
        self._next = row + 1
        return row

    def _cell(self, row: int, place: int, value: Value | date, *, marked: bool) -> None:
        kind = self._kinds.get(place)
        look = _LOOKS[kind] if kind else "General"
        if isinstance(value, Formula):
            value = value.value
        if isinstance(value, Broken):
            value = value.text
        if isinstance(value, bool):
            self._sheet.write_boolean(row, place, value, self._look(look, marked=marked))
        elif isinstance(value, float | int) and not isfinite(value):
            self._sheet.write_string(row, place, str(value), self._look("@", marked=marked))
        elif isinstance(value, float | int):
            self._sheet.write_number(row, place, value, self._look(_number_look(look, value), marked=marked))
        elif isinstance(value, date):
            self._moment(row, place, value, marked=marked)
        elif value:
            self._written += len(value)
            if self._written > MOST_WRITTEN:
                self._book.close()  # takes its temporary file away
                raise too_large()
            self._sheet.write_string(row, place, value[:_LONGEST], self._look("@" if kind else look, marked=marked))
        else:
            self._sheet.write_blank(row, place, None, self._look(look, marked=marked))

    def _moment(self, row: int, place: int, value: date, *, marked: bool) -> None:
        whole = not isinstance(value, datetime) or value.time() == time()
        look = "dd-mm-yyyy" if whole else "dd-mm-yyyy hh:mm"
        if value.year < 1900:  # noqa: PLR2004 - before that a workbook has no dates
            self._sheet.write_string(row, place, str(value), self._look("@", marked=marked))
        else:
            self._sheet.write_datetime(row, place, value, self._look(look, marked=marked))

    def _look(self, number_format: str, *, marked: bool) -> Any:
        found = self._formats.get((number_format, marked))
        if found is None:
            shown = _TEXT_FORMAT if number_format == "@" else number_format
            properties = {"num_format": shown, **({"bg_color": _MARK} if marked else {})}
            found = self._formats[number_format, marked] = self._book.add_format(properties)
        return found


def _number_look(look: str, value: float) -> str:
    """A format that hides nothing of a number."""
    if look == "0.00":
        return look if round(value, 2) == value else "General"
    return look if look == "@" or value == int(value) else "General"


def _sheet_name(name: str) -> str:
    """A name that a sheet may have."""
    plain = "".join(sign for sign in name if sign.isprintable() and sign not in "[]:*?/\\").strip().strip("'")[:31]
    return plain if plain and plain.lower() != "history" else "Regels"
