"""A file that was judged, back as the same file with its reasons: ready to be repaired and sent again.

Rows and columns stay as they were; what we have to say stands in columns that begin with ``x_``, which the reader
passes over. A formula comes back as the value it had, and no cell can become one. An XML message comes back as a
workbook of its lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath

from lead_contractor.kernel.money import euros_text
from lead_contractor.kernel.refusals import Refusal
from subcontractors.declarations.cells import harmless, zeros_lost
from subcontractors.declarations.columns import COLUMNS, DECLARATIONS, DUTCH, Kind
from subcontractors.declarations.copying import VERDICT, VERDICT_COLUMNS, WIDTHS, Added, copy_csv, copy_sheet
from subcontractors.declarations.csv_reader import csv_table
from subcontractors.declarations.incoming import Incoming, Reading
from subcontractors.declarations.model import Line
from subcontractors.declarations.reader import checked, read_file
from subcontractors.declarations.rows import MOST_TOLD, Row, Table, TableRefused, row_faults, with_rows
from subcontractors.declarations.sheet_reader import sheet_table
from subcontractors.declarations.sheet_writer import SheetWriter
from subcontractors.declarations.sheet_xml import Value
from subcontractors.declarations.suggestions import Suggestion, apply_to_lines, format_suggestions
from subcontractors.iwmo.codes import reason
from subcontractors.iwmo.model import Fault

IN_ORDER, REFUSED, NOT_JUDGED = "in orde", "afgewezen", "niet beoordeeld"
_ANOTHER = "Een andere regel van deze declaratie heeft een fout; daardoor is de hele declaratie nog niet beoordeeld."
_REPAIR_OTHER = "Herstel die regel en stuur het bestand opnieuw."
_PLACES = {column: place for place, column in enumerate(COLUMNS)}
_CSV_SUFFIXES = (".csv", ".txt", "")


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """The answer on one line: its return codes, and the right value by column where it is known."""

    codes: tuple[str, ...] = ()
    right: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer on one declaration: codes that refuse it as a whole, and its lines in order of position.

    ``codes`` holds those of message and declaration; 8001 and 0200 refuse nothing.
    """

    number: str
    codes: tuple[str, ...] = ()
    lines: tuple[JudgedLine, ...] = ()
    sender: str = ""


@dataclass(slots=True)
class RowVerdict:
    """What there is to say about one row; ``columns`` are ours in which something is wrong."""

    verdict: str = IN_ORDER
    codes: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    remedies: list[str] = field(default_factory=list)
    right: dict[str, str] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)

    def add(self, code: str, message: str, remedy: str) -> None:
        """One more reason to refuse."""
        self.verdict = REFUSED
        self.codes.append(code)
        self.reasons.append(message)
        if remedy not in self.remedies:
            self.remedies.append(remedy)

    def fault(self, fault: Fault) -> None:
        """One more fault of level 1 or 2."""
        self.add(fault.rule, fault.message, fault.remedy)
        if fault.place in COLUMNS:
            self.columns.add(fault.place)

    def cells(self, titles: Mapping[str, str]) -> tuple[str, ...]:
        """The added cells; ``titles`` is how the file calls our columns."""
        right = "; ".join(_named(titles.get(column, column), column, value) for column, value in self.right.items())
        return (self.verdict, " ".join(self.codes), " ".join(self.reasons), " ".join(self.remedies), right)


def _named(title: str, column: str, value: str) -> str:
    """A right value behind the name of its column; where that is not ours, an amount has a decimal comma."""
    comma = title != column and DECLARATIONS.kinds[column] is Kind.EUROS
    return f"{title} = {value.replace('.', ',') if comma else value}"


def annotated(name: str, content: bytes, answers: Sequence[Judged]) -> tuple[str, bytes]:
    """The same file with a verdict, codes, reasons, remedies and right values per row; and a name for it.

    Args:
        name: the name of the file as it came.
        content: the file.
        answers: what was answered to each of its declarations; a declaration that is not among them is told what is
            wrong with it by itself (levels 1 and 2), and else counts as not judged.

    Raises:
        Refusal: the file cannot be read at all, for the reason that it says.
    """
    path = PurePath(name)
    stem, suffix = path.stem, path.suffix.lower()
    try:
        if _is_xml(name, content):
            return f"{stem}-redenen.xlsx", _of_xml(name, content, answers)
        if content.startswith(b"PK"):
            added = _added(sheet_table(name, content, DECLARATIONS), answers)
            return f"{stem}-redenen.xlsx", copy_sheet(content, added, {})
        added = _added(csv_table(name, content, DECLARATIONS), answers)
        return f"{stem}-redenen{_csv_suffix(suffix)}", copy_csv(name, content, added, {})
    except TableRefused as stop:
        raise Refusal(f"{stop.fault.message} {stop.fault.remedy}") from stop


def row_verdicts(table: Table, answers: Sequence[Judged]) -> dict[int, RowVerdict]:
    """What there is to say about each row of a table, by row number."""
    known = {(one.sender, one.number): one for one in answers}
    found: dict[int, RowVerdict] = {}
    sound = dict(table.rows)
    for incoming, numbers in with_rows(table, ""):
        key = (incoming.sender or "", incoming.number or "")
        answer = known.get(key) or known.get(("", key[1]))
        if incoming.status is Reading.REFUSED_STRUCTURE:
            found.update(_of_structure(table, sound, numbers))
        else:
            found.update(zip(numbers, _of_lines(checked(incoming), answer), strict=True))
    return found


def _of_structure(table: Table, sound: Mapping[int, Row], numbers: Sequence[int]) -> Iterator[tuple[int, RowVerdict]]:
    """Of a declaration with a row that cannot be read: its own faults per row."""
    spoilt = {number: fault for number, _, fault in table.faults}
    told = 0
    for number in numbers:
        verdict = RowVerdict()
        if number in spoilt:
            verdict.fault(spoilt[number])
        elif number in sound and told <= MOST_TOLD:
            row = sound[number]
            for fault in row_faults(number, row, table, set()):
                verdict.fault(fault)
                told += 1
                right = zeros_lost(fault.place, row[fault.place])
                if right is not None:
                    verdict.right[fault.place] = right
        if verdict.verdict == IN_ORDER:
            verdict.verdict = NOT_JUDGED
            verdict.reasons.append(_ANOTHER)
            verdict.remedies.append(_REPAIR_OTHER)
        yield number, verdict


def _of_lines(incoming: Incoming, answer: Judged | None) -> list[RowVerdict]:
    """Of a declaration that could be read: its faults of level 2, or the answer on each line; by position."""
    made = [RowVerdict() for _ in incoming.lines]
    for fault in incoming.faults:
        own = [v for v, line in zip(made, incoming.lines, strict=True) if line.reference == fault.reference]
        for verdict in own or made:
            verdict.fault(fault)
    if incoming.faults or answer is None:
        for verdict in made:
            if verdict.verdict == IN_ORDER:
                verdict.verdict = NOT_JUDGED
                verdict.reasons += [_ANOTHER] if incoming.faults else []
        return made
    for verdict, line in zip(made, answer.lines, strict=False):
        for code in line.codes:
            verdict.add(code, *reason(code)[:2])
        if line.codes:
            verdict.right.update(line.right)
            verdict.columns.update(line.right)
    whole = [code for code in answer.codes if code not in ("8001", "0200")]
    for verdict in made:
        for code in whole:
            verdict.add(code, *reason(code)[:2])
    return made


def _added(table: Table, answers: Sequence[Judged]) -> Added:
    verdicts = row_verdicts(table, answers)
    return Added(
        {number: one.cells(table.titles) for number, one in verdicts.items()},
        {number: frozenset({VERDICT, *one.columns}) for number, one in verdicts.items() if one.verdict == REFUSED},
    )


def corrected(name: str, content: bytes, chosen: Iterable[Suggestion]) -> tuple[str, bytes]:
    """The same CSV or workbook with the chosen values, and a name for it; an XML message comes back as a workbook.

    What may be chosen is decided by :func:`subcontractors.declarations.suggestions.take_over`.

    Raises:
        Refusal: the file cannot be read at all, for the reason that it says.
    """
    path = PurePath(name)
    stem, suffix = path.stem, path.suffix.lower()
    picked = list(chosen)
    try:
        if _is_xml(name, content):
            return f"{stem}-verbeterd.xlsx", _of_xml(name, content, (), picked)
        if content.startswith(b"PK"):
            changes = _changes(sheet_table(name, content, DECLARATIONS), picked)
            return f"{stem}-verbeterd.xlsx", copy_sheet(content, Added(), changes)
        changes = _changes(csv_table(name, content, DECLARATIONS), picked)
        return f"{stem}-verbeterd{_csv_suffix(suffix)}", copy_csv(name, content, Added(), changes)
    except TableRefused as stop:
        raise Refusal(f"{stop.fault.message} {stop.fault.remedy}") from stop


def _changes(table: Table, chosen: Sequence[Suggestion]) -> dict[tuple[int, str], str]:
    """The chosen values by row and column; a line is found by its row, or by declaration and position."""
    by_position = any(one.row is None for one in chosen)
    places = {
        (incoming.number or "", position): number
        for incoming, numbers in (with_rows(table, "") if by_position else ())
        if incoming.status is not Reading.REFUSED_STRUCTURE
        for position, number in enumerate(numbers, start=1)
    }
    found = {}
    for one in chosen:
        row = one.row if one.row is not None else places.get((one.declaration, one.position or 0))
        if row is not None:
            found[row, one.column] = one.new
    return found


def file_suggestions(name: str, content: bytes) -> tuple[Suggestion, ...]:
    """The right writing of cells of a CSV or workbook that cannot be read; nothing for a file that is refused whole."""
    if _is_xml(name, content):
        return ()
    try:
        table = (sheet_table if content.startswith(b"PK") else csv_table)(name, content, DECLARATIONS)
    except TableRefused:
        return ()
    return format_suggestions(table)


def _is_xml(name: str, content: bytes) -> bool:
    return name.lower().endswith(".xml") or content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _csv_suffix(suffix: str) -> str:
    return suffix if suffix in _CSV_SUFFIXES else ".csv"


def _of_xml(name: str, content: bytes, answers: Sequence[Judged], chosen: Sequence[Suggestion] | None = None) -> bytes:
    """The lines of a message as a workbook, with verdicts or with chosen values; of one without lines, its faults."""
    incoming = read_file(name if name.lower().endswith(".xml") else f"{name}.xml", content)[0]
    if not incoming.lines:
        return _faults_only(incoming.faults)
    lines: Sequence[Line] = incoming.lines
    verdicts: Sequence[RowVerdict | None] = [None] * len(lines)
    if chosen is None:
        answer = next((one for one in answers if one.number == incoming.number), None)
        verdicts = _of_lines(incoming, answer)
    else:
        lines = apply_to_lines(lines, chosen, incoming.number or "")
    kinds = {place: DECLARATIONS.kinds[column] for column, place in _PLACES.items()}
    titles = [*DUTCH.values(), *(VERDICT_COLUMNS if chosen is None else ())]
    writer = SheetWriter("Regels", kinds, titles)
    writer.widen({len(COLUMNS) + place: width for place, width in WIDTHS.items()} if chosen is None else {})
    writer.header(0, titles)
    for number, (line, verdict) in enumerate(zip(lines, verdicts, strict=True), start=1):
        cells: dict[int, Value | date] = dict(enumerate(line_cells(incoming, line)))
        marked: frozenset[int] = frozenset()
        if verdict is not None:
            cells |= {len(COLUMNS) + place: cell for place, cell in enumerate(verdict.cells(DUTCH))}
            marked = frozenset(_PLACES[column] for column in verdict.columns)
            marked |= {len(COLUMNS)} if verdict.verdict == REFUSED else frozenset()
        writer.row(number, cells, marked)
    return writer.content()


def _faults_only(faults: Sequence[Fault]) -> bytes:
    titles = ["regel", "plaats", "regel van de standaard", "melding", "oplossing"]
    writer = SheetWriter("Fouten", dict.fromkeys(range(len(titles)), Kind.TEXT), titles)
    writer.header(0, titles)
    writer.widen({1: 40, 3: 60, 4: 60})
    for number, fault in enumerate(faults, start=1):
        line = "" if fault.line is None else str(fault.line)
        writer.row(number, dict(enumerate((line, fault.place, fault.rule, fault.message, fault.remedy))))
    return writer.content()


def line_cells(incoming: Incoming, line: Line) -> tuple[Value, ...]:
    """A line as the cells of the format, in order of :data:`COLUMNS`; what would be a formula gets its apostrophe."""
    received = "" if incoming.received is None else incoming.received.isoformat()
    cells = {
        "declaration": incoming.number or "",
        "period": incoming.period or "",
        "received": received,
        "subcontractor": incoming.sender or "",
        "reference": harmless(line.reference),
        "previous_reference": harmless(line.previous_reference),
        "bsn": line.bsn,
        "allocation": line.allocation,
        "category": line.category,
        "product_code": harmless(line.product_code),
        "from": line.period_from.isoformat(),
        "to": line.period_to.isoformat(),
        "volume": str(line.volume),
        "unit": line.unit,
        "tariff": "" if line.tariff is None else euros_text(line.tariff).replace(".", ","),
        "amount": euros_text(line.amount).replace(".", ","),
        "debit_credit": "C" if line.credit else "D",
    }
    return tuple(cells[column] for column in COLUMNS)
