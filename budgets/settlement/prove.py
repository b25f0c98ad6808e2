"""Proof: what a settlement claims is what the books say, account by account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lead_contractor.books import accounts
from lead_contractor.books.store import account_balance
from lead_contractor.kernel.money import Cents, euros_nl
from lead_contractor.kernel.refusals import BooksDiffer
from lead_contractor.kernel.tenancy import Scope


def prove(scope: Scope, contract_id: int, result: dict[str, Any]) -> None:
    """Compare a settlement in its public layout with the balances of the books.

    Raises:
        BooksDiffer: a figure differs; the text names the first.
    """
    booked = account_balance(scope, contract_id, list(accounts.ACCOUNTS))
    for name, claimed, codes in _claims(result):
        found = sum(sign * int(booked.get((code,), Cents(0))) for code, sign in codes)
        if found != claimed:
            raise BooksDiffer(
                f"De afrekening zegt {name} = {euros_nl(claimed)}, de boeken zeggen {euros_nl(found)}; "
                f"verschil {euros_nl(found - claimed)}."
            )


def _claims(result: dict[str, Any]) -> Iterator[tuple[str, int, list[tuple[str, int]]]]:
    """Name, claimed cents, and the accounts (with sign) that must add up to it."""
    revenue, cost, declared = result["revenue"], result["cost"], result["declarations"]
    yield "revenue.lump_sum", revenue["lump_sum"], [(accounts.REVENUE_LUMP_SUM, 1)]
    yield "revenue.indexation", revenue["indexation"], [(accounts.REVENUE_INDEXATION, 1)]
    yield "revenue.volume_adjustment", revenue["volume_adjustment"], [(accounts.REVENUE_VOLUME, 1)]
    yield "revenue.deductions", revenue["deductions"], [(accounts.REVENUE_DEDUCTIONS, 1)]
    for form, account in accounts.COST_OF_FORM.items():
        yield f"cost.{form}", cost[form], [(account, 1)]
    for kind, account in accounts.COST_OF_KIND.items():
        yield f"cost.{kind}", cost[kind], [(account, 1)]
    yield "cost.not_eligible", cost["not_eligible"], [(accounts.COST_NOT_ELIGIBLE, 1)]
    yield "received", result["received"], [(accounts.BANK, 1)]
    yield "repaid", result["repaid"], [(accounts.SETTLEMENT_REPAID, 1)]
    yield "invested", result["invested"], [(accounts.SETTLEMENT_INVESTED, 1)]
    movement = result["reserve"]["added"] - result["reserve"]["used"]
    yield "reserve.added - reserve.used", movement, [(accounts.RESERVE, 1)]
    yield "deficit.municipality", result["deficit"]["municipality"], [(accounts.SETTLEMENT_DEFICIT_MUNICIPALITY, 1)]
    yield "balance_due", result["balance_due"], [(accounts.MUNICIPALITY, 1)]
    yield "declarations.declared", declared["declared"], [(accounts.DECLARED, 1)]
    yield "declarations.rejected", declared["rejected"], [(accounts.REJECTED, 1)]
    yield "declarations.after_cut_off", declared["after_cut_off"], [(accounts.APPROVED_AFTER_CUT_OFF, 1)]
    yield "declarations.prior_year", declared["prior_year"], [(accounts.APPROVED_PRIOR_YEAR, 1)]
    in_year = declared["approved"] - declared["after_cut_off"] - declared["prior_year"]
    yield "declarations.approved", in_year, [(accounts.APPROVED, 1)]
    yield "nothing left in assessment", 0, [(accounts.ASSESSMENT, 1)]
