"""Whether an error says that the database cannot be reached or is busy, rather than that a statement is wrong.

What failed so has stored nothing: its transaction is gone. The same thing may simply be asked again.
"""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

ERRORS: tuple[type[Exception], ...] = (DBAPIError, PoolTimeout, psycopg.OperationalError, sqlite3.OperationalError)
"""The kinds of error among which :func:`is_outage` tells them apart."""

_SQLITE_ELSEWHERE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
"""Primary result codes for which the statement is not to blame."""


def is_outage(error: BaseException) -> bool:
    """Whether the database was away, going down, full, or busy for longer than we wait."""
    if isinstance(error, PoolTimeout):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or (error.orig is not None and is_outage(error.orig))
    if isinstance(error, sqlite3.OperationalError):
        return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _SQLITE_ELSEWHERE
    return isinstance(error, psycopg.OperationalError)
