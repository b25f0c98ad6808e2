"""Lines with their verdict as CSV, in the shape in which they can be repaired and sent again.

The columns are those of a declaration in CSV; verdict and reasons stand in columns that begin with ``x_``, which the
reader ignores. Semicolons and decimal commas, so that a Dutch spreadsheet opens it as it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable

from lead_contractor.kernel.money import euros_text
from subcontractors.declarations.columns import COLUMNS, DUTCH
from subcontractors.portal.model import ShownLine, Verdict

VERDICT_COLUMNS = ("x_oordeel", "x_codes", "x_redenen")
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_BOM = "\ufeff"


def lines_csv(messages: Iterable[Verdict], sender: str, words: Callable[[ShownLine], tuple[str, str]]) -> bytes:
    """The lines of messages as CSV (UTF-8 with byte order mark).

    Args:
        messages: with the lines to write.
        sender: the AGB code of the provider.
        words: gives verdict and reasons of a line in the language of the reader.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([*(DUTCH[column] for column in COLUMNS), *VERDICT_COLUMNS])
    for one in messages:
        for line in one.lines:
            said, reasons = words(line)
            writer.writerow(
                [harmless(cell) for cell in (*_cells(one, line, sender), said, " ".join(line.codes), reasons)]
            )
    return (_BOM + out.getvalue()).encode()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_STARTS_FORMULA) else cell


def _cells(one: Verdict, line: ShownLine, sender: str) -> tuple[str, ...]:
    """The columns of the format, in order."""
    cells = {
        "declaration": one.number,
        "period": "" if one.period is None else str(one.period),
        "received": "" if one.received is None else one.received.isoformat(),
        "subcontractor": sender,
        "reference": line.reference,
        "previous_reference": line.previous_reference,
        "bsn": line.bsn,
        "allocation": line.allocation,
        "category": line.category,
        "product_code": line.product_code,
        "from": line.period_from.isoformat(),
        "to": line.period_to.isoformat(),
        "volume": str(line.volume),
        "unit": line.unit,
        "tariff": "" if line.tariff is None else _euros(line.tariff),
        "amount": _euros(line.amount),
        "debit_credit": "C" if line.credit else "D",
    }
    return tuple(cells[name] for name in COLUMNS)


def _euros(cents: int) -> str:
    return euros_text(cents).replace(".", ",")
