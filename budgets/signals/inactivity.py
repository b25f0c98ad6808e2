"""Subcontractors that did nothing for months: candidates for notice, and who is exempt (rule 45); pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from budgets.signals.model import Crossing, Exemption, ExemptionReason, Kind, Level
from lead_contractor.contract.model import InactivityTerms
from lead_contractor.kernel.money import ZERO
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import half_up
from subcontractors.clocks.terms import months_after


@dataclass(frozen=True, slots=True)
class Activity:
    """What is known of a subcontractor that is paid for what it delivers.

    Attributes:
        subcontractor: AGB code.
        since: from which day there is an agreement with it.
        last: the last month over which anything was approved; ``None`` where there was none.
    """

    subcontractor: str
    since: date
    last: Month | None


class Standing(StrEnum):
    """How a subcontractor without activity stands."""

    CANDIDATE = "candidate"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Inactive:
    """A subcontractor that was inactive for the whole term.

    Attributes:
        months: how many whole months it was inactive, as far as is known.
        exemption: what keeps it off the list; ``None`` for a candidate.
        lapsed: an exemption by satisfaction that does not count any more: too low, or measured too long ago.
    """

    subcontractor: str
    last: Month | None
    months: int
    exemption: Exemption | None = None
    lapsed: Exemption | None = None

    @property
    def standing(self) -> Standing:
        """Candidate or exempt."""
        return Standing.CANDIDATE if self.exemption is None else Standing.EXEMPT


def inactive(
    known: Iterable[Activity],
    exemptions: Mapping[str, Exemption],
    known_from: Month,
    day: date,
    terms: InactivityTerms,
) -> tuple[Inactive, ...]:
    """Who was inactive for the whole term up to a day, the longest first.

    Nobody is called inactive over months of which nothing is known, or before an agreement was there.

    Args:
        known: the subcontractors that are paid for what they deliver.
        exemptions: the newest by subcontractor.
        known_from: the first month of which it is known who delivered.
        day: the day.
        terms: what was agreed.
    """
    found = []
    for one in known:
        first = max(known_from, _first_whole_month(one.since))
        idle_from = first if one.last is None else max(first, one.last.plus(1))
        months = _months_over(idle_from, day)
        if months >= terms.months:
            exemption = exemptions.get(one.subcontractor)
            counts = exemption is not None and is_exempt(exemption, day, terms)
            lapsed = exemption if exemption is not None and exemption.reason is not None and not counts else None
            found.append(Inactive(one.subcontractor, one.last, months, exemption if counts else None, lapsed))
    return tuple(sorted(found, key=lambda one: (-one.months, one.subcontractor)))


def is_exempt(exemption: Exemption, day: date, terms: InactivityTerms) -> bool:
    """Whether an exemption counts on a day: a score has to be high enough and measured within the window."""
    if exemption.reason is not ExemptionReason.SATISFACTION:
        return exemption.reason is not None
    if exemption.score is None or exemption.measured_on is None:
        return False
    fresh = exemption.measured_on <= day <= months_after(exemption.measured_on, terms.window_months)
    return fresh and exemption.score >= half_up(terms.satisfaction * 100)


def inactive_crossings(found: Iterable[Inactive]) -> tuple[Crossing, ...]:
    """A signal for each candidate for notice."""
    return tuple(
        Crossing(
            Kind.INACTIVE,
            one.subcontractor,
            Level.FACT,
            ZERO,
            one.subcontractor,
            figures={"months": str(one.months), **({"last": str(one.last)} if one.last is not None else {})},
        )
        for one in found
        if one.standing is Standing.CANDIDATE
    )


def _first_whole_month(day: date) -> Month:
    month = Month.of(day)
    return month if day == month.first else month.plus(1)


def _months_over(first: Month, day: date) -> int:
    """How many months from a first one on are over on a day."""
    count = 0
    while first.plus(count).last <= day:
        count += 1
    return count
