"""The year-end settlement in seven steps (rules 24 to 28); pure, to the cent.

Revenue, cost of subcontractors, eligible cost, result, surplus, deficit, balance. Caps and bounds that are a
percentage of revenue or of cost are rounded to the cent, and the next step takes the rounded amount.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from budgets.settlement.check import check
from budgets.settlement.deficit import settle_deficit
from budgets.settlement.explain import explain
from budgets.settlement.model import (
    CostParts,
    OwnCostTotal,
    ReserveMovement,
    Settlement,
    SettlementInput,
)
from budgets.settlement.surplus import margin_base, settle_surplus
from lead_contractor.contract.model import CostKind
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.rounding import decimal_places, percent_of
from subcontractors.agreements.model import FormCode

MARGIN_DECIMALS = 4


def settle(given: SettlementInput) -> Settlement:
    """Settle a contract year.

    Raises:
        BooksDiffer: the input contradicts itself; see :func:`budgets.settlement.check.check`.
    """
    terms = given.terms
    revenue = given.revenue.total
    cost = eligible_cost(given)
    result = revenue - cost.total
    base = margin_base(terms.margin, revenue, cost.total)
    surplus = settle_surplus(result, terms.margin, base, terms.reserve, revenue)
    deficit = settle_deficit(result, terms.deficit_bands, terms.reserve, revenue)
    opening = terms.reserve.opening_balance if terms.reserve is not None else ZERO
    entitlement = revenue - surplus.repaid + deficit.municipality
    settlement = Settlement(
        year=given.year,
        municipality=given.municipality,
        revenue=given.revenue,
        instalments=given.instalments,
        cost=cost,
        result=result,
        margin_percent=margin_percent(result, base),
        surplus=surplus,
        deficit=deficit,
        reserve=ReserveMovement(opening, surplus.added_to_reserve, deficit.reserve_used),
        entitlement=entitlement,
        received=given.received,
        balance_due=entitlement - given.received,
        declarations=given.declarations,
        agreements=given.agreements,
    )
    check(settlement)
    return replace(settlement, lines=explain(given, settlement))


def eligible_cost(given: SettlementInput) -> CostParts:
    """Cost by kind; disallowed items are taken out before the overhead cap (rules 25 and 26)."""
    own = {kind: given.own.get(kind, OwnCostTotal()) for kind in CostKind}
    overhead = own[CostKind.OVERHEAD].allowed
    counted = eligible_overhead(overhead, given.revenue.total, given.terms.overhead_cap_percent)
    return CostParts(
        by_form={
            form: total(agreement.due for agreement in given.agreements if agreement.form is form) for form in FormCode
        },
        own_delivery=own[CostKind.OWN_DELIVERY].allowed,
        overhead=counted,
        other=own[CostKind.OTHER].allowed,
        prior_year=given.prior_year,
        overhead_above_cap=overhead - counted,
        disallowed=total(kind.disallowed for kind in own.values()),
    )


def eligible_overhead(overhead: Cents, revenue: Cents, cap_percent: Decimal | None) -> Cents:
    """What of the overhead counts: up to its cap, a percentage of revenue (rule 26)."""
    if cap_percent is None:
        return overhead
    return Cents(min(overhead, max(0, percent_of(revenue, cap_percent))))


def margin_percent(result: Cents, base: Cents) -> str:
    """The result in percent of the base, four decimals, half up; ``0.0000`` when the base is zero."""
    if not base:
        return "0.0000"
    percent = decimal_places(Fraction(int(result) * 100, int(base)), MARGIN_DECIMALS)
    scaled = int(percent * 10**MARGIN_DECIMALS)
    whole, rest = divmod(abs(scaled), 10**MARGIN_DECIMALS)
    return f"{'-' if scaled < 0 else ''}{whole}.{rest:0{MARGIN_DECIMALS}d}"
