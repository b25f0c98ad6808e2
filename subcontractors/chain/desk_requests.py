"""Requests (WMO315, WMO317): judged, answered by a return, and stored until the lead contractor answers."""

from __future__ import annotations

from collections import Counter

from subcontractors.chain import rules_requests
from subcontractors.chain.background import Background
from subcontractors.chain.cards import keep_if_new
from subcontractors.chain.model import Asked, Request
from subcontractors.chain.outcome import Outcome
from subcontractors.chain.parts import CLASS_OF, card_of, request_of
from subcontractors.chain.rules import broken, codes_of
from subcontractors.chain.rules_requests import AskedFacts, RequestFacts
from subcontractors.chain.store import sizes as size_columns
from subcontractors.declarations.store import Head


def take_request(ground: Background, outcome: Outcome, head: Head) -> None:
    """Judge a request; what breaks nothing is stored and waits for an answer."""
    document = head.came.document
    assert document is not None
    asked = request_of(document, ground.clients.id_of)
    pair = (asked.sender, asked.client)
    facts = RequestFacts(
        request=asked,
        held=ground.held.get(pair, {}),
        client_known=bool(ground.held.get(pair)),
        used_references=ground.references[asked.sender],
        pending=pair in ground.pending,
        today=head.received or asked.dated,
        products=ground.products,
    )
    codes = judge_request(facts)
    if codes:
        head.assessed = False
        outcome.answer(head, codes=codes)
        return
    ground.references[asked.sender] |= set(asked.references)
    ground.pending.add(pair)
    card = card_of(document)
    if card is not None:
        ground.clients.save()
        keep_if_new(ground.scope, ground.vault, asked.client, card)
    _store(ground, outcome, head, asked)
    outcome.answer(head)


def _store(ground: Background, outcome: Outcome, head: Head, asked: Request) -> None:
    base = {
        "contract_id": ground.terms.contract_id,
        "message_id": head.id,
        "kind": asked.kind,
        "sender": asked.sender,
        "client_id": asked.client,
        "reason": asked.reason,
        "dated": asked.dated,
        "received": head.received or asked.dated,
        "status": "open",
    }
    products = [
        {
            "contract_id": ground.terms.contract_id,
            "asked": one.asked.value,
            "allocation_number": one.number,
            **size_columns(one.product, one.start, one.end, one.size, one.budget),
        }
        for one in asked.products
    ]
    if asked.reference:
        outcome.requests.append(({**base, "reference": asked.reference}, products))
        return
    for one, product in zip(asked.products, products, strict=True):
        outcome.requests.append(({**base, "reference": one.reference}, [product]))


def judge_request(facts: RequestFacts) -> dict[str, tuple[str, ...]]:
    """The codes of a request by the class of the message they belong to; empty when nothing is broken."""
    first = facts.request.kind == "315"
    client = rules_requests.CLIENT_RULES_315 if first else rules_requests.CLIENT_RULES_317
    found = {"Client": codes_of(broken(client, facts))}
    if not first:
        found["Client/Verzoek"] = codes_of(broken(rules_requests.WHOLE_RULES, facts))
    numbers: Counter[Asked] = Counter()
    for asked in facts.request.products:
        numbers[asked.asked] += 1
        address = f"{CLASS_OF[asked.asked]}[{numbers[asked.asked]}]"
        found[address] = codes_of(broken(rules_requests.PRODUCT_RULES[asked.asked], AskedFacts(facts, asked)))
    return {address: codes for address, codes in found.items() if codes}
