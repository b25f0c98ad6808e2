"""Use cases of quarterly reports: make a draft, release it, look at what was released.

A released report is frozen: its document is stored to the byte with its hash, and a later correction becomes the next
version beside it. What was released is what the municipality sees; nothing else of a quarter leaves this room.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from budgets.reports import atoms, layout, store
from budgets.reports.evidence import Evidence, gather, people_since
from budgets.reports.figures import Given
from budgets.reports.make import Asked, make
from budgets.reports.model import Released
from budgets.reports.protect import Told
from budgets.use.service import year_position
from budgets.year_folder.stored import contract_of
from lead_contractor.access.hand import Hand
from lead_contractor.books import accounts
from lead_contractor.books.store import account_balance
from lead_contractor.contract.model import Contract
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.refusals import Conflict, NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight
from subcontractors.reports import service as figures

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Draft:
    """A report that was not released: its document and what it would tell."""

    document: Mapping[str, Any]
    told: Mapping[str, Any]


def quarters_of(contract: Contract) -> tuple[Quarter, ...]:
    """The quarters that a contract touches."""
    return tuple(dict.fromkeys(Quarter.of(month) for month in contract.months))


def draft(scope: Scope, contract_id: int, quarter: Quarter, at: datetime, *, reason: str = "") -> Draft:
    """The report over a quarter as it would be released now, small numbers out.

    Args:
        scope: the lead contractor.
        contract_id: the contract year.
        quarter: a quarter of it that has begun.
        at: the moment; the reference date is its day.
        reason: why there is another version, where there is.

    Raises:
        NotFound: there is no such contract, or the quarter is not one of it.
        Refusal: the quarter has not begun.
    """
    return _made(scope, contract_id, quarter, at, reason, released=False)


def release(scope: Scope, contract_id: int, quarter: Quarter, by: Hand, at: datetime, reason: str = "") -> Released:
    """Release the report over a quarter: frozen from then on, for the municipality to see.

    Raises:
        NotFound: there is no such contract, or the quarter is not one of it.
        Refusal: the quarter is not over, or a next version comes without a reason.
        Conflict: the newest version says the same.
    """
    scope.lock()
    earlier = store.released(scope, contract_id, quarter)
    today = at.astimezone(AMSTERDAM).date()
    if quarter.last >= today:
        raise Refusal(f"{quarter} is nog niet voorbij. Geef het rapport vrij vanaf {quarter.plus(1).first}.")
    said = reason.strip()
    if earlier and not said:
        raise Refusal("Over dit kwartaal is al een rapport vrijgegeven. Zeg waarom er een volgende versie komt.")
    if len(said) > LONGEST:
        raise Refusal(f"De reden is langer dan {LONGEST} tekens. Kort haar in.")
    made = _made(scope, contract_id, quarter, at, said if earlier else "", released=True)
    if earlier and layout.same_figures(earlier[-1].document, made.document):
        raise Conflict(f"Er is niets veranderd sinds versie {earlier[-1].version}.")
    text, digest = layout.written(made.document)
    done = Released(
        quarter=quarter,
        version=len(earlier) + 1,
        as_of=today,
        document=made.document,
        text=text,
        document_hash=digest,
        told=made.told,
        reason=said if earlier else "",
        released_at=at,
        released_by=by.name,
    )
    store.save(scope, contract_id, done, by.user_id)
    return done


def reports(scope: Scope, contract_id: int) -> dict[Quarter, tuple[Released, ...]]:
    """The released versions by quarter, each the oldest first.

    Raises:
        NotFound: there is no such contract.
    """
    get_contract(scope, contract_id)
    found: dict[Quarter, list[Released]] = defaultdict(list)
    for one in store.released(scope, contract_id):
        found[one.quarter].append(one)
    return {quarter: tuple(sorted(own, key=lambda one: one.version)) for quarter, own in sorted(found.items())}


def report(scope: Scope, contract_id: int, quarter: Quarter, version: int | None = None) -> Released:
    """A released version, the newest without a number.

    Raises:
        NotFound: it was not released.
    """
    found = store.released(scope, contract_id, quarter)
    own = [one for one in found if version is None or one.version == version]
    if not own:
        raise NotFound("Dit rapport is niet vrijgegeven.")
    return own[-1]


def _made(scope: Scope, contract_id: int, quarter: Quarter, at: datetime, reason: str, *, released: bool) -> Draft:
    stored = get_contract(scope, contract_id)
    contract = contract_of(stored)
    today = at.astimezone(AMSTERDAM).date()
    if quarter not in quarters_of(contract):
        raise NotFound("Dit kwartaal hoort niet bij dit contract.")
    if quarter.first > today:
        raise Refusal(f"{quarter} moet nog beginnen.")
    evidence = gather(scope, contract_id, contract, quarter, today)
    before = store.released(scope, contract_id)
    layers = _layers(scope, contract_id, evidence, before)
    sees = Sight(stored.sees) is Sight.SUBCONTRACTORS
    asked = Asked(
        quarter=quarter,
        as_of=today,
        sees_subcontractors=sees,
        layers=layers,
        told=atoms.together(atoms.read(one.told) for one in before),
        kpis=layout.definitions(contract.reports.sets, quarter.last),
        given=_given(scope, contract_id, quarter, evidence.use.names if sees else {}),
        lump_sum=year_position(scope, contract_id, Month.of(today)).lump_sum,
        late=_late(evidence, quarter, before),
        overhead_percent=_overhead(scope, contract_id, quarter, Month.of(today)),
    )
    report_made, told = make(evidence, asked)
    version = 1 + sum(one.quarter == quarter for one in before)
    document = layout.document(contract, report_made, version=version, reason=reason, released=released)
    return Draft(document, _kept(evidence, told, asked.told))


def _layers(
    scope: Scope, contract_id: int, evidence: Evidence, before: Sequence[Released]
) -> dict[Quarter, atoms.Layers]:
    found = {}
    for quarter in evidence.quarters:
        saw = [one for one in before if str(quarter) in one.told.get("states", {})]
        reported = max((place for place, one in enumerate(saw) if one.quarter == quarter), default=-1)
        since: dict[str, frozenset[int]] = {}
        if reported >= 0:
            behind = people_since(scope, contract_id, quarter, saw[reported].released_at, evidence.covers)
            since = {atoms.name_of(cell): people for cell, people in behind.items()}
        states = tuple(one.told["states"][str(quarter)] for one in saw)
        now = atoms.state_of(evidence.parts[quarter])
        found[quarter] = atoms.Layers(quarter, (*states, now), reported, since)
    return found


def _kept(evidence: Evidence, told: Told, before: Told) -> dict[str, Any]:
    """What a release keeps for the next one: what was told, what is secret, and what each quarter looked like."""
    states = {str(quarter): atoms.state_of(parts) for quarter, parts in evidence.parts.items()}
    cost = {str(quarter): sum(int(part.cents) for part in parts.values()) for quarter, parts in evidence.parts.items()}
    return {**atoms.written(told, before), "states": states, "cost": cost}


def _late(evidence: Evidence, quarter: Quarter, before: Sequence[Released]) -> Cents:
    """What was recorded on earlier quarters since each was reported last; nothing for one that never was."""
    reported = {one.quarter: one.told["cost"][str(one.quarter)] for one in before if one.quarter < quarter}
    return total(
        sum(int(part.cents) for part in evidence.parts[earlier].values()) - cost
        for earlier, cost in reported.items()
        if earlier in evidence.parts
    )


def _given(scope: Scope, contract_id: int, quarter: Quarter, names: Mapping[str, str]) -> dict[str, list[Given]]:
    """The figures of subcontractors as they stand, by figure."""
    found: dict[str, list[Given]] = defaultdict(list)
    for form in figures.forms(scope, contract_id, quarter):
        agb = form.request.subcontractor
        stands = {line.kpi.id: line.stands for line in form.lines}
        for name, _ in form.request.kpis:
            found[name].append(Given(agb, stands.get(name), names.get(agb)))
    return dict(found)


def _overhead(scope: Scope, contract_id: int, quarter: Quarter, until: Month) -> Decimal | None:
    """Overhead as a share of revenue up to the end of a quarter, one decimal."""
    revenue = (
        accounts.REVENUE_LUMP_SUM,
        accounts.REVENUE_INDEXATION,
        accounts.REVENUE_VOLUME,
        accounts.REVENUE_DEDUCTIONS,
    )
    last = str(quarter.months[-1])
    booked = account_balance(scope, contract_id, [*revenue, accounts.COST_OVERHEAD], "service_month", until=until)
    sums: dict[str, int] = defaultdict(int)
    for (account, service), cents in booked.items():
        if service <= last:
            sums[account] += int(cents)
    whole = sum(sums[account] for account in revenue)
    if whole <= 0:
        return None
    share = layout.percent_of(sums[accounts.COST_OVERHEAD], whole)
    return None if share is None else Decimal(share)
