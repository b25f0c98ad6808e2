"""The database: one description of tables, two engines (SQLite and PostgreSQL), whole transactions.

A use case takes one connection from :func:`writing` or :func:`reading` and is done when the block ends: committed
when it ends well, rolled back when it raises. Nothing is opened at import; the caller makes the engine.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, MetaData, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from lead_contractor.kernel.bulk import bulk_insert
from lead_contractor.kernel.columns import Exact, Id, Moment, total_cents
from lead_contractor.kernel.naming import naming_convention
from lead_contractor.kernel.refusals import Refusal

__all__ = [
    "METADATA",
    "Exact",
    "Id",
    "Moment",
    "bulk_insert",
    "default_url",
    "make_engine",
    "reading",
    "throwaway_engine",
    "total_cents",
    "writing",
]

#: Every table of the product hangs on this one; constraints are named by rule, so that a migration can name them too.
METADATA = MetaData(naming_convention=naming_convention())

URL_VARIABLE = "HOOFDSOM_DATABASE_URL"
_READS_ONLY = "hoofdsom_reads_only"
_BUSY_MILLISECONDS = 30_000
_CACHE_KILOBYTES = 64 * 1024
"""At most, as far as it is used: an index that grows at random places is slow when it does not fit."""


def default_url() -> str:
    """The address of the database: ``HOOFDSOM_DATABASE_URL``, else ``var/hoofdsom.db`` under the current folder.

    The folder ``var`` is made when it is missing.
    """
    given = os.environ.get(URL_VARIABLE, "").strip()
    if given:
        return given
    folder = Path("var").absolute()
    folder.mkdir(exist_ok=True)
    return str(URL.create("sqlite", database=str(folder / "hoofdsom.db")))


def make_engine(url: str, *, durable: bool = True) -> Engine:
    """An engine on SQLite or PostgreSQL with the settings Hoofdsom counts on.

    Args:
        url: ``sqlite:///file`` or ``postgresql://…`` (``postgres://`` is taken for the same).
        durable: ``False`` gives up safety against power loss, for databases that are thrown away.

    Raises:
        Refusal: another kind of database.
    """
    address = make_url(url)
    kind = address.get_backend_name()
    if kind == "sqlite":
        return _sqlite_engine(address, durable=durable)
    if kind in {"postgresql", "postgres"}:
        return _postgresql_engine(address)
    raise Refusal(f"Hoofdsom werkt op SQLite en PostgreSQL, niet op {kind!r}. Kies een ander databaseadres.")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write: committed at the end of the block, rolled back when it raises.

    On SQLite it is the only writer from its first statement on (``BEGIN IMMEDIATE``), so that reading first and
    writing later cannot fail halfway.
    """
    with engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that sees one moment of the database and is refused any write, on both databases."""
    options: dict[str, Any] = {_READS_ONLY: True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def throwaway_engine() -> Iterator[Engine]:
    """An engine on an empty SQLite database in a temporary folder, both gone at the end of the block."""
    with tempfile.TemporaryDirectory(prefix="hoofdsom-") as folder:
        address = URL.create("sqlite", database=str(Path(folder) / "hoofdsom.db"))
        engine = _sqlite_engine(address, durable=False)
        try:
            yield engine
        finally:
            engine.dispose()


def _postgresql_engine(address: URL) -> Engine:
    """PostgreSQL by psycopg; moments come back in UTC, and a connection that died in the pool is replaced."""
    connect_args = {} if "options" in address.query else {"options": "-c timezone=UTC"}
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=connect_args,
    )


def _sqlite_engine(address: URL, *, durable: bool) -> Engine:
    """SQLite with foreign keys, a write-ahead log and transactions that begin when SQLAlchemy says so."""
    engine = create_engine(address, hide_parameters=True)  # values do not belong in an error or a log
    settings = (
        "PRAGMA foreign_keys = ON",
        f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL" if durable else "PRAGMA synchronous = OFF",
        f"PRAGMA cache_size = -{_CACHE_KILOBYTES}",
        f"PRAGMA temp.cache_size = -{_CACHE_KILOBYTES}",
    )

    def on_connect(dbapi_connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        dbapi_connection.isolation_level = None  # the driver starts no transaction of its own
        cursor = dbapi_connection.cursor()
        for setting in settings:
            cursor.execute(setting)
        cursor.close()

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", _begin_on_sqlite)
    return engine


def _begin_on_sqlite(connection: Connection) -> None:
    """Begin as the writer unless the connection only reads; then SQLite itself refuses writes."""
    reads_only = bool(connection.get_execution_options().get(_READS_ONLY, False))
    connection.exec_driver_sql(f"PRAGMA query_only = {int(reads_only)}")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
