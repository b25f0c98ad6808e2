"""Use cases of the budget: read it as of a day or by version, propose an amendment, and let another person decide.

Amendments change nothing in the books. They take two people (rule 43); what a maker proposes is fixed by a hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from budgets.plan import version_store
from budgets.plan.amend import as_lines, changed, check, check_plan, monthly
from budgets.plan.model import PRIMARY, Amendment, AmendmentKind, BudgetLine, Change, Plan, Version
from budgets.plan.store import budget_lines
from budgets.year_folder.stored import agreements_of, contract_of
from lead_contractor.access.hand import Hand
from lead_contractor.contract.model import Contract
from lead_contractor.contract.store import contracts, get_contract
from lead_contractor.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.store import subcontractors
from subcontractors.agreements.model import Evidence, FormCode
from subcontractors.agreements.months import covered_months
from subcontractors.agreements.service import dues

LONGEST_REASON = 1000
_AHEAD = (FormCode.FTE, FormCode.LUMP_SUM, FormCode.AVAILABILITY)


@dataclass(frozen=True, slots=True)
class Budget:
    """The budget of a contract year: its versions, and what was loaded.

    ``from_file`` is False where there was no budget file, so that version 1 is what agreements with agreed months
    make due.
    """

    contract: Contract
    contract_id: int
    from_file: bool
    primary: Plan
    versions: tuple[Version, ...]

    @property
    def known(self) -> bool:
        """Whether there is a budget at all."""
        return bool(self.primary) or len(self.versions) > 1

    def on(self, day: date | None) -> Version:
        """The version that holds on a day of recording; without a day the newest."""
        held = [one for one in self.versions if one.valid_from is None or day is None or one.valid_from <= day]
        return held[-1]

    def plan(self, number: int) -> Plan:
        """The budget of a version by line and month.

        Raises:
            NotFound: there is no such version.
        """
        if not any(one.number == number for one in self.versions):
            raise NotFound(f"De begroting heeft geen versie {number}.")
        plan = self.primary
        for one in self.versions:
            if one.amendment is not None and one.number <= number:
                plan = changed(plan, one.amendment.changes, self.contract_id)
        return plan

    def plan_on(self, day: date | None) -> Plan:
        """The budget that holds on a day."""
        return self.plan(self.on(day).number)


def budget_of(scope: Scope, contract_id: int) -> Budget:
    """The budget of a contract year with all its versions.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    contract = contract_of(get_contract(scope, contract_id))
    lines = budget_lines(scope, contract_id)
    return Budget(
        contract=contract,
        contract_id=contract_id,
        from_file=bool(lines),
        primary=monthly(lines or _agreed(scope, contract_id, contract), contract.months),
        versions=version_store.versions(scope, contract_id),
    )


def _agreed(scope: Scope, contract_id: int, contract: Contract) -> list[BudgetLine]:
    """What agreements with agreed months make due: the budget where there is no file."""
    ahead = [one for one in agreements_of(scope, contract_id, contract) if one.form in _AHEAD]
    evidence = [Evidence(contract.year, covered_months(one, contract.months)) for one in ahead]
    made, _ = dues(ahead, evidence)
    return [
        BudgetLine(
            agreement.products[0] if len(agreement.products) == 1 else "",
            agreement.subcontractor,
            month.month,
            month.amount,
        )
        for agreement, due in made
        for month in due.months
    ]


def lines_on(scope: Scope, contract_id: int, day: date | None) -> tuple[BudgetLine, ...]:
    """The budget lines that hold on a day: those of the file, or of the version that was made of them.

    Empty where there is neither a file nor an amendment.
    """
    if not version_store.has_versions(scope, contract_id):
        return budget_lines(scope, contract_id)
    budget = budget_of(scope, contract_id)
    if budget.on(day).number == PRIMARY:
        return budget_lines(scope, contract_id)
    return as_lines(budget.plan_on(day))


def propose(
    scope: Scope,
    contract_id: int,
    kind: AmendmentKind,
    changes: Sequence[Change],
    valid_from: date,
    reason: str,
    by: Hand,
    at: datetime,
) -> Amendment:
    """Propose an amendment, for another person to approve.

    Raises:
        Refusal: the contract does not allow it, a line would fall below zero, or no reason is given.
        Conflict: the year is settled for good.
        NotFound: this lead contractor has no such contract.
    """
    scope.lock()
    said = _reason(reason)
    ordered = sorted(changes)
    _check(scope, contract_id, kind, ordered, valid_from)
    digest = _hash(kind, ordered, valid_from)
    identity = version_store.insert_amendment(scope, contract_id, kind, ordered, valid_from, said, digest, by, at)
    return amendment(scope, contract_id, identity)


def approve(
    scope: Scope, contract_id: int, amendment_id: int, by: Hand, at: datetime, *, content_hash: str = ""
) -> Amendment:
    """Approve an amendment as a second person: from its day on it is the next version of the budget.

    Raises:
        NotAllowed: the maker may not approve.
        Conflict: it was decided on, it is not what the approver saw, or the year is settled for good.
        Refusal: the budget moved meanwhile, so that it does not fit any more.
    """
    scope.lock()
    found = _undecided(scope, contract_id, amendment_id)
    if by.user_id == found.made_by.user_id:
        raise NotAllowed("Een ander dan de maker keurt een begrotingswijziging goed. Vraag een collega.")
    if content_hash and content_hash != found.content_hash:
        raise Conflict("Dit is niet het voorstel dat u zag. Bekijk het opnieuw.")
    _check(scope, found.contract_id, found.kind, found.changes, found.valid_from)
    version_store.insert_decision(scope, found, by, at, "", approved=True)
    for touched in sorted({one.contract_id for one in found.changes}):
        number = version_store.versions(scope, touched)[-1].number + 1
        version_store.insert_version(scope, touched, number, found)
    return amendment(scope, contract_id, amendment_id)


def reject(scope: Scope, contract_id: int, amendment_id: int, by: Hand, at: datetime, reason: str) -> Amendment:
    """Reject an amendment, or take one's own back; it stays on record.

    Raises:
        Refusal: no reason was given.
        Conflict: it was decided on.
    """
    scope.lock()
    found = _undecided(scope, contract_id, amendment_id)
    version_store.insert_decision(scope, found, by, at, _reason(reason), approved=False)
    return amendment(scope, contract_id, amendment_id)


def amendment(scope: Scope, contract_id: int, amendment_id: int) -> Amendment:
    """An amendment by its id.

    Raises:
        NotFound: this contract has no such amendment.
    """
    for one in version_store.amendments(scope, contract_id):
        if one.id == amendment_id:
            return one
    raise NotFound("Deze begrotingswijziging bestaat niet.")


def next_contract(scope: Scope, contract_id: int) -> int | None:
    """The contract of the year after, with the same municipality, if it was loaded; what is carried over goes there."""
    own = get_contract(scope, contract_id)
    return next(
        (
            one.id
            for one in contracts(scope)
            if one.year == own.year + 1 and one.municipality_code == own.municipality_code and one.final_at is None
        ),
        None,
    )


def _check(scope: Scope, contract_id: int, kind: AmendmentKind, changes: Sequence[Change], valid_from: date) -> None:
    terms = contract_of(get_contract(scope, contract_id)).budget
    check(kind, changes, terms, contract_id)
    known = {"", *(party.agb for party in subcontractors(scope, contract_id))}
    unknown = next((one.subcontractor for one in changes if one.subcontractor not in known), None)
    if unknown is not None:
        raise Refusal(f"Onderaannemer {unknown} doet in dit contract niet mee. Kies een andere.")
    for touched in sorted({contract_id, *(one.contract_id for one in changes)}):
        if get_contract(scope, touched).final_at is not None:
            raise Conflict("Dit jaar is definitief afgerekend; de begroting wordt niet meer gewijzigd.")
        budget = budget_of(scope, touched)
        newest = budget.versions[-1]
        if newest.valid_from is not None and valid_from < newest.valid_from:
            raise Refusal(
                f"Versie {newest.number} geldt vanaf {newest.valid_from}; een latere versie gaat niet eerder in. "
                "Kies een latere dag."
            )
        after = changed(budget.plan(newest.number), changes, touched)
        check_plan(after, budget.contract.months, changes, touched)


def _undecided(scope: Scope, contract_id: int, amendment_id: int) -> Amendment:
    found = amendment(scope, contract_id, amendment_id)
    if found.approved is not None:
        raise Conflict("Over deze begrotingswijziging is al beslist.")
    return found


def _hash(kind: AmendmentKind, changes: Sequence[Change], valid_from: date) -> str:
    whole = [[one.contract_id, one.product_code, one.subcontractor, str(one.month), int(one.cents)] for one in changes]
    return hashlib.sha256(json.dumps([kind.value, valid_from.isoformat(), whole]).encode()).hexdigest()


def _reason(text: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST_REASON:
        raise Refusal(f"Geef een reden van ten hoogste {LONGEST_REASON} tekens.")
    return said
