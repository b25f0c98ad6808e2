"""The steps from lump sum to result and what becomes of it: the same rows for the drawing and its table; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from budgets.use.model import Outcome, Standing, YearPosition
from budgets.use.standing import FORM_ACCOUNTS
from lead_contractor.books import accounts
from lead_contractor.kernel.money import ZERO, Cents


class StepName(StrEnum):
    """What a step is about."""

    LUMP_SUM = "lump_sum"
    VOLUME = "volume"
    DEDUCTIONS = "deductions"
    SUBCONTRACTORS = "subcontractors"
    OWN_DELIVERY = "own_delivery"
    OVERHEAD = "overhead"
    OTHER = "other"
    PRIOR_YEAR = "prior_year"
    RESULT = "result"
    KEPT = "kept"
    REPAID = "repaid"
    INVESTED = "invested"
    TO_RESERVE = "to_reserve"
    FROM_RESERVE = "from_reserve"
    MUNICIPALITY = "municipality"
    CONTRACTOR = "contractor"


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its signed amount, the level before and after it, and the accounts whose balance it is.

    ``total`` steps stand on zero and change no level.
    """

    name: StepName
    amount: Cents
    start: Cents
    end: Cents
    total: bool = False
    accounts: tuple[str, ...] = ()


_ALWAYS = frozenset({StepName.SUBCONTRACTORS, StepName.OWN_DELIVERY, StepName.OVERHEAD, StepName.OTHER})


def steps_of(position: YearPosition) -> tuple[Step, ...]:
    """The steps of where the year stands; of a settled year those of its settlement.

    A step of nothing is left out, but for the four that every contract has. While no month is complete, nothing is said
    of what becomes of the result.
    """
    standing = position.standing
    made = [_first(standing)]
    for name, amount, codes in _costs(standing):
        if amount or name in _ALWAYS:
            made.append(Step(name, amount, made[-1].end, made[-1].end + amount, accounts=codes))
    made.append(Step(StepName.RESULT, standing.room, ZERO, standing.room, total=True))
    level = ZERO
    for name, amount in _destinations(standing, position.outcome):
        if amount and position.complete:
            made.append(Step(name, amount, level, level + amount))
            level += amount
    return tuple(made)


def _first(standing: Standing) -> Step:
    instalments = standing.revenue.lump_sum + standing.revenue.indexation
    codes = (accounts.REVENUE_LUMP_SUM, accounts.REVENUE_INDEXATION)
    return Step(StepName.LUMP_SUM, instalments, ZERO, instalments, total=True, accounts=codes)


def _costs(standing: Standing) -> list[tuple[StepName, Cents, tuple[str, ...]]]:
    revenue, cost = standing.revenue, standing.cost
    return [
        (StepName.VOLUME, revenue.volume_adjustment, (accounts.REVENUE_VOLUME,)),
        (StepName.DEDUCTIONS, -revenue.deductions, (accounts.REVENUE_DEDUCTIONS,)),
        (StepName.SUBCONTRACTORS, -cost.subcontractors, FORM_ACCOUNTS),
        (StepName.OWN_DELIVERY, -cost.own_delivery, (accounts.COST_OWN_DELIVERY,)),
        (StepName.OVERHEAD, -cost.overhead, (accounts.COST_OVERHEAD,)),
        (StepName.OTHER, -cost.other, (accounts.COST_OTHER,)),
        (StepName.PRIOR_YEAR, -cost.prior_year, (accounts.COST_PRIOR_YEAR,)),
    ]


def _destinations(standing: Standing, outcome: Outcome | None) -> list[tuple[StepName, Cents]]:
    """What becomes of the result; who bears a shortage is only known once the year is settled."""
    surplus = standing.surplus if outcome is None else outcome.surplus
    found = [
        (StepName.KEPT, standing.kept),
        (StepName.REPAID, surplus.repaid),
        (StepName.INVESTED, surplus.invested),
        (StepName.TO_RESERVE, surplus.added_to_reserve),
    ]
    if outcome is not None:
        found += [
            (StepName.FROM_RESERVE, -outcome.deficit.reserve_used),
            (StepName.MUNICIPALITY, -outcome.deficit.municipality),
            (StepName.CONTRACTOR, -outcome.deficit.contractor),
        ]
    return found
