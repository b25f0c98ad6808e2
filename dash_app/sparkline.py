"""A year of months in the space of a word: a small drawing of use against budget, as an image in the page."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dash_app.figures import ACCENT, BUDGET
from lead_contractor.kernel.money import Cents

WIDTH, HEIGHT = 112, 24
_EDGE = 2


def sparkline(used: Sequence[Cents], budget: Sequence[Cents], months: int) -> str:
    """The address (``data:``) of the image.

    Args:
        used: use by month, the accent line.
        budget: budget by month, the grey line; empty where there is none.
        months: how many months the year has; months to come keep their room.
    """
    highest, lowest = _range([*used, *budget])
    lines = [_line(budget, lowest, highest, months, BUDGET, "1"), _line(used, lowest, highest, months, ACCENT, "1.75")]
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"{''.join(lines)}</svg>"
    )
    return f"data:image/svg+xml,{quote(drawing)}"


def _range(amounts: Sequence[Cents]) -> tuple[int, int]:
    """Highest and lowest; at least a quarter of the highest apart, so that small differences look small."""
    highest, lowest = int(max(amounts)), int(min(amounts))
    least = max(abs(highest) // 4, 1)
    if highest - lowest < least:
        highest += (least - (highest - lowest)) // 2
        lowest = highest - least
    return highest, lowest


def _line(amounts: Sequence[Cents], lowest: int, highest: int, months: int, colour: str, width: str) -> str:
    """A line in whole pixels: its shape can be seen, its amounts cannot be read back."""
    if not amounts:
        return ""
    step = (WIDTH - 2 * _EDGE) / max(1, months - 1)
    room, span = HEIGHT - 2 * _EDGE, highest - lowest
    points = [
        (_EDGE + round(step * place), HEIGHT - _EDGE - room * (int(cents) - lowest) // span)
        for place, cents in enumerate(amounts)
    ]
    path = " ".join(f"{x},{y}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
