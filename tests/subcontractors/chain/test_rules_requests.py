"""Requests against earlier messages and allocations: every rule with messages that break it and that do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from lead_contractor.allocation.model import Frequency, Unit
from lead_contractor.kernel.money import Cents
from subcontractors.chain import service
from subcontractors.chain.parts import Card
from tests.subcontractors.chain.scene import (
    ANNA,
    AT,
    THUIS_VERDER,
    WIJKTEAM,
    Chain,
    allocated,
    asked,
    changed,
    new,
    size,
    unchanged,
)

Make = Callable[..., Chain]
HOME = Card(date(1967, 8, 13), "1", "Wit", house_number="1", postcode="1234AB", town="Anna Paulowna")
CHANGED, WHOLE = "TeWijzigenProduct[1]", "Client/Verzoek"
TOTAL = {"volume": 200, "frequency": Frequency.TOTAL}


@pytest.fixture(params=("dialect", "strict"))
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_request_without_fault_is_returned_with_a_bare_header_and_waits(chain: Make):
    made = chain(allocated("1001"))
    assert made.one(made.request(asked("R1"), asked("R2", product="01"))) == {}
    waiting = service.worklist(made.scope, made.vault, made.contract_id, date(2025, 6, 2))
    assert [(one.reference, one.sender, one.status.value) for one in waiting] == [
        ("R1", THUIS_VERDER, "open"),
        ("R2", THUIS_VERDER, "open"),
    ]
    assert waiting[0].due_on == date(2025, 6, 6)  # dated Sunday 1 June: five working days


def test_tr304_a_change_is_about_a_client_of_the_sender(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    assert made.one(made.wish("W1", unchanged("1001"), new("02/02A05", "2025-07-01"), bsn=ANNA))["Client"] == ("8187",)
    assert made.one(made.wish("W1", unchanged("1001"), new("02/02A05", "2025-07-01"))) == {}


def test_tr347_a_reference_is_used_once(small: Make, mode: str):
    made = small(allocated("1001"), replace(allocated("1002"), bsn=ANNA), mode=mode)
    assert made.one(made.request(asked("R1"))) == {}
    assert made.one(made.request(asked("R1"), bsn=ANNA)) == {"AangevraagdProduct[1]": ("9347",)}
    assert made.one(made.request(asked("R1"), bsn=ANNA, sender=WIJKTEAM)) == {}
    twice = made.wish("R1", unchanged("1002"), new("02/02A05", "2025-07-01"), bsn=ANNA)
    assert made.one(twice) == {WHOLE: ("9347",)}
    assert made.one(made.request(asked("R2"), bsn=ANNA)) == {}


@pytest.mark.parametrize(("mode", "told"), [("dialect", {}), ("strict", {"AangevraagdProduct[1]": ("9347",)})])
def test_tr347_counts_per_contract_year_in_the_dialect_and_over_all_in_strict_mode(small: Make, mode: str, told: dict):
    first = small(allocated("1001"), mode=mode)
    assert first.one(first.request(asked("R1"))) == {}
    second = Chain(first.scope, allocated("2001"), mode=mode, contract_id=2)
    assert second.one(second.request(asked("R1"), name="ANDER")) == told


def test_tr349_a_change_names_all_allocations_that_hold(small: Make, mode: str):
    past = allocated("1003", start=date(2025, 1, 1), end=date(2025, 5, 31))
    gone = allocated("1004", end=date(2025, 1, 1), reason_change="13")
    made = small(allocated("1001"), allocated("1002", product_code="02A05"), past, gone, mode=mode)
    assert made.one(made.wish("W1", changed("1001", "2025-07-01", "2025-12-31"))) == {WHOLE: ("9349",)}
    assert made.one(made.wish("W1", unchanged("1002"), changed("1001", "2025-07-01", "2025-12-31"))) == {}


def test_tr350_an_unchanged_product_holds(small: Make, mode: str):
    past = allocated("1003", product_code="02A05", end=date(2025, 5, 31))
    made = small(allocated("1001"), past, mode=mode)
    wrong = made.wish("W1", unchanged("1001"), unchanged("1003"), new("02/02A05", "2025-07-01"))
    assert made.one(wrong) == {"OngewijzigdProduct[2]": ("9350",)}
    assert made.one(made.wish("W1", unchanged("1001"), new("02/02A05", "2025-07-01"))) == {}


def test_tr351_a_changed_product_holds(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    wrong = made.wish("W1", unchanged("1001"), changed("9999", "2025-07-01", "2025-12-31"))
    assert made.one(wrong) == {CHANGED: ("9351",)}
    assert made.one(made.wish("W1", changed("1001", "2025-07-01", "2025-12-31"))) == {}


@pytest.mark.parametrize(
    ("begin", "told"),
    [
        ("2025-01-01", {}),  # the whole term
        ("2025-01-02", {CHANGED: ("9357",)}),
        ("2025-06-01", {CHANGED: ("9357",)}),  # the day of the request itself
        ("2025-06-02", {}),  # the future
    ],
)
def test_tr357_a_change_of_today_or_before_is_for_the_whole_term(small: Make, mode: str, begin: str, told: dict):
    """TR380 asks for a day in the future of a new product only, so that this is told of a changed one."""
    made = small(allocated("1001"), mode=mode)
    assert made.one(made.wish("W1", changed("1001", begin, "2025-11-30"), dated="2025-06-01")) == told


def test_tr361_products_do_not_overlap(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    wrong = made.wish("W1", unchanged("1001"), new("02/02A03", "2025-07-01"))
    assert made.one(wrong) == {WHOLE: ("9361",)}
    assert made.one(made.wish("W1", unchanged("1001"), new("02/02A05", "2025-07-01"))) == {}


def test_tr361_a_category_overlaps_with_every_code_in_it(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    wrong = made.wish("W1", unchanged("1001"), new("02", "2025-07-01", extent={}))
    assert made.one(wrong) == {WHOLE: ("9361",)}


def test_tr373_a_total_or_a_budget_changes_for_the_whole_term(small: Make, mode: str):
    made = small(allocated("1001", start=date(2025, 7, 1), **TOTAL), mode=mode)
    total = size(300, "04", "6")
    assert made.one(made.wish("W1", changed("1001", "2025-08-01", "2025-12-31", total))) == {CHANGED: ("9373",)}
    assert made.one(made.wish("W1", changed("1001", "2025-07-01", "2025-12-31", total))) == {}


def test_tr373_a_budget_too(small: Make, mode: str):
    loose = {"product_code": "", "volume": None, "unit": None, "frequency": None, "budget": Cents(100_000)}
    made = small(allocated("1001", start=date(2025, 7, 1), **loose), mode=mode)
    wrong = made.wish("W1", changed("1001", "2025-08-01", "2025-12-31", {}, budget="200000"))
    right = made.wish("W1", changed("1001", "2025-07-01", "2025-12-31", {}, budget="200000"))
    assert made.one(wrong) == {CHANGED: ("9373",)}
    assert made.one(right) == {}


def test_tr374_one_request_at_a_time_for_a_client(small: Make, mode: str):
    made = small(allocated("1001"), replace(allocated("1002"), bsn=ANNA), mode=mode)
    assert made.one(made.request(asked("R1"))) == {}
    assert made.one(made.request(asked("R2"))) == {"Client": ("9374",)}
    assert made.one(made.wish("W1", unchanged("1001"), new("02/02A05", "2025-07-01")))["Client"] == ("9374",)
    assert made.one(made.request(asked("R3"), bsn=ANNA)) == {}
    (first, *_) = service.worklist(made.scope, made.vault, made.contract_id, date(2025, 6, 2))
    service.reject(made.scope, made.vault, made.contract_id, first.id, AT, "c@x.nl", "2")
    assert made.one(made.request(asked("R2"))) == {}


def test_tr375_no_size_where_the_allocation_names_no_product(small: Make, mode: str):
    bare = {"category": "", "product_code": "", "volume": None, "unit": None, "frequency": None}
    made = small(allocated("1001", start=date(2025, 7, 1), budget=Cents(5), **bare), mode=mode)
    wrong = made.wish("W1", changed("1001", "2025-07-01", "2025-12-31"))
    assert made.one(wrong) == {CHANGED: ("9375",)}
    assert made.one(made.wish("W1", changed("1001", "2025-07-01", "2025-12-31", {}, budget="7"))) == {}


def test_tr381_a_code_belongs_to_its_category(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    assert made.one(made.request(asked("R1", product="01/02A05"))) == {"AangevraagdProduct[1]": ("S329",)}
    wrong = made.wish("W1", unchanged("1001"), new("01/02A05", "2025-07-01"))
    assert made.one(wrong) == {"NieuwProduct[1]": ("S329",)}
    assert made.one(made.request(asked("R1"))) == {}


def test_tr411_a_size_where_a_code_was_allocated(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    assert made.one(made.wish("W1", changed("1001", "2025-07-01", "2025-12-31", {}))) == {CHANGED: ("9411",)}
    assert made.one(made.wish("W1", changed("1001", "2025-07-01", "2025-12-31"))) == {}


def test_tr412_no_size_where_only_a_category_was_allocated(small: Make, mode: str):
    loose = {"product_code": "", "volume": None, "unit": None, "frequency": None}
    made = small(allocated("1001", **loose), mode=mode)
    assert made.one(made.wish("W1", changed("1001", "2025-07-01", "2025-12-31"))) == {CHANGED: ("9412",)}
    assert made.one(made.wish("W1", changed("1001", "2025-07-01", "2025-11-30", {}))) == {}


def test_tr056_tr135_tr378_of_a_request(small: Make):
    made = small(allocated("1001"))
    assert made.one(made.request(asked("R1"), name="EEN")) == {}
    assert made.one(made.request(asked("R2"), name="EEN", bsn=ANNA)) == {"Header": ("9056",)}
    assert made.one(made.request(asked("R2"), dated="2025-06-05", bsn=ANNA)) == {"Header": ("8848",)}
    assert made.one(made.request(asked("R2"), receiver="9998", bsn=ANNA)) == {"Header": ("S300",)}


def test_unit_of_minutes_is_kept(small: Make):
    made = small(allocated("1001", unit=Unit.MINUTE))
    made.one(made.request(asked("R1", **size(600, "01", "4"))))
    (one,) = service.worklist(made.scope, made.vault, made.contract_id, date(2025, 6, 2))
    assert one.products[0].size == (600, "01", "4")
