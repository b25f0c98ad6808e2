"""Use cases of early warning: evaluate a day, acknowledge, exempt, and what each role may see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from budgets.signals import store
from budgets.signals.gather import inactive_of, look, year_of
from budgets.signals.inactivity import Inactive
from budgets.signals.model import (
    MUNICIPALITY_KINDS,
    PROVIDER_KINDS,
    EventKind,
    Exemption,
    ExemptionReason,
    Kind,
    Level,
    Signal,
    State,
)
from budgets.signals.state import Transition, signals_of, transitions
from lead_contractor.access.hand import Hand
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import local_day
from lead_contractor.kernel.refusals import NotFound, Refusal
from lead_contractor.kernel.rounding import half_up
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.store import subcontractors
from subcontractors.agreements.notices import CeilingNotice

LONGEST_NOTE = 1000
HIGHEST_SCORE = 10
_CERTAINTY = {Level.FACT: "passed", Level.ALMOST_SURE: "almost_sure", Level.MAY: "may"}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an evaluation of a day found and wrote.

    Attributes:
        as_of: the day.
        looked: false where a later day was looked at before, so that nothing was done.
        written: what happened to signals.
    """

    as_of: date
    looked: bool
    written: tuple[Transition, ...] = ()

    def count(self, kind: EventKind) -> int:
        """How many of a kind."""
        return sum(1 for one in self.written if one.kind is kind)


def evaluate(scope: Scope, contract_id: int, as_of: date, at: datetime) -> Evaluation:
    """Look what crosses a limit on a day and write what changed; doing it again writes nothing more.

    Args:
        scope: the lead contractor, in a writing transaction.
        contract_id: its contract year.
        as_of: the day; what is known on a day before one that was looked at is history and stays as it was told.
        at: the moment.

    Raises:
        NotFound: this lead contractor has no such contract.
        Refusal: the day lies before the contract year.
    """
    year = year_of(scope, contract_id, as_of)
    if as_of < year.contract.first_day:
        raise Refusal(f"{as_of:%d-%m-%Y} ligt vóór het contractjaar. Kies een latere dag.")
    scope.lock()
    newest = store.last_run(scope, contract_id)
    if newest is not None and as_of < newest:
        return Evaluation(as_of, looked=False)
    known = signals_of(store.events(scope, contract_id))
    found = look(year, at)
    written = transitions(known, found.crossings, found.holding)
    store.add_events(scope, contract_id, written, as_of, at)
    store.set_current(scope, contract_id, found.crossings, found.holding - {one.key for one in found.crossings}, as_of)
    if newest != as_of:
        store.add_run(scope, contract_id, as_of, at)
    return Evaluation(as_of, looked=True, written=written)


def signals(scope: Scope, contract_id: int) -> tuple[Signal, ...]:
    """All signals of a contract year as the lead contractor sees them; what stakes most first.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    get_contract(scope, contract_id)
    order = list(Kind)
    current = store.current(scope, contract_id)
    found = [_with_figures(one, current.get(one.key)) for one in signals_of(store.events(scope, contract_id)).values()]
    return tuple(
        sorted(found, key=lambda one: (-one.crossing.stake, order.index(one.crossing.kind), one.crossing.about))
    )


def _with_figures(signal: Signal, known: tuple[Level, Cents, Mapping[str, str], date] | None) -> Signal:
    """The signal with the figures of the newest look, where it still crosses."""
    if known is None or signal.state is State.CLEARED:
        return signal
    level, stake, figures, day = known
    return replace(signal, crossing=replace(signal.crossing, level=level, stake=stake, figures=figures), day=day)


def standing(every: tuple[Signal, ...]) -> tuple[Signal, ...]:
    """Those that still cross, acknowledged or not."""
    return tuple(one for one in every if one.state is not State.CLEARED)


def waiting(scope: Scope, contract_id: int) -> int:
    """How many signals nobody acknowledged yet."""
    return sum(1 for one in signals(scope, contract_id) if one.state is State.OPEN)


def of_provider(scope: Scope, contract_id: int, agb: str) -> tuple[Signal, ...]:
    """What a subcontractor is told: its own ceilings and months without a declaration, while they last."""
    return tuple(
        one
        for one in standing(signals(scope, contract_id))
        if one.crossing.subcontractor == agb and one.crossing.kind in PROVIDER_KINDS
    )


def ceiling_notices(scope: Scope, contract_id: int, agb: str) -> tuple[CeilingNotice, ...]:
    """What a subcontractor is told about its ceilings, in the values of its own pages; one for each agreement.

    Months without a declaration stand on those pages already.
    """
    found: dict[str, CeilingNotice] = {}
    for one in of_provider(scope, contract_id, agb):
        kind, figures = one.crossing.kind, one.crossing.figures
        if kind is Kind.DECLARATION_MISSING or (kind is Kind.CEILING_SIGNAL and figures["agreement"] in found):
            continue
        certainty = "signal" if kind is Kind.CEILING_SIGNAL else _CERTAINTY[one.crossing.level]
        found[figures["agreement"]] = CeilingNotice(
            figures["agreement"],
            certainty,
            Cents(int(figures["ceiling"])),
            Cents(int(figures["used"])),
            Cents(int(figures.get("unpaid", "0"))),
        )
    return tuple(found[agreement] for agreement in sorted(found))


def of_municipality(scope: Scope, contract_id: int) -> tuple[Signal, ...]:
    """What the municipality is told: the year as a whole, never one subcontractor or few people."""
    return tuple(one for one in standing(signals(scope, contract_id)) if one.crossing.kind in MUNICIPALITY_KINDS)


def acknowledge(scope: Scope, contract_id: int, key: str, by: Hand, at: datetime, note: str) -> None:
    """Write down that somebody saw a signal, and what is done about it.

    Raises:
        NotFound: there is no such signal, or it fell back.
        Refusal: no note, or too long a one.
    """
    get_contract(scope, contract_id)
    said = _note(note, "Schrijf op wat ermee gebeurt.")
    scope.lock()
    signal = signals_of(store.events(scope, contract_id)).get(key)
    if signal is None or signal.state is State.CLEARED:
        raise NotFound("Dit signaal is er niet (meer).")
    made = Transition(EventKind.ACKNOWLEDGED, signal.crossing)
    as_of = store.last_run(scope, contract_id) or signal.since
    store.add_events(scope, contract_id, [made], as_of, at, by, said)


def candidates(scope: Scope, contract_id: int, day: date, at: datetime) -> tuple[Inactive, ...]:
    """The list of candidates for notice as of a day, with those that are exempt (rule 45)."""
    return inactive_of(year_of(scope, contract_id, day), at)


@dataclass(frozen=True, slots=True)
class Asked:
    """An exemption that is asked for: with satisfaction its score out of ten and the day it was measured."""

    subcontractor: str
    reason: ExemptionReason | None
    score: Decimal | None = None
    measured_on: date | None = None
    note: str = ""


def exempt(scope: Scope, contract_id: int, asked: Asked, by: Hand, at: datetime) -> None:
    """Write down why an inactive subcontractor stays, or without a reason that this does not hold any more.

    Raises:
        NotFound: this lead contractor has no such contract, or it has no such subcontractor.
        Refusal: no note, or a satisfaction without a score and the day it was measured.
    """
    get_contract(scope, contract_id)
    if asked.subcontractor not in {party.agb for party in subcontractors(scope, contract_id)}:
        raise NotFound("Deze onderaannemer is er niet.")
    note = _note(asked.note, "Schrijf op waarop de uitzondering berust.")
    score, measured = None, None
    if asked.reason is ExemptionReason.SATISFACTION:
        if asked.score is None or asked.measured_on is None or not 0 <= asked.score <= HIGHEST_SCORE:
            raise Refusal("Geef een cijfer van 0 tot en met 10 en de dag waarop het gemeten is.")
        if asked.measured_on > local_day(at):
            raise Refusal("De dag van de meting ligt in de toekomst.")
        score, measured = half_up(asked.score * 100), asked.measured_on
    scope.lock()
    store.add_exemption(scope, contract_id, Exemption(asked.subcontractor, asked.reason, score, measured, note, by, at))


def _note(text: str, remedy: str) -> str:
    said = " ".join(text.split())
    if not said or len(said) > LONGEST_NOTE:
        raise Refusal(f"{remedy} Ten hoogste {LONGEST_NOTE} tekens.")
    return said
