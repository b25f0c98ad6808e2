"""What P×Q, FTE, lump-sum and availability agreements make due: rules 19, 20 and 21."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_contractor.kernel.findings import Severity
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month, Period
from subcontractors.agreements import availability, fte, lump_sum, pxq
from subcontractors.agreements.model import AdjustmentKind, Agreement, Evidence, FormCode, Production, Realised
from subcontractors.agreements.months import covered_months, validity_months

YEAR = tuple(Month(2025, number) for number in range(1, 13))
HALF = YEAR[6:]


def agreement(form, terms, first=date(2025, 1, 1), last=date(2025, 12, 31), products=()):
    return Agreement("A-1", "41410002", FormCode(form), Period.inclusive(first, last), products, terms)


def realised(months, fte=None, hours=None, occupancy_percent=None):
    """The same value every month, or a list with one a month."""

    def on(position, value):
        return None if value is None else Decimal(value[position] if isinstance(value, list) else value)

    return tuple(
        Realised("A-1", month, on(position, fte), on(position, hours), on(position, occupancy_percent))
        for position, month in enumerate(months)
    )


def kinds(due):
    return {adjustment.kind: adjustment.amount for adjustment in due.adjustments}


# -- P×Q -------------------------------------------------------------------------------------------------------------

CEILING = pxq.Ceiling(Cents(45000000), Decimal(70), frozenset({"crisis", "specific"}))


def pxq_due(amount, always_paid=0, ceiling=CEILING):
    of = agreement("pxq", pxq.PxqTerms(ceiling))
    return pxq.FORM.due(of, Evidence(2025, YEAR, production=Production(Cents(amount), Cents(always_paid))))


def test_rule_20_what_lies_above_the_ceiling_is_not_paid_but_crisis_is():
    due = pxq_due(47860000, 1240000)
    assert due.months == ()
    assert due.above_ceiling == Cents(1620000)
    assert due.true_up == 0
    assert Cents(47860000) - due.above_ceiling == Cents(46240000)
    assert "€ 16.200,00" in due.adjustments[0].explanation


def test_rule_20_without_always_paid_work_all_above_the_ceiling_is_unpaid():
    assert pxq_due(47860000).above_ceiling == Cents(2860000)


def test_at_the_ceiling_nothing_is_taken_off():
    assert pxq_due(45000000).adjustments == ()
    assert pxq_due(46240000, 1240000).adjustments == ()
    assert pxq_due(99999999, ceiling=None).adjustments == ()


@pytest.mark.parametrize(("amount", "signals"), [(31499999, 0), (31500000, 1)], ids=["a cent below", "reached"])
def test_rule_20_the_signal_is_a_warning_at_seventy_percent(amount, signals):
    of = agreement("pxq", pxq.PxqTerms(CEILING))
    assert CEILING.signal_amount == Cents(31500000)
    found = pxq.FORM.missing(of, Evidence(2025, YEAR, production=Production(Cents(amount))))
    assert [finding.severity for finding in found] == [Severity.WARNING] * signals


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_ceiling_is_never_passed(amount, always_paid, ceiling):
    always_paid = min(amount, always_paid)
    due = pxq_due(amount, always_paid, pxq.Ceiling(Cents(ceiling)))
    assert due.above_ceiling >= 0
    assert amount - always_paid - due.above_ceiling <= ceiling


# -- FTE -------------------------------------------------------------------------------------------------------------

NORM = fte.HoursNorm(Decimal(1878), Decimal(62), Decimal(3))


def fte_terms(true_up="down_only", hours=None, agreed="6.40"):
    return fte.FteTerms(Decimal(agreed), Cents(9240000), fte.TrueUp(true_up), hours)


def fte_due(terms, months=YEAR, **values):
    evidence = Evidence(2025, months, realised(months, **values))
    of = agreement("fte", terms)
    assert fte.FORM.missing(of, evidence) == ()
    return fte.FORM.due(of, evidence)


def test_rule_19_fte_is_trued_up_on_what_was_realised():
    due = fte_due(fte_terms(), fte="6.12")
    assert due.contracted == Cents(59136000)
    assert due.true_up == Cents(-2587200)
    assert due.contracted + due.true_up == Cents(56548800)
    assert [month.amount for month in due.months] == [Cents(4928000)] * 12


def test_rule_19_hours_below_the_norm_lower_the_price():
    due = fte_due(fte_terms(hours=NORM), fte="6.12", hours=str(Decimal(1098) * Decimal("6.12") / 12))
    assert NORM.norm == Decimal("1164.36")
    assert NORM.floor == Decimal("1129.4292")
    assert fte.hour_price(fte_terms(), NORM) == Cents(7936)
    assert kinds(due) == {AdjustmentKind.TRUE_UP: Cents(-2587200), AdjustmentKind.HOURS: Cents(-1526463)}
    assert due.true_up == Cents(-2587200 - 1526463)
    hours = due.adjustments[1].explanation
    for step in ("1129,43", "31,43", "€ 79,36", "€ 2.494,22", "6,12 FTE", "€ 15.264,63"):
        assert step in hours


def test_more_fte_than_agreed_is_only_paid_where_the_true_up_works_both_ways():
    assert fte_due(fte_terms(), fte="6.50").true_up == 0
    assert fte_due(fte_terms("both"), fte="6.50").true_up == Cents(924000)


def test_the_hours_shortfall_lowers_also_where_more_fte_was_realised():
    due = fte_due(fte_terms("both", NORM), fte="6.50", hours="500")
    assert kinds(due)[AdjustmentKind.TRUE_UP] > 0
    assert kinds(due)[AdjustmentKind.HOURS] < 0


def test_hours_within_the_tolerance_cost_nothing():
    assert fte_due(fte_terms(hours=NORM, agreed="6.00"), fte="6.00", hours="565").adjustments == ()


def test_the_average_fte_is_not_rounded():
    months = ["6.12"] * 11 + ["6.13"]
    assert fte_due(fte_terms(), fte=months).true_up == Cents(-2579500)


def test_a_part_of_the_year_counts_months_over_twelve():
    hours = str(Decimal(549) * Decimal("6.12") / 6)
    due = fte_due(fte_terms(hours=NORM), HALF, fte="6.12", hours=hours)
    assert due.contracted == Cents(29568000)
    assert kinds(due)[AdjustmentKind.TRUE_UP] == Cents(-1293600)
    # floor 564.7146, short 15.7146 × 79.36 = 1,247.11 per FTE × 6.12
    assert kinds(due)[AdjustmentKind.HOURS] == Cents(-763231)
    assert [month.month for month in due.months] == list(HALF)


def test_months_of_fte_differ_by_at_most_a_cent_and_add_up():
    terms = fte.FteTerms(Decimal("1.01"), Cents(9240001))
    due = fte_due(terms, fte="1.01")
    assert due.contracted == Cents(9332401)
    assert {int(month.amount) for month in due.months} == {777700, 777701}


def test_without_any_fte_nothing_is_due_and_no_hours_are_short():
    due = fte_due(fte_terms(hours=NORM), fte="0", hours="0")
    assert due.contracted + due.true_up == 0


def test_a_missing_month_of_fte_or_hours_is_a_finding():
    of = agreement("fte", fte_terms(hours=NORM))
    rows = realised(YEAR[:11], fte="6.12", hours="500")
    found = fte.FORM.missing(of, Evidence(2025, YEAR, rows))
    assert [(finding.file, finding.column, finding.severity) for finding in found] == [
        ("realised.csv", "fte", Severity.ERROR),
        ("realised.csv", "hours", Severity.ERROR),
    ]
    assert all("A-1" in finding.message and "2025-12" in finding.message for finding in found)
    assert len(fte.FORM.missing(agreement("fte", fte_terms()), Evidence(2025, YEAR))) == 12


def test_rows_outside_the_months_of_the_agreement_do_not_count():
    rows = realised(YEAR, fte=["0"] * 6 + ["6.40"] * 6)
    due = fte.FORM.due(agreement("fte", fte_terms()), Evidence(2025, HALF, rows))
    assert (due.contracted, due.true_up) == (Cents(29568000), 0)


def test_an_agreement_outside_the_contract_period_makes_nothing_due():
    assert fte.FORM.due(agreement("fte", fte_terms(hours=NORM)), Evidence(2025, ())).months == ()


# -- Lump sum --------------------------------------------------------------------------------------------------------


def test_a_lump_sum_falls_in_equal_months():
    due = lump_sum.FORM.due(agreement("lump_sum", lump_sum.LumpSumTerms(Cents(24000001))), Evidence(2025, YEAR))
    assert [month.amount for month in due.months] == [Cents(2000001), *[Cents(2000000)] * 11]
    assert due.adjustments == ()


def test_a_lump_sum_over_several_years_counts_the_months_of_the_contract_year():
    terms = lump_sum.LumpSumTerms(Cents(10000000))
    of = agreement("lump_sum", terms, date(2024, 7, 1), date(2026, 6, 30))
    assert len(validity_months(of)) == 24
    due = lump_sum.FORM.due(of, Evidence(2025, covered_months(of, YEAR)))
    # 24 months of 4,166.66 leave 16 cents for the first 16 months: ten of them lie in 2025.
    assert due.contracted == Cents(416666 * 12 + 10)


def test_a_lump_sum_needs_an_end():
    of = agreement("lump_sum", lump_sum.LumpSumTerms(Cents(1)), last=None)
    (found,) = lump_sum.FORM.missing(of, Evidence(2025, YEAR))
    assert (found.file, found.column) == ("agreements.toml", "valid_to")
    assert lump_sum.FORM.missing(agreement("lump_sum", of.terms), Evidence(2025, YEAR)) == ()
    with pytest.raises(ValueError, match="last day"):
        validity_months(of)


@given(st.integers(0, 10**10), st.dates(date(2024, 1, 1), date(2026, 1, 1)), st.integers(0, 1000))
def test_a_lump_sum_adds_up_over_the_years(amount, first, days):
    of = agreement("lump_sum", lump_sum.LumpSumTerms(Cents(amount)), first, date.fromordinal(first.toordinal() + days))
    years = [tuple(Month(year, number) for number in range(1, 13)) for year in range(2024, 2030)]
    dues = [lump_sum.FORM.due(of, Evidence(months[0].year, covered_months(of, months))) for months in years]
    assert total(due.contracted for due in dues) == amount


def test_months_are_those_touched_by_the_validity():
    of = agreement("pxq", pxq.PxqTerms(), date(2025, 3, 31), date(2025, 5, 1))
    assert covered_months(of, YEAR) == YEAR[2:5]
    assert covered_months(agreement("pxq", pxq.PxqTerms(), date(2025, 3, 31), None), YEAR) == YEAR[2:]
    assert covered_months(agreement("pxq", pxq.PxqTerms(), date(2026, 3, 31), None), YEAR) == ()


# -- Availability ----------------------------------------------------------------------------------------------------


def available(occupancy=None, months=YEAR, **values):
    of = agreement("availability", availability.AvailabilityTerms(Cents(3850000), occupancy))
    evidence = Evidence(2025, months, realised(months, **values))
    assert availability.FORM.missing(of, evidence) == ()
    return availability.FORM.due(of, evidence)


OCCUPANCY = availability.Occupancy(Decimal(85), Decimal("0.5"))


def test_rule_21_availability_is_fixed():
    due = available()
    assert due.contracted == Cents(46200000)
    assert due.adjustments == ()


def test_rule_21_a_malus_for_every_point_below_the_norm():
    due = available(OCCUPANCY, occupancy_percent="79.4")
    assert kinds(due) == {AdjustmentKind.MALUS: Cents(-1293600)}
    assert due.true_up == Cents(-1293600)
    assert "2,80%" in due.adjustments[0].explanation


def test_the_malus_follows_the_average_and_above_the_norm_there_is_no_bonus():
    assert available(OCCUPANCY, occupancy_percent=["73.8"] * 6 + ["85"] * 6).true_up == Cents(-1293600)
    assert available(OCCUPANCY, occupancy_percent="85").adjustments == ()
    assert available(OCCUPANCY, occupancy_percent="99").adjustments == ()


def test_the_malus_is_taken_of_the_months_that_the_agreement_covers():
    assert available(OCCUPANCY, HALF, occupancy_percent="79.4").true_up == Cents(-646800)


def test_the_malus_never_exceeds_the_amount():
    steep = availability.Occupancy(Decimal(85), Decimal(5))
    assert available(steep, occupancy_percent="10").true_up == Cents(-46200000)


def test_a_missing_occupancy_is_a_finding_only_where_a_malus_is_agreed():
    of = agreement("availability", availability.AvailabilityTerms(Cents(1), OCCUPANCY))
    assert [finding.column for finding in availability.FORM.missing(of, Evidence(2025, HALF))] == [
        "occupancy_percent"
    ] * 6
