"""Judge what came in beside the lines of declarations, and store the verdict: part of every intake.

Starts and stops of one client that came on the same day are judged in whatever order makes most of them fit, since no
meaning may be given to the order of arrival (OP080); across days each message sees what was accepted before it. What is
refused counts as never sent for what comes later (OP286).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from lead_contractor.clients.store import ClientIndex
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.chain import rules_header
from subcontractors.chain.background import OUR_RETURNS, REPORTS, REQUESTS, Background
from subcontractors.chain.desk_declarations import judge_products, judge_sequence
from subcontractors.chain.desk_reports import judge_reports
from subcontractors.chain.desk_requests import take_request
from subcontractors.chain.incoming_returns import match_return
from subcontractors.chain.outcome import Outcome
from subcontractors.chain.parts import allocation_starts, receiver_of
from subcontractors.chain.rules import Rule, broken, codes_of
from subcontractors.chain.rules_header import HeaderFacts
from subcontractors.chain.store import products_of
from subcontractors.chain.terms import ChainTerms, local_day
from subcontractors.declarations.incoming import STRUCTURE
from subcontractors.declarations.model import Channel, Status
from subcontractors.declarations.store import Head
from subcontractors.iwmo.model import Fault

NOT_UNIQUE = "9056"


def set_apart(scope: Scope, terms: ChainTerms, heads: Iterable[Head]) -> None:
    """Refuse, before anything else, what strict mode says is not for us; such a message uses up nothing.

    In the dialect nothing is refused here.
    """
    dialect = terms.dialect
    if dialect.reads_other_municipality and dialect.declares_any_form:
        return
    products = products_of(scope, terms.contract_id, with_allocations=False)
    for head in heads:
        if not dialect.reads_other_municipality and _is_stranger(head, terms):
            _refuse_whole(head, _other_municipality(head, terms))
        elif not dialect.declares_any_form and head.came.kind == "323" and products.only_tasks(head.came.sender or ""):
            _refuse_whole(head, _NO_DECLARATIONS)


def _is_stranger(head: Head, terms: ChainTerms) -> bool:
    declared = head.came.declaration
    if declared is not None and declared.channel is not Channel.XML:
        return False
    return receiver_of(head.came) not in ("", terms.municipality)


def _refuse_whole(head: Head, fault: Fault) -> None:
    head.came = head.came.with_faults([fault])
    head.submitted = 0


def _other_municipality(head: Head, terms: ChainTerms) -> Fault:
    return Fault(
        "GEMEENTE",
        STRUCTURE,
        f"Het bericht is gericht aan gemeente {receiver_of(head.came)}; dit contract is van gemeente "
        f"{terms.municipality}.",
        "Vul de gemeentecode van het contract in de header en stuur het bericht opnieuw.",
        "Bericht/Header",
    )


_NO_DECLARATIONS = Fault(
    "GEEN323",
    STRUCTURE,
    "Met deze aanbieder is alleen taakgericht werk afgesproken; daarbij worden geen declaratieberichten gebruikt.",
    "Geef door wat is geleverd zoals is afgesproken, niet als declaratie.",
    "Bericht",
)


def receive(
    scope: Scope,
    vault: Vault,
    terms: ChainTerms,
    heads: Sequence[Head],
    clients: ClientIndex,
    at: datetime,
    first_message: int,
) -> None:
    """Judge messages that were read and put in order; sets the codes of each head and stores the verdicts.

    Args:
        scope: in the writing transaction of the intake.
        vault: the keys.
        terms: the terms on messages of the contract.
        heads: all messages of the intake in the order of processing, of whatever kind and status.
        clients: the numbers of clients, not yet saved.
        at: the moment of arrival.
        first_message: the id before the first message of this intake, by which its waiting lines are numbered.
    """
    chosen = [one for one in heads if one.status in (Status.ANSWERED, Status.REFUSED_CONTENT)]
    if chosen:
        ground, outcome = Background(scope, vault, terms, clients, local_day(at), first_message), Outcome(terms)
        ground.prepare(chosen)
        _judge(ground, outcome, chosen)
        outcome.save(scope)


def _judge(ground: Background, outcome: Outcome, heads: Sequence[Head]) -> None:
    """Judge all messages: starts and stops by day, sender and client; the others in order."""
    waiting: dict[tuple[date, str, int], list[Head]] = defaultdict(list)
    for head in heads:
        kind = head.came.kind
        if kind == "":
            continue
        if ground.dialect.reads_other_municipality and _is_stranger(head, ground.terms):
            outcome.remark(head, "GEMEENTE", "", f"gericht aan gemeente {receiver_of(head.came)}")
        if not _may_go_on(ground, outcome, head):
            continue
        if kind in REPORTS:
            waiting[head.received or date.min, head.came.sender or "", ground.client_of(head)].append(head)
        elif kind in REQUESTS:
            take_request(ground, outcome, head)
        elif kind in OUR_RETURNS:
            _match(ground, outcome, head)
        elif kind == "323":
            judge_sequence(ground, outcome, head)
    for group in waiting.values():
        judge_reports(ground, outcome, group)
    judge_products(ground, outcome, {head.id - ground.first_message: head for head in heads if head.came.kind == "323"})


def _may_go_on(ground: Background, outcome: Outcome, head: Head) -> bool:
    """Whether a message is judged further: not when it was refused on level 2 or on its header."""
    if head.status is Status.REFUSED_CONTENT:
        outcome.answer(head, header=head.message_codes)
        return False
    if not head.assessed:
        outcome.answer(head, header=head.message_codes)
        if head.came.kind in OUR_RETURNS:
            outcome.remark(head, "RETOUR", NOT_UNIQUE, "een retour met dit kenmerk was er al; deze telt niet")
        return False
    codes = _header_codes(ground, head)
    if not codes:
        return True
    if head.came.kind == "323" and ground.dialect.reads_future_declarations:
        for rule in codes:
            outcome.remark(head, rule.id, rule.code, "header")
        return True
    head.message_codes = codes_of(codes)
    head.assessed = _still_evidence(ground, head)
    outcome.answer(head, header=head.message_codes)
    return False


def _still_evidence(ground: Background, head: Head) -> bool:
    return head.came.kind in REPORTS and ground.dialect.keeps_refused_reports


def _header_codes(ground: Background, head: Head) -> tuple[Rule[HeaderFacts], ...]:
    came = head.came
    declared = came.declaration
    if came.kind in OUR_RETURNS or (declared is not None and declared.channel is not Channel.XML):
        return ()
    dated = came.received or ground.today
    valid_on = min(allocation_starts(came), default=dated)
    facts = HeaderFacts(dated, ground.today, receiver_of(came), valid_on, agreed=ground.terms.agreed)
    return broken(rules_header.RULES, facts)


def _match(ground: Background, outcome: Outcome, head: Head) -> None:
    document = head.came.document
    assert document is not None
    trouble = match_return(ground.scope, ground.terms.contract_id, document, head.received or ground.today)
    if trouble:
        outcome.remark(head, "RETOUR", "", trouble)
