"""Who may see what in the Dash view. The guard of the shell stands before every route; this stands in every callback.

A callback asks :func:`viewer` first. What it shows follows from the :class:`Acting` it gets, never from what the
browser sent.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort

from lead_contractor.access.model import Acting, Role
from lead_contractor.web.guard import acting

MEETING_ROLES = frozenset({Role.CONTROLLER, Role.MUNICIPALITY})
"""The roles that sit at the monthly finance meeting."""
VIEW_ROLES = MEETING_ROLES | {Role.PROVIDER}
"""Who looks at the view: a provider at its own share, by the same definitions."""

P = ParamSpec("P")
R = TypeVar("R")


def viewer(*roles: Role) -> Acting:
    """The person who looks, in the membership in which they act.

    Args:
        roles: for whom this part is; by default everybody who looks.

    Raises:
        Unauthorized: nobody is signed in.
        Forbidden: another role.
    """
    person = acting()
    if person.role not in (roles or VIEW_ROLES):
        abort(403)
    return person


def for_viewer(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Refuse a callback to everybody but these roles. Stand it between ``app.callback`` and the function."""

    def guard(callback: Callable[P, R]) -> Callable[P, R]:
        @wraps(callback)
        def guarded(*arguments: P.args, **options: P.kwargs) -> R:
            viewer(*roles)
            return callback(*arguments, **options)

        return guarded

    return guard


def sees_names(person: Acting) -> bool:
    """Whether this person sees clients and lines; only the lead contractor does."""
    return person.role is Role.CONTROLLER
