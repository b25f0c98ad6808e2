"""What a rule is, and how a tuple of them is applied: one rule, one small pure function, in order of TR number.

Every ``rules_*`` module has a ``RULES`` tuple of :class:`Rule` for one class of a message. A rule without a return code
in the standard (and a rule of process, OP or IV) has an empty code: it is told by its id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Rule(NamedTuple, Generic[T]):
    """A rule: its id, its return code, and whether the facts break it."""

    id: str
    code: str
    broken: Callable[[T], bool]

    @property
    def name(self) -> str:
        """What it is called in an answer: its return code, or its id where the standard gives none."""
        return self.code or self.id


def broken(rules: Iterable[Rule[T]], facts: T) -> tuple[Rule[T], ...]:
    """The rules that the facts break, in order."""
    return tuple(rule for rule in rules if rule.broken(facts))


def codes_of(rules: Iterable[Rule[T]]) -> tuple[str, ...]:
    """Their codes, each once, in order."""
    return tuple(dict.fromkeys(rule.name for rule in rules))
