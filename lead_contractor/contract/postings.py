"""What the contract itself puts in the books: instalments due and received, deductions, volume, own cost."""

from __future__ import annotations

from collections.abc import Iterable

from lead_contractor.books import accounts
from lead_contractor.books.model import About, Posting, posting
from lead_contractor.contract.lump_sum import LumpSumReckoning
from lead_contractor.contract.model import Contract, OwnCost, Receipt
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import split, split_evenly

PREFIX = "contract:"


def contract_postings(
    contract: Contract, reckoning: LumpSumReckoning, receipts: Iterable[Receipt], costs: Iterable[OwnCost]
) -> list[Posting]:
    """All postings of the contract year that follow from its terms, receipts and own cost."""
    return [
        *_instalments(contract, reckoning),
        *_deductions(reckoning),
        *_volume(contract, reckoning),
        *_receipts(receipts),
        *_costs(costs),
    ]


def _instalments(contract: Contract, reckoning: LumpSumReckoning) -> list[Posting]:
    """Per month the part before indexation and the part that indexation adds; together the instalment."""
    shares = contract.lump_sum.payment_shares
    months = len(reckoning.instalments)
    before = split(reckoning.lump_sum, shares) if shares else split_evenly(reckoning.lump_sum, months)
    made: list[Posting] = []
    for (month, amount), base in zip(reckoning.instalments, before, strict=True):
        about, source = About(month, month), f"{PREFIX}instalment:{month}"
        made += posting(accounts.MUNICIPALITY, accounts.REVENUE_LUMP_SUM, base, about, source, "termijn lumpsum")
        rest = Cents(amount - base)
        made += posting(accounts.MUNICIPALITY, accounts.REVENUE_INDEXATION, rest, about, source, "indexatie")
    return made


def _deductions(reckoning: LumpSumReckoning) -> list[Posting]:
    made: list[Posting] = []
    for number, deduction in enumerate(reckoning.deductions, start=1):
        made += posting(
            accounts.REVENUE_DEDUCTIONS,
            accounts.MUNICIPALITY,
            deduction.amount,
            About(deduction.month, deduction.month),
            f"{PREFIX}deduction:{number}",
            deduction.reason,
        )
    return made


def _volume(contract: Contract, reckoning: LumpSumReckoning) -> list[Posting]:
    last = contract.months[-1]
    return posting(
        accounts.MUNICIPALITY,
        accounts.REVENUE_VOLUME,
        reckoning.volume_adjustment,
        About(last, last),
        f"{PREFIX}volume",
        "volumebijstelling",
    )


def _receipts(receipts: Iterable[Receipt]) -> list[Posting]:
    made: list[Posting] = []
    for number, paid in enumerate(receipts, start=1):
        month = Month.of(paid.date)
        source = f"{PREFIX}receipt:{paid.date}:{number}"
        made += posting(accounts.BANK, accounts.MUNICIPALITY, paid.amount, About(month, month), source, paid.reference)
    return made


def _costs(costs: Iterable[OwnCost]) -> list[Posting]:
    made: list[Posting] = []
    for number, cost in enumerate(costs, start=1):
        account = accounts.COST_NOT_ELIGIBLE if cost.disallowed else accounts.COST_OF_KIND[cost.kind.value]
        month = Month.of(cost.date)
        source = f"{PREFIX}cost:{cost.date}:{number}"
        made += posting(account, accounts.OWN_EXPENSE, cost.amount, About(month, month), source, cost.description)
    return made
