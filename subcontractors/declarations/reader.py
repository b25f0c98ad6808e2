"""The one door for files with messages: XML or CSV, read and checked on levels 1 and 2."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath

from subcontractors.declarations.csv_reader import read_declarations
from subcontractors.declarations.incoming import STRUCTURE, Incoming, Reading, refused
from subcontractors.iwmo.content import check_content, check_reports
from subcontractors.iwmo.model import Fault
from subcontractors.iwmo.reader import read_message
from subcontractors.iwmo.walk import LIMIT

_SNIFF = 1024
_CSV_SUFFIXES = (".csv", ".txt", "")


def read_file(name: str, source: Path | bytes, *, receiver: str = "", limit: int = LIMIT) -> list[Incoming]:
    """Read whatever a file holds and check it by itself: one result for XML, one per declaration for CSV.

    What begins with ``<`` is XML; otherwise the extension of ``name`` decides. ``receiver`` is the
    municipality code for CSV, which has none. Nothing is raised for bad content.

    Raises:
        OSError: the file itself cannot be opened.
    """
    suffix = PurePath(name).suffix.lower()
    if _looks_like_xml(source) or suffix == ".xml":
        if isinstance(source, bytes):
            return [checked(read_message(source, limit=limit))]
        with source.open("rb") as stream:
            return [checked(read_message(stream, limit=limit))]
    if suffix in _CSV_SUFFIXES:
        return [checked(one) for one in read_declarations(name, source, receiver=receiver, limit=limit)]
    return [
        refused(
            Fault(
                "BESTAND",
                STRUCTURE,
                f"Een bestand met de extensie {suffix[:12]} wordt hier niet gelezen.",
                "Stuur een iWmo-bericht (.xml) of een declaratie als .csv.",
            ),
            source if isinstance(source, bytes) else b"",
        )
    ]


def checked(incoming: Incoming) -> Incoming:
    """The same with the faults of level 2, where the structure was right; in the order of the rules."""
    if incoming.status is Reading.REFUSED_STRUCTURE:
        return incoming
    if incoming.declaration is None:
        return incoming.with_faults(check_reports(incoming.starts or incoming.stops))
    found = [*incoming.faults, *check_content(incoming.declaration, incoming.lines)]
    return replace(incoming, faults=tuple(found))


def _looks_like_xml(source: Path | bytes) -> bool:
    if isinstance(source, bytes):
        start = source[:_SNIFF]
    else:
        with source.open("rb") as stream:
            start = stream.read(_SNIFF)
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").replace(b"\0", b"").lstrip(b"\xff\xfe").startswith(b"<")
