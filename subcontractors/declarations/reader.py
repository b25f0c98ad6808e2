"""The one door for files with messages: XML, CSV or a workbook, read and checked on levels 1 and 2."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath

from subcontractors.chain.reading import is_chain_message, read_chain_message
from subcontractors.declarations.csv_reader import read_declarations
from subcontractors.declarations.incoming import STRUCTURE, Incoming, Reading, refused
from subcontractors.declarations.sheet_reader import read_sheet
from subcontractors.iwmo.content import check_content
from subcontractors.iwmo.level2.reports import check_reports
from subcontractors.iwmo.model import Fault
from subcontractors.iwmo.reader import read_message
from subcontractors.iwmo.walk import LIMIT

_SNIFF = 1024
_CSV_SUFFIXES = (".csv", ".txt", "")
_SHEET_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
"""Of these only .xlsx is read; the others are refused with what to do."""

_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read_file(name: str, source: Path | bytes, *, receiver: str = "", limit: int = LIMIT) -> list[Incoming]:
    """Read whatever a file holds and check it by itself: one result for XML, one per declaration for CSV and XLSX.

    What begins with ``<`` is XML; otherwise the extension of ``name`` decides. ``receiver`` is the
    municipality code for tables, which have none. Nothing is raised for bad content.

    Raises:
        OSError: the file itself cannot be opened.
    """
    suffix = PurePath(name).suffix.lower()
    start = _start(source)
    if _looks_like_xml(start) or suffix == ".xml":
        read, judged = (read_chain_message, _as_it_came) if is_chain_message(start) else (read_message, checked)
        if isinstance(source, bytes):
            return [judged(read(source, limit=limit))]
        with source.open("rb") as stream:
            return [judged(read(stream, limit=limit))]
    if suffix in _SHEET_SUFFIXES or (suffix == "" and start.startswith(_SIGNATURES)):
        return [checked(one) for one in read_sheet(name, source, receiver=receiver, limit=limit)]
    if suffix in _CSV_SUFFIXES:
        return [checked(one) for one in read_declarations(name, source, receiver=receiver, limit=limit)]
    return [
        refused(
            Fault(
                "BESTAND",
                STRUCTURE,
                f"Een bestand met de extensie {suffix[:12]} wordt hier niet gelezen.",
                "Stuur een iWmo-bericht (.xml) of een declaratie als .xlsx of .csv.",
            ),
            source if isinstance(source, bytes) else b"",
        )
    ]


def _as_it_came(incoming: Incoming) -> Incoming:
    """A message that was checked while it was read."""
    return incoming


def checked(incoming: Incoming) -> Incoming:
    """The same with the faults of level 2, where the structure was right; in the order of the rules."""
    if incoming.status is Reading.REFUSED_STRUCTURE:
        return incoming
    if incoming.declaration is None:
        return incoming.with_faults(check_reports(incoming.starts or incoming.stops))
    found = [*incoming.faults, *check_content(incoming.declaration, incoming.lines)]
    return replace(incoming, faults=tuple(found))


def _start(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:_SNIFF]
    with source.open("rb") as stream:
        return stream.read(_SNIFF)


def _looks_like_xml(start: bytes) -> bool:
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").replace(b"\0", b"").lstrip(b"\xff\xfe").startswith(b"<")
