"""Taking in messages: read, put in order, judge, store, post – in one transaction, whole or not at all.

One upload and the thousand files of a year pass here alike. Files carry no meaning by their name or order: messages
are put in order by the day that counts, sender and identification.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lead_contractor.books.model import Posting
from lead_contractor.clients.store import ClientIndex
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.declarations import engine
from subcontractors.declarations.incoming import Reading
from subcontractors.declarations.model import Line, Status
from subcontractors.declarations.postings import post_lines, replace_lines, source_of
from subcontractors.declarations.reader import read_file
from subcontractors.declarations.store import (
    Head,
    Seen,
    line_row,
    save_files,
    save_messages,
    save_reports,
    seen_before,
    verdicts,
)
from subcontractors.declarations.tables import message, message_file
from subcontractors.iwmo.model import StartReport, StopReport
from subcontractors.iwmo.walk import LIMIT

NOT_UNIQUE = "9056"
NUMBER_USED = "9333"
ALL_GRANTED = "8001"
WITHDRAWN = "3"


@dataclass(frozen=True, slots=True)
class Intake:
    """What a contract needs to take messages in: its id, its year and until when lines count."""

    contract_id: int
    year: int
    municipality: str
    cut_off: date
    corrections_until: date


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of each message, in the order of processing; when replacing, also what that changed in the books."""

    heads: tuple[Head, ...]
    reversed: tuple[Posting, ...] = ()
    added: tuple[Posting, ...] = ()


def take_in(
    scope: Scope,
    vault: Vault,
    intake: Intake,
    files: Iterable[tuple[str, Path | bytes]],
    at: datetime,
    progress: Callable[[str], None] | None = None,
    *,
    received: date | None = None,
    replacing: bool = False,
) -> Taken:
    """Take in files with messages.

    Args:
        scope: the lead contractor, in a writing transaction; all is stored in it, or nothing when it rolls back.
        vault: its keys.
        intake: the contract.
        files: names and contents; the name is only remembered.
        at: the moment of arrival.
        progress: called with the name of each file that was read.
        received: the day of receipt in live intake; without it the day in each message counts (its Dagtekening).
        replacing: all declarations of the contract come anew; only what differs in the books is reversed and booked.
    """
    scope.lock()
    engine.open_stage(scope)
    clients = ClientIndex(scope, vault)
    heads = _read_all(scope, vault, intake, files, clients, at, received, progress)
    ordered = sorted(heads, key=_order)
    _decide(ordered, seen_before(scope, intake.contract_id))
    kept = [h for h in ordered if h.status is Status.ANSWERED and h.came.kind == "323"]
    engine.stage_messages(
        scope,
        ((h.id, rank, h.assessed, source_of(h.came.sender, h.came.identification)) for rank, h in enumerate(kept)),
    )
    reports = list(_report_rows(ordered, clients))
    clients.save()
    year_end = engine.YearEnd(intake.cut_off.toordinal(), intake.corrections_until.toordinal())
    engine.judge(scope, intake.contract_id, year_end)
    _grant(kept, verdicts(scope))
    save_messages(scope, intake.contract_id, ordered)
    save_reports(scope, intake.contract_id, reports)
    engine.keep(scope, intake.contract_id)
    gone: list[Posting] = []
    new: list[Posting] = []
    if replacing:
        gone, new = replace_lines(scope, intake.contract_id, intake.year, at)
    else:
        post_lines(scope, intake.contract_id, intake.year, at)
    engine.close_stage(scope)
    return Taken(tuple(ordered), tuple(gone), tuple(new))


def _read_all(
    scope: Scope,
    vault: Vault,
    intake: Intake,
    files: Iterable[tuple[str, Path | bytes]],
    clients: ClientIndex,
    at: datetime,
    received: date | None,
    progress: Callable[[str], None] | None,
) -> list[Head]:
    """Read every file as a stream of messages: lines go to the waiting table, heads are kept."""
    heads: list[Head] = []
    originals: list[tuple[Any, ...]] = []
    file_id, message_id = scope.last_id(message_file), scope.last_id(message)

    def rows() -> Iterator[tuple[Any, ...]]:
        nonlocal file_id, message_id
        for name, source in files:
            file_id += 1
            originals.append((*_original(file_id, intake.contract_id, name, source, vault, at), received is not None))
            for came in read_file(name, source, receiver=intake.municipality):
                message_id += 1
                day, known = received or came.received, vault.fingerprint(came.content_hash)
                head = Head(message_id, file_id, name, came, known, day, submitted=_net(came.lines))
                heads.append(head)
                declared = came.declaration
                if came.status is Reading.OK and declared is not None and day is not None:
                    for line in came.lines:
                        yield line_row(message_id, declared, line, clients.id_of(line.bsn), day)
            if progress is not None:
                progress(name)

    engine.stage_lines(scope, rows())
    save_files(scope, originals)
    return heads


def _original(
    file_id: int, contract_id: int, name: str, source: Path | bytes, vault: Vault, at: datetime
) -> tuple[Any, ...]:
    """The original, encrypted; one that is larger than any message may be is not kept, only its refusal is."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    content = b"" if size > LIMIT else source if isinstance(source, bytes) else source.read_bytes()
    digest = vault.fingerprint(hashlib.sha256(content).hexdigest())
    return (file_id, contract_id, name, digest, size, vault.seal_file(content), at)


def _net(lines: Iterable[Line]) -> int:
    return sum(-int(line.amount) if line.credit else int(line.amount) for line in lines)


def _order(head: Head) -> tuple[Any, ...]:
    """By the day that counts, then sender, then identification; what is equal then is told apart by its content."""
    came = head.came
    return (head.received or date.min, came.sender or "", came.identification or "", came.content_hash, head.name)


def _decide(heads: Iterable[Head], seen: Seen) -> None:
    """Give every message its status, in order; each sees what the ones before it used up."""
    for head in heads:
        came = head.came
        if head.fingerprint in seen.contents:
            head.status = Status.DUPLICATE
            continue
        seen.contents.add(head.fingerprint)
        if came.status is Reading.REFUSED_STRUCTURE:
            head.status = Status.REFUSED_STRUCTURE
        elif came.status is Reading.REFUSED_CONTENT:
            head.status = Status.REFUSED_CONTENT
            head.message_codes = came.rules
        else:
            _decide_uniqueness(head, seen)


def _decide_uniqueness(head: Head, seen: Seen) -> None:
    """Identification used before (TR056) or declaration number used before (TR333): answered, nothing granted."""
    came = head.came
    identification = (came.kind, came.sender or "", came.identification or "")
    if identification in seen.identifications:
        head.assessed = False
        head.message_codes = (NOT_UNIQUE,)
        return
    seen.identifications.add(identification)
    if came.kind != "323":
        return
    number = (came.sender or "", came.number or "")
    if number in seen.numbers:
        head.assessed = False
        head.declaration_codes = (NUMBER_USED,)
    seen.numbers.add(number)


def _grant(heads: Iterable[Head], judged: dict[int, tuple[int, int]]) -> None:
    """Fill in what each message was granted; 8001 when that is everything."""
    for head in heads:
        refused, head.granted = judged.get(head.id, (0, 0))
        if head.assessed and refused == 0:
            head.declaration_codes = (ALL_GRANTED,)


def _report_rows(heads: Iterable[Head], clients: ClientIndex) -> Iterator[dict[str, Any]]:
    for head in heads:
        if head.status is Status.ANSWERED and head.assessed:
            reports: tuple[StartReport | StopReport, ...] = (*head.came.starts, *head.came.stops)
            for made in reports:
                yield _report_row(head, made, clients)


def _report_row(head: Head, made: StartReport | StopReport, clients: ClientIndex) -> dict[str, Any]:
    stop = made if isinstance(made, StopReport) else None
    return {
        "message_id": head.id,
        "kind": "start" if stop is None else "stop",
        "sender": made.sender,
        "client_id": clients.id_of(made.bsn),
        "allocation_number": made.allocation,
        "category": made.category,
        "product_code": made.product_code,
        "begin_date": made.begin,
        "end_date": stop.end if stop else None,
        "reason": stop.reason if stop else "",
        "deletes": made.status == WITHDRAWN,
        "received": head.received or made.dated,
    }


def refused(heads: Iterable[Head]) -> list[Head]:
    """The messages that were refused whole or came twice: to be listed for whoever loads."""
    return [head for head in heads if head.status is not Status.ANSWERED]
