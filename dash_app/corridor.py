"""The chart of the room by month, added up from January, between shortage and cap, with the fan to December; pure.

Solid is what was approved, up to the last complete month; dotted with open markers are months that are over and of
which declarations are still expected (hatched: how much); dashed is what is to come, in its band of 80 %.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dash_app.figures import (
    ABOVE_WASH,
    ACCENT,
    ATTENTION,
    ATTENTION_WASH,
    BUDGET,
    GROUND,
    INK,
    LINE,
    MUTED,
    THOUSAND,
    calm,
    say,
)
from lead_contractor.kernel.money import Cents

BAND = "rgba(156, 195, 209, 0.42)"
_COLUMNS_FOR_WORDS = 4
"""So many months wide is the room that words beside a line need on a narrow screen."""


@dataclass(frozen=True, slots=True)
class Point:
    """A month that has begun: room so far, the cap so far, and what waits to be checked, in cents."""

    number: int
    room: Cents
    cap: Cents | None
    awaiting: Cents
    complete: bool
    words: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """A month of which the end is not known: the room that is expected, and its band; ``over``: it has passed."""

    number: int
    room: Cents
    low: Cents
    high: Cents
    cap: Cents | None
    over: bool
    words: str


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where the line passes the cap, or falls below zero."""

    number: float
    height: Cents
    words: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """All that is drawn; ``ahead`` is empty without a forecast."""

    points: Sequence[Point]
    ahead: Sequence[Ahead] = ()
    crossings: Sequence[Crossing] = ()

    @property
    def complete(self) -> Sequence[Point]:
        """The months up to the last complete one."""
        return [point for point in self.points if point.complete]


def corridor(
    drawn: Drawn, months: Sequence[tuple[int, str]], labels: Mapping[str, str], separators: str = ",."
) -> go.Figure:
    """Draw it, in thousand euro.

    Args:
        drawn: what is drawn.
        months: number and label of each month of the contract year.
        labels: the words in the drawing: ``above`` (empty where there is no cap), ``budget``, ``cap``, ``coming_in``,
            ``latest``, ``awaiting``, ``shortage``; with a forecast ``end``, ``low``, ``high`` and ``late``.
        separators: decimal and thousands separator of the axis.
    """
    figure = go.Figure()
    first, last = months[0][0], months[-1][0]
    low, high = _heights(drawn)
    _areas(figure, drawn, low, high, first, last)
    if drawn.ahead:
        _fan(figure, drawn, high)
    _lines(figure, drawn)
    if any(point.awaiting for point in drawn.points):
        _awaiting(figure, drawn.points, labels["awaiting"])
    _words(figure, drawn, labels, low, high, first, last)
    calm(figure, height=360 if drawn.ahead else 330, separators=separators)
    figure.update_layout(margin={"l": 40, "r": 92 if drawn.ahead else 2, "t": 8, "b": 34})
    ticks: dict[str, object] = {"tickvals": [n for n, _ in months], "ticktext": [text for _, text in months]}
    ticks |= {"autotickangles": [0, 45]} if drawn.ahead else {"tickangle": 0}
    edge = 0.08 if drawn.ahead else 0.4
    figure.update_xaxes(range=[first - 0.4, last + edge], showgrid=False, zeroline=False, **ticks)
    figure.update_yaxes(range=[low, high], gridcolor=LINE, zeroline=False, nticks=6, tickformat=",.0f")
    return figure


def _heights(drawn: Drawn) -> tuple[float, float]:
    """Lowest and highest value of the axis in thousand euro: zero, room, band and cap with space for the words."""
    shown = drawn.complete if drawn.ahead else drawn.points
    values = [0, *(point.room for point in shown), *(point.cap or 0 for point in shown)]
    values += [point.room - point.awaiting for point in shown]
    for one in drawn.ahead:
        values += [one.low, one.high, one.cap or 0]
    low, high = min(values) / THOUSAND, max(values) / THOUSAND
    span = max(high - low, 1)
    points = drawn.points
    late = not drawn.ahead and bool(points) and not points[-1].complete and points[-1].number > 12 - _COLUMNS_FOR_WORDS
    return low - 0.18 * span, high + (0.42 if late else 0.2) * span


def _caps(drawn: Drawn) -> list[tuple[int, float]]:
    shown = drawn.complete if drawn.ahead else drawn.points
    found = [(point.number, point.cap / THOUSAND) for point in shown if point.cap is not None]
    known = {number for number, _ in found}
    return found + [
        (one.number, one.cap / THOUSAND) for one in drawn.ahead if one.cap is not None and one.number not in known
    ]


def _areas(figure: go.Figure, drawn: Drawn, low: float, high: float, first: int, last: int) -> None:
    """Below zero the shortage, above the cap what is not the contractor's to keep."""
    edge = 0.08 if drawn.ahead else 0.4
    below = {"x0": first - 0.4, "x1": last + edge, "y0": low, "y1": 0}
    figure.add_shape(type="rect", fillcolor=ATTENTION_WASH, line_width=0, layer="below", **below)
    capped = _caps(drawn)
    if not capped:
        return
    numbers = [number for number, _ in capped]
    caps = [cap for _, cap in capped]
    figure.add_scatter(
        x=[*numbers, numbers[-1], numbers[0]],
        y=[*caps, high, high],
        fill="toself",
        fillcolor=ABOVE_WASH,
        mode="none",
        hoverinfo="skip",
    )
    figure.add_scatter(x=numbers, y=caps, mode="lines", line={"color": INK, "width": 1}, hoverinfo="skip", name="cap")


def _fan(figure: go.Figure, drawn: Drawn, high: float) -> None:
    """The band of 80 % from the last complete month on; hatched what is still expected over months that are over."""
    start = [(point.number, point.room / THOUSAND) for point in drawn.complete[-1:]]
    numbers = [number for number, _ in start] + [one.number for one in drawn.ahead]
    tops = [room for _, room in start] + [one.high / THOUSAND for one in drawn.ahead]
    bottoms = [room for _, room in start] + [one.low / THOUSAND for one in drawn.ahead]
    figure.add_scatter(
        name="band",
        x=[*numbers, *reversed(numbers)],
        y=[*tops, *reversed(bottoms)],
        fill="toself",
        fillcolor=BAND,
        mode="none",
        hoverinfo="skip",
    )
    over = {one.number: one.room / THOUSAND for one in drawn.ahead if one.over}
    realised = {point.number: point.room / THOUSAND for point in drawn.points if point.number in over}
    if not realised:
        return
    upper = [min(realised[number], high) for number in realised]
    figure.add_scatter(
        name="late",
        x=[*(n for n, _ in start), *realised, *reversed(list(realised)), *(n for n, _ in start)],
        y=[*(room for _, room in start), *upper, *(over[n] for n in reversed(list(realised))), *(r for _, r in start)],
        fill="toself",
        fillpattern={"shape": "/", "fgcolor": ACCENT, "bgcolor": "rgba(0,0,0,0)", "size": 7, "solidity": 0.12},
        line={"color": "rgba(0,0,0,0)", "width": 0},
        mode="lines",
        hoverinfo="skip",
    )


def _lines(figure: go.Figure, drawn: Drawn) -> None:
    """Solid with full markers up to the last complete month; dotted with open markers from there; then dashed."""
    figure.add_hline(y=0, line={"color": BUDGET, "width": 2}, layer="below")
    complete = [(point.number, point.room, point.words) for point in drawn.complete]
    if drawn.ahead:
        coming = [(one.number, one.room, one.words) for one in drawn.ahead if one.over]
        expected = [(one.number, one.room, one.words) for one in drawn.ahead if not one.over]
    else:
        coming = [(point.number, point.room, point.words) for point in drawn.points if not point.complete]
        expected = []
    joined = [*complete[-1:], *coming]
    if expected:
        _line(figure, "expected", [*joined[-1:], *expected], "dash", "lines")
    if coming:
        _line(figure, "coming_in", joined, "dot", "lines+markers", full=bool(complete))
    if complete:
        _line(figure, "realised", complete, "solid", "lines+markers")


def _line(
    figure: go.Figure, name: str, line: Sequence[tuple[int, Cents, str]], dash: str, mode: str, *, full: bool = True
) -> None:
    solid = dash == "solid"
    colours = [ACCENT if solid or (full and not place) else GROUND for place in range(len(line))]
    figure.add_scatter(
        name=name,
        x=[number for number, _, _ in line],
        y=[room / THOUSAND for _, room, _ in line],
        mode=mode,
        line={"color": ACCENT, "width": 3 if solid else 2.5, "dash": dash},
        marker={"size": 8, "color": colours, "line": {"color": ACCENT, "width": 2}},
        hovertext=[words for _, _, words in line],
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
    say(figure, lowest.number, (lowest.room - lowest.awaiting) / THOUSAND, name, ACCENT, "right", "top")


def _words(
    figure: go.Figure,
    drawn: Drawn,
    labels: Mapping[str, str],
    low: float,
    high: float,
    first: int,
    last: int,
) -> None:
    start = first - 0.35
    say(figure, start, 0, labels["budget"], MUTED, "left", "top")
    say(figure, start, low, labels["shortage"], ATTENTION, "left", "bottom")
    if drawn.ahead:
        _words_ahead(figure, drawn, labels, high, start)
        return
    if labels["above"] and len(drawn.points) > 1:
        say(figure, start, high, labels["above"], MUTED, "left", "top")
        _cap_words(figure, drawn.points, labels["cap"], last)
    if drawn.complete and labels["latest"]:
        _latest_words(figure, drawn.complete, f"<b>{labels['latest']}</b>")
    if drawn.points and not drawn.points[-1].complete:
        _beside(figure, drawn.points[-1], labels["coming_in"], last)


def _words_ahead(figure: go.Figure, drawn: Drawn, labels: Mapping[str, str], high: float, start: float) -> None:
    """At the end of the year the middle, the bounds and the cap, apart from each other; and where the line crosses."""
    end = drawn.ahead[-1]
    named = [(end.room, f"<b>{labels['end']}</b>", ACCENT), (end.high, labels["high"], MUTED)]
    named.append((end.low, labels["low"], MUTED))
    if labels["above"]:
        say(figure, start, high, labels["above"], MUTED, "left", "top")
    if end.cap is not None:
        named.append((end.cap, labels["cap"], INK))
    values = [one.high for one in drawn.ahead] + [one.low for one in drawn.ahead] + [end.cap or Cents(0)]
    gap = max((max(values) - min(*values, 0)) / THOUSAND * 0.075, 0.001)
    heights = apart([cents / THOUSAND for cents, _, _ in named], gap)
    for height, (_, words, colour) in zip(heights, named, strict=True):
        say(figure, end.number, height, words, colour, "left", "middle", shift=8)
    over = [one for one in drawn.ahead if one.over]
    realised = {point.number: point.room / THOUSAND for point in drawn.points}
    if over and labels.get("late") and over[-1].number in realised:
        height = min(realised[over[-1].number], high)
        late = over[-1].number < 12 - _COLUMNS_FOR_WORDS + 1
        if height > over[-1].room / THOUSAND:
            side, shift = ("left", 6) if late else ("right", -6)
            say(figure, over[-1].number, height, labels["late"], ACCENT, side, "top", shift=shift)
    for one in drawn.crossings:
        marker = {"size": 11, "color": GROUND, "line": {"color": ATTENTION, "width": 2.5}, "symbol": "diamond"}
        figure.add_scatter(
            name="crossing",
            x=[one.number],
            y=[one.height / THOUSAND],
            mode="markers",
            marker=marker,
            hovertext=[one.words],
            hoverinfo="text",
        )
        say(figure, one.number, one.height / THOUSAND, one.words, ATTENTION, "right", "bottom", shift=-4, lift=8)


def apart(heights: Sequence[float], gap: float) -> list[float]:
    """Heights with at least a gap between them, each as near to its own as that allows."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    placed = [heights[place] for place in order]
    for _ in range(40):
        for left in range(len(placed) - 1):
            close = gap - (placed[left + 1] - placed[left])
            if close > 0:
                placed[left] -= close / 2
                placed[left + 1] += close / 2
    found = [0.0] * len(heights)
    for place, height in zip(order, placed, strict=True):
        found[place] = height
    return found


def _cap_words(figure: go.Figure, points: Sequence[Point], text: str, last: int) -> None:
    """The name of the cap at its line: beside the end, or late in the year on the side where the room is not."""
    end = points[-1]
    if end.number <= last - _COLUMNS_FOR_WORDS:
        say(figure, end.number, (end.cap or 0) / THOUSAND, text, INK, "left", "middle", shift=8)
        return
    late = points[-_COLUMNS_FOR_WORDS - 1 :]
    if sum(point.room - (point.cap or 0) for point in late) > 0:
        say(figure, late[0].number, (late[0].cap or 0) / THOUSAND, text, INK, "left", "top", shift=6, lift=2)
    else:
        beside = points[-2] if len(points) > 1 else end
        say(figure, beside.number, (beside.cap or 0) / THOUSAND, text, INK, "right", "bottom", lift=2)


def _latest_words(figure: go.Figure, line: Sequence[Point], text: str) -> None:
    """The room at the last complete month, on the side that the line does not come from."""
    end, height = line[-1], line[-1].room / THOUSAND
    if len(line) <= _COLUMNS_FOR_WORDS - 2:
        say(figure, end.number, height, text, ACCENT, "left", "top", shift=9, lift=-4)
    elif line[-2].room <= end.room:
        say(figure, end.number, height, text, ACCENT, "right", "bottom", shift=-4, lift=6)
    else:
        say(figure, end.number, height, text, ACCENT, "right", "top", shift=-4, lift=6)


def _beside(figure: go.Figure, point: Point, text: str, last: int) -> None:
    """Words at an open point: to the right of it, or above it to the left where the year ends."""
    height = point.room / THOUSAND
    if point.number <= last - _COLUMNS_FOR_WORDS:
        say(figure, point.number, height, text, ACCENT, "left", "top", shift=9)
    else:
        say(figure, point.number, height, text, ACCENT, "right", "bottom", shift=-4, lift=5)
