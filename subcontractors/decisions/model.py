"""Decisions of the lead contractor on lines that the rules refused, as values.

An override lets a line pass that breaks only rules whose codes its agreement lets be passed; it takes two people.
Asking the provider and leaving a line refused close the exception and change nothing of the line.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lead_contractor.kernel.money import Cents

OVERRIDABLE = ("9307", "9308", "9319", "9321", "9322", "9346", "9369", "9384", "9387", "9388", "0611")
"""The return codes that an agreement may let be passed, in the order of the rules.

The others say that a line is of another client, allocation, product or unit, or was declared before: passing it would
pay the wrong thing or the same thing twice. Those lines are mended by sending them anew.
"""

PREFIX = "decision:"
_DIGITS = 9
CUT = len(PREFIX) + _DIGITS + 2
"""Where the source of the message begins in the source of a decision, as SQL counts."""

MOST_LINES = 1000
"""How many lines one decision may hold."""

LONGEST_REASON = 1000


class Kind(StrEnum):
    """What is decided."""

    OVERRIDE = "override"
    WITHDRAW = "withdraw"
    ASK = "ask"
    LEAVE = "leave"


FOUR_EYES = frozenset({Kind.OVERRIDE, Kind.WITHDRAW})
"""The kinds that take a second person; they change what is paid."""


class State(StrEnum):
    """How far a decision is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What a decision does, or did, to one line; ``why`` says in words why nothing (Dutch)."""

    line_id: int
    done: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """A line under a decision: the codes that it had, and what became of it once that is known."""

    line_id: int
    message_id: int
    codes: tuple[str, ...]
    outcome: LineOutcome | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with whose hands made and judged it."""

    id: int
    contract_id: int
    kind: Kind
    state: State
    reason: str
    withdraws_id: int | None
    count: int
    cents: Cents
    made_by: int
    made_by_name: str
    made_at: datetime
    verdict_reason: str = ""
    decided_by_name: str = ""
    decided_at: datetime | None = None
    lines: tuple[DecidedLine, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether it waits for a second person."""
        return self.state is State.PROPOSED


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of a proposal: the decision when at least one line could be in it, and each line's result."""

    decision: Decision | None
    results: tuple[LineOutcome, ...]

    @property
    def refused(self) -> tuple[LineOutcome, ...]:
        """The lines that could not be decided on."""
        return tuple(one for one in self.results if not one.done)


def decision_source(decision_id: int, source: str) -> str:
    """The source of what a decision books about a message: ``decision:000000012/declaration:SENDER/IDENTIFICATION``.

    The number has a fixed width, so that a statement can cut the source of the message from it on every database.
    """
    return f"{PREFIX}{decision_id:0{_DIGITS}d}/{source}"


def message_source(source: str) -> str:
    """The source of the message that a source is about: its own, or that under a decision."""
    return source.partition("/")[2] if source.startswith(PREFIX) else source


def decision_of(source: str) -> int | None:
    """The decision that a source names, if it names one."""
    return int(source[len(PREFIX) :].partition("/")[0]) if source.startswith(PREFIX) else None


def not_passable(codes: Collection[str], allowed: Collection[str]) -> tuple[str, ...]:
    """The codes of a line that its agreement does not let be passed; the ones allowed are cut down to what can be."""
    return tuple(code for code in codes if code not in allowed or code not in OVERRIDABLE)
