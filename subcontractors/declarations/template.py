"""The template of a month: one row per open allocation of a provider, ready to be filled in and sent.

Everything that is known stands in it; volume and amount are for the provider. It holds whole BSNs and so goes to the
provider itself only.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from lead_contractor.allocation.model import DELETED
from lead_contractor.allocation.tables import allocation
from lead_contractor.clients.store import bsns
from lead_contractor.kernel.money import euros_text
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.agreements.model import Tariff
from subcontractors.agreements.store import tariffs
from subcontractors.declarations.cells import harmless
from subcontractors.declarations.columns import COLUMNS, DECLARATIONS, DUTCH, Kind
from subcontractors.declarations.sheet_writer import SheetWriter
from subcontractors.declarations.suggestions import EUROS, priced
from subcontractors.declarations.tables import declaration_line, message


class TemplateKind(StrEnum):
    """In which shape a template is made."""

    XLSX = "xlsx"
    CSV = "csv"


def template(
    scope: Scope,
    vault: Vault,
    contract_id: int,
    subcontractor: str,
    month: Month,
    on: date,
    kind: TemplateKind = TemplateKind.XLSX,
    without: Collection[str] = (),
) -> tuple[str, bytes]:
    """The template of a month, and a name for it.

    Args:
        scope: the lead contractor.
        vault: its keys, for the BSNs of the provider's own clients.
        contract_id: the contract year.
        subcontractor: the AGB code of the provider.
        month: the month to be declared.
        on: the day that is filled in as the day of receipt.
        kind: workbook, or CSV with semicolons and decimal commas.
        without: numbers of allocations that are left out, since their month is done.
    """
    rows = _rows(scope, vault, contract_id, subcontractor, month, on)
    rows = [row for row in rows if row["allocation"] not in without]
    name = f"declaratie-{month}.{kind.value}"
    return name, _csv(rows) if kind is TemplateKind.CSV else _sheet(rows)


def _rows(
    scope: Scope, vault: Vault, contract_id: int, subcontractor: str, month: Month, on: date
) -> list[dict[str, str]]:
    found = _open_allocations(scope, contract_id, subcontractor, month)
    known = bsns(scope, vault, {int(row.client_id) for row in found})
    priced_by: defaultdict[str, list[Tariff]] = defaultdict(list)
    for one in tariffs(scope, contract_id):
        if one.subcontractor == subcontractor:
            priced_by[one.product_code].append(one)
    used = _references(scope, contract_id, subcontractor, month)
    number = _free_number(scope, contract_id, subcontractor, month)
    return [
        {
            "declaration": number,
            "period": str(month),
            "received": on.isoformat(),
            "subcontractor": subcontractor,
            "reference": _free_reference(month, row.number_key, used),
            "previous_reference": "",
            "bsn": known[int(row.client_id)],
            "allocation": row.number_key,
            "category": row.category,
            "product_code": row.product_code,
            "from": max(month.first, row.start_date).isoformat(),
            "to": (month.last if row.end_date is None else min(month.last, row.end_date)).isoformat(),
            "volume": "",
            "unit": row.unit,
            "tariff": _tariff(row, max(month.first, row.start_date), priced_by[row.product_code]),
            "amount": "",
            "debit_credit": "D",
        }
        for row in found
    ]


def _open_allocations(scope: Scope, contract_id: int, subcontractor: str, month: Month) -> list[Any]:
    rows = scope.rows(
        scope.select(allocation)
        .where(
            allocation.c.contract_id == contract_id,
            allocation.c.subcontractor == subcontractor,
            allocation.c.reason_change != DELETED,
            allocation.c.start_date <= month.last,
            (allocation.c.end_date.is_(None)) | (allocation.c.end_date >= month.first),
        )
        .order_by(allocation.c.product_code, allocation.c.number_key, allocation.c.id)
    )
    return list(rows)


def _tariff(row: Any, day: date, own: Iterable[Tariff]) -> str:
    if row.unit == EUROS:
        return ""
    found = priced(row.product_code, row.unit, 0, day, own)
    return "" if found is None else euros_text(found[0])


def _references(scope: Scope, contract_id: int, subcontractor: str, month: Month) -> set[str]:
    """The references of this provider that begin as those of the month do."""
    rows = scope.rows(
        scope.select(declaration_line.c.reference).where(
            declaration_line.c.contract_id == contract_id,
            declaration_line.c.sender == subcontractor,
            declaration_line.c.reference.like(f"{_stem(month)}-%"),
        )
    )
    return {row.reference for row in rows}


def _stem(month: Month) -> str:
    return str(month).replace("-", "")


def _free_reference(month: Month, number: str, used: Collection[str]) -> str:
    """A reference that this provider did not use before: a reference stays used, also by a refused line."""
    first = f"{_stem(month)}-{number}"
    return next(one for one in (first, *(f"{first}-{n}" for n in range(2, len(used) + 3))) if one not in used)


def _free_number(scope: Scope, contract_id: int, subcontractor: str, month: Month) -> str:
    """A declaration number that this provider did not use before."""
    rows = scope.rows(
        scope.select(message.c.number, message.c.identification).where(
            message.c.contract_id == contract_id, message.c.sender == subcontractor
        )
    )
    used = {row.number for row in rows} | {row.identification for row in rows}
    first = f"D{_stem(month)}"
    return next(one for one in (first, *(f"{first}N{n}" for n in range(2, len(used) + 3))) if one not in used)


def _sheet(rows: Iterable[dict[str, str]]) -> bytes:
    titles = [DUTCH[column] for column in COLUMNS]
    writer = SheetWriter("Declaratie", {p: DECLARATIONS.kinds[column] for p, column in enumerate(COLUMNS)}, titles)
    writer.header(0, titles)
    for number, row in enumerate(rows, start=1):
        writer.row(number, {place: _cell(column, row[column]) for place, column in enumerate(COLUMNS) if row[column]})
    return writer.content()


def _cell(column: str, text: str) -> str | float | date:
    kind = DECLARATIONS.kinds[column]
    if kind is Kind.DAY:
        return date.fromisoformat(text)
    return float(text) if kind in (Kind.EUROS, Kind.WHOLE) else harmless(text)


def _csv(rows: Iterable[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([DUTCH[column] for column in COLUMNS])
    for row in rows:
        cells = {**row, "tariff": row["tariff"].replace(".", ",")}
        writer.writerow([harmless(cells[column]) for column in COLUMNS])
    return out.getvalue().encode("utf-8-sig")
