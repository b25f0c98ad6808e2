"""The worklists, one function each: which entries there are on a day, how many, how many late, and a page of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from lead_contractor.allocation.model import number_key
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode
from subcontractors.clocks import chain, store, terms
from subcontractors.clocks.model import Asked, Entry, Kind, Target, Why, Worklist
from subcontractors.clocks.terms import State, Term, clock, due_day, standing, start_due
from subcontractors.corrections.difference import taken_back
from subcontractors.corrections.store import lines_to_take_back
from subcontractors.corrections.window import correction_window
from subcontractors.returns.service import due as returns_due

QUIET_MONTHS = 3
"""For so many months on end no line came, while the provider did declare: is there a stop that was not reported?"""

ONE_DAY = timedelta(days=1)
_PER_MONTH = frozenset({FormCode.PXQ.value, FormCode.TRAJECTORY.value})


def last_late_event(term: Term, today: date) -> date:
    """The last day of an event of which the term has passed; terms never end earlier for a later event."""
    day = today
    while due_day(term, day) >= today:
        day -= ONE_DAY
    return day


def _listed(kind: Kind, asked: Asked, entries: Sequence[Entry]) -> Worklist:
    """A list of which all entries are at hand: the late ones first, then by their last day."""
    ordered = sorted(entries, key=lambda e: (e.due or asked.today, e.subcontractor, e.month, e.reference, e.target_id))
    late = sum(entry.state in (State.LATE, State.DONE_LATE) for entry in ordered)
    return Worklist(kind, len(ordered), late, tuple(ordered[asked.offset : asked.offset + asked.limit]))


def _paged(kind: Kind, rows: Sequence[Any], make: Callable[[Any], Entry]) -> Worklist:
    """A list of which the database gave one page and the totals."""
    if not rows:
        return Worklist(kind, 0, 0)
    return Worklist(kind, int(rows[0].total), int(rows[0].late), tuple(make(row) for row in rows))


def answers_due(scope: Scope, asked: Asked) -> Worklist:
    """Declarations on which nothing was decided: ten working days."""
    return _listed(
        Kind.ANSWER_DUE,
        asked,
        [
            _of_message(Kind.ANSWER_DUE, row, clock(terms.ANSWER, row.received, asked.today))
            for row in store.unanswered(scope, asked)
        ],
    )


def _of_message(kind: Kind, row: Any, ticking: terms.Clock) -> Entry:
    return Entry(
        kind,
        row.sender,
        Target.MESSAGE,
        str(row.id),
        ticking.state,
        ticking.began,
        ticking.due,
        ticking.late,
        month=row.period or "",
        reference=row.number or "",
        amount=Cents(int(row.submitted_cents)),
        count=int(row.line_count),
    )


def requests_open(scope: Scope, asked: Asked) -> Worklist:
    """Requests without an answer: five working days, or eight weeks under investigation."""
    return _listed(Kind.REQUEST_OPEN, asked, chain.requests(scope, asked))


def return_messages_due(scope: Scope, asked: Asked) -> Worklist:
    """Return messages that we owe and did not write yet: three working days."""
    return _listed(Kind.RETURN_MESSAGE_DUE, asked, chain.returns_we_owe(scope, asked))


def return_messages_awaited(scope: Scope, asked: Asked) -> Worklist:
    """Return messages on what we sent that did not come: three working days."""
    return _listed(Kind.RETURN_MESSAGE_AWAITED, asked, chain.returns_awaited(scope, asked))


def declarations_missing(scope: Scope, asked: Asked) -> Worklist:
    """Months that are over and were not declared, where allocations asked for it.

    That is where one of P×Q was open, or one of a trajectory started or ended; under another form only of a provider
    that declared an earlier month.
    """
    months = [month for month in _months(asked) if month.last < asked.today]
    declared = store.declared_months(scope, asked)
    first: dict[str, Month] = {}
    for sender, month in declared:
        first[sender] = min(month, first.get(sender, month))
    wanted: dict[tuple[str, Month], int] = {}
    senders = store.allocated_subcontractors(scope, asked)
    pairs = [(sender, month) for sender in senders for month in months if (sender, month) not in declared]
    for sender, month, form, allocations in store.open_allocations(scope, asked.contract_id, pairs):
        if form in _PER_MONTH or (sender in first and first[sender] < month):
            wanted[sender, month] = wanted.get((sender, month), 0) + allocations
    entries = []
    for (sender, month), allocations in wanted.items():
        ticking = clock(terms.DECLARE, month.last, asked.today)
        entries.append(
            Entry(
                Kind.DECLARATION_MISSING,
                sender,
                Target.MONTH,
                str(month),
                ticking.state,
                ticking.began,
                ticking.due,
                ticking.late,
                month=str(month),
                count=allocations,
            )
        )
    return _listed(Kind.DECLARATION_MISSING, asked, entries)


def _months(asked: Asked) -> list[Month]:
    return [Month(asked.year, number) for number in range(1, MONTHS_IN_YEAR + 1)]


def declarations_late(scope: Scope, asked: Asked) -> Worklist:
    """Declarations that came after the last day of the month after theirs."""
    entries = []
    for row in store.declarations(scope, asked):
        if row.period:
            ticking = clock(terms.DECLARE, Month.parse(row.period).last, asked.today, done=row.received)
            if ticking.state is State.DONE_LATE:
                entries.append(_of_message(Kind.DECLARATION_LATE, row, ticking))
    return _listed(Kind.DECLARATION_LATE, asked, entries)


def returns_missing(scope: Scope, asked: Asked, subcontractors: Iterable[str]) -> Worklist:
    """Months of which FTE, hours or occupancy was not reported."""
    entries = []
    for agb in subcontractors:
        for one in returns_due(scope, asked.contract_id, agb, asked.today):
            ticking = standing(terms.DECLARE, one.month.last, one.until, asked.today)
            entries.append(
                Entry(
                    Kind.RETURN_MISSING,
                    agb,
                    Target.AGREEMENT,
                    one.agreement,
                    ticking.state,
                    ticking.began,
                    ticking.due,
                    ticking.late,
                    month=str(one.month),
                    reference=one.agreement,
                )
            )
    return _listed(Kind.RETURN_MISSING, asked, entries)


def refused_open(scope: Scope, asked: Asked) -> Worklist:
    """Declarations with refused lines of which the period was not approved since."""
    entries = []
    for row in store.refused(scope, asked):
        ticking = clock(terms.RESUBMISSION, store.day(row.received), asked.today)
        entries.append(
            Entry(
                Kind.REFUSED_OPEN,
                row.sender,
                Target.MESSAGE,
                str(row.message_id),
                ticking.state,
                ticking.began,
                ticking.due,
                ticking.late,
                month=row.period or "",
                reference=row.number or "",
                amount=Cents(int(row.cents)),
                count=int(row.lines),
            )
        )
    return _listed(Kind.REFUSED_OPEN, asked, entries)


def starts_missing(scope: Scope, asked: Asked) -> Worklist:
    """Allocations on which lines were approved but no start was reported, of providers that report starts."""
    rows = store.start_missing(scope, asked, last_late_event(terms.START, asked.today))
    return _paged(Kind.START_MISSING, rows, lambda row: _of_allocation(Kind.START_MISSING, row, terms.START, asked))


def stops_missing(scope: Scope, asked: Asked) -> Worklist:
    """Allocations that ended, or on which lines no longer come, without a stop, of providers that report stops."""
    over = [month for month in _months(asked) if due_day(terms.DECLARE, month.last) < asked.today]
    newest = over[-1] if over else Month(asked.year, 1)
    quiet = newest.plus(1 - QUIET_MONTHS) if len(over) > QUIET_MONTHS else None
    rows = store.stop_missing(scope, asked, last_late_event(terms.STOP, asked.today), quiet, newest)
    return _paged(Kind.STOP_MISSING, rows, lambda row: _of_allocation(Kind.STOP_MISSING, row, terms.STOP, asked))


def _of_allocation(kind: Kind, row: Any, term: Term, asked: Asked) -> Entry:
    ticking = clock(term, date.fromordinal(int(row.since)), asked.today)
    return Entry(
        kind,
        row.subcontractor,
        Target.ALLOCATION,
        str(row.id),
        ticking.state,
        ticking.began,
        ticking.due,
        ticking.late,
        reference=row.number,
        product=row.product_code or row.category,
        client=int(row.client_id),
        why=(Why(row.why),) if kind is Kind.STOP_MISSING else (),
    )


def starts_late(scope: Scope, asked: Asked) -> Worklist:
    """Starts reported more than five working days after they began, or after the allocation came."""
    return _reports_late(scope, asked, Kind.START_LATE, "start")


def stops_late(scope: Scope, asked: Asked) -> Worklist:
    """Stops reported more than five working days after the end."""
    return _reports_late(scope, asked, Kind.STOP_LATE, "stop")


def _reports_late(scope: Scope, asked: Asked, kind: Kind, report: str) -> Worklist:
    """Reports by combination of days, of which there are few; only those of the page are looked up."""
    term = terms.START if kind is Kind.START_LATE else terms.STOP
    found = []
    for begin, end, received, decided, count in store.report_days(scope, asked, report):
        event = begin if end is None else end
        due = start_due(begin, decided) if kind is Kind.START_LATE else due_day(term, event)
        ticking = standing(term, event, due, asked.today, done=received)
        if ticking.state is State.DONE_LATE:
            found.append((ticking, (begin, end, received, decided), count))
    found.sort(key=lambda one: (one[0].due, one[1][0], one[1][2], one[1][3] or date.min))
    total = sum(count for _, _, count in found)
    entries: list[Entry] = []
    skip, left = asked.offset, asked.limit
    for ticking, days, count in found:
        if left <= 0:
            break
        if skip < count:
            rows = store.reports_on(scope, asked, report, days, skip, left)
            entries += [_of_report(kind, row, ticking) for row in rows]
            left -= len(rows)
        skip = max(0, skip - count)
    return Worklist(kind, total, total, tuple(entries))


def _of_report(kind: Kind, row: Any, ticking: terms.Clock) -> Entry:
    return Entry(
        kind,
        row.sender,
        Target.MESSAGE,
        str(row.message_id),
        ticking.state,
        ticking.began,
        ticking.due,
        ticking.late,
        reference=row.allocation_number and number_key(row.allocation_number),
        product=row.product_code or row.category,
        client=int(row.client_id),
    )


def to_take_back(scope: Scope, asked: Asked) -> Worklist:
    """Approved lines on an allocation that was withdrawn or shortened since."""
    found = lines_to_take_back(scope, asked.contract_id, asked.subcontractor or None)
    entries = []
    for change in taken_back(found, asked.corrections_until, asked.today):
        line = change.line
        ticking = standing(terms.CORRECTION, line.approved_on, change.window.until, asked.today)
        why = [] if change.why is None else [Why(change.why.value)]
        entries.append(
            Entry(
                Kind.TAKE_BACK,
                line.sender,
                Target.LINE,
                str(line.id),
                ticking.state,
                ticking.began,
                ticking.due,
                ticking.late,
                month=str(Month.of(line.period_from)),
                reference=line.reference,
                product=line.product_code,
                client=line.client_id,
                amount=line.amount,
                why=(*why, *(Why(outside.value) for outside in change.window.outside)),
            )
        )
    return _listed(Kind.TAKE_BACK, asked, entries)


def outside_window(scope: Scope, asked: Asked) -> Worklist:
    """Credits of approved lines that came outside the correction window; the rules of iWmo do not refuse them."""
    entries = []
    for row, received, approved_on in store.credits_with_days(scope, asked):
        window = correction_window(approved_on, asked.corrections_until, received)
        if window.outside:
            ticking = standing(terms.CORRECTION, approved_on, window.until, asked.today, done=received)
            entries.append(
                Entry(
                    Kind.OUTSIDE_WINDOW,
                    row.sender,
                    Target.LINE,
                    str(row.id),
                    ticking.state,
                    ticking.began,
                    ticking.due,
                    ticking.late,
                    month=row.service_month,
                    reference=row.reference,
                    product=row.product_code,
                    client=int(row.client_id),
                    amount=Cents(int(row.amount_cents)),
                    why=tuple(Why(outside.value) for outside in window.outside),
                )
            )
    return _listed(Kind.OUTSIDE_WINDOW, asked, entries)
