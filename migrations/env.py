"""How Alembic runs here: on the connection that lead_contractor.kernel.schema hands over, never by itself."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import _repr_type
from sqlalchemy import Connection, DefaultClause
from sqlalchemy.sql.elements import False_, True_
from sqlalchemy.types import TypeDecorator

from migrations.every_table import load_tables


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Write our own column types as the plain types below them, and truth as truth instead of SQLite's 1 and 0.

    A migration must not change with the code, and is written on one database to run on two.
    """
    if kind == "type" and isinstance(item, TypeDecorator):
        return _repr_type(item.impl_instance, autogen_context)
    if kind == "server_default" and isinstance(item, DefaultClause) and isinstance(item.arg, True_ | False_):
        return "sa.true()" if isinstance(item.arg, True_) else "sa.false()"
    return False


def run() -> None:
    """Run the migrations that were asked for."""
    connection = context.config.attributes.get("connection")
    if not isinstance(connection, Connection):
        raise TypeError("migrations run by lead_contractor.kernel.schema, which gives the connection")
    context.configure(
        connection=connection,
        target_metadata=load_tables(),
        transaction_per_migration=True,
        transactional_ddl=True,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
