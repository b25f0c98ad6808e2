"""The distribution of the result: the base as a dashed grey outline, the scenario as a filled one; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from budgets.scenarios.model import Ending, Simulation

INK, MUTED, LINE = "#17222d", "#5a6875", "#dfe5ea"
ACCENT, ACCENT_WASH, BUDGET, GROUND = "#0b5d7a", "rgba(156, 195, 209, 0.45)", "#66727e", "#ffffff"
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif'
_THOUSAND = 100_000
_HEIGHT = 300


def distribution(made: Simulation, labels: Mapping[str, str], separators: str) -> go.Figure:
    """How often the year ends with which result.

    Args:
        made: the simulation.
        labels: ``base``, ``scenario``, ``nothing`` (the line between shortage and surplus), ``cap`` and ``axis``.
        separators: decimal and thousands separator.
    """
    figure = go.Figure()
    edges = [edge / _THOUSAND for edge in made.histogram.edges]
    top = max(*made.histogram.base, *made.histogram.scenario)
    changed = not made.scenario.is_base
    if changed:
        _outline(figure, edges, made.histogram.scenario, {"color": ACCENT, "width": 2.5}, ACCENT_WASH)
        _outline(figure, edges, made.histogram.base, {"color": BUDGET, "width": 2, "dash": "dash"})
    else:
        _outline(figure, edges, made.histogram.base, {"color": BUDGET, "width": 2, "dash": "dash"}, "#f0f2f4")
    _upright(figure, 0, labels["nothing"], edges, top, 1.14)
    if made.ending.cap is not None:
        _upright(figure, int(made.ending.cap) / _THOUSAND, labels["cap"], edges, top, 1.27)
    _names(figure, made, labels, top, changed=changed)
    figure.update_layout(
        template="none",
        height=_HEIGHT,
        autosize=True,
        showlegend=False,
        separators=separators,
        paper_bgcolor=GROUND,
        plot_bgcolor=GROUND,
        font={"family": FONT, "size": 12, "color": INK},
        dragmode=False,
        margin={"l": 8, "r": 8, "t": 8, "b": 42},
    )
    figure.update_xaxes(
        fixedrange=True,
        tickformat=",.0f",
        showgrid=False,
        zeroline=False,
        linecolor=LINE,
        ticks="outside",
        tickcolor=LINE,
        nticks=6,
        title={"text": labels["axis"], "font": {"color": MUTED, "size": 12}, "standoff": 8},
    )
    figure.update_yaxes(fixedrange=True, visible=False, range=[0, top * 1.36])
    return figure


def _outline(
    figure: go.Figure, edges: Sequence[float], counts: Sequence[int], line: dict[str, Any], fill: str | None = None
) -> None:
    """Bars as one line of steps that begins and ends on the ground."""
    x = [edge for edge in edges for _ in range(2)]
    y = [0, *(count for count in counts for _ in range(2)), 0]
    filling: dict[str, Any] = {"fill": "tozeroy", "fillcolor": fill} if fill else {}
    figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", **filling)


def _upright(figure: go.Figure, at: float, words: str, edges: Sequence[float], top: float, height: float) -> None:
    """A line at a bound with its name at it, where it lies inside the drawing."""
    if not edges[0] <= at <= edges[-1]:
        return
    right = at > (edges[0] + edges[-1]) / 2
    figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=top * height, line={"color": INK, "width": 1})
    figure.add_annotation(
        x=at,
        y=top * height,
        text=words,
        showarrow=False,
        xanchor="right" if right else "left",
        yanchor="top",
        xshift=-4 if right else 4,
        font={"color": INK, "size": 11},
    )


def _names(figure: go.Figure, made: Simulation, labels: Mapping[str, str], top: float, *, changed: bool) -> None:
    """The name of each outline at its outer side."""
    if not changed:
        _name(figure, made.base, labels["base"], BUDGET, top, right=False)
        return
    scenario_right = made.ending.result.middle >= made.base.result.middle
    _name(figure, made.base, labels["base"], BUDGET, top, right=not scenario_right)
    _name(figure, made.ending, f"<b>{labels['scenario']}</b>", ACCENT, top, right=scenario_right)


def _name(figure: go.Figure, ending: Ending, words: str, colour: str, top: float, *, right: bool) -> None:
    at = ending.result.values[79 if right else 19] / _THOUSAND
    figure.add_annotation(
        x=at,
        y=top * 0.86,
        text=words,
        showarrow=False,
        xanchor="left" if right else "right",
        yanchor="bottom",
        font={"color": colour, "size": 12},
        bgcolor="rgba(255, 255, 255, 0.8)",
    )
