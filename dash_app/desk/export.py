"""Any table of the desk as CSV or as a workbook; no cell of either can become a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter
from flask import Response, request

from dash_app.overview import csv_file
from lead_contractor.kernel.money import Cents
from lead_contractor.web import formats
from lead_contractor.web.languages import current_language

Cell = str | Cents | date | int | None
CSV, XLSX = "csv", "xlsx"
_KINDS = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDEST = 60


def asked() -> str:
    """The kind of file that the address asks for, empty for a page."""
    wanted = request.args.get("format", "")
    return wanted if wanted in _KINDS else ""


def download(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A table as the kind of file that the address asks for."""
    kind = asked() or CSV
    content = _workbook(header, rows) if kind == XLSX else _csv(header, rows)
    kept = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "-" for letter in name)
    headers = {"Content-Disposition": f'attachment; filename="{kept}.{kind}"'}
    return Response(content, content_type=_KINDS[kind], headers=headers)


def _csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    dutch = current_language() == formats.DUTCH
    return csv_file.table(header, ([_text(cell) for cell in row] for row in rows), comma=dutch)


def _text(cell: Cell) -> str | int:
    """A cell as the CSV writer takes it: text, or whole cents."""
    if cell is None:
        return ""
    if isinstance(cell, Cents):
        return int(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _workbook(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        sheet = book.add_worksheet()
        money, day, bold = (
            book.add_format({"num_format": "#,##0.00"}),
            book.add_format({"num_format": "dd-mm-yyyy"}),
            book.add_format({"bold": True}),
        )
        widths = [len(name) for name in header]
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, Cents):
                    sheet.write_number(number, column, Decimal(int(cell)) / 100, money)
                elif isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                elif isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                elif cell:
                    sheet.write_string(number, column, cell)
                widths[column] = min(_WIDEST, max(widths[column], len(str(cell or ""))))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width + 2)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
