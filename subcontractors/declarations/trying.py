"""The transaction of a pre-check (voorcontrole): the very code of the intake runs in it, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg.pq import ExecStatus
from sqlalchemy import Connection, Engine, RootTransaction

from lead_contractor.books import store as books
from lead_contractor.kernel import standing
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations import engine as checks
from subcontractors.declarations.stage import STAGE

_BEGIN = """SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL synchronous_commit = off;
SAVEPOINT before_trial"""
"""Nothing is kept, so nobody has to wait until it is on disk."""
_BACK = b"ROLLBACK TO SAVEPOINT before_trial"


@contextmanager
def trying(engine: Engine) -> Iterator[Connection]:
    """A writing transaction that is always rolled back; the tables of the check engine stand ready in it, empty."""
    with engine.connect() as connection:
        if standing.due(connection):
            _make_ready(connection)
        with connection.begin() as transaction:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(_BEGIN)
            yield connection
            _undo(connection, transaction)


def _undo(connection: Connection, transaction: RootTransaction) -> None:
    """Roll all back. On PostgreSQL to a savepoint, past psycopg, which forgets its prepared statements after that.

    They name nothing that was made in the transaction, so they hold; planning them anew takes longer than the check.
    """
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql" and driver.pgconn.exec_(_BACK).status == ExecStatus.COMMAND_OK:
        transaction.commit()
    else:
        transaction.rollback()


def _make_ready(connection: Connection) -> None:
    """Make the temporary tables in a transaction of their own, so that they outlive the one that is rolled back."""
    standing.forget(connection)
    with connection.begin():
        nobody = Scope(connection, 0)
        checks.open_stage(nobody)
        books.open_stage(nobody)
    standing.remember(connection, (*STAGE, books.stage.name))
