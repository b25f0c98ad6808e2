"""One lead contractor is one tenant: every query passes here and is scoped here.

A :class:`Scope` is a connection inside one transaction together with the one lead contractor that it may see.
Stores never call ``select`` on their own; ``tests/architecture`` holds them to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import lru_cache
from operator import eq
from typing import Any

from sqlalchemy import (
    Alias,
    BinaryExpression,
    BindParameter,
    Column,
    Connection,
    CursorResult,
    ForeignKey,
    FromClause,
    Integer,
    Join,
    Select,
    Table,
    bindparam,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from lead_contractor.kernel.ahead import Ahead
from lead_contractor.kernel.database import METADATA, Id, Moment, bulk_insert
from lead_contractor.kernel.json_text import JsonText

TENANT = "lead_contractor_id"


def tenant_columns() -> list[Column[Any]]:
    """The first column of every tenant table; it leads the primary key."""
    return [Column(TENANT, Id, ForeignKey("lead_contractor.id"), primary_key=True, autoincrement=False)]


def numbered_table(name: str, *columns: Column[Any]) -> Table:
    """A small table of numbered rows under a contract, with its own ``x_`` columns in ``extra``."""
    return Table(
        name,
        METADATA,
        *tenant_columns(),
        Column("contract_id", Id, primary_key=True, autoincrement=False),
        Column("row_number", Integer, primary_key=True, autoincrement=False),
        *columns,
        Column("extra", JsonText),
    )


_text = lru_cache(maxsize=512)(text)
_MOST_KNOWN = 1024
_sources: dict[Any, tuple[Table, ...]] = {}
"""The tables that a statement reads, by what SQLAlchemy knows a compiled statement by; to ask it means to compile."""


def _parts(source: FromClause) -> Iterator[FromClause]:
    """The tables, aliases and subqueries that a source joins."""
    if isinstance(source, Join):
        yield from _parts(source.left)
        yield from _parts(source.right)
    else:
        yield source


def _sources_of(statement: Select[Any]) -> Sequence[FromClause]:
    """What a statement reads. It is remembered where that is tables only, which are the same for every statement."""
    key = statement._generate_cache_key()  # noqa: SLF001 - no public name for it
    found = None if key is None else _sources.get(key.key)
    if found is not None:
        return found
    every = statement.get_final_froms()
    parts = [one for whole in every for one in _parts(whole)]
    tables = tuple(one for one in parts if isinstance(one, Table))
    if key is not None and len(tables) == len(parts):
        if len(_sources) >= _MOST_KNOWN:
            _sources.clear()
        _sources[key.key] = tables
    return every


class Scope:
    """A connection that sees one lead contractor."""

    def __init__(self, connection: Connection, lead_contractor_id: int) -> None:
        self._connection = connection
        self._ahead = Ahead(connection)
        self.lead_contractor_id = lead_contractor_id

    @property
    def connection(self) -> Connection:
        """The connection, ready for the next statement: what was sent ahead is done."""
        self._ahead.settle()
        return self._connection

    @property
    def postgresql(self) -> bool:
        """Whether the database is PostgreSQL."""
        return self._connection.dialect.name == "postgresql"

    def select(self, *columns: Any) -> Select[Any]:
        """A SELECT on these columns or tables, limited to this lead contractor."""
        statement = select(*columns)
        return self._limited(statement, statement.columns_clause_froms)

    def limit(self, statement: Select[Any]) -> Select[Any]:
        """Add this lead contractor's condition for every tenant table, or alias of one, that the statement reads.

        A subquery has to be made here too, and is limited by itself.
        """
        return self._limited(statement, _sources_of(statement))

    def _limited(self, statement: Select[Any], sources: Iterable[FromClause]) -> Select[Any]:
        for source in (one for whole in sources for one in _parts(whole)):
            if isinstance(source, Table | Alias) and TENANT in source.c and not self._stands_in(statement, source):
                statement = statement.where(source.c[TENANT] == self.lead_contractor_id)
        return statement

    def _stands_in(self, statement: Select[Any], source: Table | Alias) -> bool:
        """Whether the statement has this lead contractor's condition for a table already."""
        return any(
            isinstance(one, BinaryExpression)
            and one.left is source.c[TENANT]
            and one.operator is eq
            and isinstance(one.right, BindParameter)
            and one.right.value == self.lead_contractor_id
            for one in statement._where_criteria  # noqa: SLF001 - `whereclause` would build a new one
        )

    def rows(self, statement: Select[Any]) -> Sequence[Any]:
        """Run a SELECT made here and fetch all rows."""
        return self.connection.execute(self.limit(statement)).all()

    def one(self, statement: Select[Any]) -> Any:
        """Run a SELECT made here and fetch one row, or ``None``."""
        return self.connection.execute(self.limit(statement)).one_or_none()

    def sql(self, statement: str, **parameters: Any) -> CursorResult[Any]:
        """Run a statement in SQL text; ``:lead`` must stand in it and is this lead contractor.

        A parameter that is a moment is bound as the column type for moments does it.

        Raises:
            ValueError: the statement does not name ``:lead``.
        """
        if ":lead" not in statement:
            raise ValueError("a statement on tenant tables must be limited by :lead")
        moments = [bindparam(name, type_=Moment()) for name, value in parameters.items() if isinstance(value, datetime)]
        ready = _text(statement).bindparams(*moments) if moments else _text(statement)
        return self.connection.execute(ready, {**parameters, "lead": self.lead_contractor_id})

    def temporary(self, statement: str, **parameters: Any) -> CursorResult[Any]:
        """Run a statement in SQL text that touches nothing but temporary tables of this connection."""
        return self.connection.execute(_text(statement), parameters)

    def ahead(self, *statements: str, **numbers: int) -> None:
        """Like :meth:`sql`, for whole numbers and without rows, but PostgreSQL works on it while we go on.

        To be used inside :meth:`going_on`.

        Raises:
            ValueError: a statement does not name ``:lead``.
        """
        if not all(":lead" in one for one in statements):
            raise ValueError("a statement on tenant tables must be limited by :lead")
        self._ahead.send(statements, {**numbers, "lead": self.lead_contractor_id})

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """A block that sends statements ahead: at its end they are done, also when it raises."""
        try:
            yield
        except BaseException:
            with suppress(DBAPIError):
                self._ahead.settle()
            raise
        self._ahead.settle()

    def insert(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
        """Insert rows as of this lead contractor; returns how many."""
        batch = [{TENANT: self.lead_contractor_id, **row} for row in rows]
        if batch:
            self.connection.execute(table.insert(), batch)
        return len(batch)

    def bulk_insert(self, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert many rows by the driver's own bulk path, as of this lead contractor."""
        lead = self.lead_contractor_id
        bulk_insert(self.connection, table, [TENANT, *names], ((lead, *row) for row in rows))

    def delete(self, table: Table, **equal: Any) -> None:
        """Delete this lead contractor's rows in which the named columns have these values."""
        statement = table.delete().where(table.c[TENANT] == self.lead_contractor_id)
        for name, value in equal.items():
            statement = statement.where(table.c[name] == value)
        self.connection.execute(statement)

    def update(self, table: Table, where: Mapping[str, Any], **values: Any) -> None:
        """Change values in this lead contractor's rows in which the named columns have these values."""
        statement = table.update().where(table.c[TENANT] == self.lead_contractor_id)
        for name, value in where.items():
            statement = statement.where(table.c[name] == value)
        self.connection.execute(statement.values(**values))

    def last_id(self, table: Table) -> int:
        """The highest id in use; ids count per lead contractor, so that they tell others nothing."""
        statement = f"SELECT COALESCE(MAX(id), 0) FROM {table.name} WHERE {TENANT} = :lead"
        return int(self.sql(statement).scalar_one())

    def lock(self) -> None:
        """Let one writer at a time work for this lead contractor (PostgreSQL; SQLite has one writer anyway)."""
        if self.postgresql:
            self.connection.execute(
                text("SELECT id FROM lead_contractor WHERE id = :lead FOR UPDATE"), {"lead": self.lead_contractor_id}
            )
