"""The raw floor: the same messages read and the same rows stored, with nothing checked, decided or encrypted.

It is the plainest quick way to do the visible work: libxml2 per message, the driver's own bulk path per table, one
transaction per year folder. What the product takes on top of it is the price of its rules and its proof.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from lxml import etree
from sqlalchemy import Connection, Engine, Table, text

from bench.watch import Stopwatch
from lead_contractor.books.tables import balance, transfer
from lead_contractor.kernel.bulk import bulk_insert
from lead_contractor.kernel.database import reading, writing
from lead_contractor.parties.tables import lead_contractor
from subcontractors.declarations.tables import declaration_line

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_MESSAGE = "{http://www.istandaarden.nl/iwmo/3_2/wmo323/schema}"
_BASE = "{http://www.istandaarden.nl/iwmo/3_2/basisschema/schema}"

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """What a load made of one year folder: the messages whose lines it stored, and its books; written down as JSON."""

    lead_contractor_id: int
    contract_id: int
    kept: frozenset[str]
    transfers: list[list[Any]]
    balances: list[list[Any]]


def write_down(engine: Engine, lead: int, contract_id: int, path: Path) -> None:
    """Write down what a load made of a folder, so that the floor can store the same."""
    where = {"lead": lead, "contract": contract_id}
    with reading(engine) as connection:
        kept = connection.execute(text(_KEPT), where).scalars().all()
        transfers = connection.execute(text(_rows_of(transfer)), where)
        balances = connection.execute(text(_rows_of(balance)), where)
        found = {
            "lead": lead,
            "contract": contract_id,
            "kept": list(kept),
            "transfers": [list(row) for row in transfers],
            "balances": [list(row) for row in balances],
        }
    path.write_text(json.dumps(found), encoding="utf-8")


def read_down(path: Path) -> Made:
    """What :func:`write_down` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return Made(found["lead"], found["contract"], frozenset(found["kept"]), found["transfers"], found["balances"])


_KEPT = """
SELECT f.name FROM message AS m
JOIN message_file AS f ON f.lead_contractor_id = :lead AND f.id = m.file_id
WHERE m.lead_contractor_id = :lead AND m.contract_id = :contract AND m.kind = '323' AND m.status = 'answered'
"""


def _plain_columns(table: Table) -> list[str]:
    """All columns but the moment, which JSON does not know."""
    return [column.name for column in table.columns if column.name != "booked_at"]


def _rows_of(table: Table) -> str:
    columns = ", ".join(_plain_columns(table))
    order = ", ".join(column.name for column in table.primary_key.columns)
    return (
        f"SELECT {columns} FROM {table.name} "
        f"WHERE lead_contractor_id = :lead AND contract_id = :contract ORDER BY {order}"
    )


def store_folder(engine: Engine, folder: Path, made: Made, watch: Stopwatch) -> None:
    """Read the messages of a folder and store their lines, and the transfers and balances of ``made``.

    What was ready beforehand stays out of the time.
    """
    _make_room(engine, made)
    files = sorted((folder / "messages").iterdir())
    with watch, writing(engine) as connection:
        columns = [column.name for column in declaration_line.columns]
        bulk_insert(connection, declaration_line, columns, _lines(files, made))
        _store(connection, transfer, made.transfers)
        _store(connection, balance, made.balances)


def _make_room(engine: Engine, made: Made) -> None:
    """The lead contractor that the rows belong to."""
    number = made.lead_contractor_id
    with writing(engine) as connection:
        connection.execute(lead_contractor.insert(), {"id": number, "agb": f"{number:08d}", "name": "", "kvk": ""})


def _store(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    names = _plain_columns(table)
    if "booked_at" in table.c:
        bulk_insert(connection, table, [*names, "booked_at"], ((*row, AT) for row in rows))
    else:
        bulk_insert(connection, table, names, map(tuple, rows))


def _lines(files: Sequence[Path], made: Made) -> Iterator[Row]:
    """Every line of every message that the load stored; the other messages are read as well, for they came."""
    number = 0
    for message, path in enumerate(files, start=1):
        rows = list(_xml_lines(path) if path.suffix == ".xml" else _csv_lines(path))
        if path.name not in made.kept:
            continue
        for position, line in enumerate(rows, start=1):
            number += 1
            yield _row(made, number, message, position, line)


def _row(made: Made, number: int, message: int, position: int, line: Row) -> Row:
    """The columns of ``declaration_line``; what the checks would find is filled with something of the same width."""
    (
        sender,
        reference,
        previous,
        bsn,
        allocation,
        category,
        product,
        begin,
        end,
        volume,
        unit,
        tariff,
        amount,
        credit,
    ) = line
    return (
        made.lead_contractor_id,
        number,
        made.contract_id,
        message,
        position,
        sender,
        reference,
        previous,
        int(bsn),
        allocation,
        number,
        sender,
        True,
        category,
        product,
        date.fromisoformat(begin).toordinal(),
        date.fromisoformat(end).toordinal(),
        begin[:7],
        int(volume),
        unit,
        tariff,
        amount,
        credit,
        None,
        True,
        True,
        0,
    )


def _xml_lines(path: Path) -> Iterator[Row]:
    """The lines of a WMO323; another message, or one that breaks off, has none."""
    try:
        root = etree.parse(path).getroot()
    except etree.XMLSyntaxError:
        return
    if root.tag != f"{_MESSAGE}Bericht":
        return
    sender = root.findtext(f"{_MESSAGE}Header/{_MESSAGE}Afzender")
    for client in root.iter(f"{_MESSAGE}Client"):
        bsn = client.findtext(f"{_MESSAGE}Bsn")
        for line in client.iter(f"{_MESSAGE}Prestatie"):
            found = {part.tag: part.text for part in line.iter()}
            tariff = found.get(f"{_MESSAGE}ProductTarief")
            yield (
                sender,
                found[f"{_BASE}ReferentieNummer"],
                found.get(f"{_BASE}VorigReferentieNummer", ""),
                bsn,
                found[f"{_MESSAGE}ToewijzingNummer"],
                found[f"{_MESSAGE}ProductCategorie"],
                found[f"{_MESSAGE}ProductCode"],
                found[f"{_BASE}Begindatum"],
                found[f"{_BASE}Einddatum"],
                found[f"{_MESSAGE}GeleverdVolume"],
                found[f"{_MESSAGE}Eenheid"],
                None if tariff is None else int(tariff),
                int(found[f"{_BASE}Bedrag"] or 0),
                found[f"{_BASE}DebetCredit"] == "C",
            )


def _csv_lines(path: Path) -> Iterator[Row]:
    """The lines of a CSV declaration; a row that breaks off ends it."""
    with path.open(encoding="utf-8", newline="") as file:
        separator = ";" if ";" in file.readline() else ","
        for row in csv.reader(file, delimiter=separator):
            if len(row) < 17:
                return
            sender, reference, previous, bsn, allocation, category, product, begin, end = row[3:12]
            volume, unit, tariff, amount, side = row[12:17]
            cents = _cents(tariff) if tariff else None
            yield (
                sender,
                reference,
                previous,
                bsn,
                allocation,
                category,
                product,
                begin,
                end,
                volume,
                unit,
                cents,
                _cents(amount),
                side == "C",
            )


def _cents(euros: str) -> int:
    """Cents of an amount that is written with two decimals."""
    return int(euros.replace(",", "").replace(".", ""))


def read_sums(engine: Engine, lead: int, contract_id: int) -> None:
    """Read what a settlement is made of once, as plain sums over the books."""
    where = {"lead": lead, "contract": contract_id}
    with reading(engine) as connection:
        connection.execute(text(_BALANCES), where).all()
        connection.execute(text(_TRANSFERS), where).all()


_BALANCES = """
SELECT account, agreement, SUM(debit_cents), SUM(credit_cents) FROM balance
WHERE lead_contractor_id = :lead AND contract_id = :contract GROUP BY account, agreement
"""
_TRANSFERS = """
SELECT debit_account, credit_account, SUM(cents) FROM transfer
WHERE lead_contractor_id = :lead AND contract_id = :contract GROUP BY debit_account, credit_account
"""
