"""The tables of the meeting as a workbook: exactly what the person may see on screen, to the cent.

pandas only lays out what is shown; the money of record stays in the books.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from budgets.use.model import UseRow, UseTable, UseTables, WaitingList, YearPosition
from budgets.use.suppress import THRESHOLD
from dash_app.language import gettext
from lead_contractor.kernel.money import Cents
from subcontractors.agreements.products import product_name

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MONEY, _WIDEST = "#,##0.00", 48
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

Sheet = tuple[str, list[str], Sequence[Sequence[object]]]


def workbook(position: YearPosition, tables: UseTables | None, waiting: WaitingList | None) -> bytes:
    """The tables of a position as XLSX, one sheet each, in the language of the request.

    Args:
        position: the year as of the chosen month.
        tables: the use as this person may see it, small numbers suppressed; ``None`` while nothing is recorded.
        waiting: who waits, as this person may see it.
    """
    sheets = [_months(position)]
    if tables is not None:
        sheets.append(_use(gettext("Per product"), tables.products))
        sheets.append(_use(gettext("Vormen van bekostiging"), tables.forms))
        if tables.subcontractors is not None:
            sheets.append(_use(gettext("Per onderaannemer"), tables.subcontractors))
    if waiting is not None:
        sheets.append(_waiting(waiting))
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter", engine_kwargs={"options": _OPTIONS}) as writer:
        money = writer.book.add_format({"num_format": _MONEY})
        for title, columns, rows in sheets:
            frame = pd.DataFrame(list(rows), columns=columns, dtype=object)
            frame.to_excel(writer, sheet_name=title[:31], index=False)
            sheet = writer.sheets[title[:31]]
            sheet.freeze_panes(1, 0)
            for place, name in enumerate(columns):
                cells = [name, *(str(value) for value in frame[name])]
                sheet.set_column(place, place, min(_WIDEST, max(map(len, cells)) + 3), money)
    return out.getvalue()


def _euros(cents: Cents | None) -> Decimal | None:
    return None if cents is None else Decimal(int(cents)) / 100


def _months(position: YearPosition) -> Sheet:
    titles = [
        gettext("Tot en met"),
        gettext("Inkomsten"),
        gettext("Gebruikt"),
        gettext("Ruimte"),
        gettext("Marge"),
        gettext("Maximum"),
        gettext("Declaraties"),
    ]
    rows = [
        [
            str(one.month),
            _euros(one.revenue.total),
            _euros(one.cost.total),
            _euros(one.room),
            f"{one.margin_percent} %",
            _euros(one.cap),
            gettext("volledig") if number <= position.complete else gettext("komen nog binnen"),
        ]
        for number, one in enumerate(position.months, start=1)
    ]
    return gettext("Per maand"), titles, rows


def _use(title: str, table: UseTable) -> Sheet:
    columns = [
        gettext("Code"),
        gettext("Naam"),
        gettext("Budget"),
        gettext("Gebruikt"),
        gettext("Ruimte"),
        gettext("Cliënten"),
    ]
    rows = [_use_row(row) for row in table.rows]
    together = [gettext("Totaal"), "", _euros(table.budget), _euros(table.used), _euros(table.room), table.clients]
    return title, columns, [*rows, together]


def _use_row(row: UseRow) -> list[Any]:
    hidden, name = gettext("n.t."), gettext(row.name) if row.name else ""
    if row.hidden:
        return [row.code, name, _euros(row.budget), hidden, hidden, f"< {THRESHOLD}" if row.few else hidden]
    return [row.code, name, _euros(row.budget), _euros(row.used), _euros(row.room), row.clients]


def _waiting(waiting: WaitingList) -> Sheet:
    few = f"< {THRESHOLD}"
    columns = [
        gettext("Code"),
        gettext("Product"),
        gettext("Wachtend"),
        gettext("Erbij"),
        gettext("Mediaan in dagen"),
    ]
    rows = [
        [
            row.product_code,
            gettext(product_name(row.product_code)) if product_name(row.product_code) else "",
            few if row.waiting is None else row.waiting,
            few if row.few_added else row.added,
            gettext("n.t.") if row.median_days is None and row.waiting is None else row.median_days,
        ]
        for row in waiting.rows
    ]
    return gettext("Wachtenden"), columns, rows
