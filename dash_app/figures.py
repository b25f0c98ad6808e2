"""The bars of the page and the one look of all charts, from figures and labels to Plotly figures; pure.

Fixed meanings: budget is grey, realised the solid accent, expected the light accent. More cost is the colour of
attention and less that of good, always with its sign beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import plotly.graph_objects as go

from lead_contractor.kernel.money import Cents

INK, MUTED, LINE = "#17222d", "#5a6875", "#dfe5ea"
ACCENT, ACCENT_LIGHT, BUDGET = "#0b5d7a", "#9cc3d1", "#66727e"
GOOD, ATTENTION, ATTENTION_WASH, ABOVE_WASH, GROUND = "#2f6f4f", "#a8480a", "#fcf0e9", "#f0f2f4", "#ffffff"
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif'
THOUSAND, MILLION = 100_000, 100_000_000  # in cents
_SMALL, _IN_DRAWING = 12, 11


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the waterfall: from where to where it runs, in cents, and its amount in words."""

    name: str
    start: Cents
    end: Cents
    words: str
    total: bool = False


def waterfall(bars: Sequence[Bar], separators: str = ",.") -> go.Figure:
    """The road from lump sum to result and what becomes of it, a row for each step, the amounts in one column."""
    figure = go.Figure()
    places = list(range(len(bars)))
    figure.add_bar(
        orientation="h",
        y=places,
        base=[min(bar.start, bar.end) / MILLION for bar in bars],
        x=[abs(bar.end - bar.start) / MILLION for bar in bars],
        width=0.72,
        marker={"color": [ACCENT if bar.total else ACCENT_LIGHT for bar in bars], "line": {"width": 0}},
        hovertext=[f"{bar.name}: {bar.words}" for bar in bars],
        hoverinfo="text",
    )
    for place, (bar, following) in enumerate(pairwise(bars)):
        if bar.end not in (following.start, following.end):
            continue
        level = bar.end / MILLION
        figure.add_shape(
            type="line", x0=level, x1=level, y0=place, y1=place + 1, line={"color": BUDGET, "width": 1}, layer="below"
        )
    for place, bar in enumerate(bars):
        said, _, between = bar.words.partition("<br>")
        text = (f"<b>{said}</b>" if bar.total else said) + (f"<br>{between}" if between else "")
        figure.add_annotation(
            align="left",
            x=1,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=place,
            text=text,
            showarrow=False,
            font={"color": INK},
        )
    calm(
        figure, height=44 + (38 if any("<br>" in bar.words for bar in bars) else 34) * len(bars), separators=separators
    )
    longest = max((len(line) for bar in bars for line in bar.words.split("<br>")), default=0)
    figure.update_layout(margin={"l": 118, "r": max(92, 12 + 7 * longest), "t": 4, "b": 8})
    names = [f"<b>{bar.name}</b>" if bar.total else bar.name for bar in bars]
    figure.update_xaxes(visible=False, zeroline=False)
    figure.update_yaxes(tickvals=places, ticktext=names, autorange="reversed", showgrid=False, zeroline=False)
    figure.add_vline(x=0, line={"color": BUDGET, "width": 1.5})
    return figure


def changes(bars: Sequence[Bar], separators: str = ",.") -> go.Figure:
    """What drove a change, a row for each cause, to the right what made it dearer; amounts beside the bars."""
    figure = go.Figure()
    places = list(range(len(bars)))
    sizes = [(bar.end - bar.start) / THOUSAND for bar in bars]
    figure.add_bar(
        orientation="h",
        y=places,
        x=sizes,
        width=0.56,
        marker={"color": [ATTENTION if size > 0 else GOOD for size in sizes], "line": {"width": 0}},
        hovertext=[f"{bar.name}: {bar.words}" for bar in bars],
        hoverinfo="text",
    )
    for place, (bar, size) in enumerate(zip(bars, sizes, strict=True)):
        right = size > 0
        say(figure, size, place, bar.words, INK, "left" if right else "right", "middle", shift=5 if right else -5)
    calm(figure, height=30 + 34 * len(bars), separators=separators)
    widest = max((abs(size) for size in sizes), default=0) or 1
    figure.update_layout(margin={"l": 118, "r": 8, "t": 4, "b": 8})
    figure.update_xaxes(visible=False, zeroline=False, range=[-1.75 * widest, 1.75 * widest])
    figure.update_yaxes(
        tickvals=places, ticktext=[bar.name for bar in bars], autorange="reversed", showgrid=False, zeroline=False
    )
    figure.add_vline(x=0, line={"color": INK, "width": 1.5})
    return figure


def say(
    figure: go.Figure,
    x: float,
    y: float,
    text: str,
    colour: str,
    xanchor: str,
    yanchor: str,
    *,
    shift: int = 0,
    lift: int = 0,
) -> None:
    """Words in a drawing."""
    figure.add_annotation(
        x=x,
        y=y,
        text=text,
        showarrow=False,
        xanchor=xanchor,
        yanchor=yanchor,
        xshift=shift,
        yshift=lift if yanchor == "bottom" else -lift,
        align="right" if xanchor == "right" else "left",
        font={"color": colour, "size": _IN_DRAWING},
    )


def calm(figure: go.Figure, *, height: int, separators: str) -> None:
    """The one look of all charts."""
    figure.update_layout(
        template="none",
        height=height,
        autosize=True,
        showlegend=False,
        separators=separators,
        paper_bgcolor=GROUND,
        plot_bgcolor=GROUND,
        font={"family": FONT, "size": _SMALL, "color": INK},
        dragmode=False,
        hoverlabel={"bgcolor": GROUND, "bordercolor": LINE, "font": {"color": INK, "family": FONT}},
        bargap=0.2,
    )
    figure.update_xaxes(fixedrange=True, automargin=False)
    figure.update_yaxes(fixedrange=True, automargin=False)
