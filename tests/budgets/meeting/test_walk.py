"""Small numbers over months of recording: what is hidden in one month does not come out in another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from budgets.meeting.rows import product_key
from budgets.meeting.walk import Then, hidden_keys
from budgets.use.cells import Cell
from budgets.use.model import RowKind
from lead_contractor.books import accounts
from lead_contractor.kernel.money import Cents


def cell(product: str) -> Cell:
    return Cell(product, "99990101", accounts.COST_PXQ)


def then(used: Mapping[str, int], people: Mapping[str, int], forecast: Mapping[str, int] | None = None) -> Then:
    return Then(
        {cell(code): Cents(cents) for code, cents in used.items()},
        {cell(code): Cents(cents) for code, cents in (forecast or {}).items()},
        {(RowKind.PRODUCT, code): count for code, count in people.items()},
        sum(people.values()),
    )


def hidden(*months: Then) -> set[str]:
    return {code for _, code in hidden_keys(months, [product_key])[0]}


FIRST = then({"A": 100, "B": 70, "C": 230}, {"A": 14, "B": 7, "C": 23})


def test_a_small_row_takes_the_next_one_along():
    assert hidden(FIRST) == {"A", "B"}


def test_once_enough_people_are_served_everything_is_shown():
    assert hidden(FIRST, then({"A": 150, "B": 140, "C": 400}, {"A": 15, "B": 12, "C": 25})) == set()


def test_what_is_still_the_same_stays_hidden_for_it_would_tell_of_the_month_before():
    same = then({"A": 100, "B": 140, "C": 400}, {"A": 14, "B": 12, "C": 25})
    assert "A" in hidden(FIRST, same), "A known now, and the total of before, would give B of before"
    assert len(hidden(FIRST, same)) >= 2, "and one row alone follows from the total"
    assert hidden(FIRST, same, then({"A": 160, "B": 160, "C": 500}, {"A": 14, "B": 12, "C": 25})) == set()


def test_what_was_shown_before_and_is_still_the_same_hides_nothing():
    before = then({"A": 100, "C": 230, "D": 300}, {"A": 14, "C": 23, "D": 30})
    now = then({"A": 100, "B": 60, "C": 260, "D": 330}, {"A": 14, "B": 6, "C": 23, "D": 30})
    assert hidden(before) == set()
    out = hidden(before, now)
    assert "B" in out
    assert out - {"A", "B"}, "A is known from before; another has to hide B"


def test_a_forecast_that_is_still_the_same_counts_as_well():
    people = {"A": 14, "B": 12, "C": 25}
    before = then({"A": 100, "B": 70, "C": 230}, {**people, "B": 7}, {"A": 500, "B": 300, "C": 900})
    now = then({"A": 180, "B": 140, "C": 400}, people, {"A": 500, "B": 310, "C": 950})
    assert "A" in hidden(before, now)
    moved = then({"A": 180, "B": 140, "C": 400}, people, {"A": 510, "B": 310, "C": 950})
    assert hidden(before, moved) == set()


def moved(month: Then, people: Mapping[str, Mapping[int, int]]) -> Then:
    return replace(month, moved={(RowKind.PRODUCT, code): counts for code, counts in people.items()})


PEOPLE = {"A": 14, "B": 17, "C": 23}
EVERYBODY_MOVES = {0b1111: 99}


def test_what_few_people_add_to_a_row_that_was_shown_hides_it_until_more_do():
    moves = {"A": {0b001: 2, 0b101: 12}, "B": {0b001: 14, 0b011: 3}, "C": EVERYBODY_MOVES}
    january = moved(then({"A": 100, "B": 200, "C": 300}, PEOPLE), moves)
    february = moved(then({"A": 100, "B": 230, "C": 400}, PEOPLE), moves)
    march = moved(then({"A": 150, "B": 230, "C": 500}, PEOPLE), moves)
    assert hidden(january) == set()
    assert hidden(january, february) >= {"B", "C"}, "three people of B have 30; A is what it was, so that C goes along"
    assert "B" in hidden(january, february, march), "still the same as when it was hidden"
    many = moved(
        then({"A": 160, "B": 290, "C": 600}, PEOPLE), {**moves, "A": {0b1101: 14}, "B": {0b1001: 14, 0b011: 3}}
    )
    assert hidden(january, february, march, many) == set(), "seventeen people stand behind what B differs"


def test_what_changes_without_anybody_who_moved_is_of_few():
    moves = {"A": {0b01: 14}, "B": {0b11: 17}, "C": {0b11: 23}}
    january = moved(then({"A": 100, "B": 200, "C": 300}, PEOPLE), moves)
    assert "A" in hidden(january, moved(then({"A": 90, "B": 250, "C": 400}, PEOPLE), moves))
