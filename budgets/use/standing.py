"""From balances by service month to where the year stands at the end of each month; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from budgets.settlement.model import CostParts, RevenueParts
from budgets.settlement.settle import margin_percent
from budgets.settlement.surplus import margin_base, settle_surplus
from budgets.use.model import Standing
from lead_contractor.books import accounts
from lead_contractor.contract.model import PriorYear, SettlementTerms
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import percent_of
from subcontractors.agreements.model import FormCode

REVENUE_ACCOUNTS = (
    accounts.REVENUE_LUMP_SUM,
    accounts.REVENUE_INDEXATION,
    accounts.REVENUE_VOLUME,
    accounts.REVENUE_DEDUCTIONS,
)
OWN_ACCOUNTS = tuple(accounts.COST_OF_KIND.values())
FORM_ACCOUNTS = tuple(accounts.COST_OF_FORM.values())


def cost_accounts(terms: SettlementTerms) -> tuple[str, ...]:
    """The accounts of eligible cost; lines over earlier years are among them where the contract says so."""
    earlier = (accounts.COST_PRIOR_YEAR,) if terms.prior_year is PriorYear.ELIGIBLE else ()
    return (*FORM_ACCOUNTS, *OWN_ACCOUNTS, *earlier)


def begun(year_months: Sequence[Month], until: Month | None) -> tuple[Month, ...]:
    """The contract months that have begun when it is ``until``; all of them without it."""
    return tuple(month for month in year_months if until is None or month <= until)


def complete(months: Sequence[Month], until: Month | None) -> int:
    """How many months are complete: the declarations over a month are due in the month after it."""
    return sum(1 for month in months if until is None or month.plus(1) <= until)


def place(service_month: str, months: Sequence[Month]) -> Month:
    """The month in which an amount is shown: its own, the first for what lies before, the last for what lies after."""
    return min(max(Month.parse(service_month), months[0]), months[-1])


def standings(
    booked: Mapping[tuple[str, ...], Cents], months: Sequence[Month], terms: SettlementTerms
) -> tuple[Standing, ...]:
    """The standing at the end of each month.

    Args:
        booked: balances by ``(account, service month)``, as :func:`account_balance` gives them.
        months: the contract months that have begun, in order.
        terms: what the contract says about cost that counts, cap and reserve.
    """
    if not months:
        return ()
    by_month: dict[Month, Counter[str]] = {month: Counter() for month in months}
    for (account, service_month), cents in booked.items():
        by_month[place(service_month, months)][account] += int(cents)
    made: list[Standing] = []
    running: Counter[str] = Counter()
    for month in months:
        running.update(by_month[month])
        made.append(_standing(month, running, terms))
    return tuple(made)


def _standing(month: Month, booked: Mapping[str, int], terms: SettlementTerms) -> Standing:
    revenue = RevenueParts(*(Cents(booked[account]) for account in REVENUE_ACCOUNTS))
    earlier = accounts.COST_PRIOR_YEAR in cost_accounts(terms)
    cost = CostParts(
        by_form={form: Cents(booked[accounts.COST_OF_FORM[form.value]]) for form in FormCode},
        own_delivery=Cents(booked[accounts.COST_OWN_DELIVERY]),
        overhead=Cents(booked[accounts.COST_OVERHEAD]),
        other=Cents(booked[accounts.COST_OTHER]),
        prior_year=Cents(booked[accounts.COST_PRIOR_YEAR] if earlier else 0),
    )
    room = revenue.total - cost.total
    base = margin_base(terms.margin, revenue.total, cost.total)
    cap = None if terms.margin is None else Cents(max(0, percent_of(base, terms.margin.cap_percent)))
    return Standing(
        month=month,
        revenue=revenue,
        cost=cost,
        awaiting=Cents(booked[accounts.ASSESSMENT]),
        margin_percent=margin_percent(room, base),
        cap=cap,
        surplus=settle_surplus(room, terms.margin, base, terms.reserve, revenue.total),
    )
