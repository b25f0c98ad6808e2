"""People behind the rows of the meeting are counted once, whoever serves them."""

from __future__ import annotations

from budgets.meeting.people import EVERYBODY, moved_by_row, people_by_row
from budgets.meeting.rows import product_key
from budgets.use.cells import Cell
from budgets.use.model import RowKind
from lead_contractor.books import accounts

HERE = Cell("A", "99990101", accounts.COST_PXQ)
ELSEWHERE = Cell("A", "99990102", accounts.COST_PXQ)


def test_who_moved_is_counted_once_by_row_and_months():
    moving = {HERE: {1: 0b011, 2: 0b110}, ELSEWHERE: {1: 0b100, 3: 0b110}}
    assert moved_by_row(moving, [product_key]) == {(RowKind.PRODUCT, "A"): {0b111: 1, 0b110: 2}}


def test_people_are_counted_once_by_row_and_month():
    places = {HERE: {1: 0b111, 2: 0b110}, ELSEWHERE: {1: 0b001, 3: 0b100}}
    found = people_by_row(places, 3, [product_key])
    assert [month[RowKind.PRODUCT, "A"] for month in found] == [1, 2, 3]
    assert [month[EVERYBODY] for month in found] == [1, 2, 3]
