"""A document of a report as a page shows it: texts in the language of the request, nothing that is not in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from budgets.reports.model import Released
from budgets.reports.wording import Column, columns, cost_of
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.web import formats
from lead_contractor.web.languages import current_language
from subcontractors.reports.model import Form, Line


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a table: its name, its cells as text, and whether it is hidden."""

    name: str
    cells: tuple[str, ...]
    hidden: bool


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure of the set with its definition."""

    name: str
    value: str
    told_by: str
    definition: str
    about: str


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """A quarter on the first page: its requests and its report."""

    quarter: Quarter
    over: bool
    asked: int
    handed_in: int
    late: int
    released: Released | None


def titles(document: Mapping[str, Any]) -> list[str]:
    """The headings of the columns."""
    names = {
        "hours": gettext("Uren"),
        "cost": gettext("Kosten"),
        "budget": gettext("Budget"),
        "use_percent": gettext("Uitnutting"),
        "clients": gettext("Cliënten"),
    }
    return [str(names[one.key]) for one in columns(document)]


def rows(found: Sequence[Mapping[str, Any]] | None, document: Mapping[str, Any]) -> list[ShownRow] | None:
    """The rows of a table of the document; ``None`` where there is no such table."""
    if found is None:
        return None
    wanted = columns(document)
    return [ShownRow(_name(row), tuple(_cell(row, one) for one in wanted), bool(row["hidden"])) for row in found]


def _name(row: Mapping[str, Any]) -> str:
    dutch = row["name"]
    name = str(gettext(dutch)) if dutch else ""
    return f"{row['code']} {name}".strip() if row["kind"] == "product" else name or str(row["code"])


def _cell(row: Mapping[str, Any], column: Column) -> str:
    value = row.get(column.key)
    if value is not None:
        return amount(value, column.kind)
    if column.key == "clients" and row["few"]:
        return "< 10"
    own = column.key == "budget" or (column.key == "use_percent" and row.get("budget") is None)
    return str(gettext("n.t.")) if row["hidden"] and not own else "–"


def amount(value: Any, kind: str) -> str:
    """A value of a document in the language of the request."""
    language = current_language()
    if value is None:
        return "–"
    if kind == "money":
        return formats.euro(int(value), language)
    if kind == "percent":
        return formats.percent(Decimal(str(value)), 1, language)
    if kind == "hours":
        return formats.number(Decimal(str(value)), 0, language)
    return formats.quantity(Decimal(str(value)), language)


def unbroken(value: Any, kind: str) -> str:
    """The same where it must not break over two lines."""
    return amount(value, kind).replace(" ", "\u00a0")


def cost_parts(document: Mapping[str, Any]) -> dict[str, int]:
    """What of the cost of the quarter is of subcontractors and what is own; nothing where the cost is not in it."""
    return dict(zip(("subcontractors", "own"), cost_of(document), strict=True)) if "cost" in document["totals"] else {}


def totals(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The sums of a document with their names."""
    found = {**document["totals"], **cost_parts(document)}
    named = (
        ("cost", gettext("Kosten"), "money"),
        ("subcontractors", gettext("Kosten van onderaannemers"), "money"),
        ("own", gettext("Eigen kosten"), "money"),
        ("cost_to_date", gettext("Kosten vanaf het begin van het contractjaar"), "money"),
        ("late", gettext("Nagekomen over eerdere kwartalen"), "money"),
        ("lump_sum_percent_to_date", gettext("Kosten als deel van de lumpsum"), "percent"),
        ("hours", gettext("Uren"), "hours"),
        ("clients", gettext("Cliënten"), "count"),
        ("budget", gettext("Budget voor onderaannemers"), "money"),
        ("used_of_budget", gettext("Gebruikt van dat budget"), "money"),
        ("use_percent", gettext("Uitnutting van dat budget"), "percent"),
        ("budget_to_date", gettext("Budget vanaf het begin van het contractjaar"), "money"),
        ("used_of_budget_to_date", gettext("Gebruikt vanaf het begin van het contractjaar"), "money"),
        ("use_percent_to_date", gettext("Uitnutting vanaf het begin van het contractjaar"), "percent"),
        ("overhead_percent", gettext("Overhead en coördinatie"), "percent"),
    )
    made = [(str(name), amount(found[key], kind)) for key, name, kind in named if key in found]
    return [(name, "< 10") if name == gettext("Cliënten") and found.get("clients_few") else (name, value)
            for name, value in made]  # fmt: skip


def figures(document: Mapping[str, Any], subcontractor: str = "") -> list[ShownFigure]:
    """The figures over all subcontractors, or those of one by name."""
    language = current_language()
    known = {one["id"]: one for one in document["definitions"]}
    return [
        ShownFigure(
            known[one["kpi"]]["name"][language],
            figure(one, known[one["kpi"]]),
            str(gettext("%(told)s van %(asked)s", told=one["told_by"], asked=one["asked"])),
            known[one["kpi"]]["definition"][language],
            about(known[one["kpi"]]),
        )
        for one in document["figures"]
        if one["name"] == subcontractor
    ]


def figure(one: Mapping[str, Any], definition: Mapping[str, Any]) -> str:
    """A figure as text."""
    if one["shown"] == "hidden":
        return str(gettext("n.t.: te weinig cliënten"))
    if one["value"] is None:
        return str(gettext("niemand") if one["told_by"] else gettext("nog geen opgave"))
    language = current_language()
    if definition["kind"] == "share":
        share = formats.percent(Decimal(one["value"]), 1, language)
        number = formats.number(one["number"], 0, language)
        if one["shown"] == "below":
            return str(gettext("minder dan %(share)s, over %(number)s", share=share, number=number))
        if one["shown"] == "above":
            return str(gettext("meer dan %(share)s, over %(number)s", share=share, number=number))
        return str(gettext("%(share)s, over %(number)s", share=share, number=number))
    value = f"{formats.quantity(Decimal(one['value']), language)} {definition['unit'][language]}"
    if definition["kind"] == "mean":
        return str(gettext("%(value)s, over %(number)s", value=value, number=one["number"]))
    return value


def about(definition: Mapping[str, Any]) -> str:
    """Version, source and what a figure is worked out from."""
    language = current_language()
    return str(
        gettext(
            "versie %(version)s van de definitie; bron: %(source)s; uit: %(come)s; peildatum %(day)s",
            version=definition["version"],
            source=definition["source"],
            come=definition["from"][language] or gettext("opgave van de aanbieder"),
            day=formats.day(date.fromisoformat(definition["as_of"]), language),
        )
    )


def measured(line: Line, *, known: bool = False) -> str:
    """A figure of a request as text: as it stands, or as we know it."""
    one = line.known if known else line.stands
    language = current_language()
    if one is None:
        return "–"
    if line.kpi.kind.over and not one.number:
        return str(gettext("niemand"))
    value = formats.quantity(one.value, language)
    if line.kpi.kind.value == "share":
        share = formats.percent(100 * one.value / Decimal(one.number or 1), 0, language)
        return str(gettext("%(part)s van %(number)s (%(share)s)", part=value, number=one.number, share=share))
    if line.kpi.kind.value == "mean":
        return str(gettext("%(value)s, over %(number)s", value=value, number=one.number))
    return f"{value} {line.kpi.unit[language]}"


def differs(line: Line) -> bool:
    """Whether what was handed in is not what we know now."""
    return line.latest is not None and line.known is not None and line.latest.measured != line.known


def quarter_rows(
    quarters: Sequence[Quarter],
    forms: Sequence[Form],
    reports: Mapping[Quarter, Sequence[Released]],
    today: date,
) -> list[QuarterRow]:
    """The quarters of a contract that have begun, the newest first."""
    made = []
    for quarter in sorted(quarters, reverse=True):
        if quarter.first > today:
            continue
        own = [one for one in forms if one.request.quarter == quarter]
        versions = reports.get(quarter, ())
        made.append(
            QuarterRow(
                quarter,
                quarter.last < today,
                len(own),
                sum(one.handed_in for one in own),
                sum(one.late(today) for one in own),
                versions[-1] if versions else None,
            )
        )
    return made
