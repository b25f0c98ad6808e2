"""What we owe and what we sent: return messages on what came in, our own messages, and where something is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from lead_contractor.kernel.refusals import NotFound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.chain.tables import judged_report, message_remark, return_message, sent_message
from subcontractors.declarations.tables import message, message_file
from subcontractors.iwmo.document import read_document, write_document
from subcontractors.iwmo.returns import make_return


@dataclass(frozen=True, slots=True)
class Owed:
    """A return message that we owe; ``refuses`` when it tells that something is wrong."""

    message_id: int
    kind: str
    receiver: str
    identification: str
    due_on: date
    written_on: date | None
    header_codes: tuple[str, ...]
    codes: dict[str, tuple[str, ...]]

    @property
    def refuses(self) -> bool:
        """Whether the message it answers was refused."""
        return bool(self.header_codes or self.codes)

    @property
    def file_name(self) -> str:
        """``306-65656055-R00010000001.xml``."""
        return f"{self.kind}-{self.receiver}-{self.identification}.xml"


def owed_returns(
    scope: Scope, contract_id: int, *, only: Collection[int] | None = None, waiting: bool = False
) -> list[Owed]:
    """The return messages of a contract by message; those not written yet with ``waiting``."""
    statement = (
        scope.select(return_message)
        .where(return_message.c.contract_id == contract_id)
        .order_by(return_message.c.due_on, return_message.c.message_id)
    )
    if only is not None:
        statement = statement.where(return_message.c.message_id.in_(only))
    if waiting:
        statement = statement.where(return_message.c.written_on.is_(None))
    return [_owed(row) for row in scope.rows(statement)]


def _owed(row: Any) -> Owed:
    return Owed(
        message_id=int(row.message_id),
        kind=row.kind,
        receiver=row.receiver,
        identification=row.identification,
        due_on=row.due_on,
        written_on=row.written_on,
        header_codes=tuple(row.header_codes),
        codes={address: tuple(codes) for address, codes in row.codes.items()},
    )


def return_messages(
    scope: Scope, vault: Vault, contract_id: int, dated: date, *, only: Collection[int] | None = None
) -> Iterator[tuple[str, bytes]]:
    """The return messages (WMO306, 308, 316, 318) by name, each made of the original that came in (IV028).

    A return is dated ``dated``, or the day on which it was written first.
    """
    for owed in owed_returns(scope, contract_id, only=only):
        document = read_document(_original(scope, vault, contract_id, owed.message_id))
        made = make_return(
            document,
            owed.codes,
            identification=owed.identification,
            dated=owed.written_on or dated,
            header_codes=owed.header_codes,
        )
        assert made.message is not None
        assert made.root is not None
        yield owed.file_name, write_document(made.message, made.root)


def _original(scope: Scope, vault: Vault, contract_id: int, message_id: int) -> bytes:
    row = scope.one(
        scope.select(message_file.c.content_encrypted)
        .join_from(
            message,
            message_file,
            (message_file.c.lead_contractor_id == message.c.lead_contractor_id)
            & (message_file.c.id == message.c.file_id),
        )
        .where(message.c.contract_id == contract_id, message.c.id == message_id)
    )
    if row is None:
        raise NotFound("Het bericht waarop dit een retour is, is er niet.")
    return vault.open_file(row.content_encrypted)


def mark_written(scope: Scope, contract_id: int, message_ids: Collection[int], day: date) -> None:
    """Note on which day returns were written to be sent; an earlier day stays."""
    for owed in owed_returns(scope, contract_id, only=message_ids, waiting=True):
        scope.update(return_message, {"contract_id": contract_id, "message_id": owed.message_id}, written_on=day)


def sent_content(scope: Scope, vault: Vault, contract_id: int, sent_id: int) -> tuple[str, bytes]:
    """A message that we sent, to the byte: the name of its file and its content.

    Raises:
        NotFound: there is no such message.
    """
    row = scope.one(
        scope.select(sent_message).where(sent_message.c.contract_id == contract_id, sent_message.c.id == sent_id)
    )
    if row is None:
        raise NotFound("Dit bericht is niet door ons verstuurd.")
    name = f"{row.kind}-{row.receiver}-{row.identification}.xml"
    return name, vault.open_file(row.content_encrypted)


def sent_messages(scope: Scope, vault: Vault, contract_id: int) -> Iterator[tuple[str, bytes]]:
    """All messages that we made (WMO301, WMO319) by name, in the order in which they were made."""
    rows = scope.rows(
        scope.select(sent_message.c.id).where(sent_message.c.contract_id == contract_id).order_by(sent_message.c.id)
    )
    for row in rows:
        yield sent_content(scope, vault, contract_id, int(row.id))


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something for the desk: a message that was refused or not answered in time, or a remark on what came in.

    ``kind`` is ``refused`` (a provider refused our message), ``unanswered`` (its return is late), ``remark`` (a rule
    was broken, nothing was refused) or ``report`` (a start or stop came back with codes).
    """

    kind: str
    message: str
    party: str
    identification: str
    about: str
    codes: tuple[str, ...]
    day: date | None


def troubles(scope: Scope, contract_id: int, today: date) -> list[Trouble]:
    """Where the chain asks for attention, the most pressing kinds first."""
    return [
        *_sent_troubles(scope, contract_id, today),
        *_report_troubles(scope, contract_id),
        *_remarks(scope, contract_id),
    ]


def _sent_troubles(scope: Scope, contract_id: int, today: date) -> Iterator[Trouble]:
    rows = scope.rows(
        scope.select(sent_message).where(sent_message.c.contract_id == contract_id).order_by(sent_message.c.id)
    )
    for row in rows:
        codes = tuple(sorted({code for own in (row.return_codes or {}).values() for code in own} - {"0200", "0233"}))
        if row.approved is False:
            about = f"WMO{row.kind} is door de aanbieder afgekeurd en geldt als niet verzonden"
            yield Trouble("refused", row.kind, row.receiver, row.identification, about, codes, row.returned_on)
        elif row.returned_on is None and row.return_due_on < today:
            about = f"op WMO{row.kind} kwam geen retour; die werd verwacht op {row.return_due_on}"
            yield Trouble("unanswered", row.kind, row.receiver, row.identification, about, (), row.return_due_on)


def _report_troubles(scope: Scope, contract_id: int) -> Iterator[Trouble]:
    rows = scope.rows(
        scope.select(judged_report, message.c.identification)
        .join_from(
            judged_report,
            message,
            (message.c.lead_contractor_id == judged_report.c.lead_contractor_id)
            & (message.c.id == judged_report.c.message_id),
        )
        .where(judged_report.c.contract_id == contract_id)
        .order_by(judged_report.c.id)
    )
    for row in rows:
        codes, remarks = tuple(row.codes), tuple(row.remarks)
        if not codes and not remarks:
            continue
        word = "start" if row.kind == "start" else "stop"
        day = row.begin_date if row.kind == "start" else row.end_date
        number = row.allocation_number or row.matched_number
        about = f"{word} van {day}" + (f" op toewijzing {number}" if number else "")
        kind = "report" if codes else "remark"
        number = "305" if row.kind == "start" else "307"
        yield Trouble(kind, number, row.sender, row.identification or "", about, codes or remarks, row.received)


def _remarks(scope: Scope, contract_id: int) -> Iterator[Trouble]:
    rows = scope.rows(
        scope.select(message_remark, message.c.identification, message.c.sender, message.c.kind, message.c.received)
        .join_from(
            message_remark,
            message,
            (message.c.lead_contractor_id == message_remark.c.lead_contractor_id)
            & (message.c.id == message_remark.c.message_id),
        )
        .where(message_remark.c.contract_id == contract_id)
        .order_by(message_remark.c.id)
    )
    for row in rows:
        codes = (row.code or row.rule,)
        yield Trouble("remark", row.kind, row.sender or "", row.identification or "", row.about, codes, row.received)
