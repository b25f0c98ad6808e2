"""From a waiting list to what it would still cost this year (rule 39); pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from budgets.forecast.allocated import Allocated
from budgets.forecast.inputs import LineInput, Waiting
from budgets.plan.model import WaitingRow
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import to_cents
from subcontractors.agreements.model import FormCode

TAKE_UP_PERCENT = Decimal(80)
"""How many of a hundred who wait will take it up: what is assumed where no contract says otherwise (rule 39)."""
_SETTLED_AFTER = 2
"""After so many months nearly all of a month has been declared."""


def newest(rows: Iterable[WaitingRow], as_of: date) -> Counter[str]:
    """How many wait for each product on the last day known by ``as_of``."""
    known = [row for row in rows if row.date <= as_of]
    day = max((row.date for row in known), default=as_of)
    found: Counter[str] = Counter()
    for row in known:
        if row.date == day:
            found[row.product_code] += row.waiting
    return found


def waiting(
    counts: Mapping[str, int],
    lines: Sequence[LineInput],
    allocated: Mapping[tuple[str, str], Allocated],
    months: Sequence[Month],
    as_of: date,
) -> tuple[Waiting, ...]:
    """What one client of each product costs a month, and how many months are left.

    A client costs what one running allocation cost a month so far, in the months of which nearly all was declared;
    where nothing was declared yet, the value of one at full volume. A trajectory costs its start, once. A product
    without any of these is left out: what it costs is not known.
    """
    left = sum(1 for month in months if month.first > as_of)
    found = []
    for product in sorted(counts):
        own = [line for line in lines if line.key.product_code == product]
        fee, once = _fee(own, [made for (_, code), made in allocated.items() if code == product], as_of)
        if fee > ZERO and counts[product]:
            found.append(Waiting(product, counts[product], TAKE_UP_PERCENT, fee, min(left, 1) if once else left))
    return tuple(found)


def _fee(lines: Sequence[LineInput], allocated: Sequence[Allocated], as_of: date) -> tuple[Cents, bool]:
    """The cost of one client, and whether that is once instead of every month."""
    until = Month.of(as_of).plus(-_SETTLED_AFTER)
    declared = sum(
        int(flow.cents)
        for line in lines
        if line.key.form is FormCode.PXQ
        for flow in line.flows
        if flow.service <= until
    )
    running = sum(count for made in allocated for month, count in made.running.items() if month <= until)
    if declared > 0 and running:
        return to_cents(Fraction(declared, running)), False
    walking = [line.trajectories for line in lines if line.trajectories is not None]
    if walking:
        return walking[0].start_cents, True
    promised = sum(int(cents) for made in allocated for cents in made.values.values() if cents is not None)
    every = sum(count for made in allocated for count in made.running.values())
    return (to_cents(Fraction(promised, every)) if every else ZERO), False
