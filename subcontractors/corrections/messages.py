"""Corrections as declaration messages: what the provider itself would have sent, in a series of its own.

References begin with ``HS-DR-`` (difference run) or ``HS-TB-`` (taking back), identifications with ``HSDR`` or
``HSTB``; a series in which the provider happens to have used a name is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from string import ascii_uppercase

from lead_contractor.kernel.periods import ONE_DAY, Month
from lead_contractor.kernel.refusals import Conflict
from subcontractors.corrections.model import Change, Kind
from subcontractors.declarations.model import Channel, Declaration, Line
from subcontractors.iwmo.writer import by_client, claimed_total, write_323

MOST_CHANGES = 5000
"""How many lines are corrected in one message; far below the 25 MB that a message may have (OP179)."""

_LETTERS = {Kind.DIFFERENCE: "DR", Kind.TAKE_BACK: "TB"}


@dataclass(frozen=True, slots=True)
class Series:
    """The names of one correction with one sender."""

    letters: str
    tag: str

    @property
    def references(self) -> str:
        """How the references begin."""
        return f"HS-{self.letters}-{self.tag}-"

    @property
    def identifications(self) -> str:
        """How identifications and declaration numbers begin."""
        return f"HS{self.letters}{self.tag}"

    def reference(self, number: int) -> str:
        """A reference of at most twenty signs (RS019)."""
        return f"{self.references}{number:07d}"

    def identification(self, number: int) -> str:
        """An identification of at most twelve letters and digits (RS017, CS319)."""
        return f"{self.identifications}{number:03d}"


@dataclass(frozen=True, slots=True)
class Made:
    """One message of a correction; ``changes`` says per reference in it which change that belongs to."""

    identification: str
    content: bytes
    changes: Mapping[str, Change]


def free_series(kind: Kind, number: int, used: Callable[[str], set[str]]) -> Series:
    """The series of a correction with this number, in which the sender has used no name.

    Args:
        kind: what is corrected.
        number: the number of the correction.
        used: gives the names of the sender that begin with a text.

    Raises:
        Conflict: the sender has used them all.
    """
    for letter in ("", *ascii_uppercase):
        series = Series(_LETTERS[kind], f"{number % 10_000:04d}{letter}")
        if not used(series.references) and not used(series.identifications):
            return series
    raise Conflict("Deze onderaannemer gebruikt zelf alle kenmerken van deze reeks; maak een nieuwe correctie.")


def declaration_period(day: date) -> Month:
    """The newest month that is over on a day: a declaration period may not end after the message (TR137)."""
    return Month.of(day + ONE_DAY).plus(-1)


def messages(
    changes: Sequence[Change], series: Series, municipality: str, day: date, bsns: Mapping[int, str]
) -> list[Made]:
    """The messages that carry the changes of one sender: of each line its credit and, beside it, the new debit.

    Args:
        changes: lines of one sender.
        series: their names.
        municipality: the receiver in the header.
        day: the day of the messages.
        bsns: the BSN of each client.
    """
    made = []
    for number, first in enumerate(range(0, len(changes), MOST_CHANGES), start=1):
        part = changes[first : first + MOST_CHANGES]
        lines: list[Line] = []
        owners: dict[str, Change] = {}
        for place, change in enumerate(part, start=first):
            for line in _lines(change, series, place, bsns[change.line.client_id]):
                lines.append(line)
                owners[line.reference] = change
        identification = series.identification(number)
        head = _head(part[0].line.sender, municipality, identification, day, lines)
        ordered = [line for own in by_client(lines).values() for line in own]
        made.append(Made(identification, write_323(head, ordered), owners))
    return made


def _head(sender: str, municipality: str, identification: str, day: date, lines: Sequence[Line]) -> Declaration:
    period = declaration_period(day)
    return Declaration(
        channel=Channel.XML,
        sender=sender,
        receiver=municipality,
        identification=identification,
        number=identification,
        period_from=period.first,
        period_to=period.last,
        received=day,
        dated=day,
        total=claimed_total(lines),
    )


def _lines(change: Change, series: Series, place: int, bsn: str) -> list[Line]:
    """The credit, equal to its debit in all but the reference (IV091), and the debit that takes its place."""
    old = change.line
    credit = Line(
        position=0,
        reference=series.reference(2 * place + 1),
        bsn=bsn,
        allocation=old.allocation,
        category=old.category,
        product_code=old.product_code,
        period_from=old.period_from,
        period_to=old.period_to,
        volume=old.volume,
        unit=old.unit,
        amount=old.amount,
        credit=True,
        previous_reference=old.reference,
        tariff=old.tariff,
    )
    if change.new_amount is None:
        return [credit]
    debit = Line(
        position=0,
        reference=series.reference(2 * place + 2),
        bsn=bsn,
        allocation=old.allocation,
        category=old.category,
        product_code=old.product_code,
        period_from=old.period_from,
        period_to=old.period_to,
        volume=old.volume,
        unit=old.unit,
        amount=change.new_amount,
        credit=False,
        tariff=change.new_tariff,
    )
    return [credit, debit]
