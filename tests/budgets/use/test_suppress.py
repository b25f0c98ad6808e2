"""Rule 42: what may not be shown cannot be worked out either."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.use.suppress import THRESHOLD, Known, Row, hidden_rows, is_small, suppress, tens


def test_rule_42_fourteen_is_hidden_with_the_seven():
    assert hidden_rows([14, 7, 23]) == {0, 1}


@pytest.mark.parametrize(("people", "hidden"), [
    ([], set()),
    ([10, 11], set()),
    ([0, 12, 30], set()),
    ([9, 40, 30, 20], {0, 3}),
    ([3, 2, 23, 40], {0, 1, 2}),
    ([3, 9, 23], {0, 1}),
    ([7, 0, None, 23], {0, 3}),
    ([7, None, 0], {0, 1, 2}),
    ([7], {0}),
], ids=range(9))  # fmt: skip
def test_small_rows_and_what_would_give_them_away_are_hidden(people, hidden):
    assert hidden_rows(people) == hidden


counts = st.lists(st.none() | st.integers(0, 40), max_size=8)


@given(counts)
def test_in_one_table_no_small_number_is_shown_or_follows_from_the_total(people):
    hidden = hidden_rows(people)
    assert all(place in hidden for place, count in enumerate(people) if is_small(count))
    if hidden and len(hidden) < len(people):
        assert len(hidden) > 1
        assert sum(people[place] or 0 for place in hidden) >= THRESHOLD
    if not any(is_small(count) for count in people):
        assert hidden == frozenset()


def test_a_form_of_one_product_would_give_that_product_away():
    product = [
        Row(6, frozenset({"a"})),
        Row(30, frozenset({"b"})),
        Row(40, frozenset({"c"})),
        Row(50, frozenset({"d"})),
    ]
    form = [Row(20, frozenset({"a", "c"})), Row(60, frozenset({"b", "d"}))]
    hidden = suppress([product, form])
    assert [sorted(places) for places in hidden] == [[0, 1, 2], []], "a + c is shown, and so c is not"


def test_what_follows_is_found_by_adding_and_subtracting():
    known = [frozenset("abc"), frozenset("bc"), frozenset("cd")]
    assert Known(known).derivation(frozenset("a")) == frozenset({0, 1})
    assert Known(known).derivation(frozenset("abd")) is None
    assert Known(known).derivation(frozenset()) is None


def tables_of(cells: list[tuple[int, int, int]]) -> list[list[Row]]:
    """Two tables over the same cells: cell ``i`` stands in row ``cells[i][0]`` and ``cells[i][1]``."""
    tables = []
    for which in (0, 1):
        rows: dict[int, list[int]] = {}
        for place, cell in enumerate(cells):
            rows.setdefault(cell[which], []).append(place)
        tables.append([Row(sum(cells[p][2] for p in places), frozenset(places)) for places in rows.values()])
    return tables


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(1, 30)), min_size=2, max_size=10))
def test_across_tables_no_small_row_can_be_worked_out_unless_the_totals_alone_tell(cells):
    tables = tables_of(cells)
    hidden = suppress(tables)
    everything = frozenset(range(len(cells)))
    shown = [row.cells for t, table in enumerate(tables) for r, row in enumerate(table) if r not in hidden[t]]
    for table, places in zip(tables, hidden, strict=True):
        for place, row in enumerate(table):
            if is_small(row.people):
                assert place in places
                alone = Known([everything]).derivation(row.cells) is not None
                assert alone or Known([*shown, everything]).derivation(row.cells) is None


@given(counts, st.permutations(range(8)))
def test_how_many_rows_are_hidden_does_not_hang_on_their_order(people, order):
    mixed = [people[place] for place in order if place < len(people)]
    assert sorted((people[p] or 0) for p in hidden_rows(people)) == sorted((mixed[p] or 0) for p in hidden_rows(mixed))


def test_nothing_is_hidden_where_nobody_is_few():
    rows = [Row(count, frozenset({place})) for place, count in enumerate([10, 200, None, 0])]
    assert suppress([rows, rows]) == (frozenset(), frozenset())
    assert list(itertools.chain(*suppress([]))) == []


def test_people_in_tens_hide_who_came_in_between():
    assert [tens(people) for people in (None, 0, 9, 10, 19, 20, 134)] == [None, 0, 0, 10, 10, 20, 130]
