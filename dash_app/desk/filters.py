"""Filters that a person keeps by name."""

from __future__ import annotations

from dash_app.desk.model import SavedFilter
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.tenancy import Scope
from subcontractors.decisions.tables import desk_filter

LONGEST_NAME, LONGEST_QUERY, MOST = 60, 500, 30


def kept(scope: Scope, user_id: int) -> list[SavedFilter]:
    """The filters of a person, by name."""
    rows = scope.rows(scope.select(desk_filter).where(desk_filter.c.user_id == user_id).order_by(desk_filter.c.name))
    return [SavedFilter(row.name, row.query) for row in rows]


def keep(scope: Scope, user_id: int, name: str, query: str) -> None:
    """Keep a filter under a name; one with that name is replaced.

    Raises:
        Refusal: no name, too long a name, or too many filters.
    """
    said = name.strip()
    if not said or len(said) > LONGEST_NAME or not said.isprintable() or len(query) > LONGEST_QUERY:
        raise Refusal(f"Geef het filter een naam van ten hoogste {LONGEST_NAME} tekens.")
    scope.lock()
    others = [one for one in kept(scope, user_id) if one.name != said]
    if len(others) >= MOST:
        raise Refusal(f"Er zijn al {MOST} filters bewaard. Gooi er eerst een weg.")
    scope.delete(desk_filter, user_id=user_id, name=said)
    scope.insert(desk_filter, [{"user_id": user_id, "name": said, "query": query}])


def drop(scope: Scope, user_id: int, name: str) -> None:
    """Throw a filter away; nothing happens when it is not there."""
    scope.delete(desk_filter, user_id=user_id, name=name)
