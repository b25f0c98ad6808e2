"""Files of a folder as text: what cannot be a file of ours is a finding, never a traceback."""

from __future__ import annotations

from pathlib import Path

from budgets.year_folder.rules import Rule
from lead_contractor.kernel.findings import Finding

MAX_TABLE_BYTES = 64 * 1024 * 1024
MAX_TOML_BYTES = 4 * 1024 * 1024

_MEGABYTE = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_SIGNATURES = {
    b"PK\x03\x04": ("is een werkmap of zip-bestand", "Bewaar het blad als CSV (UTF-8)."),
    b"\xd0\xcf\x11\xe0": ("is een oude Excel-werkmap", "Bewaar het blad als CSV (UTF-8)."),
    b"\xff\xfe": ("is UTF-16", "Bewaar het bestand als UTF-8."),
    b"\xfe\xff": ("is UTF-16", "Bewaar het bestand als UTF-8."),
}


def read_text(path: Path, limit: int) -> str | Finding:
    """The text of a file without its BOM, or the finding that says why there is none.

    Args:
        path: a file that is there.
        limit: how many bytes it may have.
    """
    name = path.name
    if not path.is_file():
        return Finding(Rule.FILE, f"{name} is geen bestand.", "Zet hier een gewoon bestand neer.", name)
    try:
        size = path.stat().st_size
        if size > limit:
            return Finding(
                Rule.SIZE,
                f"{name} is {size / _MEGABYTE:.0f} MB; ten hoogste {limit // _MEGABYTE} MB wordt gelezen.",
                "Splits het bestand of laat oude rijen weg.",
                name,
            )
        data = path.read_bytes()
    except OSError as error:
        return Finding(Rule.FILE, f"{name} kan niet worden gelezen ({error.strerror}).", "Controleer de rechten.", name)
    return decode(name, data)


def decode(name: str, data: bytes) -> str | Finding:
    """Bytes as UTF-8 text without BOM, or the finding that names the row where it stops being text."""
    for signature, (what, remedy) in _SIGNATURES.items():
        if data.startswith(signature):
            return Finding(Rule.ENCODING, f"{name} {what}, geen tekst in UTF-8.", remedy, name)
    content = data.removeprefix(_BOM)
    at = content.find(b"\0")
    if at < 0:
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            at = error.start
    return Finding(
        Rule.ENCODING,
        f"{name} is hier geen tekst in UTF-8 (byte 0x{content[at]:02x}).",
        "Bewaar het bestand als UTF-8, bijvoorbeeld 'CSV UTF-8' in het rekenblad.",
        name,
        _line(content, at),
    )


def _line(content: bytes, at: int) -> int:
    before = content[:at].replace(b"\r\n", b"\n")
    return before.count(b"\n") + before.count(b"\r") + 1
