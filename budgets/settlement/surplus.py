"""A result above zero: the margin cap and where the excess goes (rules 24 and 28)."""

from __future__ import annotations

from budgets.settlement.model import Surplus
from lead_contractor.contract.model import Excess, Margin, MarginBase, Reserve
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.rounding import percent_of


def margin_base(margin: Margin | None, revenue: Cents, eligible_cost: Cents) -> Cents:
    """What the margin is a percentage of: revenue, or eligible cost where the contract says so."""
    return eligible_cost if margin is not None and margin.base is MarginBase.COST else revenue


def settle_surplus(
    result: Cents, margin: Margin | None, base: Cents, reserve: Reserve | None, revenue: Cents
) -> Surplus:
    """Cap a result and send what lies above it where the contract says; without margin terms there is no cap.

    Excess for the reserve fills it up to its maximum (a percentage of revenue, rounded); the rest is repaid.
    """
    if result <= 0 or margin is None:
        return Surplus()
    cap = _not_negative(percent_of(base, margin.cap_percent))
    excess = _not_negative(result - cap)
    if margin.excess is Excess.INVEST:
        return Surplus(cap, excess, invested=excess)
    if margin.excess is Excess.REPAY:
        return Surplus(cap, excess, repaid=excess)
    added = Cents(min(excess, reserve_room(reserve, revenue)))
    return Surplus(cap, excess, repaid=excess - added, added_to_reserve=added)


def reserve_room(reserve: Reserve | None, revenue: Cents) -> Cents:
    """How much the reserve can still take: its maximum less the opening balance, never below zero."""
    if reserve is None:
        return ZERO
    return _not_negative(percent_of(revenue, reserve.max_percent) - reserve.opening_balance)


def _not_negative(amount: Cents) -> Cents:
    return Cents(max(0, amount))
