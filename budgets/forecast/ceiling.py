"""Ceilings: what lies above is taken off, except for what is always paid; lines share it (rule 20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from budgets.forecast.inputs import Ceiling
from budgets.forecast.model import LineKey
from budgets.forecast.parts import Draft
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import split, times


def above(cents: Cents, produced: Cents, always_paid: Cents) -> Cents:
    """What of the production is not paid: that which lies above the ceiling, what is always paid left out (rule 20)."""
    return Cents(max(0, produced - always_paid - cents))


def production(ceiling: Ceiling, drafts: Mapping[LineKey, Draft], until: Month | None = None) -> tuple[Cents, Cents]:
    """Production under an agreement, and what of it is always paid, up to and including a month or in the year.

    What is still to come has the same share that is always paid as what was produced so far.
    """
    lines = [drafts[key] for key in ceiling.keys if key in drafts]
    months = [month for line in lines for month in line.months if month.month in ceiling.months]
    if until is None:
        rest = total(month.late + month.coming for month in months)
        produced = Cents(ceiling.produced + rest)
    else:
        made = total(month.realised for line in lines for month in line.months)
        so_far = total(month.realised for line in lines for month in line.months if month.month <= until)
        own = times(ceiling.produced, Fraction(so_far, made)) if made else ZERO
        produced = Cents(own + total(month.late + month.coming for month in months if month.month <= until))
    return produced, _always(ceiling, produced)


def _always(ceiling: Ceiling, produced: Cents) -> Cents:
    if produced == ceiling.produced or not ceiling.always_paid:
        return ceiling.always_paid
    if ceiling.produced <= 0:
        return ceiling.always_paid
    return times(ceiling.always_paid, Fraction(max(0, int(produced)), int(ceiling.produced)))


def taken_off(ceilings: Sequence[Ceiling], drafts: Mapping[LineKey, Draft]) -> dict[LineKey, Cents]:
    """Per line what of its year lies above a ceiling; lines share it after what they produce."""
    found: dict[LineKey, Cents] = dict.fromkeys(drafts, ZERO)
    for ceiling in sorted(ceilings, key=lambda each: each.agreement):
        over = above(ceiling.cents, *production(ceiling, drafts))
        keys = sorted({key for key in ceiling.keys if key in drafts})
        weights = [max(0, int(drafts[key].point)) for key in keys]
        over = Cents(min(over, sum(weights)))
        if not over:
            continue
        for key, part in zip(keys, split(over, weights), strict=True):
            found[key] += part
    return found


def taken_off_until(ceilings: Sequence[Ceiling], drafts: Mapping[LineKey, Draft], month: Month) -> Cents:
    """What all ceilings take off of the standing at the end of a month."""
    return total(above(ceiling.cents, *production(ceiling, drafts, month)) for ceiling in ceilings)


def most(
    ceilings: Sequence[Ceiling], drafts: Mapping[LineKey, Draft], off: Mapping[LineKey, Cents]
) -> dict[LineKey, Cents]:
    """Per line the highest amount that its ceilings let it reach while the lines beside it stay as expected."""
    found: dict[LineKey, Cents] = {}
    for ceiling in ceilings:
        produced, always = production(ceiling, drafts)
        room = max(0, ceiling.cents - (produced - always))
        for key in ceiling.keys:
            if key in drafts:
                limit = Cents(drafts[key].point - off[key] + room)
                found[key] = min(found.get(key, limit), limit)
    return found
