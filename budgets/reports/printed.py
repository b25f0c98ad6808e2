"""The printable report: A4, Dutch, archival (PDF/A) and accessible (PDF/UA), the same bytes for the same document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from budgets.reports.wording import cell, columns, facts, figures, notes, row_name, status, title, totals

TEMPLATE = Path(__file__).with_name("report.typ")
_LAST_LATIN = "\u017f"
_SIGNS = "–—‘’“”„…•€×−·≤≥"
_NO_BREAK = "\u00a0"


def report_pdf(document: Mapping[str, Any]) -> bytes:
    """A document as a PDF of a few pages."""
    content = _printable(report_content(document))
    import typst

    try:
        return _compiled(content, document)
    except typst.TypstError:
        shown = _latin(content)
        if shown == content:
            raise
        return _compiled(shown, document)


def report_content(document: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the print, as plain texts for the template."""
    as_of = date.fromisoformat(document["as_of"])
    found = totals(document)
    return {
        "title": title(document),
        "author": document["lead_contractor"],
        "date": [as_of.year, as_of.month, as_of.day],
        "status": status(document).capitalize(),
        "running": f"{title(document)}, contract {document['contract']}, {status(document)}",
        "facts": [list(one) for one in facts(document)],
        "totals": [list(one) for one in found],
        "columns": [one.title for one in columns(document)],
        "tables": [
            {"name": name, "rows": _rows(rows, document)}
            for name, rows in (("Per product", document["products"]), ("Per onderaannemer", document["subcontractors"]))
            if rows is not None
        ],
        "figures": [list(one) for one in figures(document)],
        "definitions": [
            {
                "name": one["name"]["nl"],
                "text": one["definition"]["nl"],
                "about": f"Versie {one['version']}; bron: {one['source']}; "
                f"uit: {one['from']['nl'] or 'opgave van de aanbieder'}.",
            }
            for one in document["definitions"]
        ],
        "notes": list(notes(document)),
    }


def _rows(rows: Sequence[Mapping[str, Any]], document: Mapping[str, Any]) -> list[list[str]]:
    return [[row_name(row), *(cell(row, one).replace("€ ", "") for one in columns(document))] for row in rows]


def _compiled(content: dict[str, Any], document: Mapping[str, Any]) -> bytes:
    """Run the template with the fonts that come with it: nothing from the machine, nothing from a network."""
    import typst

    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(datetime.combine(date.fromisoformat(document["as_of"]), time(12), UTC).timestamp()),
    )
    return made


def _printable(content: Any) -> Any:
    return _mapped(content, lambda sign: sign if sign.isprintable() or sign == _NO_BREAK else " ")


def _latin(content: Any) -> Any:
    return _mapped(content, lambda sign: sign if sign <= _LAST_LATIN or sign in _SIGNS else "?")


def _mapped(content: Any, change: Any) -> Any:
    """The same content with every sign of every text changed."""
    if isinstance(content, str):
        return "".join(map(change, content))
    if isinstance(content, list):
        return [_mapped(part, change) for part in content]
    if isinstance(content, dict):
        return {key: _mapped(part, change) for key, part in content.items()}
    return content
