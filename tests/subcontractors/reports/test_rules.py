"""Handing figures in: terms in working days, reminders once, and every reason in plain words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lead_contractor.kernel.quarters import Quarter
from subcontractors.reports.kpis import every, kpi, kpis_on
from subcontractors.reports.model import Kind, Line, Measured, Step, Written
from subcontractors.reports.rules import judge, reminder_of, term_of

Q3 = Quarter(2025, 3)


def line(name: str, known: Measured | None = None) -> dict[str, Line]:
    return {name: Line(kpi(name, 1), known)}


def said(name: str, value: str, number: str = "", explanation: str = "", known: Measured | None = None) -> list[str]:
    answers = judge([Written(name, value, number, explanation)], line(name, known))
    return [found.rule for one in answers for found in one.findings]


def test_every_definition_says_all_it_has_to_in_both_languages():
    for one in every():
        for texts in (one.name, one.definition, one.value_name, one.unit):
            assert texts["nl"], one.id
            assert texts["en"], one.id
        assert bool(one.number_name["nl"]) == bool(one.number_name["en"]) == one.kind.over, one.id
        assert one.source
        assert one.asked or one.computed["nl"], one.id
        if one.kind is Kind.MEAN:
            assert one.lowest is not None, one.id
            assert one.highest is not None, one.id
    assert len({(one.id, one.version) for one in every()}) == len(every())
    assert kpis_on(date(2024, 12, 31)) == ()


def test_a_term_counts_working_days_from_the_end_of_the_quarter():
    assert term_of(Q3, date(2025, 7, 1), 15) == date(2025, 10, 21)
    assert term_of(Q3, date(2025, 10, 10), 15) == date(2025, 10, 31), "asked later, due later"
    assert term_of(Quarter(2025, 4), date(2026, 1, 5), 15) == date(2026, 1, 26)


def test_reminders_fall_before_and_after_the_term_and_once():
    due = date(2025, 10, 21)
    assert reminder_of(due, date(2025, 10, 13), ()) is None
    assert reminder_of(due, date(2025, 10, 14), ()) is Step.BEFORE
    assert reminder_of(due, date(2025, 10, 21), (Step.BEFORE,)) is None
    assert reminder_of(due, date(2025, 10, 22), (Step.BEFORE,)) is Step.LATE
    assert reminder_of(due, date(2025, 11, 4), (Step.BEFORE, Step.LATE)) is Step.LATER
    assert reminder_of(due, date(2025, 12, 1), (Step.LATER,)) is None
    assert reminder_of(due, date(2025, 12, 1), ()) is Step.LATER, "after a standstill only the newest is given"


@pytest.mark.parametrize(("name", "value", "number", "rules"), [
    ("staff", "12", "", []),
    ("staff", "12,5", "", ["FIGURE-WHOLE"]),
    ("staff", "-1", "", ["FIGURE-NUMBER"]),
    ("staff", "1.234", "", ["FIGURE-THOUSANDS"]),
    ("staff", "99999999", "", ["FIGURE-LARGE"]),
    ("staff", "veel", "", ["FIGURE-NUMBER"]),
    ("staff", "\u0661", "", ["FIGURE-NUMBER"]),
    ("hours", "1234,5", "", []),
    ("hours", "1234,567", "", ["FIGURE-NUMBER"]),
    ("satisfaction", "8,4", "31", []),
    ("satisfaction", "8.4", "31,0", []),
    ("satisfaction", "84", "31", ["FIGURE-BOUNDS"]),
    ("satisfaction", "8,4", "", ["FIGURE-NUMBER"]),
    ("satisfaction", "", "31", ["FIGURE-NUMBER"]),
    ("satisfaction", "99", "0", []),
    ("goals_3_4", "20", "31", []),
    ("goals_3_4", "32", "31", ["FIGURE-MORE"]),
    ("goals_3_4", "0", "0", []),
], ids=str)  # fmt: skip
def test_a_figure_is_taken_or_refused_with_its_reason(name, value, number, rules):
    assert said(name, value, number) == rules


def test_a_mark_over_nobody_is_no_mark():
    (answer,) = judge([Written("satisfaction", "8", "0")], line("satisfaction"))
    assert answer.measured == Measured(Decimal(0), 0)


def test_what_is_needed_and_missing_is_named_and_what_is_optional_is_not():
    assert said("staff", "") == ["FIGURE-MISSING"]
    assert said("gas", "") == []


def test_what_we_know_may_be_left_and_a_difference_has_to_be_explained():
    hours = Measured(Decimal("159.00"))
    assert said("hours", "", known=hours) == []
    (kept,) = judge([Written("hours", "159")], line("hours", hours))
    assert (kept.measured, kept.changed) == (hours, True)
    assert said("hours", "171", known=hours) == ["FIGURE-UNEXPLAINED"]
    (other,) = judge(
        [Written("hours", "171", explanation="12 uur over juni nog niet gedeclareerd")], line("hours", hours)
    )
    assert other.measured == Measured(Decimal(171))


def test_what_was_not_asked_or_stands_twice_is_refused():
    answers = judge([Written("gas", "50", "3"), Written("staff", "1"), Written("staff", "2")], line("staff"))
    assert [found.rule for one in answers for found in one.findings] == ["FIGURE-UNKNOWN", "FIGURE-TWICE"]
