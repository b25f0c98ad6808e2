"""Own cost of the whole year from what was booked so far: the average of the months that are over (rule 32); pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from budgets.scenarios.model import Grounds, OwnYear
from budgets.settlement.model import OwnCostTotal
from lead_contractor.contract.model import CostKind, OwnCost
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import split_evenly, times


def own_year(grounds: Grounds, change_percent: Decimal = Decimal(0)) -> OwnYear:
    """What own cost comes to.

    A month that is over counts as it was booked. Of every other month the average of those is expected, or what was
    booked in it already where that is more. What is disallowed goes on as it did.

    Args:
        grounds: what is known on the day.
        change_percent: how much more (or less) the months to come cost than expected.
    """
    made = {kind: _kind(grounds, kind, change_percent) for kind in CostKind}
    return OwnYear(
        by_kind={kind: amounts for kind, (amounts, _, _) in made.items()},
        months={kind: months for kind, (_, months, _) in made.items()},
        spread={kind: spread for kind, (_, _, spread) in made.items()},
        notes=_notes(grounds),
    )


def _notes(grounds: Grounds) -> tuple[str, ...]:
    if not grounds.own_costs:
        return ("no_own_cost",)
    over = [month for month in grounds.contract.months if month < grounds.first_to_come]
    return () if over else ("no_complete_month",)


def _kind(grounds: Grounds, kind: CostKind, change_percent: Decimal) -> tuple[OwnCostTotal, dict[Month, Cents], float]:
    costs = [cost for cost in grounds.own_costs if cost.kind is kind]
    allowed, spread = _months(grounds, [cost for cost in costs if not cost.disallowed], change_percent)
    refused, _ = _months(grounds, [cost for cost in costs if cost.disallowed], change_percent)
    disallowed = total(refused.values())
    return OwnCostTotal(total(allowed.values()) + disallowed, disallowed), allowed, spread


def _months(grounds: Grounds, costs: Sequence[OwnCost], change_percent: Decimal) -> tuple[dict[Month, Cents], float]:
    """Cents per contract month, and one standard deviation of their sum."""
    months = grounds.contract.months
    booked = dict.fromkeys(months, ZERO)
    for cost in costs:
        month = min(max(Month.of(cost.date), months[0]), months[-1])
        booked[month] += cost.amount
    over = [month for month in months if month < grounds.first_to_come]
    coming = [month for month in months if month >= grounds.first_to_come]
    if not over or not coming:
        return booked, 0.0
    rate = Fraction(int(total(booked[month] for month in over)), len(over))
    factor = 1 + Fraction(change_percent) / 100
    expected = split_evenly(times(Cents(1), rate * factor * len(coming)), len(coming))
    whole = {month: booked[month] for month in over}
    whole |= {month: max(booked[month], amount) for month, amount in zip(coming, expected, strict=True)}
    return whole, _spread([int(booked[month]) for month in over], len(coming))


def _spread(past: Sequence[int], coming: int) -> float:
    """Of the sum of the months to come: they differ as those before did, and their average is an estimate."""
    if len(past) < 2:  # noqa: PLR2004 - one month says nothing about how months differ
        return 0.0
    return statistics.stdev(past) * math.sqrt(coming * (1 + coming / len(past)))
