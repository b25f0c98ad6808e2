"""Spending per inhabitant as a drawing: lines only where years may be compared; no colours and no words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from budgets.benchmark.model import Point, Series
from budgets.benchmark.per_inhabitant import per_inhabitant
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.rounding import half_up

WIDTH, HEIGHT = 1040, 380
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 14, 30
LABEL_HEIGHT = 15
_STEPS = (1, 2, 5)
_MOST_LINES = 6
_EURO = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A line between two years that may be compared; ``provisional`` when one of them may still change."""

    x1: int
    y1: int
    x2: int
    y2: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """A year; ``breaks`` where it may not be compared with the years before."""

    x: int
    y: int
    breaks: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A municipality: its lines and dots, its own years as diamonds, and the height of its name at the right."""

    series: Series
    ours: bool
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]
    diamonds: tuple[Dot, ...]
    end_x: int
    end_y: int
    label_y: int


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing; ``grid`` holds the height of each line and its amount, ``years`` the place of each year."""

    drawn: tuple[Drawn, ...]
    grid: tuple[tuple[int, Cents], ...]
    years: tuple[tuple[int, int], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def draw(series: Sequence[Series], ours: str) -> Chart | None:
    """Place the years of every municipality; ``ours`` is the code of the one that is looked at. ``None`` of nothing."""
    own = [(one.year, amount) for each in series for one in each.own if (amount := _own(one))]
    known = [(p.year, p.per_inhabitant) for each in series for p in each.points if p.per_inhabitant is not None] + own
    if not known:
        return None
    first, last = min(year for year, _ in known), max(year for year, _ in known)
    step = _step(max(int(cents) for _, cents in known))
    top = -(-max(int(cents) for _, cents in known) // step) * step
    span = max(1, last - first)

    def x_of(year: int) -> int:
        return LEFT + half_up(Fraction((WIDTH - LEFT - RIGHT) * (year - first), span))

    def y_of(cents: int) -> int:
        return TOP + half_up(Fraction((HEIGHT - TOP - BOTTOM) * (top - cents), top))

    drawn = [one for each in series if (one := _drawn(each, each.code == ours, x_of, y_of)) is not None]
    return Chart(
        tuple(_labelled(drawn)),
        tuple((y_of(cents), Cents(cents)) for cents in range(0, top + 1, step)),
        tuple((year, x_of(year)) for year in range(first, last + 1)),
    )


def _drawn(series: Series, ours: bool, x_of: object, y_of: object) -> Drawn | None:
    assert callable(x_of)
    assert callable(y_of)
    lines, dots = [], []
    for run in series.segments:
        places = [(x_of(point.year), y_of(int(point.per_inhabitant or 0)), point) for point in run]
        dots += [Dot(x, y, point.breaks, point.provisional) for x, y, point in places]
        for (x1, y1, before), (x2, y2, after) in pairwise(places):
            lines.append(Line(x1, y1, x2, y2, _may_change(before, after)))
    diamonds = [
        Dot(x_of(one.year), y_of(int(amount)), breaks=False, provisional=not one.complete)
        for one in series.own
        if (amount := _own(one)) is not None
    ]
    if not dots and not diamonds:
        return None
    end = max([*dots, *diamonds], key=lambda dot: dot.x)
    return Drawn(series, ours, tuple(lines), tuple(dots), tuple(diamonds), end.x, end.y, end.y)


def _own(one: object) -> Cents | None:
    return per_inhabitant(getattr(one, "cost", None), getattr(one, "inhabitants", None))


def _may_change(*points: Point) -> bool:
    return any(point.provisional for point in points)


def _labelled(drawn: Sequence[Drawn]) -> list[Drawn]:
    """The same with names that do not lie over one another: from the top down, then back up from the bottom."""
    ordered = sorted(drawn, key=lambda one: (one.end_y, one.series.municipality))
    places: list[int] = []
    for one in ordered:
        places.append(max(one.end_y, places[-1] + LABEL_HEIGHT if places else TOP))
    lowest = HEIGHT - BOTTOM
    for place in range(len(places) - 1, -1, -1):
        places[place] = min(places[place], lowest)
        lowest = places[place] - LABEL_HEIGHT
    return [
        Drawn(one.series, one.ours, one.lines, one.dots, one.diamonds, one.end_x, one.end_y, y)
        for one, y in zip(ordered, places, strict=True)
    ]


def _step(highest: int) -> int:
    size = _EURO
    while True:
        for factor in _STEPS:
            if highest <= factor * size * _MOST_LINES:
                return factor * size
        size *= 10
