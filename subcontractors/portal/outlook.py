"""When a provider is paid, and what is late on either side: plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month

MONTH_AFTER = 1
"""A month is declared at the latest on the last day of the month after it."""


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount that is payable or was paid: for what, on which day.

    ``paid`` says whether it was done; ``month`` is the service month, ``message_id`` the declaration where there is
    one. Below zero is a credit, set off at once.
    """

    cents: Cents
    day: date
    paid: bool
    month: Month | None = None
    message_id: int | None = None
    number: str = ""
    agreement: str = ""
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the payment of something stands: what is still to come and when, what was paid and when."""

    to_come: Cents = ZERO
    expected: date | None = None
    paid: Cents = ZERO
    paid_on: date | None = None

    @property
    def done(self) -> bool:
        """Whether something was paid and nothing is to come."""
        return self.paid > 0 and self.to_come <= 0


@dataclass(frozen=True, slots=True)
class Outlook:
    """The payments of a provider in a contract year, as of a day."""

    sums: tuple[Sum, ...] = ()
    next_day: date | None = None
    next_cents: Cents = ZERO
    late_cents: Cents = ZERO
    late_since: date | None = None
    months: Mapping[Month, Standing] = field(default_factory=dict)
    messages: Mapping[int, Standing] = field(default_factory=dict)

    @property
    def next_months(self) -> tuple[Month, ...]:
        """The service months that the next payment is for."""
        found = {one.month for one in self.sums if not one.paid and one.day == self.next_day and one.month}
        return tuple(sorted(found))


def outlook(sums: Sequence[Sum], today: date) -> Outlook:
    """What comes next, what should have come, and how each month and each declaration stands."""
    waiting = [one for one in sums if not one.paid]
    late = [one for one in waiting if one.day < today and one.cents > 0]
    ahead = [one for one in waiting if one.day >= today and one.cents > 0]
    credit = total(one.cents for one in waiting if one.cents < 0)
    overdue = total(one.cents for one in late)
    off_late = max(credit, -overdue)
    next_day = min((one.day for one in ahead), default=None)
    next_cents = total(one.cents for one in ahead if one.day == next_day)
    return Outlook(
        sums=tuple(sorted(sums, key=lambda one: (one.day, one.number, one.agreement))),
        next_day=next_day,
        next_cents=Cents(max(0, next_cents + (credit - off_late))),
        late_cents=Cents(overdue + off_late),
        late_since=min((one.day for one in late), default=None),
        months={
            month: standing(one for one in sums if one.month == month)
            for month in {one.month for one in sums if one.month is not None}
        },
        messages={
            message_id: standing(one for one in sums if one.message_id == message_id)
            for message_id in {one.message_id for one in sums if one.message_id is not None}
        },
    )


def standing(sums: Iterable[Sum]) -> Standing:
    """How amounts that belong together stand."""
    own = tuple(sums)
    to_come, done = [one for one in own if not one.paid], [one for one in own if one.paid]
    return Standing(
        to_come=total(one.cents for one in to_come),
        expected=max((one.day for one in to_come if one.cents > 0), default=None),
        paid=total(one.cents for one in done),
        paid_on=max((one.day for one in done), default=None),
    )


def together(sums: Iterable[Sum]) -> tuple[Sum, ...]:
    """Amounts that a provider sees as one: of the same declaration or month, agreement and day, debits and credits."""
    found: dict[tuple[object, ...], Sum] = {}
    for one in sums:
        key = (one.day, one.paid, one.message_id, one.number, one.agreement, one.month, one.run_id)
        first = found.get(key)
        found[key] = one if first is None else replace(first, cents=Cents(first.cents + one.cents))
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Missing:
    """A month that is over, with allocations to declare on, for which nothing was declared yet."""

    month: Month
    until: date
    allocations: int

    def late(self, today: date) -> bool:
        """Whether the day by which it should have been declared is over."""
        return today > self.until


def missing(months: Iterable[tuple[Month, int]], declared: Iterable[Month], today: date) -> tuple[Missing, ...]:
    """The months that are over and not declared.

    Args:
        months: each month with how many allocations there are to declare on.
        declared: the months for which a declaration was answered.
        today: the day of the question.
    """
    known = set(declared)
    return tuple(
        Missing(month, month.plus(MONTH_AFTER).last, count)
        for month, count in months
        if count and month.last < today and month not in known
    )
