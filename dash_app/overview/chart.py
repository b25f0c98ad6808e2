"""The year as a drawing: places of bars and lines in a fixed frame, no colours and no words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from dash_app.overview.model import MonthRow
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import half_up

WIDTH, HEIGHT = 1040, 250
LEFT, RIGHT, TOP, BOTTOM = 84, 12, 14, 28
BAR_SHARE = Fraction(6, 10)
_STEPS = (1, 2, 5)
_MOST_LINES = 5
_EURO = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """A month: the bar of what was used and the line of what was due, in the frame."""

    month: Month
    left: int
    width: int
    top: int
    height: int
    due_y: int
    middle: int


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing of a year; ``grid`` holds the height of each line and the amount that it stands for."""

    bars: tuple[Bar, ...]
    grid: tuple[tuple[int, Cents], ...]
    base: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def draw(rows: Sequence[MonthRow], months: Sequence[Month]) -> Chart:
    """Place the months of a year; a month without figures keeps its room."""
    low = min((0, *(min(row.used, row.due) for row in rows)))
    high = max((_EURO, *(max(row.used, row.due) for row in rows)))
    step = _step(high - low)
    bottom, top = (low // step) * step, -(-high // step) * step
    frame = HEIGHT - TOP - BOTTOM

    def height_of(cents: int) -> int:
        return TOP + half_up(Fraction(frame * (top - cents), top - bottom))

    slot = Fraction(WIDTH - LEFT - RIGHT, max(1, len(months)))
    by_month = {row.month: row for row in rows}
    bars = []
    for number, month in enumerate(months):
        row = by_month.get(month)
        if row is None:
            continue
        left, width = LEFT + slot * number + slot * (1 - BAR_SHARE) / 2, slot * BAR_SHARE
        zero, end = height_of(0), height_of(int(row.used))
        bars.append(
            Bar(
                month=month,
                left=half_up(left),
                width=half_up(width),
                top=min(zero, end),
                height=abs(zero - end),
                due_y=height_of(int(row.due)),
                middle=half_up(left + width / 2),
            )
        )
    grid = tuple((height_of(cents), Cents(cents)) for cents in range(bottom, top + 1, step))
    return Chart(tuple(bars), grid, height_of(0))


def _step(span: int) -> int:
    """A round distance between grid lines that gives at most five of them."""
    size = _EURO
    while True:
        for factor in _STEPS:
            if span <= factor * size * _MOST_LINES:
                return factor * size
        size *= 10
