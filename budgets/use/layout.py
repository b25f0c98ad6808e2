"""The use of the budget as ``hoofdsom use`` prints it: JSON in whole cents, CSV in euros, or a table for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from budgets.use.line_model import By, UseLine, UseReport
from lead_contractor.kernel.money import euros_nl, euros_text

FORMAT = 1
KEYS = {By.LINE: ("subcontractor", "product_code", "form")}
MONEY = ("plan", "committed", "declared", "approved", "rejected", "assessing", "used", "paid", "left", "free", "later")
HEADS = ("plan", "verplicht", "gedeclareerd", "goedgekeurd", "gebruikt", "betaald", "restant", "vrij")
_SHOWN = ("plan", "committed", "declared", "approved", "used", "paid", "left", "free")
_WIDE, _NARROW = 30, 15


def keys_of(by: By) -> tuple[str, ...]:
    """The names of the parts of a key."""
    return KEYS.get(by, (by.value,))


def amounts_of(line: UseLine) -> dict[str, int | None]:
    """The amounts of a line by name, whole cents; ``None`` where there is no budget."""
    figures = {name: int(cents) for name, cents in asdict(line.figures).items()}
    outcome = {"plan": line.plan, "left": line.left, "free": line.free}
    named = {name: None if cents is None else int(cents) for name, cents in outcome.items()}
    return {name: named[name] if name in named else figures[name] for name in MONEY}


def to_json(report: UseReport) -> dict[str, Any]:
    """The use as JSON has it."""
    return {
        "format": FORMAT,
        "contract": report.code,
        "as_of": report.as_of.isoformat(),
        "by": report.by.value,
        "budget_version": report.version,
        "total": _whole(report.total),
        "lines": [{**dict(zip(keys_of(report.by), row.key, strict=True)), **_whole(row)} for row in report.rows],
    }


def _whole(line: UseLine) -> dict[str, int | None]:
    return {**amounts_of(line), "not_determinable": line.figures.undeterminable}


def to_csv(report: UseReport) -> str:
    """The use as a table of euros with a decimal point; an empty cell is no budget."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*keys_of(report.by), *MONEY, "not_determinable"])
    for row in report.rows:
        amounts = ["" if cents is None else euros_text(cents) for cents in amounts_of(row).values()]
        writer.writerow([*map(_plain, row.key), *amounts, row.figures.undeterminable])
    return out.getvalue()


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def to_text(report: UseReport, name: Callable[[By, tuple[str, ...]], str]) -> str:
    """The use as a table for people (Dutch); ``name`` gives the name of a row."""
    return "\n".join(_text(report, name))


def _text(report: UseReport, name: Callable[[By, tuple[str, ...]], str]) -> Iterator[str]:
    yield f"{report.code}, stand van {report.as_of.isoformat()}, begroting versie {report.version}"
    yield " ".join([" " * _WIDE, *(f"{head:>{_NARROW}}" for head in HEADS)])
    for row in report.rows:
        yield _row_text(name(report.by, row.key), row)
    yield _row_text("Samen", report.total)
    figures = report.total.figures
    if figures.later:
        yield f"Na het contractjaar is nog {euros_nl(figures.later)} verplicht."
    if figures.undeterminable:
        yield f"Van {figures.undeterminable} open toewijzing(en) is geen bedrag te bepalen."


def _row_text(named: str, line: UseLine) -> str:
    amounts = amounts_of(line)
    cells = ["–" if amounts[one] is None else euros_nl(amounts[one] or 0) for one in _SHOWN]
    return " ".join([f"{named[:_WIDE]:<{_WIDE}}", *(f"{cell:>{_NARROW}}" for cell in cells)])
