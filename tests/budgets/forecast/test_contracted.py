"""Forms with months agreed beforehand: as contracted, trued up as it went so far, to the cent once all is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from budgets.forecast.contracted import contracted, together
from lead_contractor.kernel.money import total
from lead_contractor.kernel.periods import Period
from subcontractors.agreements.forms import form
from subcontractors.agreements.model import Agreement, FormCode, Realised
from tests.budgets.forecast.made import YEAR

VALID = Period.inclusive(date(2025, 1, 1), date(2025, 12, 31))


def agreement(code: str, **terms: object) -> Agreement:
    return Agreement("A-1", "41410002", FormCode(code), VALID, (), form(code).schema.load(terms))


FTE = agreement("fte", fte="6.40", price_per_fte="92400.00")
HOURS = agreement(
    "fte",
    fte="6.40",
    price_per_fte="92400.00",
    hours={"gross": "1878", "norm_percent": "62", "tolerance_percent": "3"},
)
AVAILABLE = agreement(
    "availability", month_amount="38500.00", occupancy={"norm_percent": "85", "malus_percent_per_point": "0.5"}
)


def fte(months: int, *values: str, hours: str | None = None) -> list[Realised]:
    return [
        Realised("A-1", month, fte=Decimal(value), hours=None if hours is None else Decimal(hours))
        for month, value in zip(YEAR[:months], values * months, strict=False)
    ]


def test_nothing_realised_is_as_contracted():
    for one, amount in ((FTE, 591_360_00), (HOURS, 591_360_00), (AVAILABLE, 462_000_00)):
        found = contracted(one, 2025, YEAR, [])
        assert (found.year, found.low, found.high) == (amount, amount, amount)
        assert total(found.months.values()) == amount


def test_a_whole_year_is_what_the_settlement_makes_of_it():
    found = contracted(FTE, 2025, YEAR, fte(12, "6.12"))
    assert (found.year, found.low, found.high) == (565_488_00, 565_488_00, 565_488_00)
    full = contracted(HOURS, 2025, YEAR, fte(12, "6.12", hours="559.98"))  # 1,098 hours per FTE in a year
    assert full.year == 591_360_00 - 25_872_00 - 15_264_63
    rows = [Realised("A-1", month, occupancy_percent=Decimal("79.4")) for month in YEAR]
    assert contracted(AVAILABLE, 2025, YEAR, rows).year == 462_000_00 - 12_936_00


def test_part_of_a_year_is_carried_on_with_a_margin():
    found = contracted(FTE, 2025, YEAR, fte(8, "6.00", "6.24"))
    assert found.year == 565_488_00
    assert found.low < found.year < found.high <= 591_360_00
    assert total(found.months.values()) == 591_360_00, "the months stay as contracted"


def test_two_agreements_of_a_subcontractor_are_one_line():
    one, other = contracted(FTE, 2025, YEAR, fte(12, "6.12")), contracted(FTE, 2025, YEAR[:6], [])
    both = together([one, other])
    assert both.year == 565_488_00 + 295_680_00
    assert both.months[YEAR[0]] == one.months[YEAR[0]] + other.months[YEAR[0]]
