"""Small numbers over months of recording: what is hidden in one month does not come out in another."""

from __future__ import annotations

from collections.abc import Mapping

from budgets.meeting.rows import EVERYBODY, Then, hidden_keys, people_by_row, product_key
from budgets.use.cells import Cell
from budgets.use.model import RowKind
from lead_contractor.books import accounts
from lead_contractor.kernel.money import Cents


def cell(product: str, account: str = accounts.COST_PXQ) -> Cell:
    return Cell(product, "99990101", account)


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


def test_people_are_counted_once_by_row_and_month():
    places = {cell("A"): {1: 0b111, 2: 0b110}, Cell("A", "99990102", accounts.COST_PXQ): {1: 0b001, 3: 0b100}}
    found = people_by_row(places, 3, [product_key])
    assert [month[RowKind.PRODUCT, "A"] for month in found] == [1, 2, 3]
    assert [month[EVERYBODY] for month in found] == [1, 2, 3]
