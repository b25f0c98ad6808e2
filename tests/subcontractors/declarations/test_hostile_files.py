"""Files that chance or malice made: read right or refused with a clear sentence, within bounds, and nothing is raised.

The short form; ``tests/soak`` runs the same with other dice for much longer.
"""

from __future__ import annotations

import io
import random
import re
import time
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest

from lead_contractor.kernel.refusals import Refusal
from subcontractors.declarations import csv_reader, rows, sheet_writer
from subcontractors.declarations.annotated import annotated, corrected, file_suggestions
from subcontractors.declarations.incoming import Incoming, Reading
from subcontractors.declarations.reader import read_file
from tests.subcontractors.declarations.test_csv_reader import ROW, csv_of, row
from tests.subcontractors.declarations.workbooks import raw, repacked, sheet_xml, workbook

LINES = [row(reference=f"R{n}", allocation=str(n), x_note="één; ‘twee’") for n in range(1, 6)]
CSV = csv_of(*LINES, separator=";", columns=(*ROW, "x_note"))
XLSX = workbook(
    [one | {"amount": 50, "volume": 4, "from": date(2025, 4, 1)} for one in LINES], columns=(*ROW, "x_note")
)
NAMES = ("a.csv", "a.xlsx", "a", "a.txt", "a.xls", "a.ods")
SLOWEST = 10.0
"""Seconds of CPU that one small file may take at most; most take a thousandth."""

WHITE = re.compile(r"\s+")
TOKENS = (
    b"=1+1", b"'", b'"', b";", b",", b"\t", b"\r", b"\n", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xa0", b"\x80", b"\xe9",
    b"1,23E+08", b"#N/B", b"#REF!", b"-", b"@", b"sep=;", b"1.234,56", b"01-04-2025", b"2025-13-45", b"9" * 40, b"e" * 400,
    "€".encode(), "é".encode(), b"<", b"&", b"]]>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b'hidden="1"', b"<f>1</f>",
    b"<v>1e309</v>", b"<v>nan</v>", b"<v>-1</v>", b't="s"', b't="e"', b't="d"', b't="b"', b's="999"', b'r="XFD1048576"',
    b'r="A1"', b"<row>", b"</row>", b"<c>", b"</c>", b'<mergeCell ref="A1:XFD1048576"/>',
)  # fmt: skip


def answer(name: str, content: bytes) -> list[Incoming]:
    """Read a file as an upload would be, with all that may be asked of it; everything that is wrong says what to do."""
    begin = time.process_time()
    found = read_file(name, content)
    assert found
    for one in found:
        assert one.status in set(Reading)
        assert all(fault.message and fault.remedy for fault in one.faults)
        assert one.status is not Reading.OK or one.lines
        assert "9990000" not in " ".join(str(fault) for fault in one.faults if fault.place == "bsn")
    offered = file_suggestions(name, content)
    for make in (lambda: annotated(name, content, []), lambda: corrected(name, content, offered)):
        with suppress(Refusal):
            harmless(make()[1])
    assert time.process_time() - begin < SLOWEST
    return found


def harmless(made: bytes) -> None:
    """No formula stands in what we give back."""
    if made.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            assert b"<f" not in archive.read("xl/worksheets/sheet1.xml")


def noise(dice: random.Random, times: int) -> None:
    """Random bytes, with the signature of a known kind before them now and then."""
    for _ in range(times):
        start = dice.choice(
            (b"", b"", b"PK\x03\x04", b"\xef\xbb\xbf", b"sep=;\n", CSV[:200], XLSX[:300], b"\xd0\xcf\x11\xe0")
        )
        answer(dice.choice(NAMES), start + dice.randbytes(dice.randrange(400)))


def disturbed(dice: random.Random, content: bytes) -> bytes:
    """The same with a few pieces changed, taken out, doubled or put in."""
    for _ in range(dice.randrange(1, 5)):
        place, length = dice.randrange(len(content) + 1), dice.randrange(12)
        piece = dice.choice(
            (dice.choice(TOKENS), dice.choice(TOKENS), dice.randbytes(length), b"", content[place : place + length] * 2)
        )
        content = content[:place] + piece + content[place + dice.choice((0, length)) :]
    return content


def disturb_csv(dice: random.Random, times: int) -> None:
    """A good CSV with changes: what still reads right is what the changes left alone."""
    for _ in range(times):
        answer("a.csv", disturbed(dice, CSV))


def disturb_cells(dice: random.Random, times: int) -> None:
    """One cell changed by a token: either it is named, or the other cells still say what they said."""
    sound = read_file("a.csv", CSV)[0].lines
    for _ in range(times):
        column, token = dice.choice(list(ROW)), dice.choice(TOKENS).decode("cp1252", errors="replace")
        lines = [dict(one) for one in LINES]
        lines[2][column] = WHITE.sub(" ", token).replace('"', "").replace("\0", "")
        name = dice.choice(("a.csv", "a.xlsx"))
        columns = (*ROW, "x_note")
        content = (
            workbook(lines, columns=columns) if name == "a.xlsx" else csv_of(*lines, separator=";", columns=columns)
        )
        for one in answer(name, content):
            if one.status is Reading.OK and len(one.lines) == len(sound):
                others = {line.reference: line for line in one.lines}
                kept = [line for line in sound if line.reference != "R3"]
                assert [replace(others[line.reference], position=0) for line in kept] == [
                    replace(line, position=0) for line in kept
                ]


def disturb_parts(dice: random.Random, times: int) -> None:
    """A good workbook with changes inside one of its parts."""
    parts = zipfile.ZipFile(io.BytesIO(XLSX)).namelist()
    chosen = ""

    def change(name: str, part: bytes) -> bytes:
        return disturbed(dice, part) if name == chosen else part

    for _ in range(times):
        chosen = dice.choice([*parts, "xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"])
        answer("a.xlsx", repacked(XLSX, change))


def disturb_zip(dice: random.Random, times: int) -> None:
    """A good workbook with changes in the zip itself."""
    for _ in range(times):
        content = bytearray(XLSX)
        for _ in range(dice.randrange(1, 6)):
            place = dice.choice((dice.randrange(len(content)), len(content) - 1 - dice.randrange(600)))
            content[place] = dice.randrange(256)
        answer("a.xlsx", bytes(content[: dice.choice((len(content), len(content), dice.randrange(len(content))))]))


SEED = "files"


def test_noise_is_always_answered():
    noise(random.Random(SEED), 300)


def test_a_disturbed_csv_is_always_answered():
    disturb_csv(random.Random(SEED), 150)


def test_one_spoilt_cell_spoils_no_other():
    disturb_cells(random.Random(SEED), 80)


def test_a_workbook_with_disturbed_parts_is_always_answered():
    disturb_parts(random.Random(SEED), 80)


def test_a_disturbed_zip_is_always_answered():
    disturb_zip(random.Random(SEED), 80)


def test_what_would_grow_beyond_bounds_is_refused(monkeypatch):
    (one,) = answer("a.csv", b"bsn;" * 1_000_000)
    assert "te veel kolommen" in one.faults[0].message
    (one,) = answer("a.csv", b"bsn;" * 300 + b"\n")
    assert "ten hoogste 200" in one.faults[0].message
    monkeypatch.setattr(csv_reader, "_MOST_LINES", 10)
    (one,) = answer("a.csv", csv_of(row()) + b'""\n' * 20)
    assert "te veel lege regels" in one.faults[0].message
    monkeypatch.undo()
    monkeypatch.setattr(rows, "MOST_DECLARATIONS", 3)
    (one,) = answer("a.csv", csv_of(*[row(declaration=f"D{n}") for n in range(4)]))
    assert "meer dan 3 declaraties" in one.faults[0].message
    monkeypatch.setattr(rows, "MOST_TOLD", 5)
    (one,) = answer("a.csv", csv_of(*[row(reference=f"R{n}", bsn="1") for n in range(20)]))
    assert "niet nagekeken" in one.faults[-1].message
    monkeypatch.setattr(sheet_writer, "MOST_WRITTEN", 100)
    with pytest.raises(Refusal, match="te groot"):
        annotated("a.xlsx", XLSX, [])


def test_odd_numbers_and_half_signs_are_named():
    long = csv_of(row(amount="9" * 6000, volume="9" * 6000, allocation="8" * 6000))
    assert len(answer("a.csv", long)[0].faults) == 3
    assert answer("a.xlsx", raw(sheet_xml(tuple(ROW), ["_xD800_"] * 17)))[0].status is Reading.REFUSED_STRUCTURE
    cells = "<row>" + "<c><v>nan</v></c>" * 17 + "<c><v>1e999</v></c></row></sheetData>"
    assert answer("a.xlsx", raw(sheet_xml((*ROW, "x_a")).replace("</sheetData>", cells)))[0].faults
