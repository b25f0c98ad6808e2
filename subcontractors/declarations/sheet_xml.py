"""The cells of one sheet of a workbook, or its shared texts, as expat reads them: one row is kept at a time.

Elements are counted, so that there is an end to the time a sheet takes. Formulas are marked, never worked out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from subcontractors.declarations.rows import TableRefused

KIND = "XLSX"
MOST_ELEMENTS = 8_000_000
MOST_STRINGS = 1_000_000
MOST_MERGES = 10_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})")


_PLAIN = {f"{space} {name}": name for space in _MAIN for name in ("row", "c", "v", "t", "f", "rPh", "mergeCell", "si")}
"""The elements that matter, by their name with namespace."""


class Broken(NamedTuple):
    """A cell that shows an error value, such as ``#REF!``."""

    text: str


class Formula(NamedTuple):
    """A cell with a formula, and the value that was last worked out for it."""

    value: str | float | bool | datetime | Broken


Value = str | float | bool | datetime | Broken | Formula
"""What a cell holds: text, number, yes or no, moment; or what is wrong with it."""

OnRow = Callable[[int, bool, dict[int, Value]], bool]
"""Called with the number of a row, whether it is hidden, and its filled cells by column (A is 0); ``False`` ends."""


class Merge(NamedTuple):
    """A merged range; rows and columns inclusive, rows as shown, columns from 0."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


class Enough(Exception):
    """The caller has seen enough of a sheet."""


def too_large() -> TableRefused:
    """The refusal of a workbook that would take too much memory or time."""
    return TableRefused(KIND, "De werkmap is uitgepakt te groot.", "Splits de regels over meer bestanden.")


class Handlers(NamedTuple):
    """What expat calls back."""

    start: Callable[[str, dict[str, str]], None]
    end: Callable[[str], None]
    text: Callable[[str], None]


def sheet_handlers(  # noqa: C901, PLR0915 - one flat hot loop, called millions of times
    strings: list[str], dates: frozenset[str], on_row: OnRow, merges: list[Merge], *, early: bool
) -> Handlers:
    """What expat calls back while it reads a sheet; one row is kept at a time.

    Closures, since a large sheet makes millions of these calls.
    """
    cells: dict[int, Value] = {}
    pieces: list[str] = []
    columns: dict[str, int] = {}
    elements = number = column = 0
    hidden = formula = taking = False
    kind = style = ""
    plain_of = _PLAIN.get

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal elements, number, column, hidden, formula, taking, kind, style, cells
        elements += 1
        plain = plain_of(name)
        if plain == "v":
            taking = True
        elif plain == "c":
            if elements > MOST_ELEMENTS:
                raise too_large()
            reference = attributes.get("r")
            if reference is None:
                column += 1
            else:
                letters = reference.rstrip("0123456789")
                column = columns.get(letters, 0)
                if not column:
                    column = columns[letters] = _column(letters) + 1
            kind, style, formula = attributes.get("t", "n"), attributes.get("s", ""), False
            pieces.clear()
        elif plain == "row":
            said = attributes.get("r")
            number = _within(int(said) if said else number + 1, LAST_ROW)
            hidden = attributes.get("hidden") in ("1", "true")
            cells, column = {}, 0
        elif plain == "t":
            taking = kind == "inlineStr"
        elif plain == "f":
            formula = True
        elif plain == "rPh":
            kind = "phonetic"
        elif plain == "mergeCell":
            _add_merge(merges, attributes.get("ref", ""))
        elif elements > MOST_ELEMENTS:
            raise too_large()

    def text(data: str) -> None:
        if taking:
            pieces.append(data)

    def end(name: str) -> None:
        nonlocal taking
        plain = plain_of(name)
        if plain == "c":
            if pieces or formula:
                value = _cell_value(kind, style, "".join(pieces), strings, dates, early=early)
                if formula:
                    cells[column - 1] = Formula(value)
                elif value != "":
                    cells[column - 1] = value
                if column > LAST_COLUMN:
                    raise too_large()
        elif plain in ("v", "t"):
            taking = False
        elif plain == "row" and cells and not on_row(number, hidden, cells):
            raise Enough

    return Handlers(start, end, text)


def _cell_value(
    kind: str, style: str, text: str, strings: list[str], dates: frozenset[str], *, early: bool
) -> str | float | bool | datetime | Broken:
    """What a cell of this type and style holds."""
    if kind == "s":
        place = int(text)
        return strings[place] if 0 <= place < len(strings) else Broken("#REF!")
    if kind == "n":
        if style in dates and text.strip():
            return _moment(float(text), early=early)
        return float(text) if text.strip() else ""
    if kind == "b":
        return text.strip() in ("1", "true")
    if kind == "e":
        return Broken(text[:20])
    if kind == "d":
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    return _unescaped(text)


def _add_merge(merges: list[Merge], reference: str) -> None:
    found = _RANGE.fullmatch(reference)
    if found is None:
        return
    if len(merges) >= MOST_MERGES:
        raise too_large()
    merges.append(Merge(int(found[2]), int(found[4]), _column(found[1]), _column(found[3])))


def string_handlers(found: list[str]) -> Handlers:
    """What expat calls back while it reads the shared texts, which are added to ``found``."""
    pieces: list[str] = []
    taking = phonetic = False
    plain_of = _PLAIN.get

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal taking, phonetic
        plain = plain_of(name)
        if plain == "si":
            pieces.clear()
        elif plain == "t":
            taking = not phonetic
        elif plain == "rPh":
            phonetic = True

    def end(name: str) -> None:
        nonlocal taking, phonetic
        plain = plain_of(name)
        if plain == "t":
            taking = False
        elif plain == "rPh":
            phonetic = False
        elif plain == "si":
            if len(found) >= MOST_STRINGS:
                raise too_large()
            found.append(_unescaped("".join(pieces)))

    def text(data: str) -> None:
        if taking:
            pieces.append(data)

    return Handlers(start, end, text)


def plain_name(name: str) -> str:
    """The name of an element without its namespace."""
    return name.rpartition(" ")[2]


def _column(letters: str) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter) + 1
    return _within(number, LAST_COLUMN) - 1


def _within(number: int, most: int) -> int:
    if not 1 <= number <= most:
        raise ValueError(f"not within the sheet: {number}")
    return number


def _unescaped(text: str) -> str:
    """Text with its control characters back, which a workbook writes as ``_x000D_``."""
    return _ESCAPED.sub(_sign, text) if "_x" in text else text


def _sign(found: re.Match[str]) -> str:
    """The sign that is meant; half of a pair (surrogate) is no sign and stays as it is written."""
    number = int(found[1], 16)
    return found[0] if 0xD800 <= number <= 0xDFFF else chr(number)  # noqa: PLR2004 - as Unicode has it


def _moment(number: float, *, early: bool) -> datetime | float:
    """The moment that a number stands for in a cell with a date format; the number itself where there is none."""
    first = datetime(1904, 1, 1) if early else datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no time zone
    latest = 2_958_465
    return first + timedelta(days=number) if 0 <= number <= latest else number
