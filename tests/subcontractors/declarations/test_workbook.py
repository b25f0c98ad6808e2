"""Workbooks that are no workbooks, too large, or made to do harm: one clear refusal, within bounds."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile

import pytest

from subcontractors.declarations import sheet_xml as limits
from subcontractors.declarations import workbook as bounds
from subcontractors.declarations.sheet_reader import read_sheet
from tests.subcontractors.declarations.test_csv_reader import ROW, only_fault, row
from tests.subcontractors.declarations.workbooks import MAIN, RELATIONS, raw, repacked, sheet_xml, workbook

GOOD = workbook([row()])


def refusal(content: bytes, name: str = "a.xlsx") -> str:
    fault = only_fault(read_sheet(name, content))
    return f"{fault.message} {fault.remedy}"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "geen Excel-werkmap"),
        (b"declaration,period", "geen Excel-werkmap"),
        (b"PK\x03\x04", "beschadigd"),
        (GOOD[: len(GOOD) // 2], "beschadigd"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "oude formaat (.xls)"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "wachtwoord"),
        (raw(sheet_xml(tuple(ROW)), {"xl/vbaProject.bin": b"x"}), "macro's"),
        (raw(sheet_xml(tuple(ROW)), {"mimetype": b"application/vnd.oasis"}), ".ods"),
        (raw(sheet_xml(tuple(ROW)), {"xl/workbook.bin": b"x"}), ".xlsb"),
        (raw("<worksheet"), "beschadigd"),
        (raw(sheet_xml(tuple(ROW)), {"xl/workbook.xml": f'<workbook xmlns="{MAIN}"/>'}), "geen werkblad"),
        (raw(sheet_xml(tuple(ROW)), method=zipfile.ZIP_BZIP2), "ongewoon ingepakt"),
        (raw(f'<worksheet xmlns="{MAIN}"><sheetData><row r="x"><c/></row></sheetData></worksheet>'), "beschadigd"),
        (raw(f'<worksheet xmlns="{MAIN}"><sheetData><row r="9999999"/></sheetData></worksheet>'), "beschadigd"),
        (raw(f'<worksheet xmlns="{MAIN}"><sheetData><row><c r="ZZZZ1"><v>1</v></c></row></sheetData></worksheet>'), "beschadigd"),
        (raw(f'<worksheet xmlns="{MAIN}"><sheetData><row><c><v>een</v></c></row></sheetData></worksheet>'), "beschadigd"),
    ],
    ids=[
        *("empty", "csv", "cut at once", "cut", "xls", "password", "macros", "ods", "xlsb", "no xml", "no sheets"),
        *("bzip2", "row text", "row high", "column high", "number text"),
    ],
)  # fmt: skip
def test_what_is_no_sound_workbook_is_told_with_what_to_do(content, words):
    assert words in refusal(content)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]>',
        '<!DOCTYPE a SYSTEM "http://elders.example/a.dtd">',
    ],
)
def test_a_doctype_ends_the_reading_wherever_it_stands(doctype):
    assert "DOCTYPE" in refusal(raw(doctype + sheet_xml(tuple(ROW))))
    strings = f'{doctype}<sst xmlns="{MAIN}"/>'
    assert "DOCTYPE" in refusal(raw(sheet_xml(tuple(ROW)), {"xl/sharedStrings.xml": strings}))
    book = raw(sheet_xml(tuple(ROW)))
    assert "DOCTYPE" in refusal(
        repacked(book, lambda name, part: doctype.encode() + part if name == "xl/workbook.xml" else part)
    )


def test_an_encrypted_part_is_refused():
    content = bytearray(raw(sheet_xml(tuple(ROW))))
    place = content.rindex(b"PK\x01\x02")
    content[place + 8] |= 1
    assert "versleuteld" in refusal(bytes(content))


def bomb(size: int, parts: int = 1) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in good.namelist():
            archive.writestr(name, good.read(name))
        for number in range(parts):
            archive.writestr(f"xl/bomb{number}.xml", b" " * size)
    return out.getvalue()


@pytest.mark.parametrize(
    "content", [bomb(220 * 1024 * 1024), bomb(1_100_000, 200), bomb(10, 1100)], ids=["one", "many", "parts"]
)
def test_a_zip_bomb_is_refused_before_anything_is_unpacked(content):
    tracemalloc.start()
    begin = time.process_time()
    try:
        assert "te groot" in refusal(content) or "te veel" in refusal(content)
        assert time.process_time() - begin < 1
        assert tracemalloc.get_traced_memory()[1] < 4 * len(content) + 4_000_000
    finally:
        tracemalloc.stop()


def test_a_part_that_is_larger_than_the_zip_says_is_damage():
    content = bytearray(raw(sheet_xml(tuple(ROW), tuple(ROW.values()))))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    place = content.rindex(size)
    content[place : place + 4] = (10).to_bytes(4, "little")
    assert "beschadigd" in refusal(bytes(content))


def test_elements_texts_and_merges_have_an_end(monkeypatch):
    monkeypatch.setattr(limits, "MOST_ELEMENTS", 200)
    many = sheet_xml(tuple(ROW), *[("a",)] * 100)
    assert "te groot" in refusal(raw(many))
    monkeypatch.undo()
    monkeypatch.setattr(limits, "MOST_MERGES", 2)
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 5))
    assert "te groot" in refusal(
        raw(sheet_xml(tuple(ROW)).replace("</worksheet>", f"<mergeCells>{merges}</mergeCells></worksheet>"))
    )
    monkeypatch.undo()
    monkeypatch.setattr(limits, "MOST_STRINGS", 2)
    assert "te groot" in refusal(GOOD)


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/styles.xml"])
def test_what_is_read_has_an_end_whatever_it_is_and_however_often(monkeypatch, part: str):
    monkeypatch.setattr(bounds, "MOST_TAGS", 1_000)
    assert len(read_sheet("a.xlsx", GOOD)[0].lines) == 1
    assert "te groot" in refusal(raw(sheet_xml(tuple(ROW)), {part: f'<x xmlns="{MAIN}">{"<t/>" * 1_000}</x>'}))
    sheets = "".join(f'<sheet name="s{number}" sheetId="{number}" r:id="r1"/>' for number in range(40))
    named = f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets></workbook>'
    assert "te groot" in refusal(raw(sheet_xml(*[("a",)] * 20), {"xl/workbook.xml": named}))


def test_a_cell_in_the_far_corner_costs_nothing():
    body = sheet_xml(tuple(ROW), tuple(ROW.values())).replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    )
    tracemalloc.start()
    try:
        far, sound = read_sheet("a.xlsx", raw(body))
        assert "kolom zonder naam" in far.faults[0].message
        assert sound.faults == ()
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_large_workbook_takes_little_time():
    content = raw(sheet_xml(tuple(ROW), *([*row(reference=f"R{n}").values()] for n in range(5000))))
    begin = time.process_time()
    (one,) = read_sheet("a.xlsx", content)
    assert len(one.lines) == 5000
    assert time.process_time() - begin < 3, "about 0.4 seconds on a quiet machine"


def test_a_workbook_over_the_limit_of_a_message_is_refused(tmp_path):
    path = tmp_path / "large.xlsx"
    path.write_bytes(GOOD)
    assert only_fault(read_sheet("large.xlsx", path, limit=len(GOOD) - 1)).rule == "OP179"
    assert read_sheet("large.xlsx", path, limit=len(GOOD))[0].faults == ()
    assert bounds.MOST_UNPACKED < 512 * 1024 * 1024
