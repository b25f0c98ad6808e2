"""What arrives in a file, for the intake: heads as values, lines as plain text.

A sound declaration in plain XML takes the short road, and no line of it becomes an object. Everything else is read by
:mod:`subcontractors.declarations.reader`, which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from subcontractors.declarations.incoming import Incoming, TextLine, text_of
from subcontractors.declarations.reader import read_file
from subcontractors.iwmo.reader import scan_declaration
from subcontractors.iwmo.sound import sound

Arrival = tuple[Incoming, Sequence[TextLine]]
"""What came, without its lines, and the lines as plain text."""


def arrivals(name: str, source: Path | bytes, *, receiver: str) -> Iterator[Arrival]:
    """Read a file: one result for XML, one per declaration for a table. The same outcome as ``read_file``."""
    scanned = scan_declaration(source) if isinstance(source, bytes) else None
    if scanned is not None:
        came, lines = scanned
        if came.declaration is not None and sound(came.declaration, lines):
            yield scanned
            return
    for came in read_file(name, source, receiver=receiver):
        yield replace(came, lines=()), [text_of(line) for line in came.lines]
