"""Column types that mean the same on SQLite and PostgreSQL.

Amounts are plain ``BigInteger`` columns in whole euro cents.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, DateTime, Dialect, Integer, Numeric, String, cast, func
from sqlalchemy.types import TypeDecorator

#: A key: BIGINT, but INTEGER on SQLite, which hands out numbers only in a column of that name.
Id = BigInteger().with_variant(Integer(), "sqlite")


class Moment(TypeDecorator[datetime]):
    """A point in time, kept and given back in UTC.

    Raises:
        ValueError: the moment has no time zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into UTC; SQLite keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Out in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """A rate, share or quantity without loss: NUMERIC on PostgreSQL, decimal text on SQLite (which has none).

    Do not add or compare these in a query: on SQLite they are text.
    """

    impl = Numeric().with_variant(String(), "sqlite")
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Decimal text for SQLite, the Decimal itself for PostgreSQL."""
        if value is None:
            return None
        exact = Decimal(value)
        return format(exact, "f") if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """A Decimal again."""
        return None if value is None else Decimal(value)


def total_cents(amount: ColumnElement[Any]) -> ColumnElement[int]:
    """The sum of a column of cents as a whole number, 0 over no rows (PostgreSQL sums BIGINT into NUMERIC)."""
    return cast(func.coalesce(func.sum(amount), 0), BigInteger)
