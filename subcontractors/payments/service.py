"""Use cases of payments: see what is payable, make a run, approve it by another hand, execute it, turn a payment back.

Nothing that was done is ever changed: each step is a row of its own, and the database refuses the second of a kind, so
that pressing a button twice does one thing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from lead_contractor.access.hand import Hand
from lead_contractor.books import accounts
from lead_contractor.books.model import About, Posting
from lead_contractor.books.service import post
from lead_contractor.books.store import book_stage, open_stage, stage_postings, standing
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.money import Cents, euros_nl, total
from lead_contractor.kernel.periods import Month, local_day
from lead_contractor.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from subcontractors.decisions.model import decision_of, decision_source
from subcontractors.decisions.sources import decided_sources
from subcontractors.payments import store
from subcontractors.payments.due import Sent, creditors, payable, selected
from subcontractors.payments.model import Creditor, MessagePayment, PaidItem, Payable, Payment, Run, RunState
from subcontractors.payments.tables import payment_decision, payment_execution, payment_reversal

LONGEST_REASON = 1000
Release = Callable[[Scope, int, Sequence[Payable]], Sequence[Payable]]
"""What the floors above let go of what is due; the rest stays payable and waits."""


def payables(scope: Scope, contract_id: int, agb: str = "") -> list[Payable]:
    """Everything that is payable and in no run yet, with its day; of one subcontractor when named.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    final = get_contract(scope, contract_id).final_at is not None
    booked = store.left_to_pay(scope, contract_id, agb, settled=final)
    sent, decided = store.sent_messages(scope, contract_id), store.decision_days(scope)
    return [payable(one, sent, decided) for one in booked]


def creditors_of(scope: Scope, contract_id: int, day: date) -> tuple[Creditor, ...]:
    """What each subcontractor has to receive on a day, with what is late and the interest that this costs."""
    return creditors(payables(scope, contract_id), store.sizes(scope, contract_id), day)


def propose_run(
    scope: Scope,
    contract_id: int,
    until: date,
    by: Hand,
    at: datetime,
    *,
    only: Collection[str] | None = None,
    release: Release | None = None,
) -> Run:
    """Make a payment run of what is due up to and including a day; credits are set off against it.

    A subcontractor whose credits outweigh what is due gets no payment; its credits wait for a next run.

    Args:
        scope: the lead contractor, in a writing transaction.
        contract_id: its contract year.
        until: the last day that counts.
        by: who makes it; somebody else has to approve it.
        at: the moment.
        only: the AGB codes to pay; all of them when left out.
        release: what the floors above let go; all of it when left out.

    Raises:
        Conflict: there is nothing to pay, for instance because a run that is waiting holds it already.
    """
    scope.lock()
    items: list[Payable] = []
    count = 0
    chosen = [one for one in selected(payables(scope, contract_id), until) if only is None or one.subcontractor in only]
    free = chosen if release is None else release(scope, contract_id, chosen)
    due = sorted(free, key=lambda item: (item.subcontractor, item.due_on))
    for _, own in groupby(due, key=lambda item: item.subcontractor):
        mine = list(own)
        if total(item.cents for item in mine) > 0:
            items += mine
            count += 1
    if not items:
        raise Conflict("Er is tot deze dag niets te betalen dat niet al in een betaalbatch staat.")
    row = {
        "contract_id": contract_id,
        "due_until": until,
        "cents": int(total(item.cents for item in items)),
        "payments": count,
        "content_hash": _content_hash(items),
        "made_by": by.user_id,
        "made_by_name": by.name,
        "made_at": at,
    }
    return get_run(scope, store.insert_run(scope, row, items), payments=False)


def _content_hash(items: Sequence[Payable]) -> str:
    """What an approval approves (rule 43): every item of the run, to the cent."""
    whole = [[*item.key, int(item.cents), item.due_on.isoformat()] for item in items]
    return hashlib.sha256(json.dumps(sorted(whole)).encode()).hexdigest()


def get_run(scope: Scope, run_id: int, *, payments: bool = True) -> Run:
    """A payment run with its payments.

    Raises:
        NotFound: this lead contractor has no such run.
    """
    found = store.runs(scope, run_id=run_id)
    if not found:
        raise NotFound("Deze betaalbatch bestaat niet.")
    return replace(found[0], payments=store.payments(scope, found[0])) if payments else found[0]


def runs_of(scope: Scope, contract_id: int) -> list[Run]:
    """The payment runs of a contract, the newest first, without their payments."""
    return store.runs(scope, contract_id)


def approve_run(scope: Scope, run_id: int, by: Hand, at: datetime, *, content_hash: str = "") -> Run:
    """Approve a run that somebody else made.

    Args:
        scope: the lead contractor, in a writing transaction.
        run_id: the run.
        by: who approves.
        at: the moment.
        content_hash: what the approver saw; when given it must be what the run holds.

    Raises:
        NotFound: this lead contractor has no such run.
        NotAllowed: the maker approves their own run.
        Conflict: it was decided on before, or what it pays is no longer payable.
    """
    scope.lock()
    run = _waiting(scope, run_id)
    if run.made_by == by.user_id:
        raise NotAllowed("Wie een betaalbatch klaarzet, keurt haar niet zelf goed. Vraag een collega.")
    if content_hash and content_hash != run.content_hash:
        raise Conflict("Dit is niet de betaalbatch die u zag. Bekijk haar opnieuw.")
    _check_backed(scope, run)
    _decide(scope, run, by, at, approved=True, reason="")
    return get_run(scope, run_id, payments=False)


def reject_run(scope: Scope, run_id: int, by: Hand, at: datetime, reason: str) -> Run:
    """Turn a run down, or take back one's own; what it held is payable again.

    Raises:
        NotFound: this lead contractor has no such run.
        Conflict: it was decided on before.
        Refusal: no reason was given.
    """
    scope.lock()
    run = _waiting(scope, run_id)
    _decide(scope, run, by, at, approved=False, reason=_reason(reason))
    return get_run(scope, run_id, payments=False)


def _waiting(scope: Scope, run_id: int) -> Run:
    run = get_run(scope, run_id, payments=False)
    if run.state is not RunState.PROPOSED:
        raise Conflict(f"Over betaalbatch {run.id} is al besloten door {run.decided_by_name}.")
    return run


def _decide(scope: Scope, run: Run, by: Hand, at: datetime, *, approved: bool, reason: str) -> None:
    row = {
        "run_id": run.id,
        "made_by": run.made_by,
        "content_hash": run.content_hash,
        "approved": approved,
        "reason": reason,
        "decided_by": by.user_id,
        "decided_by_name": by.name,
        "decided_at": at,
    }
    scope.insert(payment_decision, [row])


def _check_backed(scope: Scope, run: Run) -> None:
    """What a run pays must still be payable: nothing of it may have been turned back in the books meanwhile.

    Raises:
        Conflict: something was; the text names it.
    """
    final = get_contract(scope, run.contract_id).final_at is not None
    short = {
        (one.subcontractor, one.source, one.agreement, one.service_month): one.cents
        for one in store.left_to_pay(scope, run.contract_id, settled=final)
        if one.cents < 0
    }
    for _, item in store.numbered_items(scope, run.id):
        less = short.get((item.subcontractor, item.source, item.agreement, item.service_month))
        if item.cents > 0 and less is not None:
            raise Conflict(
                f"Sinds deze betaalbatch werd klaargezet is {euros_nl(-less)} van {item.source} teruggeboekt. "
                "Wijs haar af en zet een nieuwe klaar."
            )


def execute_run(scope: Scope, run_id: int, day: date, by: Hand, at: datetime) -> Run:
    """Book an approved run as paid on a day: from payable to paid, item by item.

    Raises:
        NotFound: this lead contractor has no such run.
        Conflict: it was not approved, it was paid before, or what it pays is no longer payable.
        Refusal: the day lies before the day on which the run was made, or after the day of the moment.
    """
    scope.lock()
    run = get_run(scope, run_id, payments=False)
    if run.state is RunState.EXECUTED:
        raise Conflict(f"Betaalbatch {run.id} is al uitgevoerd.")
    if run.state is not RunState.APPROVED:
        raise Conflict(f"Betaalbatch {run.id} is niet goedgekeurd.")
    if not local_day(run.made_at) <= day <= local_day(at):
        raise Refusal("Een betaling is gedaan op een dag vanaf het klaarzetten tot en met vandaag. Kies zo'n dag.")
    _check_backed(scope, run)
    row = {"run_id": run.id, "approved": True, "executed_on": day, "executed_at": at}
    scope.insert(payment_execution, [{**row, "executed_by": by.user_id, "executed_by_name": by.name}])
    month = Month.of(day)
    post(
        scope,
        run.contract_id,
        [_posting(run.id, number, item, month) for number, item in store.numbered_items(scope, run.id)],
        at,
    )
    return get_run(scope, run_id, payments=False)


def _posting(run_id: int, number: int, item: Any, month: Month) -> Posting:
    """An item in the books; a credit that is set off runs the other way."""
    cents = int(item.cents)
    about = About(
        recorded_month=month,
        service_month=Month.parse(item.service_month) if item.service_month else None,
        agreement=item.agreement,
        subcontractor=item.subcontractor,
    )
    source = f"{store.PREFIX}{run_id}:{number}"
    said = f"Betaling van {item.source}"
    made = Posting(accounts.PAYABLE, accounts.PAID, Cents(abs(cents)), about, source, said)
    return made if cents > 0 else made.reversed()


def reverse_payment(scope: Scope, run_id: int, agb: str, day: date, reason: str, by: Hand, at: datetime) -> Payment:
    """Turn the payment to one subcontractor back, for instance because the bank returned it; it is payable again.

    Raises:
        NotFound: this lead contractor has no such payment.
        Conflict: the run was not executed, or this payment was turned back before.
        Refusal: no reason was given, or the day lies before the payment or after the day of the moment.
    """
    scope.lock()
    run = get_run(scope, run_id)
    payment = next((one for one in run.payments if one.subcontractor == agb), None)
    if payment is None:
        raise NotFound("Deze betaling bestaat niet.")
    if run.executed_on is None:
        raise Conflict(f"Betaalbatch {run.id} is niet uitgevoerd; er is niets terug te draaien.")
    if payment.reversed_on is not None:
        raise Conflict("Deze betaling is al teruggedraaid.")
    if not run.executed_on <= day <= local_day(at):
        raise Refusal("Een betaling komt terug op een dag vanaf de betaling tot en met vandaag. Kies zo'n dag.")
    row = {"run_id": run_id, "subcontractor": agb, "reversed_on": day, "reason": _reason(reason), "reversed_at": at}
    scope.insert(payment_reversal, [{**row, "reversed_by": by.user_id, "reversed_by_name": by.name}])
    prefix, month = f"{store.PREFIX}{run_id}:", Month.of(day)
    booked = [(made, latest) for made, latest in standing(scope, run.contract_id, prefix) if _is_of(made, agb)]
    open_stage(scope)
    stage_postings(scope, [(_turned(made, month), latest) for made, latest in booked])
    book_stage(scope, run.contract_id, at)
    return replace(payment, reversed_on=day, reversed_by=by.name, reason=reason.strip())


def _is_of(made: Posting, agb: str) -> bool:
    return made.about.subcontractor == agb


def _turned(made: Posting, month: Month) -> Posting:
    back = made.reversed()
    return replace(back, about=replace(back.about, recorded_month=month), explanation="Betaling teruggedraaid")


def _reason(text: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST_REASON:
        raise Refusal(f"Geef een reden van ten hoogste {LONGEST_REASON} tekens.")
    return said


def payment_of(scope: Scope, message_id: int) -> MessagePayment:
    """How the payment of a declaration message stands: when it is expected, or on which day it was paid.

    Raises:
        NotFound: this lead contractor has no such message.
    """
    found = store.sent_message(scope, message_id)
    if found is None:
        return MessagePayment(message_id)
    contract_id, source, sent = found
    sources = [source, *decided_sources(scope, message_id, source)]
    return _standing(scope, contract_id, sources, source, sent)


def payment_of_line(
    scope: Scope, message_id: int, decision_id: int | None, agreement: str, month: str
) -> MessagePayment:
    """How the payment stands of what a message, or a decision about it, makes payable of one agreement and month.

    Lines are paid together: a line that was let pass by a decision with that decision, all others with their message.
    """
    found = store.sent_message(scope, message_id)
    if found is None:
        return MessagePayment(message_id)
    contract_id, source, sent = found
    own = source if decision_id is None else decision_source(decision_id, source)
    return _standing(scope, contract_id, [own], source, sent, (agreement, month))


def _standing(
    scope: Scope, contract_id: int, sources: Sequence[str], source: str, sent: Sent, part: tuple[str, str] | None = None
) -> MessagePayment:
    """How the payment of some sources stands; of one agreement and service month when asked."""
    booked = store.booked_of(scope, contract_id, sources)
    decided = store.decision_days(scope, [d for d in map(decision_of, sources) if d is not None])
    known = [
        payable(one, {source: sent}, decided) for one in booked if part in (None, (one.agreement, one.service_month))
    ]
    held = [
        one
        for one in store.held_items(scope, contract_id, sources=sources)
        if one.reversed_on is None and part in (None, (one.agreement, one.service_month))
    ]
    paid = [one for one in held if one.paid_on is not None]
    newest = held[0] if held else None
    return MessagePayment(
        sent.message_id,
        payable=total(one.cents for one in known),
        expected=max((one.due_on for one in known if one.cents > 0), default=None),
        paid=total(one.cents for one in paid),
        paid_on=max((one.paid_on for one in paid if one.paid_on), default=None),
        run_id=newest.run_id if newest else None,
        run_state=newest.state if newest else None,
    )


def payments_of(scope: Scope, contract_id: int, agb: str) -> list[PaidItem]:
    """What runs hold for one subcontractor, the newest first; rejected runs left out."""
    return store.held_items(scope, contract_id, agb=agb)
