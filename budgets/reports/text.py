"""The report as plain text, for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from budgets.reports.wording import cell, columns, facts, figures, notes, row_name, title, totals

_WIDEST = 44


def report_text(document: Mapping[str, Any]) -> str:
    """A document as text of at most some hundred columns."""
    lines = [title(document), ""]
    lines += [f"{name:<24}{value}" for name, value in facts(document)]
    lines += ["", *(f"{name:<50}{value:>20}" for name, value in totals(document))]
    lines += ["", *_table("Per product", document["products"], document)]
    if document["subcontractors"] is not None:
        lines += ["", *_table("Per onderaannemer", document["subcontractors"], document)]
    found = figures(document)
    if found:
        lines += ["", f"{'Kengetal':<58}{'':<34}{'opgaven':>10}"]
        lines += [f"{name:<58}{value:<34}{count:>10}" for name, value, count, _ in found]
    return "\n".join([*lines, "", *notes(document)])


def _table(name: str, rows: Sequence[Mapping[str, Any]], document: Mapping[str, Any]) -> list[str]:
    shown = columns(document)
    head = f"{name:<{_WIDEST}}" + "".join(f"{one.title:>17}" for one in shown)
    return [
        head,
        *(
            f"{row_name(row)[: _WIDEST - 2]:<{_WIDEST}}" + "".join(f"{cell(row, one):>17}" for one in shown)
            for row in rows
        ),
    ]
