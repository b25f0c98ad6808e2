"""Ways to make a budget: an amount per inhabitant, a discount beforehand, and a split that adds up; pure.

Every amount is whole cents; what is split always adds up (largest remainder, the first in order wins a tie).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.rounding import percent_of, split, split_evenly

K = TypeVar("K")


def population_amount(inhabitants: int, per_inhabitant: Cents) -> Cents:
    """What a task costs for a population (rule 9): 49,000 × 138.27 = 6,775,230.00.

    Raises:
        Refusal: a number of inhabitants below zero.
    """
    if inhabitants < 0:
        raise Refusal("Een aantal inwoners is niet lager dan nul.")
    return per_inhabitant * inhabitants


def discounted(amount: Cents, percent: Decimal) -> Cents:
    """What is left after a discount agreed beforehand (rule 44): 20 % off 2,000,000.00 leaves 1,600,000.00."""
    return amount - percent_of(amount, percent)


def by_key(amount: Cents, weights: Mapping[K, Decimal]) -> dict[K, Cents]:
    """Split over areas, municipalities or anything else by a key (rules 40 and 44), in the order of the key.

    Raises:
        Refusal: the key holds no weight above zero.
    """
    if not any(weight > 0 for weight in weights.values()):
        raise Refusal("Een verdeelsleutel heeft ten minste één gewicht boven nul.")
    return dict(zip(weights, split(amount, list(weights.values())), strict=True))


def over_months(amount: Cents, months: Sequence[Month]) -> dict[Month, Cents]:
    """Split evenly over months (rule 1)."""
    return dict(zip(months, split_evenly(amount, len(months)), strict=True))


def in_proportion(amount: Cents, standing: Mapping[Month, Cents], months: Iterable[Month]) -> dict[Month, Cents]:
    """Split over months as what stands there is spread; evenly where nothing stands. Months without a part are absent.

    An amount that takes off, and is no more than what stands in these months, leaves no month below zero.
    """
    chosen = list(months)
    weights = [max(0, int(standing.get(month, 0))) for month in chosen]
    parts = split(amount, weights) if any(weights) else split_evenly(amount, len(chosen))
    return {month: part for month, part in zip(chosen, parts, strict=True) if part}
