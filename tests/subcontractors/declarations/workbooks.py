"""Workbooks for tests: as a spreadsheet would save them, and made by hand to be wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter

from subcontractors.declarations.sheet_xml import Value
from subcontractors.declarations.workbook import Workbook
from tests.subcontractors.declarations.test_csv_reader import ROW

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

Change = Callable[[Any, Any], None]


def workbook(
    rows: Iterable[Mapping[str, Any]],
    *,
    columns: Sequence[str] = tuple(ROW),
    titles: Mapping[str, str] | None = None,
    sheet: str = "Regels",
    above: Sequence[str] = (),
    change: Change | None = None,
) -> bytes:
    """A workbook with these rows: text as text, numbers as numbers, days as date cells, ``=…`` as formulas.

    ``change`` gets workbook and sheet at the end, to do what it likes.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet(sheet)
    days = book.add_format({"num_format": "dd-mm-yyyy"})
    for number, text in enumerate(above):
        page.write_string(number, 0, text)
    start = len(above)
    page.write_row(start, 0, [(titles or {}).get(name, name) for name in columns])
    for number, row in enumerate(rows, start=start + 1):
        for place, name in enumerate(columns):
            value = row.get(name, "")
            if isinstance(value, date):
                page.write_datetime(number, place, value, days)
            elif isinstance(value, str) and value.startswith("="):
                page.write_formula(number, place, value, None, 50)
            elif isinstance(value, str):
                page.write_string(number, place, value)
            else:
                page.write(number, place, value)
    if change is not None:
        change(book, page)
    book.close()
    return out.getvalue()


def raw(sheet: str, parts: Mapping[str, str | bytes] | None = None, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook with this text as its only sheet; ``parts`` adds or replaces parts by name."""
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Regels" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    made |= parts or {}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in made.items():
            archive.writestr(name, content)
    return out.getvalue()


def sheet_xml(*rows: Sequence[str], attributes: str = "") -> str:
    """A sheet with these rows as texts in the cells themselves."""
    made = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>" for row in rows
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData {attributes}>{made}</sheetData></worksheet>'


def cells_of(content: bytes) -> list[dict[int, Value]]:
    """The filled rows of the first sheet."""
    book = Workbook(content)
    found: list[dict[int, Value]] = []

    def take(_number: int, _hidden: bool, cells: dict[int, Value]) -> bool:
        found.append(cells)
        return True

    book.read(book.sheets[0], take)
    return found


def repacked(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The same workbook with each part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()
