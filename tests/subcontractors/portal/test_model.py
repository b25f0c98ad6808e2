from __future__ import annotations

from datetime import date

import pytest

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from subcontractors.declarations.model import Status
from subcontractors.portal.model import Overview, Problem, Sent, State, Year, figures_of, masked, problem_of
from subcontractors.portal.service import file_name

MARCH = Month(2025, 3)
ANSWERED, STRUCTURE, CONTENT, DUPLICATE = (
    Status.ANSWERED,
    Status.REFUSED_STRUCTURE,
    Status.REFUSED_CONTENT,
    Status.DUPLICATE,
)


def a_message(**values) -> Sent:
    return Sent(
        **{
            "id": 1, "kind": "323", "number": "D1", "identification": "B1", "file": "a.xml", "period": MARCH,
            "received": date(2025, 4, 1), "status": ANSWERED, "assessed": True, "submitted": Cents(10_00),
            "granted": Cents(10_00), "lines": 2, "refused": 0, **values,
        }
    )  # fmt: skip


def test_only_answered_messages_count_in_a_month():
    figures = figures_of(
        MARCH,
        [
            a_message(),
            a_message(granted=Cents(4_00), refused=1),
            a_message(status=DUPLICATE),
            a_message(status=CONTENT),
            a_message(period=Month(2025, 4)),
        ],
    )
    assert (figures.submitted, figures.granted) == (Cents(20_00), Cents(14_00))
    assert (figures.lines, figures.accepted, figures.refused) == (4, 3, 1)
    assert (figures.declarations, figures.turned_back) == (4, 1)
    assert figures.state is State.PARTLY


@pytest.mark.parametrize(("messages", "state"), [
    ([], State.NOTHING),
    ([a_message()], State.GRANTED),
    ([a_message(refused=2)], State.REFUSED),
    ([a_message(status=STRUCTURE, lines=0)], State.TURNED_BACK),
    ([a_message(status=DUPLICATE)], State.NOTHING),
], ids=["nothing", "granted", "refused", "turned back", "duplicate"])  # fmt: skip
def test_a_month_stands_in_one_word(messages, state):
    assert figures_of(MARCH, messages).state is state


def test_months_outside_the_year_are_shown_too_when_something_was_declared_for_them():
    year = Year(1, 2025, "Hollands Kroon", "1911", date(2026, 3, 31), date(2026, 5, 31), None)
    view = Overview(year, (year,), (a_message(period=Month(2026, 1)), a_message(period=None)), ())
    assert [str(one.month) for one in view.months][-2:] == ["2025-12", "2026-01"]
    assert len(view.months) == 13
    assert view.latest() == Month(2026, 1)


@pytest.mark.parametrize(("statuses", "problem"), [
    ([ANSWERED], None),
    ([ANSWERED, DUPLICATE], None),
    ([DUPLICATE, DUPLICATE], Problem.DUPLICATE),
    ([ANSWERED, STRUCTURE], Problem.FAULTY),
    ([CONTENT], Problem.FAULTY),
], ids=["answered", "partly duplicate", "duplicate", "partly unreadable", "content"])  # fmt: skip
def test_a_file_is_submitted_whole_or_not_at_all(statuses, problem):
    assert problem_of(statuses) is problem


def test_a_bsn_shows_its_last_four_digits():
    assert masked("999900018") == "******018"


@pytest.mark.parametrize(("given", "kept"), [
    ("C:\\Mijn documenten\\maart.xml", "maart.xml"),
    ("/tmp/../maart.csv", "maart.csv"),
    ("ma\x00art\n.csv", "maart.csv"),
    ("x" * 300 + ".csv", "x" * 196 + ".csv"),
    ("é" * 150 + ".csv", "é" * 98 + ".csv"),
    ("..maart.csv", "maart.csv"),
    ("x" * 300 + ".xlsx", "x" * 195 + ".xlsx"),
    ("client 999900006.csv", "client xxxxxx006.csv"),
], ids=["windows", "unix", "control", "long", "long in bytes", "hidden", "long workbook", "bsn"])  # fmt: skip
def test_a_file_keeps_its_name_without_its_folders(given, kept):
    assert file_name(given) == kept
