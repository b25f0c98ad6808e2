"""The other side: how a subcontractor reads what a lead contractor sends, by the same rules.

A library for who builds at that side, and our own check that both ways work. Pure: what the subcontractor knows comes
in as values, what it answers goes out as the return message of the standard (WMO302, WMO320), or as the rules that an
answer to a declaration (WMO325, which gets no return) breaks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from subcontractors.chain import rules_allocations, rules_answers, rules_header, rules_returns
from subcontractors.chain.dialect import DIALECT, Dialect, sender_key
from subcontractors.chain.model import Allotted, Reply
from subcontractors.chain.parts import allotted_of, envelope_of, reply_of
from subcontractors.chain.products import ProductList
from subcontractors.chain.rules import broken, codes_of
from subcontractors.chain.rules_allocations import AllottedFacts
from subcontractors.chain.rules_answers import ReplyFacts
from subcontractors.chain.rules_header import HeaderFacts
from subcontractors.chain.rules_returns import AnswerFacts, Declared
from subcontractors.iwmo.document import Document
from subcontractors.iwmo.level2.check import check_document
from subcontractors.iwmo.model import Answer
from subcontractors.iwmo.returns import make_return

SenderKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What a subcontractor knows when a message of a lead contractor arrives.

    Attributes:
        municipality: the code under which that lead contractor writes, where it was agreed beforehand.
        lead_agb: the AGB code of the lead contractor that the message came from; it stands in no header.
        used: kind and identification of messages accepted before, by sender (:func:`dialect.sender_key`).
        allocations: the versions of allocations accepted before, by sender and number, in order of arrival.
        clients: the client (any text that tells clients apart) of each allocation, by sender and number.
        references: the references of requests sent, and of which client.
        changes: those of them that are of a request for change (WMO317), which is granted as one whole (IV093).
        replies: the answers received on them.
        with_lines: numbers with approved lines that were not credited.
        products: the product list in use, where known.
    """

    municipality: str = ""
    lead_agb: str = ""
    used: Mapping[SenderKey, Collection[tuple[str, str]]] = field(default_factory=dict)
    allocations: Mapping[tuple[SenderKey, str], Sequence[Allotted]] = field(default_factory=dict)
    clients: Mapping[tuple[SenderKey, str], str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    changes: Collection[str] = ()
    replies: Mapping[str, Sequence[Reply]] = field(default_factory=dict)
    with_lines: Collection[str] = ()
    products: ProductList = field(default_factory=ProductList)


def judge_message(
    document: Document, known: Known, today: date, dialect: Dialect = DIALECT
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Hold a WMO301 or WMO319 against every rule: codes of the header, and codes by class.

    Raises:
        ValueError: the message breaks its structure, or is another one.
    """
    envelope = envelope_of(document)
    if envelope.kind not in ("301", "319"):
        raise ValueError(f"a WMO{envelope.kind} is not read here")
    faults = check_document(document)
    if faults:
        return tuple(dict.fromkeys(fault.rule for fault in faults)), {}
    key = sender_key(dialect, envelope.sender, known.lead_agb)
    allotted = allotted_of(document)
    header = HeaderFacts(
        envelope.dated,
        today,
        envelope.sender,
        min((one.start for one in allotted), default=envelope.dated),
        (envelope.kind, envelope.identification) in known.used.get(key, ()),
        agreed=known.municipality if dialect.trusts_own_municipality else "",
    )
    wrong = codes_of(broken(rules_header.RULES, header))
    if wrong:
        return wrong, {}
    if envelope.kind == "319":
        found = {"Antwoord": _reply_codes(reply_of(document), known)}
    else:
        assert document.root is not None
        client = document.root.get("Client/Bsn")
        found = {
            f"ToegewezenProduct[{n}]": _allotted_codes(one, key, client, known, today, _granted_change(allotted, known))
            for n, one in enumerate(allotted, start=1)
        }
    return (), {address: codes for address, codes in found.items() if codes}


def answer_message(
    document: Document, known: Known, today: date, identification: str, dialect: Dialect = DIALECT
) -> Document:
    """The return message (WMO302, WMO320) on what a lead contractor sent.

    Raises:
        ValueError: as :func:`judge_message`.
    """
    header, codes = judge_message(document, known, today, dialect)
    return make_return(document, codes, identification=identification, dated=today, header_codes=header)


def _granted_change(allotted: Sequence[Allotted], known: Known) -> str:
    """The reference of the request for change that a message grants, if it does: all its products carry it (IV093)."""
    return next((one.reference for one in allotted if one.reference in known.changes), "")


def _allotted_codes(
    one: Allotted, key: SenderKey, client: str, known: Known, today: date, owed: str
) -> tuple[str, ...]:
    place = (key, one.number)
    versions = known.allocations.get(place, ())
    facts = AllottedFacts(
        allotted=one,
        latest=rules_allocations.latest(versions),
        number_in_use=known.clients.get(place, client) != client,
        references=[reference for reference, owner in known.references.items() if owner == client],
        sent_references={version.reference for version in versions if version.reference and version != one},
        has_approved_lines=one.number in known.with_lines,
        today=today,
        products=known.products,
        owed=owed,
    )
    return codes_of(broken(rules_allocations.RULES, facts))


def _reply_codes(reply: Reply, known: Known) -> tuple[str, ...]:
    facts = ReplyFacts(
        reply,
        requested=reply.reference in known.references,
        earlier=known.replies.get(reply.reference, ()),
        allocated=any(one.reference == reply.reference for own in known.allocations.values() for one in own),
    )
    return codes_of(broken(rules_answers.RULES, facts))


def judge_answer(
    answer: Answer,
    sent: Mapping[str, Declared],
    today: date,
    *,
    used: Collection[str] = (),
) -> tuple[str, ...]:
    """The rules that a WMO325 breaks, by code or, where the standard has none, by id; empty when it can be processed.

    Args:
        answer: the answer as it was read.
        sent: what was declared, by message identification.
        today: the day of reading.
        used: identifications of earlier answers of the same sender.
    """
    header = HeaderFacts(answer.dated, today, answer.sender, answer.dated, used_before=answer.identification in used)
    rules = (*broken(rules_header.RULES, header),)
    return (*codes_of(rules), *codes_of(broken(rules_returns.RULES, AnswerFacts(answer, sent))))
