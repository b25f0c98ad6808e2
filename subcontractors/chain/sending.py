"""The WMO301 that tells a subcontractor of its allocations, and keeping what we send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from lead_contractor.allocation.tables import allocation
from lead_contractor.clients.store import bsns
from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.refusals import Refusal, Unsound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from lead_contractor.kernel.working_days import add_working_days
from subcontractors.chain import rules_allocations, rules_header
from subcontractors.chain.allocations import first_moment
from subcontractors.chain.cards import card_of_client
from subcontractors.chain.model import Allotted, Envelope
from subcontractors.chain.numbers import sent_name
from subcontractors.chain.parts import allocation_message
from subcontractors.chain.rules import broken
from subcontractors.chain.rules_allocations import AllottedFacts, MessageFacts
from subcontractors.chain.rules_header import HeaderFacts
from subcontractors.chain.store import (
    approved_lines,
    held_of,
    insert_numbered,
    loaded_versions,
    owed_references,
    products_of,
    sent_to,
    sizes,
    versions_of,
)
from subcontractors.chain.tables import allocation_sent, sent_message
from subcontractors.chain.terms import ChainTerms, local_day
from subcontractors.iwmo.document import Document, write_document
from subcontractors.iwmo.level2.check import check_document

RETURN_DAYS = 3


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that we made: its id, its number, to whom, and a name for its file."""

    id: int
    kind: str
    receiver: str
    identification: str
    content: bytes

    @property
    def file_name(self) -> str:
        """``301-65656055-T00010000001.xml``."""
        return f"{self.kind}-{self.receiver}-{self.identification}.xml"


def known_before(
    scope: Scope, terms: ChainTerms, subcontractor: str, client_id: int, today: date
) -> tuple[dict[str, Allotted], dict[str, list[Allotted]]]:
    """What stands for a client with a subcontractor, and what that subcontractor knows of it, both by number.

    It knows what we sent and it did not refuse, and what came with the year, which was handed out before.
    """
    standing = standing_of(scope, terms, subcontractor, client_id, today)
    loaded = loaded_versions(scope, terms.contract_id, subcontractor, client_id)
    versions = versions_of(scope, terms.contract_id, subcontractor, client_id)
    sent = sent_to(scope, terms.contract_id, subcontractor, client_id)
    known: dict[str, list[Allotted]] = {}
    for number, one in standing.items():
        base = loaded.get(number) or (None if number in versions else one)
        own = [*([base] if base else []), *sent.get(number, ())]
        if own:
            known[number] = own
    return standing, known


def standing_of(
    scope: Scope, terms: ChainTerms, subcontractor: str, client_id: int, today: date
) -> dict[str, Allotted]:
    """The current version of each allocation of a client with a subcontractor, by number."""
    versions = versions_of(scope, terms.contract_id, subcontractor, client_id)
    rows = scope.rows(
        scope.select(allocation).where(
            allocation.c.contract_id == terms.contract_id,
            allocation.c.subcontractor == subcontractor,
            allocation.c.client_id == client_id,
        )
    )
    found: dict[str, Allotted] = {}
    for row in rows:
        latest = rules_allocations.latest(versions.get(row.number_key, ()))
        found[row.number_key] = replace(latest, reference="") if latest else _as_loaded(row, today)
    return found


def _as_loaded(row: Any, today: date) -> Allotted:
    one = held_of(row)
    return Allotted(
        number=one.number,
        product=one.product,
        decided=first_moment(row, today),
        start=one.start,
        end=one.end,
        size=one.size,
        budget=one.budget,
        reason_change=one.reason_change,
    )


def next_message(
    standing: Mapping[str, Allotted], sent: Mapping[str, Sequence[Allotted]], today: date, references: Mapping[str, str]
) -> tuple[Allotted, ...]:
    """What the next WMO301 for a client and subcontractor holds (OP087, IV097, IV099).

    Args:
        standing: the current version of each allocation.
        sent: what was sent and not refused, by number in order.
        today: the day on which the message is made.
        references: by number, the reference of the request that is granted with this message (:func:`references_of`).
    """
    last = {number: own[-1] for number, own in sent.items()}
    made = []
    for number in rules_allocations.to_send(standing, last, today):
        one, before = standing[number], last.get(number)
        unchanged = before is None or before.content == one.content
        made.append(
            replace(
                one,
                reason_change="" if unchanged and not one.removed else one.reason_change,
                reference=references.get(number, ""),
            )
        )
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Answering:
    """The request that a WMO301 answers: its reference by number, or one for every product in it (WMO317, IV093)."""

    references: Mapping[str, str] = field(default_factory=dict)
    whole: str = ""


def references_of(numbers: Iterable[str], answering: Answering, before: Mapping[str, str]) -> dict[str, str]:
    """The reference that each allocation in a message has to carry (TR379); what answers no request has none (IV097).

    ``before`` holds what is owed from messages that were refused, by number.
    """
    owed = {one: answering.whole or answering.references.get(one, "") or before.get(one, "") for one in numbers}
    return {number: reference for number, reference in owed.items() if reference}


def send_allocations(
    scope: Scope,
    vault: Vault,
    terms: ChainTerms,
    subcontractor: str,
    client_id: int,
    at: datetime,
    answering: Answering | None = None,
) -> Sent:
    """Make the WMO301 for a client and a subcontractor, guard it, keep it, and give it back.

    ``answering`` is the request that it grants; without it the message goes on our own initiative.

    Raises:
        Refusal: there is nothing to send, or the client's card is not complete.
        Unsound: the message breaks a rule; it does not leave the house.
    """
    today = local_day(at)
    standing, sent = known_before(scope, terms, subcontractor, client_id, today)
    before = owed_references(scope, terms.contract_id, subcontractor, client_id)
    owed = references_of(standing, answering or Answering(), before)
    allotted = next_message(standing, sent, today, owed)
    if not allotted:
        raise Refusal("Er is voor deze cliënt en aanbieder niets te versturen.")
    card = card_of_client(scope, vault, client_id)
    if card is None or not card.complete:
        raise Refusal("Van deze cliënt ontbreken naam, geboortedatum of adres; vul eerst de cliëntkaart aan.")
    number = scope.last_id(sent_message) + 1
    envelope = Envelope("301", terms.municipality, subcontractor, sent_name(terms, number), today)
    document = allocation_message(envelope, bsns(scope, vault, [client_id])[client_id], card, allotted)
    _guard(scope, terms, document, envelope, allotted, standing, sent, owed)
    made = keep_sent(scope, vault, terms, document, envelope, client_id, at)
    scope.insert(allocation_sent, (_sent_row(terms, made.id, one) for one in allotted))
    return made


def _sent_row(terms: ChainTerms, sent_id: int, one: Allotted) -> dict[str, Any]:
    return {
        "sent_message_id": sent_id,
        "number_key": one.number,
        "contract_id": terms.contract_id,
        "decided": one.decided,
        **sizes(one.product, one.start, one.end, one.size, one.budget),
        "reason_change": one.reason_change,
        "reference": one.reference,
    }


def _guard(
    scope: Scope,
    terms: ChainTerms,
    document: Document,
    envelope: Envelope,
    allotted: tuple[Allotted, ...],
    standing: Mapping[str, Allotted],
    sent: Mapping[str, Sequence[Allotted]],
    owed: Mapping[str, str],
) -> None:
    """Hold our own message against every rule before it leaves."""
    last = {number: own[-1] for number, own in sent.items()}
    names = [*guard_header(terms, envelope, min(one.start for one in allotted))]
    names += [
        rule.id
        for rule in broken(rules_allocations.MESSAGE_RULES, MessageFacts(allotted, standing, last, envelope.dated))
    ]
    products = products_of(scope, terms.contract_id)
    with_lines = approved_lines(scope, terms.contract_id, [one.number for one in allotted if one.removed])
    for one in allotted:
        facts = AllottedFacts(
            allotted=one,
            latest=last.get(one.number),
            number_in_use=False,
            references=set(owed.values()),
            sent_references={before.reference for before in sent.get(one.number, ()) if before.reference},
            has_approved_lines=one.number in with_lines,
            today=envelope.dated,
            products=products,
            owed=owed.get(one.number, ""),
        )
        rules = broken((*rules_allocations.RULES, *rules_allocations.MAKING_RULES), facts)
        names += [f"{rule.id} (toewijzing {one.number})" for rule in rules]
    refuse_broken(document, names)


def guard_header(terms: ChainTerms, envelope: Envelope, valid_on: date) -> list[str]:
    """The rules of the header that a message of our own breaks."""
    facts = HeaderFacts(envelope.dated, envelope.dated, envelope.sender, valid_on, agreed=terms.agreed)
    return [rule.id for rule in broken(rules_header.RULES, facts)]


def refuse_broken(document: Document, names: Iterable[str]) -> None:
    """Refuse a message of our own that breaks a rule.

    Raises:
        Unsound: it does; each rule is a finding.
    """
    told = [
        Finding(name.split()[0], f"Ons bericht zou regel {name} breken.", "Pas het besluit aan; er is niets verstuurd.")
        for name in names
    ]
    told += [Finding(fault.rule, fault.message, fault.remedy) for fault in check_document(document)]
    if told:
        raise Unsound(told)


def keep_sent(
    scope: Scope,
    vault: Vault,
    terms: ChainTerms,
    document: Document,
    envelope: Envelope,
    client_id: int | None,
    at: datetime,
) -> Sent:
    """Write a message and keep it, to the byte."""
    assert document.message is not None
    assert document.root is not None
    content = write_document(document.message, document.root)
    number = insert_numbered(
        scope,
        sent_message,
        [
            {
                "contract_id": terms.contract_id,
                "kind": envelope.kind,
                "receiver": envelope.receiver,
                "client_id": client_id,
                "identification": envelope.identification,
                "dated": envelope.dated,
                "made_at": at,
                "return_due_on": add_working_days(envelope.dated, RETURN_DAYS),
                "content_encrypted": vault.seal_file(content),
            }
        ],
    )
    return Sent(number, envelope.kind, envelope.receiver, envelope.identification, content)
