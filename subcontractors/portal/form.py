"""The form that knows the allocations: what was typed becomes declaration lines, priced by us.

Plain values in, plain values out. Nothing is guessed: a volume that is no whole number is named, not rounded.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lead_contractor.allocation.model import Unit
from lead_contractor.kernel.money import Cents, cents_from_euros, euros_text
from lead_contractor.kernel.periods import Month
from subcontractors.declarations.columns import COLUMNS
from subcontractors.declarations.model import Line
from subcontractors.portal.allocations import Fillable

MOST_DIGITS = 8
"""A volume in a message has at most eight digits."""

_WHOLE = re.compile(r"[0-9]+")
_EUROS = re.compile(r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]{2})?")
_PARTS = re.compile(r"[0-9]+[.,][0-9]+")


class Mistake(StrEnum):
    """What is wrong with something typed."""

    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    NOT_EUROS = "not_euros"
    TOO_LARGE = "too_large"
    ZERO = "zero"
    NO_TARIFF = "no_tariff"


def typed_volume(text: str, unit: str) -> int | Mistake | None:
    """A volume as typed, in whole units (cents for euros); ``None`` for nothing."""
    plain = text.replace("\u00a0", "").replace(" ", "").removeprefix("€")
    if not plain:
        return None
    if unit == Unit.EURO.value:
        if not _EUROS.fullmatch(plain):
            return Mistake.NOT_EUROS
        volume = int(cents_from_euros(plain.replace(".", "").replace(",", ".")))
    elif _PARTS.fullmatch(plain):
        return Mistake.NOT_WHOLE
    elif not _WHOLE.fullmatch(plain) or not plain.isascii():
        return Mistake.NOT_A_NUMBER
    else:
        volume = int(plain)
    if volume == 0:
        return Mistake.ZERO
    return Mistake.TOO_LARGE if len(str(volume)) > MOST_DIGITS else volume


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed in a form: the lines that follow from it, and per row what is wrong."""

    lines: tuple[Line, ...]
    mistakes: Mapping[str, Mistake]


def filled(rows: Sequence[Fillable], typed: Mapping[str, str], number: str) -> Filled:
    """The lines of a form; a row that was granted before, or stays empty, gives none."""
    lines: list[Line] = []
    mistakes: dict[str, Mistake] = {}
    for row in rows:
        volume = typed_volume(typed.get(row.key, ""), row.unit)
        if volume is None or row.granted is not None:
            continue
        if isinstance(volume, Mistake):
            mistakes[row.key] = volume
        elif not row.priced:
            mistakes[row.key] = Mistake.NO_TARIFF
        else:
            lines.append(_line(row, volume, len(lines) + 1, number))
    return Filled(tuple(lines), mistakes)


def _line(row: Fillable, volume: int, position: int, number: str) -> Line:
    return Line(
        position=position,
        reference=f"{number}-{position:04d}",
        bsn=row.allocation.bsn,
        allocation=row.allocation.key,
        category=row.allocation.category,
        product_code=row.product_code,
        period_from=row.period_from,
        period_to=row.period_to,
        volume=volume,
        unit=row.unit,
        amount=row.amount(volume),
        credit=False,
        tariff=row.tariff,
    )


def undoing(line: Line, again: Line | None, number: str) -> tuple[Line, ...]:
    """A credit that equals a granted line in all but its reference (IV091), and the line that comes instead, if any."""
    credit = replace(line, position=1, reference=f"{number}-0001", previous_reference=line.reference, credit=True)
    if again is None:
        return (credit,)
    return credit, replace(again, position=2, reference=f"{number}-0002", previous_reference="", credit=False)


def free_number(month: Month, used: Collection[str]) -> str:
    """The next declaration number for lines that were typed: ``F2503N1``; letters and digits, at most twelve."""
    stem = f"F{month.year % 100:02d}{month.number:02d}N"
    following = 1
    while f"{stem}{following}" in used:
        following += 1
    return f"{stem}{following}"


def draft_csv(number: str, period: Month, received: date, sender: str, lines: Iterable[Line]) -> bytes:
    """Lines as a declaration in CSV, so that they are read and checked like any other."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        cells = cells_of(number, period, received, sender, line)
        writer.writerow(cells[name] for name in COLUMNS)
    return out.getvalue().encode()


def cells_of(number: str, period: Month, received: date, sender: str, line: Line) -> dict[str, str]:
    """A line in the columns of a declaration in CSV."""
    return {
        "declaration": number,
        "period": str(period),
        "received": received.isoformat(),
        "subcontractor": sender,
        "reference": line.reference,
        "previous_reference": line.previous_reference,
        "bsn": line.bsn,
        "allocation": line.allocation,
        "category": line.category,
        "product_code": line.product_code,
        "from": line.period_from.isoformat(),
        "to": line.period_to.isoformat(),
        "volume": str(line.volume),
        "unit": line.unit,
        "tariff": "" if line.tariff is None else euros_text(line.tariff),
        "amount": euros_text(line.amount),
        "debit_credit": "C" if line.credit else "D",
    }


def total_cents(lines: Iterable[Line]) -> Cents:
    """Debits less credits."""
    return Cents(sum(-int(line.amount) if line.credit else int(line.amount) for line in lines))
