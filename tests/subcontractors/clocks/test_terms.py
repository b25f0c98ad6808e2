"""Each term of the protocols with a worked day, and the laws of counting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_contractor.kernel.working_days import is_working_day
from subcontractors.clocks import terms
from subcontractors.clocks.terms import State, Unit, clock, due_day, start_due

DAYS = st.dates(min_value=date(2021, 1, 1), max_value=date(2035, 12, 31))


@pytest.mark.parametrize(
    ("term", "event", "due"),
    [
        # Thursday 17 April 2025: Good Friday counts, Easter Monday does not: 18, 22, 23 April.
        (terms.RETURN, date(2025, 4, 17), date(2025, 4, 23)),
        (terms.REQUEST, date(2025, 9, 1), date(2025, 9, 8)),
        # Friday 2 May 2025: Monday 5 May is a holiday in 2025; 6, 7, 8, 9, 12 May.
        (terms.REQUEST_ANSWER, date(2025, 5, 2), date(2025, 5, 12)),
        # the same in 2026, from Thursday 30 April: 1, 4, 5, 6, 7 May.
        (terms.REQUEST_ANSWER, date(2026, 4, 30), date(2026, 5, 7)),
        (terms.INVESTIGATION, date(2025, 9, 1), date(2025, 10, 27)),
        (terms.START, date(2025, 12, 22), date(2025, 12, 31)),
        (terms.STOP, date(2025, 10, 31), date(2025, 11, 7)),
        (terms.DECLARE, date(2025, 1, 14), date(2025, 2, 28)),
        (terms.DECLARE, date(2025, 12, 31), date(2026, 1, 31)),
        (terms.DECLARE_AT_ALL, date(2024, 2, 29), date(2029, 2, 28)),
        # 19 December 2025: 22, 23, 24, 29, 30, 31 December and 2, 5, 6, 7 January.
        (terms.ANSWER, date(2025, 12, 19), date(2026, 1, 7)),
        (terms.PAYMENT, date(2025, 9, 8), date(2025, 10, 8)),
        (terms.RESUBMISSION, date(2025, 9, 8), date(2025, 10, 31)),
        (terms.CORRECTION, date(2025, 12, 31), date(2026, 2, 28)),
        (terms.CORRECTION, date(2025, 9, 8), date(2025, 11, 8)),
    ],
)
def test_the_last_day_of_a_term(term, event, due):
    assert due_day(term, event) == due


def test_each_term_names_its_source_and_has_an_id_of_its_own():
    assert len({term.id for term in terms.TERMS}) == len(terms.TERMS)
    assert all(term.source and term.length > 0 for term in terms.TERMS)


def test_a_start_with_an_allocation_afterwards_runs_from_the_allocation():
    assert start_due(date(2025, 9, 1), None) == date(2025, 9, 8)
    assert start_due(date(2025, 9, 1), date(2025, 8, 20)) == date(2025, 9, 8)
    assert start_due(date(2025, 9, 1), date(2025, 9, 15)) == date(2025, 9, 22)


def test_how_a_clock_stands():
    friday = date(2025, 9, 5)  # a return message is due on Wednesday the 10th
    assert clock(terms.RETURN, friday, date(2025, 9, 8)).state is State.OPEN
    assert clock(terms.RETURN, friday, date(2025, 9, 9)).state is State.DUE_SOON
    assert clock(terms.RETURN, friday, date(2025, 9, 10)).state is State.DUE_SOON
    late = clock(terms.RETURN, friday, date(2025, 9, 15))
    assert (late.state, late.late) == (State.LATE, 3)
    assert clock(terms.RETURN, friday, date(2025, 9, 15), done=date(2025, 9, 10)).state is State.DONE_ON_TIME
    done_late = clock(terms.RETURN, friday, date(2025, 9, 15), done=date(2025, 9, 11))
    assert (done_late.state, done_late.late) == (State.DONE_LATE, 1)


def test_a_month_is_late_in_calendar_days():
    late = clock(terms.DECLARE, date(2025, 8, 1), date(2025, 10, 12))
    assert (late.due, late.late) == (date(2025, 9, 30), 12)


@given(event=DAYS, today=DAYS, term=st.sampled_from(terms.TERMS))
def test_late_is_after_the_last_day_and_only_then(event, today, term):
    found = clock(term, event, today)
    assert (found.state is State.LATE) == (today > found.due) == (found.late > 0)


@given(event=DAYS, more=st.integers(0, 40), term=st.sampled_from(terms.TERMS))
def test_a_later_event_is_never_due_earlier(event, more, term):
    assert due_day(term, event) <= due_day(term, event + timedelta(days=more))


@given(event=DAYS, term=st.sampled_from([one for one in terms.TERMS if one.unit is Unit.WORKING_DAYS]))
def test_a_term_in_working_days_ends_on_one(event, term):
    assert is_working_day(due_day(term, event))


@pytest.mark.parametrize("term", terms.TERMS, ids=lambda term: term.id)
def test_a_term_from_the_last_day_that_there_is_ends_on_it(term: terms.Term):
    assert due_day(term, date.max) == date.max
