"""The report as a workbook: summary, products, subcontractors, figures and definitions; no cell becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from budgets.reports.wording import Column, cell, columns, facts, figures, notes, row_name, title, totals

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDEST = 60
_FORMATS = {"money": "#,##0.00", "hours": "#,##0.00", "percent": "0.0", "count": "#,##0"}
_SHORTEST, _EARLY = 12, datetime(2000, 1, 1, tzinfo=UTC)


def report_workbook(document: Mapping[str, Any]) -> bytes:
    """A document as XLSX; the same bytes for the same document."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": title(document), "created": _EARLY.replace(tzinfo=None)})
        _summary(book, document)
        _rows(book, "Per product", document["products"], columns(document))
        if document["subcontractors"] is not None:
            _rows(book, "Per onderaannemer", document["subcontractors"], columns(document))
        _texts(book, "Kengetallen", ("Kengetal", "Waarde", "Opgaven", "Versie definitie"), figures(document))
        _texts(
            book,
            "Definities",
            ("Kengetal", "Definitie", "Bron", "Waaruit", "Versie", "Peildatum"),
            [
                (
                    one["name"]["nl"],
                    one["definition"]["nl"],
                    one["source"],
                    one["from"]["nl"] or "opgave van de aanbieder",
                    str(one["version"]),
                    one["as_of"],
                )
                for one in document["definitions"]
            ],
        )
    return out.getvalue()


def _summary(book: Any, document: Mapping[str, Any]) -> None:
    rows = [*facts(document), ("", ""), *totals(document), ("", ""), *((note, "") for note in notes(document))]
    _texts(book, "Samenvatting", (title(document), ""), rows)


def _texts(book: Any, name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    for place, text in enumerate(header):
        sheet.write_string(0, place, text, bold)
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row):
            sheet.write_string(number, place, text)
    for place in range(len(header)):
        widest = max((len(row[place]) for row in rows if len(row[place]) <= _WIDEST), default=_SHORTEST)
        sheet.set_column(place, place, max(_SHORTEST, widest) + 2)
    sheet.freeze_panes(1, 0)


def _rows(book: Any, name: str, rows: Sequence[Mapping[str, Any]], shown: Sequence[Column]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    formats = {kind: book.add_format({"num_format": form}) for kind, form in _FORMATS.items()}
    for place, text in enumerate(("Naam", *(one.title for one in shown))):
        sheet.write_string(0, place, text, bold)
    for number, row in enumerate(rows, start=1):
        sheet.write_string(number, 0, row_name(row))
        for place, column in enumerate(shown, start=1):
            value = row.get(column.key)
            if value is None:
                sheet.write_string(number, place, cell(row, column))
            else:
                amount = Decimal(str(value)) / (100 if column.kind == "money" else 1)
                sheet.write_number(number, place, amount, formats[column.kind])
    sheet.set_column(0, 0, max((len(row_name(row)) for row in rows), default=_SHORTEST) + 2)
    sheet.set_column(1, len(shown), 16)
    sheet.freeze_panes(1, 1)
