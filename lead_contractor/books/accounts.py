"""The chart of accounts: every figure of budget use and settlement is the balance of one of these.

Each account has its ordinary side, so that its balance reads as a positive figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """The side on which an account ordinarily stands."""

    DEBIT = "debit"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Account:
    """An account: its code in the books, its ordinary side and its name on screen (Dutch)."""

    code: str
    side: Side
    name: str


MUNICIPALITY = "municipality"
BANK = "bank"
REVENUE_LUMP_SUM = "revenue_lump_sum"
REVENUE_INDEXATION = "revenue_indexation"
REVENUE_VOLUME = "revenue_volume"
REVENUE_DEDUCTIONS = "revenue_deductions"
DECLARED = "declared"
ASSESSMENT = "assessment"
APPROVED = "approved"
APPROVED_PRIOR_YEAR = "approved_prior_year"
APPROVED_AFTER_CUT_OFF = "approved_after_cut_off"
REJECTED = "rejected"
PAYABLE = "payable"
PAID = "paid"
COST_PXQ = "cost_pxq"
COST_FTE = "cost_fte"
COST_LUMP_SUM = "cost_lump_sum"
COST_TRAJECTORY = "cost_trajectory"
COST_AVAILABILITY = "cost_availability"
COST_PRIOR_YEAR = "cost_prior_year"
COST_AFTER_CUT_OFF = "cost_after_cut_off"
COST_OTHER_YEAR = "cost_other_year"
COST_OWN_DELIVERY = "cost_own_delivery"
COST_OVERHEAD = "cost_overhead"
COST_OTHER = "cost_other"
COST_NOT_ELIGIBLE = "cost_not_eligible"
OWN_EXPENSE = "own_expense"
SETTLEMENT_REPAID = "settlement_repaid"
SETTLEMENT_INVESTED = "settlement_invested"
INVESTMENT_FUND = "investment_fund"
RESERVE = "reserve"
RESERVE_MOVEMENT = "reserve_movement"
SETTLEMENT_DEFICIT_MUNICIPALITY = "settlement_deficit_municipality"

COST_OF_FORM = {
    "pxq": COST_PXQ,
    "fte": COST_FTE,
    "lump_sum": COST_LUMP_SUM,
    "trajectory": COST_TRAJECTORY,
    "availability": COST_AVAILABILITY,
}
"""The cost account of each form of financing."""

COST_OF_KIND = {"own_delivery": COST_OWN_DELIVERY, "overhead": COST_OVERHEAD, "other": COST_OTHER}
"""The cost account of each kind of own cost."""

CHART = (
    Account(MUNICIPALITY, Side.DEBIT, "Te vorderen van de gemeente"),
    Account(BANK, Side.DEBIT, "Ontvangen lumpsum"),
    Account(REVENUE_LUMP_SUM, Side.CREDIT, "Lumpsum vóór indexatie"),
    Account(REVENUE_INDEXATION, Side.CREDIT, "Indexatie"),
    Account(REVENUE_VOLUME, Side.CREDIT, "Volumebijstelling"),
    Account(REVENUE_DEDUCTIONS, Side.DEBIT, "Kortingen"),
    Account(DECLARED, Side.CREDIT, "Gedeclareerd"),
    Account(ASSESSMENT, Side.DEBIT, "In beoordeling"),
    Account(APPROVED, Side.DEBIT, "Goedgekeurd"),
    Account(APPROVED_PRIOR_YEAR, Side.DEBIT, "Goedgekeurd over eerdere jaren"),
    Account(APPROVED_AFTER_CUT_OFF, Side.DEBIT, "Goedgekeurd na de sluitdatum"),
    Account(REJECTED, Side.DEBIT, "Afgewezen"),
    Account(PAYABLE, Side.CREDIT, "Te betalen aan onderaannemers"),
    Account(PAID, Side.CREDIT, "Betaald aan onderaannemers"),
    Account(COST_PXQ, Side.DEBIT, "P×Q"),
    Account(COST_FTE, Side.DEBIT, "Lumpsum per fte"),
    Account(COST_LUMP_SUM, Side.DEBIT, "Lumpsum onderaannemers"),
    Account(COST_TRAJECTORY, Side.DEBIT, "Trajecten"),
    Account(COST_AVAILABILITY, Side.DEBIT, "Beschikbaarheid"),
    Account(COST_PRIOR_YEAR, Side.DEBIT, "Regels over eerdere jaren"),
    Account(COST_AFTER_CUT_OFF, Side.DEBIT, "Regels na de sluitdatum"),
    Account(COST_OTHER_YEAR, Side.DEBIT, "Regels over latere jaren"),
    Account(COST_OWN_DELIVERY, Side.DEBIT, "Eigen inzet"),
    Account(COST_OVERHEAD, Side.DEBIT, "Overhead"),
    Account(COST_OTHER, Side.DEBIT, "Overige kosten"),
    Account(COST_NOT_ELIGIBLE, Side.DEBIT, "Kosten die niet meetellen"),
    Account(OWN_EXPENSE, Side.CREDIT, "Eigen uitgaven"),
    Account(SETTLEMENT_REPAID, Side.DEBIT, "Terug te betalen resultaat"),
    Account(SETTLEMENT_INVESTED, Side.DEBIT, "Te investeren resultaat"),
    Account(INVESTMENT_FUND, Side.CREDIT, "Investeringsfonds"),
    Account(RESERVE, Side.CREDIT, "Egalisatiereserve"),
    Account(RESERVE_MOVEMENT, Side.DEBIT, "Mutatie egalisatiereserve"),
    Account(SETTLEMENT_DEFICIT_MUNICIPALITY, Side.CREDIT, "Bijdrage gemeente in tekort"),
)

ACCOUNTS = {account.code: account for account in CHART}
"""The chart by code."""
