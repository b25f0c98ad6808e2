"""The meeting pack: the parts of the page as a PDF and a workbook, as the screen was at that moment.

The PDF is A4, archival (PDF/A) and accessible (PDF/UA), with the fonts that come with the program. Texts reach the
template as data.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from dash_app.formats import day
from dash_app.language import gettext
from dash_app.pages.parts import Cell, Grid, Part
from dash_app.pages.sentence import answer
from dash_app.pages.text import plain
from dash_app.pages.top import kicker
from dash_app.shown import Seen
from dash_app.workbook import workbook
from lead_contractor.web.formats import AMSTERDAM
from lead_contractor.web.languages import current_language

TEMPLATE = Path(__file__).with_name("pack.typ")
_LAST_LATIN = "\u017f"
_SIGNS = "–—‘’“”„…•€×−·≤≥"


def made(now: Seen, at: datetime) -> dict[str, tuple[str, bytes]]:
    """The pack of what is seen now: by kind its file name and its content."""
    position = now.looked.position
    parts = list(now.all_parts())
    name = f"overleg-{position.code}-{position.until or position.year}"
    head = [" · ".join(kicker(now.looked)), answer(now.looked), _made_at(at)]
    return {
        "pdf": (f"{name}.pdf", pdf(content(now, parts, at), int(at.timestamp()))),
        "xlsx": (f"{name}.xlsx", workbook(parts, head)),
    }


def content(now: Seen, parts: list[Part], at: datetime) -> dict[str, Any]:
    """What stands in the document, as plain texts for the template."""
    local = at.astimezone(AMSTERDAM)
    title = " · ".join(kicker(now.looked))
    return {
        "lang": current_language(),
        "title": title,
        "author": now.person.lead_contractor_name,
        "date": [local.year, local.month, local.day],
        "made": _made_at(at),
        "answer": _runs(answer(now.looked)),
        "page": gettext("pagina"),
        "of": gettext("van"),
        "parts": [_part(part) for part in parts],
    }


def _made_at(at: datetime) -> str:
    local = at.astimezone(AMSTERDAM)
    return gettext("Gemaakt op %(day)s om %(time)s", day=day(local.date()), time=f"{local:%H:%M}")


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": part.title,
        "under": plain(part.under),
        "sentences": [_runs(one) for one in part.sentences],
        "grids": [_grid(grid) for grid in part.grids],
        "notes": list(part.notes),
    }


def _grid(grid: Grid) -> dict[str, Any]:
    """A table without the columns of links and drawings."""
    drawn = {place for row in grid.rows for place, cell in enumerate(row) if cell.image is not None}
    shown = [place for place, (title, _) in enumerate(grid.titles) if title and place not in drawn]
    coded = any(row[0].before for row in grid.rows)
    rows = [[_cell(row[place], coded=coded and place == 0) for place in shown] for row in grid.rows]
    return {
        "name": grid.name,
        "titles": [grid.titles[place][0] for place in shown],
        "right": [grid.titles[place][1] for place in shown],
        "rows": rows,
        "foot": [_cell(grid.foot[place], coded=False) for place in shown] if grid.foot else [],
    }


def _cell(cell: Cell, *, coded: bool) -> dict[str, Any]:
    shown = f"{cell.before} {cell.words}".strip() if coded else cell.words
    return {"text": shown, "bold": cell.bold, "tone": cell.tone}


def _runs(sentence: str) -> list[list[Any]]:
    """A sentence as runs of text, each bold or not."""
    return [[run, bool(place % 2)] for place, run in enumerate(sentence.split("**")) if run]


def pdf(what: dict[str, Any], timestamp: int) -> bytes:
    """Set the content; the same bytes for the same input. Signs that no font here can show become question marks."""
    import typst

    said = _printable(what)
    try:
        return _compiled(said, timestamp)
    except typst.TypstError:
        return _compiled(_latin(said), timestamp)


def _compiled(what: Any, timestamp: int) -> bytes:
    import typst

    found: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"content": json.dumps(what, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=timestamp,
    )
    return found


def _printable(what: Any) -> Any:
    if isinstance(what, str):
        return "".join(sign if sign.isprintable() or sign == "\u00a0" else " " for sign in what)
    if isinstance(what, list):
        return [_printable(part) for part in what]
    return {key: _printable(part) for key, part in what.items()} if isinstance(what, dict) else what


def _latin(what: Any) -> Any:
    if isinstance(what, str):
        return "".join(sign if sign <= _LAST_LATIN or sign in _SIGNS else "?" for sign in what)
    if isinstance(what, list):
        return [_latin(part) for part in what]
    return {key: _latin(part) for key, part in what.items()} if isinstance(what, dict) else what
