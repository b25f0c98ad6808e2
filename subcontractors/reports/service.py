"""Use cases of quarterly figures: ask, remind, look, hand in. Each takes a scope in a transaction of its caller."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.refusals import Conflict, NotFound, Refusal, Unsound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.store import subcontractors
from subcontractors.reports import store
from subcontractors.reports.evidence import facts_of
from subcontractors.reports.known import Facts, known
from subcontractors.reports.kpis import kpi, kpis_on
from subcontractors.reports.model import (
    Answer,
    Channel,
    Form,
    Kpi,
    Line,
    Request,
    Step,
    Stored,
    Written,
)
from subcontractors.reports.rules import LONGEST, judge, reminder_of, term_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def ask(
    scope: Scope,
    contract_id: int,
    quarter: Quarter,
    names: Collection[str],
    by: str,
    at: datetime,
    *,
    to: Collection[str] | None = None,
    note: str = "",
) -> tuple[Request, ...]:
    """Ask subcontractors for the figures of a quarter; those who were asked already are not asked again.

    Args:
        scope: the lead contractor, in a writing transaction.
        contract_id: the contract year.
        quarter: which quarter; one of the contract's year that has begun.
        names: which figures, by id.
        by: who asks.
        at: the moment.
        to: AGB codes; everybody of the contract year when ``None``.
        note: what is said with it.

    Returns:
        the requests that were made.

    Raises:
        NotFound: there is no such contract, or a subcontractor is not one of it.
        Refusal: the quarter is of another year or lies ahead, no or an unknown figure is asked, or the note is long.
        Conflict: everybody was asked already.
    """
    scope.lock()
    today = at.astimezone(AMSTERDAM).date()
    contract = get_contract(scope, contract_id)
    if quarter.year != contract.year or quarter.first > today:
        raise Refusal(f"{quarter} is geen kwartaal van {contract.year} dat al is begonnen. Kies een ander kwartaal.")
    chosen = _chosen(names, quarter)
    if len(note) > LONGEST:
        raise Refusal(f"De toelichting is langer dan {LONGEST} tekens. Kort haar in.")
    parties = {party.agb for party in subcontractors(scope, contract_id)}
    wanted = parties if to is None else set(to)
    if wanted - parties:
        raise NotFound("Deze onderaannemer hoort niet bij dit contract.")
    before = {one.subcontractor for one in store.requests(scope, contract_id, quarter)}
    due_on = term_of(quarter, today, store.working_days(scope, contract_id))
    made = [
        Request(0, contract_id, agb, quarter, tuple((k.id, k.version) for k in chosen), due_on, note.strip(), at, by)
        for agb in sorted(wanted - before)
    ]
    if not made:
        raise Conflict(f"Aan iedereen die u koos, zijn de kengetallen over {quarter} al gevraagd.")
    store.save_requests(scope, made)
    asked = {one.subcontractor for one in made}
    return tuple(one for one in store.requests(scope, contract_id, quarter) if one.subcontractor in asked)


def _chosen(names: Collection[str], quarter: Quarter) -> list[Kpi]:
    """The definitions that hold on the last day of the quarter, in their fixed order."""
    valid = kpis_on(quarter.last)
    unknown = sorted(set(names) - {one.id for one in valid})
    if unknown or not names:
        raise Refusal(f"Kies kengetallen uit: {', '.join(one.id for one in valid)}.")
    return [one for one in valid if one.id in names]


def forms(
    scope: Scope, contract_id: int, quarter: Quarter | None = None, subcontractor: str | None = None
) -> tuple[Form, ...]:
    """Requests with all that is known of them, the newest quarter first.

    Raises:
        NotFound: there is no such contract.
    """
    found = store.requests(scope, contract_id, quarter, subcontractor)
    ids = [one.id for one in found]
    figures, reminders = store.figures(scope, ids), store.reminders(scope, ids)
    facts = {asked: facts_of(scope, contract_id, asked) for asked in {one.quarter for one in found}}
    return tuple(
        Form(one, _lines(one, facts[one.quarter].get(one.subcontractor), figures[one.id]), reminders[one.id])
        for one in found
    )


def _lines(one: Request, facts: Facts | None, versions: dict[str, tuple[Stored, ...]]) -> tuple[Line, ...]:
    values = {} if facts is None else known(facts, one.quarter)
    lines = [Line(kpi(name, version), values.get(name), versions.get(name, ())) for name, version in one.kpis]
    return tuple(line for line in lines if line.kpi.asked or line.known is not None or line.versions)


def form_of(scope: Scope, contract_id: int, subcontractor: str, quarter: Quarter) -> Form:
    """The request to a subcontractor over a quarter.

    Raises:
        NotFound: there is no such contract, or nothing was asked of this subcontractor.
    """
    found = forms(scope, contract_id, quarter, subcontractor)
    if not found:
        raise NotFound("Over dit kwartaal is u niets gevraagd.")
    return found[0]


def submit(
    scope: Scope,
    contract_id: int,
    subcontractor: str,
    quarter: Quarter,
    written: Iterable[Written],
    at: datetime,
    by: str,
    *,
    reason: str = "",
    channel: Channel = Channel.FORM,
    dry_run: bool = False,
) -> tuple[Answer, ...]:
    """Hand in the figures of a quarter: all of them, or nothing and the reasons.

    What was handed in before and now says something else becomes a new version, with its reason.

    Args:
        scope: the lead contractor, in a writing transaction.
        contract_id: the contract year.
        subcontractor: the AGB code of who hands in; requests to others are not known here.
        quarter: the quarter.
        written: the figures as written.
        at: the moment.
        by: who hands in, as it is kept.
        reason: why something handed in before changes.
        channel: how it came in.
        dry_run: whether nothing is to be stored; the answer is the same.

    Raises:
        NotFound: there is no such request.
        Conflict: the year is settled for good.
        Refusal: the quarter is not over.
        Unsound: a figure is wrong or missing; the findings name each.
    """
    scope.lock()
    if get_contract(scope, contract_id).final_at is not None:
        raise Conflict("Dit contractjaar is definitief afgerekend; er komen geen kengetallen meer bij.")
    form = form_of(scope, contract_id, subcontractor, quarter)
    if quarter.last >= at.astimezone(AMSTERDAM).date():
        raise Refusal(f"Het kwartaal is nog niet voorbij. Doe opgave vanaf {quarter.plus(1).first}.")
    lines = {line.kpi.id: line for line in form.lines}
    answers = judge(written, lines)
    wrong = [found for one in answers for found in one.reasons]
    if wrong:
        raise Unsound(wrong)
    changed = [one for one in answers if one.changed]
    if any(lines[one.kpi].versions for one in changed) and not reason.strip():
        raise Refusal("U verbetert wat u al had opgegeven. Zeg in het veld Reden waarom.")
    if len(reason) > LONGEST:
        raise Refusal(f"De reden is langer dan {LONGEST} tekens. Kort haar in.")
    if not dry_run:
        store.save_figures(
            scope,
            form.request.id,
            [_version(one, lines[one.kpi], at, by, reason.strip(), channel) for one in changed],
        )
    return answers


def _version(one: Answer, line: Line, at: datetime, by: str, reason: str, channel: Channel) -> Stored:
    assert one.measured is not None
    version = len(line.versions) + 1
    return Stored(
        kpi=one.kpi,
        version=version,
        kpi_version=line.kpi.version,
        measured=one.measured,
        known=line.known,
        explanation=one.explanation,
        reason=reason if version > 1 else "",
        channel=channel,
        submitted_at=at,
        submitted_by=by,
    )


def late(scope: Scope, contract_id: int, today: date, subcontractor: str | None = None) -> tuple[Form, ...]:
    """The requests whose term has passed without everything being handed in, the longest late first."""
    found = [one for one in forms(scope, contract_id, None, subcontractor) if one.late(today)]
    return tuple(sorted(found, key=lambda one: (one.request.due_on, one.request.subcontractor)))


def remind(scope: Scope, contract_id: int, at: datetime) -> tuple[tuple[Request, Step], ...]:
    """Give every reminder that is due and was not given; each is written down, so that it is given once.

    Returns:
        the requests of which was reminded, with the step.
    """
    scope.lock()
    today = at.astimezone(AMSTERDAM).date()
    given = []
    for form in forms(scope, contract_id):
        step = None if form.handed_in else reminder_of(form.request.due_on, today, form.reminders)
        if step is not None:
            store.save_reminder(scope, form.request.id, step, today, at)
            given.append((form.request, step))
    return tuple(given)
