"""Read the cells of a workbook (.xlsx) without trusting it: sizes first, then one sheet as a stream of rows.

A workbook is a zip with XML inside. Nothing is unpacked before the zip's own list shows that it stays within bounds; a
DOCTYPE ends the reading before any entity exists; elements are counted while they are read, and nothing of a sheet is
kept but what the caller keeps. Formulas are never worked out: a cell with one is marked as such. Macros, passwords
and other formats are refused by name.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any
from xml.parsers import expat

from subcontractors.declarations.rows import TableRefused
from subcontractors.declarations.sheet_xml import (
    KIND,
    Enough,
    Merge,
    OnRow,
    plain_name,
    sheet_handlers,
    string_handlers,
    too_large,
)

MOST_PARTS = 1_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 250
SMALL_PART = 1024 * 1024
MOST_SHEETS = 100
MOST_TAGS = 20_000_000
"""Over all parts together, however often one is read: the end to the time that a workbook takes."""

_CHUNK = 256 * 1024
_AS_XLSX = "Open het bestand in het rekenblad en sla het op als ‘Excel-werkmap (.xlsx)’."
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    struct.error,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
    expat.ExpatError,
)
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_HIDDEN_STATES = ("hidden", "veryHidden")


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet of a workbook: its name, whether it shows, and where it lies in the zip."""

    name: str
    hidden: bool
    part: str


class Workbook:
    """A workbook, opened for reading; everything in it is read at most as far as it is asked for."""

    def __init__(self, content: bytes) -> None:
        """Open it.

        Raises:
            TableRefused: it is no workbook that is read here, or not within bounds.
        """
        _check_signature(content)
        self._tags = 0
        with _damage_told():
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self._parts = _checked_parts(self._zip)
            book = self._book()
            self._early = False
            self.sheets = self._sheets(book)
            folder = posixpath.dirname(book)
            self._strings_part = posixpath.join(folder, "sharedStrings.xml")
            self._strings: list[str] | None = None
            self._dates = self._date_styles(posixpath.join(folder, "styles.xml"))

    def read(self, sheet: SheetName, on_row: OnRow) -> list[Merge]:
        """Read a sheet row by row; returns its merged ranges.

        Raises:
            TableRefused: it is damaged or not within bounds.
        """
        with _damage_told():
            if self._strings is None:
                self._strings = self._shared_strings()
            merges: list[Merge] = []
            handlers = sheet_handlers(self._strings, self._dates, on_row, merges, early=self._early)
            with suppress(Enough):
                self._parse(sheet.part, *handlers)
            return merges

    def _book(self) -> str:
        """Where the workbook part lies."""
        found: list[str] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if attributes.get("Type", "").endswith("/officeDocument"):
                found.append(attributes.get("Target", "").lstrip("/"))

        if "_rels/.rels" in self._parts:
            self._parse("_rels/.rels", start)
        book = next((part for part in (*found, "xl/workbook.xml") if part in self._parts), None)
        if book is None:
            raise TableRefused(KIND, "Dit bestand is geen Excel-werkmap.", _AS_XLSX)
        return book

    def _sheets(self, book: str) -> list[SheetName]:
        folder = posixpath.dirname(book)
        targets: dict[str, str] = {}

        def relation(name: str, attributes: dict[str, str]) -> None:
            target = attributes.get("Target", "")
            if attributes.get("Type", "").endswith("/worksheet"):
                joined = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                targets[attributes.get("Id", "")] = posixpath.normpath(joined)

        found: list[SheetName] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            plain = plain_name(name)
            if plain == "workbookPr":
                self._early = attributes.get("date1904", "") in ("1", "true")
            elif plain == "sheet" and len(found) < MOST_SHEETS:
                key = next((attributes[f"{space} id"] for space in _RELATIONS if f"{space} id" in attributes), "")
                if targets.get(key) in self._parts:
                    hidden = attributes.get("state", "") in _HIDDEN_STATES
                    found.append(SheetName(attributes.get("name", "")[:31], hidden, targets[key]))

        self._parse(posixpath.join(folder, "_rels", f"{posixpath.basename(book)}.rels"), relation)
        self._parse(book, start)
        if not found:
            raise TableRefused(KIND, "De werkmap heeft geen werkblad.", "Zet de regels op een gewoon werkblad.")
        return found

    def _date_styles(self, part: str) -> frozenset[str]:
        """The numbers of cell styles that show a date."""
        if part not in self._parts:
            return frozenset()
        custom: dict[str, bool] = {}
        dates: set[str] = set()
        inside, count = False, 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside, count
            plain = plain_name(name)
            if plain == "numFmt":
                custom[attributes.get("numFmtId", "")] = _shows_date(attributes.get("formatCode", ""))
            elif plain == "cellXfs":
                inside = True
            elif plain == "xf" and inside:
                number = attributes.get("numFmtId", "0")
                built_in = number.isascii() and number.isdigit() and len(number) < 6 and int(number) in _DATE_FORMATS  # noqa: PLR2004
                if custom.get(number, built_in):
                    dates.add(str(count))
                count += 1

        def end(name: str) -> None:
            nonlocal inside
            if plain_name(name) == "cellXfs":
                inside = False

        self._parse(part, start, end)
        return frozenset(dates)

    def _shared_strings(self) -> list[str]:
        found: list[str] = []
        if self._strings_part in self._parts:
            self._parse(self._strings_part, *string_handlers(found))
        return found

    def _parse(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Read one part as XML, in pieces, with an end to how much."""
        if part not in self._parts:
            raise TableRefused(KIND, "De werkmap is niet volledig.", _AS_XLSX)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.StartElementHandler = start
        if end is not None:
            parser.EndElementHandler = end
        if text is not None:
            parser.CharacterDataHandler = text
        with self._zip.open(part) as stream:
            self._feed(parser, stream)

    def _feed(self, parser: Any, stream: IO[bytes]) -> None:
        while chunk := stream.read(_CHUNK):
            self._tags += chunk.count(b"<")
            if self._tags > MOST_TAGS:
                raise too_large()
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


def _shows_date(code: str) -> bool:
    """Whether a number format shows a date or a time."""
    return any(sign in "dmyhs" for sign in _NOT_FORMAT.sub("", code.partition(";")[0]).lower().replace("general", ""))


def _no_doctype(*_: object) -> None:
    raise TableRefused(KIND, "In de werkmap staat een DOCTYPE; dat hoort daar niet.", _AS_XLSX)


@contextmanager
def _damage_told() -> Iterator[None]:
    """Whatever a damaged file makes the libraries raise is one refusal."""
    try:
        yield
    except _DAMAGE as error:
        raise TableRefused(KIND, "De werkmap is beschadigd of onvolledig.", _AS_XLSX) from error


def _check_signature(content: bytes) -> None:
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise TableRefused(
                KIND, "De werkmap is met een wachtwoord beveiligd.", "Haal het wachtwoord eraf en sla haar opnieuw op."
            )
        raise TableRefused(KIND, "Dit is een werkmap in het oude formaat (.xls).", _AS_XLSX)
    if not content.startswith(b"PK"):
        raise TableRefused(KIND, "Dit bestand is geen Excel-werkmap.", _AS_XLSX)


def _checked_parts(archive: zipfile.ZipFile) -> frozenset[str]:
    """The names of the parts, after their number and sizes are found to be within bounds."""
    parts = archive.infolist()
    names = frozenset(part.filename for part in parts)
    if len(parts) > MOST_PARTS or len(names) < len(parts):
        raise TableRefused(KIND, "De werkmap bestaat uit te veel of dubbele onderdelen.", _AS_XLSX)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise too_large()
    for part in parts:
        if part.file_size > SMALL_PART and part.file_size > MOST_RATIO * max(1, part.compress_size):
            raise too_large()
        if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise TableRefused(KIND, "De werkmap is versleuteld of ongewoon ingepakt.", _AS_XLSX)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise TableRefused(KIND, "De werkmap bevat macro's.", _AS_XLSX)
    if "mimetype" in names:
        raise TableRefused(KIND, "Dit is een OpenDocument-bestand (.ods).", _AS_XLSX)
    if "xl/workbook.bin" in names:
        raise TableRefused(KIND, "Dit is een binaire werkmap (.xlsb).", _AS_XLSX)
    return names
