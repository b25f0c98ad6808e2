"""The charts of the page, from figures and labels to Plotly figures; pure.

Fixed meanings: budget is a grey line, realised the solid accent, what is still coming in dotted with open markers,
declared but not yet checked hatched, the cap a thin dark line with its name at the line itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import plotly.graph_objects as go

from lead_contractor.kernel.money import Cents

INK, MUTED, LINE = "#17222d", "#5a6875", "#dfe5ea"
ACCENT, ACCENT_LIGHT, BUDGET = "#0b5d7a", "#9cc3d1", "#66727e"
ATTENTION, ATTENTION_WASH, ABOVE_WASH, GROUND = "#a8480a", "#fcf0e9", "#f0f2f4", "#ffffff"
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif'
THOUSAND, MILLION = 100_000, 100_000_000  # in cents
MONTHS = 12
_SMALL, _IN_DRAWING = 12, 11
_COLUMNS_FOR_WORDS = 4
"""So many months wide is the room that words beside a line need on a narrow screen."""


@dataclass(frozen=True, slots=True)
class Point:
    """A month of the corridor: room so far, the cap so far, and what waits to be checked, in cents."""

    number: int
    room: Cents
    cap: Cents | None
    awaiting: Cents
    complete: bool
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the waterfall: from where to where it runs, in cents, and its amount in words."""

    name: str
    start: Cents
    end: Cents
    words: str
    total: bool = False


def corridor(
    points: Sequence[Point], months: Sequence[tuple[int, str]], labels: Mapping[str, str], separators: str = ",."
) -> go.Figure:
    """The room by service month, added up, between shortage and cap; in thousand euro.

    Args:
        points: the months that have begun, in order.
        months: number and label of each month of the contract year.
        labels: the words in the drawing: ``above`` (empty where there is no cap), ``budget``, ``cap``, ``coming_in``,
            ``latest``, ``awaiting`` and ``shortage``.
        separators: decimal and thousands separator of the axis.
    """
    figure = go.Figure()
    first, last = months[0][0], months[-1][0]
    low, high = _heights(points)
    _areas(figure, points, low, high, first, last)
    _lines(figure, points)
    if any(point.awaiting for point in points):
        _awaiting(figure, points, labels["awaiting"])
    _corridor_words(figure, points, labels, low, high, first, last)
    _calm(figure, height=330, separators=separators)
    figure.update_layout(margin={"l": 40, "r": 2, "t": 8, "b": 28})
    ticks = {"tickvals": [n for n, _ in months], "ticktext": [text for _, text in months], "tickangle": 0}
    figure.update_xaxes(range=[first - 0.4, last + 0.4], showgrid=False, zeroline=False, **ticks)
    figure.update_yaxes(range=[low, high], gridcolor=LINE, zeroline=False, nticks=6, tickformat=",.0f")
    return figure


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
        text = f"<b>{bar.words}</b>" if bar.total else bar.words
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=6, y=place, text=text, showarrow=False, font={"color": INK}
        )
    _calm(figure, height=44 + 34 * len(bars), separators=separators)
    figure.update_layout(margin={"l": 118, "r": 92, "t": 4, "b": 8})
    names = [f"<b>{bar.name}</b>" if bar.total else bar.name for bar in bars]
    figure.update_xaxes(visible=False, zeroline=False)
    figure.update_yaxes(tickvals=places, ticktext=names, autorange="reversed", showgrid=False, zeroline=False)
    figure.add_vline(x=0, line={"color": BUDGET, "width": 1.5})
    return figure


def _heights(points: Sequence[Point]) -> tuple[float, float]:
    """Lowest and highest value of the axis in thousand euro: zero, room and cap with space for the words."""
    values = [0, *(point.room for point in points), *(point.cap or 0 for point in points)]
    values += [point.room - point.awaiting for point in points]
    low, high = min(values) / THOUSAND, max(values) / THOUSAND
    span = max(high - low, 1)
    late = bool(points) and not points[-1].complete and points[-1].number > MONTHS - _COLUMNS_FOR_WORDS
    return low - 0.18 * span, high + (0.42 if late else 0.26) * span


def _areas(figure: go.Figure, points: Sequence[Point], low: float, high: float, first: int, last: int) -> None:
    """Below zero the shortage, above the cap what is not the contractor's to keep."""
    figure.add_shape(
        type="rect",
        x0=first - 0.4,
        x1=last + 0.4,
        y0=low,
        y1=0,
        fillcolor=ATTENTION_WASH,
        line_width=0,
        layer="below",
    )
    capped = [(point.number, (point.cap or 0) / THOUSAND) for point in points if point.cap is not None]
    if not capped:
        return
    numbers = [number for number, _ in capped]
    figure.add_scatter(
        x=[*numbers, numbers[-1], numbers[0]],
        y=[*(cap for _, cap in capped), high, high],
        fill="toself",
        fillcolor=ABOVE_WASH,
        mode="none",
        hoverinfo="skip",
    )
    style = {"color": INK, "width": 1}
    figure.add_scatter(x=numbers, y=[cap for _, cap in capped], mode="lines", line=style, hoverinfo="skip", name="cap")


def _lines(figure: go.Figure, points: Sequence[Point]) -> None:
    """Solid with full markers up to the last complete month; dotted with open markers from there."""
    figure.add_hline(y=0, line={"color": BUDGET, "width": 2}, layer="below")
    complete = [point for point in points if point.complete]
    coming = [point for point in points if not point.complete]
    dotted = [*complete[-1:], *coming] if coming else []
    for name, line, dash in (("coming_in", dotted, "dot"), ("realised", complete, "solid")):
        if line:
            figure.add_scatter(
                name=name,
                x=[point.number for point in line],
                y=[point.room / THOUSAND for point in line],
                mode="lines+markers",
                line={"color": ACCENT, "width": 3 if dash == "solid" else 2.5, "dash": dash},
                marker={
                    "size": 8,
                    "color": [ACCENT if point.complete else GROUND for point in line],
                    "line": {"color": ACCENT, "width": 2},
                },
                hovertext=[point.words for point in line],
                hoverinfo="text",
            )


def _awaiting(figure: go.Figure, points: Sequence[Point], name: str) -> None:
    """Between the room and what would be left of it when all that waits were approved."""
    figure.add_scatter(
        name="awaiting",
        x=[*(point.number for point in points), *(point.number for point in reversed(points))],
        y=[
            *(point.room / THOUSAND for point in points),
            *((point.room - point.awaiting) / THOUSAND for point in reversed(points)),
        ],
        fill="toself",
        fillpattern={"shape": "/", "fgcolor": ACCENT, "bgcolor": "rgba(0,0,0,0)", "size": 6, "solidity": 0.25},
        line={"color": ACCENT, "width": 0.5},
        mode="lines",
        hoverinfo="skip",
    )
    lowest = points[-1]
    _words(figure, lowest.number, (lowest.room - lowest.awaiting) / THOUSAND, name, ACCENT, "right", "top")


def _corridor_words(
    figure: go.Figure,
    points: Sequence[Point],
    labels: Mapping[str, str],
    low: float,
    high: float,
    first: int,
    last: int,
) -> None:
    start = first - 0.35
    _words(figure, start, 0, labels["budget"], MUTED, "left", "top")
    _words(figure, start, low, labels["shortage"], ATTENTION, "left", "bottom")
    if labels["above"] and len(points) > 1:
        _words(figure, start, high, labels["above"], MUTED, "left", "top")
        _cap_words(figure, points, labels["cap"], last)
    complete = [point for point in points if point.complete]
    if complete and labels["latest"]:
        _latest_words(figure, complete, f"<b>{labels['latest']}</b>")
    if points and not points[-1].complete:
        _beside(figure, points[-1], labels["coming_in"], last)


def _cap_words(figure: go.Figure, points: Sequence[Point], text: str, last: int) -> None:
    """The name of the cap at its line: beside the end, or late in the year on the side where the room is not."""
    end = points[-1]
    if end.number <= last - _COLUMNS_FOR_WORDS:
        _words(figure, end.number, (end.cap or 0) / THOUSAND, text, INK, "left", "middle", shift=8)
        return
    late = points[-_COLUMNS_FOR_WORDS - 1 :]
    if sum(point.room - (point.cap or 0) for point in late) > 0:
        _words(figure, late[0].number, (late[0].cap or 0) / THOUSAND, text, INK, "left", "top", shift=6, lift=2)
    else:
        beside = points[-2] if len(points) > 1 else end
        _words(figure, beside.number, (beside.cap or 0) / THOUSAND, text, INK, "right", "bottom", lift=2)


def _latest_words(figure: go.Figure, line: Sequence[Point], text: str) -> None:
    """The room at the last complete month, on the side that the line does not come from."""
    end, height = line[-1], line[-1].room / THOUSAND
    if len(line) <= _COLUMNS_FOR_WORDS - 2:
        _words(figure, end.number, height, text, ACCENT, "left", "top", shift=9, lift=-4)
    elif line[-2].room <= end.room:
        _words(figure, end.number, height, text, ACCENT, "right", "bottom", shift=-4, lift=6)
    else:
        _words(figure, end.number, height, text, ACCENT, "right", "top", shift=-4, lift=6)


def _beside(figure: go.Figure, point: Point, text: str, last: int) -> None:
    """Words at an open point: to the right of it, or above it to the left where the year ends."""
    height = point.room / THOUSAND
    if point.number <= last - _COLUMNS_FOR_WORDS:
        _words(figure, point.number, height, text, ACCENT, "left", "top", shift=9)
    else:
        _words(figure, point.number, height, text, ACCENT, "right", "bottom", shift=-4, lift=5)


def _words(
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


def _calm(figure: go.Figure, *, height: int, separators: str) -> None:
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
