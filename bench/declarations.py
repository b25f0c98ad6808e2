"""A million declared lines of one lead contractor, through every rule, against the raw floor of the same run.

The floor reads the same messages as a stream with libxml2 and stores the same lines, messages with their verdict,
transfers and balances by the driver's own bulk path, with nothing checked. Both begin with a database that holds the
contract and its allocations, in one transaction with the settings of production.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree
from sqlalchemy import Connection, Date, Engine, Table, text

from bench import invented
from bench.watch import Stopwatch
from lead_contractor.books.tables import balance, transfer
from lead_contractor.kernel.bulk import bulk_insert
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.declarations.tables import declaration_line, message

_MESSAGE = "{http://www.istandaarden.nl/iwmo/3_2/wmo323/schema}"
_BASE = "{http://www.istandaarden.nl/iwmo/3_2/basisschema/schema}"
_KEPT = (transfer, balance, message)
_LEAD = {"lead": invented.LEAD}

Row = tuple[Any, ...]


def take_in_all(engine: Engine, key: bytes, folder: Path, watch: Stopwatch) -> None:
    """Take in every message of the folder, as the product does."""
    from subcontractors.declarations.intake import Intake, take_in

    intake = Intake(invented.CONTRACT, invented.YEAR, invented.MUNICIPALITY, invented.CUT_OFF, invented.CORRECTIONS)
    files = [(path.name, path) for path in sorted(folder.iterdir())]
    with watch, writing(engine) as connection:
        scope = Scope(connection, invented.LEAD)
        take_in(scope, Vault(key, invented.LEAD), intake, files, invented.AT)


def write_down(engine: Engine, notes: Path) -> None:
    """Write down the messages, transfers and balances that an intake left, for the floor to store the same."""
    with reading(engine) as connection:
        for table in _KEPT:
            names = [column.name for column in table.columns if column.name != "booked_at"]
            found = connection.execute(
                text(f"SELECT {', '.join(names)} FROM {table.name} WHERE lead_contractor_id = :lead"), _LEAD
            )
            rows = [[value.isoformat() if isinstance(value, date) else value for value in row] for row in found]
            (notes / f"{table.name}.json").write_text(json.dumps([names, rows]), encoding="utf-8")


def store_all(engine: Engine, folder: Path, notes: Path, watch: Stopwatch) -> None:
    """The floor: read every message and store the rows, unchecked. What was written down is ready beforehand."""
    ready = [(table, *_noted(table, notes)) for table in _KEPT]
    columns = [column.name for column in declaration_line.columns]
    with watch, writing(engine) as connection:
        bulk_insert(connection, declaration_line, columns, _lines(folder))
        for table, names, rows in ready:
            _store(connection, table, names, rows)


def _noted(table: Table, notes: Path) -> tuple[list[str], list[Row]]:
    names, rows = json.loads((notes / f"{table.name}.json").read_text(encoding="utf-8"))
    readers = [_reader(table, name) for name in names]
    made = [tuple(read(value) for read, value in zip(readers, row, strict=True)) for row in rows]
    if "booked_at" not in table.c:
        return names, made
    return [*names, "booked_at"], [(*row, invented.AT) for row in made]


def _reader(table: Table, name: str) -> Callable[[Any], Any]:
    """How a value was written down, the other way round."""
    kind = table.c[name].type
    read = json.loads if isinstance(kind, JsonText) else date.fromisoformat if isinstance(kind, Date) else None
    return (lambda value: value) if read is None else (lambda value: None if value is None else read(value))


def _store(connection: Connection, table: Table, names: list[str], rows: list[Row]) -> None:
    bulk_insert(connection, table, names, rows)


def _lines(folder: Path) -> Iterator[Row]:
    """Every line of every message; what the rules would find is filled with something of the same width."""
    number = 0
    for place, path in enumerate(sorted(folder.iterdir()), start=1):
        sender, bsn, position = "", 0, 0
        wanted = (f"{_MESSAGE}Afzender", f"{_MESSAGE}Bsn", f"{_MESSAGE}Prestatie")
        for _, element in etree.iterparse(path, tag=wanted):
            if element.tag == wanted[0]:
                sender = element.text or ""
            elif element.tag == wanted[1]:
                bsn = int(element.text or 0)
            else:
                number += 1
                position += 1
                yield _row(number, place, position, sender, bsn, {part.tag: part.text for part in element.iter()})
                element.clear()


def _row(number: int, place: int, position: int, sender: str, bsn: int, found: dict[str, str]) -> Row:
    begin, end = found[f"{_BASE}Begindatum"], found[f"{_BASE}Einddatum"]
    allocation, tariff = found[f"{_MESSAGE}ToewijzingNummer"], found.get(f"{_MESSAGE}ProductTarief")
    return (
        invented.LEAD,
        number,
        invented.CONTRACT,
        place,
        position,
        sender,
        found[f"{_BASE}ReferentieNummer"],
        found.get(f"{_BASE}VorigReferentieNummer", ""),
        bsn,
        allocation,
        int(allocation),
        sender,
        True,
        found[f"{_MESSAGE}ProductCategorie"],
        found[f"{_MESSAGE}ProductCode"],
        date.fromisoformat(begin).toordinal(),
        date.fromisoformat(end).toordinal(),
        begin[:7],
        int(found[f"{_MESSAGE}GeleverdVolume"]),
        found[f"{_MESSAGE}Eenheid"],
        None if tariff is None else int(tariff),
        int(found[f"{_BASE}Bedrag"]),
        found[f"{_BASE}DebetCredit"] == "C",
        None,
        True,
        True,
        0,
    )


def pre_checks(engine: Engine, key: bytes, lines: int, times: int) -> list[float]:
    """Seconds that a single-line pre-check takes, one after the other, through the service of the portal.

    Each is of another client, with the lines of eleven months behind it, and is sound. The file is kept as a draft
    first, as an upload is; that stays out of the time.
    """
    from subcontractors.portal.model import Provider
    from subcontractors.portal.service import keep_draft, pre_check

    found = [care for care in invented.cares(lines) if care.spared]
    took: list[float] = []
    month = Month(invented.YEAR, 12)
    for number in range(times):
        care = found[(number * 7919) % len(found)]
        who = Provider(invented.LEAD, care.sender)
        line = invented.right_line(care, month, f"P{number}-{care.number}")
        content = invented.message(care.sender, month, f"P{number}", [line])
        token = keep_draft(engine, key, who, invented.CONTRACT, "een-regel.xml", content, invented.AT)
        if token is None:
            raise SystemExit("The portal does not know the contract.")
        began = time.perf_counter()
        made = pre_check(engine, key, who, token, invented.AT)
        took.append(time.perf_counter() - began)
        if made is None or len(made.messages) != 1 or len(made.messages[0].lines) != 1:
            raise SystemExit("A pre-check of one line did not give one answer.")
    return took
