"""What we can work out ourselves, so that it is not asked: from declarations, returns, allocations and reports; pure.

An information request must not ask what is already in messages (Contractstandaard 3.10).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.rounding import half_up
from subcontractors.reports.model import Measured

HOUR, MINUTE = "04", "01"
MINUTES_IN_HOUR = 60
PLANNED, BY_CLIENT, BY_PROVIDER, AGREED = "19", "21", "22", "23"
"""Reasons of a stop (WMO588)."""
ENDED = frozenset({PLANNED, BY_CLIENT, BY_PROVIDER, AGREED})
ONE_SIDED = frozenset({BY_CLIENT, BY_PROVIDER})
WELL_ENDED = frozenset({PLANNED, AGREED})
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Start:
    """A start that was accepted and not withdrawn; ``decided`` is the day of its allocation, where it is known."""

    client: int
    begin: date
    decided: date | None


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop that was accepted and not withdrawn, with its reason."""

    client: int
    end: date
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one subcontractor in a contract year.

    Attributes:
        volumes: declared volume by agreement and unit in the quarter, credits taken off.
        clients: how many different clients were served in the quarter.
        declares: whether it hands in declarations at all, so that no line means nobody served.
        returned: FTE and hours by agreement and month, as returned.
        starts, stops: of the whole contract year.
        first_quarter: the first quarter of the contract.
    """

    volumes: Mapping[tuple[str, str], int]
    clients: int
    declares: bool
    returned: Mapping[tuple[str, Month], tuple[Decimal | None, Decimal | None]]
    starts: Sequence[Start]
    stops: Sequence[Stop]
    first_quarter: Quarter


def known(facts: Facts, quarter: Quarter) -> dict[str, Measured]:
    """The figures that we know, by id; what is absent has to be asked."""
    found = {
        "hours": _hours(facts, quarter),
        "clients": Measured(Decimal(facts.clients)) if facts.declares else None,
        "fte": _fte(facts, quarter),
        "waiting": _waiting(facts, quarter),
        "dropout": _dropout(facts, quarter),
        "goals_3_2": _not_again(facts, quarter),
    }
    return {name: one for name, one in found.items() if one is not None}


def _hours(facts: Facts, quarter: Quarter) -> Measured | None:
    minutes: dict[str, int] = {}
    for (agreement, unit), volume in facts.volumes.items():
        if unit in (HOUR, MINUTE):
            each = MINUTES_IN_HOUR if unit == HOUR else 1
            minutes[agreement] = minutes.get(agreement, 0) + volume * each
    declared = Fraction(sum(minutes.values()), MINUTES_IN_HOUR)
    returned = [
        hours
        for (agreement, month), (_, hours) in facts.returned.items()
        if month in quarter.months and hours is not None and agreement not in minutes
    ]
    if not minutes and not returned:
        return None
    return Measured(_decimal(declared + sum((Fraction(one) for one in returned), Fraction(0))))


def _fte(facts: Facts, quarter: Quarter) -> Measured | None:
    """The average over the months returned, per agreement; together of all agreements."""
    by_agreement: dict[str, list[Decimal]] = {}
    for (agreement, month), (fte, _) in facts.returned.items():
        if month in quarter.months and fte is not None:
            by_agreement.setdefault(agreement, []).append(fte)
    if not by_agreement:
        return None
    means = [Fraction(sum(found, Decimal(0))) / len(found) for found in by_agreement.values()]
    return Measured(_decimal(sum(means, Fraction(0))))


def _waiting(facts: Facts, quarter: Quarter) -> Measured | None:
    days = [
        max(0, (one.begin - one.decided).days)
        for one in facts.starts
        if one.decided is not None and quarter.first <= one.begin <= quarter.last
    ]
    if not days:
        return _nobody(facts)
    return Measured(_decimal(Fraction(sum(days), len(days))), len(days))


def _dropout(facts: Facts, quarter: Quarter) -> Measured | None:
    ended = [one for one in _within(facts.stops, quarter) if one.reason in ENDED]
    if not ended:
        return _nobody(facts)
    return Measured(Decimal(sum(one.reason in ONE_SIDED for one in ended)), len(ended))


def _nobody(facts: Facts) -> Measured | None:
    """Nothing happened, as far as whoever reports starts and stops can be believed; else it is not known."""
    return Measured(Decimal(0), 0) if facts.starts or facts.stops else None


def _not_again(facts: Facts, quarter: Quarter) -> Measured | None:
    """Rule 17: who came back counts against it; one client counts once."""
    if quarter <= facts.first_quarter:
        return None
    left: dict[int, date] = {}
    for one in _within(facts.stops, quarter.plus(-1)):
        if one.reason in WELL_ENDED:
            left[one.client] = max(one.end, left.get(one.client, one.end))
    if not left:
        return None
    again = {
        start.client
        for start in facts.starts
        if start.client in left and left[start.client] < start.begin <= quarter.last
    }
    return Measured(Decimal(len(left) - len(again)), len(left))


def _within(stops: Iterable[Stop], quarter: Quarter) -> list[Stop]:
    return [one for one in stops if quarter.first <= one.end <= quarter.last]


def _decimal(value: Fraction) -> Decimal:
    """Rounded to two decimals, half up."""
    return Decimal(half_up(value * 10**_DECIMALS)).scaleb(-_DECIMALS)
