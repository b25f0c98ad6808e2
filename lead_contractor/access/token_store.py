"""Queries on the tokens of one lead contractor; finding the lead contractor of a token stands in ``store``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from lead_contractor.access.store import MAKER_LEFT
from lead_contractor.access.tables import api_token
from lead_contractor.kernel.tenancy import Scope

Row: TypeAlias = Any
"""A row of ``api_token``."""


def next_id(scope: Scope) -> int:
    """The number of a new token."""
    return scope.last_id(api_token) + 1


def insert_token(scope: Scope, row: Mapping[str, Any]) -> None:
    """Store a new token."""
    scope.insert(api_token, [row])


def tokens(scope: Scope) -> Sequence[Row]:
    """All tokens of the lead contractor, newest first."""
    return scope.rows(_selected(scope).order_by(api_token.c.id.desc()))


def token(scope: Scope, token_id: int) -> Row | None:
    """One token."""
    return scope.one(_selected(scope).where(api_token.c.id == token_id))


def _selected(scope: Scope) -> Any:
    return scope.select(api_token).add_columns(MAKER_LEFT.label("maker_left"))


def change_token(scope: Scope, token_id: int, **values: Any) -> None:
    """Change columns of one token."""
    scope.update(api_token, {"id": token_id}, **values)
