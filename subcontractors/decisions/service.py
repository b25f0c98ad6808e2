"""Use cases of decisions on refused lines: propose, judge by another hand, withdraw, ask the provider, leave refused.

What was answered stays as it was sent: the codes of before are kept with the decision, and a line that may pass counts
as approved from the moment of the approval (ADR 0011).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from lead_contractor.access.hand import Hand
from lead_contractor.books.model import Posting
from lead_contractor.books.store import book_stage, open_stage, stage_postings
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.money import total
from lead_contractor.kernel.periods import Month, local_day
from lead_contractor.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from subcontractors.decisions import store
from subcontractors.decisions.model import (
    FOUR_EYES,
    LONGEST_REASON,
    MOST_LINES,
    Decision,
    Kind,
    LineOutcome,
    Proposed,
    State,
    not_passable,
)
from subcontractors.decisions.postings import override_postings, withdrawal_postings
from subcontractors.decisions.rejudge import rejudge
from subcontractors.decisions.store import Refused
from subcontractors.decisions.tables import line_decision_verdict
from subcontractors.declarations import served
from subcontractors.declarations.checks import codes_of


def propose(
    scope: Scope, contract_id: int, kind: Kind, line_ids: Collection[int], reason: str, by: Hand, at: datetime
) -> Proposed:
    """Decide on lines of one contract, or propose an override of them; each line is looked at by itself.

    Args:
        scope: the lead contractor, in a writing transaction.
        contract_id: its contract year.
        kind: override (waits for a second person), ask the provider, or leave refused.
        line_ids: the lines; those that cannot be decided on come back with the reason and are left out.
        reason: one reason for all of them; the provider reads it when it is asked something.
        by: who decides.
        at: the moment.

    Raises:
        NotFound: a line is not one of this contract.
        Refusal: no lines, too many, no reason, or a withdrawal (see :func:`propose_withdrawal`).
    """
    if kind is Kind.WITHDRAW:
        raise Refusal("Een besluit wordt ingetrokken bij het besluit zelf.")
    said, wanted = _reason(reason), sorted(set(line_ids))
    if not wanted or len(wanted) > MOST_LINES:
        raise Refusal(f"Kies ten minste een en ten hoogste {MOST_LINES} regels.")
    scope.lock()
    known = store.lines(scope, wanted)
    if any(n not in known or known[n].contract_id != contract_id for n in wanted):
        raise NotFound("Een van deze regels bestaat niet.")
    held = [known[n] for n in wanted]
    results = _looked_at(scope, contract_id, kind, held)
    able = [one for one, result in zip(held, results, strict=True) if result.done]
    if not able:
        return Proposed(None, tuple(results))
    made = _store(scope, contract_id, kind, said, able, {one.id: one.codes for one in able}, by, at)
    return Proposed(made, tuple(results))


def _store(
    scope: Scope,
    contract_id: int,
    kind: Kind,
    reason: str,
    held: Sequence[Refused],
    bits: dict[int, int],
    by: Hand,
    at: datetime,
    withdraws_id: int | None = None,
) -> Decision:
    row = {
        "contract_id": contract_id,
        "kind": kind.value,
        "reason": reason,
        "withdraws_id": withdraws_id,
        "lines": len(held),
        "cents": int(total(one.signed for one in held)),
        "made_by": by.user_id,
        "made_by_name": by.name,
        "made_at": at,
    }
    return get_decision(scope, store.insert_decision(scope, row, held, bits))


def _looked_at(scope: Scope, contract_id: int, kind: Kind, held: Sequence[Refused]) -> list[LineOutcome]:
    """Whether each line can be decided on now, in the order given."""
    waiting = store.pending(scope, [one.id for one in held])
    allowed = store.passable(scope, contract_id) if kind is Kind.OVERRIDE else {}
    found: dict[int, str] = {}
    for one in held:
        found[one.id] = _standing(one, waiting)
        if not found[one.id] and kind is Kind.OVERRIDE:
            found[one.id] = _overridable(one, one.codes, allowed)
    if kind is Kind.OVERRIDE:
        now = _now(scope, contract_id, [one for one in held if not found[one.id]])
        for one in held:
            if not found[one.id]:
                found[one.id] = _overridable(one, now[one.id], allowed)
    return [LineOutcome(one.id, not found[one.id], found[one.id]) for one in held]


def _now(scope: Scope, contract_id: int, held: Sequence[Refused]) -> dict[int, int]:
    return rejudge(scope, contract_id, held) if held else {}


def _standing(one: Refused, waiting: Collection[int]) -> str:
    """Why nothing can be decided on a line, whatever the decision; empty when it can."""
    if one.assessed and one.codes == 0:
        return "De regel is al goedgekeurd."
    if one.id in waiting:
        return "Over de regel ligt al een voorstel."
    return ""


def _overridable(one: Refused, bits: int, allowed: dict[str, frozenset[str]]) -> str:
    """Why a line that breaks these rules cannot be passed; empty when it can."""
    if not one.assessed:
        return "De hele declaratie is afgewezen; laat haar opnieuw indienen."
    if one.credit:
        return "Een creditregel kan niet worden doorgelaten; laat haar verbeterd indienen."
    if not one.agreement or one.allocation_id is None:
        return "Bij de regel hoort geen overeenkomst met toewijzing; laat haar verbeterd indienen."
    left = not_passable(codes_of(bits), allowed.get(one.agreement, frozenset()))
    new = [code for code in left if code not in codes_of(one.codes)]
    if new:
        return f"Inmiddels geldt voor de regel ook {', '.join(new)}; dat kan niet passeren."
    return f"Overeenkomst {one.agreement} laat {', '.join(left)} niet passeren." if left else ""


def approve(scope: Scope, decision_id: int, by: Hand, at: datetime, reason: str) -> Decision:
    """Let a proposal take effect; each line is judged once more, and only what can still pass is passed.

    Args:
        scope: the lead contractor, in a writing transaction.
        decision_id: the proposal, an override or a withdrawal.
        by: who approves; not the one who proposed.
        at: the moment.
        reason: why.

    Raises:
        NotFound: this lead contractor has no such decision.
        NotAllowed: the maker judges their own proposal.
        Conflict: it was judged before, or the year is settled for good.
        Refusal: no reason was given.
    """
    scope.lock()
    decision = _waiting(scope, decision_id)
    if decision.made_by == by.user_id:
        raise NotAllowed("Wie een besluit voorstelt, keurt het niet zelf goed. Vraag een collega.")
    contract = get_contract(scope, decision.contract_id)
    if contract.final_at is not None:
        raise Conflict("Dit jaar is definitief afgerekend; er worden geen regels meer doorgelaten of teruggenomen.")
    _judge(scope, decision, by, at, reason, approved=True)
    month = Month.of(local_day(at))
    if decision.kind is Kind.OVERRIDE:
        outcomes = _pass(scope, decision, contract.year, month, at)
    else:
        outcomes = _take_back(scope, decision, contract.year, month, at)
    store.insert_outcomes(scope, decision_id, outcomes)
    return get_decision(scope, decision_id)


def reject(scope: Scope, decision_id: int, by: Hand, at: datetime, reason: str) -> Decision:
    """Turn a proposal down, or take back one's own; its lines are open again.

    Raises:
        NotFound: this lead contractor has no such decision.
        Conflict: it was judged before.
        Refusal: no reason was given.
    """
    scope.lock()
    _judge(scope, _waiting(scope, decision_id), by, at, reason, approved=False)
    return get_decision(scope, decision_id)


def _waiting(scope: Scope, decision_id: int) -> Decision:
    decision = get_decision(scope, decision_id)
    if decision.kind not in FOUR_EYES:
        raise Conflict("Dit besluit vraagt geen tweede persoon.")
    if not decision.waits:
        raise Conflict(f"Over besluit {decision_id} is al geoordeeld door {decision.decided_by_name}.")
    return decision


def _judge(scope: Scope, decision: Decision, by: Hand, at: datetime, reason: str, *, approved: bool) -> None:
    row = {
        "decision_id": decision.id,
        "made_by": decision.made_by,
        "approved": approved,
        "reason": _reason(reason),
        "decided_by": by.user_id,
        "decided_by_name": by.name,
        "decided_at": at,
    }
    scope.insert(line_decision_verdict, [row])


def _pass(scope: Scope, decision: Decision, year: int, month: Month, at: datetime) -> list[LineOutcome]:
    """Let the lines pass in rounds, one line of every allocation at a time: each sees the ones that passed before."""
    allowed = store.passable(scope, decision.contract_id)
    known = store.lines(scope, [line.line_id for line in decision.lines])
    outcomes: dict[int, LineOutcome] = {}
    passed: list[Refused] = []
    for held in _rounds(known[line.line_id] for line in decision.lines):
        standing = {one.id: _standing(one, ()) for one in held}
        now = _now(scope, decision.contract_id, [one for one in held if not standing[one.id]])
        for one in held:
            why = standing[one.id] or _overridable(one, now[one.id], allowed)
            outcomes[one.id] = LineOutcome(one.id, not why, why)
            if not why:
                store.set_codes(scope, one, 0)
                passed.append(one)
    served.note_decided(scope, decision.contract_id, year, map(_served, passed))
    _book(
        scope,
        decision.contract_id,
        override_postings(scope, decision.contract_id, decision.id, passed, year, month),
        at,
    )
    return [outcomes[line.line_id] for line in decision.lines]


def _rounds(held: Iterable[Refused]) -> list[list[Refused]]:
    """Lines in rounds that hold at most one line of each allocation, in order."""
    rounds: list[list[Refused]] = []
    seen: dict[int | None, int] = {}
    for one in held:
        turn = seen.get(one.allocation_id, 0)
        seen[one.allocation_id] = turn + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(one)
    return rounds


def propose_withdrawal(scope: Scope, decision_id: int, reason: str, by: Hand, at: datetime) -> Proposed:
    """Propose to take back an override; it takes a second person as well.

    Raises:
        NotFound: this lead contractor has no such decision.
        Conflict: it is not an override that was approved, or nothing of it is left to take back.
        Refusal: no reason was given.
    """
    said = _reason(reason)
    scope.lock()
    decision = get_decision(scope, decision_id)
    if decision.kind is not Kind.OVERRIDE or decision.state is not State.APPROVED:
        raise Conflict("Alleen een goedgekeurd besluit om regels door te laten kan worden ingetrokken.")
    done = sorted(store.done_lines(scope, decision_id))
    known = store.lines(scope, done)
    results = _returnable(scope, [known[n] for n in done])
    able = [known[one.line_id] for one in results if one.done]
    if not able:
        raise Conflict("Van dit besluit is niets meer in te trekken.")
    bits = store.item_codes(scope, decision_id)
    made = _store(scope, decision.contract_id, Kind.WITHDRAW, said, able, bits, by, at, decision_id)
    return Proposed(made, tuple(results))


def _returnable(scope: Scope, held: Sequence[Refused]) -> list[LineOutcome]:
    credited = store.credited(scope, [one.id for one in held])
    waiting = store.pending(scope, [one.id for one in held])
    return [_returned(one, credited, waiting) for one in held]


def _returned(one: Refused, credited: Collection[int], waiting: Collection[int] = ()) -> LineOutcome:
    why = ""
    if one.codes:
        why = "De regel is al teruggenomen."
    elif one.id in waiting:
        why = "Over de regel ligt al een voorstel."
    elif one.id in credited:
        why = "De aanbieder heeft de regel gecrediteerd; er is niets terug te nemen."
    return LineOutcome(one.id, not why, why)


def _take_back(scope: Scope, decision: Decision, year: int, month: Month, at: datetime) -> list[LineOutcome]:
    assert decision.withdraws_id is not None
    bits = store.item_codes(scope, decision.id)
    known = store.lines(scope, list(bits))
    credited = store.credited(scope, list(bits))
    outcomes = [_returned(known[line.line_id], credited) for line in decision.lines]
    back = [known[one.line_id] for one in outcomes if one.done]
    for one in back:
        store.set_codes(scope, one, bits[one.id])
    served.note_decided(scope, decision.contract_id, year, map(_served, back))
    ids = (decision.id, decision.withdraws_id)
    _book(
        scope,
        decision.contract_id,
        withdrawal_postings(scope, decision.contract_id, ids, back, year, month),
        at,
    )
    return outcomes


def _served(line: Refused) -> served.Key:
    return line.sender, line.agreement, line.product_code, line.client_id


def _book(scope: Scope, contract_id: int, made: Sequence[tuple[Posting, int | None]], at: datetime) -> None:
    open_stage(scope)
    stage_postings(scope, made)
    book_stage(scope, contract_id, at)


def get_decision(scope: Scope, decision_id: int) -> Decision:
    """A decision with its lines.

    Raises:
        NotFound: this lead contractor has no such decision.
    """
    found = store.decisions(scope, ids=[decision_id])
    if not found:
        raise NotFound("Dit besluit bestaat niet.")
    return store.with_lines(scope, found[0])


def decisions_of(scope: Scope, contract_id: int, *, limit: int | None = None, offset: int = 0) -> list[Decision]:
    """The decisions of a contract, the newest first, without their lines."""
    return store.decisions(scope, contract_id, limit=limit, offset=offset)


def owners_of(scope: Scope, contract_id: int) -> dict[str, str]:
    """Whose agreement each one is: the AGB code by the code of the agreement."""
    return store.owners(scope, contract_id)


def asked_of(scope: Scope, message_id: int) -> dict[int, str]:
    """What the provider was asked about lines of a message, by line; the newest question of each."""
    return store.questions(scope, message_id)


def _reason(text: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST_REASON:
        raise Refusal(f"Geef een reden van ten hoogste {LONGEST_REASON} tekens.")
    return said


def withdrawals_of(scope: Scope, decision: Decision) -> list[Decision]:
    """The withdrawals of a decision, the newest first."""
    return [one for one in store.decisions(scope, decision.contract_id) if one.withdraws_id == decision.id]
