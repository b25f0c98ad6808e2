"""Statements that the database works on while we go on.

PostgreSQL is a process of its own: on another processor it stores what was read while the next is being read. What was
sent ahead is waited for by whoever needs the connection next (:attr:`.tenancy.Scope.connection`), so that nobody sees a
difference but on the clock. SQLite works inside our own process and does it at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")


class Ahead:
    """What one connection is at work on."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sent = ""

    def send(self, statements: Sequence[str], numbers: Mapping[str, int]) -> None:
        """Let the database begin with statements that have whole numbers for parameters and give no rows."""
        self.settle()
        ready = [_written(one, numbers) for one in statements]
        if self._connection.dialect.name == "postgresql":
            if self._driver().pgconn.transaction_status == TransactionStatus.IDLE:
                self._connection.exec_driver_sql("SELECT 1")  # psycopg begins the transaction with its first statement
            self._sent = "; ".join(ready)
            self._driver().pgconn.send_query(self._sent.encode())
        else:
            for one in ready:
                self._connection.exec_driver_sql(one)

    def settle(self) -> None:
        """Wait until what was sent is done.

        Raises:
            sqlalchemy.exc.DBAPIError: it went wrong; the transaction can only be rolled back.
        """
        if not self._sent:
            return
        sent, failed = self._sent, None
        while (result := self._driver().pgconn.get_result()) is not None:
            if result.status == ExecStatus.FATAL_ERROR:
                failed = result
        self._sent = ""
        if failed is not None:
            dialect = self._connection.dialect
            error = error_from_result(failed, encoding="utf-8")
            raise DBAPIError.instance(
                sent, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
            ) from error

    def _driver(self) -> Any:
        return self._connection.connection.driver_connection


def _written(statement: str, numbers: Mapping[str, int]) -> str:
    """A statement with the numbers in it: many statements go together only without parameters."""
    return _PARAMETER.sub(lambda found: str(int(numbers[found[1]])), statement)
