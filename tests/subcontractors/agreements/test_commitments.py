"""What an allocation fixes in advance, and what it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Period
from subcontractors.agreements.commitments import Basis, commitment, tariff_for
from subcontractors.agreements.forms import form
from subcontractors.agreements.model import Agreement, FormCode, Tariff

YEAR = Period.inclusive(date(2025, 1, 1), date(2025, 12, 31))
PXQ = Agreement("PXQ-1", "65656055", FormCode.PXQ, YEAR, ("02A03",), form("pxq").schema.load({}))
LUMP = Agreement("LS-1", "65656055", FormCode.LUMP_SUM, YEAR, (), form("lump_sum").schema.load({"amount": "240000.00"}))
WALK = Agreement(
    "TR-1",
    "65656055",
    FormCode.TRAJECTORY,
    YEAR,
    ("02A17",),
    form("trajectory").schema.load(
        {"price": "9750.00", "milestones": [{"at": "start", "percent": "70"}, {"at": "end", "percent": "30"}]}
    ),
)
HOURLY = Tariff("65656055", "02A03", "04", Cents(5_580), date(2025, 1, 1))
WEEKLY = Allocation(
    "1001",
    "999900006",
    "65656055",
    "02",
    date(2025, 10, 7),
    "02A03",
    date(2025, 12, 30),
    3,
    Unit.HOUR,
    Frequency.WEEK,
)


def test_a_volume_commits_its_term_at_the_tariff_of_its_first_day() -> None:
    made = commitment(WEEKLY, PXQ, HOURLY)
    assert made is not None
    assert (made.basis, made.cents) == (Basis.VOLUME, 39 * 5_580)


def test_a_budget_and_euros_commit_themselves() -> None:
    budget = replace(WEEKLY, volume=None, unit=None, frequency=None, budget=Cents(120_000))
    euros = replace(WEEKLY, volume=300_00, unit=Unit.EURO, frequency=Frequency.TOTAL)
    for one, basis, cents in ((budget, Basis.BUDGET, 120_000), (euros, Basis.EUROS, 30_000)):
        made = commitment(one, PXQ, None)
        assert made is not None
        assert (made.basis, made.cents) == (basis, cents)


def test_a_trajectory_commits_its_price() -> None:
    made = commitment(replace(WEEKLY, product_code="02A17"), WALK, None)
    assert made is not None
    assert (made.basis, made.cents) == (Basis.PRICE, 975_000)


@pytest.mark.parametrize(
    "one",
    [
        replace(WEEKLY, end=None),
        replace(WEEKLY, volume=None, unit=None, frequency=None),
    ],
)
def test_without_end_or_volume_it_is_not_determinable(one: Allocation) -> None:
    made = commitment(one, PXQ, HOURLY)
    assert made is not None
    assert (made.basis, made.cents) == (Basis.NOT_DETERMINABLE, None)


def test_without_a_tariff_a_volume_is_not_determinable() -> None:
    made = commitment(WEEKLY, PXQ, None)
    assert made is not None
    assert made.cents is None


def test_what_is_deleted_or_paid_by_the_month_commits_nothing() -> None:
    assert commitment(replace(WEEKLY, reason_change="13"), PXQ, HOURLY) is None
    assert commitment(WEEKLY, LUMP, HOURLY) is None
    assert commitment(WEEKLY, None, HOURLY) is None


def test_the_tariff_is_looked_up_by_day_in_the_unit_of_the_allocation() -> None:
    later = replace(HOURLY, tariff=Cents(5_857), valid_from=date(2025, 7, 1))
    earlier = replace(HOURLY, valid_to=date(2025, 6, 30))
    tariffs = {("65656055", "02A03", "04"): [earlier, later]}
    assert tariff_for(WEEKLY, tariffs) == later
    assert tariff_for(replace(WEEKLY, start=date(2025, 6, 30)), tariffs) == earlier
    assert tariff_for(replace(WEEKLY, unit=Unit.MINUTE), tariffs) is None
