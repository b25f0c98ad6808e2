"""What many tests begin with is built once for each kind of database, and copied into the database of each test."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Engine, create_engine

T = TypeVar("T")

MAINTENANCE = "postgres"
"""The database of a server from which the others are made; it cannot be replaced itself."""

_KEPT: dict[tuple[str, str], tuple[str, object]] = {}
_FILES = tempfile.TemporaryDirectory(prefix="hoofdsom-prepared-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
_numbers = itertools.count(1)


def prepared(engine: Engine, name: str, build: Callable[[], T]) -> T:
    """Fill an empty database with what ``build`` leaves in it; built the first time, copied after that.

    Args:
        engine: a migrated database; nobody else may be connected with it. One that holds anything is built upon.
        name: what is built; the same name gives the same content.
        build: fills the database of ``engine``; what it gives back must be plain values that tests do not change.
    """
    if engine.url.database == MAINTENANCE or not _is_empty(engine):
        return build()
    kind = engine.dialect.name
    if (kind, name) not in _KEPT:
        value = build()
        engine.dispose()
        _KEPT[kind, name] = (_keep(engine), value)
        return value
    kept, found = _KEPT[kind, name]
    engine.dispose()
    _restore(engine, kept)
    return found  # type: ignore[return-value]


def _is_empty(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.exec_driver_sql("SELECT COUNT(*) FROM lead_contractor").scalar_one() == 0)


def _keep(engine: Engine) -> str:
    if engine.dialect.name == "sqlite":
        kept = Path(_FILES.name) / f"{next(_numbers)}.db"
        shutil.copyfile(_file(engine), kept)  # the last connection took the write-ahead log back into the file
        return str(kept)
    kept_name = f"hoofdsom_prepared_{next(_numbers)}"
    _execute(engine.url, f"CREATE DATABASE {kept_name} TEMPLATE {engine.url.database}")
    return kept_name


def _restore(engine: Engine, kept: str) -> None:
    if engine.dialect.name == "sqlite":
        for left in ("-wal", "-shm"):
            Path(_file(engine) + left).unlink(missing_ok=True)
        shutil.copyfile(kept, _file(engine))
        return
    name = engine.url.database
    _execute(engine.url, f"DROP DATABASE {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {kept}")


def _file(engine: Engine) -> str:
    assert engine.url.database
    return engine.url.database


def _execute(url: URL, *statements: str) -> None:
    """Carry out statements that no transaction may hold, on the same server."""
    server = create_engine(url.set(database=MAINTENANCE), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    server.dispose()
