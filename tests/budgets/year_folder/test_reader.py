"""A sound folder becomes plain values: money in cents, codes as text, terms as their own dataclasses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from budgets.plan.model import BudgetLine, HistoryRow, WaitingRow
from budgets.year_folder.model import YearFolder
from budgets.year_folder.reader import read
from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.contract.model import (
    CorridorMode,
    CostKind,
    Deduction,
    DeficitBand,
    Excess,
    FigureKind,
    IndexFigure,
    IndexMethod,
    Margin,
    MarginBase,
    Measure,
    OwnCost,
    PriorYear,
    Proration,
    Reserve,
)
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month, Period
from lead_contractor.parties.model import LeadContractor, Municipality, Sight, Size
from subcontractors.agreements.model import FormCode, Realised, Tariff
from subcontractors.agreements.pxq import Ceiling, PxqTerms
from tests.budgets.year_folder.sample import (
    ALLOCATIONS,
    CONTRACT,
    COSTS,
    SUBCONTRACTORS,
    TARIFFS,
    write_sample,
)

FULL_CONTRACT = """\
format = 1
id = "HK-2025"
year = 2025
[municipality]
name = "Hollands Kroon"
code = "0363"
sees = "subcontractors"
[lead_contractor]
name = "Voorbeeld Hoofdaannemer"
agb = "02420001"
[lump_sum]
amount = 8312457.35
first_month = 7
last_month = 12
proration = "days"
discount_percent = 20
payment_shares = [1, 1, 1, "2.5", 1, 0]
[lump_sum.indexation]
method = "difference"
weights = { OVA = "0.90", PPC = "0.10" }
decimals = 2
first_contract_year = true
[lump_sum.volume]
baseline = 1240
price_per_unit = "6000.00"
measure = "reference_date"
reference_date = 2025-12-31
corridor_percent = "5"
corridor_mode = "whole"
[[lump_sum.deductions]]
month = 8
percent = "5"
reason = "late quarterly report"
[[lump_sum.deductions]]
month = 9
amount = "100.00"
[settlement]
cut_off = 2026-03-31
corrections_until = 2026-05-31
prior_year = "eligible"
[settlement.margin]
cap_percent = "5"
base = "cost"
excess = "reserve"
[settlement.overhead]
cap_percent = "12"
[settlement.deficit]
bands = [ { up_to_percent = "2", municipality_percent = "0" }, { municipality_percent = "50" } ]
[settlement.reserve]
max_percent = "5"
opening_balance = "10.00"
"""


def sound(folder: Path) -> YearFolder:
    year, findings = read(folder)
    assert year is not None, [str(finding) for finding in findings]
    return year


def test_the_smallest_contract_takes_its_defaults(tmp_path: Path):
    contract = sound(write_sample(tmp_path / "year")).contract
    assert contract.id == "1911-2025"
    assert contract.municipality == Municipality("Hollands Kroon", "1911", Sight.PRODUCTS)
    assert contract.lead_contractor == LeadContractor("Voorbeeld Hoofdaannemer", "42420001", "12345678")
    assert contract.lump_sum.amount == Cents(120000000)
    assert len(contract.months) == 12
    assert contract.lump_sum.proration is Proration.MONTHS
    assert contract.settlement.margin == Margin(Decimal(5), MarginBase.REVENUE, Excess.REPAY)
    assert contract.settlement.prior_year is PriorYear.NOT_ELIGIBLE


def test_every_key_of_the_contract(tmp_path: Path):
    folder = write_sample(
        tmp_path / "year",
        contract=FULL_CONTRACT,
        agreements="",
        realised=None,
        index_figures="index,year,kind,percent,source\nOVA,2025,provisional,3.944,VWS\nPPC,2025,provisional,-0.5,CPB\n",
        beschikkingen="date,active\n2025-12-31,1402\n",
    )
    year = sound(folder)
    contract = year.contract
    assert (contract.id, contract.municipality.code, contract.lead_contractor.agb) == ("HK-2025", "0363", "02420001")
    assert contract.municipality.sees is Sight.SUBCONTRACTORS
    terms = contract.lump_sum
    assert (terms.amount, terms.first_month, terms.last_month) == (Cents(831245735), 7, 12)
    assert (terms.proration, terms.discount_percent) == (Proration.DAYS, Decimal(20))
    assert [str(share) for share in terms.payment_shares] == ["1", "1", "1", "2.5", "1", "0"]
    assert terms.indexation is not None
    assert terms.indexation.method is IndexMethod.DIFFERENCE
    assert terms.indexation.weights == {"OVA": Decimal("0.90"), "PPC": Decimal("0.10")}
    assert (terms.indexation.decimals, terms.indexation.first_contract_year) == (2, True)
    assert terms.volume is not None
    assert (terms.volume.baseline, terms.volume.price_per_unit) == (Decimal(1240), Cents(600000))
    assert (terms.volume.measure, terms.volume.reference_date) == (Measure.REFERENCE_DATE, date(2025, 12, 31))
    assert (terms.volume.corridor_percent, terms.volume.corridor_mode) == (Decimal(5), CorridorMode.WHOLE)
    assert terms.deductions == (
        Deduction(8, "late quarterly report", percent=Decimal(5)),
        Deduction(9, amount=Cents(10000)),
    )
    settlement = contract.settlement
    assert (settlement.cut_off, settlement.corrections_until) == (date(2026, 3, 31), date(2026, 5, 31))
    assert settlement.prior_year is PriorYear.ELIGIBLE
    assert settlement.margin == Margin(Decimal(5), MarginBase.COST, Excess.RESERVE)
    assert settlement.overhead_cap_percent == 12
    assert settlement.deficit_bands == (DeficitBand(Decimal(0), Decimal(2)), DeficitBand(Decimal(50)))
    assert settlement.reserve == Reserve(Decimal(5), Cents(1000))
    assert year.index_figures[1] == IndexFigure("PPC", 2025, FigureKind.PROVISIONAL, Decimal("-0.5"), "CPB")


def test_agreements_come_by_id_with_the_terms_of_their_form(tmp_path: Path):
    year = sound(write_sample(tmp_path / "year"))
    assert [agreement.id for agreement in year.agreements] == ["AV-1", "FTE-1", "LS-1", "PXQ-1", "TR-1"]
    assert [table["id"] for table in year.agreements_source] == ["AV-1", "FTE-1", "LS-1", "PXQ-1", "TR-1"]
    pxq = year.agreements[3]
    assert (pxq.form, pxq.subcontractor, pxq.products) == (FormCode.PXQ, "65656055", ("02A03", "02A05"))
    assert pxq.terms == PxqTerms(Ceiling(Cents(45000000), Decimal(70), frozenset({"crisis", "specific"})))


def test_an_agreement_without_days_runs_for_the_contract_period(tmp_path: Path):
    part_year = CONTRACT.replace("[settlement]", "first_month = 3\nlast_month = 10\n[settlement]", 1)
    year = sound(
        write_sample(
            tmp_path / "year",
            contract=part_year,
            realised=None,
            agreements="""\
[[agreement]]
id = "A"
subcontractor = "41410003"
form = "lump_sum"
amount = "1.00"
[[agreement]]
id = "B"
subcontractor = "41410002"
form = "lump_sum"
amount = "1.00"
valid_from = 2025-01-01
valid_to = 2027-12-31
""",
        )
    )
    assert year.agreements[0].validity == Period.inclusive(date(2025, 3, 1), date(2025, 10, 31))
    assert year.agreements[1].validity == Period.inclusive(date(2025, 1, 1), date(2027, 12, 31))


def test_codes_stay_text_and_empty_cells_are_nothing(tmp_path: Path):
    year = sound(write_sample(tmp_path / "year"))
    assert year.subcontractors[0].agb == "01410005"
    assert (year.subcontractors[0].size, year.subcontractors[0].consent_date) == (Size.ZZP, None)
    assert year.allocations[0] == Allocation(
        number="0003",
        bsn="999900031",
        subcontractor="41410004",
        category="02",
        start=date(2025, 2, 1),
        product_code="02A17",
        end=date(2025, 10, 31),
        volume=975000,
        unit=Unit.EURO,
        frequency=Frequency.TOTAL,
        area="Noord",
    )
    assert year.allocations[2].flags == frozenset({"crisis"})
    assert year.tariffs[1] == Tariff("65656055", "02A03", "04", Cents(5857), date(2025, 7, 1))


def test_the_other_tables(tmp_path: Path):
    year = sound(
        write_sample(
            tmp_path / "year",
            budget="product_code,subcontractor,month,amount\n02A03,,2025-01,100.00\n,65656055,,5\n",
            history=(
                "service_month,received_month,subcontractor,product_code,amount\n"
                "2024-01,2024-02,65656055,02A03,100.00\n2024-01,2024-03,65656055,02A03,-20.00\n"
            ),
            waiting="date,product_code,area,waiting,added,median_days\n2025-01-31,02A03,Noord,12,,30.5\n",
        )
    )
    assert total(receipt.amount for receipt in year.receipts) == Cents(120000000)
    assert year.realised[0] == Realised("AV-1", Month(2025, 1), occupancy_percent=Decimal("79.4"))
    assert year.costs[3] == OwnCost(date(2025, 10, 31), CostKind.OTHER, Cents(-25000), "Creditnota")
    assert year.costs[2].disallowed
    assert year.budget == (
        BudgetLine("", "65656055", None, Cents(500)),
        BudgetLine("02A03", "", Month(2025, 1), Cents(10000)),
    )
    assert [row.amount for row in year.history] == [Cents(10000), Cents(-2000)]
    assert isinstance(year.history[0], HistoryRow)
    assert year.waiting == (WaitingRow(date(2025, 1, 31), "02A03", "Noord", 12, None, Decimal("30.5")),)


def semicolons(text: str) -> str:
    """As a Dutch spreadsheet saves it: BOM, semicolons, decimal commas, carriage returns, trailing empty rows."""
    rows = [line.replace('"Herstel, samen"', '"Herstel§ samen"').replace(",", ";") for line in text.splitlines()]
    width = rows[0].count(";")
    cells = "\r\n".join([*rows, ";" * width, ";" * width]).replace("§", ",")
    return "\ufeff" + cells


def test_a_dutch_spreadsheet_reads_the_same(tmp_path: Path):
    plain = sound(write_sample(tmp_path / "plain", messages={}))
    costs = semicolons(COSTS).replace("000.00", "000,00").replace("-250.00", "-250,00")
    dutch = write_sample(
        tmp_path / "dutch",
        messages={},
        subcontractors=semicolons(SUBCONTRACTORS),
        tariffs=semicolons(TARIFFS).replace("55.80", "55,80"),
        allocations=semicolons(ALLOCATIONS),
        costs=costs.replace("false", "FALSE"),
    )
    assert sound(dutch) == plain


def test_columns_of_ones_own_are_kept(tmp_path: Path):
    costs = "x_note,date,kind,amount,description,disallowed,x_by\nlet op,2025-03-31,other,1.00,Iets,,\n"
    cost = sound(write_sample(tmp_path / "year", costs=costs)).costs[0]
    assert cost.extra == {"x_note": "let op"}


@pytest.mark.parametrize("table", ["tariffs", "allocations", "receipts", "costs"])
def test_tables_that_nothing_needs_may_be_absent(table: str, tmp_path: Path):
    changes: dict[str, Any] = {table: None}
    assert getattr(sound(write_sample(tmp_path / "year", **changes)), table) == ()


def test_a_header_without_rows_is_an_empty_table(tmp_path: Path):
    assert sound(write_sample(tmp_path / "year", costs=COSTS.splitlines()[0])).costs == ()
