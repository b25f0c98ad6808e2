"""A table as a file for a spreadsheet: no cell of it can become a formula, amounts are numbers of the language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from lead_contractor.kernel.money import euros_text

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_BOM = "\ufeff"


def safe(text: str) -> str:
    """A text that a spreadsheet shows as it is: what could begin a formula gets an apostrophe before it."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def amount(cents: int, *, comma: bool) -> str:
    """An amount in euros without grouping; our own figures may begin with a minus sign."""
    text = euros_text(cents)
    return text.replace(".", ",") if comma else text


def table(header: Sequence[str], rows: Iterable[Sequence[str | int]], *, comma: bool) -> bytes:
    """Rows as CSV in UTF-8 with a byte-order mark; texts are made safe, whole numbers are cents.

    Args:
        header: names of the columns.
        rows: texts, and cents as ``int``.
        comma: Dutch: a decimal comma and semicolons between the cells; else a point and commas.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if comma else ",", lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([safe(cell) if isinstance(cell, str) else amount(cell, comma=comma) for cell in row])
    return (_BOM + out.getvalue()).encode()
