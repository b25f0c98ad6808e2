"""What was delivered: one line per allocation, product and month, within the allocation, and when it was declared."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from budgets.example.allocations import Care
from budgets.example.clients import STEADY_END
from budgets.example.plan import YEAR, Plan, chance
from budgets.example.products import Product
from budgets.example.providers import Provider
from lead_contractor.allocation.model import Frequency, Unit
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month, days_inclusive
from lead_contractor.kernel.rounding import times, to_cents

LAST_PERIOD = Month(YEAR, 12)
SEASON = (100, 99, 101, 100, 97, 99, 86, 78, 100, 103, 101, 92)
"""Delivered per month in percent of a usual month: the summer holidays, and less before Christmas."""
WEEK = 7
_SIXTIETH = Fraction(1, 60)


@dataclass(slots=True)
class Draft:
    """A line before it has a reference: what is declared, for whom, and in which period's message.

    ``late_by`` is zero for the message of ``sent``; 1, 2 or 3 mean a second message for the last period, so many
    months later. ``sound`` is what the example expects: accepted or not; ``slip`` names the mistake that was made.
    ``correction`` marks a credit, and a debit that replaces what was credited.
    """

    care: Care
    product: Product
    period_from: date
    period_to: date
    volume: int
    unit: Unit
    tariff: Cents | None
    amount: Cents
    sent: Month
    late_by: int = 0
    bsn: str = ""
    number: str = ""
    credit: bool = False
    corrects: Draft | None = None
    same_reference_as: Draft | None = None
    reference: str = ""
    sound: bool = True
    slip: str = ""
    correction: bool = False

    @property
    def provider(self) -> Provider:
        """Who declares it."""
        return self.care.provider

    @property
    def month(self) -> Month:
        """The service month."""
        return Month.of(self.period_from)

    def again(self, **changes: object) -> Draft:
        """A copy with changes and without a reference."""
        return replace(self, **{"reference": "", "same_reference_as": None, "corrects": None, **changes})  # type: ignore[arg-type]

    def revalue(self, volume: int) -> None:
        """Set another volume, with the amount that belongs to it."""
        self.volume = volume
        self.amount = worth(self.product, volume, self.unit, self.tariff_agreed)

    @property
    def tariff_agreed(self) -> Cents:
        """The agreed tariff of the product on the first day of the period."""
        return self.product.tariff_on(self.period_from, raises=self.provider.sketch.raises)


def worth(product: Product, volume: int, unit: Unit, tariff: Cents) -> Cents:
    """The amount of a volume at the agreed tariff (TR346; minutes on an hour tariff: rule 11)."""
    if unit is Unit.EURO:
        return Cents(volume)
    if unit is Unit.MINUTE and product.unit is Unit.HOUR:
        return times(tariff * volume, _SIXTIETH)
    return tariff * volume


def shown(product: Product, unit: Unit, tariff: Cents) -> Cents | None:
    """The tariff that a line shows: none for euros, rounded per minute where an hour tariff is declared in minutes."""
    if unit is Unit.EURO:
        return None
    return to_cents(_SIXTIETH * int(tariff)) if unit is Unit.MINUTE and product.unit is Unit.HOUR else tariff


def deliveries(plan: Plan, cares: Sequence[Care]) -> list[Draft]:
    """All lines of the year as they should have been declared, in order of allocation and month."""
    dice = plan.dice("deliveries")
    drafts: list[Draft] = []
    for care in cares:
        if not care.provider.sketch.declares:
            continue
        before = int(care.provider.sketch.multi_year and (not drafts or chance(dice, 6)))
        left = care.limit if care.frequency is Frequency.TOTAL else None
        for month in (Month(YEAR, 1).plus(-before + n) for n in range(12 + before)):
            draft = _delivery(dice, plan, care, month, left)
            if draft is not None and month.number in care.provider.sketch.months:
                drafts.append(draft)
                left = None if left is None else left - draft.volume
    if plan.small:
        _one_of_each_lateness(drafts)
    return drafts


def _one_of_each_lateness(drafts: Sequence[Draft]) -> None:
    """In the small year: the December lines one, two and three months late, of clients who do not stay all year."""
    able = [
        draft
        for draft in drafts
        if draft.month == LAST_PERIOD and draft.provider.sketch.lax and draft.care.client.end != STEADY_END
    ]
    of_first = [draft for draft in able if draft.provider.index == able[0].provider.index]
    for late_by, draft in enumerate(of_first[:3], 1):
        draft.late_by = late_by


def period_of(care: Care, month: Month) -> tuple[date, date] | None:
    """The product period: the month as far as the allocation runs (IV089)."""
    allocation = care.allocation
    first = max(month.first, allocation.start)
    last = month.last if allocation.end is None else min(month.last, allocation.end)
    return (first, last) if first <= last else None


def _delivery(dice: random.Random, plan: Plan, care: Care, month: Month, left: int | None) -> Draft | None:
    period = period_of(care, month)
    if period is None:
        return None
    volume = _volume(dice, care, period, month)
    volume = volume if left is None else min(volume, left)
    if volume < 1:
        return None
    unit, product = care.product.unit, care.product
    if care.in_minutes:
        unit, volume = Unit.MINUTE, volume * 60 - 5 * dice.randrange(7)
    tariff = product.tariff_on(period[0], raises=care.provider.sketch.raises)
    sent, late_by = _declared_in(dice, plan, care, month)
    amount = worth(product, volume, unit, tariff)
    return Draft(care, product, *period, volume, unit, shown(product, unit, tariff), amount, sent, late_by)


def _volume(dice: random.Random, care: Care, period: tuple[date, date], month: Month) -> int:
    """What was delivered in a period: whole units, never above the agreed volume of the days in it."""
    days = days_inclusive(*period)
    whole_month = days_inclusive(month.first, month.last)
    if care.product.unit is Unit.PIECE_OUTPUT:
        return care.limit
    if care.frequency is Frequency.WEEK:
        most = care.limit * days // WEEK + (1 if care.limit * days % WEEK else 0)
        usual = care.limit * days * 100 // WEEK
    elif care.frequency is Frequency.TOTAL:
        most, usual = care.limit, _per_month(care) * days * 100 // whole_month
    else:
        most, usual = care.limit, care.limit * days * 100 // whole_month
    factor = care.use_percent * SEASON[month.number - 1] * dice.randint(90, 110)
    return min(most, (usual * factor + 50_000_000) // 100_000_000)


def _per_month(care: Care) -> int:
    end = care.allocation.end or care.allocation.start + timedelta(days=365)
    return max(1, care.limit * 30 // max(30, days_inclusive(care.allocation.start, end)))


def _declared_in(dice: random.Random, plan: Plan, care: Care, month: Month) -> tuple[Month, int]:
    """In which declaration period a line goes out: mostly its own month, some one to three months later.

    A line of the year before goes out in January, that of a client who stays all year in time. What would come after
    December goes in a second message of a lax provider, and with the others in time.
    """
    draw, sketch = dice.randrange(1000), care.provider.sketch
    one, two, three = plan.calibration.late
    late = 1 if draw < one else 2 if draw < one + two else 3 if draw < one + two + three else 0
    if month.year < YEAR or care.client.end == STEADY_END:
        return max(month, Month(YEAR, 1)), 0
    sent = month.plus(late)
    if sent <= LAST_PERIOD:
        return sent, 0
    return LAST_PERIOD, late if sketch.lax else 0
