"""Temporary tables that stay with a connection, empty between transactions, instead of being made in each.

To make twenty tables takes longer than to judge a line. They are made in a transaction of their own, so that what
comes after can be rolled back without taking them along; a connection of the pool keeps them for as long as it lives.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

_STANDING = "hoofdsom_standing_tables"
_USES = "hoofdsom_standing_uses"
_MOST_USES = 200
"""What is rolled back stays behind as dead rows, and PostgreSQL never clears a temporary table by itself."""


def stands(connection: Connection, name: str) -> bool:
    """Whether a temporary table stands with this connection, so that it only has to be emptied."""
    return name in connection.info.get(_STANDING, ())


def due(connection: Connection) -> bool:
    """Whether the standing tables have to be made, or made anew; counts this as a use when not."""
    uses = int(connection.info.get(_USES, 0)) + 1
    connection.info[_USES] = uses
    return not connection.info.get(_STANDING) or uses > _MOST_USES


def remember(connection: Connection, names: Iterable[str]) -> None:
    """Say that these tables stand from now on: they were made in a transaction that was committed."""
    connection.info[_STANDING] = frozenset(names)
    connection.info[_USES] = 0


def forget(connection: Connection) -> None:
    """Say that no table stands any more, so that the next who needs one makes it."""
    connection.info.pop(_STANDING, None)
