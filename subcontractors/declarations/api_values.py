"""Between messages and what the interface shows of them: the plain values that its schemas write, and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from lead_contractor.contract.years import ContractYear
from lead_contractor.kernel.money import euros_text
from subcontractors.declarations.answers import LineAnswer, MessageAnswer
from subcontractors.declarations.delivery import Outcome
from subcontractors.declarations.suggestions import Suggestion
from subcontractors.iwmo.codes import reason
from subcontractors.iwmo.model import Fault, Person, StartReport, StopReport

_COLUMNS = (
    "declaration",
    "period",
    "received",
    "subcontractor",
    "reference",
    "previous_reference",
    "bsn",
    "allocation",
    "category",
    "product_code",
    "from",
    "to",
    "volume",
    "unit",
    "tariff",
    "amount",
    "debit_credit",
)
_HEADER_ROWS = 2
"""The first line of a table stands in its second row."""

FIRST, WITHDRAWN = "1", "3"


def masked(bsn: str) -> str:
    """A BSN of which only the last three digits show."""
    return "*" * max(0, len(bsn) - 3) + bsn[-3:]


def reasons(codes: Sequence[str], *, english: bool) -> list[dict[str, str]]:
    """Each code in words with its remedy."""
    told = []
    for code in codes:
        words = reason(code)
        text, remedy = (words.text_en, words.remedy_en) if english else (words.text_nl, words.remedy_nl)
        told.append({"code": code, "text": text, "remedy": remedy})
    return told


def message_value(
    one: MessageAnswer,
    outcome: Outcome,
    *,
    english: bool,
    stored: bool = True,
    show_bsn: Callable[[str], str] = str,
) -> dict[str, Any]:
    """A message with its whole answer; one that was only tried has no id."""
    offered: dict[int | None, list[Suggestion]] = {}
    for made in outcome.suggestions:
        if made.declaration == (one.number or ""):
            offered.setdefault(made.position, []).append(made)
    return {
        "id": one.id if stored else None,
        "contract": outcome.year.code,
        "kind": outcome.kinds[one.id],
        "channel": one.channel,
        "sender": one.sender,
        "identification": one.identification,
        "number": one.number,
        "period": one.period,
        "received": one.received,
        "status": one.status,
        "submitted_cents": int(one.submitted),
        "granted_cents": int(one.granted),
        "lines_count": len(one.lines),
        "message_codes": reasons(one.message_codes, english=english),
        "declaration_codes": reasons(one.declaration_codes, english=english),
        "faults": list(one.faults),
        "lines": [
            _line_value(line, show_bsn(outcome.bsns[line.client_id]), offered.get(place, ()), english=english)
            for place, line in enumerate(one.lines, start=1)
        ],
        "reports": [
            {
                "kind": row.kind,
                "allocation": row.allocation_number,
                "category": row.category,
                "product_code": row.product_code,
                "begin": row.begin_date,
                "end": row.end_date,
                **verdict_value(row, english=english),
            }
            for row in outcome.reports
            if int(row.message_id) == one.id
        ],
    }


def verdict_value(row: Any | None, *, english: bool) -> dict[str, Any]:
    """Whether a start or stop stands, why not, and what else was noticed; one that nobody judged stands."""
    accepted, refused, remarks = (True, (), ()) if row is None else (bool(row.accepted), row.codes, row.remarks)
    return {
        "accepted": accepted,
        "reasons": reasons(refused or (), english=english),
        "remarks": reasons(remarks or (), english=english),
    }


def _line_value(line: LineAnswer, bsn: str, suggestions: Sequence[Suggestion], *, english: bool) -> dict[str, Any]:
    return {
        "reference": line.reference,
        "previous_reference": line.previous_reference,
        "bsn": bsn,
        "allocation": line.allocation,
        "category": line.category,
        "product_code": line.product_code,
        "period_from": line.period_from,
        "period_to": line.period_to,
        "volume": line.volume,
        "unit": line.unit,
        "tariff_cents": None if line.tariff is None else int(line.tariff),
        "amount_cents": int(line.amount),
        "debit_credit": "C" if line.credit else "D",
        "accepted": line.accepted,
        "codes": list(line.codes),
        "reasons": reasons(line.codes, english=english),
        "suggestions": [
            {"field": one.column, "value": one.new, "why": one.why, "in_bulk": one.in_bulk} for one in suggestions
        ],
    }


def head_value(row: Any, years: Mapping[int, ContractYear]) -> dict[str, Any]:
    """A message in short."""
    return {
        "id": int(row.id),
        "contract": years[int(row.contract_id)].code,
        "kind": row.kind,
        "channel": row.channel,
        "sender": row.sender,
        "identification": row.identification,
        "number": row.number,
        "period": row.period,
        "received": row.received,
        "status": row.status,
        "submitted_cents": int(row.submitted_cents),
        "granted_cents": int(row.granted_cents),
        "lines_count": int(row.line_count),
    }


_SAME = ("reference", "previous_reference", "bsn", "allocation", "category", "product_code", "volume", "unit")
_FIELDS = {
    **{name: name for name in (*_SAME, "debit_credit")},
    "from": "period_from",
    "to": "period_to",
    "tariff": "tariff_cents",
    "amount": "amount_cents",
}
"""What the columns of a line are called in JSON."""


def table_of(declaration: Mapping[str, Any], sender: str, received: date) -> bytes:
    """A declaration of JSON as the table in which it is taken in and kept (``docs/year-folder.md``)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for line in declaration["lines"]:
        tariff = line["tariff_cents"]
        writer.writerow(
            [
                declaration["number"],
                declaration["period"],
                received,
                sender,
                line["reference"],
                line["previous_reference"],
                line["bsn"],
                line["allocation"],
                line["category"],
                line["product_code"],
                line["period_from"],
                line["period_to"],
                line["volume"],
                line["unit"],
                "" if tariff is None else euros_text(tariff),
                euros_text(line["amount_cents"]),
                line["debit_credit"],
            ]
        )
    return out.getvalue().encode()


def pointer_of(fault: Fault, references: Sequence[str] | None) -> str:
    """Where a fault is: a JSON pointer into what was sent as JSON, else the place in the file in words.

    Args:
        fault: what is wrong.
        references: of the lines of JSON, in order; ``None`` for a file.
    """
    if references is not None:
        place = None if fault.line is None else max(0, fault.line - _HEADER_ROWS)
        if place is None and fault.reference in references:
            place = references.index(fault.reference)
        line = "" if place is None else f"/lines/{place}"
        return f"{line}/{_FIELDS[fault.place]}" if line and fault.place in _FIELDS else line
    parts = [f"rij {fault.line}"] if fault.line is not None else []
    parts += [fault.place] if fault.place else []
    parts += [f"referentie {fault.reference}"] if fault.reference else []
    return ", ".join(parts)


def report_of(given: Mapping[str, Any], sender: str, receiver: str, dated: date) -> StartReport | StopReport:
    """A report of JSON as the message makes it."""
    about = given["client"]
    person = Person(
        birth_date=about["birth_date"],
        sex=about["sex"],
        surname=about["surname"],
        surname_prefix=about["surname_prefix"],
        first_names=about["first_names"],
        initials=about["initials"],
    )
    shared: dict[str, Any] = {
        "sender": sender,
        "receiver": receiver,
        "identification": given["identification"],
        "dated": dated,
        "bsn": about["bsn"],
        "person": person,
        "allocation": given["allocation"],
        "category": given["category"],
        "product_code": given["product_code"],
        "begin": given["begin"],
        "status": WITHDRAWN if given["withdraws"] else FIRST,
    }
    if given["kind"] == "start":
        return StartReport(**shared)
    return StopReport(end=given["end"], reason=given["reason"], **shared)


def report_key(row: Any, *, withdraws: bool) -> tuple[Any, ...]:
    """What tells a start or stop of a message from the others in it."""
    return (
        int(row.message_id),
        withdraws,
        row.kind,
        row.allocation_number,
        row.category,
        row.product_code,
        row.begin_date,
        row.end_date,
    )


def report_value(
    row: Any, years: Mapping[int, ContractYear], bsn: str, judged: Any | None, *, english: bool
) -> dict[str, Any]:
    """A report that came in, with its verdict."""
    return {
        "kind": row.kind,
        "contract": years[int(row.contract_id)].code,
        "bsn": bsn,
        "allocation": row.allocation_number,
        "category": row.category,
        "product_code": row.product_code,
        "begin": row.begin_date,
        "end": row.end_date,
        "reason": row.reason,
        "withdraws": bool(row.deletes),
        "received": row.received,
        **verdict_value(judged, english=english),
    }
