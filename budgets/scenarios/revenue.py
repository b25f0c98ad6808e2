"""Revenue of the whole year: the lump sum as it is reckoned, with the volume adjustment that is to be expected; pure.

The numbers of beschikkingen on measuring days that are still to come are expected to go on from the last one known,
with the average change so far, which counts the more the more changes there were.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from budgets.scenarios.model import Grounds
from budgets.settlement.model import RevenueParts
from lead_contractor.contract.indexation import missing_figures
from lead_contractor.contract.lump_sum import LumpSumReckoning, part_of_year, reckon
from lead_contractor.contract.model import BeschikkingCount, Contract, VolumeClause
from lead_contractor.contract.volume import full_year_adjustment, measuring_days
from lead_contractor.kernel.findings import errors
from lead_contractor.kernel.rounding import times

CREDIBILITY = 4
"""So many changes of the number weigh as much as none at all: with four, the average change counts for half."""
COUNT_DECIMALS = 4
_DAYS_PER_MONTH = 365.25 / 12
Growth = Callable[[date], Fraction]
"""By which factor a number of beschikkingen on a day differs from what was expected."""


@dataclass(frozen=True, slots=True)
class RevenueYear:
    """The revenue of the year.

    Attributes:
        contract: the terms as far as they could be reckoned with.
        reckoning: of the lump sum, with the expected volume adjustment.
        spread: one standard deviation of the measured number of beschikkingen.
        notes: see :data:`budgets.scenarios.outlook.NOTES`.
    """

    contract: Contract
    reckoning: LumpSumReckoning
    spread: float
    notes: tuple[str, ...] = ()

    @property
    def parts(self) -> RevenueParts:
        """Middle expectation, by part."""
        made = self.reckoning
        return RevenueParts(made.lump_sum, made.indexation, made.volume_adjustment, made.deducted)

    def shocked(self, shock: float) -> RevenueParts:
        """The parts when the measured number ends so many standard deviations away."""
        made, clause = self.reckoning, self.contract.lump_sum.volume
        if clause is None or made.measured is None or not self.spread or not shock:
            return self.parts
        number = max(Fraction(0), made.measured + _exact(shock * self.spread))
        whole = full_year_adjustment(clause, number, made.full_year)
        return replace(self.parts, volume_adjustment=times(whole, part_of_year(self.contract)))


def revenue_year(
    grounds: Grounds, corridor_percent: Decimal | None = None, growth: Growth = lambda _day: Fraction(1)
) -> RevenueYear:
    """What the municipality will owe for the year.

    Args:
        grounds: what is known on the day.
        corridor_percent: another corridor than the contract's.
        growth: how a scenario changes the numbers that are still to come.
    """
    contract, notes = _reckonable(grounds)
    clause = contract.lump_sum.volume
    if clause is None:
        return RevenueYear(contract, reckon(contract, grounds.figures, ()), 0.0, notes)
    if corridor_percent is not None:
        clause = replace(clause, corridor_percent=corridor_percent)
        contract = _with_volume(contract, clause)
    counts, spread = expected_counts(grounds, clause, growth)
    return RevenueYear(contract, reckon(contract, grounds.figures, counts), spread, notes)


def _reckonable(grounds: Grounds) -> tuple[Contract, tuple[str, ...]]:
    """The terms without the clauses for which figures are missing, and which those were."""
    contract, notes = grounds.contract, []
    terms = contract.lump_sum
    if errors(missing_figures(terms.indexation, contract.year, grounds.figures)):
        contract = replace(contract, lump_sum=replace(contract.lump_sum, indexation=None))
        notes.append("no_index_figures")
    if terms.volume is not None and not grounds.counts:
        contract = _with_volume(contract, None)
        notes.append("no_counts")
    return contract, tuple(notes)


def _with_volume(contract: Contract, clause: VolumeClause | None) -> Contract:
    return replace(contract, lump_sum=replace(contract.lump_sum, volume=clause))


def expected_counts(
    grounds: Grounds, clause: VolumeClause, growth: Growth = lambda _day: Fraction(1)
) -> tuple[tuple[BeschikkingCount, ...], float]:
    """A number for every measuring day, and one standard deviation of their average."""
    days = measuring_days(clause, grounds.contract.months)
    known = {count.date: count.active for count in grounds.counts}
    coming = [day for day in days if day not in known]
    if not coming or not known:
        return grounds.counts, 0.0
    last = max(known)
    drift, wobble = _monthly_change(grounds.counts)
    expected = [
        BeschikkingCount(
            day,
            _decimal(max(Fraction(0), Fraction(known[last]) + drift * _exact(_months(last, day))) * growth(day)),
        )
        for day in coming
    ]
    # The average of numbers that go their own way from one and the same start: those far away differ most, together.
    lead = [max(0.0, _months(last, day)) for day in coming]
    variance = sum(min(one, other) for one in lead for other in lead) / len(days) ** 2
    return (*grounds.counts, *expected), wobble * math.sqrt(variance)


def _monthly_change(counts: Sequence[BeschikkingCount]) -> tuple[Fraction, float]:
    """The change per month to be expected, and one standard deviation of a month's change."""
    ordered = sorted({count.date: count.active for count in counts}.items())
    changes = [Fraction(after) - Fraction(before) for (_, before), (_, after) in pairwise(ordered)]
    if not changes:
        return Fraction(0), 0.0
    months = max(1.0, _months(ordered[0][0], ordered[-1][0]))
    per_month = sum(changes, Fraction(0)) / _exact(months)
    number = len(changes)
    wobble = statistics.stdev(map(float, changes)) if number > 1 else 0.0
    return per_month * Fraction(number, number + CREDIBILITY), wobble * math.sqrt(number / months)


def _months(first: date, last: date) -> float:
    return (last - first).days / _DAYS_PER_MONTH


def _exact(value: float) -> Fraction:
    """A statistic as an exact number of four decimals."""
    return Fraction(round(value * 10**COUNT_DECIMALS), 10**COUNT_DECIMALS)


def _decimal(value: Fraction) -> Decimal:
    """A number of beschikkingen, to four decimals."""
    return Decimal(round(value * 10**COUNT_DECIMALS)).scaleb(-COUNT_DECIMALS)
