"""CSV text as a grid of cells: separator, header, and rows with the number that a spreadsheet gives them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from budgets.year_folder.cells import nearest, quoted
from budgets.year_folder.columns import EXTRA_PREFIX, Table
from budgets.year_folder.rules import Rule
from lead_contractor.kernel.findings import Finding

MAX_FINDINGS = 1000
"""Findings kept per table: more of them tell nobody anything."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as text: header names, and per row its number and its cells as they stand.

    ``comma`` says whether numbers may have a decimal comma: the separator is ``;``.
    """

    header: tuple[str, ...]
    numbers: tuple[int, ...]
    rows: tuple[Sequence[str], ...]
    comma: bool


class BrokenRecord(ValueError):
    """A record that the rules of CSV cannot read; ``begins`` is the line on which it begins."""

    def __init__(self, begins: int) -> None:
        self.begins = begins
        super().__init__(f"no CSV record at line {begins}")


def separator(text: str) -> str:
    """The separator of a CSV text, from its first line: ``;`` where it has more of them than of ``,``."""
    line = io.StringIO(text.lstrip("\r\n")).readline()
    return ";" if line.count(";") > line.count(",") else ","


def read_grid(table: Table, text: str) -> tuple[Grid | None, list[Finding]]:
    """Read CSV text; rows without any content are passed over, rows of another width are findings.

    There is no grid where the header is missing or does not name the columns of the table once each.
    """
    delimiter = separator(text)
    numbers: list[int] = []
    rows: list[Sequence[str]] = []
    header: tuple[str, ...] | None = None
    findings: list[Finding] = []
    try:
        for number, record in _records(text, delimiter):
            if not "".join(record).strip():
                continue
            if header is None:
                header = tuple(cell.strip() for cell in record)
            elif len(record) == len(header):
                numbers.append(number)
                rows.append(record)
            elif len(findings) < MAX_FINDINGS:
                findings.append(_width(table, number, len(record), len(header), delimiter))
    except BrokenRecord as broken:
        findings.append(_broken(table, broken.begins))
    if header is None:
        return None, findings or [_empty(table, delimiter)]
    in_header = _header_findings(table, header)
    findings = in_header[:MAX_FINDINGS] + findings
    if any(finding.rule in (Rule.COLUMN_MISSING, Rule.HEADER) for finding in in_header):
        return None, findings
    return Grid(header, tuple(numbers), tuple(rows), delimiter == ";"), findings


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Records with the number of the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise BrokenRecord(begins) from error
        if record is None:
            return
        yield begins, record


def _broken(table: Table, begins: int) -> Finding:
    message = "De rij die hier begint is niet te lezen: een aanhalingsteken staat verkeerd of een cel is te lang."
    remedy = "Geef elk openend aanhalingsteken een sluitend teken, en verdubbel een teken binnen een cel."
    return Finding(Rule.ROW, message, remedy, table.file, begins)


def _empty(table: Table, delimiter: str) -> Finding:
    remedy = f"Begin met de kopregel: {delimiter.join(_required(table))}."
    return Finding(Rule.HEADER, f"{table.file} is leeg.", remedy, table.file)


def _width(table: Table, number: int, found: int, expected: int, delimiter: str) -> Finding:
    hint = f"; zet een cel met {delimiter} erin tussen aanhalingstekens" if found > expected else ""
    message = f"Deze rij heeft {found} cellen, de kopregel {expected}."
    return Finding(Rule.ROW, message, f"Geef elke kolom een cel, ook als die leeg is{hint}.", table.file, number)


def _required(table: Table) -> list[str]:
    return [column.name for column in table.columns if not column.optional]


def _header_findings(table: Table, header: Sequence[str]) -> list[Finding]:
    known = [column.name for column in table.columns]
    findings = [_missing_column(table, name) for name in _required(table) if name not in header]
    free = [name for name in known if name not in header] or known
    seen: set[str] = set()
    for at, name in enumerate(header):
        if len(findings) >= MAX_FINDINGS:
            break
        if not name:
            findings.append(_header(table, f"Kolom {at + 1} heeft geen naam.", "Geef de kolom een naam."))
        elif name in seen:
            message = f"De kolom {quoted(name)} staat er tweemaal."
            findings.append(_header(table, message, "Laat er een weg.", name))
        elif name not in known and not name.startswith(EXTRA_PREFIX):
            message = f"De kolom {quoted(name)} is onbekend."
            remedy = f"{nearest(name, free)} Een eigen kolom begint met {EXTRA_PREFIX}."
            findings.append(Finding(Rule.COLUMN_UNKNOWN, message, remedy, table.file, 1, name))
        seen.add(name)
    return findings


def _header(table: Table, message: str, remedy: str, name: str = "") -> Finding:
    return Finding(Rule.HEADER, message, remedy, table.file, 1, name)


def _missing_column(table: Table, name: str) -> Finding:
    message = f"De kolom {name} ontbreekt."
    remedy = f"Voeg de kolom {name} toe; de cellen mogen leeg zijn als de waarde onbekend is."
    return Finding(Rule.COLUMN_MISSING, message, remedy, table.file, 1, name)
