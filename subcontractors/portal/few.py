"""A few values that are looked up one by one, in a statement of which the text stays the same however few they are."""

from __future__ import annotations

from collections.abc import Collection
from itertools import zip_longest

MOST = 20
"""Of more than so many all is read, which is quicker then."""
_NAMES = tuple(f"one{number}" for number in range(MOST))
ANY = ", ".join(f":{name}" for name in _NAMES)
"""The parameters of :func:`few` in a statement."""


def few(values: Collection[int] | Collection[str]) -> dict[str, int | str | None]:
    """The values as parameters, filled up with nothing; none at all where there are too many, or none."""
    return dict(zip_longest(_NAMES, values)) if 0 < len(values) <= MOST else {}
