"""The outcome that the example aims at: revenue, what each agreement costs, and what own delivery must then be.

These figures come from what the generator knows and steer the example; the settlement itself is reckoned by
:mod:`budgets.settlement` from the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from budgets.example.allocations import Care
from budgets.example.deliveries import Draft
from budgets.example.plan import YEAR, Plan
from budgets.example.providers import Provider
from budgets.example.realised import Months, average
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import half_up, percent_of, split_evenly, times, to_cents
from subcontractors.agreements.model import FormCode

INDEX_PERCENT = Decimal("4.96")
"""Of the index figures in the folder, by difference, rounded to two decimals (rule 3)."""
PAID_INDEX_PERCENT = Decimal("4.91")
"""The first published advice, by which the municipality paid its instalments."""
DEDUCTION_MONTH, DEDUCTION_PERCENT = 3, Decimal(5)
GROSS_HOURS, NORM_PERCENT, TOLERANCE_PERCENT = Decimal(1878), Decimal(62), Decimal(3)
OCCUPANCY_NORM, MALUS_PERCENT = Decimal(85), Decimal("0.5")
QUARTERS = (3, 6, 9, 12)
LATE_LINES, LATE_CORRECTIONS = 2, 4
THOUSAND_EUROS = 100000


@dataclass(frozen=True, slots=True)
class Targets:
    """What the example is expected to settle to, in cents; ``due`` and ``ceilings`` are per agreement."""

    baseline: int
    indexed: Cents
    volume: Cents
    deduction: Cents
    ceilings: Mapping[str, Cents]
    due: Mapping[str, Cents]
    overhead: Cents
    own_delivery: Cents
    other: Cents

    @property
    def revenue(self) -> Cents:
        """Indexed lump sum with volume adjustment, less the deduction."""
        return self.indexed + self.volume - self.deduction

    @property
    def subcontractors(self) -> Cents:
        """What all agreements cost."""
        return total(self.due.values())


def month_ends() -> tuple[date, ...]:
    """The last days of the year's months."""
    return tuple(Month(YEAR, number).last for number in range(1, 13))


def active_on(cares: Iterable[Care], day: date) -> int:
    """How many clients have a decision on a day."""
    return len(
        {
            care.client.bsn
            for care in cares
            if care.allocation.start <= day and (care.allocation.end is None or care.allocation.end >= day)
        }
    )


def production(plan: Plan, drafts: Iterable[Draft]) -> dict[str, tuple[Cents, Cents]]:
    """Per P×Q agreement what counts in the year: all of it, and of that what is always paid."""
    found = {provider.agreement: (ZERO, ZERO) for provider in plan.providers if provider.sketch.form is FormCode.PXQ}
    for draft in drafts:
        if not counts(draft):
            continue
        all_of_it, always = found[draft.provider.agreement]
        amount = -draft.amount if draft.credit else draft.amount
        flagged = amount if draft.care.allocation.flags else ZERO
        found[draft.provider.agreement] = (all_of_it + amount, always + flagged)
    return found


def counts(draft: Draft) -> bool:
    """Whether a P×Q line is expected in the settlement: sound, of this year, received in time."""
    in_time = draft.late_by <= (LATE_CORRECTIONS if draft.correction else LATE_LINES)
    return draft.sound and in_time and draft.month.year == YEAR and draft.provider.sketch.form is FormCode.PXQ


def targets(plan: Plan, drafts: Sequence[Draft], cares: Sequence[Care], trajectories: Mapping[str, Cents]) -> Targets:
    """Reckon the expected outcome; own delivery is what makes the result the percentage aimed at."""
    wanted = plan.calibration
    lump_sum = plan.scaled(wanted.lump_sum)
    indexed = lump_sum + percent_of(lump_sum, INDEX_PERCENT)
    average_active = Fraction(sum(active_on(cares, Month(YEAR, number).last) for number in QUARTERS), len(QUARTERS))
    baseline = max(1, half_up(average_active / (1 + Fraction(wanted.volume_percent) / 100)))
    excess = max(Fraction(0), average_active - baseline * (1 + Fraction(wanted.corridor_percent) / 100))
    volume = to_cents(excess * Fraction(wanted.price_per_unit or Fraction(int(indexed), baseline)))
    deduction = percent_of(split_evenly(indexed, 12)[DEDUCTION_MONTH - 1], DEDUCTION_PERCENT)
    revenue = indexed + volume - deduction
    made = production(plan, drafts)
    limits = {provider.agreement: _ceiling(provider, made) for provider in plan.providers}
    ceilings = {agreement: limit for agreement, limit in limits.items() if limit is not None}
    due = {provider.agreement: _due(plan, provider, made, ceilings, trajectories) for provider in plan.providers}
    overhead = percent_of(revenue, wanted.overhead_booked_percent)
    eligible_overhead = min(overhead, percent_of(revenue, wanted.overhead_cap_percent))
    other = plan.scaled(wanted.other)
    spent = total(due.values()) + eligible_overhead + other + percent_of(revenue, wanted.result_percent)
    step = THOUSAND_EUROS if revenue > 1000 * THOUSAND_EUROS else THOUSAND_EUROS // 10
    own = max((revenue - spent) // step * step, percent_of(revenue, 2))
    return Targets(baseline, indexed, volume, deduction, ceilings, due, overhead, Cents(own), other)


def _ceiling(provider: Provider, made: Mapping[str, tuple[Cents, Cents]]) -> Cents | None:
    permille = provider.sketch.ceiling_permille
    if permille is None:
        return None
    under = made[provider.agreement][0] - made[provider.agreement][1]
    step = THOUSAND_EUROS if under > 50 * THOUSAND_EUROS else THOUSAND_EUROS // 10
    return Cents(half_up(Fraction(under * permille, 1000 * step)) * step)


def _due(
    plan: Plan,
    provider: Provider,
    made: Mapping[str, tuple[Cents, Cents]],
    ceilings: Mapping[str, Cents],
    trajectories: Mapping[str, Cents],
) -> Cents:
    form = provider.sketch.form
    if form is FormCode.PXQ:
        all_of_it, always = made[provider.agreement]
        ceiling = ceilings.get(provider.agreement)
        return all_of_it if ceiling is None else min(all_of_it, ceiling + always)
    if form is FormCode.TRAJECTORY:
        return trajectories[provider.agreement]
    if form is FormCode.AVAILABILITY:
        yearly = plan.scaled(provider.sketch.amount, 1000) * 12
        below = max(Decimal(0), OCCUPANCY_NORM - average(Months.of(plan, provider).occupancy))
        return yearly - percent_of(yearly, below * MALUS_PERCENT)
    if form is FormCode.LUMP_SUM:
        return plan.scaled(provider.sketch.amount)
    return _fte_due(plan, provider)


def _fte_due(plan: Plan, provider: Provider) -> Cents:
    """Contracted FTE, trued up, less the hours that fall short of the norm (rule 19)."""
    months = Months.of(plan, provider)
    price, realised = plan.calibration.price_per_fte, average(months.fte)
    contracted, real = times(price, months.contracted), times(price, realised)
    due = real if provider.sketch.both_ways else min(contracted, real)
    if provider.sketch.hours is None:
        return due
    norm = GROSS_HOURS * NORM_PERCENT / 100
    short = norm * (1 - TOLERANCE_PERCENT / 100) - sum(months.hours) / Decimal(realised)
    if short <= 0:
        return due
    return due - times(times(times(price, 1 / Fraction(norm)), Fraction(short)), Fraction(realised))
