"""The realised year in figures: each euro a balance of the books, as of a month of recording.

Every use case takes a :class:`Scope`, so that one lead contractor never sees another, and asks a handful of queries
whatever the size of the year.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from budgets.plan.service import lines_on
from budgets.plan.store import waiting
from budgets.settlement.model import Deficit, Surplus
from budgets.settlement.store import StoredSettlement, latest
from budgets.use import store
from budgets.use.breakdown import Use, disclosed, people_of, use_tables
from budgets.use.cells import Cover, agreed_cells, budget_cells, used_cells
from budgets.use.model import BudgetSource, Outcome, Standing, UseTables, WaitingList, YearPosition
from budgets.use.standing import REVENUE_ACCOUNTS, begun, complete, cost_accounts, standings
from budgets.use.waiting import waiting_list
from budgets.year_folder.stored import contract_of
from lead_contractor.books import accounts
from lead_contractor.books.store import account_balance
from lead_contractor.contract.model import Contract
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight
from lead_contractor.parties.store import subcontractors
from subcontractors.agreements.model import FormCode

HAPPENED = (accounts.DECLARED, accounts.BANK, accounts.OWN_EXPENSE)
"""Accounts that only move when something happens; instalments and dues are booked ahead for the whole year."""

_Booked = Mapping[tuple[str, ...], Cents]


def year_position(scope: Scope, contract_id: int, until: Month | None = None) -> YearPosition:
    """Where the contract year stands.

    Args:
        scope: the lead contractor.
        contract_id: its contract year.
        until: only what was recorded up to and including this month. ``None`` is the newest state: the settlement
            where there is one, else the latest month in which anything was recorded (at most the last month in which
            the contract takes corrections).

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    contract = contract_of(get_contract(scope, contract_id))
    codes = [*REVENUE_ACCOUNTS, *cost_accounts(contract.settlement), accounts.ASSESSMENT, *HAPPENED]
    booked = account_balance(scope, contract_id, codes, "service_month", "recorded_month")
    choices = _choices(contract, booked)
    whole = standings(_until(booked, None), contract.months, contract.settlement)
    outcome = _outcome(latest(scope, contract_id), whole[-1], _sum(booked, accounts.BANK)) if choices else None
    asked = until if until is not None or outcome is not None or not choices else choices[-1]
    months = begun(contract.months, asked) if choices else ()
    seen = _until(booked, asked)
    return YearPosition(
        contract_id=contract_id,
        code=contract.id,
        year=contract.year,
        municipality_name=contract.municipality.name,
        terms=contract.settlement,
        until=asked,
        choices=choices,
        settled=outcome is not None,
        year_months=contract.months,
        lump_sum=_sum(booked, accounts.REVENUE_LUMP_SUM) + _sum(booked, accounts.REVENUE_INDEXATION),
        received=_sum(seen, accounts.BANK),
        months=standings(seen, months, contract.settlement),
        complete=complete(months, asked),
        outcome=outcome if asked is None else None,
    )


def _until(booked: _Booked, until: Month | None) -> dict[tuple[str, ...], Cents]:
    """Balances by account and service month of what was recorded up to and including a month."""
    found: dict[tuple[str, ...], Cents] = {}
    for (account, service, recorded), cents in booked.items():
        if until is None or recorded <= str(until):
            found[account, service] = found.get((account, service), ZERO) + cents
    return found


def _choices(contract: Contract, booked: _Booked) -> tuple[Month, ...]:
    """The months up to which one can look, of a year in which anything happened."""
    happened = [recorded for account, _, recorded in booked if account in HAPPENED]
    if not happened:
        return ()
    newest = min(Month.parse(max(happened)), Month.of(contract.settlement.corrections_until))
    found = []
    month = contract.months[0]
    while month <= newest:
        found.append(month)
        month = month.plus(1)
    return tuple(found)


def _sum(booked: _Booked, account: str) -> Cents:
    return total(cents for key, cents in booked.items() if key[0] == account)


def _outcome(stored: StoredSettlement | None, standing: Standing, received: Cents) -> Outcome | None:
    """The settlement as it was made; ``None`` where there is none or the books have moved on since."""
    if stored is None:
        return None
    result: dict[str, Any] = stored.result
    claims = (result["revenue"]["total"], result["cost"]["total"], result["result"], result["received"])
    if claims != (standing.revenue.total, standing.cost.total, standing.room, received):
        return None
    reserve, deficit = result["reserve"], result["deficit"]
    return Outcome(
        result=Cents(result["result"]),
        surplus=Surplus(
            margin_cap=Cents(result["margin_cap"]),
            excess=Cents(result["excess"]),
            repaid=Cents(result["repaid"]),
            invested=Cents(result["invested"]),
            added_to_reserve=Cents(reserve["added"]),
        ),
        deficit=Deficit(
            total=Cents(deficit["total"]),
            reserve_used=Cents(reserve["used"]),
            municipality=Cents(deficit["municipality"]),
            contractor=Cents(deficit["contractor"]),
        ),
        entitlement=Cents(result["entitlement"]),
        received=Cents(result["received"]),
        balance_due=Cents(result["balance_due"]),
        final=stored.final,
    )


def use_of(scope: Scope, position: YearPosition, seen_by: Sight | None = None) -> UseTables | None:
    """What the year was used for, up to the last complete month of a position.

    Args:
        scope: the lead contractor.
        position: of the contract year, from :func:`year_position`.
        seen_by: how far the municipality looks in; ``None`` for the lead contractor itself, who sees all.

    Returns:
        tables that add up to the eligible cost of ``position.standing``; ``None`` while nothing was recorded.
    """
    if not position.recorded:
        return None
    contract_id, cut = position.contract_id, position.standing.month
    months = tuple(standing.month for standing in position.months)
    covers = {
        code: Cover(subcontractor, FormCode(form), products)
        for code, (subcontractor, form, products) in store.covers(scope, contract_id).items()
    }
    dimensions = ("product_code", "subcontractor", "agreement", "service_month")
    booked = account_balance(scope, contract_id, cost_accounts(position.terms), *dimensions, until=position.until)
    lines = lines_on(scope, contract_id, None if position.until is None else position.until.last)
    used = used_cells(booked, covers, months, cut)
    served = store.served(scope, contract_id, position.until)
    sees_names = seen_by is not Sight.PRODUCTS
    use = Use(
        months=tuple(month for month in months if month <= cut),
        source=BudgetSource.FILE if lines else BudgetSource.AGREEMENTS,
        used=used,
        budget=budget_cells(lines, covers, position.year_months, cut) if lines else agreed_cells(used),
        people=people_of(served, covers),
        names={party.agb: party.name for party in subcontractors(scope, contract_id)} if sees_names else {},
    )
    if seen_by is None:
        return use_tables(use)
    return disclosed(use, sees_subcontractors=seen_by is Sight.SUBCONTRACTORS)


def waiting_of(scope: Scope, position: YearPosition, seen_by: Sight | None = None) -> WaitingList | None:
    """Who waits, on the last day known by the end of the month of a position; ``None`` where no list is known."""
    until = None if position.until is None else position.until.last
    return waiting_list(waiting(scope, position.contract_id), until, hides_small=seen_by is not None)
