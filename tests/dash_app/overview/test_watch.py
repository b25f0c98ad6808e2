from __future__ import annotations

from datetime import date
from decimal import Decimal

from dash_app.overview import watch
from dash_app.overview.chart import BOTTOM, HEIGHT, TOP, draw
from dash_app.overview.model import MonthRow, Page, State
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month, Period
from subcontractors.agreements.fte import FteTerms
from subcontractors.agreements.model import Agreement, FormCode, Production, Realised
from subcontractors.agreements.pxq import Ceiling, PxqTerms

YEAR = tuple(Month(2025, number) for number in range(1, 13))


def pxq(code: str, agb: str, ceiling: Ceiling | None = None, last: date = date(2025, 12, 31)) -> Agreement:
    validity = Period.inclusive(date(2025, 1, 1), last)
    return Agreement(code, agb, FormCode.PXQ, validity, ("02",), PxqTerms(ceiling))


def fte(code: str, agb: str) -> Agreement:
    validity = Period.inclusive(date(2025, 1, 1), date(2025, 12, 31))
    return Agreement(code, agb, FormCode.FTE, validity, (), FteTerms(Decimal("6.40"), Cents(9_240_000)))


def test_a_ceiling_of_450_000_is_named_from_its_signal_of_315_000():
    ceiling = Ceiling(Cents(45_000_000), Decimal(70), frozenset({"crisis"}))
    below = {"P": Production(Cents(31_499_999 + 1_240_000), Cents(1_240_000))}
    signal = {"P": Production(Cents(31_500_000 + 1_240_000), Cents(1_240_000))}
    assert watch.ceilings([pxq("P", "1", ceiling)], below) == []
    (found,) = watch.ceilings([pxq("P", "1", ceiling)], signal)
    assert (found.used, found.outside, found.passed) == (31_500_000, 1_240_000, False)
    assert found.share == 70


def test_a_ceiling_that_was_passed_goes_first():
    ceiling = Ceiling(Cents(100_000), Decimal(70))
    made = {"A": Production(Cents(80_000)), "B": Production(Cents(100_001)), "C": Production(Cents(69_999))}
    agreements = [pxq(code, code, ceiling) for code in "ABC"]
    assert [(use.agreement, use.passed) for use in watch.ceilings(agreements, made)] == [("B", True), ("A", False)]


def test_a_ceiling_without_a_signal_is_named_only_once_passed():
    agreement = pxq("P", "1", Ceiling(Cents(100_000)))
    assert watch.ceilings([agreement], {"P": Production(Cents(100_000))}) == []
    assert len(watch.ceilings([agreement], {"P": Production(Cents(100_001))})) == 1


def test_agreements_are_named_from_three_months_before_their_end_until_it():
    agreements = [pxq("P", "1", last=date(2025, 11, 30))]
    named = [
        day
        for day in (date(2025, 8, 29), date(2025, 8, 30), date(2025, 11, 30), date(2025, 12, 1))
        if watch.endings(agreements, day)
    ]
    assert named == [date(2025, 8, 30), date(2025, 11, 30)]


def test_three_months_from_the_end_of_november_is_the_end_of_february():
    assert watch.endings([pxq("P", "1", last=date(2026, 2, 28))], date(2025, 11, 30))
    assert not watch.endings([pxq("P", "1", last=date(2026, 3, 1))], date(2025, 11, 30))


def test_a_month_must_be_declared_by_the_last_day_of_the_next():
    agreements = [pxq("P", "1"), fte("F", "2")]
    declared = {("1", "2025-01"), ("1", "2025-02")}
    assert watch.undeclared(agreements, YEAR, declared, date(2025, 4, 30)) == []
    (late,) = watch.undeclared(agreements, YEAR, declared, date(2025, 5, 1))
    assert (late.subcontractor, late.months) == ("1", (Month(2025, 3),))


def test_declarations_of_a_month_stay_open_until_their_term_and_are_missing_after_it():
    agreements = [pxq("P", "1"), pxq("Q", "2"), fte("F", "3")]
    declared = {("1", "2025-08")}
    august = Month(2025, 8)
    open_point = watch.declarations_point(agreements, august, declared, date(2025, 9, 30))
    late_point = watch.declarations_point(agreements, august, declared, date(2025, 10, 1))
    done = watch.declarations_point(agreements, august, declared | {("2", "2025-08")}, date(2025, 9, 5))
    assert (open_point.state, open_point.done, open_point.of, open_point.lacking) == (State.OPEN, 1, 2, ("2",))
    assert late_point.state is State.MISSING
    assert done.state is State.DONE


def test_one_cent_too_little_of_the_lump_sum_is_missing():
    assert watch.lump_sum_point(Cents(69_270_478), Cents(69_270_478)).state is State.DONE
    assert watch.lump_sum_point(Cents(69_270_477), Cents(69_270_478)).state is State.MISSING


def test_realised_fte_is_asked_for_where_the_terms_ask_for_it():
    august = Month(2025, 8)
    agreements = [fte("F", "1"), fte("G", "2"), pxq("P", "3")]
    rows = [Realised("F", august, Decimal("6.12")), Realised("G", Month(2025, 7), Decimal(1))]
    point = watch.realised_point(agreements, rows, august, date(2025, 10, 1))
    assert (point.state, point.done, point.of, point.lacking) == (State.MISSING, 1, 2, ("G",))


def test_bars_stand_on_the_base_and_stay_in_the_frame():
    rows = [MonthRow(month, Cents(69_270_478), Cents(60_000_000 + number)) for number, month in enumerate(YEAR)]
    chart = draw(rows, YEAR)
    assert len(chart.bars) == 12
    assert all(bar.top >= TOP and bar.top + bar.height == chart.base == HEIGHT - BOTTOM for bar in chart.bars)
    assert [cents for _, cents in chart.grid][:2] == [0, 20_000_000]


def test_a_month_of_credits_hangs_under_the_base():
    chart = draw([MonthRow(YEAR[0], Cents(10_000), Cents(-5_000))], YEAR)
    (bar,) = chart.bars
    assert bar.top == chart.base
    assert bar.height > 0
    assert chart.grid[0][1] < 0


def test_a_year_without_figures_draws_an_empty_frame():
    assert draw([], YEAR).bars == ()


def test_an_empty_table_has_one_page_and_a_full_one_no_second():
    assert [Page((), 1, total).pages for total in (0, 1, 100, 101)] == [1, 1, 1, 2]
