"""Settling a stored contract year: gather, reckon, post, and prove that the books say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from budgets.settlement.layout import to_json
from budgets.settlement.model import (
    AgreementCost,
    DeclarationTotals,
    OwnCostTotal,
    RevenueParts,
    Settlement,
    SettlementInput,
)
from budgets.settlement.prove import prove
from budgets.settlement.settle import settle
from budgets.settlement.store import latest, save
from budgets.year_folder.stored import agreements_of, contract_of
from lead_contractor.books import accounts
from lead_contractor.books.model import About, Posting
from lead_contractor.books.service import reconcile
from lead_contractor.books.store import account_balance, account_total
from lead_contractor.contract import store as contracts
from lead_contractor.contract.lump_sum import LumpSumReckoning, missing, reckon
from lead_contractor.contract.model import Contract, CostKind, PriorYear
from lead_contractor.contract.tables import contract as contract_table
from lead_contractor.kernel.findings import errors
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Conflict, Unsound
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import Agreement, Due, FormCode
from subcontractors.agreements.postings import ADJUSTMENT_PREFIX, adjustment_postings
from subcontractors.agreements.service import dues, evidence

STEP_PREFIX = "settlement:step:"


def settle_contract(scope: Scope, contract_id: int, at: datetime, *, final: bool = False) -> Settlement:
    """Settle a contract year and post what that takes; doing it again with the same figures changes nothing.

    Args:
        scope: the lead contractor, in a writing transaction.
        contract_id: its contract year.
        at: the moment.
        final: whether this settles the year for good; nothing of it can be changed afterwards.

    Raises:
        Unsound: evidence is missing; the findings name it.
        Conflict: the year was settled for good, and now comes out otherwise.
        BooksDiffer: the books do not say what the settlement says.
    """
    scope.lock()
    contract = contract_of(contracts.get_contract(scope, contract_id))
    reckoning, agreement_dues = _gather(scope, contract_id, contract)
    standing = latest(scope, contract_id)
    recorded = Month.of(contract.settlement.cut_off)
    adjustments = adjustment_postings(agreement_dues, contract.months[-1], recorded)
    reconcile(scope, contract_id, ADJUSTMENT_PREFIX, adjustments, at)
    settlement = settle(_input(scope, contract_id, contract, reckoning, agreement_dues))
    reconcile(scope, contract_id, STEP_PREFIX, _step_postings(settlement, contract), at)
    prove(scope, contract_id, to_json(settlement))
    result = to_json(settlement)
    if standing is not None and standing.final and standing.result != result:
        raise Conflict("Dit jaar is definitief afgerekend. Wat daarna komt, hoort bij een volgend jaar.")
    save(scope, contract_id, result, at, final=final or (standing is not None and standing.final))
    if final:
        scope.update(contract_table, {"id": contract_id}, final_at=at)
    return settlement


def _gather(scope: Scope, contract_id: int, contract: Contract) -> tuple[LumpSumReckoning, list[tuple[Agreement, Due]]]:
    """The lump sum and what each agreement makes due; all that is missing is named at once."""
    figures = contracts.index_figures(scope, contract_id)
    counts = contracts.beschikkingen(scope, contract_id)
    agreements = agreements_of(scope, contract_id, contract)
    due, found = dues(agreements, evidence(scope, contract_id, contract, agreements))
    absent = (*errors(missing(contract, figures, counts)), *found)
    if absent:
        raise Unsound(absent)
    return reckon(contract, figures, counts), due


def _input(
    scope: Scope,
    contract_id: int,
    contract: Contract,
    reckoning: LumpSumReckoning,
    agreement_dues: Sequence[tuple[Agreement, Due]],
) -> SettlementInput:
    eligible = contract.settlement.prior_year is PriorYear.ELIGIBLE
    return SettlementInput(
        year=contract.year,
        municipality=contract.municipality.code,
        revenue=RevenueParts(reckoning.lump_sum, reckoning.indexation, reckoning.volume_adjustment, reckoning.deducted),
        instalments=tuple(amount for _, amount in reckoning.instalments),
        terms=contract.settlement,
        agreements=_agreement_costs(scope, contract_id, agreement_dues),
        own=_own_costs(scope, contract_id),
        prior_year=account_total(scope, contract_id, accounts.COST_PRIOR_YEAR) if eligible else ZERO,
        received=account_total(scope, contract_id, accounts.BANK),
        declarations=declaration_totals(scope, contract_id),
    )


def _agreement_costs(
    scope: Scope, contract_id: int, agreement_dues: Sequence[tuple[Agreement, Due]]
) -> tuple[AgreementCost, ...]:
    """What each agreement costs is its balance in the books, adjustments included; in the order of the forms."""
    booked = account_balance(scope, contract_id, list(accounts.COST_OF_FORM.values()), "agreement")
    order = list(FormCode)
    costs = [
        AgreementCost(
            id=agreement.id,
            subcontractor=agreement.subcontractor,
            form=agreement.form,
            due=booked.get((accounts.COST_OF_FORM[agreement.form.value], agreement.id), ZERO),
            above_ceiling=due.above_ceiling,
            true_up=due.true_up,
        )
        for agreement, due in agreement_dues
    ]
    return tuple(sorted(costs, key=lambda cost: (order.index(cost.form), cost.id)))


def _own_costs(scope: Scope, contract_id: int) -> dict[CostKind, OwnCostTotal]:
    costs = contracts.own_costs(scope, contract_id)
    return {
        kind: OwnCostTotal(
            booked=total(cost.amount for cost in costs if cost.kind is kind),
            disallowed=total(cost.amount for cost in costs if cost.kind is kind and cost.disallowed),
        )
        for kind in CostKind
    }


def declaration_totals(scope: Scope, contract_id: int) -> DeclarationTotals:
    """What was declared, approved and refused, as balances of the books."""

    def booked(account: str) -> Cents:
        return account_total(scope, contract_id, account)

    prior, late = booked(accounts.APPROVED_PRIOR_YEAR), booked(accounts.APPROVED_AFTER_CUT_OFF)
    return DeclarationTotals(
        declared=booked(accounts.DECLARED),
        approved=booked(accounts.APPROVED) + prior + late,
        rejected=booked(accounts.REJECTED),
        after_cut_off=late,
        prior_year=prior,
    )


def _step_postings(settlement: Settlement, contract: Contract) -> list[Posting]:
    about = About(Month.of(contract.settlement.cut_off), contract.months[-1])
    return [
        Posting(made.debit, made.credit, made.cents, about, f"{STEP_PREFIX}{number}:{made.clause}", made.explanation)
        for number, made in enumerate(settlement.transfers, start=1)
    ]
