"""The waiting tables: lines on their way to their verdict, as narrow as they can be.

What many lines share stands once: what was sent in which month at which tariff (a *kind*), and the allocation that a
line names (a *slot*). A waiting line is then a few whole numbers and its references, and everything that rules need of
kind and slot is looked up once, not for every line. The tables are temporary and belong to one connection.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lead_contractor.clients.store import ClientIndex
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.standing import stands
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations.incoming import TextLine
from subcontractors.declarations.model import Declaration

ENOUGH = 20_000
"""So many lines are sent to the database together."""

TABLES = {
    "stage_line": """message INTEGER, number INTEGER, position INTEGER, kind INTEGER, slot INTEGER, client_id BIGINT,
        reference VARCHAR(20), previous_reference VARCHAR(20), volume BIGINT, amount_cents BIGINT, credit INTEGER""",
    "stage_message": """message INTEGER PRIMARY KEY, message_id BIGINT, turn INTEGER, assessed INTEGER,
        sender VARCHAR(8), source VARCHAR(120), recorded_month VARCHAR(7)""",
    "stage_kind": """kind INTEGER PRIMARY KEY, sender VARCHAR(8), declared_until INTEGER, received INTEGER,
        category VARCHAR(2), product_code VARCHAR(5), period_from INTEGER,
        period_to INTEGER, period INTEGER, month_first INTEGER, month_last INTEGER, service_month VARCHAR(7),
        unit VARCHAR(2), tariff_cents BIGINT""",
    "stage_slot": "slot INTEGER PRIMARY KEY, sender VARCHAR(8), allocation_number VARCHAR(20)",
}
_TO_ESCAPE = re.compile(r"[\\\t\n\r]")
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

Row = tuple[Any, ...]
_Head = tuple[str, int, int]


def create(scope: Scope, tables: dict[str, str], indexes: Sequence[str] = ()) -> None:
    """Make temporary tables, empty, with their indexes; those that stand with the connection are emptied."""
    if all(stands(scope.connection, name) for name in tables):
        run(scope, [f"DELETE FROM {name}" for name in tables])
        return
    gone = [f"DROP TABLE IF EXISTS {name}" for name in tables]
    made = [f"CREATE TEMPORARY TABLE {name} ({columns})" for name, columns in tables.items()]
    run(scope, [*gone, *made, *indexes])


def drop(scope: Scope, tables: Collection[str]) -> None:
    """Remove temporary tables, as far as they are there; those that stand with the connection are emptied."""
    if all(stands(scope.connection, name) for name in tables):
        run(scope, [f"DELETE FROM {name}" for name in tables])
        return
    run(scope, [f"DROP TABLE IF EXISTS {name}" for name in tables])


def run(scope: Scope, statements: Sequence[str]) -> None:
    """Run statements without parameters, in one go where the driver can."""
    if scope.postgresql:
        scope.temporary("; ".join(statements))
    else:
        driver: Any = scope.connection.connection.driver_connection
        for statement in statements:
            driver.execute(statement)


def insert(scope: Scope, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Put rows with a value for every column in a temporary table, by the quickest road of the driver.

    Texts must be free of tabs, line ends and backslashes; see :func:`escaped`.
    """
    if not rows:
        return
    driver: Any = scope.connection.connection.driver_connection
    if scope.postgresql:
        form = "\t".join(["%s"] * len(rows[0])) + "\n"
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            copy.write("".join([form % tuple(row) for row in rows]))
    else:
        driver.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far something came: the number of the last line, kind and slot."""

    lines: int = 0
    kinds: int = 0
    slots: int = 0


NOTHING = Mark()


class Waiting:
    """Takes the lines of messages and puts them in the waiting tables.

    Messages and lines have numbers of their own here, from 1 up in the order in which they were read: which ids they
    get is only known later, when no other upload can come in between. Inside a message credits go before debits.
    """

    def __init__(self, scope: Scope, clients: ClientIndex) -> None:
        self._scope = scope
        self._clients = clients
        self._rows: list[list[Any]] = []
        self._kinds: dict[_Head, dict[Row, int]] = {}
        self._kind_rows: list[Row] = []
        self._periods: dict[Row, int] = {}
        self._slots: dict[str, dict[str, int]] = {}
        self._slot_rows: list[Row] = []
        self._lines = self._kind_count = self._slot_count = 0

    @property
    def full(self) -> bool:
        """Whether so many lines are at hand that it is time to send them (:meth:`flush`)."""
        return len(self._rows) >= ENOUGH

    def add(self, message: int, declared: Declaration, received: date, lines: Sequence[TextLine]) -> None:
        """Take the lines of a message; ``received`` is the day that counts."""
        head = (declared.sender, declared.period_to.toordinal(), received.toordinal())
        kinds = self._kinds.setdefault(head, {})
        slots = self._slots.setdefault(declared.sender, {})
        rows = self._rows
        start, before = len(rows), self._lines
        for position, line in enumerate(lines, start=1):
            bsn, reference, previous, allocation, category, product, first, last, volume, unit, tariff, amount, side = (
                line
            )
            key = (category, product, first, last, unit, tariff)
            kind = kinds.get(key)
            if kind is None:
                kind = kinds[key] = self._new_kind(head, key)
            slot = slots.get(allocation)
            if slot is None:
                slot = slots[allocation] = self._new_slot(declared.sender, allocation)
            credit = 1 if side == "C" else 0
            number = before + position
            rows.append([message, number, position, kind, slot, bsn, reference, previous, volume, amount, credit])
        self._lines += len(lines)
        self._finish(start, before)

    def _finish(self, start: int, before: int) -> None:
        """Put credits before debits, and make the rows fit for the driver."""
        rows, scope = self._rows, self._scope
        own = rows[start:]
        if any(row[10] for row in own):
            own.sort(key=lambda row: (not row[10], row[2]))
            for number, row in enumerate(own, start=before + 1):
                row[1] = number
            rows[start:] = own
        if scope.postgresql and _TO_ESCAPE.search(" ".join([f"{row[6]} {row[7]}" for row in own])):
            for row in own:
                row[6], row[7] = escaped(scope, row[6]), escaped(scope, row[7])

    def _new_slot(self, sender: str, allocation: str) -> int:
        self._slot_count += 1
        self._slot_rows.append((self._slot_count, sender, allocation))
        return self._slot_count

    def _new_kind(self, head: _Head, key: tuple[str, ...]) -> int:
        sender, declared_until, received = head
        category, product, first, last, unit, tariff = key
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
        month = Month.of(begin)
        period = self._periods.setdefault((category, product, first, last), len(self._periods))
        self._kind_count += 1
        self._kind_rows.append(
            (
                self._kind_count,
                sender,
                declared_until,
                received,
                category,
                escaped(self._scope, product),
                begin.toordinal(),
                end.toordinal(),
                period,
                month.first.toordinal(),
                month.last.toordinal(),
                str(month),
                unit,
                (tariff or "\\N") if self._scope.postgresql else (tariff or None),
            )
        )
        return self._kind_count

    def flush(self) -> Mark:
        """Send what is at hand to the database, with the kinds and slots that are new; returns how far that is."""
        client_of = self._clients.ids_of(dict.fromkeys(row[5] for row in self._rows))
        for row in self._rows:
            row[5] = client_of[row[5]]
        for table, rows in (
            ("stage_line", self._rows),
            ("stage_kind", self._kind_rows),
            ("stage_slot", self._slot_rows),
        ):
            insert(self._scope, table, rows)
            rows.clear()
        return Mark(self._lines, self._kind_count, self._slot_count)


def escaped(scope: Scope, text: str) -> str:
    """A text as :func:`insert` takes it."""
    return text.translate(_ESCAPED) if scope.postgresql and not text.isalnum() else text
