"""Many rows at once by the driver's own road: ``executemany`` on SQLite, ``COPY`` on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError

Row = tuple[Any, ...]
_Processor = Callable[[Any], Any]


def bulk_insert(connection: Connection, table: Table, column_names: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert rows as a stream, within the running transaction, and say how many went in.

    Args:
        connection: in a transaction (from ``writing``).
        table: where the rows go.
        column_names: the columns, in the order of the values of each row.
        rows: plain values as Core would take them; they are read once and never held all together.

    Raises:
        sqlalchemy.exc.DBAPIError: as Core raises it, IntegrityError for a constraint; none of the rows is in then,
            provided that the caller lets the transaction end.
        RuntimeError: no transaction is running.
        KeyError: a column that the table does not have.
    """
    if not connection.in_transaction():
        raise RuntimeError("bulk_insert works inside a transaction")
    dialect = connection.dialect
    values = _counted(_bound(rows, _processors(table, column_names, dialect)))
    quote = dialect.identifier_preparer
    columns = ", ".join(quote.quote(table.c[name].name) for name in column_names)
    target = f"{quote.format_table(table)} ({columns})"
    driver = connection.connection.driver_connection
    try:
        if dialect.name == "postgresql":
            _copy(driver, f"COPY {target} FROM STDIN", values)
        else:
            marks = ", ".join("?" * len(column_names))
            _executemany(driver, f"INSERT INTO {target} VALUES ({marks})", values)
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(target, None, error, dialect.loaded_dbapi.Error, dialect=dialect) from error
    return values.count


class _counted(Iterator[Row]):  # noqa: N801 - used as a function over an iterable
    """The rows themselves, counted while they pass."""

    __slots__ = ("_rows", "count")

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = iter(rows)
        self.count = 0

    def __next__(self) -> Row:
        row = next(self._rows)
        self.count += 1
        return row


def _processors(table: Table, column_names: Sequence[str], dialect: Dialect) -> list[tuple[int, _Processor]]:
    """Per place in a row what SQLAlchemy would do to the value before it goes to the driver."""
    found: list[tuple[int, _Processor]] = []
    for place, name in enumerate(column_names):
        kind = table.c[name].type
        processor = kind.dialect_impl(dialect).bind_processor(dialect)
        if processor is not None:
            found.append((place, processor))
    return found


def _bound(rows: Iterable[Row], processors: Sequence[tuple[int, _Processor]]) -> Iterable[Row]:
    """The rows as the driver takes them."""
    return _processed(rows, processors) if processors else rows


def _processed(rows: Iterable[Row], processors: Sequence[tuple[int, _Processor]]) -> Iterator[Row]:
    for row in rows:
        values = list(row)
        for place, processor in processors:
            values[place] = processor(values[place])
        yield tuple(values)


def _copy(driver: Any, statement: str, rows: Iterable[Row]) -> None:
    """PostgreSQL: one COPY, row after row."""
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _executemany(driver: Any, statement: str, rows: Iterable[Row]) -> None:
    """SQLite: one prepared statement, executed for each row."""
    cursor = driver.cursor()
    try:
        cursor.executemany(statement, rows)
    finally:
        cursor.close()
