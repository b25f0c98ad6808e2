"""A forecast and a back-test in words and columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from budgets.forecast.back_test import Said, back_test
from budgets.forecast.model import LineKey
from budgets.forecast.text import Shown, back_test_text, budget_by_line, forecast_text
from budgets.plan.model import BudgetLine
from budgets.year_folder.stored import as_table
from budgets.year_folder.terms import ContractTerms
from lead_contractor.kernel.money import Cents
from subcontractors.agreements.model import FormCode
from tests.budgets.forecast.made import KREEK, LINDE, YEAR, forecast, line
from tests.budgets.year_folder.sample import CONTRACT

TERMS = ContractTerms().load(as_table(CONTRACT))
AUGUST = date(2025, 8, 31)
DAGBESTEDING = LineKey("65656055", "07A01", FormCode.PXQ)
NAMES = {"65656055": "Thuis Verder", "41410003": "Buurthuis De Kreek aan het Water"}
MADE = forecast(
    AUGUST,
    line(LINDE, 1_000_00, realised=600_00, late=50_00, half80=80_00),
    line(KREEK, 240_000_00, realised=160_000_00),
    line(DAGBESTEDING, 300_00),
    half80=80_00,
    half95=120_00,
)


def budget(product: str, subcontractor: str, cents: int) -> BudgetLine:
    return BudgetLine(product, subcontractor, None, Cents(cents))


BUDGET = (budget("02A03", "65656055", 1_500_00), budget("09A00", "41410003", 240_000_00), budget("", "", 9_99))


def test_a_budget_line_goes_to_the_line_it_is_for():
    assert budget_by_line(MADE.lines, BUDGET) == {LINDE: 1_500_00, KREEK: 240_000_00}


def test_the_total_first_then_the_lines_by_deviation():
    made = replace(MADE, budget=Cents(241_000_00), run_out=date(2025, 12, 30), exposure=Cents(62_370_00))
    said = forecast_text(Shown(TERMS, made, NAMES, budget_by_line(made.lines, BUDGET))).splitlines()
    assert said[0] == "Prognose van 1911-2025, Hollands Kroon, per 31-08-2025"
    assert "  Prognose van het jaar             € 241.300,00" in said
    assert "  Met 80 % zekerheid                € 241.220,00 tot € 241.380,00" in said
    assert "  Prognose min beschikbaar          € +300,00" in said
    assert "  Naar verwachting besteed op       30-12-2025" in said
    assert "  Wachtlijst, niet in de prognose   € 62.370,00" in said
    table = said[-4:]
    assert [one[:26].strip() for one in table] == [
        "Thuis Verder", "Buurthuis De Kreek aan h…", "Thuis Verder", "Totaal"
    ]  # fmt: skip
    assert table[0].split() == [
        "Thuis", "Verder", "02A03", "P×Q", "600,00", "50,00", "1.000,00", "920,00", "1.080,00", "-500,00", "tempo",
    ]  # fmt: skip
    assert table[2].split()[-2:] == ["-", "tempo"], "a line without a budget has no deviation"


def test_what_lies_above_a_ceiling_is_not_realised():
    above = replace(line(LINDE, 900_00, realised=950_00), above_ceiling=Cents(150_00))
    said = forecast_text(Shown(TERMS, forecast(AUGUST, above), NAMES, {}))
    assert "  Gerealiseerd                      € 900,00" in said


def test_the_back_test_in_words():
    said = [
        Said(forecast(AUGUST, line(LINDE, 1_100_00, realised=600_00, half80=50_00, half95=120_00)), afterwards=True),
        Said(forecast(date(2026, 5, 31), line(LINDE, 1_000_00, realised=1_000_00)), afterwards=False),
    ]
    found = back_test(said, YEAR, date(2026, 5, 31), lambda _key, _day: None)
    assert found is not None
    told = back_test_text(TERMS, found).splitlines()
    assert "  Definitief bekend op 31-05-2026" in told
    row = next(one for one in told if one.startswith("31-08-2025"))
    assert " ".join(row.split()) == "31-08-2025* 1.100,00 +100,00 10,00 nee nee 0 van 1 -10,00 % -"
    assert any("achteraf gemaakt" in one for one in told)
    assert any("Prognose" in one and "gemiddelde fout € 100,00 (10,00 %)" in one for one in told)
    assert not any("Totaal van vorig jaar" in one for one in told), "no year before is known"
