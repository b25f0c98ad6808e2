"""Trajectories: starts and stops as messages, milestones and their corrections as lines, and what becomes due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from budgets.example.allocations import Care
from budgets.example.clients import Client
from budgets.example.deliveries import LAST_PERIOD, Draft, period_of
from budgets.example.parcels import working_day
from budgets.example.plan import YEAR, Plan
from budgets.example.products import TRAJECTORY
from budgets.example.providers import Provider
from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month, days_inclusive
from lead_contractor.kernel.rounding import milestones, times
from subcontractors.agreements.model import FormCode

FIRST_NUMBER = 4900001
PERCENTS = (Decimal(70), Decimal(30))
GUARANTEE_DAYS = 183
EARLY_STOP = {"21": "pro_rata", "22": "pro_rata", "23": "full", "02": "keep_start"}
FEWEST = 7


@dataclass(frozen=True, slots=True)
class Course:
    """How one trajectory went: its term, the month in which it began, after how many days it stopped and why.

    ``month`` 0 is September of the year before. ``back`` makes the client of the trajectory before it come back within
    the guarantee, so many days after its end.
    """

    days: int
    month: int
    stopped_after: int | None = None
    reason: str = ""
    back: int | None = None

    @property
    def earlier(self) -> bool:
        """Whether it began in the year before."""
        return self.month == 0


COURSES = (
    Course(180, 1, 180, "19"),
    Course(274, 2, 128, "21"),
    Course(180, 1, 180, "19"),
    Course(180, 9, back=62),
    Course(274, 0),
    Course(274, 3, 150, "23"),
    Course(274, 6),
    Course(210, 4, 96, "02"),
    Course(180, 2, 180, "19"),
    Course(240, 5, 70, "22"),
    Course(150, 3, 150, "19"),
    Course(274, 0),
)
"""What happens in practice, once around; the fourth is free of charge."""


@dataclass(frozen=True, slots=True)
class StartStop:
    """A start (305) or stop (307) report; ``ended`` and ``reason`` only in a stop."""

    care: Care
    started: date
    received: date
    ended: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Trajectories:
    """The trajectories of a year: allocations, lines, reports, and what each agreement is expected to cost."""

    cares: tuple[Care, ...]
    drafts: tuple[Draft, ...]
    reports: tuple[StartStop, ...]
    due: dict[str, Cents]


def trajectories(plan: Plan, people: Sequence[Client]) -> Trajectories:
    """The trajectories of a year, of every provider that has them."""
    dice = plan.dice("trajectories")
    cares: list[Care] = []
    drafts: list[Draft] = []
    reports: list[StartStop] = []
    due: dict[str, Cents] = {}
    everybody = sum(provider.sketch.weight for provider in plan.providers)
    for provider in (each for each in plan.providers if each.sketch.form is FormCode.TRAJECTORY):
        count = min(len(people), max(FEWEST, provider.sketch.weight * plan.clients // everybody))
        clients = dice.sample(list(people), count)
        own: list[Draft] = []
        spent = ZERO
        for place in range(count):
            course = COURSES[place % len(COURSES)]
            again = course.back is not None and 0 < place < len(COURSES)
            client = cares[-1].client if again else clients[place]
            start = _start(course, place, own, cares[-1].allocation.end if again else None)
            care = _care(len(cares), provider, client, start, course.days)
            cares.append(care)
            lines, told, cost = _course(care, course, free=again)
            own += lines
            reports += told
            spent = spent + cost
        drafts += own
        due[provider.agreement] = spent
    return Trajectories(tuple(cares), tuple(drafts), tuple(reports), due)


def _start(course: Course, place: int, own: Sequence[Draft], ended: date | None) -> date:
    """The first day: as the course says, or, the second time around, in the first month that has no line yet."""
    if ended is not None and course.back is not None:
        return ended + timedelta(days=course.back)
    if course.earlier:
        return date(YEAR - 1, 9, 2) + timedelta(days=place % 5 * 7)
    month = course.month
    if place >= len(COURSES):
        quiet = sorted(set(range(1, 13)) - {draft.sent.number for draft in own})
        month = quiet[0] if quiet else month
    return date(YEAR, month, 3 + place % 4)


def _care(place: int, provider: Provider, client: Client, start: date, days: int) -> Care:
    product = provider.products[0]
    shorter = days if product is TRAJECTORY else days // 2
    allocation = Allocation(
        number=str(FIRST_NUMBER + place),
        bsn=client.bsn,
        subcontractor=provider.agb,
        category=product.category,
        start=start,
        product_code=product.code,
        end=start + timedelta(days=shorter - 1),
        volume=int(product.tariff),
        unit=Unit.EURO,
        frequency=Frequency.TOTAL,
        area=client.area,
        client_group=client.group,
        decided_on=start - timedelta(days=10),
    )
    return Care(allocation, client, provider, product, int(product.tariff), Frequency.TOTAL, 100)


def _course(care: Care, course: Course, *, free: bool) -> tuple[list[Draft], list[StartStop], Cents]:
    """Lines and reports of one trajectory, and what of it becomes due in the year."""
    allocation, price = care.allocation, care.product.tariff
    begun, planned = allocation.start, allocation.end or allocation.start
    first, last = milestones(price, PERCENTS)
    reports = [] if course.earlier else [StartStop(care, begun, _soon(begun))]
    ended = planned
    if course.stopped_after is not None:
        share = Fraction(course.stopped_after, course.days)
        term = days_inclusive(begun, planned)
        ended = begun + timedelta(days=max(1, term * share.numerator // share.denominator) - 1)
    if course.stopped_after is not None and ended.year == YEAR:
        reports.append(StartStop(care, begun, _soon(ended), ended, course.reason))
    start_line = None if course.earlier else _line(care, Month.of(begun), first, Month.of(begun))
    lines = [] if start_line is None else [start_line]
    rule = EARLY_STOP.get(course.reason, "full")
    whole = price if rule == "full" else first if rule == "keep_start" else _pro_rata(care, begun, ended)
    if ended.year > YEAR:
        return lines, reports, ZERO if free else first
    if free:
        return lines, reports, ZERO
    lines += _ending(care, start_line, whole, Month.of(ended))
    return lines, reports, last if course.earlier else whole


def _ending(care: Care, start_line: Draft | None, whole: Cents, month: Month) -> list[Draft]:
    """The lines that settle the end: the rest, or a credit of the start with what is due instead (rule 16)."""
    first = milestones(care.product.tariff, PERCENTS)[0]
    if whole > first:
        return [_line(care, month, whole - first, month)]
    if whole == first or start_line is None:
        return []
    sent = min(max(month, start_line.sent.plus(1)), LAST_PERIOD)
    credit = start_line.again(credit=True, corrects=start_line, sent=sent)
    return [credit, start_line.again(volume=int(whole), amount=whole, sent=sent)]


def _line(care: Care, service: Month, amount: Cents, sent: Month) -> Draft:
    period = period_of(care, service)
    if period is None:
        raise ValueError(f"allocation {care.allocation.number} does not run in {service}")
    return Draft(care, care.product, *period, int(amount), Unit.EURO, None, amount, sent)


def _pro_rata(care: Care, begun: date, ended: date) -> Cents:
    days = days_inclusive(begun, care.allocation.end or begun)
    return times(care.product.tariff, Fraction(days_inclusive(begun, ended), days))


def _soon(day: date) -> date:
    """Three days later, on a working day: within the term of five working days."""
    return working_day(day + timedelta(days=3))
