"""Clients and their allocations: who gets what from whom, from when to when and how much."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from budgets.example import names
from budgets.example.plan import YEAR, Plan
from budgets.example.products import HOUSEHOLD_PLUS, TRANSPORT, TRANSPORT_WHEELCHAIR, Product
from budgets.example.providers import Provider
from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import half_up
from subcontractors.agreements.model import FormCode

FIRST_NUMBER = 4100001
STEADY_END = date(YEAR + 1, 4, 30)
RUNNING_PERCENT = 70
"""So many clients of the year were there already on 1 January."""
INFLOW = (9, 9, 9, 10, 8, 8, 5, 4, 12, 11, 9, 6)
"""New clients by month: quiet in summer and before Christmas, busy in autumn."""


@dataclass(frozen=True, slots=True)
class Client:
    """An invented person with a test BSN."""

    bsn: str
    area: str
    group: str
    born: date
    gender: int
    prefix: str
    surname: str
    first_name: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Care:
    """An allocation with what only the example knows: its client, provider and product, and how much of it is used.

    ``limit`` is the agreed volume for its frequency in the agreed unit, also where the allocation itself leaves it open.
    """

    allocation: Allocation
    client: Client
    provider: Provider
    product: Product
    limit: int
    frequency: Frequency
    use_percent: int


def clients(plan: Plan) -> tuple[Client, ...]:
    """The clients of a year, in order of BSN; the first of them stay all year, one for every provider."""
    dice = plan.dice("clients")
    steady = sum(1 for provider in plan.providers if provider.sketch.form is not FormCode.TRAJECTORY)
    bsns = islice(names.invented_bsns(), plan.clients)
    return tuple(_client(dice, bsn, steady=place < steady) for place, bsn in enumerate(bsns))


def _client(dice: random.Random, bsn: str, *, steady: bool) -> Client:
    gender = 1 if dice.random() < 0.4 else 2  # noqa: PLR2004 - the code list: 1 man, 2 woman
    prefix, surname = dice.choice(names.SURNAMES)
    group = dice.choices(names.CLIENT_GROUPS, names.CLIENT_GROUP_WEIGHTS)[0]
    old = group == names.CLIENT_GROUPS[0]
    born = date(dice.randint(1932, 1955) if old else dice.randint(1956, 2004), dice.randint(1, 12), dice.randint(1, 28))
    start, end = _stay(dice)
    if steady:
        start, end = date(YEAR - 1, 3, 1) + timedelta(days=dice.randrange(250)), STEADY_END
    area = dice.choices(names.AREAS, names.AREA_WEIGHTS)[0]
    return Client(bsn, area, group, born, gender, prefix, surname, dice.choice(names.FIRST_NAMES[2 - gender]), start, end)


def _stay(dice: random.Random) -> tuple[date, date | None]:
    """From when to when somebody is helped; the end is open for one in six."""
    if dice.randrange(100) < RUNNING_PERCENT:
        start = date(YEAR - 2, 4, 1) + timedelta(days=dice.randrange(620))
    else:
        month = Month(YEAR, dice.choices(range(1, 13), INFLOW)[0])
        start = month.first + timedelta(days=dice.randrange(28))
    kind = dice.randrange(100)
    if kind < 17:  # noqa: PLR2004
        return start, None
    first = max(start + timedelta(days=60), date(YEAR, 1, 20))
    if kind < 45:  # noqa: PLR2004
        return start, first + timedelta(days=dice.randrange(max(30, (date(YEAR, 12, 31) - first).days)))
    return start, max(first, date(YEAR, 12, 31)) + timedelta(days=dice.randrange(700))


def cares(plan: Plan, people: Sequence[Client]) -> tuple[Care, ...]:
    """The allocations of the P×Q, FTE, lump-sum and availability providers; trajectories are made apart.

    Everybody has one, one in five a second from another kind of provider, and day care often comes with transport.
    """
    dice = plan.dice("allocations")
    able = [provider for provider in plan.providers if provider.sketch.form is not FormCode.TRAJECTORY]
    found: list[Care] = []
    queue = _first_choices(dice, able, len(people))
    for client, provider in zip(people, queue, strict=True):
        chosen = [provider]
        if dice.randrange(100) < 20:  # noqa: PLR2004
            others = [other for other in able if other.sketch.profile[:4] != provider.sketch.profile[:4]]
            chosen.append(dice.choices(others, [other.sketch.weight for other in others])[0])
        for each in chosen:
            product = _product(dice, each)
            found.append(_care(dice, len(found), client, each, product))
            if each.sketch.profile == "day_care" and dice.randrange(100) < 45:  # noqa: PLR2004
                ride = TRANSPORT if dice.randrange(100) < 80 else TRANSPORT_WHEELCHAIR  # noqa: PLR2004
                found.append(_care(dice, len(found), client, each, ride))
    return tuple(found)


def _first_choices(dice: random.Random, able: Sequence[Provider], count: int) -> list[Provider]:
    """A provider for every client: first each provider once, in order, then by weight."""
    chosen = list(able[:count])
    return chosen + dice.choices(able, [provider.sketch.weight for provider in able], k=count - len(chosen))


def _product(dice: random.Random, provider: Provider) -> Product:
    offered = [product for product in provider.products if product.unit is not Unit.PIECE_EFFORT] or list(provider.products)
    return offered[0] if len(offered) == 1 or dice.randrange(100) < 78 else offered[1]  # noqa: PLR2004


def _care(dice: random.Random, place: int, client: Client, provider: Provider, product: Product) -> Care:
    start = min(client.start + timedelta(days=dice.choice((0, 0, 0, 7, 14, 21))), client.end or client.start + timedelta(days=21))
    frequency, limit = _extent(dice, product)
    if frequency is Frequency.TOTAL and client.end == STEADY_END:
        frequency = Frequency.MONTH
    use = dice.randint(60, 88)
    shape = _shape(dice, provider, product)
    end = client.end
    if end is None and (shape != "category" or dice.randrange(2)):
        end = date(YEAR + 1, 6, 30) + timedelta(days=dice.randrange(540))
    if frequency is Frequency.TOTAL and end is not None:
        limit = max(6, limit * max(1, (end - start).days // 30))
    flags = _flags(dice, provider)
    allocation = Allocation(
        number=str(FIRST_NUMBER + place),
        bsn=client.bsn,
        subcontractor=provider.agb,
        category=product.category,
        start=start,
        product_code=product.code if shape == "volume" else "",
        end=end,
        volume=limit if shape == "volume" else None,
        unit=product.unit if shape == "volume" else None,
        frequency=frequency if shape == "volume" else None,
        budget=_budget(product, frequency, limit, start, end) if shape == "budget" else None,
        flags=flags,
        area=client.area,
        client_group=client.group,
        decided_on=start - timedelta(days=dice.randint(6, 40)),
    )
    return Care(allocation, client, provider, product, limit, frequency, use)


def _shape(dice: random.Random, provider: Provider, product: Product) -> str:
    """How the allocation is written: a product with its volume, a category only, or a category with a budget."""
    draw = dice.randrange(100)
    if provider.sketch.form in (FormCode.FTE, FormCode.LUMP_SUM):
        return "category" if draw < 60 else "volume"  # noqa: PLR2004
    if product.category == "02" and product.unit is Unit.HOUR:
        return "category" if draw < 12 else ("budget" if draw < 18 else "volume")  # noqa: PLR2004
    return "volume"


def _extent(dice: random.Random, product: Product) -> tuple[Frequency, int]:
    """Frequency and volume; for a total the volume of one month, multiplied by the term afterwards."""
    draw = dice.randrange(100)
    if product.unit is Unit.MINUTE:
        return Frequency.WEEK, dice.choice((90, 105, 120, 150, 180))
    if product.unit is Unit.PIECE_OUTPUT:
        return Frequency.MONTH, 1
    if product.unit is Unit.DAY_AND_NIGHT:
        return Frequency.MONTH, dice.choice((3, 4, 5, 6, 8))
    if product.unit is Unit.PIECE_EFFORT:
        return Frequency.WEEK, dice.choice((2, 3, 4, 4))
    if product.unit is Unit.PART_OF_DAY:
        return Frequency.WEEK, dice.choice((2, 2, 3, 4, 4))
    if product.category == "01":
        return Frequency.WEEK, dice.choice((2, 3, 3) if product is HOUSEHOLD_PLUS else (2, 2, 2, 3, 3, 4))
    if draw < 60:  # noqa: PLR2004
        return Frequency.WEEK, dice.choice((1, 1, 2, 2, 3))
    return (Frequency.MONTH, dice.choice((4, 6, 8, 10))) if draw < 88 else (Frequency.TOTAL, dice.choice((4, 6, 8)))  # noqa: PLR2004


def _budget(product: Product, frequency: Frequency, limit: int, start: date, end: date | None) -> Cents:
    """A budget for the whole term, at the raised tariff, in whole hundreds of euros."""
    days = ((end or start) - start).days + 1
    per_month = limit * 13 // 3 if frequency is Frequency.WEEK else limit
    volume = limit if frequency is Frequency.TOTAL else max(1, per_month * days // 30)
    return Cents(half_up(int(product.raised) * volume // 10000 + 1) * 10000) if volume else ZERO


def _flags(dice: random.Random, provider: Provider) -> frozenset[str]:
    draw = dice.randrange(100)
    if not provider.sketch.always_paid:
        return frozenset()
    return frozenset({"crisis"}) if draw < 4 else frozenset({"specific"}) if draw < 9 else frozenset()  # noqa: PLR2004
