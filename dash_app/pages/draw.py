"""From the values of a part to what the browser draws."""

from __future__ import annotations

from typing import Any

from dash import html

from dash_app.pages import text
from dash_app.pages.parts import Cell, Grid, Part
from dash_app.sparkline import HEIGHT, WIDTH
from dash_app.still import still


def table(grid: Grid) -> html.Div:
    """A table that scrolls inside its own frame on a narrow screen, by keyboard too."""
    rows = [_row(grid, cells, place) for place, cells in enumerate(grid.rows)]
    foot = html.Tr([_cell(cell, head=place == grid.head_at) for place, cell in enumerate(grid.foot)])
    return still(text.table(grid.name, text.header(*grid.titles), rows, foot if grid.foot else None))


def _row(grid: Grid, cells: tuple[Cell, ...], place: int) -> html.Tr:
    named: dict[str, Any] = {"data-row": grid.keys[place]} if grid.keys else {}
    return html.Tr([_cell(cell, head=at == grid.head_at) for at, cell in enumerate(cells)], **named)


def _cell(cell: Cell, *, head: bool) -> Any:
    content: Any = cell.words
    if cell.image is not None:
        content = html.Img(src=cell.image.source, alt=cell.image.words, width=WIDTH, height=HEIGHT)
    elif cell.tag:
        content = html.Span(cell.words, className=f"tag {cell.tone}".strip())
    elif cell.bold:
        content = html.Strong(cell.words)
    if cell.href:
        content = (
            [content, html.A(cell.link, href=cell.href, className="why")]
            if cell.link
            else html.A(content, href=cell.href)
        )
    if cell.before:
        rest = content if isinstance(content, list) else [content]
        content = [html.Span(cell.before, className="muted code"), *rest]
    tone = "" if cell.tag else cell.tone
    if cell.image is not None:
        return html.Td(content, className="spark")
    if head:
        return html.Th(content, scope="row")
    if cell.figures:
        return text.number_cell(content, tone)
    return html.Td(content, className=tone or None)


def section(
    part: Part, *inside: Any, beside: Any = None, first: Any = None, class_name: str = "section"
) -> html.Section:
    """A part with its heading: ``first`` above its sentences, ``inside`` between those and its small print."""
    content = [*text.heading(part.title, part.under, beside)]
    content += [] if first is None else [first]
    content += [html.P(text.bold(one)) for one in part.sentences]
    content += [one for one in inside if one is not None]
    content += [html.P(note, className="small-print") for note in part.notes]
    return html.Section(content, className=class_name, id=f"deel-{part.key}")


def plain_tables(part: Part) -> list[html.Div]:
    """All tables of a part."""
    return [table(grid) for grid in part.grids]
