"""Lines put together into messages: who sends what when, under which numbers, and the messages that go wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from budgets.example.deliveries import LAST_PERIOD, Draft
from budgets.example.plan import Plan
from budgets.example.providers import Pace, Provider
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from subcontractors.declarations.model import Channel, Declaration, Line

PACE_DAYS = {Pace.PROMPT: (4, 9), Pace.NORMAL: (8, 19), Pace.SLOW: (24, 45)}
"""Days after the month on which a declaration comes in."""
LARGE_FAULTS = {(0, 3): "total", (1, 5): "twice", (6, 9): "cut"}
SMALL_FAULTS = {(0, 3): "total", (0, 4): "twice", (0, 5): "cut", (0, 8): "reused"}
"""By provider and month: what goes wrong with the whole message."""
SATURDAY = 5
WHOLE = 100
WEEK = 7


@dataclass(slots=True)
class Parcel:
    """One declaration message of one provider. ``late_by`` as in :class:`Draft`.

    ``claim_error`` is added to the claimed total. ``cut_percent`` leaves so much of the file. ``copies`` are further
    files with the same content.
    """

    provider: Provider
    period: Month
    late_by: int
    lines: list[Draft]
    received: date = date.min
    identification: str = ""
    number: str = ""
    claim_error: int = 0
    cut_percent: int = WHOLE
    copies: int = 0
    reuses: Parcel | None = None

    @property
    def regular(self) -> bool:
        """Whether it is the one monthly declaration of its provider."""
        return self.late_by == 0 and not self.claim_error and self.cut_percent == WHOLE and self.reuses is None

    def declaration(self, municipality: str) -> Declaration:
        """The head of the message."""
        signed = total(-line.amount if line.credit else line.amount for line in self.lines)
        return Declaration(
            channel=self.provider.sketch.channel,
            sender=self.provider.agb,
            receiver=municipality,
            identification=self.identification,
            number=self.number,
            period_from=self.period.first,
            period_to=self.period.last,
            received=self.received,
            dated=self.received,
            total=Cents(signed + self.claim_error) if self.provider.sketch.channel is Channel.XML else None,
        )

    def numbered_lines(self) -> tuple[Line, ...]:
        """The lines as they are written, in the order of the message."""
        return tuple(self._line(position, draft) for position, draft in enumerate(self.lines, 1))

    def _line(self, position: int, draft: Draft) -> Line:
        return Line(
            position=position,
            reference=draft.reference,
            bsn=draft.bsn or draft.care.client.bsn,
            allocation=draft.number or draft.care.allocation.number,
            category=draft.product.category,
            product_code=draft.product.code,
            period_from=draft.period_from,
            period_to=draft.period_to,
            volume=draft.volume,
            unit=draft.unit.value,
            amount=draft.amount,
            credit=draft.credit,
            previous_reference="" if draft.corrects is None else draft.corrects.reference,
            tariff=draft.tariff,
        )


def parcels(plan: Plan, drafts: Sequence[Draft]) -> tuple[Parcel, ...]:
    """All declaration messages with their numbers and days, in order of provider and day."""
    dice = plan.dice("messages")
    grouped: dict[tuple[int, Month, int], list[Draft]] = {}
    for draft in drafts:
        grouped.setdefault((draft.provider.index, draft.sent, draft.late_by), []).append(draft)
    found: list[Parcel] = []
    for provider in plan.providers:
        keys = sorted(key for key in grouped if key[0] == provider.index)
        own = [Parcel(provider, key[1], key[2], sorted(grouped[key], key=_place)) for key in keys]
        _set_days(dice, own)
        found += _with_failures(plan, own)
    _set_numbers(found)
    return tuple(found)


def _place(draft: Draft) -> tuple[str, bool, str, date, bool]:
    """Order in a message: by client, credits first, by allocation and period."""
    number = draft.number or draft.care.allocation.number
    return (draft.bsn or draft.care.client.bsn, not draft.credit, number, draft.period_from, draft.sound)


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=WEEK - day.weekday()) if day.weekday() >= SATURDAY else day


def _set_days(dice: random.Random, own: Sequence[Parcel]) -> None:
    """Days of receipt by pace, always later than the message before."""
    last = date.min
    for parcel in own:
        low, high = PACE_DAYS[parcel.provider.sketch.pace]
        after = parcel.period.plus(1).first
        if parcel.late_by:
            after, low, high = LAST_PERIOD.plus(1 + parcel.late_by).first, 17, 25
        day = working_day(after + timedelta(days=dice.randint(low, high)))
        parcel.received = last = day if day > last else working_day(last + timedelta(days=1))


def _with_failures(plan: Plan, own: Sequence[Parcel]) -> Iterator[Parcel]:
    """The messages of one provider, with what goes wrong with whole messages, each in its own month.

    A total that is not the sum, and the same again under a new identification; a file sent twice; a file cut short; the
    identification of the month before on this month's lines.
    """
    faults = SMALL_FAULTS if plan.small else LARGE_FAULTS
    before: Parcel | None = None
    for parcel in own:
        fault = faults.get((parcel.provider.index, parcel.period.number)) if parcel.late_by == 0 else None
        if fault == "total":
            yield replace(parcel, claim_error=10000)
            parcel.received = working_day(parcel.received + timedelta(days=4))
        elif fault == "twice":
            parcel.copies = 1
        elif fault == "cut":
            yield replace(parcel, cut_percent=60, received=parcel.received - timedelta(days=1))
        elif fault == "reused" and before is not None:
            yield replace(parcel, lines=[line.again(sound=False) for line in parcel.lines], reuses=before)
            parcel.received = working_day(parcel.received + timedelta(days=5))
        yield parcel
        before = parcel


def _set_numbers(found: Sequence[Parcel]) -> None:
    """Identifications and references, running by provider. What is sent again after a failure keeps its references."""
    counts: dict[int, int] = {}
    lines: dict[int, int] = {}
    for parcel in found:
        index = parcel.provider.index
        stamp = f"{parcel.period.year % 100:02d}{parcel.period.number:02d}"
        counts[index] = counts.get(index, 0) + 1
        own = f"B{stamp}{counts[index]:03d}"
        parcel.identification = own if parcel.reuses is None else parcel.reuses.identification
        parcel.number = f"D{stamp}{counts[index]:03d}"
        for draft in parcel.lines:
            if draft.reference:
                continue
            if draft.same_reference_as is not None and draft.same_reference_as.reference:
                draft.reference = draft.same_reference_as.reference
                continue
            lines[index] = lines.get(index, 0) + 1
            draft.reference = f"R{stamp}-{lines[index]:05d}"
