"""Read declarations from CSV (``messages/*.csv`` of the year folder): one result per declaration in the file.

Values are held against the same types as the elements of a WMO323, so a CSV cannot carry what XML could not.
Cells are trimmed, nothing is guessed: a lost leading zero is named, not repaired. The order of rows carries
no meaning: lines are numbered by the natural order of their reference. A fault in a row refuses the
declaration it belongs to; where that cannot be told, the row is refused by itself. A fault in the header, the
encoding or the quoting refuses the file.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from lead_contractor.kernel.money import Cents, cents_from_euros, euros_text
from lead_contractor.kernel.periods import Month
from subcontractors.declarations.incoming import STRUCTURE, Incoming, hash_of_bytes, hash_of_content, refused
from subcontractors.declarations.model import Channel, Declaration, Line
from subcontractors.iwmo import messages
from subcontractors.iwmo.model import Fault
from subcontractors.iwmo.simple import Simple, Wrong, day_from, number_from, shown
from subcontractors.iwmo.walk import LIMIT, too_large

COLUMNS: dict[str, Simple | None] = {
    "declaration": messages.DECLARATION_ID,
    "period": None,
    "received": messages.DAY,
    "subcontractor": messages.AGB,
    "reference": messages.REFERENCE,
    "previous_reference": messages.REFERENCE,
    "bsn": messages.BSN,
    "allocation": messages.NUMBER,
    "category": messages.CATEGORY,
    "product_code": messages.PRODUCT_CODE,
    "from": messages.DAY,
    "to": messages.DAY,
    "volume": messages.VOLUME,
    "unit": messages.UNIT,
    "tariff": None,
    "amount": None,
    "debit_credit": messages.DEBIT_CREDIT,
}
"""The columns with their types; period and amounts have a form of their own."""

OPTIONAL = ("previous_reference", "tariff")
"""Columns of which a cell may be empty."""

MOST_ROWS = 500_000
MOST_FAULTS = 100
KNOWN_CELLS = 10_000
IGNORED = "x_"

_EUROS = re.compile(r"[0-9]+(\.[0-9]{1,2})?")
_SLIPS = (
    (re.compile(""), "is leeg"),
    (
        re.compile(r"-?[1-9][0-9]{0,2}([., '\u00a0\u202f][0-9]{3})+([.,][0-9]{1,2})?"),
        "heeft een scheidingsteken voor duizendtallen",
    ),
    (re.compile(r"[0-9]+,[0-9]{1,2}"), "heeft een decimale komma, en de kolommen zijn met komma's gescheiden"),
    (re.compile(r"-.*", re.DOTALL), "is negatief"),
    (re.compile(r".*€.*", re.DOTALL), "heeft een euroteken"),
    (re.compile(r".*", re.DOTALL), "is geen bedrag met ten hoogste twee decimalen"),
)
"""What may be wrong with an amount, the first that fits is told."""

_RUNS = re.compile(r"([0-9]+)")
_day = lru_cache(maxsize=4096)(day_from)

Row = dict[str, str]


@dataclass(slots=True)
class _Table:
    """A CSV as text: its separator and its rows with the row number; or the fault that refuses the file."""

    separator: str = ","
    rows: list[tuple[int, Row]] = field(default_factory=list)
    faults: list[tuple[int, Row, Fault]] = field(default_factory=list)


class _Refused(Exception):
    """The file is refused as a whole; caught in this module."""

    def __init__(self, rule: str, message: str, remedy: str, line: int | None = None) -> None:
        self.fault = Fault(rule, STRUCTURE, message, remedy, line=line)
        super().__init__(message)


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
    content = _content(source, limit)
    try:
        if len(content) > limit:
            return [refused(too_large(limit), content, kind="323")]
        table = _table(name, _text(content))
    except _Refused as stop:
        return [refused(stop.fault, content, kind="323")]
    found = [_declaration(group, table.separator, receiver) for group in _groups(table)]
    return sorted(found, key=lambda one: (one.sender or "", natural(one.number or ""), one.content_hash))


def _content(source: Path | BinaryIO | bytes, limit: int) -> bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return stream.read(limit + 1)
    return source.read(limit + 1)


def _text(content: bytes) -> str:
    remedy = "Sla het werkblad op als ‘CSV UTF-8’."
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _Refused("CSV", "Het bestand is in UTF-16 opgeslagen.", remedy)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _Refused("CSV", "Dit is een werkblad of zip-bestand, geen CSV.", remedy)
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise _Refused("CSV", "Het bestand is geen geldige UTF-8.", remedy, row) from error
    if "\0" in text:
        raise _Refused("CSV", "Het bestand bevat nultekens en is geen CSV.", remedy)
    return text


def _table(name: str, text: str) -> _Table:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise _Refused("CSV", f"{name} is leeg.", "Zet op de eerste rij de kolomnamen.")
    table = _Table(";" if first.count(";") > first.count(",") else ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=table.separator, strict=True)
    header: list[str] | None = None
    row = 0
    try:
        for cells in reader:
            row, before = reader.line_num, row
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = _header(cells, row, first)
            else:
                _take(table, header, cells, before + 1)
    except csv.Error as error:
        raise _Refused(
            "CSV",
            "De aanhalingstekens in deze rij kloppen niet.",
            "Sluit elk aanhalingsteken en verdubbel het binnen een cel.",
            row + 1,
        ) from error
    if not table.rows and not table.faults:
        raise _Refused("CSV", f"{name} heeft geen enkele regel.", "Zet onder de kolomnamen ten minste één regel.")
    return table


def _header(cells: Sequence[str], row: int, first: str) -> list[str]:
    names = [cell.strip() for cell in cells]
    if len(names) == 1 and "\t" in first:
        raise _Refused("CSV", "De kolommen zijn met tabs gescheiden.", "Gebruik een komma of puntkomma.", row)
    doubled = sorted({name for name in names if names.count(name) > 1 and not name.startswith(IGNORED)})
    unknown = [name for name in names if name not in COLUMNS and not name.startswith(IGNORED)]
    missing = [name for name in COLUMNS if name not in names]
    problems = [f"onbekend: {', '.join(shown(name) for name in unknown)}"] if unknown else []
    problems += [f"ontbreekt: {', '.join(missing)}"] if missing else []
    problems += [f"dubbel: {', '.join(doubled)}"] if doubled else []
    if problems:
        raise _Refused(
            "CSV",
            f"De kolommen kloppen niet ({'; '.join(problems)}).",
            "Gebruik precies de kolommen van het formaat; eigen kolommen beginnen met x_.",
            row,
        )
    return names


def _take(table: _Table, header: Sequence[str], cells: Sequence[str], number: int) -> None:
    if len(table.rows) + len(table.faults) >= MOST_ROWS:
        raise _Refused("CSV", f"Het bestand heeft meer dan {MOST_ROWS} rijen.", "Splits het over meer bestanden.")
    row = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name in COLUMNS}
    if len(cells) == len(header):
        table.rows.append((number, row))
        return
    text = f"De rij heeft {len(cells)} cellen, de kop {len(header)}."
    remedy = "Zet een cel met een scheidingsteken erin tussen aanhalingstekens."
    table.faults.append((number, row, Fault("CSV", STRUCTURE, text, remedy, line=number)))


@dataclass(slots=True)
class _Group:
    """The rows of one declaration; ``key`` is sender and number as written, ``None`` where they lack."""

    key: tuple[str, str] | None
    rows: list[tuple[int, Row]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def _groups(table: _Table) -> Iterable[_Group]:
    found: dict[tuple[str, str] | None, _Group] = {}

    def group(row: Row) -> _Group:
        sender, number = row.get("subcontractor", ""), row.get("declaration", "")
        key = (sender, number) if sender and number else None
        return found.setdefault(key, _Group(key))

    for number, row in table.rows:
        group(row).rows.append((number, row))
    for _, row, fault in table.faults:
        group(row).faults.append(fault)
    return found.values()


def _declaration(group: _Group, separator: str, receiver: str) -> Incoming:
    faults = list(group.faults)
    lines: list[Line] = []
    right: set[tuple[str, str]] = set()
    for number, row in group.rows:
        wrong = list(_row_faults(number, row, separator, right))
        faults += wrong
        if not faults:
            lines.append(_line(row, separator))
    faults += _disagreements(group)
    faults.sort(key=lambda fault: (fault.line or 0, list(COLUMNS).index(fault.place) if fault.place else -1))
    head = group.rows[0][1] if group.rows else {}
    if faults or not group.rows:
        return _refused_group(group, head, faults)
    ordered = tuple(_numbered(lines))
    month = Month.parse(head["period"])
    declaration = Declaration(
        channel=Channel.CSV,
        sender=head["subcontractor"],
        receiver=receiver,
        identification=head["declaration"],
        number=head["declaration"],
        period_from=month.first,
        period_to=month.last,
        received=_day(head["received"]),
        dated=_day(head["received"]),
        total=None,
    )
    return Incoming(
        kind="323",
        declaration=declaration,
        lines=ordered,
        sender=declaration.sender,
        identification=declaration.identification,
        number=declaration.number,
        period=str(month),
        received=declaration.received,
        content_hash=hash_of_content(declaration, *ordered),
    )


def _refused_group(group: _Group, head: Row, faults: Sequence[Fault]) -> Incoming:
    """A declaration with faults, with what could still be read of whose it is."""
    sender, number = group.key or ("", "")
    known_number = number if number and messages.DECLARATION_ID.wrong(number) is None else None
    received = head.get("received", "")
    if len(faults) > MOST_FAULTS:
        more = Fault("CSV", STRUCTURE, f"Er zijn nog {len(faults) - MOST_FAULTS} fouten.", "Herstel eerst de andere.")
        faults = (*faults[:MOST_FAULTS], more)
    canonical = sorted(repr(sorted(row.items())) for _, row in group.rows)
    return Incoming(
        kind="323",
        faults=tuple(faults),
        sender=sender if sender and messages.AGB.wrong(sender) is None else None,
        identification=known_number,
        number=known_number,
        period=head["period"] if head and _period_wrong(head["period"]) is None else None,
        received=_day(received) if received and messages.DAY.wrong(received) is None else None,
        content_hash=hash_of_bytes("\n".join([sender, number, *canonical]).encode()),
    )


def _disagreements(group: _Group) -> Iterator[Fault]:
    """Rows of one declaration that differ in period or in the day of receipt."""
    if group.key is None:
        return
    for column in ("period", "received"):
        first = group.rows[0][1][column] if group.rows else ""
        other = next((number for number, row in group.rows if row[column] != first), None)
        if other is not None:
            yield Fault(
                "CSV",
                STRUCTURE,
                f"De rijen van declaratie {group.key[1][:20]} noemen verschillende waarden bij {column}.",
                "Geef alle rijen van een declaratie dezelfde periode en dezelfde dag van ontvangst.",
                column,
                other,
            )


def _row_faults(number: int, row: Row, separator: str, right: set[tuple[str, str]]) -> Iterator[Fault]:
    """The faults of one row; ``right`` holds cells that were judged before, since most values repeat."""
    for column, kind in COLUMNS.items():
        text = row[column]
        if (text == "" and column in OPTIONAL) or (column, text) in right:
            continue
        wrong = _cell_wrong(column, kind, text, separator)
        if wrong is not None:
            rule = kind.rule if kind is not None else "CSV"
            yield Fault(rule, STRUCTURE, f"{column} {wrong.message}.", wrong.remedy, column, number)
        elif len(right) < KNOWN_CELLS:
            right.add((column, text))


def _cell_wrong(column: str, kind: Simple | None, text: str, separator: str) -> Wrong | None:
    if column == "period":
        return _period_wrong(text)
    return _euros_wrong(text, separator) if kind is None else kind.wrong(text)


def _period_wrong(text: str) -> Wrong | None:
    try:
        Month.parse(text if text.isascii() else "")
    except ValueError:
        return Wrong(f"{shown(text)} is geen maand", "Vul de maand als JJJJ-MM.")
    return None


def _euros_wrong(text: str, separator: str) -> Wrong | None:
    """Judge an amount in euros; every known slip is named."""
    plain = text.replace(",", ".") if separator == ";" else text
    if _EUROS.fullmatch(plain):
        if messages.AMOUNT.wrong(str(cents_from_euros(plain))) is None:
            return None
        return Wrong(
            f"{shown(text)} is te groot", f"Een bedrag is ten hoogste {euros_text(messages.AMOUNT.high)} euro."
        )
    slip = next(words for pattern, words in _SLIPS if pattern.fullmatch(text))
    form = "1234.56 of 1234,56" if separator == ";" else "1234.56"
    return Wrong(f"{shown(text)} {slip}", f"Vul een bedrag in euro's als {form}; C in debit_credit maakt het credit.")


def _cents(text: str, separator: str) -> Cents:
    return cents_from_euros(text.replace(",", ".") if separator == ";" else text)


def _line(row: Row, separator: str) -> Line:
    return Line(
        position=0,
        reference=row["reference"],
        bsn=row["bsn"],
        allocation=str(number_from(row["allocation"])),
        category=row["category"],
        product_code=row["product_code"],
        period_from=_day(row["from"]),
        period_to=_day(row["to"]),
        volume=number_from(row["volume"]),
        unit=row["unit"],
        amount=_cents(row["amount"], separator),
        credit=row["debit_credit"] == "C",
        previous_reference=row["previous_reference"],
        tariff=_cents(row["tariff"], separator) if row["tariff"] else None,
    )


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key by which RN2 comes before RN10: runs of digits compare as numbers."""
    parts = _RUNS.split(text)
    return tuple((0, int(part), "") if position % 2 else (1, 0, part) for position, part in enumerate(parts) if part)


def _numbered(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines in natural order of reference, then period, allocation, and everything else, numbered from 1."""
    ordered = sorted(lines, key=_order)
    for position, line in enumerate(ordered, start=1):
        yield replace(line, position=position)


def _order(line: Line) -> tuple[object, ...]:
    return (natural(line.reference), line.period_from, line.period_to, int(line.allocation), repr(line))
