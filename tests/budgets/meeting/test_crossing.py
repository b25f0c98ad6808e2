"""The day on which the year passes its cap, or falls short, between two month ends."""

from __future__ import annotations

from datetime import date

from budgets.meeting.crossing import Passes, crossings
from budgets.scenarios.outlook import OutlookMonth, Range
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month


def month(number: int, room: int, cap: int | None, *, known: bool = False) -> OutlookMonth:
    bounds = Range(Cents(room), Cents(room), Cents(room))
    return OutlookMonth(Month(2025, number), Cents(0), bounds, bounds, None if cap is None else Cents(cap), known=known)


def test_half_way_between_two_month_ends_is_the_middle_of_the_month():
    found = crossings([month(9, 100, 200, known=True), month(10, 300, 200), month(11, 400, 250)])
    assert [(one.passes, one.day, one.room) for one in found] == [(Passes.CAP, date(2025, 10, 16), 200)]


def test_a_shortage_is_where_the_room_is_gone():
    found = crossings([month(9, 300, None, known=True), month(10, 100, None), month(11, -100, None)])
    assert [(one.passes, one.day, one.room) for one in found] == [(Passes.BUDGET, date(2025, 11, 16), 0)]


def test_what_comes_back_before_the_year_ends_or_lies_behind_is_not_told():
    assert crossings([month(9, 100, 200), month(10, 300, 200), month(11, 100, 200)]) == ()
    assert crossings([month(9, 100, 200, known=True), month(10, 300, 200, known=True)]) == ()
    assert crossings([month(9, 300, None), month(10, 400, None)]) == ()
