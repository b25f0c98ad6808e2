"""The steps from lump sum to result and what becomes of it: the same rows for the drawing and its table; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from budgets.scenarios.outlook import Outlook
from budgets.settlement.model import Deficit
from budgets.use.model import Standing, YearPosition
from budgets.use.standing import FORM_ACCOUNTS
from lead_contractor.books import accounts
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month


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

    ``total`` steps stand on zero and change no level; ``between`` are the bounds of 80 % of what is expected.
    """

    name: StepName
    amount: Cents
    start: Cents
    end: Cents
    total: bool = False
    accounts: tuple[str, ...] = ()
    between: tuple[Cents, Cents] | None = None


_ALWAYS = frozenset({StepName.SUBCONTRACTORS, StepName.OWN_DELIVERY, StepName.OVERHEAD, StepName.OTHER})


def steps_of(position: YearPosition) -> tuple[Step, ...]:
    """The steps of where the year stands; of a settled year those of its settlement.

    A step of nothing is left out, but for the four that every contract has. While no month is complete, nothing is said
    of what becomes of the result.
    """
    outcome = position.outcome
    standing = position.standing if outcome is None else replace(position.standing, surplus=outcome.surplus)
    return _steps(standing, None if outcome is None else outcome.deficit, known=bool(position.complete))


def steps_ahead(outlook: Outlook, month: Month) -> tuple[Step, ...]:
    """The steps of the settlement as it is expected to be, the result and what becomes of it with their bounds."""
    made = outlook.settlement
    standing = Standing(month, made.revenue, made.cost, ZERO, made.margin_percent, outlook.cap, made.surplus)
    bounds = {StepName.RESULT: outlook.result, StepName.REPAID: outlook.repaid}
    bounds[StepName.MUNICIPALITY] = outlook.deficit_municipality
    found = []
    steps = list(_steps(standing, made.deficit, known=True))
    if outlook.repaid.high80 > 0 and not any(step.name is StepName.REPAID for step in steps):
        steps.append(Step(StepName.REPAID, ZERO, steps[-1].end, steps[-1].end))
    for step in steps:
        bound = bounds.get(step.name)
        between = None if bound is None or bound.certain else (bound.low80, bound.high80)
        if between is not None and step.name is StepName.MUNICIPALITY:
            between = (-between[1], -between[0])
        found.append(replace(step, between=between, accounts=()))
    return tuple(found)


def _steps(standing: Standing, deficit: Deficit | None, *, known: bool) -> tuple[Step, ...]:
    made = [_first(standing)]
    for name, amount, codes in _costs(standing):
        if amount or name in _ALWAYS:
            made.append(Step(name, amount, made[-1].end, made[-1].end + amount, accounts=codes))
    made.append(Step(StepName.RESULT, standing.room, ZERO, standing.room, total=True))
    level = ZERO
    for name, amount in _destinations(standing, deficit):
        if amount and known:
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


def _destinations(standing: Standing, deficit: Deficit | None) -> list[tuple[StepName, Cents]]:
    """What becomes of the result; who bears a shortage is only known once the year is settled, or expected to be."""
    surplus = standing.surplus
    found = [
        (StepName.KEPT, standing.kept),
        (StepName.REPAID, surplus.repaid),
        (StepName.INVESTED, surplus.invested),
        (StepName.TO_RESERVE, surplus.added_to_reserve),
    ]
    if deficit is not None:
        found += [
            (StepName.FROM_RESERVE, -deficit.reserve_used),
            (StepName.MUNICIPALITY, -deficit.municipality),
            (StepName.CONTRACTOR, -deficit.contractor),
        ]
    return found
