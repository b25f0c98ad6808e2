"""Trajectories: what is due, what open ones still make due when they end as planned, and those that will begin.

Of what open trajectories still make due, the part that earlier ends of this year kept counts: who stops early makes
less due. New ones begin at the pace of the months before, unless more are allocated already.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from budgets.forecast.inputs import Inputs, Trajectories
from budgets.forecast.model import Method, MonthForecast, Reason
from budgets.forecast.parts import Draft, Spread, whole
from lead_contractor.kernel.money import ZERO, total
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month, days_inclusive

FADE = 0.97
"""What the starts of a month count for relative to those of the month after it."""
AS_PLANNED = 5.0
"""For how many ends the assumption counts that trajectories end as planned."""
UNEVEN = 1.5
"""Variance of starts relative to that of pure chance (Poisson)."""
DAYS_IN_MONTH = 365 / MONTHS_IN_YEAR


@dataclass(frozen=True, slots=True)
class _Pace:
    """Starts per month, and how many months' worth of counting it rests on."""

    rate: float
    months: float


def trajectories(inputs: Inputs, known: Trajectories) -> Draft:
    """The year of one line of trajectories."""
    now = Month.of(inputs.as_of)
    over = inputs.closed or now > inputs.months[-1]
    pace = _Pace(0.0, 0.0) if over else _pace(known, now)
    share = 1.0 if over else kept_share(known)
    inflow = {} if over else _inflow(inputs, known, pace, share)
    coming = {
        month: 0.0
        if inputs.closed
        else float(known.open.get(month, ZERO)) * (1.0 if over else _survives(known, now, month, share))
        + max(0.0 if over else float(known.planned.get(month, ZERO)), inflow.get(month, 0.0))
        for month in inputs.months
    }
    months = []
    for month in inputs.months:
        expected, due = whole(coming.get(month, 0.0)), known.due.get(month, ZERO)
        passed = inputs.as_of >= month.last
        months.append(MonthForecast(month, due, expected if passed else ZERO, ZERO if passed else expected))
    figures = {
        "due": str(total(known.due.values())),
        "open": str(total(known.open.values())),
        "planned": str(total(known.planned.values())),
        "inflow": str(whole(sum(inflow.values()))),
        "kept_percent": f"{100 * share:.1f}",
        "starts_per_month": f"{pace.rate:.2f}",
    }
    error = whole(_error(known, coming, pace, inflow))
    rest = sum(coming.values())
    method = Method.TRAJECTORIES if rest else Method.KNOWN
    return Draft(tuple(months), method, (Reason("trajectories", figures),), Spread(error, error))


def kept_share(known: Trajectories) -> float:
    """What ends of this year kept of what they would have made due as planned; 1 where nothing ended."""
    planned = float(known.kept_planned)
    trust = AS_PLANNED * float(known.end_cents)
    return max(0.0, (float(known.kept) + trust) / (planned + trust)) if planned + trust > 0 else 1.0


def _survives(known: Trajectories, now: Month, end: Month, share: float) -> float:
    """What is kept of an end: stops come evenly over the term, and most of that has passed already."""
    if not known.days:
        return share
    left = (end.year - now.year) * MONTHS_IN_YEAR + end.number - now.number + 0.5
    return 1 - (1 - share) * min(1.0, max(0.0, left) * DAYS_IN_MONTH / known.days)


def _pace(known: Trajectories, now: Month) -> _Pace:
    counted = {month: count for month, count in known.starts.items() if month <= now}
    if not counted:
        return _Pace(0.0, 0.0)
    top = bottom = 0.0
    month = min(counted)
    while month <= now:
        top, bottom = FADE * top + counted.get(month, 0), FADE * bottom + 1
        month = month.plus(1)
    return _Pace(top / bottom, bottom)


def _inflow(inputs: Inputs, known: Trajectories, pace: _Pace, share: float) -> dict[Month, float]:
    """Per month, what new trajectories make due: their start, and their end where it falls in the year."""
    now = Month.of(inputs.as_of)
    last = inputs.months[-1]
    found: dict[Month, float] = {}
    for month in inputs.months:
        if month < now:
            continue
        left = 1.0
        if month == now:
            left = 1 - days_inclusive(now.first, inputs.as_of) / days_inclusive(now.first, now.last)
        found[month] = found.get(month, 0.0) + pace.rate * left * float(known.start_cents)
        # Begun halfway through the month, on average.
        end = month.plus(int(0.5 + known.days / DAYS_IN_MONTH))
        if known.days and end <= last:
            found[end] = found.get(end, 0.0) + pace.rate * left * float(known.end_cents) * share
    return found


def _error(known: Trajectories, coming: dict[Month, float], pace: _Pace, inflow: dict[Month, float]) -> float:
    """Standard error: how many begin, how well the pace is known, and how those that run will end."""
    fresh = sum(inflow.values())
    each = float(known.start_cents) or float(known.end_cents) or 1.0
    begins = UNEVEN * max(fresh, 0.0) * each
    pace_error = (fresh**2 * UNEVEN / (pace.rate * pace.months)) if pace.rate > 0 else 0.0
    running = max(0.0, sum(coming.values()) - fresh)
    ends = running * (float(known.end_cents) or each) * 0.5
    return sqrt(begins + pace_error + ends)
