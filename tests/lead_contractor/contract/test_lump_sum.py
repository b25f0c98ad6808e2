"""The lump sum to the cent: rules 1 to 8 and 35."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_contractor.contract.lump_sum import missing, reckon
from lead_contractor.contract.model import (
    BeschikkingCount,
    Contract,
    CorridorMode,
    Deduction,
    FigureKind,
    Indexation,
    IndexFigure,
    IndexMethod,
    LumpSum,
    Measure,
    Proration,
    SettlementTerms,
    VolumeClause,
)
from lead_contractor.kernel.findings import Severity
from lead_contractor.kernel.money import Cents, cents_from_euros, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Unsound
from lead_contractor.parties.model import LeadContractor, Municipality

L = "8312457.35"
OVA_PPC = {"OVA": Decimal("0.90"), "PPC": Decimal("0.10")}


def contract(amount="6000000.00", year=2025, **terms):
    return Contract(
        id=f"HK-{year}",
        year=year,
        municipality=Municipality("Hollands Kroon", "1911"),
        lead_contractor=LeadContractor("Voorbeeld", "42420001"),
        lump_sum=LumpSum(cents_from_euros(amount), **terms),
        settlement=SettlementTerms(date(year + 1, 3, 31), date(year + 1, 5, 31)),
    )


def figures(*rows):
    return [IndexFigure(index, year, FigureKind(kind), Decimal(percent)) for index, year, kind, percent in rows]


# Published provisional and definitive figures; their mix of 90/10 gives the worked percentages of rules 3 and 4.
YEAR_2025 = figures(
    ("OVA", 2025, "provisional", "4.00"),
    ("PPC", 2025, "provisional", "3.44"),
    ("OVA", 2024, "provisional", "4.96"),
    ("OVA", 2024, "definitive", "5.97"),
    ("PPC", 2024, "provisional", "2.33"),
    ("PPC", 2024, "definitive", "3.37"),
)


def indexation(method="difference", **rest):
    return Indexation(IndexMethod(method), weights=OVA_PPC, **rest)


def counts(*rows):
    return [BeschikkingCount(date.fromisoformat(day), Decimal(active)) for day, active in rows]


def quarter_ends(*active):
    return counts(*zip(("2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31"), active, strict=True))


def euros(text):
    return cents_from_euros(text)


def test_rule_1_monthly_instalments_sum_exactly():
    found = reckon(contract(L), [], [])
    assert [amount for _, amount in found.instalments] == [euros("692704.78")] * 11 + [euros("692704.77")]
    assert total(amount for _, amount in found.instalments) == euros(L)
    assert (found.lump_sum, found.indexation, found.revenue) == (euros(L), 0, euros(L))


def test_rule_2_a_part_year_counts_by_months_or_by_days():
    by_months = reckon(contract(first_month=7), [], [])
    by_days = reckon(contract(first_month=7, proration=Proration.DAYS), [], [])
    assert by_months.lump_sum == euros("3000000.00")
    assert by_days.lump_sum == euros("3024657.53")
    assert [month for month, _ in by_days.instalments] == [Month(2025, number) for number in range(7, 13)]


def test_rule_2_days_of_a_leap_year():
    found = reckon(contract("366000.00", year=2024, first_month=2, last_month=2, proration=Proration.DAYS), [], [])
    assert found.lump_sum == euros("29000.00")


@pytest.mark.parametrize(
    ("decimals", "revenue"), [(None, "6297420.00"), (2, "6297600.00")], ids=["unrounded", "two decimals"]
)
def test_rule_3_catch_up_by_difference(decimals, revenue):
    found = reckon(contract(indexation=indexation(decimals=decimals)), YEAR_2025, [])
    assert found.percent == (Decimal("4.957") if decimals is None else Decimal("4.96"))
    assert found.revenue == euros(revenue)
    assert found.lump_sum == euros("6000000.00")


def test_rule_3_a_fixed_percentage_may_be_the_superseded_one():
    found = reckon(contract(indexation=Indexation(IndexMethod.FIXED, Decimal("4.91"))), [], [])
    assert found.revenue == euros("6294600.00")


def test_rule_3_the_catch_up_by_ratio_is_rounded_per_index_before_it_is_weighted():
    # OVA: 105.97 / 104.96 − 1 = 0.96 %, PPC: 103.37 / 102.33 − 1 = 1.02 %; 3.944 + 0.864 + 0.102 = 4.910.
    found = reckon(contract(indexation=indexation("ratio", decimals=2)), YEAR_2025, [])
    assert found.percent == Decimal("4.91")
    assert found.revenue == euros("6294600.00")


def test_rule_3_ratio_without_decimals_rounds_nothing():
    ratio = reckon(contract(indexation=indexation("ratio")), YEAR_2025, []).percent
    assert Decimal("4.91") < ratio < Decimal("4.92")
    assert ratio.denominator > 10**6


def test_rule_4_2024_by_method():
    # 4.697 provisional; by ratio OVA catches up 1.55 and PPC 2.05, by difference 1.673 in all.
    rows = figures(
        ("OVA", 2024, "provisional", "4.96"),
        ("PPC", 2024, "provisional", "2.33"),
        ("OVA", 2023, "provisional", "4.50"),
        ("OVA", 2023, "definitive", "6.12"),
        ("PPC", 2023, "provisional", "5.00"),
        ("PPC", 2023, "definitive", "7.15"),
    )
    by_difference = reckon(contract(year=2024, indexation=indexation(decimals=3)), rows, [])
    by_ratio = reckon(contract(year=2024, indexation=indexation("ratio", decimals=2)), rows, [])
    assert by_difference.percent == Decimal("6.370")
    assert by_difference.revenue == euros("6382200.00")
    assert by_ratio.percent == Decimal("6.30")
    assert by_ratio.revenue == euros("6378000.00")
    assert by_difference.revenue - by_ratio.revenue == euros("4200.00")


def test_rule_5_the_first_contract_year_has_no_catch_up():
    found = reckon(contract(indexation=indexation(first_contract_year=True)), YEAR_2025[:2], [])
    assert found.percent == Decimal("3.944")
    assert found.revenue == euros("6236640.00")
    assert found.indexation == euros("236640.00")


def test_rule_6_a_mix_of_wages_and_prices():
    mix = Indexation(
        IndexMethod.DIFFERENCE, weights={"CAO": Decimal("0.85"), "CPI": Decimal("0.15")}, first_contract_year=True
    )
    rows = figures(("CAO", 2025, "provisional", "5.20"), ("CPI", 2025, "provisional", "3.30"))
    found = reckon(contract("412300.00", indexation=mix), rows, [])
    assert found.percent == Decimal("4.915")
    assert found.revenue == euros("432564.55")


VOLUME = VolumeClause(baseline=Decimal(1240), price_per_unit=Cents(600000))


def with_volume(active, corridor=None, mode="excess", price=Cents(600000), **terms):
    clause = VolumeClause(
        Decimal(1240),
        price,
        corridor_percent=None if corridor is None else Decimal(corridor),
        corridor_mode=CorridorMode(mode),
    )
    return reckon(contract("7440000.00", volume=clause, **terms), [], quarter_ends(*[active] * 4))


@pytest.mark.parametrize(
    ("active", "corridor", "mode", "adjustment"),
    [
        (1318, None, "excess", "468000.00"),
        (1318, "5", "excess", "96000.00"),
        (1318, "5", "whole", "468000.00"),
        (1150, "5", "excess", "-168000.00"),
        (1150, "5", "whole", "-540000.00"),
        (1302, "5", "whole", "0.00"),
        (1178, "5", "excess", "0.00"),
        (1240, None, "excess", "0.00"),
    ],
)
def test_rule_7_volume_adjustment_with_corridor(active, corridor, mode, adjustment):
    found = with_volume(active, corridor, mode)
    assert found.volume_adjustment == euros(adjustment)
    assert found.revenue == euros("7440000.00") + euros(adjustment)


def test_rule_7_the_price_follows_from_the_indexed_amount_when_none_is_agreed():
    assert with_volume(1318, price=None).volume_adjustment == euros("468000.00")
    indexed = with_volume(1318, price=None, indexation=Indexation(IndexMethod.FIXED, Decimal("4.96")))
    assert indexed.volume_adjustment == euros("491212.80")


def test_rule_7_the_adjustment_of_a_full_year_is_prorated_like_the_lump_sum():
    clause = VolumeClause(Decimal(1240), Cents(600000))
    rows = counts(("2025-09-30", 1318), ("2025-12-31", 1318), ("2025-03-31", 9999))
    found = reckon(contract("7440000.00", volume=clause, first_month=7, proration=Proration.DAYS), [], rows)
    assert found.volume_adjustment == euros("235923.29")


def test_rule_8_average_of_quarter_ends_or_the_reference_date():
    rows = quarter_ends(1250, 1290, 1330, 1402)
    on_average = reckon(contract(volume=VOLUME), [], rows)
    on_day = VolumeClause(
        Decimal(1240), Cents(600000), measure=Measure.REFERENCE_DATE, reference_date=date(2025, 12, 31)
    )
    assert on_average.measured == 1318
    assert reckon(contract(volume=on_day), [], rows).measured == 1402


def test_rule_8_month_ends_inside_the_contract_period():
    clause = VolumeClause(Decimal(1240), Cents(600000), measure=Measure.MONTH_ENDS)
    rows = counts(("2025-01-31", 1), ("2025-10-31", 1310), ("2025-11-30", 1317), ("2025-12-31", 1326))
    found = reckon(contract(volume=clause, first_month=10), [], rows)
    assert found.measured == Fraction(1310 + 1317 + 1326, 3)


def test_rule_35_deduction_of_five_percent_for_non_performance():
    one = reckon(contract(L, deductions=(Deduction(3, "laat", Decimal(5)),)), [], [])
    assert one.deducted == euros("34635.24")
    assert dict(one.instalments)[Month(2025, 3)] - one.deducted == euros("658069.54")
    two = reckon(contract(L, deductions=(Deduction(3, "", Decimal(5)), Deduction(4, "", Decimal(5)))), [], [])
    assert two.deducted == euros("69270.48")
    assert two.revenue == euros(L) - euros("69270.48")


def test_a_deduction_may_be_an_amount_in_a_calendar_month_of_a_part_year():
    found = reckon(contract(first_month=7, deductions=(Deduction(7, "laat", amount=Cents(12345)),)), [], [])
    assert [(due.month, due.amount, due.reason) for due in found.deductions] == [(Month(2025, 7), 12345, "laat")]


def test_the_upfront_discount_comes_off_before_indexation():
    fixed = Indexation(IndexMethod.FIXED, Decimal(10))
    found = reckon(contract("2000000.00", discount_percent=Decimal(20), indexation=fixed), [], [])
    assert (found.discount, found.lump_sum) == (euros("400000.00"), euros("1600000.00"))
    assert found.revenue == euros("1760000.00")


def test_indexation_comes_before_proration_and_instalments_follow_the_payment_shares():
    shares = tuple(Decimal(share) for share in ("2", "1", "1", "1", "1", "1"))
    terms = {"first_month": 7, "proration": Proration.DAYS, "payment_shares": shares}
    found = reckon(contract(indexation=Indexation(IndexMethod.FIXED, Decimal("4.96")), **terms), [], [])
    assert (found.lump_sum, found.indexation) == (euros("3024657.53"), euros("150023.02"))
    assert total(amount for _, amount in found.instalments) == euros("3174680.55")
    assert found.instalments[0][1] == euros("907051.59")


def places(of, *rest):
    return [(finding.file, finding.severity.value) for finding in missing(of, *rest)]


def test_a_sound_contract_misses_nothing():
    deductions = (Deduction(3, "", Decimal(5)),)
    of = contract(indexation=indexation(decimals=2), volume=VOLUME, deductions=deductions)
    assert missing(of, YEAR_2025, quarter_ends(1, 2, 3, 4)) == ()


def test_every_missing_index_figure_is_named_with_its_remedy():
    found = missing(contract(indexation=indexation()), YEAR_2025[:3], [])
    assert [finding.remedy for finding in found] == [
        "Voeg een rij toe met index OVA, year 2024 en kind definitive.",
        "Voeg een rij toe met index PPC, year 2024 en kind provisional.",
        "Voeg een rij toe met index PPC, year 2024 en kind definitive.",
    ]
    assert {finding.file for finding in found} == {"index_figures.csv"}


def test_a_figure_with_two_values_is_a_finding_and_a_repeated_row_is_not():
    of = contract(indexation=indexation())
    assert missing(of, [*YEAR_2025, YEAR_2025[0]], []) == ()
    assert places(of, [*YEAR_2025, *figures(("OVA", 2025, "provisional", "4.1"))], []) == [
        ("index_figures.csv", "error")
    ]


def test_weights_that_do_not_add_up_to_one_are_a_warning():
    of = contract(indexation=Indexation(IndexMethod.DIFFERENCE, weights={"OVA": Decimal("0.9")}))
    found = missing(of, YEAR_2025, [])
    assert [(finding.severity, finding.file) for finding in found] == [(Severity.WARNING, "contract.toml")]
    assert "0.9" in found[0].message
    assert reckon(of, YEAR_2025, []).revenue > 0


def test_index_terms_that_say_nothing_are_findings():
    assert places(contract(indexation=Indexation(IndexMethod.FIXED)), [], []) == [("contract.toml", "error")]
    assert places(contract(indexation=Indexation(IndexMethod.RATIO)), [], []) == [("contract.toml", "error")]


def test_a_missing_count_names_its_day():
    found = missing(contract(volume=VOLUME), [], quarter_ends(1, 2, 3, 4)[:3])
    assert [(finding.file, finding.column) for finding in found] == [("beschikkingen.csv", "date")]
    assert "2025-12-31" in found[0].message


@pytest.mark.parametrize(
    "clause",
    [
        VolumeClause(Decimal(1240), measure=Measure.REFERENCE_DATE),
        VolumeClause(Decimal(0), measure=Measure.REFERENCE_DATE, reference_date=date(2025, 12, 31)),
        VolumeClause(
            Decimal(1), measure=Measure.REFERENCE_DATE, reference_date=date(2025, 12, 31), corridor_percent=Decimal(-1)
        ),
    ],
    ids=["no reference date", "baseline of zero", "corridor below zero"],
)
def test_volume_terms_that_do_not_fit_are_findings(clause):
    assert places(contract(volume=clause), [], quarter_ends(1, 2, 3, 4)) == [("contract.toml", "error")]


def test_a_contract_period_without_quarter_end_cannot_be_measured_on_one():
    found = missing(contract(volume=VOLUME, last_month=2), [], [])
    assert [finding.column for finding in found] == ["lump_sum.volume.measure"]


@pytest.mark.parametrize(
    ("terms", "column"),
    [
        ({"deductions": (Deduction(3, "", Decimal(5)),), "first_month": 7}, "lump_sum.deductions[1].month"),
        ({"deductions": (Deduction(3),)}, "lump_sum.deductions[1]"),
        ({"deductions": (Deduction(3, "", Decimal(5), Cents(1)),)}, "lump_sum.deductions[1]"),
        ({"payment_shares": (Decimal(1),) * 11}, "lump_sum.payment_shares"),
        ({"payment_shares": (Decimal(0),) * 12}, "lump_sum.payment_shares"),
        ({"first_month": 8, "last_month": 7}, "lump_sum.first_month"),
    ],
    ids=["outside", "nothing", "both", "shares", "no weight", "no months"],
)
def test_terms_that_do_not_fit_are_refused_by_name(terms, column):
    of = contract(**terms)
    (found,) = missing(of, [], [])
    assert (found.file, found.column) == ("contract.toml", column)
    assert found.remedy
    with pytest.raises(Unsound) as refused:
        reckon(of, [], [])
    assert refused.value.findings == (found,)


@settings(max_examples=60, deadline=None)
@given(
    amount=st.integers(0, 10**11),
    first=st.integers(1, 12),
    length=st.integers(1, 12),
    percent=st.decimals("-10", "20", places=3),
    proration=st.sampled_from(Proration),
    shares=st.lists(st.integers(1, 100), min_size=12, max_size=12),
    weighted=st.booleans(),
)
def test_instalments_add_up_to_lump_sum_and_indexation(amount, first, length, percent, proration, shares, weighted):
    last = min(12, first + length - 1)
    terms = LumpSum(
        Cents(amount),
        first,
        last,
        proration,
        payment_shares=tuple(map(Decimal, shares[: last - first + 1])) if weighted else (),
        indexation=Indexation(IndexMethod.FIXED, percent),
    )
    of = Contract(
        "X",
        2025,
        Municipality("M", "0000"),
        LeadContractor("L", "1"),
        terms,
        SettlementTerms(date(2026, 3, 31), date(2026, 5, 31)),
    )
    found = reckon(of, [], [])
    assert total(part for _, part in found.instalments) == found.lump_sum + found.indexation
    assert len(found.instalments) == last - first + 1
