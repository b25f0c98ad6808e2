"""A signal fires once per crossing: raised, acknowledged, cleared, and raised again on a new crossing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.signals.model import Crossing, Event, EventKind, Kind, Level, Signal, State
from budgets.signals.state import signals_of, transitions
from lead_contractor.access.hand import Hand
from lead_contractor.kernel.money import Cents

FIRST = date(2025, 7, 31)


def crossing(level: Level = Level.MAY, about: str = "budget", stake: int = 100) -> Crossing:
    return Crossing(Kind.YEAR, about, level, Cents(stake))


class Book:
    """The events of signals, and the days on which was looked."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def look(self, *found: Crossing, holding: Sequence[str] = ()) -> list[str]:
        """Evaluate the next day; tells what happened."""
        made = transitions(self.signals, found, holding)
        for one in made:
            self._add(one.kind, one.crossing)
        return [one.kind.value for one in made]

    def see(self, key: str = "year:budget") -> None:
        """Acknowledge."""
        self._add(EventKind.ACKNOWLEDGED, self.signals[key].crossing)

    def _add(self, kind: EventKind, what: Crossing) -> None:
        number = len(self.events) + 1
        by = Hand(1, "Carla") if kind is EventKind.ACKNOWLEDGED else None
        day = FIRST + timedelta(days=number)
        self.events.append(Event(number, kind, what, day, datetime(2025, 9, 1, tzinfo=UTC), by, "gezien"))

    @property
    def signals(self) -> dict[str, Signal]:
        return signals_of(self.events)

    @property
    def state(self) -> State:
        return self.signals["year:budget"].state


def test_a_crossing_fires_once_however_often_one_looks():
    book = Book()
    assert book.look(crossing()) == ["raised"]
    assert book.look(crossing()) == []
    assert book.look(crossing(stake=900)) == []
    assert book.state is State.OPEN


def test_what_was_acknowledged_stays_so_until_it_falls_back():
    book = Book()
    book.look(crossing())
    book.see()
    assert book.look(crossing()) == []
    assert book.state is State.ACKNOWLEDGED
    seen = book.signals["year:budget"].acknowledged
    assert seen is not None
    assert seen.by == Hand(1, "Carla")
    assert book.look() == ["cleared"]
    assert book.look() == []
    assert book.look(crossing()) == ["raised"]
    assert str(book.state) == "open"


def test_becoming_surer_is_a_new_crossing_also_after_it_was_seen():
    book = Book()
    book.look(crossing())
    book.see()
    assert book.look(crossing(Level.ALMOST_SURE)) == ["raised"]
    assert book.state is State.OPEN


def test_becoming_less_sure_is_told_and_asks_for_nothing():
    book = Book()
    book.look(crossing(Level.ALMOST_SURE))
    book.see()
    assert book.look(crossing()) == ["lowered"]
    assert book.state is State.ACKNOWLEDGED
    assert book.look(crossing(Level.ALMOST_SURE)) == ["raised"]


def test_what_holds_is_neither_cleared_nor_raised():
    book = Book()
    assert book.look(holding=["year:budget"]) == []
    book.look(crossing())
    assert book.look(holding=["year:budget"]) == []
    assert book.look(crossing()) == []
    assert book.look() == ["cleared"]


def test_each_key_stands_for_itself():
    book = Book()
    book.look(crossing(about="a"), crossing(about="b"))
    assert book.look(crossing(about="b"), crossing(about="c")) == ["cleared", "raised"]
    assert {key: one.state.value for key, one in book.signals.items()} == {
        "year:a": "cleared", "year:b": "open", "year:c": "open",
    }  # fmt: skip


def test_the_same_key_twice_is_a_fault_of_whoever_looked():
    with pytest.raises(ValueError, match="found twice"):
        transitions({}, [crossing(), crossing(Level.FACT)])


looks = st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from(Level), max_size=3), max_size=12)


@given(looks)
def test_looking_twice_at_the_same_writes_nothing_the_second_time(days: list[dict[str, Level]]):
    book = Book()
    for day in days:
        found = [crossing(level, about) for about, level in day.items()]
        book.look(*found)
        assert book.look(*found) == []
        standing = {
            one.crossing.about: one.crossing.level for one in book.signals.values() if one.state is not State.CLEARED
        }
        assert standing == day
