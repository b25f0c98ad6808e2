"""Late declarations: rule 29 by itself, inside the whole forecast, and against another implementation."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from budgets.forecast.arrived import received_share
from budgets.forecast.development import factors, not_declared_yet, pattern, ultimate
from budgets.forecast.forecast import forecast
from budgets.forecast.inputs import Flow
from budgets.forecast.laid_out import make
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import to_cents
from tests.budgets.forecast.lines import RULE_29, TWO_YEARS, YEAR, developed, inputs, line, pxq

SEPTEMBER = Month(2025, 9)
KNOWN = {SEPTEMBER: 214_300_00, Month(2025, 8): 301_870_25, Month(2025, 7): 329_114_60}
SHARES = {SEPTEMBER: 62, Month(2025, 8): 91, Month(2025, 7): 97}
OTHERS = {month: 320_000_00 + month.number * 7_654_32 for month in TWO_YEARS if month < Month(2025, 7)}


@pytest.mark.parametrize(
    ("received", "percent", "whole", "lacking"),
    [
        (214_300_00, 62, 345_645_16, 131_345_16),
        (301_870_25, 91, 331_725_55, 29_855_30),
        (329_114_60, 97, 339_293_40, 10_178_80),
        (100_00, 100, 100_00, 0),
    ],
    ids=["september", "august", "july", "developed"],
)
def test_rule_29(received, percent, whole, lacking):
    assert ultimate(Cents(received), percent) == whole
    assert not_declared_yet(Cents(received), percent) == lacking


def test_a_month_of_which_nothing_was_due_has_no_ultimate():
    with pytest.raises(ValueError, match="no ultimate"):
        ultimate(Cents(100), 0)


def rule_29_line(key, *, since=YEAR[0]):
    months = {month: cents for month, cents in OTHERS.items() if month >= since}
    months |= {month: to_cents(Fraction(cents * 100, SHARES[month])) for month, cents in KNOWN.items()}
    return line(key, developed(months, RULE_29, SEPTEMBER, known=KNOWN))


@pytest.mark.parametrize("since", [Month(2025, 1), Month(2024, 1)], ids=["this year alone", "with history"])
def test_constant_development_comes_out_to_the_cent_in_the_whole_forecast(since):
    made = forecast(inputs(date(2025, 9, 30), rule_29_line(pxq(), since=since)))
    (only,) = made.lines
    late = {month.month: month.late for month in only.months if month.late}
    assert late == {SEPTEMBER: 131_345_16, Month(2025, 8): 29_855_30, Month(2025, 7): 10_178_80}
    assert made.not_yet_declared == 131_345_16 + 29_855_30 + 10_178_80


def test_lines_that_develop_differently_but_evenly_each_follow_their_own():
    quick = {month: 1_000_000_00 for month in YEAR if month <= SEPTEMBER}
    slow = {month: 40_000_00 for month in YEAR if month <= SEPTEMBER}
    made = forecast(
        inputs(
            date(2025, 9, 30),
            line(pxq("11110001"), developed(quick, (80, 100), SEPTEMBER)),
            line(pxq("11110002"), developed(slow, (10, 50, 90, 100), SEPTEMBER)),
            rule_29_line(pxq("11110003")),
        )
    )
    late = {one.key.subcontractor: one.not_yet_declared for one in made.lines}
    assert late["11110001"] == 200_000_00
    assert late["11110002"] == 36_000_00 + 20_000_00 + 4_000_00
    assert late["11110003"] == 171_379_26


def test_factors_are_those_of_the_library_for_reserving():
    # The library warns about its own dependencies when it is imported and used.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        chainladder = pytest.importorskip("chainladder")
        import pandas as pd

        rows = [[100, 180, 210, 214], [120, 205, 250], [90, 171], [140]]
        long = pd.DataFrame(
            [
                {"origin": f"{2020 + year}-01-01", "development": f"{2020 + year + lag}-12-31", "paid": float(value)}
                for year, row in enumerate(rows)
                for lag, value in enumerate(row)
            ]
        )
        triangle = chainladder.Triangle(
            long, origin="origin", development="development", columns=["paid"], cumulative=True
        )
        fitted = chainladder.Development(average="volume").fit(triangle)
        theirs = fitted.ldf_.values.flatten().tolist()  # noqa: PD011 - no frame of pandas
    assert factors(rows) == pytest.approx(theirs)


def test_factors_of_nothing():
    assert factors([]) == ()
    assert factors([[0, 5], [0]]) == (1.0,)


def grid_of(as_of: date, *lines, cut_off: date | None = None):
    return make(lines, YEAR, as_of, cut_off)


def test_a_thin_line_leans_on_its_subcontractor_and_a_full_one_on_itself():
    uneven = (900_000, 870_000, 930_000, 880_000, 910_000, 890_000)
    months = YEAR[:6]

    def noisy(scale, first, wobble):
        flows = []
        for place, month in enumerate(months):
            part = first + (wobble if place % 2 else -wobble)
            whole = uneven[place] * scale
            flows += [Flow(month, month.plus(1), Cents(whole * part // 100))]
            flows += [Flow(month, month.plus(2), Cents(whole - whole * part // 100))]
        return [flow for flow in flows if flow.received <= Month(2025, 8)]

    big_slow = line(pxq("11110001", "02A03"), noisy(100, 40, 2))
    big_quick = line(pxq("11110002", "02A03"), noisy(100, 90, 2))
    first, after = months[0].plus(1), months[0].plus(2)
    thin = line(pxq("11110001", "02A05"), [Flow(months[0], first, Cents(50_00)), Flow(months[0], after, Cents(10_00))])
    found = pattern(grid_of(date(2025, 8, 31), big_slow, big_quick, thin))
    slow, quick, lean = found.share[:, 1]
    assert slow == pytest.approx(0.40, abs=0.02)
    assert quick == pytest.approx(0.90, abs=0.02)
    # Its one month says 83 %, its subcontractor 40 %, all lines together 65 %.
    assert abs(lean - 0.40) < abs(lean - 0.65)


def test_in_the_middle_of_a_month_the_part_counts_that_is_usually_in_by_that_day():
    flows = []
    for month in YEAR[:8]:
        received = month.plus(1)
        if received < SEPTEMBER:
            flows += [Flow(month, received, Cents(60_000_00), day=5), Flow(month, received, Cents(40_000_00), day=20)]
    by_day = {}
    for day in (1, 10, 25):
        share, _ = received_share(grid := grid_of(date(2025, 9, day), line(pxq(), flows)), pattern(grid))
        by_day[day] = share[0, 7]
    assert by_day[1] < 0.05
    assert by_day[10] == pytest.approx(0.6, abs=0.1)
    assert by_day[25] > 0.9


def test_what_would_come_after_the_cut_off_is_not_expected():
    months = dict.fromkeys(TWO_YEARS, 100_000_00)
    december = Month(2025, 12)
    flows = developed(months, (0, 50, 80, 90, 100), december.plus(1))
    open_end = forecast(inputs(date(2026, 1, 31), line(pxq(), flows)))
    cut = forecast(replace(inputs(date(2026, 1, 31), line(pxq(), flows)), cut_off=date(2026, 3, 31)))
    assert open_end.lines[0].months[-1].point == 100_000_00
    assert cut.lines[0].months[-1].point == 90_000_00


def test_months_of_which_nothing_was_declared_yet_lose_what_would_come_after_the_cut_off_too():
    months = dict.fromkeys(TWO_YEARS, 100_000_00)
    for day in (date(2025, 8, 31), date(2025, 12, 31)):
        flows = developed(months, (0, 50, 80, 90, 100), Month.of(day))
        made = forecast(replace(inputs(day, line(pxq(), flows)), cut_off=date(2026, 3, 31)))
        assert made.lines[0].months[-1].point == 90_000_00
        assert made.point == 12 * 100_000_00 - 10_000_00


def test_a_month_without_declarations_is_late_rather_than_empty_while_allocations_run():
    months = {month: 100_000_00 for month in TWO_YEARS if month < Month(2025, 6)}
    flows = developed(months, (0, 90, 100), Month(2025, 8))
    running = line(pxq(), flows, allocated=dict.fromkeys(YEAR, Cents(125_000_00)))
    made = forecast(inputs(date(2025, 8, 31), running))
    june = made.lines[0].months[5]
    assert june.realised == 0
    assert 80_000_00 < june.late < 100_000_00
    assert [reason.code for reason in made.lines[0].reasons].count("silent") == 1
