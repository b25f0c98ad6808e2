"""The terms of the messages between lead contractor and subcontractor, as data, and the one function that counts them.

They are those of the Standaard Administratieprotocol taakgericht (SAP 3.2.a, chapters 2 and 3 and annex 4) and of the
operational rules (OP) named with each; where taakgericht has none, those of the inspannings- and outputgerichte
protocols (SAP-I, SAP-O 2.5). The day of the event itself never counts. Working days are those of
:mod:`lead_contractor.kernel.working_days`; in terms of weeks, months and years every day counts, and a month without
the day ends on its last day (two months after 31 December is 28 or 29 February).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month
from lead_contractor.kernel.working_days import add_working_days, working_days_between

_DAYS_IN_WEEK = 7


class Unit(StrEnum):
    """In what a term is counted."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    MONTH_END = "month_end"
    """Up to the last day of the month that lies so many months after the month of the event."""


class Event(StrEnum):
    """From what a term runs."""

    MESSAGE_RECEIVED = "message_received"
    INTAKE_DONE = "intake_done"
    REQUEST_RECEIVED = "request_received"
    REQUEST_DATED = "request_dated"
    CARE_STARTED = "care_started"
    ALLOCATION_RECEIVED = "allocation_received"
    CARE_ENDED = "care_ended"
    COST_INCURRED = "cost_incurred"
    DECLARATION_RECEIVED = "declaration_received"
    DECLARATION_DATED = "declaration_dated"
    LINE_REJECTED = "line_rejected"
    LINE_APPROVED = "line_approved"


class Obligation(StrEnum):
    """What is to be done within a term."""

    SEND_RETURN = "send_return"
    SEND_REQUEST = "send_request"
    ANSWER_REQUEST = "answer_request"
    FINISH_INVESTIGATION = "finish_investigation"
    REPORT_START = "report_start"
    REPORT_STOP = "report_stop"
    DECLARE = "declare"
    ANSWER_DECLARATION = "answer_declaration"
    PAY = "pay"
    RESUBMIT = "resubmit"
    CORRECT = "correct"


class Duty(StrEnum):
    """Whose duty it is."""

    LEAD_CONTRACTOR = "lead_contractor"
    SUBCONTRACTOR = "subcontractor"
    RECEIVER = "receiver"
    """Whoever received the message; either side."""


class State(StrEnum):
    """How something stands against its term."""

    OPEN = "open"
    DUE_SOON = "due_soon"
    LATE = "late"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"


@dataclass(frozen=True, slots=True)
class Term:
    """A term: ``length`` times ``unit``, from an event, to an obligation, with whose duty it is and where it stands.

    ``warn_days`` is how many calendar days before its last day it is called due soon. ``messages`` names the messages
    that fulfil it.
    """

    id: str
    length: int
    unit: Unit
    event: Event
    obligation: Obligation
    duty: Duty
    source: str
    warn_days: int
    messages: tuple[str, ...] = ()


RETURN = Term(
    "return",
    3,
    Unit.WORKING_DAYS,
    Event.MESSAGE_RECEIVED,
    Obligation.SEND_RETURN,
    Duty.RECEIVER,
    "OP090; SAP bijlage 4",
    1,
    ("302", "306", "308", "316", "318", "320"),
)
REQUEST = Term(
    "request",
    5,
    Unit.WORKING_DAYS,
    Event.INTAKE_DONE,
    Obligation.SEND_REQUEST,
    Duty.SUBCONTRACTOR,
    "SAP-T 2.1, bijlage 4",
    2,
    ("315",),
)
REQUEST_ANSWER = Term(
    "request_answer",
    5,
    Unit.WORKING_DAYS,
    Event.REQUEST_RECEIVED,
    Obligation.ANSWER_REQUEST,
    Duty.LEAD_CONTRACTOR,
    "OP274, OP346",
    2,
    ("301", "319"),
)
INVESTIGATION = Term(
    "investigation",
    8,
    Unit.WEEKS,
    Event.REQUEST_DATED,
    Obligation.FINISH_INVESTIGATION,
    Duty.LEAD_CONTRACTOR,
    "SAP-T bijlage 4",
    7,
    ("301", "319"),
)
START = Term(
    "start",
    5,
    Unit.WORKING_DAYS,
    Event.CARE_STARTED,
    Obligation.REPORT_START,
    Duty.SUBCONTRACTOR,
    "OP271",
    2,
    ("305",),
)
START_AFTERWARDS = Term(
    "start_afterwards",
    5,
    Unit.WORKING_DAYS,
    Event.ALLOCATION_RECEIVED,
    Obligation.REPORT_START,
    Duty.SUBCONTRACTOR,
    "OP271 (toewijzing met terugwerkende kracht)",
    2,
    ("305",),
)
STOP = Term(
    "stop",
    5,
    Unit.WORKING_DAYS,
    Event.CARE_ENDED,
    Obligation.REPORT_STOP,
    Duty.SUBCONTRACTOR,
    "OP272, OP288",
    2,
    ("307",),
)
DECLARE = Term(
    "declare",
    1,
    Unit.MONTH_END,
    Event.COST_INCURRED,
    Obligation.DECLARE,
    Duty.SUBCONTRACTOR,
    "SAP-I 2.5.1, SAP-O 2.5.2",
    7,
    ("323",),
)
DECLARE_AT_ALL = Term(
    "declare_at_all",
    5,
    Unit.YEARS,
    Event.COST_INCURRED,
    Obligation.DECLARE,
    Duty.SUBCONTRACTOR,
    "TR335",
    60,
    ("323",),
)
ANSWER = Term(
    "answer",
    10,
    Unit.WORKING_DAYS,
    Event.DECLARATION_RECEIVED,
    Obligation.ANSWER_DECLARATION,
    Duty.LEAD_CONTRACTOR,
    "OP090x4",
    3,
    ("325",),
)
PAYMENT = Term(
    "payment",
    30,
    Unit.DAYS,
    Event.DECLARATION_DATED,
    Obligation.PAY,
    Duty.LEAD_CONTRACTOR,
    "SAP-I 2.5, SAP-O 2.5",
    7,
)
RESUBMISSION = Term(
    "resubmission",
    1,
    Unit.MONTH_END,
    Event.LINE_REJECTED,
    Obligation.RESUBMIT,
    Duty.SUBCONTRACTOR,
    "SAP-I 2.5, SAP-O 2.5 (zelfde of volgende declaratieperiode)",
    7,
    ("323",),
)
CORRECTION = Term(
    "correction",
    2,
    Unit.MONTHS,
    Event.LINE_APPROVED,
    Obligation.CORRECT,
    Duty.SUBCONTRACTOR,
    "SAP-I 2.5, SAP-O 2.5, IV091",
    14,
    ("323",),
)

TERMS = (
    RETURN,
    REQUEST,
    REQUEST_ANSWER,
    INVESTIGATION,
    START,
    START_AFTERWARDS,
    STOP,
    DECLARE,
    DECLARE_AT_ALL,
    ANSWER,
    PAYMENT,
    RESUBMISSION,
    CORRECTION,
)
"""All terms, in the order of the chain."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A term that runs, or ran: from which day, until which day, when it was done, and how it stands.

    ``late`` counts in the unit of the term where that is working days, else in calendar days; 0 when not late.
    """

    term: Term
    began: date
    due: date
    done: date | None
    state: State
    late: int = 0


_LAST_YEAR_OF_TERMS = date.max.year - 10
"""No term is longer; a day after it (9999-12-31 for "no end") would take a term past what a date can hold."""


def due_day(term: Term, event: date) -> date:
    """The last day on which a term that runs from this event is kept; at the end of the calendar, its last day."""
    if event.year > _LAST_YEAR_OF_TERMS:
        return date.max
    if term.unit is Unit.WORKING_DAYS:
        return add_working_days(event, term.length)
    if term.unit is Unit.DAYS:
        return event + timedelta(days=term.length)
    if term.unit is Unit.WEEKS:
        return event + timedelta(days=term.length * _DAYS_IN_WEEK)
    if term.unit is Unit.MONTH_END:
        return Month.of(event).plus(term.length).last
    return months_after(event, term.length * (MONTHS_IN_YEAR if term.unit is Unit.YEARS else 1))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it has no such day."""
    month = Month.of(day).plus(months)
    return date(month.year, month.number, min(day.day, calendar.monthrange(month.year, month.number)[1]))


def start_due(began: date, allocated: date | None) -> date:
    """When a start has to be reported: after it began, or after the allocation came, if that was later (OP271)."""
    due = due_day(START, began)
    return due if allocated is None else max(due, due_day(START_AFTERWARDS, allocated))


def clock(term: Term, event: date, today: date, done: date | None = None) -> Clock:
    """How a term stands on ``today``, given the day of its event and the day on which it was fulfilled, if it was."""
    return standing(term, event, due_day(term, event), today, done)


def standing(term: Term, event: date, due: date, today: date, done: date | None = None) -> Clock:
    """As :func:`clock`, where the last day was worked out elsewhere."""
    late = days_over(term, due, today if done is None else done)
    if done is not None:
        return Clock(term, event, due, done, State.DONE_LATE if late else State.DONE_ON_TIME, late)
    if late:
        return Clock(term, event, due, None, State.LATE, late)
    soon = (due - today).days <= term.warn_days
    return Clock(term, event, due, None, State.DUE_SOON if soon else State.OPEN)


def days_over(term: Term, due: date, day: date) -> int:
    """By how many days ``day`` is too late; 0 when it is not.

    A term in working days that ended is at least one day late, also when only a weekend passed since.
    """
    if day <= due:
        return 0
    return max(1, working_days_between(due, day)) if term.unit is Unit.WORKING_DAYS else (day - due).days
