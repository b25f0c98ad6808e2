from __future__ import annotations

from datetime import date
from decimal import Decimal

from budgets.plan.model import WaitingRow
from budgets.use.model import Waiting
from budgets.use.waiting import waiting_list

JULY, AUGUST = date(2025, 7, 31), date(2025, 8, 31)
ROWS = [
    WaitingRow(JULY, "01A04", "Dorpskern", 99, 9, Decimal(10)),
    WaitingRow(AUGUST, "01A04", "Dorpskern", 12, 4, Decimal(20)),
    WaitingRow(AUGUST, "01A04", "Kustrand", 30, 8, Decimal("41.5")),
    WaitingRow(AUGUST, "02A03", "Kustrand", 9, 1, Decimal(60)),
    WaitingRow(AUGUST, "07A11", "Kustrand", 0),
]


def test_the_last_known_day_counts_over_all_areas():
    found = waiting_list(ROWS, AUGUST, hides_small=False)
    assert found is not None
    assert found.day == AUGUST
    assert found.rows == (
        Waiting("01A04", 42, 12, 42),
        Waiting("02A03", 9, 1, 60),
        Waiting("07A11", 0, None, None),
    )
    earlier = waiting_list(ROWS, date(2025, 8, 30), hides_small=False)
    assert earlier is not None
    assert [(row.waiting, row.median_days) for row in earlier.rows] == [(99, 10)]


def test_the_municipality_sees_no_few_people():
    found = waiting_list(ROWS, None, hides_small=True)
    assert found is not None
    assert {row.product_code: (row.waiting, row.added, row.median_days) for row in found.rows} == {
        "01A04": (42, 12, 42),
        "02A03": (None, None, None),
        "07A11": (0, None, None),
    }


def test_where_no_list_is_known_there_is_none():
    assert waiting_list([], None, hides_small=True) is None
    assert waiting_list(ROWS, date(2025, 1, 1), hides_small=False) is None
