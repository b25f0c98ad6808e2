"""From balances to the corridor, with the settlement's own rules; worked to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from budgets.use.standing import begun, complete, place, standings
from lead_contractor.books import accounts
from lead_contractor.contract.model import Excess, Margin, MarginBase, PriorYear, Reserve, SettlementTerms
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month

YEAR = tuple(Month(2025, number) for number in range(1, 13))
CUT_OFF: dict[str, Any] = {"cut_off": date(2026, 3, 31), "corrections_until": date(2026, 5, 31)}
CAPPED = SettlementTerms(**CUT_OFF, margin=Margin(Decimal(5)))
BOOKED: dict[tuple[str, ...], Cents] = {
    (accounts.REVENUE_LUMP_SUM, "2025-01"): Cents(100_000),
    (accounts.REVENUE_LUMP_SUM, "2025-02"): Cents(100_000),
    (accounts.REVENUE_INDEXATION, "2025-02"): Cents(4_000),
    (accounts.REVENUE_DEDUCTIONS, "2025-02"): Cents(1_000),
    (accounts.COST_PXQ, "2025-01"): Cents(60_000),
    (accounts.COST_PXQ, "2025-02"): Cents(70_000),
    (accounts.COST_FTE, "2025-02"): Cents(20_000),
    (accounts.COST_OVERHEAD, "2025-01"): Cents(30_000),
    (accounts.COST_PRIOR_YEAR, "2024-12"): Cents(2_500),
    (accounts.ASSESSMENT, "2025-02"): Cents(900),
}


def test_room_is_revenue_less_eligible_cost_added_up_from_january():
    january, february = standings(BOOKED, YEAR[:2], CAPPED)
    assert (january.revenue.total, january.cost.total, january.room) == (100_000, 90_000, 10_000)
    assert (february.revenue.total, february.cost.total, february.room) == (203_000, 180_000, 23_000)
    assert (february.margin_percent, february.awaiting) == ("11.3300", 900)


def test_what_lies_above_the_cap_is_what_the_settlement_would_repay():
    january, february = standings(BOOKED, YEAR[:2], CAPPED)
    assert (january.cap, january.surplus.excess, january.kept) == (5_000, 5_000, 5_000)
    assert (february.cap, february.surplus.repaid, february.kept) == (10_150, 12_850, 10_150)


def test_a_cap_on_cost_and_a_reserve_follow_the_contract():
    margin = Margin(Decimal(5), MarginBase.COST, Excess.RESERVE)
    terms = SettlementTerms(**CUT_OFF, margin=margin, reserve=Reserve(Decimal(5), Cents(8_000)))
    february = standings(BOOKED, YEAR[:2], terms)[1]
    assert (february.cap, february.margin_percent) == (9_000, "12.7778")
    assert (february.surplus.added_to_reserve, february.surplus.repaid) == (2_150, 11_850)


def test_without_a_cap_nothing_lies_above_it():
    february = standings(BOOKED, YEAR[:2], SettlementTerms(**CUT_OFF))[1]
    assert (february.cap, february.surplus.excess, february.kept) == (None, 0, 23_000)


def test_lines_over_earlier_years_count_where_the_contract_says_so_in_the_first_month():
    terms = SettlementTerms(**CUT_OFF, prior_year=PriorYear.ELIGIBLE)
    january = standings(BOOKED, YEAR[:2], terms)[0]
    assert (january.cost.prior_year, january.room) == (2_500, 7_500)


def test_a_shortage_is_negative_and_keeps_nothing():
    booked = BOOKED | {(accounts.COST_OTHER, "2025-01"): Cents(15_000)}
    january = standings(booked, YEAR[:2], CAPPED)[0]
    assert (january.room, january.kept, january.surplus.excess, january.margin_percent) == (-5_000, 0, 0, "-5.0000")


def test_no_cent_is_lost_when_only_some_months_have_begun():
    assert standings(BOOKED, YEAR[:1], CAPPED)[0].room == 23_000, "what lies later stands in the last month"
    assert place("2026-02", YEAR) == Month(2025, 12)


def test_a_month_is_complete_when_its_declarations_are_due():
    months = begun(YEAR, Month(2025, 8))
    assert (len(months), complete(months, Month(2025, 8))) == (8, 7)
    assert complete(begun(YEAR, Month(2026, 1)), Month(2026, 1)) == 12
    assert complete(begun(YEAR, Month(2025, 12)), Month(2025, 12)) == 11
    assert complete(YEAR, None) == 12
    assert standings(BOOKED, (), CAPPED) == ()
