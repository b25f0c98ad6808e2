"""The one way to put a chart on the page: it sends no figure anywhere, and has words for who cannot see it."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "displayModeBar": False,
    "responsive": True,
    "showSendToCloud": False,
    "showEditInChartStudio": False,
    "plotlyServerURL": "",
}


def graph(name: str, figure: Any, label: str, *, class_name: str = "chart") -> html.Figure:
    """A chart.

    Args:
        name: the id of the graph, for callbacks.
        figure: a Plotly figure that says how high it is.
        label: what the chart says, in a sentence, for screen readers; its table stands elsewhere on the page.
        class_name: its class in the style sheet.
    """
    config: Any = dict(CONFIG)
    drawn = dcc.Graph(id=name, figure=figure, config=config, className=class_name)
    words: dict[str, Any] = {"aria-label": label}
    room = {"minHeight": f"{figure.layout.height}px"}  # is there before the chart is, so that nothing below it moves
    return html.Figure(drawn, role="img", style=room, **words)
