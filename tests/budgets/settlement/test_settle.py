"""The settlement to the cent: rules 24 to 28, the explanation and the check equations."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.settlement.check import check
from budgets.settlement.layout import to_json
from budgets.settlement.model import (
    AgreementCost,
    DeclarationTotals,
    OwnCostTotal,
    RevenueParts,
    SettlementInput,
    Step,
    Transfer,
)
from budgets.settlement.settle import margin_percent, settle
from lead_contractor.books.accounts import ACCOUNTS
from lead_contractor.contract.model import (
    CostKind,
    DeficitBand,
    Excess,
    Margin,
    MarginBase,
    PriorYear,
    Reserve,
    SettlementTerms,
)
from lead_contractor.kernel.money import Cents, cents_from_euros, total
from lead_contractor.kernel.refusals import BooksDiffer
from lead_contractor.kernel.rounding import percent_of, split_evenly
from subcontractors.agreements.model import FormCode

L = cents_from_euros("8312457.35")


def euros(text):
    return cents_from_euros(text)


def terms(**changes):
    return SettlementTerms(date(2026, 3, 31), date(2026, 5, 31), **changes)


def margin(percent, base="revenue", excess="repay"):
    return Margin(Decimal(percent), MarginBase(base), Excess(excess))


def given_year(cost, revenue=L, *, own=None, received=None, earlier=Cents(0), **contract):
    agreements = (AgreementCost("PXQ-1", "65656055", FormCode.PXQ, Cents(cost)),)
    return SettlementInput(
        year=2025,
        municipality="1911",
        revenue=RevenueParts(revenue),
        instalments=split_evenly(revenue, 12),
        terms=terms(**contract),
        agreements=agreements,
        own=own or {},
        prior_year=earlier,
        received=revenue if received is None else received,
    )


COST = euros("7842118.20")


# -- Rule 24: the profit cap -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "cap", "repaid"),
    [("3", "249373.72", "220965.43"), ("5", "415622.87", "54716.28"), ("8", "664996.59", "0.00")],
)
def test_rule_24_profit_cap_of_revenue(percent, cap, repaid):
    found = settle(given_year(COST, margin=margin(percent)))
    assert (found.result, found.margin_percent) == (euros("470339.15"), "5.6582")
    assert found.surplus.margin_cap == euros(cap)
    assert (found.surplus.excess, found.surplus.repaid) == (euros(repaid), euros(repaid))
    assert found.balance_due == -euros(repaid)
    assert found.entitlement == L - euros(repaid)


def test_rule_24_profit_cap_of_eligible_cost():
    found = settle(given_year(COST, margin=margin("3", "cost")))
    assert (found.surplus.margin_cap, found.surplus.repaid) == (euros("235263.55"), euros("235075.60"))
    assert found.margin_percent == "5.9976"


def test_rule_24_the_excess_may_be_invested():
    found = settle(given_year(COST, margin=margin("3", excess="invest")))
    assert (found.surplus.invested, found.surplus.repaid) == (euros("220965.43"), 0)
    assert (found.entitlement, found.balance_due) == (L, 0)


def test_without_margin_terms_there_is_no_cap():
    found = settle(given_year(COST))
    assert (found.surplus.margin_cap, found.surplus.excess, found.kept) == (0, 0, euros("470339.15"))
    assert found.balance_due == 0


def test_at_the_cap_nothing_is_repaid():
    found = settle(given_year(L - euros("249373.72"), margin=margin("3")))
    assert (found.surplus.margin_cap, found.surplus.excess) == (euros("249373.72"), 0)


# -- Rules 25 and 26: disallowed cost and the overhead cap -----------------------------------------------------------


def test_rule_25_disallowed_cost_raises_the_result():
    own = {CostKind.OTHER: OwnCostTotal(euros("42118.20"), euros("37500.00"))}
    found = settle(given_year(euros("7800000.00"), own=own, margin=margin("3")))
    assert found.result == euros("507839.15")
    assert found.surplus.repaid == euros("258465.43")
    assert (found.cost.other, found.cost.not_eligible) == (euros("4618.20"), euros("37500.00"))


def test_rule_26_overhead_above_its_cap_is_not_eligible():
    own = {CostKind.OVERHEAD: OwnCostTotal(euros("1050000.00"))}
    contract = {"margin": margin("3"), "overhead_cap_percent": Decimal(12)}
    found = settle(given_year(COST - euros("1050000.00"), own=own, **contract))
    assert (found.cost.overhead, found.cost.not_eligible) == (euros("997494.88"), euros("52505.12"))
    assert (found.result, found.surplus.repaid) == (euros("522844.27"), euros("273470.55"))
    assert found.transfers[0] == Transfer(
        "cost_not_eligible",
        "cost_overhead",
        euros("52505.12"),
        "settlement.overhead.cap_percent",
        "Overhead boven het maximum telt niet mee.",
    )


def test_disallowed_overhead_is_taken_out_before_the_cap():
    own = {CostKind.OVERHEAD: OwnCostTotal(euros("1050000.00"), euros("50000.00"))}
    found = settle(given_year(0, own=own, overhead_cap_percent=Decimal(12)))
    assert found.cost.overhead_above_cap == euros("2505.12")
    assert found.cost.not_eligible == euros("52505.12")


def test_all_kinds_of_cost_count_and_prior_year_where_it_is_eligible():
    own = {
        CostKind.OWN_DELIVERY: OwnCostTotal(Cents(1000)),
        CostKind.OVERHEAD: OwnCostTotal(Cents(200)),
        CostKind.OTHER: OwnCostTotal(Cents(30)),
    }
    found = settle(given_year(50000, own=own, earlier=Cents(4)))
    assert found.cost.total == Cents(51234)
    assert found.cost.subcontractors == Cents(50000)


# -- Rule 27: deficit bands ------------------------------------------------------------------------------------------


def bands(last="0"):
    return (
        DeficitBand(Decimal(0), Decimal(2)),
        DeficitBand(Decimal(50), Decimal(5)),
        DeficitBand(Decimal(last)),
    )


@pytest.mark.parametrize(
    ("deficit", "last", "municipality", "contractor"),
    [
        ("300000.00", "0", "66875.43", "233124.57"),
        ("600000.00", "0", "124686.86", "475313.14"),
        ("600000.00", "100", "309063.99", "290936.01"),
        ("166249.15", "0", "0.00", "166249.15"),
    ],
)
def test_rule_27_deficit_bands(deficit, last, municipality, contractor):
    found = settle(given_year(L + euros(deficit), deficit_bands=bands(last), margin=margin("3")))
    assert found.deficit.total == euros(deficit)
    assert (found.deficit.municipality, found.deficit.contractor) == (euros(municipality), euros(contractor))
    assert (found.entitlement, found.balance_due) == (L + euros(municipality), euros(municipality))
    assert (found.surplus.margin_cap, found.surplus.excess) == (0, 0)


def test_rule_27_without_bands_the_contractor_bears_all():
    found = settle(given_year(L + Cents(12345)))
    assert (found.deficit.contractor, found.deficit.municipality, found.transfers) == (12345, 0, ())


def test_what_lies_above_a_last_band_that_is_not_open_is_the_contractors():
    found = settle(given_year(L + euros("600000.00"), deficit_bands=bands()[:2]))
    assert found.deficit.municipality == euros("124686.86")


# -- Rule 28: the egalisation reserve --------------------------------------------------------------------------------


def reserve_year(result, opening):
    contract = {"margin": margin("0", excess="reserve"), "reserve": Reserve(Decimal(5), opening)}
    return settle(given_year(L - result, **contract))


def test_rule_28_the_reserve_through_three_years():
    first = reserve_year(euros("249373.72"), Cents(0))
    assert (first.reserve.added, first.surplus.repaid) == (euros("249373.72"), 0)
    second = reserve_year(-euros("180250.40"), first.reserve.closing)
    assert (second.reserve.used, second.deficit.contractor) == (euros("180250.40"), 0)
    assert second.reserve.closing == euros("69123.32")
    third = reserve_year(euros("390000.00"), second.reserve.closing)
    assert (third.reserve.added, third.surplus.repaid) == (euros("346499.55"), euros("43500.45"))
    assert third.reserve.closing == euros("415622.87")


def test_rule_28_a_reserve_above_its_maximum_takes_nothing_more():
    found = reserve_year(euros("100000.00"), euros("500000.00"))
    assert (found.reserve.added, found.surplus.repaid) == (0, euros("100000.00"))
    assert found.reserve.closing == euros("500000.00")


def test_rule_28_the_reserve_comes_before_the_bands():
    contract = {"reserve": Reserve(Decimal(5), euros("300000.00")), "deficit_bands": bands()}
    found = settle(given_year(L + euros("600000.00"), **contract))
    assert found.deficit.reserve_used == euros("300000.00")
    assert (found.deficit.municipality, found.deficit.contractor) == (euros("66875.43"), euros("233124.57"))


# -- Postings, explanation, layout -----------------------------------------------------------------------------------


def postings(settlement):
    return [(transfer.debit, transfer.credit, transfer.cents) for transfer in settlement.transfers]


def test_what_the_settlement_itself_posts():
    repaid = settle(given_year(COST, margin=margin("3")))
    assert postings(repaid) == [("settlement_repaid", "municipality", euros("220965.43"))]
    invested = settle(given_year(COST, margin=margin("3", excess="invest")))
    assert postings(invested) == [("settlement_invested", "investment_fund", euros("220965.43"))]
    third = reserve_year(euros("390000.00"), euros("69123.32"))
    assert postings(third) == [
        ("settlement_repaid", "municipality", euros("43500.45")),
        ("reserve_movement", "reserve", euros("346499.55")),
    ]
    contract = {"reserve": Reserve(Decimal(5), euros("300000.00")), "deficit_bands": bands()}
    deficit = settle(given_year(L + euros("600000.00"), **contract))
    assert postings(deficit) == [
        ("reserve", "reserve_movement", euros("300000.00")),
        ("municipality", "settlement_deficit_municipality", euros("66875.43")),
    ]
    for found in (repaid, invested, third, deficit):
        assert {account for row in postings(found) for account in row[:2]} <= set(ACCOUNTS)


def test_every_step_is_one_line_with_its_clause_and_inputs():
    contract = {"margin": margin("3"), "overhead_cap_percent": Decimal(12)}
    own = {CostKind.OVERHEAD: OwnCostTotal(euros("1050000.00"))}
    found = settle(given_year(COST - euros("1050000.00"), own=own, **contract))
    assert [line.step for line in found.lines] == list(Step)
    said = {line.step: line for line in found.lines}
    assert said[Step.REVENUE].explanation == "Lumpsum € 8.312.457,35 = opbrengst € 8.312.457,35."
    assert "Overhead telt mee tot 12% van de opbrengst, € 997.494,88" in said[Step.ELIGIBLE_COST].explanation
    assert said[Step.ELIGIBLE_COST].clause == "settlement.overhead.cap_percent"
    assert said[Step.RESULT].explanation.endswith("= resultaat € 522.844,27, 6,2899% van de opbrengst.")
    assert said[Step.SURPLUS].clause == "settlement.margin.cap_percent"
    assert said[Step.SURPLUS].explanation == (
        "De winst is begrensd op 3% van de opbrengst € 8.312.457,35 = € 249.373,72. "
        "Daarboven ligt € 273.470,55; dat gaat terug naar de gemeente."
    )
    assert said[Step.SURPLUS].inputs[0] == ("resultaat", euros("522844.27"))
    assert said[Step.DEFICIT].explanation == "Er is geen tekort."
    assert said[Step.BALANCE].explanation.endswith("de hoofdaannemer betaalt € 273.470,55 terug.")
    assert [line.amount for line in found.lines] == [
        L,
        found.cost.subcontractors,
        found.cost.total,
        found.result,
        found.surplus.excess,
        0,
        found.balance_due,
    ]


def test_the_explanation_names_reserve_bands_and_who_pays():
    contract = {
        "reserve": Reserve(Decimal(5), euros("300000.00")),
        "deficit_bands": bands(),
        "margin": margin("3", "cost", "invest"),
        "prior_year": PriorYear.ELIGIBLE,
    }
    found = settle(given_year(L + euros("600000.00"), **contract))
    deficit, balance = found.lines[5].explanation, found.lines[6].explanation
    assert "De reserve van € 300.000,00 vangt daarvan € 300.000,00 op." in deficit
    assert "Tot 5% van de opbrengst (€ 415.622,87) draagt de gemeente 50%." in deficit
    assert "De gemeente draagt € 66.875,43, de hoofdaannemer € 233.124,57." in deficit
    assert balance.endswith("de gemeente betaalt nog € 66.875,43.")
    assert "van de meetellende kosten" in found.lines[3].explanation
    assert "geïnvesteerd" in settle(given_year(COST, margin=margin("3", excess="invest"))).lines[4].explanation
    assert "begrenst de winst niet" in settle(given_year(COST)).lines[4].explanation
    assert "ruimte voor € 346.499,55" in reserve_year(euros("390000.00"), euros("69123.32")).lines[4].explanation


def test_the_layout_is_the_public_one():
    given_input = replace(
        given_year(COST, margin=margin("5")),
        agreements=(
            AgreementCost("PXQ-1", "65656055", FormCode.PXQ, COST + Cents(2000), Cents(1620000), Cents(0)),
            AgreementCost("FTE-1", "41410002", FormCode.FTE, Cents(-2000), Cents(0), Cents(-2000)),
        ),
        declarations=DeclarationTotals(Cents(100), Cents(90), Cents(10), Cents(5), Cents(3)),
    )
    found = to_json(settle(given_input))
    assert json.loads(json.dumps(found)) == found
    assert list(found) == [
        "format", "year", "municipality", "revenue", "instalments", "cost", "result", "margin_percent", "margin_cap",
        "excess", "repaid", "invested", "reserve", "deficit", "entitlement", "received", "balance_due",
        "declarations", "agreements", "lines",
    ]  # fmt: skip
    assert found["revenue"] == {
        "lump_sum": 831245735, "indexation": 0, "volume_adjustment": 0, "deductions": 0, "total": 831245735,
    }  # fmt: skip
    assert found["instalments"] == [69270478] * 11 + [69270477]
    assert list(found["cost"]) == [
        "pxq", "fte", "lump_sum", "trajectory", "availability",
        "own_delivery", "overhead", "other", "prior_year", "not_eligible", "total",
    ]  # fmt: skip
    assert (found["cost"]["pxq"], found["cost"]["fte"], found["cost"]["total"]) == (784213820, -2000, 784211820)
    assert (found["result"], found["margin_percent"], found["repaid"]) == (47033915, "5.6582", 5471628)
    assert found["reserve"] == {"opening": 0, "added": 0, "used": 0, "closing": 0}
    assert found["deficit"] == {"total": 0, "municipality": 0, "contractor": 0}
    assert found["declarations"] == {
        "declared": 100, "approved": 90, "rejected": 10, "after_cut_off": 5, "prior_year": 3,
    }  # fmt: skip
    assert found["agreements"][0] == {
        "id": "PXQ-1", "subcontractor": "65656055", "form": "pxq", "due": 784213820, "above_ceiling": 1620000, "true_up": 0,
    }  # fmt: skip
    assert [line["step"] for line in found["lines"]] == [step.value for step in Step]
    assert set(found["lines"][0]) == {"step", "amount", "clause", "explanation"}
    assert "Boven de plafonds bleef € 16.200,00 onbetaald." in found["lines"][1]["explanation"]
    assert "€ -20,00 aan bijstellingen" in found["lines"][1]["explanation"]


@pytest.mark.parametrize(
    ("result", "base", "text"),
    [(47033915, 831245735, "5.6582"), (-1, 3, "-33.3333"), (1, 0, "0.0000"), (-5, 10**9, "0.0000"), (1, 2 * 10**6, "0.0001")],
)  # fmt: skip
def test_the_margin_has_four_decimals_half_up(result, base, text):
    assert margin_percent(Cents(result), Cents(base)) == text


# -- Checks ----------------------------------------------------------------------------------------------------------


def test_instalments_that_do_not_add_up_are_refused():
    with pytest.raises(BooksDiffer, match=r"termijnen .* verschil € -0,01"):
        settle(replace(given_year(COST), instalments=split_evenly(L - Cents(1), 12)))


def test_declared_must_be_approved_and_rejected():
    with pytest.raises(BooksDiffer, match="goedgekeurd en afgewezen"):
        settle(replace(given_year(COST), declarations=DeclarationTotals(Cents(3), Cents(1), Cents(1))))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"result": Cents(0)}, "resultaat"),
        ({"agreements": ()}, "vorm pxq"),
        ({"entitlement": Cents(0)}, "aanspraak en terugbetaling"),
        ({"balance_due": Cents(1)}, "saldo"),
    ],
    ids=["result", "agreements", "entitlement", "balance"],
)
def test_the_first_difference_is_named(change, words):
    found = settle(given_year(COST, margin=margin("3")))
    check(found)
    with pytest.raises(BooksDiffer, match=words):
        check(replace(found, **change))


def test_a_divided_excess_and_deficit_must_add_up():
    found = settle(given_year(COST, margin=margin("3")))
    with pytest.raises(BooksDiffer, match="boven de begrenzing"):
        check(replace(found, surplus=replace(found.surplus, repaid=Cents(0))))
    short = settle(given_year(L + Cents(100)))
    with pytest.raises(BooksDiffer, match="gedragen door"):
        check(replace(short, deficit=replace(short.deficit, contractor=Cents(99))))
    with pytest.raises(BooksDiffer, match="onder nul"):
        check(replace(short, deficit=replace(short.deficit, total=Cents(99))))
    with pytest.raises(BooksDiffer, match="reserve nam toe"):
        check(replace(short, reserve=replace(short.reserve, added=Cents(1))))
    with pytest.raises(BooksDiffer, match="reserve nam af"):
        check(replace(short, reserve=replace(short.reserve, used=Cents(1))))


AMOUNTS = st.integers(-(10**9), 10**10).map(Cents)
POSITIVE = st.integers(0, 10**10).map(Cents)
PERCENTS = st.decimals("0", "100", places=2)
MARGINS = st.none() | st.builds(Margin, PERCENTS, st.sampled_from(MarginBase), st.sampled_from(Excess))
RESERVES = st.none() | st.builds(Reserve, PERCENTS, POSITIVE)
BAND_LISTS = st.lists(st.tuples(PERCENTS, PERCENTS), max_size=3).map(
    lambda found: tuple(
        DeficitBand(share, up_to) for (share, _), up_to in zip(found, sorted(bound for _, bound in found), strict=True)
    )
)
YEARS = st.builds(
    given_year,
    cost=AMOUNTS,
    revenue=POSITIVE,
    own=st.fixed_dictionaries({kind: st.builds(OwnCostTotal, POSITIVE, POSITIVE) for kind in CostKind}),
    received=POSITIVE,
    earlier=AMOUNTS,
    margin=MARGINS,
    reserve=RESERVES,
    deficit_bands=BAND_LISTS,
    overhead_cap_percent=st.none() | PERCENTS,
)


@given(YEARS)
def test_the_check_equations_hold_for_every_year(year):
    found = settle(year)
    cost, surplus, deficit, reserve = found.cost, found.surplus, found.deficit, found.reserve
    assert found.entitlement + surplus.repaid == found.revenue.total + deficit.municipality
    assert found.entitlement == (
        cost.total + found.kept + surplus.invested + reserve.added - reserve.used - deficit.contractor
    )
    assert deficit.total == reserve.used + deficit.municipality + deficit.contractor
    assert surplus.excess == surplus.repaid + surplus.invested + reserve.added
    assert cost.total + cost.not_eligible == (
        cost.subcontractors + cost.prior_year + total(kind.booked for kind in year.own.values())
    )
    assert all(transfer.cents > 0 for transfer in found.transfers)
    assert min(deficit.municipality, deficit.contractor, reserve.used, surplus.excess, surplus.repaid) >= 0


@given(YEARS)
def test_cap_and_reserve_are_never_passed(year):
    found = settle(year)
    if year.terms.margin is not None and found.result > 0:
        assert found.kept <= found.surplus.margin_cap
    if year.terms.overhead_cap_percent is not None:
        assert found.cost.overhead <= percent_of(found.revenue.total, year.terms.overhead_cap_percent)
    if year.terms.reserve is not None:
        most = percent_of(found.revenue.total, year.terms.reserve.max_percent)
        assert 0 <= found.reserve.closing <= max(most, year.terms.reserve.opening_balance)
    assert (found.surplus.excess == 0) or (found.deficit.total == 0)
