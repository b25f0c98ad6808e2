"""Use cases of the portal: look at one's own declarations, check a file without storing it, submit it.

The pre-check runs the very code of the intake in a transaction that is rolled back, so that it cannot promise what
the intake does not hold. Everything is limited to the lead contractor and to the provider as sender.
"""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import PurePath, PureWindowsPath
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from lead_contractor.clients.store import bsns
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.declarations.answers import LineAnswer, MessageAnswer, answers, message_325
from subcontractors.declarations.intake import Intake, take_in
from subcontractors.declarations.model import Status
from subcontractors.declarations.reader import read_file
from subcontractors.declarations.store import Head
from subcontractors.iwmo.model import StartReport, StopReport
from subcontractors.iwmo.walk import LIMIT
from subcontractors.portal import store
from subcontractors.portal.model import (
    DECLARATION,
    START,
    STOP,
    Draft,
    Overview,
    PreCheck,
    Problem,
    Provider,
    ShownLine,
    ShownReport,
    UploadRefused,
    Verdict,
    Year,
    masked,
    problem_of,
)

AfterIntake: TypeAlias = Callable[[Scope, int, datetime], None]
"""What the floors above do after an intake, in the same transaction: scope, contract id, moment."""

DRAFT_LASTS = timedelta(days=1)
MOST_DRAFTS = 20
LONGEST_NAME = 200
"""In bytes; a file system takes 255, and an export puts a number behind a name that was used twice."""

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_SUFFIXES = (".xml", ".csv")
_WITHDRAWN = "3"


class _RolledBack(Exception):
    """Ends a transaction without keeping anything; caught in this module."""


def overview(engine: Engine, who: Provider, contract_id: int | None, today: date) -> Overview | None:
    """A contract year of the provider: the one named, else the newest that has begun; ``None`` if there is none."""
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        years = _years(scope, who)
        year = _chosen(years, contract_id, today)
        if year is None:
            return None
        found = store.sent(scope, year.contract_id, who.agb)
        return Overview(
            year=year,
            years=years,
            declarations=tuple(one for one in found if one.kind not in (START, STOP)),
            reports=tuple(one for one in found if one.kind in (START, STOP)),
        )


def verdict(engine: Engine, master_key: bytes, who: Provider, contract_id: int, message_id: int) -> Verdict | None:
    """A stored declaration of the provider with all its lines; ``None`` if the provider has no such declaration."""
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        if _year(scope, who, contract_id) is None:
            return None
        found = answers(scope, contract_id, who.agb, only=[message_id])
        if not found:
            return None
        known = _bsns(scope, Vault(master_key, who.lead_contractor_id), found)
        return _verdict(found[0], known, DECLARATION)


def answer_325(
    engine: Engine, master_key: bytes, who: Provider, contract_id: int, message_id: int
) -> tuple[str, bytes] | None:
    """The WMO325 on a WMO323 of the provider, with a name; ``None`` if the provider has no such contract year.

    Raises:
        NotFound: the provider has no such message, or no WMO325 belongs to it.
    """
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        year = _year(scope, who, contract_id)
        if year is None:
            return None
        vault = Vault(master_key, who.lead_contractor_id)
        return message_325(scope, vault, contract_id, year.municipality_code, who.agb, message_id)


def keep_draft(
    engine: Engine, master_key: bytes, who: Provider, contract_id: int, name: str, content: bytes, now: datetime
) -> str | None:
    """Keep a file for a day so that it can be checked and then submitted; returns its secret token.

    ``None`` if the provider has no such contract year.

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
        year = _year(Scope(connection, who.lead_contractor_id), who, contract_id)
    if year is None:
        return None
    if year.closed:
        raise UploadRefused(Problem.CLOSED)
    _refuse_foreign(who, (came.sender for came in read_file(name, content, receiver=year.municipality_code)))
    draft = Draft(secrets.token_urlsafe(32), contract_id, name, content)
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


def pre_check(engine: Engine, master_key: bytes, who: Provider, token: str, now: datetime) -> PreCheck | None:
    """What would become of a file under pre-check; the same code as the intake, and nothing of it is kept.

    ``None`` if the provider has no such file, or had it longer than a day ago.
    """
    made: PreCheck | None = None
    with _nothing_kept(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        vault = Vault(master_key, who.lead_contractor_id)
        found = _draft(scope, vault, who, token, now)
        if found is not None:
            draft, year = found
            heads = _take_in(scope, vault, draft, year, now)
            made = PreCheck(token, draft.name, year, tuple(_verdicts(scope, vault, who, year, heads)))
    return made


def submit(
    engine: Engine, master_key: bytes, who: Provider, token: str, now: datetime, after_intake: AfterIntake
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
        heads = _take_in(scope, vault, draft, year, now)
        _refuse_foreign(who, (head.came.sender for head in heads))
        problem = problem_of([head.status for head in heads])
        if problem is not None:
            raise UploadRefused(problem)
        after_intake(scope, year.contract_id, now)
        store.delete_draft(scope, who.agb, token)
        return year, tuple(_verdicts(scope, vault, who, year, heads))


def discard(engine: Engine, who: Provider, token: str) -> None:
    """Throw a file under pre-check away; one that is not there is no matter."""
    with writing(engine) as connection:
        store.delete_draft(Scope(connection, who.lead_contractor_id), who.agb, token)


def file_name(name: str) -> str:
    """The name of an upload without folders, signs that do not print and dots in front, cut to what a file can have."""
    plain = "".join(char for char in PureWindowsPath(name.strip()).name if char.isprintable()).lstrip(".")
    if len(plain.encode()) <= LONGEST_NAME:
        return plain
    suffix = PurePath(plain).suffix[:4]
    stem = plain.encode()[: LONGEST_NAME - len(suffix.encode())]
    return stem.decode(errors="ignore") + suffix


@contextmanager
def _nothing_kept(engine: Engine) -> Iterator[Any]:
    """A writing transaction that is always rolled back."""
    try:
        with writing(engine) as connection:
            yield connection
            raise _RolledBack
    except _RolledBack:
        pass


def _years(scope: Scope, who: Provider) -> tuple[Year, ...]:
    return tuple(_year_of(row) for row in store.contract_rows(scope, who.agb))


def _year_of(row: Any) -> Year:
    terms = tomllib.loads(row.terms)["settlement"]
    return Year(
        contract_id=int(row.id),
        year=row.year,
        municipality_name=row.municipality_name,
        municipality_code=row.municipality_code,
        cut_off=terms["cut_off"],
        corrections_until=terms["corrections_until"],
        final_at=row.final_at,
    )


def _year(scope: Scope, who: Provider, contract_id: int) -> Year | None:
    return next((year for year in _years(scope, who) if year.contract_id == contract_id), None)


def _chosen(years: Sequence[Year], contract_id: int | None, today: date) -> Year | None:
    if contract_id is not None:
        return next((year for year in years if year.contract_id == contract_id), None)
    begun = [year for year in years if year.year <= today.year]
    return next(iter([*begun, *years]), None)


def _draft(scope: Scope, vault: Vault, who: Provider, token: str, now: datetime) -> tuple[Draft, Year] | None:
    draft = store.find_draft(scope, vault, who.agb, token, now - DRAFT_LASTS)
    year = None if draft is None else _year(scope, who, draft.contract_id)
    return None if draft is None or year is None else (draft, year)


def _take_in(scope: Scope, vault: Vault, draft: Draft, year: Year, now: datetime) -> tuple[Head, ...]:
    intake = Intake(year.contract_id, year.year, year.municipality_code, year.cut_off, year.corrections_until)
    received = now.astimezone(_AMSTERDAM).date()
    return take_in(scope, vault, intake, [(draft.name, draft.content)], now, received=received).heads


def _refuse_foreign(who: Provider, senders: Iterable[str | None]) -> None:
    """A file may name no other sender than the provider who sends it; one that names none is refused later."""
    named = next((sender for sender in senders if sender is not None and sender != who.agb), None)
    if named is not None:
        raise UploadRefused(Problem.FOREIGN, named)


def _verdicts(scope: Scope, vault: Vault, who: Provider, year: Year, heads: Sequence[Head]) -> Iterator[Verdict]:
    """What became of messages just taken in, in the order of processing."""
    of = {head.id: head for head in heads}
    found = answers(scope, year.contract_id, only=list(of), kinds=(DECLARATION, START, STOP, ""))
    known = _bsns(scope, vault, found)
    for one in found:
        head = of[one.id]
        reports: tuple[StartReport | StopReport, ...] = (*head.came.starts, *head.came.stops)
        yield _verdict(one, known, head.came.kind, tuple(_report(report) for report in reports))


def _bsns(scope: Scope, vault: Vault, found: Iterable[MessageAnswer]) -> dict[int, str]:
    return bsns(scope, vault, {line.client_id for one in found for line in one.lines})


def _verdict(one: MessageAnswer, known: dict[int, str], kind: str, reports: tuple[ShownReport, ...] = ()) -> Verdict:
    return Verdict(
        id=one.id,
        kind=kind,
        file=one.file,
        channel=one.channel,
        status=one.status,
        number=one.number or "",
        identification=one.identification or "",
        period=None if one.period is None else Month.parse(one.period),
        received=one.received,
        codes=(*_own_codes(one), *one.declaration_codes),
        faults=one.faults,
        submitted=one.submitted,
        granted=one.granted,
        lines=tuple(_line(line, known[line.client_id]) for line in one.lines),
        reports=reports,
    )


def _own_codes(one: MessageAnswer) -> tuple[str, ...]:
    """The return codes of an answered message; those of one refused for its content are told by its faults."""
    return one.message_codes if one.status is Status.ANSWERED else ()


def _line(line: LineAnswer, bsn: str) -> ShownLine:
    return ShownLine(
        reference=line.reference,
        previous_reference=line.previous_reference,
        bsn=bsn,
        allocation=line.allocation,
        category=line.category,
        product_code=line.product_code,
        period_from=line.period_from,
        period_to=line.period_to,
        volume=line.volume,
        unit=line.unit,
        tariff=line.tariff,
        amount=line.amount,
        credit=line.credit,
        codes=line.codes,
    )


def _report(report: StartReport | StopReport) -> ShownReport:
    return ShownReport(
        masked=masked(report.bsn),
        allocation=report.allocation,
        product_code=report.product_code or report.category,
        begin=report.begin,
        end=report.end if isinstance(report, StopReport) else None,
        withdrawn=report.status == _WITHDRAWN,
    )
