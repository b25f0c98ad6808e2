"""Allocations: who gets what from whom, from when to when and how much, in all the ways the standard allows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from budgets.example.clients import STEADY_END, Client
from budgets.example.plan import YEAR, Plan, chance
from budgets.example.products import HOUSEHOLD_PLUS, TRANSPORT, TRANSPORT_WHEELCHAIR, Product
from budgets.example.providers import Provider
from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.rounding import half_up
from subcontractors.agreements.model import FormCode

FIRST_NUMBER = 4100001
_HOURS = {Frequency.WEEK: (1, 1, 2, 2, 3), Frequency.MONTH: (4, 6, 8, 10), Frequency.TOTAL: (4, 6, 8)}


@dataclass(frozen=True, slots=True)
class Care:
    """An allocation with what only the example knows: its client, provider and product, and how much of it is used.

    ``limit`` is the agreed volume for its frequency in the agreed unit, also where the allocation leaves it open.
    """

    allocation: Allocation
    client: Client
    provider: Provider
    product: Product
    limit: int
    frequency: Frequency
    use_percent: int
    in_minutes: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """How an allocation is written, and what is special about it.

    ``shape`` is ``volume`` (product with volume), ``category`` (nothing but that) or ``budget`` (category with budget).
    """

    shape: str = "volume"
    flags: frozenset[str] = frozenset()
    total: bool = False
    in_minutes: bool = False


SMALL_CASES = (
    Case(),
    Case("category"),
    Case(flags=frozenset({"crisis"})),
    Case("budget"),
    Case(total=True),
    Case(flags=frozenset({"specific"})),
    Case(in_minutes=True),
)
"""The allocations for individual guidance in the small year: every case once, then the usual one."""


def cares(plan: Plan, people: Sequence[Client]) -> tuple[Care, ...]:
    """The allocations of the P×Q, FTE, lump-sum and availability providers; trajectories are made apart.

    Everybody has one, one in five a second from another kind of provider, and day care often comes with transport.
    """
    dice = plan.dice("allocations")
    able = [provider for provider in plan.providers if provider.sketch.form is not FormCode.TRAJECTORY]
    found: list[Care] = []
    cases = list(SMALL_CASES) if plan.small else []
    queue = _first_choices(dice, able, len(people))
    for client, provider in zip(people, queue, strict=True):
        chosen = [provider]
        if chance(dice, 20):
            others = [other for other in able if other.sketch.profile[:4] != provider.sketch.profile[:4]]
            chosen.append(dice.choices(others, [other.sketch.weight for other in others])[0])
        for each in chosen:
            product = _product(dice, each)
            case = _case(dice, each, product)
            if plan.small and each.sketch.profile == "guidance":
                case = cases.pop(0) if cases else Case()
            found.append(_care(dice, len(found), client, each, product, case))
            if each.sketch.profile == "day_care" and chance(dice, 45):
                ride = TRANSPORT if chance(dice, 80) else TRANSPORT_WHEELCHAIR
                found.append(_care(dice, len(found), client, each, ride, Case()))
    return tuple(found)


def _first_choices(dice: random.Random, able: Sequence[Provider], count: int) -> list[Provider]:
    """A provider for every client: first each provider once, in order, then by weight."""
    chosen = list(able[:count])
    return chosen + dice.choices(able, [provider.sketch.weight for provider in able], k=count - len(chosen))


def _product(dice: random.Random, provider: Provider) -> Product:
    offered = [product for product in provider.products if product.unit is not Unit.PIECE_EFFORT]
    offered = offered or list(provider.products)
    return offered[0] if len(offered) == 1 or chance(dice, 78) else offered[1]


def _care(dice: random.Random, place: int, client: Client, provider: Provider, product: Product, case: Case) -> Care:
    start = client.start + timedelta(days=dice.choice((0, 0, 0, 7, 14, 21)))
    frequency, limit = _extent(dice, product)
    if frequency is Frequency.TOTAL and client.end == STEADY_END:
        frequency = Frequency.MONTH
    frequency = Frequency.TOTAL if case.total else frequency
    use, shape, end = dice.randint(57, 83), case.shape, client.end
    if end is None and (shape != "category" or dice.randrange(2)):
        end = date(YEAR + 1, 6, 30) + timedelta(days=dice.randrange(540))
    if frequency is Frequency.TOTAL and end is not None:
        limit = max(6, limit * max(1, (end - start).days // 30))
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
        flags=case.flags,
        area=client.area,
        client_group=client.group,
        decided_on=start - timedelta(days=dice.randint(6, 40)),
    )
    return Care(allocation, client, provider, product, limit, frequency, use, case.in_minutes)


def _case(dice: random.Random, provider: Provider, product: Product) -> Case:
    """Mostly a product with its volume; outside P×Q often, and in guidance sometimes, a category only."""
    flags = frozenset(dice.choices(((), ("crisis",), ("specific",)), (91, 4, 5))[0])
    shape = "volume"
    if provider.sketch.form in (FormCode.FTE, FormCode.LUMP_SUM):
        shape = "category" if chance(dice, 60) else "volume"
    elif product.category == "02" and product.unit is Unit.HOUR:
        shape = dice.choices(("category", "budget", "volume"), (12, 6, 82))[0]
    minutes = provider.sketch.profile == "guidance_minutes"
    return Case(shape, flags if provider.sketch.always_paid else frozenset(), in_minutes=minutes)


def _extent(dice: random.Random, product: Product) -> tuple[Frequency, int]:
    """Frequency and volume; for a total the volume of one month, multiplied by the term afterwards."""
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
    frequency = dice.choices((Frequency.WEEK, Frequency.MONTH, Frequency.TOTAL), (60, 28, 12))[0]
    return frequency, dice.choice(_HOURS[frequency])


def _budget(product: Product, frequency: Frequency, limit: int, start: date, end: date | None) -> Cents:
    """A budget for the whole term, at the raised tariff, in whole hundreds of euros."""
    days = ((end or start) - start).days + 1
    per_month = limit * 13 // 3 if frequency is Frequency.WEEK else limit
    volume = limit if frequency is Frequency.TOTAL else max(1, per_month * days // 30)
    return Cents(half_up(int(product.raised) * volume // 10000 + 1) * 10000)
