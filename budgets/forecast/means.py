"""What there is to pay subcontractors from in a contract year."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from budgets.plan.service import lines_on
from lead_contractor.contract import store as contracts
from lead_contractor.contract.lump_sum import missing, reckon
from lead_contractor.contract.model import Contract
from lead_contractor.kernel.findings import errors
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.rounding import to_cents
from lead_contractor.kernel.tenancy import Scope


def means(scope: Scope, contract_id: int, contract: Contract, as_of: date) -> Cents | None:
    """The budget for subcontractors, as far as it is known on a day.

    The budget lines that hold on that day together. Without any: the revenue of the year less the lead contractor's
    own cost, which is carried on at the pace of the months that are over. ``None`` where the revenue cannot be
    reckoned yet.
    """
    lines = lines_on(scope, contract_id, as_of)
    if lines:
        return total(line.amount for line in lines)
    figures, counts = contracts.index_figures(scope, contract_id), contracts.beschikkingen(scope, contract_id)
    if errors(missing(contract, figures, counts)):
        return None
    revenue = reckon(contract, figures, counts).revenue
    return revenue - _own_cost(scope, contract_id, contract, as_of)


def _own_cost(scope: Scope, contract_id: int, contract: Contract, as_of: date) -> Cents:
    """Own delivery, overhead and other cost of the whole year, at the pace of the months that are over."""
    over = [month for month in contract.months if month.last <= as_of]
    if not over:
        return Cents(0)
    spent = sum(
        int(cost.amount)
        for cost in contracts.own_costs(scope, contract_id)
        if not cost.disallowed and cost.date <= over[-1].last
    )
    return to_cents(Fraction(spent * len(contract.months), len(over)))
