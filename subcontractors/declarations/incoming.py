"""What came in: one result for every kind of file, so that intake treats XML and CSV alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from lead_contractor.kernel.money import Cents
from subcontractors.declarations.model import Declaration, Line
from subcontractors.iwmo.document import Document
from subcontractors.iwmo.model import Fault, StartReport, StopReport

STRUCTURE = 1
CONTENT = 2


class Reading(StrEnum):
    """Whether what came in can go on to the checks against earlier messages.

    The texts equal those of :class:`subcontractors.declarations.model.Status` where the meaning is the same.
    """

    OK = "ok"
    REFUSED_STRUCTURE = "refused_structure"
    REFUSED_CONTENT = "refused_content"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message or CSV declaration as it was read, with all its faults.

    ``kind`` is ``323``, ``305``, ``307``, one of the other messages of the chain (``302``, ``315``, ``317``, ``320``,
    which come whole as ``document``), or empty when even that could not be read. After a fault of
    structure there is no declaration and no line; ``sender``, ``identification``, ``number``, ``period``
    (YYYY-MM) and ``received`` (Dagtekening, or the CSV column) are kept as far as they could be read.
    ``content_hash`` is SHA-256 over the content when it could be read, so that white space, prefixes and
    separators make no difference, and over the bytes otherwise. ``remarks`` refuse nothing.
    """

    kind: str
    declaration: Declaration | None = None
    lines: tuple[Line, ...] = ()
    starts: tuple[StartReport, ...] = ()
    stops: tuple[StopReport, ...] = ()
    faults: tuple[Fault, ...] = ()
    sender: str | None = None
    identification: str | None = None
    number: str | None = None
    period: str | None = None
    received: date | None = None
    content_hash: str = ""
    remarks: tuple[str, ...] = ()
    document: Document | None = None

    @property
    def status(self) -> Reading:
        """Refused for structure (level 1), refused for content (level 2), or ok."""
        if any(fault.level == STRUCTURE for fault in self.faults):
            return Reading.REFUSED_STRUCTURE
        return Reading.REFUSED_CONTENT if self.faults else Reading.OK

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that were broken, each once, in the order found."""
        return tuple(dict.fromkeys(fault.rule for fault in self.faults))

    def with_faults(self, faults: Iterable[Fault]) -> Incoming:
        """The same with more faults."""
        return replace(self, faults=(*self.faults, *faults))


def refused(fault: Fault, content: bytes = b"", **known: Any) -> Incoming:
    """Something that could not be read at all, for one reason."""
    return Incoming(kind=known.pop("kind", ""), faults=(fault,), content_hash=hash_of_bytes(content), **known)


def hash_of_bytes(content: bytes) -> str:
    """SHA-256 over bytes as they came."""
    return hashlib.sha256(content).hexdigest()


def hash_of_content(*parts: Declaration | Line | StartReport | StopReport) -> str:
    """SHA-256 over parsed content, in order; equal content has an equal hash whatever the file looked like."""
    head = [part for part in parts if not isinstance(part, Line)]
    return _hash(head, [text_of(part) for part in parts if isinstance(part, Line)])


TextLine = tuple[str, ...]
"""A line as plain text, without its position: BSN, reference, previous reference, allocation, category, product code,
first and last day (ISO), volume, unit, tariff, amount (both in cents), D or C; what it lacks is empty."""


def text_of(line: Line) -> TextLine:
    """A line as plain text."""
    return (
        line.bsn,
        line.reference,
        line.previous_reference,
        line.allocation,
        line.category,
        line.product_code,
        line.period_from.isoformat(),
        line.period_to.isoformat(),
        str(line.volume),
        line.unit,
        "" if line.tariff is None else str(line.tariff),
        str(line.amount),
        "C" if line.credit else "D",
    )


def line_of(position: int, text: TextLine) -> Line:
    """The line that :func:`text_of` wrote down."""
    bsn, reference, previous, allocation, category, product, first, last, volume, unit, tariff, amount, side = text
    return Line(
        position=position,
        reference=reference,
        bsn=bsn,
        allocation=allocation,
        category=category,
        product_code=product,
        period_from=date.fromisoformat(first),
        period_to=date.fromisoformat(last),
        volume=int(volume),
        unit=unit,
        amount=Cents(int(amount)),
        credit=side == "C",
        previous_reference=previous,
        tariff=Cents(int(tariff)) if tariff else None,
    )


def hash_of_declaration(declaration: Declaration, lines: Sequence[TextLine]) -> str:
    """The same as :func:`hash_of_content`, of lines as plain text."""
    return _hash([declaration], lines)


def _hash(head: Sequence[Declaration | StartReport | StopReport], lines: Sequence[TextLine]) -> str:
    """Values are kept apart by signs that XML cannot hold, so that no two contents look the same."""
    digest = hashlib.sha256()
    for part in head:
        values = [type(part).__name__, *(getattr(part, field.name) for field in fields(part))]
        digest.update(json.dumps(values, default=str, ensure_ascii=False).encode())
    digest.update("\x1e".join(map("\x1f".join, lines)).encode())
    return digest.hexdigest()
