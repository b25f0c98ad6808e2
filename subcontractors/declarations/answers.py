"""Answers to declarations: our own full answer per line, and the WMO325 of the standard."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func

from lead_contractor.clients.store import bsns
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.decisions.store import overridden
from subcontractors.declarations.checks import bit_of, codes_of
from subcontractors.declarations.intake import NOT_UNIQUE
from subcontractors.declarations.model import Channel, Declaration, Line, Status
from subcontractors.declarations.tables import declaration_line, message, message_file
from subcontractors.iwmo.answer import answer_325
from subcontractors.iwmo.codes import NOT_ASSESSED, UNKNOWN_CLIENT, reason
from subcontractors.iwmo.writer import write_325

DUTCH, ENGLISH = 0, 2
DECLARATIONS = ("323", "")
"""The kinds of message that are declarations, or that could not be told apart from one."""


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """The answer on one line: every return code that applies, with its reason and remedy in words.

    ``overridden`` holds the codes of before of a line that a decision let pass since; the WMO325 keeps those.
    """

    id: int
    reference: str
    allocation: str
    category: str
    product_code: str
    previous_reference: str
    client_id: int
    volume: int
    unit: str
    tariff: Cents | None
    amount: Cents
    credit: bool
    period_from: date
    period_to: date
    codes: tuple[str, ...]
    overridden: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the line was accepted; a line is accepted or refused whole."""
        return not self.codes


@dataclass(frozen=True, slots=True)
class MessageAnswer:
    """The answer on one declaration message; ``faults`` say in words why it was refused whole."""

    id: int
    file: str
    status: Status
    channel: str
    sender: str | None
    receiver: str | None
    identification: str | None
    number: str | None
    period: str | None
    received: date | None
    message_dated: date | None
    dated: date | None
    message_codes: tuple[str, ...]
    declaration_codes: tuple[str, ...]
    faults: tuple[str, ...]
    submitted: Cents
    granted: Cents
    xsd_versions: tuple[str, str]
    lines: tuple[LineAnswer, ...] = ()


def answers(
    scope: Scope,
    contract_id: int,
    sender: str | None = None,
    *,
    only: Collection[int] | None = None,
    kinds: Collection[str] = DECLARATIONS,
    fresh: bool = False,
) -> list[MessageAnswer]:
    """The answers on all declarations of a contract, in the order of processing.

    Of one sender when named, and of the messages with the ids in ``only`` when given; ``kinds`` may ask for starts
    and stops (305, 307) too, which have no lines. ``fresh`` says that they came in just now, so that nobody can have
    overridden anything yet.
    """
    found = _heads(scope, contract_id, sender, only, kinds)
    passed = {} if fresh else overridden(scope, contract_id, message_ids=only)
    lines = _lines(scope, contract_id, sender, only, passed)
    return [_answer(row, lines.get(int(row.id), [])) for row in found]


def _heads(
    scope: Scope, contract_id: int, sender: str | None, only: Collection[int] | None, kinds: Collection[str]
) -> Sequence[Any]:
    statement = (
        scope.select(message, message_file.c.name.label("file_name"))
        .join_from(
            message,
            message_file,
            (message_file.c.lead_contractor_id == message.c.lead_contractor_id)
            & (message_file.c.id == message.c.file_id),
        )
        .where(message.c.contract_id == contract_id, message.c.kind.in_(kinds))
    )
    if sender is not None:
        statement = statement.where(message.c.sender == sender)
    if only is not None:
        statement = statement.where(message.c.id.in_(only))
    return sorted(scope.rows(statement), key=_order)


def _order(row: Any) -> tuple[Any, ...]:
    """By day, sender and identification, as processed; of one identification the first that used it goes before.

    What is equal then is told apart by number, period and amount: the content is stored as a keyed hash only, which is
    in another order with every key. Sorted here, since databases differ in how they sort text and what is empty.
    """
    place = (row.received or date.min, row.sender or "", row.identification or "", NOT_UNIQUE in row.message_codes)
    told = (row.number or "", row.period or "", int(row.submitted_cents))
    return (*place, *told, row.content_hash, row.file_name, row.id)


def _lines(
    scope: Scope,
    contract_id: int,
    sender: str | None,
    only: Collection[int] | None,
    passed: Mapping[int, tuple[str, ...]],
) -> dict[int, list[LineAnswer]]:
    statement = (
        scope.select(declaration_line)
        .where(declaration_line.c.contract_id == contract_id)
        .order_by(declaration_line.c.message_id, declaration_line.c.position)
    )
    if sender is not None:
        statement = statement.where(declaration_line.c.sender == sender)
    if only is not None:
        statement = statement.where(declaration_line.c.message_id.in_(only))
    found: dict[int, list[LineAnswer]] = {}
    for row in scope.rows(statement):
        found.setdefault(int(row.message_id), []).append(_line(row, passed.get(int(row.id), ())))
    return found


def _line(row: Any, passed: tuple[str, ...]) -> LineAnswer:
    return LineAnswer(
        id=int(row.id),
        reference=row.reference,
        allocation=row.allocation_number,
        category=row.category,
        product_code=row.product_code,
        previous_reference=row.previous_reference,
        client_id=int(row.client_id),
        volume=int(row.volume),
        unit=row.unit,
        tariff=None if row.tariff_cents is None else Cents(int(row.tariff_cents)),
        amount=Cents(int(row.amount_cents)),
        credit=bool(row.credit),
        period_from=date.fromordinal(row.period_from),
        period_to=date.fromordinal(row.period_to),
        codes=codes_of(int(row.codes)) if row.assessed else (NOT_ASSESSED,),
        overridden=passed,
    )


def _answer(row: Any, lines: list[LineAnswer]) -> MessageAnswer:
    basis, _, own = row.xsd_versions.partition(" ")
    return MessageAnswer(
        id=int(row.id),
        file=row.file_name,
        status=Status(row.status),
        channel=row.channel,
        sender=row.sender,
        receiver=row.receiver,
        identification=row.identification,
        number=row.number,
        period=row.period,
        received=row.received,
        message_dated=row.message_dated,
        dated=row.dated,
        message_codes=tuple(row.message_codes),
        declaration_codes=tuple(row.declaration_codes),
        faults=tuple(row.faults),
        submitted=Cents(int(row.submitted_cents)),
        granted=Cents(int(row.granted_cents)),
        xsd_versions=(basis, own),
        lines=tuple(lines),
    )


def reasons(codes: tuple[str, ...], language: int = DUTCH) -> list[str]:
    """Each code in words with its remedy, in Dutch or English."""
    return [" ".join(reason(code)[language : language + 2]) for code in codes]


def to_json(found: list[MessageAnswer]) -> dict[str, Any]:
    """The answers as ``hoofdsom answers --format json`` writes them; whole cents."""
    return {"declarations": [_message_json(one) for one in found]}


def _message_json(one: MessageAnswer) -> dict[str, Any]:
    return {
        "file": one.file,
        "status": one.status.value,
        "number": one.number,
        "sender": one.sender,
        "period": one.period,
        "message_codes": list(one.message_codes),
        "declaration_codes": list(one.declaration_codes),
        "submitted": int(one.submitted),
        "granted": int(one.granted),
        "faults": list(one.faults),
        "lines": [
            {
                "reference": line.reference,
                "allocation": line.allocation,
                "accepted": line.accepted,
                "codes": list(line.codes),
                "reasons": reasons(line.codes),
                **({"overridden": list(line.overridden)} if line.overridden else {}),
            }
            for line in one.lines
        ],
    }


def messages_325(
    scope: Scope, vault: Vault, contract_id: int, municipality: str, dated: date
) -> Iterator[tuple[str, bytes]]:
    """One WMO325 for each WMO323 that was answered or refused for its content: a name and the message.

    A file that could not be read as a message, or that came twice, gets none (IV087).
    """
    found = answers(scope, contract_id)
    known = bsns(scope, vault, {line.client_id for one in found for line in one.lines})
    used: set[str] = set()
    for number, one in enumerate((one for one in found if _gets_325(one)), start=1):
        name, content = _message_325(scope, contract_id, municipality, one, known, number, dated)
        if name.lower() in used:  # a message refused for its content leaves its identification to another
            name = f"{name.removesuffix('.xml')}-{number}.xml"
        used.add(name.lower())
        yield name, content


def message_325(
    scope: Scope, vault: Vault, contract_id: int, municipality: str, sender: str, message_id: int
) -> tuple[str, bytes]:
    """The WMO325 on one WMO323 of a sender: a name and the message, dated the day on which the WMO323 came in.

    It carries the same identification as in :func:`messages_325`.

    Raises:
        NotFound: this sender has no such message, or it gets no answer of this kind.
    """
    heads = [_answer(row, []) for row in _heads(scope, contract_id, None, None, DECLARATIONS)]
    numbers = {one.id: number for number, one in enumerate(filter(_gets_325, heads), start=1)}
    found = answers(scope, contract_id, sender, only=[message_id])
    if not found or message_id not in numbers:
        raise NotFound("Bij dit bericht hoort geen WMO325.")
    known = bsns(scope, vault, {line.client_id for line in found[0].lines})
    dated = found[0].received or date.min
    return _message_325(scope, contract_id, municipality, found[0], known, numbers[message_id], dated)


def _gets_325(one: MessageAnswer) -> bool:
    return one.channel == Channel.XML.value and one.status in (Status.ANSWERED, Status.REFUSED_CONTENT)


def _message_325(
    scope: Scope,
    contract_id: int,
    municipality: str,
    one: MessageAnswer,
    known: dict[int, str],
    number: int,
    dated: date,
) -> tuple[str, bytes]:
    """The WMO325 on one message; ``number`` is its place among the answers of the contract."""
    lines = [_declared(position, line, known) for position, line in enumerate(one.lines, start=1)]
    made = answer_325(
        _declaration(one),
        lines,
        identification=f"A{number:011d}",
        dated=max(dated, one.received or dated),
        line_codes={p: given for p, line in enumerate(one.lines, start=1) if (given := line.overridden or line.codes)},
        message_codes=one.message_codes,
        declaration_codes=one.declaration_codes,
        unknown_bsns=_unknown(scope, contract_id, one, known),
        municipality=municipality,
    )
    again = f"-{number}" if NOT_UNIQUE in one.message_codes else ""  # the identification was used before
    return f"325-{one.sender}-{_plain(one.identification or '')}{again}.xml", write_325(made)


def _plain(identification: str) -> str:
    """An identification as part of a file name: a sender may put any sign in it, a slash too."""
    return "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in identification)


def _declaration(one: MessageAnswer) -> Declaration:
    month = Month.parse(one.period or "")
    return Declaration(
        channel=Channel(one.channel),
        sender=one.sender or "",
        receiver=one.receiver or "",
        identification=one.identification or "",
        number=one.number or "",
        period_from=month.first,
        period_to=month.last,
        received=one.message_dated or month.last,
        dated=one.dated or month.last,
        total=one.submitted,
        xsd_versions=one.xsd_versions,
    )


def _declared(position: int, line: LineAnswer, known: dict[int, str]) -> Line:
    return Line(
        position=position,
        reference=line.reference,
        bsn=known[line.client_id],
        allocation=line.allocation,
        category=line.category,
        product_code=line.product_code,
        period_from=line.period_from,
        period_to=line.period_to,
        volume=line.volume,
        unit=line.unit,
        amount=line.amount,
        credit=line.credit,
        previous_reference=line.previous_reference,
        tariff=line.tariff,
    )


_UNKNOWN_CLIENTS = """
    SELECT DISTINCT l.client_id FROM declaration_line AS l
    WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.message_id = :message
      AND l.codes & :bit <> 0
      AND NOT EXISTS (SELECT 1 FROM allocation AS a WHERE a.lead_contractor_id = :lead AND a.contract_id = :contract
                      AND a.subcontractor = l.sender AND a.client_id = l.client_id)
"""


def _unknown(scope: Scope, contract_id: int, one: MessageAnswer, known: dict[int, str]) -> set[str]:
    """The BSNs that the sender of a message has no allocation for."""
    rows = scope.sql(_UNKNOWN_CLIENTS, contract=contract_id, message=one.id, bit=bit_of(UNKNOWN_CLIENT))
    return {known[int(row.client_id)] for row in rows}


def busiest_sender(scope: Scope, contract_id: int) -> str:
    """The subcontractor with the most declared lines of a contract; empty when there are none."""
    lines = func.count()
    rows = scope.rows(
        scope.select(declaration_line.c.sender)
        .where(declaration_line.c.contract_id == contract_id)
        .group_by(declaration_line.c.sender)
        .order_by(lines.desc(), declaration_line.c.sender)
        .limit(1)
    )
    return str(rows[0].sender) if rows else ""
