"""Rows of a table, from CSV or a workbook alike, as declarations: one result per declaration in the file.

Values are held against the same types as the elements of a WMO323, so a table cannot carry what XML could not. The
order of rows carries no meaning: lines are numbered by the natural order of their reference. A fault in a row refuses
the declaration it belongs to; where that cannot be told, the row is refused by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

from lead_contractor.kernel.periods import Month
from subcontractors.declarations.cells import bare, cell_wrong, cents_in, day_from, day_wrong, month_wrong
from subcontractors.declarations.columns import COLUMNS, OPTIONAL, Layout
from subcontractors.declarations.incoming import STRUCTURE, Incoming, hash_of_bytes, hash_of_content, refused
from subcontractors.declarations.model import Channel, Declaration, Line
from subcontractors.iwmo import types
from subcontractors.iwmo.model import Fault
from subcontractors.iwmo.simple import Wrong, number_from

MOST_ROWS = 500_000
MOST_FAULTS = 100
MOST_TOLD = 100_000
"""Faults in one file after which no further row is judged."""

MOST_DECLARATIONS = 20_000
LONGEST_TITLE = 40
KNOWN_CELLS = 10_000

_RUNS = re.compile(r"([0-9]+)")
_CHANNELS = {"CSV": Channel.CSV, "XLSX": Channel.XLSX}
_PLACES = {column: place for place, column in enumerate(COLUMNS)}

Row = dict[str, str]


class TableRefused(Exception):
    """A file is refused as a whole, for one reason; caught by whoever reads files."""

    def __init__(self, rule: str, message: str, remedy: str, line: int | None = None) -> None:
        self.fault = Fault(rule, STRUCTURE, message, remedy, line=line)
        super().__init__(message)


@dataclass(slots=True)
class Table:
    """A table as text. ``kind`` is ``CSV`` or ``XLSX`` and names the rule of its own faults.

    ``comma`` says whether amounts may have a decimal comma, ``titles`` how the file names our columns, ``slips`` what
    was wrong with a cell before it was text, by row number and column.
    """

    kind: str
    comma: bool
    rows: list[tuple[int, Row]] = field(default_factory=list)
    faults: list[tuple[int, Row, Fault]] = field(default_factory=list)
    slips: dict[int, dict[str, Wrong]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    told: int = 0

    def add(self, number: int, row: Row) -> None:
        """Take a row; there is an end to how many."""
        self.count()
        self.rows.append((number, row))

    def spoil(self, number: int, row: Row, message: str, remedy: str) -> None:
        """Take a row that is refused as it stands."""
        self.count()
        self.faults.append((number, row, Fault(self.kind, STRUCTURE, message, remedy, line=number)))

    def count(self) -> None:
        """Refuse a table with too many rows."""
        if len(self.rows) + len(self.faults) >= MOST_ROWS:
            raise TableRefused(
                self.kind, f"Het bestand heeft meer dan {MOST_ROWS} rijen.", "Splits het over meer bestanden."
            )


def content_of(source: Path | BinaryIO | bytes, limit: int) -> bytes:
    """The bytes of a file, at most one more than ``limit``."""
    if isinstance(source, bytes):
        return source
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return stream.read(limit + 1)
    return source.read(limit + 1)


def check_header(kind: str, layout: Layout, written: Sequence[str], row: int) -> None:
    """Refuse a file of which the columns are not those of its layout; nameless columns are passed over."""
    problems = layout.problems(written)
    if problems:
        raise TableRefused(
            kind,
            f"De kolommen kloppen niet ({'; '.join(problems)}).",
            "Gebruik precies de kolommen van het formaat; eigen kolommen beginnen met x_.",
            row,
        )


def refused_table(stop: TableRefused, content: bytes) -> list[Incoming]:
    """A file that is refused as a whole."""
    return [refused(stop.fault, content, kind="323")]


def declarations(table: Table, receiver: str) -> list[Incoming]:
    """Every declaration of a table (level 1), sorted by sender and declaration number."""
    return [one for one, _ in with_rows(table, receiver)]


def with_rows(table: Table, receiver: str) -> list[tuple[Incoming, tuple[int, ...]]]:
    """As :func:`declarations`, each with the row numbers of its lines, or of all its rows where it is refused."""
    _pass_over(table)
    found = [_declaration(group, table, receiver) for group in _groups(table)]
    return sorted(found, key=lambda one: (one[0].sender or "", natural(one[0].number or ""), one[0].content_hash))


def declares_nothing(row: Row) -> bool:
    """Whether a row has neither volume nor amount: a row of a template that was left as it came."""
    return not row["volume"] and not row["amount"]


def _pass_over(table: Table) -> None:
    """Leave out the rows that declare nothing, and say so.

    Raises:
        TableRefused: that is all of them.
    """
    kept = [(number, row) for number, row in table.rows if not declares_nothing(row) or number in table.slips]
    count = len(table.rows) - len(kept)
    if count == 0:
        return
    if not kept and not table.faults:
        raise TableRefused(
            table.kind,
            "In geen enkele rij is een volume of een bedrag ingevuld.",
            "Vul in wat u hebt geleverd; rijen die u leeg laat, tellen niet mee.",
        )
    table.rows[:] = kept
    said = "1 rij zonder volume en bedrag telt" if count == 1 else f"{count} rijen zonder volume en bedrag tellen"
    table.remarks = (*table.remarks, f"{said} niet mee.")


@dataclass(slots=True)
class _Group:
    """The rows of one declaration; ``key`` is sender and number as written, ``None`` where they lack."""

    key: tuple[str, str] | None
    rows: list[tuple[int, Row]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    spoiled: list[int] = field(default_factory=list)


def _groups(table: Table) -> Iterable[_Group]:
    found: dict[tuple[str, str] | None, _Group] = {}

    def group(row: Row) -> _Group:
        sender, number = row.get("subcontractor", ""), row.get("declaration", "")
        key = (sender, number) if sender and number else None
        if len(found) >= MOST_DECLARATIONS and key not in found:
            raise TableRefused(
                table.kind,
                f"Het bestand heeft meer dan {MOST_DECLARATIONS} declaraties.",
                "Splits het over meer bestanden.",
            )
        return found.setdefault(key, _Group(key))

    for number, row in table.rows:
        group(row).rows.append((number, row))
    for number, row, fault in table.faults:
        own = group(row)
        own.faults.append(fault)
        own.spoiled.append(number)
    return found.values()


def _declaration(group: _Group, table: Table, receiver: str) -> tuple[Incoming, tuple[int, ...]]:
    faults = list(group.faults)
    lines: list[tuple[int, Line]] = []
    right: set[tuple[str, str]] = set()
    for number, row in group.rows:
        if table.told > MOST_TOLD:
            message = f"Het bestand heeft meer dan {MOST_TOLD} fouten; vanaf deze rij is het niet nagekeken."
            faults.append(Fault(table.kind, STRUCTURE, message, "Herstel eerst de andere.", line=number))
            break
        wrong = list(row_faults(number, row, table, right))
        table.told += len(wrong)
        faults += wrong
        if not faults:
            lines.append((number, _line(row, table.comma)))
    faults += _disagreements(group, table)
    head = group.rows[0][1] if group.rows else {}
    if faults or not group.rows:
        faults.sort(key=lambda fault: (fault.line or 0, _PLACES.get(fault.place, -1)))
        return _refused_group(group, head, faults, table), (*(number for number, _ in group.rows), *group.spoiled)
    ordered = in_order(lines)
    numbered = tuple(replace(line, position=place) for place, (_, line) in enumerate(ordered, start=1))
    month = Month.parse(head["period"])
    declaration = Declaration(
        channel=_CHANNELS[table.kind],
        sender=head["subcontractor"],
        receiver=receiver,
        identification=head["declaration"],
        number=head["declaration"],
        period_from=month.first,
        period_to=month.last,
        received=day_from(head["received"]),
        dated=day_from(head["received"]),
        total=None,
    )
    incoming = Incoming(
        kind="323",
        declaration=declaration,
        lines=numbered,
        sender=declaration.sender,
        identification=declaration.identification,
        number=declaration.number,
        period=str(month),
        received=declaration.received,
        content_hash=hash_of_content(_alike(declaration), *numbered),
        remarks=table.remarks,
    )
    return incoming, tuple(number for number, _ in ordered)


def _alike(declaration: Declaration) -> Declaration:
    """The same as CSV, so that equal content has an equal hash whether it came as CSV or in a workbook."""
    return replace(declaration, channel=Channel.CSV)


def _refused_group(group: _Group, head: Row, faults: Sequence[Fault], table: Table) -> Incoming:
    """A declaration with faults, with what could still be read of whose it is."""
    sender, number = group.key or ("", "")
    known_number = number if number and types.DECLARATION_ID.wrong(number) is None else None
    received = head.get("received", "")
    if len(faults) > MOST_FAULTS:
        more = Fault(
            table.kind, STRUCTURE, f"Er zijn nog {len(faults) - MOST_FAULTS} fouten.", "Herstel eerst de andere."
        )
        faults = (*faults[:MOST_FAULTS], more)
    canonical = sorted(repr(sorted(row.items())) for _, row in group.rows)
    return Incoming(
        kind="323",
        faults=tuple(faults),
        sender=sender if sender and types.AGB.wrong(sender) is None else None,
        identification=known_number,
        number=known_number,
        period=head["period"] if head and month_wrong(head["period"]) is None else None,
        received=day_from(received) if received and day_wrong(received) is None else None,
        content_hash=hash_of_bytes("\n".join([sender, number, *canonical]).encode()),
        remarks=table.remarks,
    )


def _disagreements(group: _Group, table: Table) -> Iterator[Fault]:
    """Rows of one declaration that differ in period or in the day of receipt."""
    if group.key is None:
        return
    for column in ("period", "received"):
        first = group.rows[0][1][column] if group.rows else ""
        other = next((number for number, row in group.rows if row[column] != first), None)
        if other is not None:
            yield Fault(
                table.kind,
                STRUCTURE,
                f"De rijen van declaratie {group.key[1][:20]} noemen verschillende waarden bij "
                f"{table.titles.get(column, column)}.",
                "Geef alle rijen van een declaratie dezelfde periode en dezelfde dag van ontvangst.",
                column,
                other,
            )


def row_faults(number: int, row: Row, table: Table, right: set[tuple[str, str]]) -> Iterator[Fault]:
    """The faults of one row; ``right`` holds cells that were judged before, since most values repeat."""
    slips = table.slips.get(number) if table.slips else None
    for column, kind in COLUMNS.items():
        text = row[column]
        wrong = slips.get(column) if slips else None
        if wrong is None:
            if (text == "" and column in OPTIONAL) or (column, text) in right:
                continue
            escaped = bare(text) if text[:1] == "'" else text
            if escaped is not text:
                row[column] = escaped
                wrong = kind.wrong(escaped) if kind is not None else cell_wrong(column, text, comma=table.comma)
            else:
                wrong = cell_wrong(column, text, comma=table.comma)
        if wrong is not None:
            rule = kind.rule if kind is not None else table.kind
            title = table.titles.get(column, column)
            yield Fault(rule, STRUCTURE, f"{title} {wrong.message}.", wrong.remedy, column, number)
        elif len(right) < KNOWN_CELLS and row[column] is text:
            right.add((column, text))


def _line(row: Row, comma: bool) -> Line:
    return Line(
        position=0,
        reference=row["reference"],
        bsn=row["bsn"],
        allocation=str(number_from(row["allocation"])),
        category=row["category"],
        product_code=row["product_code"],
        period_from=day_from(row["from"]),
        period_to=day_from(row["to"]),
        volume=number_from(row["volume"]),
        unit=row["unit"],
        amount=cents_in(row["amount"], comma=comma),
        credit=row["debit_credit"] == "C",
        previous_reference=row["previous_reference"],
        tariff=cents_in(row["tariff"], comma=comma) if row["tariff"] else None,
    )


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key by which RN2 comes before RN10: runs of digits compare as numbers."""
    parts = _RUNS.split(text)
    return tuple((0, int(part), "") if position % 2 else (1, 0, part) for position, part in enumerate(parts) if part)


def in_order(lines: Sequence[tuple[int, Line]]) -> list[tuple[int, Line]]:
    """Numbered lines in natural order of reference, then period, allocation, and everything else."""
    keyed: list[tuple[Any, tuple[int, Line]]] = [(_order(one[1]), one) for one in lines]
    keyed.sort(key=lambda pair: pair[0])
    if any(before[0] == after[0] for before, after in pairwise(keyed)):
        keyed.sort(key=lambda pair: (pair[0], repr(pair[1][1])))
    return [one for _, one in keyed]


def _order(line: Line) -> tuple[object, ...]:
    return (natural(line.reference), line.period_from, line.period_to, int(line.allocation))
