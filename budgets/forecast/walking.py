"""The trajectories of a line: what they made due so far, what they still will, and how they began and ended; pure.

What is due follows from the terms of the agreement (rules 15 to 17); here it is only told apart by the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from budgets.forecast.inputs import Trajectories
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month, days_inclusive
from lead_contractor.kernel.rounding import half_up, to_cents
from subcontractors.agreements.model import Trajectory
from subcontractors.agreements.trajectory import TrajectoryDue, TrajectoryTerms, trajectories_due


@dataclass(slots=True)
class Walked:
    """The trajectories of one subcontractor and product, added up as they come; of one agreement or more."""

    due: dict[Month, Cents] = field(default_factory=lambda: defaultdict(Cents))
    open: dict[Month, Cents] = field(default_factory=lambda: defaultdict(Cents))
    planned: dict[Month, Cents] = field(default_factory=lambda: defaultdict(Cents))
    starts: dict[Month, int] = field(default_factory=lambda: defaultdict(int))
    prices: list[tuple[Cents, Cents]] = field(default_factory=list)
    """Start amount and remainder of the price, once for each trajectory."""
    days: list[int] = field(default_factory=list)
    ended: int = 0
    kept: Cents = ZERO
    kept_planned: Cents = ZERO


@dataclass(frozen=True, slots=True)
class Day:
    """The contract year and the day from which one looks; ``closed`` when nothing that is to come counts any more."""

    year: int
    months: Sequence[Month]
    as_of: date
    closed: bool = False

    def over(self, day: date) -> bool:
        """Whether it has come."""
        return self.closed or day <= self.as_of

    def month(self, day: date) -> Month:
        """The contract month in which an amount of this year is shown: its own, the first or the last."""
        return min(max(Month.of(day), self.months[0]), self.months[-1])


def walk(terms: TrajectoryTerms, made: Iterable[Trajectory], seen: Day, walked: Mapping[str, Walked]) -> None:
    """Add the trajectories of an agreement to those of its products (a mapping that makes what it lacks)."""
    for one in trajectories_due(terms, made):
        _add(walked[one.trajectory.product_code], terms, one, seen)


def _add(to: Walked, terms: TrajectoryTerms, one: TrajectoryDue, seen: Day) -> None:
    what, started, ended = one.trajectory, one.trajectory.started, one.trajectory.ended
    begun, over = seen.over(started), seen.over(ended)
    if started.year == seen.year and one.at_start:
        (to.due if begun else to.planned)[seen.month(started)] += one.at_start
    if ended.year == seen.year and one.at_end:
        (to.due if begun and over else to.open if begun else to.planned)[seen.month(ended)] += one.at_end
    if one.guaranteed_by is not None:
        return
    rest = terms.price - terms.start_amount
    to.prices.append((terms.start_amount, rest))
    to.days.append(days_inclusive(what.allocation_start, what.allocation_end))
    if begun and started.year >= seen.year - 1:
        to.starts[Month.of(started)] += 1
    if begun and over and ended.year == seen.year:
        to.ended += 1
        to.kept += one.at_end
        to.kept_planned += rest


def as_input(walked: Walked, terms: TrajectoryTerms) -> Trajectories:
    """The same as the forecast takes it; where nothing walked yet, a trajectory is as agreed."""
    prices = walked.prices or [(terms.start_amount, terms.price - terms.start_amount)]
    return Trajectories(
        due=dict(walked.due),
        open=dict(walked.open),
        planned=dict(walked.planned),
        starts=dict(walked.starts),
        start_cents=to_cents(Fraction(sum(int(start) for start, _ in prices), len(prices))),
        end_cents=to_cents(Fraction(sum(int(rest) for _, rest in prices), len(prices))),
        days=half_up(Fraction(sum(walked.days), len(walked.days))) if walked.days else 0,
        ended=walked.ended,
        kept=walked.kept,
        kept_planned=walked.kept_planned,
    )
