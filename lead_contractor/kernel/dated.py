"""Values that change over time: each with its validity, looked up by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

from lead_contractor.kernel.periods import Period


class HasValidity(Protocol):
    """Anything that holds from a day up to a day."""

    @property
    def validity(self) -> Period:
        """The days on which it holds."""


T = TypeVar("T", bound=HasValidity)


def overlapping(history: Iterable[T]) -> tuple[T, T] | None:
    """The first two entries of one history that hold on the same day, or ``None``."""
    ordered: Sequence[T] = sorted(history, key=lambda entry: entry.validity.start)
    for earlier, later in pairwise(ordered):
        if earlier.validity.overlaps(later.validity):
            return earlier, later
    return None
