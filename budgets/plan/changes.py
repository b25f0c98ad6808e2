"""What people ask for, as changes of the budget that add up to the cent; pure."""

from __future__ import annotations

from collections.abc import Sequence

from budgets.plan.model import Change, Place, Plan
from budgets.plan.ways import in_proportion
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Refusal


def raised(contract_id: int, place: Place, amount: Cents, months: Sequence[Month], plan: Plan) -> list[Change]:
    """A line up (or down) by an amount, spread over months as its budget is; evenly where it has none."""
    parts = in_proportion(amount, plan.get(place, {}), _some(months))
    return [Change(contract_id, *place, month, cents) for month, cents in parts.items()]


def moved(
    contract_id: int, source: Place, target: Place, amount: Cents, months: Sequence[Month], plan: Plan
) -> list[Change]:
    """An amount from one line to another, each month as much on as off."""
    parts = in_proportion(_above_zero(amount), plan.get(source, {}), _some(months))
    off = [Change(contract_id, *source, month, -cents) for month, cents in parts.items()]
    return off + [Change(contract_id, *target, month, cents) for month, cents in parts.items()]


def carried(contract_id: int, place: Place, amount: Cents, month: Month, later: Sequence[Month]) -> list[Change]:
    """What was left of a line in a month, spread evenly over later months of it."""
    parts = in_proportion(_above_zero(amount), {}, _some(later))
    off = Change(contract_id, *place, month, -amount)
    return [off, *(Change(contract_id, *place, to, cents) for to, cents in parts.items())]


def to_next_year(
    contract_id: int, plan: Plan, next_id: int, next_plan: Plan, place: Place, amount: Cents,
    months: Sequence[Month], next_months: Sequence[Month],
) -> list[Change]:  # fmt: skip
    """What was left of a line in a year to the same line of the next, in either year spread as its budget is."""
    off = raised(contract_id, place, -_above_zero(amount), months, plan)
    return off + raised(next_id, place, amount, next_months, next_plan)


def _above_zero(amount: Cents) -> Cents:
    if amount <= 0:
        raise Refusal("Vul een bedrag boven nul in.")
    return amount


def _some(months: Sequence[Month]) -> Sequence[Month]:
    if not months:
        raise Refusal("Kies ten minste één maand.")
    return months
