"""Use cases of requests and allocations, each in the one transaction of its scope.

A request (WMO315, WMO317) that was accepted waits for the lead contractor, who grants it (WMO301), rejects it or puts
it under investigation (WMO319). Terms: five working days after receipt (OP274, OP346); after 'under investigation'
eight weeks after the date of the request. What refuses leaves nothing behind once its transaction is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from lead_contractor.clients.store import ClientIndex
from lead_contractor.clients.tables import client
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.refusals import Conflict, NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from lead_contractor.kernel.working_days import add_working_days
from subcontractors.chain import rules_answers
from subcontractors.chain.allocations import allocation_of, make_version
from subcontractors.chain.cards import card_of_client, save_card
from subcontractors.chain.model import (
    INVESTIGATED,
    PENDING,
    REFUSED,
    Asked,
    AskedProduct,
    Envelope,
    Product,
    Reply,
    RequestStatus,
    Size,
)
from subcontractors.chain.numbers import sent_name
from subcontractors.chain.parts import Card, reply_message
from subcontractors.chain.rules import broken
from subcontractors.chain.rules_answers import ReplyFacts
from subcontractors.chain.sending import Answering, Sent, guard_header, keep_sent, refuse_broken, send_allocations
from subcontractors.chain.store import held_by
from subcontractors.chain.tables import request, request_answer, request_product, sent_message
from subcontractors.chain.terms import local_day, terms_of
from subcontractors.chain.versions import Change, Made, changed_by_us, granted

AfterAllocating = Callable[[Scope, int, Sequence[str]], None]
"""What the floors above do with the numbers of allocations that were just made or changed; a refusal undoes them."""

ANSWER_DAYS = 5
INVESTIGATION_WEEKS = 8
REJECTION_REASONS = {
    "1": "geen wijziging maar een nieuwe aanvraag",
    "2": "past niet binnen het budget",
    "3": "geen contract",
    "4": "past niet binnen het contract",
    "5": "andere gemeente",
    "6": "stapeling",
    "7": "inhoudelijk afgekeurd",
    "8": "woonplaatsbeginsel",
    "9": "leeftijdsgrens",
}
"""RedenAfwijzingVerzoek, for people."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request as a desk shows it; the client only by pseudonym. ``due_on`` is the last day for the next answer."""

    id: int
    kind: str
    sender: str
    client: str
    reference: str
    dated: date
    received: date
    status: RequestStatus
    due_on: date
    late: bool
    card_complete: bool
    products: tuple[AskedProduct, ...]


def due_on(status: RequestStatus, received: date, dated: date) -> date:
    """The last day on which the next answer may be given."""
    if status is RequestStatus.INVESTIGATED:
        return dated + min(timedelta(weeks=INVESTIGATION_WEEKS), date.max - dated)
    return add_working_days(received, ANSWER_DAYS)


def worklist(scope: Scope, vault: Vault, contract_id: int, today: date) -> list[Waiting]:
    """The requests that wait for an answer, the most pressing first."""
    rows = scope.rows(
        scope.select(request, client.c.pseudonym)
        .join_from(
            request,
            client,
            (client.c.lead_contractor_id == request.c.lead_contractor_id) & (client.c.id == request.c.client_id),
        )
        .where(request.c.contract_id == contract_id, request.c.status.in_([one.value for one in PENDING]))
    )
    products = _products(scope, contract_id, [int(row.id) for row in rows])
    found = [_waiting(scope, vault, row, products.get(int(row.id), ()), today) for row in rows]
    return sorted(found, key=lambda one: (one.due_on, one.received, one.id))


def _waiting(scope: Scope, vault: Vault, row: Any, products: tuple[AskedProduct, ...], today: date) -> Waiting:
    status = RequestStatus(row.status)
    last = due_on(status, row.received, row.dated)
    card = card_of_client(scope, vault, int(row.client_id))
    return Waiting(
        id=int(row.id),
        kind=row.kind,
        sender=row.sender,
        client=row.pseudonym,
        reference=row.reference,
        dated=row.dated,
        received=row.received,
        status=status,
        due_on=last,
        late=today > last,
        card_complete=card is not None and card.complete,
        products=products,
    )


def _products(scope: Scope, contract_id: int, ids: Sequence[int]) -> dict[int, tuple[AskedProduct, ...]]:
    rows = scope.rows(
        scope.select(request_product)
        .where(request_product.c.contract_id == contract_id, request_product.c.request_id.in_(ids))
        .order_by(request_product.c.request_id, request_product.c.position)
    )
    found: dict[int, tuple[AskedProduct, ...]] = {}
    for row in rows:
        one = AskedProduct(
            asked=Asked(row.asked),
            number=row.allocation_number,
            product=Product(row.category, row.product_code),
            start=row.start_date,
            end=row.end_date,
            size=None if row.volume is None else Size(int(row.volume), row.unit, row.frequency),
            budget=None if row.budget_cents is None else Cents(int(row.budget_cents)),
        )
        found[int(row.request_id)] = (*found.get(int(row.request_id), ()), one)
    return found


def _pending(scope: Scope, contract_id: int, request_id: int) -> Any:
    """The request, for as long as it waits for an answer.

    Raises:
        NotFound: there is no such request.
        Conflict: it has its final answer.
    """
    row = scope.one(scope.select(request).where(request.c.contract_id == contract_id, request.c.id == request_id))
    if row is None:
        raise NotFound("Dit verzoek bestaat niet.")
    if RequestStatus(row.status) not in PENDING:
        raise Conflict(f"Dit verzoek is al beantwoord: {row.status}.")
    return row


def grant(
    scope: Scope,
    vault: Vault,
    contract_id: int,
    request_id: int,
    at: datetime,
    by: str,
    *,
    instead: AskedProduct | None = None,
    numbers: Sequence[str] = (),
    note: str = "",
    after_allocating: AfterAllocating | None = None,
) -> Sent:
    """Grant a request: make the allocations and the WMO301 that answers it.

    Args:
        scope: in a writing transaction.
        vault: the keys.
        contract_id: the contract.
        request_id: the request.
        at: the moment of the decision.
        by: who decides.
        instead: what is granted in place of what was asked, for a product of a WMO315 only (IV094); a change is granted
            as it was asked or not at all (IV093).
        numbers: in strict mode, the allocation numbers of the municipality for the new allocations, in order.
        note: a remark for our own file.
        after_allocating: what the floors above do.

    Returns:
        the WMO301, kept to be sent.

    Raises:
        Refusal: the request cannot be granted like this; nothing was changed.
    """
    terms = terms_of(scope, contract_id)
    scope.lock()
    row = _pending(scope, contract_id, request_id)
    client_id = int(row.client_id)
    if instead is not None and row.kind != "315":
        raise Refusal("Een verzoek om wijziging wordt in zijn geheel toegewezen zoals het is gevraagd, of afgewezen.")
    products = _products(scope, contract_id, [request_id])[request_id]
    if instead is not None:
        products = (replace(instead, asked=Asked.REQUESTED),)
    held = held_by(scope, contract_id, [client_id]).get((row.sender, client_id), {})
    references: dict[str, str] = {}
    waiting = list(numbers)
    for made in granted(products, held):
        given = waiting.pop(0) if waiting and not made.number else ""
        key = make_version(
            scope,
            terms,
            made,
            subcontractor=row.sender,
            client_id=client_id,
            at=at,
            reference=row.reference,
            request_id=request_id,
            number=given,
        )
        references[key] = row.reference
    if after_allocating is not None:
        after_allocating(scope, contract_id, list(references))
    whole = row.reference if row.kind == "317" else ""
    sent = send_allocations(scope, vault, terms, row.sender, client_id, at, Answering(references, whole))
    _answered(scope, row, RequestStatus.GRANTED, "", note, by, at, sent.id)
    return sent


def reject(
    scope: Scope, vault: Vault, contract_id: int, request_id: int, at: datetime, by: str, reason: str, note: str = ""
) -> Sent:
    """Reject a request: the WMO319 that says so. ``reason`` is a code of :data:`REJECTION_REASONS`.

    Raises:
        Refusal: no such reason, or the request cannot be answered like this.
    """
    if reason not in REJECTION_REASONS:
        raise Refusal("Kies een reden van afwijzing uit de codelijst: 1 tot en met 9.")
    return _reply(scope, vault, contract_id, request_id, at, by, RequestStatus.REJECTED, REFUSED, reason, note)


def investigate(
    scope: Scope, vault: Vault, contract_id: int, request_id: int, at: datetime, by: str, note: str = ""
) -> Sent:
    """Put a request under investigation: the WMO319 that says so, once (TR360).

    Raises:
        Refusal: it is under investigation already, or has its final answer.
    """
    return _reply(scope, vault, contract_id, request_id, at, by, RequestStatus.INVESTIGATED, INVESTIGATED, "", note)


def _reply(
    scope: Scope,
    vault: Vault,
    contract_id: int,
    request_id: int,
    at: datetime,
    by: str,
    status: RequestStatus,
    answer: str,
    reason: str,
    note: str,
) -> Sent:
    terms = terms_of(scope, contract_id)
    scope.lock()
    row = _pending(scope, contract_id, request_id)
    reply = Reply(row.reference, answer, reason)
    number = scope.last_id(sent_message) + 1
    envelope = Envelope("319", terms.municipality, row.sender, sent_name(terms, number), local_day(at))
    facts = ReplyFacts(reply, requested=True, earlier=_earlier(scope, row), allocated=False)
    document = reply_message(envelope, reply)
    names = [*guard_header(terms, envelope, envelope.dated), *(rule.id for rule in broken(rules_answers.RULES, facts))]
    refuse_broken(document, names)
    sent = keep_sent(scope, vault, terms, document, envelope, int(row.client_id), at)
    _answered(scope, row, status, reason, note, by, at, sent.id)
    return sent


_ANSWER_OF = {RequestStatus.INVESTIGATED.value: INVESTIGATED, RequestStatus.REJECTED.value: REFUSED}


def _earlier(scope: Scope, row: Any) -> tuple[Reply, ...]:
    """The answers that were given on a request before, and not refused by the provider."""
    rows = scope.rows(
        scope.select(request_answer.c.status, request_answer.c.reason, request_answer.c.sent_message_id)
        .where(request_answer.c.contract_id == row.contract_id, request_answer.c.request_id == row.id)
        .order_by(request_answer.c.number)
    )
    refused = {
        int(one.id)
        for one in scope.rows(
            scope.select(sent_message.c.id).where(
                sent_message.c.contract_id == row.contract_id, sent_message.c.approved.is_(False)
            )
        )
    }
    return tuple(
        Reply(row.reference, _ANSWER_OF[one.status], one.reason)
        for one in rows
        if one.status in _ANSWER_OF and one.sent_message_id not in refused
    )


def _answered(
    scope: Scope, row: Any, status: RequestStatus, reason: str, note: str, by: str, at: datetime, sent_id: int
) -> None:
    rows = scope.rows(
        scope.select(request_answer.c.number).where(
            request_answer.c.contract_id == row.contract_id, request_answer.c.request_id == row.id
        )
    )
    answer = {
        "request_id": row.id,
        "number": len(rows) + 1,
        "contract_id": row.contract_id,
        "status": status.value,
        "reason": reason,
        "note": note,
        "answered_by": by,
        "answered_at": at,
        "sent_message_id": sent_id,
    }
    scope.insert(request_answer, [answer])
    scope.update(request, {"id": row.id}, status=status.value)


def fill_card(scope: Scope, vault: Vault, contract_id: int, request_id: int, card: Card) -> None:
    """Fill in what a WMO301 tells of the client of a request.

    Raises:
        Refusal: no address and no phone number either.
    """
    row = scope.one(scope.select(request).where(request.c.contract_id == contract_id, request.c.id == request_id))
    if row is None:
        raise NotFound("Dit verzoek bestaat niet.")
    if not card.complete:
        raise Refusal("Vul huisnummer en postcode in, of een telefoonnummer.")
    save_card(scope, vault, int(row.client_id), card)


def allocate(
    scope: Scope,
    vault: Vault,
    contract_id: int,
    bsn: str,
    subcontractor: str,
    wanted: AskedProduct,
    card: Card | None,
    at: datetime,
    *,
    number: str = "",
    after_allocating: AfterAllocating | None = None,
) -> Sent:
    """Allocate on our own initiative: a new allocation and its WMO301, which answers no request (IV097).

    Raises:
        Refusal: it breaks a rule, or the client's card is not complete; nothing was changed.
    """
    terms = terms_of(scope, contract_id)
    scope.lock()
    clients = ClientIndex(scope, vault)
    client_id = clients.id_of(bsn)
    clients.save()
    if card is not None:
        save_card(scope, vault, client_id, card)
    if wanted.start is None:
        raise Refusal("Een toewijzing heeft een ingangsdatum.")
    made = Made("", wanted.product, wanted.start, wanted.end, wanted.size, wanted.budget)
    key = make_version(scope, terms, made, subcontractor=subcontractor, client_id=client_id, at=at, number=number)
    if after_allocating is not None:
        after_allocating(scope, contract_id, [key])
    return send_allocations(scope, vault, terms, subcontractor, client_id, at)


def change(
    scope: Scope,
    vault: Vault,
    contract_id: int,
    number: str,
    wanted: Change,
    at: datetime,
    *,
    after_allocating: AfterAllocating | None = None,
) -> Sent:
    """Shorten, extend, resize, rebudget or remove an allocation on our own initiative, and tell the subcontractor.

    Raises:
        Refusal: the change may not be made in place (OP033x1), or lines on it were approved (TR385); nothing changed.
    """
    terms = terms_of(scope, contract_id)
    scope.lock()
    old = allocation_of(scope, terms, number)
    made = changed_by_us(old, wanted)
    key = make_version(scope, terms, made, subcontractor=old.subcontractor, client_id=old.client, at=at)
    if after_allocating is not None:
        after_allocating(scope, contract_id, [key])
    return send_allocations(scope, vault, terms, old.subcontractor, old.client, at)
