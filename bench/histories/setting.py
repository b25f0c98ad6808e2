"""What stands still in a generated history: parameters, lines, calendar, and the tariffs agreed beforehand."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from budgets.example import names
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, ONE_DAY, Month
from lead_contractor.kernel.working_days import working_days_between

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

PARAMETERS = Path(__file__).with_name("parameters.toml")
NEVER = 10_000
"""A month that does not come."""
_WORKING_WEEK = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One subcontractor (``owner``) and one product under P×Q; ``clients`` are those at the start."""

    owner: int
    agb: str
    product: str
    category: str
    clients: int
    tariff: int
    size: str
    pace: str
    ceiling: bool
    begins: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """The parameters and what follows from them for every history alike; months are counted from the first one."""

    raw: Mapping[str, Any]
    lines: tuple[Line, ...]
    categories: tuple[str, ...]
    months: tuple[Month, ...]
    weeks: Floats
    """Working days of each month in weeks of five."""

    @property
    def owner(self) -> Whole:
        """The subcontractor of each line."""
        return np.array([line.owner for line in self.lines])

    @property
    def category(self) -> Whole:
        """The category of each line."""
        return np.array([self.categories.index(line.category) for line in self.lines])

    def per_line(self, name: str) -> list[Any]:
        """A parameter of the category of each line."""
        return [self.raw["category"][line.category][name] for line in self.lines]

    def place(self, month: Month) -> int:
        """The count of a month."""
        return (month.year - self.months[0].year) * MONTHS_IN_YEAR + month.number - self.months[0].number

    def agb(self, form: str, number: int) -> str:
        """The AGB code of a subcontractor that is not under P×Q."""
        raw = self.raw
        sizes = {"fte": len(raw["fte"]["agreed"]), "lump_sum": len(raw["lump_sum"]["amounts"])}
        before = {
            "fte": 0,
            "lump_sum": sizes["fte"],
            "trajectory": sum(sizes.values()),
            "availability": sum(sizes.values()) + len(raw["trajectory"]["kind"]),
        }
        return names.subcontractor_agb(len(raw["pxq"]) + before[form] + number)


@lru_cache(maxsize=1)
def setting() -> Setting:
    """Read the parameters."""
    raw = tomllib.loads(PARAMETERS.read_text(encoding="utf-8"))
    first = Month(raw["first_year"], 1)
    months = tuple(first.plus(further) for further in range(MONTHS_IN_YEAR * raw["years"]))
    weeks = np.array([working_days_between(month.first - ONE_DAY, month.last) / _WORKING_WEEK for month in months])
    lines = tuple(
        Line(
            owner=owner,
            agb=names.subcontractor_agb(owner),
            product=product,
            category=raw["product"][product]["category"],
            clients=clients,
            tariff=raw["product"][product]["tariff"],
            size=one["size"],
            pace=one["pace"],
            ceiling=one.get("ceiling", False),
            begins=one.get("begins", False),
        )
        for owner, one in enumerate(raw["pxq"])
        for product, clients in one["products"].items()
    )
    return Setting(raw, lines, tuple(raw["category"]), months, weeks)


def indexed(raw: Mapping[str, Any], year: int) -> float:
    """What the yearly indexes make of one euro of the first year."""
    found = 1.0
    for at, percent in raw["index"].items():
        found *= 1 + percent / 100 if int(at) <= year else 1
    return found


def agreed_tariffs(given: Setting, rng: np.random.Generator) -> Floats:
    """Cents per unit by line and month as agreed before each year begins, not rounded."""
    wanted = given.raw["raises"]
    owners = 1 + max(line.owner for line in given.lines)
    raised = rng.random(owners) < wanted["planned_share"]
    year = rng.integers(0, given.raw["years"], owners)
    at = year * MONTHS_IN_YEAR + rng.choice([3, 6], owners)
    percent = between(rng, wanted["planned_percent"], owners)
    own = rng.normal(1.0, 0.02, owners)
    found = np.empty((len(given.lines), len(given.months)))
    for number, line in enumerate(given.lines):
        for place, month in enumerate(given.months):
            extra = 1 + percent[line.owner] / 100 if raised[line.owner] and place >= at[line.owner] else 1.0
            found[number, place] = line.tariff * own[line.owner] * indexed(given.raw, month.year) * extra
    return found


def drawn(rng: np.random.Generator, bounds: Sequence[int], many: int | None = None) -> Any:
    """Whole numbers between bounds, both included."""
    low, high = bounds
    return rng.integers(low, high, many, endpoint=True)


def between(rng: np.random.Generator, bounds: Sequence[float], many: int | None = None) -> Any:
    """Numbers between bounds, evenly."""
    low, high = bounds
    return rng.uniform(low, high, many)
