"""What FTE and availability agreements realised, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self

from budgets.example.deliveries import SEASON
from budgets.example.plan import YEAR, Plan
from budgets.example.providers import Provider
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import half_up, split
from subcontractors.agreements.model import FormCode, Realised

HUNDREDTH = Decimal("0.01")
USUAL_HOURS = Decimal("1164.36")
"""Hours a year of one FTE: 62 % of 1,878 (rule 19)."""
OCCUPANCY = ("84.0", "82.5", "83.0", "80.5", "79.0", "78.5", "71.0", "68.5", "79.0", "82.0", "83.5", "81.3")
"""On average 79.4 %, 5.6 points under the norm (rule 21)."""
SWING = (0, 2, -2, 1, -1, 3, -3, 0, 2, -2, 1, -1)
"""Hundredths of an FTE by which the months differ; they add up to nothing."""


@dataclass(frozen=True, slots=True)
class Months:
    """Twelve months of one agreement: FTE and hours, or occupancy in percent; ``contracted`` is the agreed FTE."""

    contracted: Decimal
    fte: tuple[Decimal, ...] = ()
    hours: tuple[Decimal, ...] = ()
    occupancy: tuple[Decimal, ...] = ()

    @classmethod
    def of(cls, plan: Plan, provider: Provider) -> Self:
        """The months of a provider's agreement."""
        sketch = provider.sketch
        if sketch.form is FormCode.AVAILABILITY:
            return cls(Decimal(0), occupancy=tuple(Decimal(text) for text in OCCUPANCY))
        contracted = contracted_fte(plan, provider)
        middle = half_up(contracted * sketch.realised * 100)
        fte = tuple(HUNDREDTH * (middle + swing) for swing in SWING)
        share = Decimal(1) if sketch.hours is None else sketch.hours
        tenths = half_up(USUAL_HOURS * share * average(fte) * 10)
        hours = tuple(Decimal(int(part)) / 10 for part in split(Cents(tenths), SEASON))
        return cls(contracted, fte, hours)


def contracted_fte(plan: Plan, provider: Provider) -> Decimal:
    """The agreed FTE in hundredths, scaled with the clients, at least a tenth."""
    return HUNDREDTH * max(10, half_up(Fraction(provider.sketch.fte) * plan.scale * 100))


def average(values: Sequence[Decimal]) -> Decimal:
    """The plain average."""
    return sum(values, Decimal(0)) / len(values)


def realised(plan: Plan) -> list[Realised]:
    """The rows of ``realised.csv``, by agreement and month."""
    rows = []
    for provider in plan.providers:
        if provider.sketch.form not in (FormCode.FTE, FormCode.AVAILABILITY):
            continue
        months = Months.of(plan, provider)
        rows += [
            Realised(
                agreement=provider.agreement,
                month=Month(YEAR, place + 1),
                fte=months.fte[place] if months.fte else None,
                hours=months.hours[place] if months.hours else None,
                occupancy_percent=months.occupancy[place] if months.occupancy else None,
            )
            for place in range(12)
        ]
    return rows
