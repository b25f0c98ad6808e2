"""The rules of handing figures in: pure, each figure by itself, every reason at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.working_days import add_working_days
from subcontractors.reports.model import Answer, Kind, Kpi, Line, Measured, Step, Written

MOST = 10_000_000
LONGEST = 1000
REMINDERS: tuple[tuple[Step, int], ...] = ((Step.BEFORE, -5), (Step.LATE, 1), (Step.LATER, 10))
"""When a reminder falls, in working days from the last day of the term."""

_NUMBER = re.compile(r"[0-9]{1,8}([.,][0-9]{1,2})?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}([. '\u00a0][0-9]{3})+")


def term_of(quarter: Quarter, requested: date, working_days: int) -> date:
    """The last day to hand in: so many working days after the quarter, or after the request when that is later."""
    return add_working_days(max(quarter.last, requested), working_days)


def reminder_of(due_on: date, today: date, reminded: Iterable[Step]) -> Step | None:
    """The reminder that falls today or fell before and was not given; a later one makes those before it needless."""
    fallen = [step for step, days in REMINDERS if _moved(due_on, days) <= today]
    return fallen[-1] if fallen and fallen[-1] not in set(reminded) else None


def _moved(day: date, days: int) -> date:
    if days >= 0:
        return add_working_days(day, days)
    first = day
    while add_working_days(first, -days) >= day:
        first = date.fromordinal(first.toordinal() - 1)
    return date.fromordinal(first.toordinal() + 1)


def judge(written: Iterable[Written], lines: Mapping[str, Line]) -> tuple[Answer, ...]:
    """What becomes of each figure.

    Args:
        written: the figures as written; one may be named once.
        lines: what was asked, by id, with what is known and what was handed in before.

    Returns:
        an answer for each figure that says something, and for each that is needed and was not given.
    """
    given: dict[str, Written] = {}
    answers = []
    for one in written:
        line = lines.get(one.kpi)
        if line is None:
            found = _finding("UNKNOWN", one.kpi, f"Het kengetal {one.kpi[:20]!r} is u niet gevraagd.", "Laat het weg.")
            answers.append(Answer(one.kpi, None, findings=(found,)))
        elif one.kpi in given:
            found = _finding("TWICE", one.kpi, "Dit kengetal staat er twee keer in.", "Laat het één keer staan.")
            answers.append(Answer(one.kpi, None, findings=(found,)))
        else:
            given[one.kpi] = one
    for name, line in lines.items():
        answer = _judged(given.get(name, Written(name)), line)
        if answer is not None:
            answers.append(answer)
    return tuple(answers)


def _judged(one: Written, line: Line) -> Answer | None:
    kpi, known = line.kpi, line.known
    text = (one.value.strip(), one.number.strip())
    explained = one.explanation.strip()
    if len(explained) > LONGEST:
        found = _finding("LONG", kpi.id, f"De toelichting is langer dan {LONGEST} tekens.", "Kort haar in.")
        return Answer(kpi.id, None, findings=(found,))
    if not any(text):
        return _empty(one, line, explained)
    findings = _wrong(kpi, *text)
    if findings:
        return Answer(kpi.id, None, explained, findings)
    measured = _measured(kpi, *text)
    if known is not None and measured != known and not explained:
        found = _finding(
            "UNEXPLAINED",
            kpi.id,
            f"Dit wijkt af van wat uit {kpi.computed['nl']} bekend is.",
            "Leg uit waardoor, of laat het bekende getal staan.",
        )
        return Answer(kpi.id, None, explained, (found,))
    return _taken(measured, explained, line)


def _empty(one: Written, line: Line, explained: str) -> Answer | None:
    """A figure without numbers: known and agreed with, known and explained, not needed, or missing."""
    if line.known is not None and (one.agreed or explained) and line.latest is None:
        return _taken(line.known, explained, line)
    if line.needed:
        found = _finding(
            "MISSING",
            line.kpi.id,
            "Dit kengetal ontbreekt.",
            f"Vul {line.kpi.value_name['nl']} in; vul 0 als er niets te melden is.",
        )
        return Answer(line.kpi.id, None, explained, (found,))
    return None


def _taken(measured: Measured, explained: str, line: Line) -> Answer:
    latest = line.latest
    same = latest is not None and latest.measured == measured and (latest.explanation == explained or not explained)
    return Answer(line.kpi.id, measured, explained, changed=not same)


def _wrong(kpi: Kpi, value: str, number: str) -> tuple[Finding, ...]:
    found = list(_no_number(kpi, value, kpi.value_name["nl"], whole=kpi.kind in (Kind.COUNT, Kind.SHARE)))
    if kpi.kind.over:
        found += _no_number(kpi, number, kpi.number_name["nl"], whole=True)
    return tuple(found) or tuple(_unfit(kpi, _amount(value), _amount(number) if kpi.kind.over else Decimal(0)))


def _unfit(kpi: Kpi, value: Decimal, number: Decimal) -> Iterator[Finding]:
    """What does not fit together, of numbers that could be read."""
    name = kpi.value_name["nl"].capitalize()
    if kpi.kind is Kind.SHARE and value > number:
        yield _finding(
            "MORE",
            kpi.id,
            f"{name} ({value}) is meer dan {kpi.number_name['nl']} ({number}).",
            "Draai ze om of verbeter het getal.",
        )
    if kpi.kind is Kind.MEAN and number and not _between(value, kpi):
        yield _finding(
            "BOUNDS",
            kpi.id,
            f"{name} {value} ligt niet tussen {kpi.lowest} en {kpi.highest}.",
            f"Vul een getal van {kpi.lowest} tot en met {kpi.highest}.",
        )


def _between(amount: Decimal, kpi: Kpi) -> bool:
    return (kpi.lowest is None or amount >= kpi.lowest) and (kpi.highest is None or amount <= kpi.highest)


def _no_number(kpi: Kpi, text: str, name: str, *, whole: bool) -> Iterator[Finding]:
    if _THOUSANDS.fullmatch(text):
        yield _finding(
            "THOUSANDS",
            kpi.id,
            f"{name.capitalize()} {text} heeft een teken tussen de duizendtallen, of drie decimalen.",
            "Schrijf 1234 zonder teken.",
        )
    elif not text.isascii() or not _NUMBER.fullmatch(text):
        what = "leeg" if not text else f"geen getal: {text[:20]!r}"
        yield _finding("NUMBER", kpi.id, f"{name.capitalize()} is {what}.", "Vul een getal van nul of meer.")
    elif whole and _amount(text) % 1:
        yield _finding("WHOLE", kpi.id, f"{name.capitalize()} {text} is geen heel getal.", "Vul een heel getal.")
    elif _amount(text) > MOST:
        yield _finding("LARGE", kpi.id, f"{name.capitalize()} {text} is te groot.", "Controleer het getal.")


def _measured(kpi: Kpi, value: str, number: str) -> Measured:
    if not kpi.kind.over:
        return Measured(_amount(value))
    over = int(_amount(number))
    return Measured(_amount(value) if over else Decimal(0), over)


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _finding(rule: str, kpi: str, message: str, remedy: str) -> Finding:
    return Finding(f"FIGURE-{rule}", message, remedy, column=kpi)
