"""Use cases of corrections: look, try, propose, and let another person decide.

Every correction takes two people (rule 43). What a maker proposes is fixed by a hash; when something moved between
proposal and approval, it is proposed anew.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from datetime import date, datetime
from typing import Any

from lead_contractor.access.hand import Hand
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.agreements.model import Tariff
from subcontractors.agreements.store import save_tariffs, tariffs
from subcontractors.agreements.tables import agreement, tariff
from subcontractors.corrections import store
from subcontractors.corrections.difference import differences, hash_of, taken_back
from subcontractors.corrections.model import Change, DryRun, Kind, Outcome, Proposal, TariffChange
from subcontractors.corrections.run import run
from subcontractors.corrections.tariffs import check, revised
from subcontractors.declarations.intake import Intake


def intake_of(scope: Scope, contract_id: int) -> Intake:
    """What the intake of declarations needs of a stored contract.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    stored = get_contract(scope, contract_id)
    terms = tomllib.loads(stored.terms)["settlement"]
    return Intake(contract_id, stored.year, stored.municipality_code, terms["cut_off"], terms["corrections_until"])


def changes_of(scope: Scope, intake: Intake, kind: Kind, day: date, sender: str | None = None) -> tuple[Change, ...]:
    """What a correction would change, before the engine has judged it; fast, and without a BSN."""
    if kind is Kind.TAKE_BACK:
        found = store.lines_to_take_back(scope, intake.contract_id, sender)
        return taken_back(found, intake.corrections_until, day)
    return differences(store.lines_that_differ(scope, intake.contract_id), intake.corrections_until, day)


def dry_run(scope: Scope, vault: Vault, intake: Intake, kind: Kind, day: date, at: datetime) -> DryRun:
    """What a correction would do on ``day``; judged by the engine itself, and nothing of it is kept.

    Args:
        scope: the lead contractor, in a writing transaction (what is tried is rolled back inside it).
        vault: its keys.
        intake: the contract.
        kind: a difference run, or taking back.
        day: the day of the correction.
        at: the moment.
    """
    found = changes_of(scope, intake, kind, day)
    ran = run(scope, vault, intake, kind, 0, found, day, at, keep=False)
    return DryRun(kind, intake.contract_id, ran.changes, ran.blocked, hash_of(kind, ran.changes))


def propose_run(
    scope: Scope, vault: Vault, intake: Intake, kind: Kind, by: Hand, day: date, at: datetime, reason: str = ""
) -> tuple[Proposal, DryRun]:
    """Propose a difference run or taking back, for another person to approve.

    Raises:
        Refusal: there is nothing to correct, or lines lie outside the correction window and no reason is given.
        Conflict: the year is settled for good, or the same is waiting for approval already.
    """
    scope.lock()
    _refuse_final(scope, intake.contract_id)
    _refuse_second(scope, intake.contract_id, kind)
    tried = dry_run(scope, vault, intake, kind, day, at)
    if not tried.changes:
        raise Refusal("Er is niets te corrigeren." + _blocked_words(tried))
    _ask_reason(tried, reason)
    content = {"lines": len(tried.changes), "difference_cents": int(tried.difference)}
    identity = store.propose(scope, intake.contract_id, kind, content, tried.content_hash, reason.strip(), by, at)
    return proposal(scope, intake.contract_id, identity), tried


def approve_run(
    scope: Scope, vault: Vault, intake: Intake, proposal_id: int, by: Hand, day: date, at: datetime
) -> Outcome:
    """Approve a proposed run as a second person, and do it: all of it, or nothing.

    Raises:
        NotAllowed: the maker may not approve.
        Conflict: it was decided on, something moved since it was proposed, or the year is settled for good.
        Refusal: lines fell outside the correction window since, and no reason was given.
    """
    scope.lock()
    found = _undecided(scope, intake.contract_id, proposal_id, by)
    _refuse_final(scope, intake.contract_id)
    tried = dry_run(scope, vault, intake, found.kind, day, at)
    if tried.content_hash != found.content_hash:
        raise Conflict("Sinds het voorstel is er iets veranderd. Wijs het voorstel af en doe het opnieuw.")
    _ask_reason(tried, found.reason)
    store.decide(scope, found, by, at, "", approved=True)
    ran = run(scope, vault, intake, found.kind, found.id, tried.changes, day, at, keep=True)
    store.save_messages(scope, found.id, ran.messages)
    return Outcome(found.id, ran.messages, ran.changes, tried.difference)


def propose_tariff(
    scope: Scope, contract_id: int, change: TariffChange, by: Hand, at: datetime, reason: str
) -> Proposal:
    """Propose a new version of a tariff, for another person to approve.

    Raises:
        Refusal: no reason or source, a tariff that makes no sense, or one that holds already.
        NotFound: the subcontractor has no agreement under this contract.
        Conflict: the year is settled for good.
    """
    scope.lock()
    _refuse_final(scope, contract_id)
    check(change)
    if not reason.strip():
        raise Refusal("Geef de reden van het nieuwe tarief.")
    if not scope.rows(
        scope.select(agreement.c.code)
        .where(agreement.c.contract_id == contract_id, agreement.c.subcontractor == change.subcontractor)
        .limit(1)
    ):
        raise NotFound(f"Met {change.subcontractor} is er onder dit contract geen overeenkomst.")
    revised(_history(scope, contract_id, change), change)
    content = _content(change)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    identity = store.propose(scope, contract_id, Kind.TARIFF, content, digest, reason.strip(), by, at)
    return proposal(scope, contract_id, identity)


def approve_tariff(scope: Scope, contract_id: int, proposal_id: int, by: Hand, at: datetime) -> Proposal:
    """Approve a tariff as a second person: it holds from now on; what it takes the place of is kept.

    Lines that were approved at another tariff stay as they are until a difference run.

    Raises:
        NotAllowed: the maker may not approve.
        Conflict: it was decided on, or the year is settled for good.
        Refusal: it holds already.
    """
    scope.lock()
    found = _undecided(scope, contract_id, proposal_id, by)
    _refuse_final(scope, contract_id)
    change = found.tariff
    if change is None:
        raise Conflict("Dit voorstel gaat niet over een tarief.")
    laid = revised(_history(scope, contract_id, change), change)
    store.decide(scope, found, by, at, "", approved=True)
    store.save_replaced(scope, found.id, laid.replaced)
    for old in laid.replaced:
        scope.delete(
            tariff,
            contract_id=contract_id,
            subcontractor=old.subcontractor,
            product_code=old.product_code,
            unit=old.unit,
            from_day=old.valid_from.toordinal(),
        )
    save_tariffs(scope, contract_id, laid.placed)
    return proposal(scope, contract_id, proposal_id)


def reject(scope: Scope, contract_id: int, proposal_id: int, by: Hand, at: datetime, reason: str) -> None:
    """Reject a proposal; its maker may do that too.

    Raises:
        Refusal: no reason was given.
        Conflict: it was decided on.
    """
    scope.lock()
    if not reason.strip():
        raise Refusal("Geef de reden van de afwijzing.")
    found = _undecided(scope, contract_id, proposal_id, None)
    store.decide(scope, found, by, at, reason.strip(), approved=False)


def proposal(scope: Scope, contract_id: int, proposal_id: int) -> Proposal:
    """A correction by its id.

    Raises:
        NotFound: this contract has no such correction.
    """
    found = store.proposals(scope, contract_id, proposal_id)
    if not found:
        raise NotFound("Deze correctie bestaat niet.")
    return found[0]


def waiting(scope: Scope, contract_id: int, kind: Kind) -> Proposal | None:
    """The proposal of this kind that waits for a decision, if there is one."""
    found = store.proposals(scope, contract_id)
    return next((one for one in found if one.kind is kind and one.approved is None), None)


def _undecided(scope: Scope, contract_id: int, proposal_id: int, approver: Hand | None) -> Proposal:
    found = proposal(scope, contract_id, proposal_id)
    if found.approved is not None:
        raise Conflict("Over deze correctie is al beslist.")
    if approver is not None and approver.user_id == found.made_by.user_id:
        raise NotAllowed("Een ander dan de maker keurt een correctie goed.")
    return found


def _refuse_final(scope: Scope, contract_id: int) -> None:
    if get_contract(scope, contract_id).final_at is not None:
        raise Conflict("Dit jaar is definitief afgerekend; er wordt niets meer gecorrigeerd.")


def _refuse_second(scope: Scope, contract_id: int, kind: Kind) -> None:
    standing = waiting(scope, contract_id, kind)
    if standing is not None:
        raise Conflict(
            f"Er wacht al een voorstel (nummer {standing.id}) van {standing.made_by.name} op akkoord van een ander."
        )


def _ask_reason(tried: DryRun, reason: str) -> None:
    if tried.outside and not reason.strip():
        raise Refusal(
            f"{len(tried.outside)} regel(s) vallen buiten de correctietermijn (twee maanden na goedkeuring, of na de "
            "laatste correctiedag van het contract). Geef een reden om ze toch te corrigeren."
        )


def _blocked_words(tried: DryRun) -> str:
    return f" {len(tried.blocked)} regel(s) zouden worden afgewezen." if tried.blocked else ""


def _history(scope: Scope, contract_id: int, change: TariffChange) -> list[Tariff]:
    key = (change.subcontractor, change.product_code, change.unit)
    return [one for one in tariffs(scope, contract_id) if (one.subcontractor, one.product_code, one.unit) == key]


def _content(change: TariffChange) -> dict[str, Any]:
    return {
        "subcontractor": change.subcontractor,
        "product_code": change.product_code,
        "unit": change.unit,
        "tariff_cents": int(change.tariff),
        "valid_from": str(change.valid_from),
        "valid_to": None if change.valid_to is None else str(change.valid_to),
        "source": change.source,
    }
