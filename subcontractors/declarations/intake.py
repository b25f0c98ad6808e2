"""Taking in messages: read, put in order, judge, store, post – in one transaction, whole or not at all.

One upload and the thousand files of a year pass here alike. Files carry no meaning by their name or order: messages
are put in order by the day that counts, sender and identification.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lead_contractor.books.model import Posting
from lead_contractor.clients.store import ClientIndex
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.chain.receive import receive, set_apart
from subcontractors.chain.terms import terms_of
from subcontractors.declarations import engine, served
from subcontractors.declarations.arrivals import arrivals
from subcontractors.declarations.incoming import Reading
from subcontractors.declarations.model import Status
from subcontractors.declarations.postings import post_lines, replace_lines, source_of
from subcontractors.declarations.store import (
    Head,
    Seen,
    Sums,
    save_files,
    save_messages,
    save_reports,
    seen_before,
    verdicts,
)
from subcontractors.declarations.tables import declaration_line, message, message_file
from subcontractors.declarations.waiting import NOTHING, Waiting
from subcontractors.iwmo.model import StartReport, StopReport
from subcontractors.iwmo.sound import submitted
from subcontractors.iwmo.walk import LIMIT

NOT_UNIQUE = "9056"
NUMBER_USED = "9333"
ALL_GRANTED = "8001"
WITHDRAWN = "3"
_SEALED_TOGETHER = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Intake:
    """What a contract needs to take messages in: its id, its year and until when lines count."""

    contract_id: int
    year: int
    municipality: str
    cut_off: date
    corrections_until: date

    @property
    def year_end(self) -> engine.YearEnd:
        """Until when lines count, as the check engine takes it."""
        return engine.YearEnd(self.cut_off.toordinal(), self.corrections_until.toordinal())


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
    engine.open_stage(scope)
    clients = ClientIndex(scope, vault)
    reading = _Reading(scope, vault, intake, clients, at, live=received is not None)
    with scope.going_on():
        for name, source in files:
            reading.take(name, source, received)
            if progress is not None:
                progress(name)
    ordered = sorted(reading.finish(), key=_order)
    terms = terms_of(scope, intake.contract_id)
    set_apart(scope, terms, ordered)
    _decide(ordered, seen_before(scope, intake.contract_id, ordered, reading.first_message))
    receive(scope, vault, terms, ordered, clients, at, reading.first_message)
    kept = [h for h in ordered if h.status is Status.ANSWERED and h.came.kind == "323"]
    engine.stage_messages(scope, _kept(kept, reading.first_message))
    reports = list(_report_rows(ordered, clients))
    clients.save()
    lines = sum(head.line_count for head in kept)
    if lines or reading.lines.ahead.lines:
        engine.judge(scope, intake.contract_id, intake.year_end, reading.lines)
    _grant(kept, verdicts(scope))
    save_messages(scope, intake.contract_id, ordered)
    save_reports(scope, intake.contract_id, reports)
    engine.count_stored(scope, lines)
    if lines:
        served.note(scope, intake.contract_id, intake.year, reading.lines.first, reading.first_message)
    gone: list[Posting] = []
    new: list[Posting] = []
    if replacing:
        gone, new = replace_lines(scope, intake.contract_id, intake.year, at)
    else:
        post_lines(scope, intake.contract_id, intake.year, at)
    engine.close_stage(scope, lines)
    return Taken(tuple(ordered), tuple(gone), tuple(new))


class _Reading:
    """Reads files one after the other: lines go to the waiting tables, originals to the database, heads are kept.

    One file is read before the lead contractor is locked, so that others do not wait for it; from then on ids are
    handed out, and lines are stored while more are read. What is held in memory is one file, some lines and a few
    megabytes of sealed originals.
    """

    def __init__(
        self, scope: Scope, vault: Vault, intake: Intake, clients: ClientIndex, at: datetime, *, live: bool
    ) -> None:
        self._scope, self._vault, self._intake, self._at, self._live = scope, vault, intake, at, live
        self._waiting = Waiting(scope, clients)
        self._heads: list[Head] = []
        self._originals: list[tuple[Any, ...]] = []
        self._sealed = 0
        self._files = 0
        self._first_file = 0
        self.first_message = 0
        self.lines = engine.Lines(0, NOTHING)
        self._locked = False

    def take(self, name: str, source: Path | bytes, received: date | None) -> None:
        """Read a file; ``received`` is the day of receipt in live intake."""
        if self._files == 1:
            self._lock()
        self._files += 1
        size, content = _content(source)
        known = self._vault.fingerprint(hashlib.sha256(content).hexdigest())
        sealed = self._vault.seal_file(content)
        self._originals.append((self._files, self._intake.contract_id, name, known, size, sealed, self._at, self._live))
        self._sealed += len(sealed)
        for came, lines in arrivals(name, source if size > LIMIT else content, receiver=self._intake.municipality):
            number, day = len(self._heads) + 1, received or came.received
            fingerprint = self._vault.fingerprint(came.content_hash)
            self._heads.append(
                Head(
                    number, self._files, name, came, fingerprint, day, submitted=submitted(lines), line_count=len(lines)
                )
            )
            if came.status is Reading.OK and came.declaration is not None and day is not None:
                self._waiting.add(number, came.declaration, day, lines)
                if self._waiting.full:
                    self._send()
        if self._locked and self._sealed > _SEALED_TOGETHER:
            self._save_files()

    def finish(self) -> list[Head]:
        """All messages that were read, with their ids."""
        until = self._waiting.flush()
        self._lock()
        self.lines = replace(self.lines, until=until)
        self._save_files()
        for head in self._heads:
            head.id += self.first_message
            head.file_id += self._first_file
        return self._heads

    def _send(self) -> None:
        """Send lines to the database, which stores them while we read on."""
        self.lines = replace(self.lines, until=self._waiting.flush())
        if self._locked:
            intake = self._intake
            self.lines = engine.store_ahead(
                self._scope, intake.contract_id, intake.year_end, self.lines, self.first_message
            )

    def _lock(self) -> None:
        if not self._locked:
            self._scope.lock()
            self._first_file, self.first_message, first = map(int, self._scope.sql(_LAST).one())
            self.lines = replace(self.lines, first=first)
            self._locked = True

    def _save_files(self) -> None:
        save_files(self._scope, ((self._first_file + number, *rest) for number, *rest in self._originals))
        self._originals.clear()
        self._sealed = 0


_LAST = f"""
SELECT (SELECT COALESCE(MAX(id), 0) FROM {message_file.name} WHERE lead_contractor_id = :lead) AS file,
    (SELECT COALESCE(MAX(id), 0) FROM {message.name} WHERE lead_contractor_id = :lead) AS message,
    (SELECT COALESCE(MAX(id), 0) FROM {declaration_line.name} WHERE lead_contractor_id = :lead) AS line
"""
"""The last ids in use."""


def _content(source: Path | bytes) -> tuple[int, bytes]:
    """The size and the content; what is larger than any message may be is not read, only its refusal is kept."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    return size, b"" if size > LIMIT else source if isinstance(source, bytes) else source.read_bytes()


def _kept(heads: Iterable[Head], first_message: int) -> Iterator[engine.Kept]:
    """The messages whose lines are kept, in order."""
    for head in heads:
        came = head.came
        yield engine.Kept(
            head.id - first_message,
            head.id,
            head.assessed,
            came.sender or "",
            source_of(came.sender, came.identification),
            str(Month.of(head.received or date.max)),
        )


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


def _grant(heads: Iterable[Head], judged: dict[int, Sums]) -> None:
    """Fill in what each message was granted; 8001 when that is everything."""
    for head in heads:
        sums = judged.get(head.id, Sums(0, 0))
        head.granted = sums.granted
        if head.assessed and sums.refused == 0:
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
