"""Names of constraints and indexes, the same on SQLite and PostgreSQL, so that a migration can name them too."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Constraint, ForeignKeyConstraint, Index, Table
from sqlalchemy.sql.schema import ColumnCollectionConstraint

# PostgreSQL cuts names at 63 bytes; the prefix ("uq_") takes three of them.
_LONGEST_NAME = 60
_HASH_LENGTH = 8


def naming_convention() -> dict[str, Any]:
    """How SQLAlchemy names what has no name: by table and columns; a check is named by hand."""
    return {
        "table_and_columns": _table_and_columns,
        "ix": "ix_%(table_and_columns)s",
        "uq": "uq_%(table_and_columns)s",
        "fk": "fk_%(table_and_columns)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }


def _table_and_columns(constraint: Constraint | Index, table: Table) -> str:
    """Table and columns joined by underscores; a name that PostgreSQL would cut ends in a hash of the whole."""
    if isinstance(constraint, ForeignKeyConstraint):
        columns = list(constraint.column_keys)
    elif isinstance(constraint, Index | ColumnCollectionConstraint):
        columns = [column.name for column in constraint.columns]
    else:
        columns = []
    whole = "_".join((table.name, *columns))
    if len(whole) <= _LONGEST_NAME:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:_HASH_LENGTH]
    return f"{whole[: _LONGEST_NAME - _HASH_LENGTH - 1]}_{digest}"
