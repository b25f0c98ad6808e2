"""How the figures of a document read in Dutch or English; pure, for text, workbook and print alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lead_contractor.kernel.money import euros_nl
from lead_contractor.kernel.quarters import Quarter

NOT_SHOWN, NONE = "n.t.", "–"
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table of products: its key in a row, its heading, and what stands in it."""

    key: str
    title: str
    kind: str


_COLUMNS = (
    Column("hours", "Uren", "hours"),
    Column("cost", "Kosten", "money"),
    Column("budget", "Budget", "money"),
    Column("use_percent", "Uitnutting", "percent"),
    Column("clients", "Cliënten", "count"),
)
_SET_OF = {"hours": "hours", "cost": "cost", "budget": "use", "use_percent": "use", "clients": "clients"}


def columns(document: Mapping[str, Any]) -> tuple[Column, ...]:
    """The columns of the tables, by the sets that the document holds."""
    return tuple(one for one in _COLUMNS if _SET_OF[one.key] in document["sets"])


def cell(row: Mapping[str, Any], column: Column) -> str:
    """What stands in a row under a column."""
    value = row.get(column.key)
    if value is None:
        if column.key == "clients" and row.get("few"):
            return "< 10"
        own = column.key == "budget" or (column.key == "use_percent" and row.get("budget") is None)
        return NOT_SHOWN if row.get("hidden") and not own else NONE
    return shown(value, column.kind)


def shown(value: Any, kind: str) -> str:
    """A value of a document as text."""
    if value is None:
        return NONE
    if kind == "money":
        return euros_nl(int(value))
    if kind == "percent":
        return f"{number(value)} %"
    return number(value)


def number(value: Any) -> str:
    """A number with a decimal comma and grouped thousands."""
    text = f"{Decimal(str(value)):,f}"
    return text.translate({ord(","): ".", ord("."): ","})


def day(text: str) -> str:
    """A day in words."""
    value = date.fromisoformat(text)
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def title(document: Mapping[str, Any]) -> str:
    """The name of the report."""
    quarter = Quarter.parse(document["quarter"])
    return f"Kwartaalrapportage {quarter.number} van {quarter.year}"


def status(document: Mapping[str, Any]) -> str:
    """Whether it was released, with its version."""
    name = "vrijgegeven" if document["status"] == "released" else "concept"
    return f"{name}, versie {document['version']}"


def facts(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the report is about."""
    found = [
        ("Gemeente", f"{document['municipality']['name']} ({document['municipality']['code']})"),
        ("Hoofdaannemer", document["lead_contractor"]),
        ("Contract", document["contract"]),
        ("Kwartaal", f"{day(document['first_day'])} tot en met {day(document['last_day'])}"),
        ("Peildatum", day(document["as_of"])),
        ("Versie", status(document)),
    ]
    if document["reason"]:
        found.append(("Reden van deze versie", document["reason"]))
    return found


def cost_of(document: Mapping[str, Any]) -> tuple[int, int]:
    """What of the cost of the quarter went to subcontractors, and what was own cost (whose rows are never hidden).

    Only subcontractors have a budget, so that the two must not be taken together beside one.
    """
    own = sum(int(row["cost"]) for row in document["products"] if row["kind"] == "own")
    return int(document["totals"]["cost"]) - own, own


def totals(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The sums of the report, each with its name."""
    found = document["totals"]
    rows: list[tuple[str, str]] = []
    if "hours" in found:
        rows.append(("Uren", number(found["hours"])))
    if "cost" in found:
        rows += [
            ("Kosten", euros_nl(found["cost"])),
            *zip(("Kosten van onderaannemers", "Eigen kosten"), map(euros_nl, cost_of(document)), strict=True),
            ("Kosten vanaf het begin van het contractjaar", euros_nl(found["cost_to_date"])),
            ("Nagekomen over eerdere kwartalen", euros_nl(found["late"])),
        ]
    if "use_percent" in found:
        rows += [
            ("Budget voor onderaannemers", shown(found["budget"], "money")),
            ("Gebruikt van dat budget", shown(found["used_of_budget"], "money")),
            ("Uitnutting van dat budget", shown(found["use_percent"], "percent")),
            ("Budget vanaf het begin van het contractjaar", shown(found["budget_to_date"], "money")),
            ("Gebruikt vanaf het begin van het contractjaar", shown(found["used_of_budget_to_date"], "money")),
            ("Uitnutting vanaf het begin van het contractjaar", shown(found["use_percent_to_date"], "percent")),
            ("Kosten als deel van de lumpsum", shown(found["lump_sum_percent_to_date"], "percent")),
        ]
    if "clients" in found:
        rows.append(("Cliënten", "< 10" if found["clients_few"] else number(found["clients"])))
    if "overhead_percent" in found:
        rows.append(("Overhead en coördinatie", shown(found["overhead_percent"], "percent")))
    return rows


def figure(one: Mapping[str, Any], definition: Mapping[str, Any]) -> str:
    """A figure of subcontractors as text."""
    if one["shown"] == "hidden":
        return "n.t. (te weinig cliënten)"
    if one["value"] is None:
        return "nog geen opgave" if not one["told_by"] else "niemand"
    value = number(one["value"])
    if definition["kind"] == "share":
        sign = {"below": "minder dan ", "above": "meer dan "}.get(one["shown"], "")
        return f"{sign}{value} %, over {number(one['number'])}"
    if definition["kind"] == "mean":
        return f"{value} {definition['unit']['nl']}, over {number(one['number'])}"
    return f"{value} {definition['unit']['nl']}"


def figures(document: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """The figures over all subcontractors: name, value, made of how many, and the version of the definition."""
    known = {one["id"]: one for one in document["definitions"]}
    return [
        (
            known[one["kpi"]]["name"]["nl"],
            figure(one, known[one["kpi"]]),
            f"{one['told_by']} van {one['asked']}",
            str(one["version"]),
        )
        for one in document["figures"]
        if not one["name"]
    ]


def row_name(row: Mapping[str, Any]) -> str:
    """The name of a row with its code, where that tells anything."""
    if row["kind"] == "product":
        return f"{row['code']} {row['name']}".strip()
    return str(row["name"] or row["code"])


def notes(document: Mapping[str, Any]) -> Sequence[str]:
    """What a reader has to know of what is hidden."""
    made = []
    if any(row["hidden"] for row in (*document["products"], *(document["subcontractors"] or ()))):
        made.append(
            f"n.t.: niet getoond. Bij minder dan {document['threshold']} cliënten staan er geen aantallen en bedragen, "
            "en ook niet in rijen waaruit die zijn af te leiden, in dit rapport of samen met een eerder."
        )
    made.append("Kosten staan bij de maand van de zorg; wat later binnenkomt, telt mee in een volgende versie.")
    return made
