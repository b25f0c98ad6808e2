"""Realistic mistakes in declared lines, what becomes of them later, and corrections of what was right before."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from budgets.example.deliveries import LAST_PERIOD, Draft, worth
from budgets.example.plan import Plan, chance
from lead_contractor.allocation.model import Frequency, Unit
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month

WEEKS_IN_A_MONTH = 6
HOUSEHOLD = "01"
SMALLEST = 2
"""A correction lowers a volume above this."""
RESENT_PERCENT = 60
"""So many refused lines are sent again, corrected, with the next message."""

Slip = Callable[[random.Random, Draft, Sequence[Draft]], Draft | None]


def with_mistakes(plan: Plan, drafts: Sequence[Draft]) -> list[Draft]:
    """The lines with some spoilt, most of those sent again later, and a few right ones corrected by a credit.

    Every kind of mistake occurs at least once, some far more often than others; in the small year each once.
    """
    dice = plan.dice("mistakes")
    found = list(drafts)
    usable = [draft for draft in drafts if _usable(draft)]
    dice.shuffle(usable)
    wanted = len(drafts) * plan.calibration.mistakes // 1000
    touched: set[int] = set()
    for name, slip, weight in SLIPS:
        each = 1 if plan.small else max(1, wanted * weight // sum(share for _, _, share in SLIPS))
        made = 0
        for draft in usable:
            if made == each:
                break
            if id(draft) in touched:
                continue
            extra = _spoil(dice, name, slip, draft, drafts)
            if extra is not None:
                touched.add(id(draft))
                found += extra
                made += 1
    corrections = max(2, len(drafts) * plan.calibration.credits // 1000)
    rest = [draft for draft in usable if id(draft) not in touched and draft.volume > SMALLEST]
    for draft in rest[:corrections]:
        found += _correction(draft, draft.sent.plus(2))
    return found


def late_corrections(plan: Plan, drafts: Sequence[Draft]) -> list[Draft]:
    """Corrections of December lines after the cut-off day: in April and May in time, in June too late."""
    right = [draft for draft in drafts if _usable(draft, last=True) and draft.sound and draft.volume > SMALLEST]
    again = {id(draft.corrects) for draft in drafts if draft.corrects is not None}
    right = [draft for draft in right if draft.sent == LAST_PERIOD and not draft.slip and id(draft) not in again]
    found = []
    for place, late_by in enumerate((4, 5) if plan.small else (3, 4, 4, 5)):
        lines = [draft for draft in right if draft.provider.index == right[0].provider.index + place % 2]
        if len(lines) > place:
            found += _correction(lines[place], LAST_PERIOD, late_by)
    return found


def _usable(draft: Draft, *, last: bool = False) -> bool:
    """Whether a line lends itself to a mistake or a correction: in its own month, in time, not a milestone."""
    return (
        draft.unit is not Unit.EURO
        and draft.late_by == 0
        and draft.sent == draft.month
        and (last or draft.sent <= LAST_PERIOD.plus(-2))
    )


def _spoil(dice: random.Random, name: str, slip: Slip, draft: Draft, drafts: Sequence[Draft]) -> list[Draft] | None:
    """Make one mistake; what comes back are the lines that it adds: a wrong extra line, or the right one later."""
    right = draft.again(sent=draft.sent.plus(1))
    wrong = slip(dice, draft, drafts)
    if wrong is None:
        return None
    wrong.sound, wrong.slip = False, name
    if wrong is not draft:
        return [wrong]
    return [right] if chance(dice, RESENT_PERCENT) else []


def _correction(draft: Draft, sent: Month, late_by: int = 0) -> list[Draft]:
    """A credit that mirrors the line, and a new line with less, in one message (IV085)."""
    less = draft.volume - max(1, draft.volume // 5)
    credit = draft.again(credit=True, corrects=draft, sent=sent, late_by=late_by, correction=True)
    instead = draft.again(sent=sent, late_by=late_by, correction=True)
    instead.revalue(less)
    return [credit, instead]


def _wrong_tariff(dice: random.Random, draft: Draft, drafts: Sequence[Draft]) -> Draft | None:
    if draft.tariff is None or draft.unit is Unit.MINUTE:
        return None
    draft.tariff = draft.tariff - dice.choice((25, 110, 264))
    draft.amount = draft.tariff * draft.volume
    return draft


def _too_much(dice: random.Random, draft: Draft, drafts: Sequence[Draft]) -> Draft | None:
    care = draft.care
    if care.allocation.volume is None or draft.unit is not care.product.unit or care.frequency is Frequency.TOTAL:
        return None
    weekly = care.frequency is Frequency.WEEK
    times = WEEKS_IN_A_MONTH if weekly else 1
    draft.revalue(care.limit * times + (care.limit if care.product.category == HOUSEHOLD else 1) + dice.randrange(3))
    return draft


def _outside(dice: random.Random, draft: Draft, drafts: Sequence[Draft]) -> Draft | None:
    """A line for the month after the end of the allocation, or for the month before its start."""
    start, end = draft.care.allocation.start, draft.care.allocation.end
    if end is not None and Month.of(end) == draft.month:
        month = draft.month.plus(1)
        return draft.again(period_from=month.first, period_to=month.last, sent=month)
    if Month.of(start) == draft.month and draft.month.number > 1:
        month = draft.month.plus(-1)
        return draft.again(period_from=month.first, period_to=month.last)
    return None


def _unknown_number(dice: random.Random, draft: Draft, drafts: Sequence[Draft]) -> Draft | None:
    draft.number = str(7000000 + dice.randrange(90000))
    return draft


def _somebody_else(dice: random.Random, draft: Draft, drafts: Sequence[Draft]) -> Draft | None:
    other = drafts[dice.randrange(len(drafts))].care.client.bsn
    if other == draft.care.client.bsn:
        return None
    draft.bsn = other
    return draft


def _used_reference(dice: random.Random, draft: Draft, drafts: Sequence[Draft]) -> Draft | None:
    index = draft.provider.index
    earlier = [line for line in drafts if line.provider.index == index and line.sent < draft.sent and line.late_by == 0]
    if not earlier:
        return None
    draft.same_reference_as = earlier[dice.randrange(len(earlier))]
    return draft


def _wrong_unit(dice: random.Random, draft: Draft, drafts: Sequence[Draft]) -> Draft | None:
    if draft.unit not in (Unit.HOUR, Unit.PART_OF_DAY) or draft.care.allocation.unit is None:
        return None
    draft.unit = Unit.PART_OF_DAY if draft.unit is Unit.HOUR else Unit.HOUR
    return draft


def _twice(dice: random.Random, draft: Draft, drafts: Sequence[Draft]) -> Draft | None:
    return draft.again(sent=draft.sent.plus(1))


def _cent_off(dice: random.Random, draft: Draft, drafts: Sequence[Draft]) -> Draft | None:
    draft.amount = worth(draft.product, draft.volume, draft.unit, draft.tariff_agreed) + Cents(1)
    return draft


SLIPS: tuple[tuple[str, Slip, int], ...] = (
    ("outside", _outside, 15),
    ("too_much", _too_much, 27),
    ("wrong_tariff", _wrong_tariff, 21),
    ("wrong_unit", _wrong_unit, 3),
    ("used_reference", _used_reference, 7),
    ("unknown_number", _unknown_number, 11),
    ("somebody_else", _somebody_else, 2),
    ("twice", _twice, 9),
    ("cent_off", _cent_off, 5),
)
"""The kinds of mistakes, scarce occasions first, each with how often it occurs beside the others."""
