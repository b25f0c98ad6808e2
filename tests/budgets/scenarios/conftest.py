"""The small example year in a database, on SQLite and on PostgreSQL."""

from __future__ import annotations

from tests.klein_fixtures import klein_engine, klein_postgresql_template, klein_sqlite_template

__all__ = ["klein_engine", "klein_postgresql_template", "klein_sqlite_template"]
