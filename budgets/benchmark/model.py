"""Public spending on Wmo support by municipality and year, as values: with its gaps and breaks as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lead_contractor.kernel.money import Cents

CENTS_IN_THOUSAND_EUROS = 100_000


@dataclass(frozen=True, slots=True)
class Spending:
    """What a municipality spent in a year.

    Attributes:
        code, municipality: CBS code of four digits, and name.
        spending_thousands: in thousands of euros; ``None`` where no figure is known.
        inhabitants: how many people, to divide by; ``None`` where not known.
        provisional: whether the figure may still change.
        breaks: whether it may not be compared with earlier years, because what is counted may have changed.
        note, source: in words.
    """

    code: str
    municipality: str
    year: int
    spending_thousands: int | None
    inhabitants: int | None
    provisional: bool = False
    breaks: bool = False
    note: str = ""
    source: str = ""

    @property
    def amount(self) -> Cents | None:
        """The spending in cents."""
        return None if self.spending_thousands is None else Cents(self.spending_thousands * CENTS_IN_THOUSAND_EUROS)


@dataclass(frozen=True, slots=True)
class Table:
    """A version of the table; version 0 comes with the product."""

    version: int
    name: str
    source: str
    rows: tuple[Spending, ...]
    imported_at: datetime | None = None
    imported_by: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """What the lead contractor's own contract year costs.

    ``inhabitants`` is ``None`` where nobody says how many there are; ``complete`` is whether the whole year is in it.
    """

    code: str
    municipality: str
    year: int
    cost: Cents
    inhabitants: int | None
    complete: bool
    contract: str


@dataclass(frozen=True, slots=True)
class Point:
    """A figure per inhabitant in a year; ``None`` where there is none."""

    year: int
    per_inhabitant: Cents | None
    provisional: bool = False
    breaks: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """The years of a municipality, every year of the table in order, missing ones too.

    ``own`` are the lead contractor's own contract years of that municipality; they are another definition of cost and
    are never joined with the public figures.
    """

    code: str
    municipality: str
    points: tuple[Point, ...]
    own: tuple[Own, ...] = ()

    @property
    def segments(self) -> Sequence[tuple[Point, ...]]:
        """What may be joined by a line: runs of years without a gap or a break between them."""
        found: list[list[Point]] = []
        for before, point in zip((None, *self.points), self.points, strict=False):
            if point.per_inhabitant is None:
                continue
            joined = before is not None and before.per_inhabitant is not None and not point.breaks
            if joined and found:
                found[-1].append(point)
            else:
                found.append([point])
        return tuple(tuple(one) for one in found)
