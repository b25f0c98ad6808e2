"""Use cases of the interface: a sender's message comes in, or is only tried, and what came in is looked at again.

One transaction each. A message that comes in is judged, stored, booked and answered in the same transaction in which
the answer is kept under its key: after a crash all of it stands, or none. A trial (voorcontrole) runs the very same
code and is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from lead_contractor.access import replays
from lead_contractor.access.replays import Kept, Request
from lead_contractor.clients.store import bsns
from lead_contractor.contract.years import ContractYear
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.refusals import Conflict, Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.declarations.annotated import annotated
from subcontractors.declarations.answers import MessageAnswer, answers
from subcontractors.declarations.intake import NOT_UNIQUE, NUMBER_USED, Intake, take_in
from subcontractors.declarations.known import judged, suggestions_of
from subcontractors.declarations.listing import original, verdicts
from subcontractors.declarations.model import Status
from subcontractors.declarations.store import Head
from subcontractors.declarations.suggestions import Suggestion
from subcontractors.declarations.tables import message
from subcontractors.declarations.trying import trying
from subcontractors.iwmo.model import Fault

AfterIntake: TypeAlias = Callable[[Scope, int, datetime], None]
"""What the floors above do after an intake, in the same transaction: scope, contract id, moment."""

DECLARATIONS = ("323", "")
REPORTS = ("305", "307")
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class Sender:
    """A subcontractor with the one lead contractor to whom it sends; ``agb`` has eight digits."""

    lead_contractor_id: int
    agb: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as it arrived: its content under a name that says its kind, and the kinds of message that may be in it.

    ``request`` is what the sender calls it; its answer is kept under that.
    """

    name: str
    content: bytes
    kinds: tuple[str, ...]
    request: Request


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of what was sent; ``kinds`` by message id, ``bsns`` by client id, ``suggestions`` per line.

    ``replayed`` says that it had come before; ``reports`` are the rows of its starts and stops as they were judged.
    """

    year: ContractYear
    messages: tuple[MessageAnswer, ...]
    kinds: dict[int, str]
    bsns: dict[int, str]
    suggestions: tuple[Suggestion, ...] = ()
    replayed: bool = False
    reports: tuple[Any, ...] = ()

    @property
    def conflicts(self) -> bool:
        """Whether nothing was assessed, since identification or number was used before for other content."""
        return bool(self.messages) and all(
            NOT_UNIQUE in one.message_codes or NUMBER_USED in one.declaration_codes for one in self.messages
        )


Render: TypeAlias = Callable[[Outcome], Kept]
"""Writes the answer that goes out."""


class MessageRefused(Refusal):
    """A message was refused as a whole, with its faults; nothing was stored."""

    http_status = 422

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("Het bericht is in zijn geheel geweigerd.")


class ForeignSender(Refusal):
    """The message names another sender; nothing was stored."""

    http_status = 403

    def __init__(self, named: str) -> None:
        self.named = named
        super().__init__(f"Het bericht noemt een andere afzender: {named}.")


class WrongKind(Refusal):
    """The message is of a kind that is not taken here; nothing was stored."""

    http_status = 422


class YearClosed(Conflict):
    """The contract year is settled for good."""


class _Undo(Exception):
    """Rolls a transaction back and carries what was found in it; caught in this module."""

    def __init__(self, answer: Kept) -> None:
        self.answer = answer
        super().__init__()


def deliver(
    engine: Engine,
    master_key: bytes,
    sender: Sender,
    find_year: Callable[[Scope], ContractYear],
    delivery: Delivery,
    at: datetime,
    render: Render,
    after_intake: AfterIntake,
    *,
    trial: bool = False,
) -> Kept:
    """Take a message in, or only try it, and answer it.

    Args:
        engine: the database.
        master_key: the key of the vault.
        sender: who sends it.
        find_year: finds the contract year, or refuses.
        delivery: the message; the same request again gets the answer that is kept, and nothing else happens.
        at: the moment; in the Netherlands its day is the day of receipt.
        render: writes the answer.
        after_intake: what the floors above do.
        trial: nothing is stored, not even the answer.

    Raises:
        MessageRefused: it cannot be processed as a whole.
        ForeignSender: it is of another sender.
        WrongKind: it is no message of the kinds asked for.
        YearClosed: the contract year is settled for good.
        KeyUsed: its key was used before for other content.
    """
    vault = Vault(master_key, sender.lead_contractor_id)
    try:
        with trying(engine) if trial else writing(engine) as connection:
            scope = Scope(connection, sender.lead_contractor_id)
            scope.lock()
            kept = None if trial else replays.find(scope, vault, delivery.request, at)
            if kept is not None:
                return kept
            answer = _process(scope, vault, sender, find_year(scope), delivery, at, render, after_intake)
            if trial:
                return answer
            replays.keep(scope, vault, delivery.request, answer)
            return answer
    except _Undo as undone:
        return undone.answer


def _process(
    scope: Scope,
    vault: Vault,
    sender: Sender,
    year: ContractYear,
    delivery: Delivery,
    at: datetime,
    render: Render,
    after_intake: AfterIntake,
) -> Kept:
    """Judge, store and book a message in the transaction of the scope, and write its answer."""
    if year.closed:
        raise YearClosed("Dit jaar is definitief afgerekend: er wordt niets meer aangenomen.")
    intake = Intake(year.contract_id, year.year, year.municipality_code, year.cut_off, year.corrections_until)
    received = at.astimezone(_AMSTERDAM).date()
    heads = take_in(scope, vault, intake, [(delivery.name, delivery.content)], at, received=received).heads
    _refuse(sender, delivery, heads)
    if all(head.status is Status.DUPLICATE for head in heads):
        first = _first_of(scope, year.contract_id, heads)
        raise _Undo(render(outcome(scope, vault, year, first, delivery.kinds, replayed=True)))
    after_intake(scope, year.contract_id, at)
    return render(outcome(scope, vault, year, [head.id for head in heads], delivery.kinds))


def _refuse(sender: Sender, delivery: Delivery, heads: Iterable[Head]) -> None:
    """Refuse what may not be stored: of another sender, of another kind, or with faults."""
    heads = list(heads)
    named = next((head.came.sender for head in heads if head.came.sender not in (None, sender.agb)), None)
    if named is not None:
        raise ForeignSender(named)
    faults = [
        fault
        for head in heads
        if head.status in (Status.REFUSED_STRUCTURE, Status.REFUSED_CONTENT)
        for fault in head.came.faults
    ]
    if faults or not heads:
        raise MessageRefused(faults)
    if any(head.came.kind not in delivery.kinds for head in heads):
        raise WrongKind("Dit bericht hoort op een ander adres.")


def _first_of(scope: Scope, contract_id: int, heads: Sequence[Head]) -> list[int]:
    """The stored messages with the same content as these, which came before them."""
    known = {head.fingerprint for head in heads}
    own = {head.id for head in heads}
    rows = scope.rows(
        scope.select(message.c.id, message.c.content_hash, message.c.status)
        .where(message.c.contract_id == contract_id, message.c.content_hash.in_(known))
        .order_by(message.c.id)
    )
    return [int(row.id) for row in rows if row.id not in own and row.status != Status.DUPLICATE.value]


def outcome(
    scope: Scope,
    vault: Vault,
    year: ContractYear,
    ids: Collection[int],
    kinds: Collection[str],
    *,
    replayed: bool = False,
) -> Outcome:
    """The answers on stored messages, with the BSNs of their lines."""
    found = tuple(answers(scope, year.contract_id, only=ids, kinds=kinds))
    known = bsns(scope, vault, {line.client_id for one in found for line in one.lines})
    rows = scope.rows(scope.select(message.c.id, message.c.kind).where(message.c.id.in_(ids)))
    suggestions = tuple(
        one
        for sender in dict.fromkeys(one.sender for one in found if one.sender)
        for one in suggestions_of(scope, year.contract_id, sender, [each for each in found if each.sender == sender])
    )
    kinds_of = {int(row.id): row.kind for row in rows}
    reported = tuple(verdicts(scope, ids)) if set(kinds_of.values()) & set(REPORTS) else ()
    return Outcome(year, found, kinds_of, known, suggestions, replayed, reported)


def with_reasons(
    scope: Scope, vault: Vault, year: ContractYear, sender: str, message_id: int
) -> tuple[str, bytes] | None:
    """The file in which a declaration came, with verdict, reasons and remedies per row; and a name for it.

    ``None`` where the original is not kept, or holds declarations of others.

    Raises:
        Refusal: the file cannot be read at all.
    """
    found = original(scope, vault, message_id)
    if found is None or any(one != sender for _, one in found.messages):
        return None
    told = answers(scope, year.contract_id, sender, only=[key for key, _ in found.messages])
    suggestions = suggestions_of(scope, year.contract_id, sender, told)
    return annotated(found.name, found.content, [judged(one, suggestions) for one in told])
