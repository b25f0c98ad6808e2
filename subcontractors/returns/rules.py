"""The rules of a short return: pure, each line by itself, every reason at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from lead_contractor.kernel.findings import Finding, Severity, errors
from lead_contractor.kernel.periods import Month
from subcontractors.declarations.cells import month_wrong, spoiled
from subcontractors.declarations.columns import Kind
from subcontractors.iwmo.simple import shown
from subcontractors.returns.model import FIELDS, Asked, Due, Values, Written

FAR_PERCENT = 25
"""How far, in percent of what was agreed, returned FTE may lie before it is remarked upon."""

MOST_HOURS_PER_FTE = 250
"""Hours in a month for one FTE above which a return is remarked upon."""

LABELS = {"fte": "FTE", "hours": "uren", "occupancy_percent": "bezetting in procenten"}
_NUMBER = re.compile(r"[0-9]{1,9}([.,][0-9]{1,4})?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}([., '\u00a0\u202f][0-9]{3})+([.,][0-9]+)?")
_PERCENT = Decimal(100)


def term_of(month: Month) -> date:
    """The last day to return a month: the last of the month after it."""
    return month.plus(1).last


def judge(line: Written, asked: Mapping[str, Asked], today: date) -> tuple[Values | None, tuple[Finding, ...]]:
    """The values of a line, and everything that is wrong with or striking about it.

    Args:
        line: as it was written.
        asked: what the agreements of this subcontractor ask; an agreement of another is unknown here.
        today: the day of the return.

    Returns:
        the values as far as they could be read, ``None`` when an error stands in the way, and the findings.
    """
    numbers: dict[str, Decimal | None] = {}
    found = [*line.findings, *_read_numbers(line, numbers)]
    found += _of_agreement(line, asked, today)
    values = Values(**numbers)
    if not errors(found):
        found += _striking(line, values, asked[line.agreement])
    return (None if errors(found) else values), tuple(found)


def missing(one: Asked, month: Month, known: Values, today: date) -> Due | None:
    """What is still to be returned of a month that has passed; ``None`` when nothing is."""
    lacking = tuple(name for name in one.fields if getattr(known, name) is None)
    if not lacking or month.last >= today:
        return None
    until = term_of(month)
    return Due(one.agreement, one.form, month, lacking, until, late=today > until)


def finding(
    rule: str, line: Written, message: str, remedy: str, column: str = "", severity: Severity = Severity.ERROR
) -> Finding:
    """A finding about a line."""
    return Finding(f"RETURN-{rule}", message, remedy, row=line.row, column=column, severity=severity)


def _read_numbers(line: Written, numbers: dict[str, Decimal | None]) -> Iterator[Finding]:
    spoilt = {one.column for one in line.findings}
    for name in FIELDS:
        text = getattr(line, name).strip()
        numbers[name] = None
        if text == "" or name in spoilt:
            continue
        wrong = _number_wrong(name, text)
        if wrong is not None:
            yield finding("VALUE", line, *wrong, name)
            continue
        numbers[name] = Decimal(text.replace(",", "."))
        if name == "occupancy_percent" and Decimal(text.replace(",", ".")) > _PERCENT:
            yield finding(
                "OCCUPANCY", line, f"De bezetting {text} is meer dan 100 procent.", "Vul 0 tot en met 100.", name
            )
    if all(number is None for number in numbers.values()) and not spoilt & set(FIELDS):
        said = any(getattr(line, name).strip() for name in FIELDS)
        if not said:
            yield finding("EMPTY", line, "De opgave noemt geen enkele waarde.", "Vul FTE, uren of bezetting in.")


def _number_wrong(name: str, text: str) -> tuple[str, str] | None:
    label = LABELS[name]
    wrong = spoiled(Kind.DECIMAL, text)
    if wrong is not None:
        return f"{label} {wrong.message}.", wrong.remedy
    if _THOUSANDS.fullmatch(text):
        return (
            f"{label} {shown(text)} heeft een scheidingsteken voor duizendtallen, of drie decimalen.",
            "Schrijf 1234 zonder teken, of een deel met een, twee of vier decimalen.",
        )
    if _NUMBER.fullmatch(text):
        return None
    if text.startswith("-"):
        return f"{label} {shown(text)} is negatief.", "Vul nul of meer; verbeter een eerdere opgave met een nieuwe."
    return (
        f"{label} {shown(text)} is geen getal met ten hoogste vier decimalen.",
        "Vul een getal, bijvoorbeeld 6,40.",
    )


def _of_agreement(line: Written, asked: Mapping[str, Asked], today: date) -> Iterator[Finding]:
    own = asked.get(line.agreement)
    if own is None:
        known = ", ".join(asked) or "geen"
        yield finding(
            "AGREEMENT",
            line,
            f"Afspraak {shown(line.agreement)} kent u niet, of zij vraagt geen opgave.",
            f"Kies uit uw afspraken met een opgave: {known}.",
            "agreement",
        )
    if any(one.column == "month" for one in line.findings):
        return
    wrong = month_wrong(line.month)
    if wrong is not None:
        yield finding("VALUE", line, f"De maand {wrong.message}.", wrong.remedy, "month")
        return
    month = Month.parse(line.month)
    if month.first > today:
        yield finding(
            "FUTURE", line, f"{month} ligt in de toekomst.", "Doe opgave van een maand die voorbij is.", "month"
        )
    elif month.last >= today:
        yield finding(
            "RUNNING", line, f"{month} is nog niet voorbij.", f"Doe opgave vanaf {month.plus(1).first}.", "month"
        )
    if own is not None and month not in own.months:
        yield finding(
            "MONTH", line, f"{month} valt buiten afspraak {own.agreement}.", "Kies een maand van de afspraak.", "month"
        )


def _striking(line: Written, values: Values, own: Asked) -> Iterator[Finding]:
    """What is worth a second look, and refuses nothing."""
    warning = Severity.WARNING
    if own.fte is not None and values.fte is not None:
        far = abs(values.fte - own.fte) * _PERCENT
        if far > own.fte * FAR_PERCENT:
            text = f"{values.fte} FTE ligt meer dan {FAR_PERCENT} procent van de afgesproken {own.fte}."
            yield finding("FTE-FAR", line, text, "Controleer het getal; het is wel opgeslagen.", "fte", warning)
    if values.fte and values.hours is not None and values.hours > values.fte * MOST_HOURS_PER_FTE:
        text = f"{values.hours} uren is meer dan {MOST_HOURS_PER_FTE} per FTE in één maand."
        yield finding("HOURS-FAR", line, text, "Controleer het getal; het is wel opgeslagen.", "hours", warning)
    lacking = [LABELS[name] for name in own.fields if getattr(values, name) is None]
    if lacking:
        text = f"De afspraak vraagt ook: {', '.join(lacking)}."
        yield finding("INCOMPLETE", line, text, "Vul aan voor het einde van de termijn.", "", warning)
