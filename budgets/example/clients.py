"""Clients: invented people with test BSNs, in an area and a group, helped from a day to a day."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from budgets.example import names
from budgets.example.plan import YEAR, Plan, chance
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode

MAN, WOMAN = "1", "2"
"""Of the code list for gender."""
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
    gender: str
    prefix: str
    surname: str
    first_name: str
    start: date
    end: date | None


def clients(plan: Plan) -> tuple[Client, ...]:
    """The clients of a year, in order of BSN; the first of them stay all year, one for each provider."""
    dice = plan.dice("clients")
    steady = sum(1 for provider in plan.providers if provider.sketch.form is not FormCode.TRAJECTORY)
    bsns = islice(names.invented_bsns(), plan.clients)
    return tuple(_client(dice, bsn, steady=place < steady) for place, bsn in enumerate(bsns))


def _client(dice: random.Random, bsn: str, *, steady: bool) -> Client:
    gender = MAN if chance(dice, 40) else WOMAN
    prefix, surname = dice.choice(names.SURNAMES)
    group = dice.choices(names.CLIENT_GROUPS, names.CLIENT_GROUP_WEIGHTS)[0]
    old = group == names.CLIENT_GROUPS[0]
    born = date(dice.randint(1932, 1955) if old else dice.randint(1956, 2004), dice.randint(1, 12), dice.randint(1, 28))
    start, end = _stay(dice)
    if steady:
        start, end = date(YEAR - 1, 3, 1) + timedelta(days=dice.randrange(250)), STEADY_END
    area = dice.choices(names.AREAS, names.AREA_WEIGHTS)[0]
    first_name = dice.choice(names.FIRST_NAMES[gender])
    return Client(bsn, area, group, born, gender, prefix, surname, first_name, start, end)


def _stay(dice: random.Random) -> tuple[date, date | None]:
    """From when to when somebody is helped; the end is open for one in six."""
    if chance(dice, RUNNING_PERCENT):
        start = date(YEAR - 2, 4, 1) + timedelta(days=dice.randrange(620))
    else:
        month = Month(YEAR, dice.choices(range(1, 13), INFLOW)[0])
        start = month.first + timedelta(days=dice.randrange(28))
    if chance(dice, 17):
        return start, None
    first = max(start + timedelta(days=60), date(YEAR, 1, 20))
    if chance(dice, 34):
        return start, first + timedelta(days=dice.randrange(max(30, (date(YEAR, 12, 31) - first).days)))
    return start, max(first, date(YEAR, 12, 31)) + timedelta(days=dice.randrange(700))
