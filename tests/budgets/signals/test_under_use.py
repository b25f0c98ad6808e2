"""Money that stays unused signals by the band, not by the point; and so does a margin above its cap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from budgets.forecast.model import Band, ForecastLine, Standing
from budgets.scenarios.outlook import Outlook, Range, project
from budgets.signals.model import MUNICIPALITY_KINDS, Found, Kind, Level, together
from budgets.signals.under_use import margin_above_cap, under_use_of_budget, under_use_of_year
from lead_contractor.contract.model import BudgetTerms
from lead_contractor.kernel.money import Cents
from tests.budgets.scenarios.august import FORECAST, grounds
from tests.budgets.variance.forecasts_of import BAARDMAN, KWIKSTAART, YEAR, forecast, line

JUNE, AUGUST = date(2025, 6, 30), date(2025, 8, 31)
FIVE = BudgetTerms().under_use_percent
LINE = {(KWIKSTAART, "01A03"): Cents(3_000_000)}


def year(point: int, width: int) -> Found:
    made = forecast(AUGUST, line(months=[(600_000, 0, point - 600_000)]), budget=1_000_000, width=width)
    return under_use_of_year(made, FIVE)


@pytest.mark.parametrize(
    ("point", "width", "told"),
    [(500_000, 0, "raised"), (900_000, 49_999, "raised"), (900_000, 50_000, "held"), (900_000, 74_999, "held"),
     (900_000, 75_000, "nothing"), (960_000, 0, "nothing"), (400_000, 600_000, "nothing"), (1_200_000, 0, "nothing")],
)  # fmt: skip
def test_the_year_signals_when_the_whole_band_lies_five_percent_below(point: int, width: int, told: str):
    """A point of 400.000 of a million says nothing where the band reaches the million; what is certain never holds."""
    found = year(point, width)
    assert [one.kind for one in found.crossings] == ([Kind.UNDER_USE_YEAR] if told == "raised" else [])
    assert found.holding == ({"under_use_year:budget"} if told == "held" else set())


def test_at_stake_is_what_is_expected_to_stay_unused():
    (found,) = year(900_000, 20_000).crossings
    assert (found.stake, found.level, found.subcontractor) == (Cents(100_000), Level.ALMOST_SURE, "")
    assert (found.figures["high80"], found.figures["percent"]) == ("920000", "5")


def test_another_margin_of_the_contract_and_no_budget():
    made = forecast(AUGUST, line(months=[(0, 0, 900_000)]), budget=1_000_000, width=40_000)
    assert under_use_of_year(made, Decimal(6)).crossings == ()
    assert len(under_use_of_year(made, Decimal("5.9")).crossings) == 1
    assert under_use_of_year(replace(made, budget=None), FIVE) == Found()


def lines(*several: ForecastLine, budget: dict[tuple[str, str], Cents], day: date = AUGUST) -> Found:
    none = Band(*(Cents(0),) * 4)
    made = replace(forecast(day, *several), months=tuple(Standing(one, Cents(0), Cents(0), none) for one in YEAR))
    return together(under_use_of_budget(made, budget, FIVE))


def test_a_budget_line_signals_by_its_band_and_from_a_thousand_euros():
    sure = line(months=[(2_000_000, 0, 500_000)], width=340_000)
    (found,) = lines(sure, budget=LINE).crossings
    assert (found.key, found.stake) == (f"under_use:{KWIKSTAART}/01A03", Cents(500_000))
    assert (found.subcontractor, found.product_code, found.figures["high80"]) == (KWIKSTAART, "01A03", "2840000")
    unsure = line(months=[(2_000_000, 0, 500_000)], width=360_000)
    assert lines(unsure, budget=LINE) == Found(holding=frozenset({f"under_use:{KWIKSTAART}/01A03"}))
    small = {(KWIKSTAART, "01A03"): Cents(300_000)}
    assert lines(line(months=[(200_001, 0, 0)]), budget=small).crossings == ()


def test_a_product_signals_over_all_its_lines_where_none_of_them_does():
    """Each of two lines may reach its budget less five percent; both together do not."""
    budget = {(agb, "01A03"): Cents(3_000_000) for agb in (KWIKSTAART, BAARDMAN)}
    several = [line(agb, months=[(2_000_000, 0, 650_000)], width=220_000) for agb in (KWIKSTAART, BAARDMAN)]
    found = lines(*several, budget=budget)
    assert [(one.key, one.stake) for one in found.crossings] == [("under_use:/01A03", Cents(700_000))]
    unbudgeted = line("99990103", months=[(500_000, 0, 0)])
    assert lines(*several, unbudgeted, budget=budget).crossings == (), "a third one uses what they leave"


def test_a_budget_on_which_nothing_is_expected_signals_from_halfway_the_year():
    other = line(BAARDMAN, months=[(1_000, 0, 0)])
    assert lines(other, budget=LINE, day=date(2025, 5, 31)).crossings == ()
    (found,) = lines(other, budget=LINE, day=JUNE).crossings
    assert (found.stake, found.figures["high80"]) == (Cents(3_000_000), "0")


def outlook(result: int, low: int, cap: int = 400_000) -> Outlook:
    def above(cents: int) -> Cents:
        return Cents(max(0, cents - cap))

    made = project(FORECAST, grounds())
    band = Range(Cents(result), Cents(low), Cents(result + 100_000))
    over = Range(above(result), above(low), above(result + 100_000))
    return replace(made, cap=Cents(cap), result=band, excess=over, repaid=over)


def test_a_margin_signals_when_its_whole_band_lies_above_the_cap():
    (found,) = margin_above_cap(outlook(500_000, 400_001)).crossings
    assert (found.kind, found.key, found.stake) == (Kind.MARGIN, "margin:cap", Cents(100_000))
    assert (found.figures["cap"], found.figures["low80"]) == ("400000", "400001")
    assert margin_above_cap(outlook(500_000, 400_000)) == Found(holding=frozenset({"margin:cap"}))
    assert margin_above_cap(outlook(400_000, 300_000)) == Found()
    assert margin_above_cap(replace(outlook(500_000, 450_000), cap=None)) == Found()


def test_the_municipality_is_told_of_the_year_and_never_of_one_subcontractor():
    assert Kind.UNDER_USE_YEAR in MUNICIPALITY_KINDS
    assert Kind.MARGIN in MUNICIPALITY_KINDS
    assert Kind.UNDER_USE not in MUNICIPALITY_KINDS
