"""Read a table of spending: our own columns, or an export of CBS open data; every finding names row and column.

Our own columns are those of ``cbs_spending.csv``: ``municipality_code``, ``municipality``, ``year``,
``spending_thousands``, and if you like ``inhabitants``, ``provisional`` (yes), ``break`` (yes), ``note``, ``source``.

An export of CBS open data (StatLine, "TypedDataSet" as CSV) has ``RegioS`` (``GM1911``), ``Perioden`` (``2022JJ00``)
and one column with an amount in thousands of euros; other columns are passed over, rows of other regions and periods
than municipalities and whole years too. It knows no names and no inhabitants: those come from the table before it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence

from budgets.benchmark.model import Spending
from lead_contractor.kernel.findings import Finding

OWN = ("municipality_code", "municipality", "year", "spending_thousands")
OPTIONAL = ("inhabitants", "provisional", "break", "note", "source")
CBS = ("regios", "perioden")
LIMIT = 2 * 1024 * 1024
MOST_ROWS, MOST_FINDINGS, LONGEST = 20_000, 50, 500
FIRST_YEAR, LAST_YEAR = 2000, 2100
_YES = {"yes", "ja", "true", "1"}
_NO = {"", "no", "nee", "false", "0"}
_MISSING = {"", ".", "-", "x", "NA"}
_CODE = re.compile(r"(?:GM)?([0-9]{4})")
_PERIOD = re.compile(r"([0-9]{4})JJ00")
_AMOUNT = re.compile(r"[0-9]{1,9}")
_MEASURE = re.compile(r"_[0-9]+$")
"""CBS ends the name of a measure with its number; other columns are dimensions."""


class _Reading:
    """A file as it is read: the rows that came out, and what was wrong."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: dict[tuple[str, int], Spending] = {}
        self.findings: list[Finding] = []

    def wrong(self, rule: str, message: str, remedy: str, row: int | None = None, column: str = "") -> None:
        """Remember what is wrong."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(f"BENCHMARK-{rule}", message, remedy, self.name, row, column))

    def add(self, row: int, found: Spending) -> None:
        """Keep a row; a municipality has one figure for each year."""
        key = (found.code, found.year)
        if key in self.rows:
            self.wrong(
                "TWICE",
                f"Gemeente {found.code} en jaar {found.year} staan er twee keer in.",
                "Laat één regel over.",
                row,
                "year",
            )
        self.rows[key] = found


def read(name: str, content: bytes, before: Sequence[Spending] = ()) -> tuple[tuple[Spending, ...], list[Finding]]:
    """The rows of a file and everything that is wrong with it; with a finding it may not be used.

    Args:
        name: of the file, for the findings.
        content: its bytes.
        before: the table that holds now, for names and inhabitants where the file has none.
    """
    reading = _Reading(name)
    table = _table(reading, content)
    if table is None:
        return (), reading.findings
    header, rows = table
    if all(column in header for column in CBS):
        _read_cbs(reading, header, rows, before)
    else:
        _read_own(reading, header, rows)
    if not reading.findings and not reading.rows:
        reading.wrong("EMPTY", "Er staat geen enkele regel met een gemeente en een jaar in.", "Controleer het bestand.")
    return tuple(reading.rows[key] for key in sorted(reading.rows)), reading.findings


def _table(reading: _Reading, content: bytes) -> tuple[list[str], list[list[str]]] | None:
    if len(content) > LIMIT:
        reading.wrong("LARGE", "Het bestand is groter dan 2 MB.", "Maak een kleinere selectie.")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        reading.wrong("TEXT", "Het bestand is geen tekst in UTF-8.", "Bewaar het als CSV (UTF-8).")
        return None
    first = text.partition("\n")[0]
    separator = max((";", ",", "\t"), key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        reading.wrong("TEXT", "Het bestand is geen CSV.", "Bewaar het als CSV.")
        return None
    if not rows or len(rows) > MOST_ROWS:
        reading.wrong("EMPTY", f"Het bestand heeft {len(rows)} regels.", f"Lever 1 tot en met {MOST_ROWS} regels.")
        return None
    return [one.strip().casefold() for one in rows[0]], rows[1:]


def _read_own(reading: _Reading, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    lacking = [name for name in OWN if name not in header]
    if lacking:
        reading.wrong(
            "COLUMNS",
            f"Kolommen ontbreken: {', '.join(lacking)}.",
            f"Lever de kolommen {', '.join(OWN)}, of een uitvoer van CBS met RegioS en Perioden.",
            1,
        )
        return
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            reading.wrong("CELLS", f"De regel heeft {len(row)} cellen, de kop {len(header)}.", "Vul aan.", number)
            continue
        said = {name: cell.strip() for name, cell in zip(header, row, strict=True) if name in (*OWN, *OPTIONAL)}
        found = _own_row(reading, number, said)
        if found is not None:
            reading.add(number, found)


def _own_row(reading: _Reading, number: int, said: Mapping[str, str]) -> Spending | None:
    before = len(reading.findings)
    code = _code(reading, number, said["municipality_code"], "municipality_code")
    year = _year(reading, number, said["year"], "year")
    amount = _amount(reading, number, said["spending_thousands"], "spending_thousands")
    inhabitants = _amount(reading, number, said.get("inhabitants", ""), "inhabitants")
    flags = [_flag(reading, number, said.get(name, ""), name) for name in ("provisional", "break")]
    if not said["municipality"] or not said["municipality"].isprintable():
        reading.wrong("NAME", "De naam van de gemeente ontbreekt.", "Vul haar in.", number, "municipality")
    texts = {name: said.get(name, "") for name in ("municipality", "note", "source")}
    for name, text in texts.items():
        if len(text) > (200 if name == "municipality" else LONGEST):
            reading.wrong("LONG", "De tekst is te lang.", "Kort haar in.", number, name)
    if inhabitants == 0:
        reading.wrong("NUMBER", "Nul inwoners kan niet.", "Vul het aantal in of laat het leeg.", number, "inhabitants")
    if len(reading.findings) > before or year is None:
        return None
    return Spending(
        code, texts["municipality"], year, amount, inhabitants, flags[0], flags[1], texts["note"], texts["source"]
    )


def _read_cbs(
    reading: _Reading, header: Sequence[str], rows: Sequence[Sequence[str]], before: Sequence[Spending]
) -> None:
    others = [name for name in header if name and name not in (*CBS, "id")]
    measures = [name for name in others if _MEASURE.search(name)] or others
    amounts = [name for name in measures if any(_AMOUNT.fullmatch(_cell(row, header, name)) for row in rows)]
    if len(amounts) != 1:
        named = ", ".join(amounts) or "geen"
        reading.wrong(
            "MEASURE",
            f"Er moet precies één kolom met bedragen zijn; gevonden: {named}.",
            "Kies in StatLine één onderwerp, in duizenden euro's.",
            1,
        )
        return
    newest = {row.code: row for row in sorted(before, key=lambda one: one.year)}
    breaks = {(row.code, row.year): row.note for row in before if row.breaks}
    for number, row in enumerate(rows, start=2):
        place, period = _cell(row, header, "regios"), _PERIOD.fullmatch(_cell(row, header, "perioden"))
        if period is None or not place.startswith("GM"):
            continue
        code = _code(reading, number, place, "RegioS")
        year = _year(reading, number, period[1], "Perioden")
        amount = _amount(reading, number, _cell(row, header, amounts[0]), amounts[0])
        held = newest.get(code)
        if year is not None and held is not None:  # other municipalities than those compared are passed over
            note = breaks.get((code, year))
            found = Spending(
                code,
                held.municipality,
                year,
                amount,
                held.inhabitants,
                breaks=note is not None,
                note=note or "",
                source="CBS open data",
            )
            reading.add(number, found)


def _cell(row: Sequence[str], header: Sequence[str], name: str) -> str:
    place = header.index(name)
    return row[place].strip() if place < len(row) else ""


def _code(reading: _Reading, row: int, text: str, column: str) -> str:
    found = _CODE.fullmatch(text)
    if found is None:
        reading.wrong(
            "CODE",
            f"{text[:20]!r} is geen CBS-code van een gemeente.",
            "Schrijf vier cijfers, met voorloopnul: 0307.",
            row,
            column,
        )
    return "" if found is None else found[1]


def _year(reading: _Reading, row: int, text: str, column: str) -> int | None:
    if text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR:  # noqa: PLR2004
        return int(text)
    reading.wrong("YEAR", f"{text[:20]!r} is geen jaar.", f"Schrijf {FIRST_YEAR} tot en met {LAST_YEAR}.", row, column)
    return None


def _amount(reading: _Reading, row: int, text: str, column: str) -> int | None:
    """A whole number, or nothing where there is no figure; CBS writes a missing one as a point."""
    if text in _MISSING:
        return None
    if not text.isascii() or not _AMOUNT.fullmatch(text):
        reading.wrong(
            "NUMBER",
            f"{text[:20]!r} is geen heel getal.",
            "Schrijf een heel getal zonder punten, of laat het leeg als het niet bekend is.",
            row,
            column,
        )
        return None
    return int(text)


def _flag(reading: _Reading, row: int, text: str, column: str) -> bool:
    if text.casefold() in _YES:
        return True
    if text.casefold() not in _NO:
        reading.wrong("FLAG", f"{text[:20]!r} is geen ja of nee.", "Schrijf yes of laat het leeg.", row, column)
    return False
