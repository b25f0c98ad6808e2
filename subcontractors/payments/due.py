"""When something payable is due, from the text that names its source in the books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.parties.model import Size
from subcontractors.decisions.model import decision_of, message_source
from subcontractors.payments.interest import days_late, due_day, flagged, interest
from subcontractors.payments.model import Creditor, Kind, Payable

_KINDS = {"declaration": Kind.DECLARATION, "decision": Kind.DECISION, "due": Kind.DUE, "settlement": Kind.SETTLEMENT}


@dataclass(frozen=True, slots=True)
class Sent:
    """A declaration message as far as its payment needs it."""

    message_id: int
    number: str
    dated: date


@dataclass(frozen=True, slots=True)
class Booked:
    """What the books make payable under one key, before it is known when."""

    subcontractor: str
    source: str
    agreement: str
    service_month: str
    recorded_month: str
    cents: Cents


def kind_of(source: str) -> Kind:
    """Where a source comes from."""
    return _KINDS.get(source.partition(":")[0], Kind.OTHER)


def payable(booked: Booked, sent: Mapping[str, Sent], decided: Mapping[int, date]) -> Payable:
    """What is payable with the day on which it is due.

    A declaration: thirty days after its day (the Dagtekening of the message). What a decision let pass: thirty days
    after the decision. What an agreement makes due: the last day of its month. All else: the last day of the month in
    which it was booked.

    Args:
        booked: what the books say.
        sent: the messages by their source.
        decided: the day of each decision.
    """
    kind, message = kind_of(booked.source), sent.get(message_source(booked.source))
    due_on = Month.parse(booked.recorded_month).last
    decision = decision_of(booked.source)
    if decision is not None and decision in decided:
        due_on = due_day(decided[decision])
    elif kind is Kind.DECLARATION and message is not None:
        due_on = due_day(message.dated)
    elif kind is Kind.DUE and booked.service_month:
        due_on = Month.parse(booked.service_month).last
    return Payable(
        booked.subcontractor,
        booked.source,
        booked.agreement,
        booked.service_month,
        booked.cents,
        due_on,
        kind,
        message.number if message else "",
        message.message_id if message else None,
    )


def selected(items: Iterable[Payable], until: date) -> tuple[Payable, ...]:
    """What is due by a day: amounts to pay whose day has come, and every credit, which is set off at once."""
    return tuple(item for item in items if item.cents < 0 or item.due_on <= until)


def creditors(items: Iterable[Payable], sizes: Mapping[str, Size | None], day: date) -> tuple[Creditor, ...]:
    """What each subcontractor has to receive on a day, by AGB."""
    ordered = sorted(items, key=lambda item: item.key)
    return tuple(
        _creditor(agb, tuple(own), sizes.get(agb), day)
        for agb, own in groupby(ordered, key=lambda item: item.subcontractor)
    )


def _creditor(agb: str, items: tuple[Payable, ...], size: Size | None, day: date) -> Creditor:
    due = selected(items, day)
    owed = total(item.cents for item in due)
    days = [item.due_on for item in due if item.cents > 0]
    first = min(days, default=None)
    late = days_late(first, day) if first is not None and owed > 0 else 0
    return Creditor(
        subcontractor=agb,
        due=owed,
        later=total(item.cents for item in items if item not in due),
        first_due=first,
        late_days=late,
        interest=_interest(due, owed, day),
        flagged=bool(late) and first is not None and flagged(size, first, day),
        items=tuple(sorted(items, key=lambda item: (item.due_on, item.source, item.agreement, item.service_month))),
    )


def _interest(due: tuple[Payable, ...], owed: Cents, day: date) -> Cents:
    """Interest over what is owed; credits are set off against the oldest amounts first."""
    credit, sum_of = -total(item.cents for item in due if item.cents < 0), ZERO
    if owed <= 0:
        return ZERO
    for item in sorted((item for item in due if item.cents > 0), key=lambda item: item.due_on):
        off = min(int(credit), int(item.cents))
        credit -= off
        sum_of += interest(item.cents - off, item.due_on, day)
    return sum_of
