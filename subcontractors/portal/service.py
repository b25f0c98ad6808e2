"""Use cases of a file: keep it, check it without storing it, submit it, throw it away.

The pre-check runs the very code of the intake in a transaction that is rolled back, so that it cannot promise what
the intake does not hold. Everything is limited to the lead contractor and to the provider as sender.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import PurePath, PureWindowsPath
from typing import TypeAlias

from sqlalchemy import Engine

from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.declarations.intake import Intake, take_in
from subcontractors.declarations.reader import read_file
from subcontractors.declarations.store import Head
from subcontractors.declarations.trying import trying
from subcontractors.iwmo.walk import LIMIT
from subcontractors.portal import store
from subcontractors.portal.allocations import rooms
from subcontractors.portal.model import (
    ALREADY_GRANTED,
    Draft,
    GrantedLine,
    PreCheck,
    Problem,
    Provider,
    UploadRefused,
    Verdict,
    Year,
    problem_of,
)
from subcontractors.portal.shown import shown_verdicts
from subcontractors.portal.suggesting import suggested
from subcontractors.portal.years import local_day, year_of

AfterIntake: TypeAlias = Callable[[Scope, int, datetime], None]
"""What the floors above do after an intake, in the same transaction: scope, contract id, moment."""

DRAFT_LASTS = timedelta(days=1)
MOST_DRAFTS = 20
MOST_MONTHS = 3
"""For lines in so many months at most it is told what still fits."""

LONGEST_NAME = 200
"""In bytes; a file system takes 255, and an export puts a number behind a name that was used twice."""

READ_AT_ONCE = 1024 * 1024
"""In bytes: a file up to this size is read while its sender waits for the answer to the form."""

_MAY_BE_BSN = re.compile(r"(?<![0-9])[0-9]{9}(?![0-9])")
_SUFFIXES = (".xml", ".csv", ".xlsx")


def keep_draft(
    engine: Engine,
    master_key: bytes,
    who: Provider,
    contract_id: int,
    name: str,
    content: bytes,
    now: datetime,
    *,
    channel: str = "",
) -> str | None:
    """Keep a file for a day so that it can be checked and then submitted; returns its secret token.

    ``None`` if the provider has no such contract year. ``channel`` says that it was made here: ``form``.

    Raises:
        UploadRefused: empty, larger than a message may be, neither XML nor CSV, of another sender, or the year is
            settled for good.
    """
    check_size(len(content))
    if not content.strip():
        raise UploadRefused(Problem.EMPTY)
    name = file_name(name)
    if PurePath(name).suffix.lower() not in _SUFFIXES:
        raise UploadRefused(Problem.KIND)
    with reading(engine) as connection:
        year = year_of(Scope(connection, who.lead_contractor_id), who, contract_id)
    if year is None:
        return None
    if year.closed:
        raise UploadRefused(Problem.CLOSED)
    if len(content) <= READ_AT_ONCE:  # a larger one is read once, by its pre-check, which can be left
        _refuse_foreign(who, (came.sender for came in read_file(name, content, receiver=year.municipality_code)))
    draft = Draft(secrets.token_hex(21), contract_id, name, content, channel)
    with writing(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        store.forget_drafts(scope, who.agb, now - DRAFT_LASTS, MOST_DRAFTS - 1)
        store.save_draft(scope, Vault(master_key, who.lead_contractor_id), draft, who.agb, now)
    return draft.token


def check_size(size: int) -> None:
    """Refuse what is larger than a message may be (OP179).

    Raises:
        UploadRefused: it is.
    """
    if size > LIMIT:
        raise UploadRefused(Problem.TOO_LARGE)


def draft_of(engine: Engine, master_key: bytes, who: Provider, token: str, now: datetime) -> Draft | None:
    """A file under pre-check of the provider, not older than a day."""
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        return store.find_draft(scope, Vault(master_key, who.lead_contractor_id), who.agb, token, now - DRAFT_LASTS)


def about_lines(draft: Draft) -> int:
    """About how many lines a file has, without reading it: closing elements in XML, rows in CSV, nothing else."""
    content = draft.content
    if content.lstrip()[:1] == b"<":
        return content.count(b"</wmo323:Prestatie>") or content.count(b"Prestatie>") // 2
    return 0 if content.startswith(b"PK") else max(0, content.count(b"\n") - 1)


def pre_check(
    engine: Engine,
    master_key: bytes,
    who: Provider,
    token: str,
    now: datetime,
    read: Callable[[], None] = lambda: None,
) -> PreCheck | None:
    """What would become of a file under pre-check; the same code as the intake, and nothing of it is kept.

    ``None`` if the provider has no such file, or had it longer than a day ago. ``read`` is called when all is read.
    """
    made: PreCheck | None = None
    with trying(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        vault = Vault(master_key, who.lead_contractor_id)
        found = _draft(scope, vault, who, token, now)
        if found is not None:
            draft, year = found
            heads = _take_in(scope, vault, draft, year, now, read)
            foreign = next((h.came.sender for h in heads if h.came.sender not in (None, who.agb)), None) or ""
            messages = tuple(shown_verdicts(scope, vault, who, year, heads))
            offered = suggested(scope, vault, who, draft, messages)
            before = _before(scope, who, year, messages)
            room = _rooms(scope, vault, who, year, messages)
            changes, channel = draft.changes, draft.channel
            made = PreCheck(token, draft.name, year, messages, channel, changes, foreign, offered, before, room)
    return made


def _rooms(
    scope: Scope, vault: Vault, who: Provider, year: Year, messages: Sequence[Verdict]
) -> dict[tuple[str, str, Month, str], int]:
    """What fits for refused lines that may be repaired, by allocation, product, month and unit."""
    refused = [line for one in messages for line in one.refused if not line.credit]
    months = sorted({Month.of(line.period_from) for line in refused})
    if len(months) > MOST_MONTHS:
        return {}
    numbers = {line.allocation for line in refused}
    return {
        (number, product, month, unit): room
        for month in months
        for (number, product, unit), room in rooms(scope, vault, year.contract_id, who.agb, month, numbers).items()
    }


def _before(scope: Scope, who: Provider, year: Year, messages: Sequence[Verdict]) -> tuple[GrantedLine, ...]:
    """The stored lines that stand in the way of lines of a file under pre-check."""
    barred = [line for one in messages for line in one.lines if ALREADY_GRANTED in line.codes]
    if not barred:
        return ()
    first, last = min(line.period_from for line in barred), max(line.period_to for line in barred)
    own = {one.id for one in messages}
    wanted = {(line.allocation, line.product_code) for line in barred}
    found = store.granted_lines(scope, year.contract_id, who.agb, first, last, {number for number, _ in wanted})
    return tuple(one for one in found if one.message_id not in own and (one.allocation, one.product_code) in wanted)


def submit(
    engine: Engine,
    master_key: bytes,
    who: Provider,
    token: str,
    now: datetime,
    after_intake: AfterIntake,
    read: Callable[[], None] = lambda: None,
) -> tuple[Year, tuple[Verdict, ...]] | None:
    """Take a file under pre-check in for good; today counts as its day of receipt.

    Returns:
        the year and what became of each message; ``None`` if the provider has no such file (any more).

    Raises:
        UploadRefused: the year is settled, the file cannot be processed, or all of it was sent before; nothing was
            stored.
    """
    with writing(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        scope.lock()
        vault = Vault(master_key, who.lead_contractor_id)
        found = _draft(scope, vault, who, token, now)
        if found is None:
            return None
        draft, year = found
        if year.closed:
            raise UploadRefused(Problem.CLOSED)
        heads = _take_in(scope, vault, draft, year, now, read)
        _refuse_foreign(who, (head.came.sender for head in heads))
        problem = problem_of([head.status for head in heads])
        if problem is not None:
            raise UploadRefused(problem)
        after_intake(scope, year.contract_id, now)
        store.delete_draft(scope, who.agb, token)
        return year, tuple(shown_verdicts(scope, vault, who, year, heads))


def discard(engine: Engine, who: Provider, token: str) -> None:
    """Throw a file under pre-check away; one that is not there is no matter."""
    with writing(engine) as connection:
        store.delete_draft(Scope(connection, who.lead_contractor_id), who.agb, token)


def file_name(name: str) -> str:
    """The name of an upload without folders, signs that do not print and dots in front, cut to what a file can have.

    What may be a BSN keeps its last three digits: the name stands in lists and in the database as it is.
    """
    plain = "".join(char for char in PureWindowsPath(name.strip()).name if char.isprintable()).lstrip(".")
    plain = _MAY_BE_BSN.sub(lambda found: "x" * 6 + found[0][-3:], plain)
    if len(plain.encode()) <= LONGEST_NAME:
        return plain
    suffix = PurePath(plain).suffix[:5]
    stem = plain.encode()[: LONGEST_NAME - len(suffix.encode())]
    return stem.decode(errors="ignore") + suffix


def _draft(scope: Scope, vault: Vault, who: Provider, token: str, now: datetime) -> tuple[Draft, Year] | None:
    draft = store.find_draft(scope, vault, who.agb, token, now - DRAFT_LASTS)
    year = None if draft is None else year_of(scope, who, draft.contract_id)
    return None if draft is None or year is None else (draft, year)


def _take_in(
    scope: Scope, vault: Vault, draft: Draft, year: Year, now: datetime, read: Callable[[], None]
) -> tuple[Head, ...]:
    intake = Intake(year.contract_id, year.year, year.municipality_code, year.cut_off, year.corrections_until)
    files = [(draft.name, draft.content)]
    return take_in(scope, vault, intake, files, now, lambda _: read(), received=local_day(now)).heads


def _refuse_foreign(who: Provider, senders: Iterable[str | None]) -> None:
    """A file may name no other sender than the provider who sends it; one that names none is refused later."""
    named = next((sender for sender in senders if sender is not None and sender != who.agb), None)
    if named is not None:
        raise UploadRefused(Problem.FOREIGN, named)
