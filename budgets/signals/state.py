"""What becomes of signals: raised once per crossing, acknowledged, cleared when they fall back; pure.

The state of a key follows from its events alone. Evaluating the same crossings twice makes no event the second time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from budgets.signals.model import Crossing, Event, EventKind, Signal, State


@dataclass(frozen=True, slots=True)
class Transition:
    """An event that is to be written."""

    kind: EventKind
    crossing: Crossing


def signals_of(events: Iterable[Event]) -> dict[str, Signal]:
    """How each key stands, from its events in order of their numbers."""
    by_key: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda one: one.id):
        by_key.setdefault(event.crossing.key, []).append(event)
    return {key: _signal(own) for key, own in by_key.items()}


def _signal(events: Sequence[Event]) -> Signal:
    state, since = State.CLEARED, events[0].as_of
    for event in events:
        if event.kind is EventKind.RAISED:
            state, since = State.OPEN, event.as_of
        elif event.kind is EventKind.ACKNOWLEDGED:
            state = State.ACKNOWLEDGED
        elif event.kind is EventKind.CLEARED:
            state = State.CLEARED
    return Signal(state, events[-1].crossing, since, events[-1].as_of, tuple(events))


def transitions(
    known: Mapping[str, Signal], found: Iterable[Crossing], holding: Collection[str] = ()
) -> tuple[Transition, ...]:
    """What has to be written so that the signals say what was found.

    A crossing that is new, came back or became surer is raised, also where it was acknowledged before. One that became
    less sure is lowered and stays as it was. One that is not found any more is cleared.

    Args:
        known: how the keys stand.
        found: what crosses now, each key once.
        holding: keys that would not be raised now, and are not cleared yet either.

    Raises:
        ValueError: a key was found twice.
    """
    now: dict[str, Crossing] = {}
    for crossing in found:
        if crossing.key in now:
            raise ValueError(f"found twice: {crossing.key}")
        now[crossing.key] = crossing
    made = [
        Transition(EventKind.CLEARED, signal.crossing)
        for key, signal in sorted(known.items())
        if signal.state is not State.CLEARED and key not in now and key not in holding
    ]
    for key, crossing in sorted(now.items()):
        kind = _kind(known.get(key), crossing)
        if kind is not None:
            made.append(Transition(kind, crossing))
    return tuple(made)


def _kind(signal: Signal | None, crossing: Crossing) -> EventKind | None:
    if signal is None or signal.state is State.CLEARED:
        return EventKind.RAISED
    before, now = signal.crossing.level.rank, crossing.level.rank
    if now == before:
        return None
    return EventKind.RAISED if now > before else EventKind.LOWERED
