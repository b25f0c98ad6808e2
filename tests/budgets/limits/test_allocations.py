"""Limits on new allocations: 10 hours a month of 02A05 for four months at 89.42 are 3,576.80.

Up to 1 September 3,859.32 of the 6,100.00 was used, so that it comes to 7,436.12: 1,336.12 above the budget.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from budgets.limits import service, store
from budgets.limits.model import Case, Deed, Held
from budgets.limits.tables import budget_pass
from budgets.use.line_model import By
from budgets.use.line_service import use_on
from lead_contractor.contract.model import LimitKind
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.refusals import NotAllowed, Refusal
from tests.budgets.limits.scene import CARLA, DAY, DIRK, NOW, OTHER_CLIENT, limit, year_with


def test_a_warning_lets_it_pass(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("product", "warn"))
    before = year.allocations()
    assert year.allocate() == [
        "Let op: product 02A05 (Begeleiding) komt op € 7.436,12, € 1.336,12 boven 100 % van de begroting (€ 6.100,00)."
    ]
    assert year.allocations() == before + 1
    assert year.passes() == ()


def test_what_stays_below_the_limit_says_nothing(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("product", "refuse", "121.91"))
    with year.writing() as scope:
        crossed = service.standing(scope, year.contract, DAY)
    assert [one.line for one in crossed] == []
    with pytest.raises(Held, match=r"€ 7\.436,51 de grens"):
        year.allocate(hours=11)
    assert year.allocate() == []


def test_what_is_held_waits_until_somebody_lets_it_pass_once(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("product", "hold"))
    before = year.allocations()
    with pytest.raises(Held, match=r"€ 7\.436,12, terwijl € 6\.100,00 de grens is \(100 % van € 6\.100,00\)") as held:
        year.allocate()
    assert [one.over for one in held.value.crossings] == [1_336_12]
    assert year.allocations() == before, "nothing of it was kept"
    year.passed(7_436_12)
    assert year.allocate() == []
    (used,) = year.passes()
    assert (used.used, used.used_for, used.used_by and used.used_by.name) == (True, "allocation:7", "Carla")
    assert used.reason == "Spoed, met de gemeente besproken"
    with pytest.raises(Held):
        year.allocate(client=OTHER_CLIENT)
    assert year.allocations() == before + 1


def test_a_pass_holds_for_its_own_case_up_to_its_amount(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("product", "hold"))
    year.passed(7_436_11)
    year.passed(99_999_99, which="02A03")
    year.passed(99_999_99, case=Case(Deed.ALLOCATION, "8"))
    year.passed(99_999_99, case=Case(Deed.PAYMENT, "7"))
    with pytest.raises(Held):
        year.allocate()
    assert not any(one.used for one in year.passes())


def test_a_controller_may_pass_with_a_reason_at_once(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("product", "refuse", may_pass="controller"))
    with pytest.raises(Held):
        year.allocate(reason="  ")
    year.allocate(reason="Crisis, de gemeente weet ervan")
    (made,) = year.passes()
    assert (made.reason, made.used, made.most) == ("Crisis, de gemeente weet ervan", True, 7_436_12)


def test_what_is_refused_without_a_name_cannot_be_passed(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("product", "refuse"))
    with pytest.raises(Held, match=r"Het contract laat dit niet toe\. Wijzig eerst de begroting"):
        year.allocate(reason="Toch doen")
    with pytest.raises(NotAllowed, match="laat niemand"):
        year.passed(9_999_99)
    assert year.passes() == ()


def test_a_hold_below_a_refusal_can_be_passed_and_the_refusal_cannot(engine: Engine, tmp_path: Path):
    terms = (limit("product", "hold"), limit("product", "refuse", "130"))
    year = year_with(engine, tmp_path / "year", *terms)
    year.passed(99_999_99)
    with pytest.raises(Held, match=r"130 % van"):
        year.allocate(hours=12)  # 3,859.32 + 48 x 89.42 = 8,151.48 is above 7,930.00
    assert year.allocate() == []


def test_another_controller_than_whoever_allocates(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("product", "refuse", may_pass="second_controller"))
    with pytest.raises(Held, match="een andere controller"):
        year.allocate(reason="Zelf gezien")
    year.passed(9_999_99, by=CARLA)
    with pytest.raises(Held):
        year.allocate(by=CARLA)
    year.passed(9_999_99, by=DIRK)
    assert year.allocate(by=CARLA) == []
    assert [(one.made_by.name, one.used) for one in year.passes()] == [("Dirk", True), ("Carla", False)]


@pytest.mark.parametrize(
    ("kind", "at_percent", "said"),
    [
        ("subcontractor", "50", "onderaannemer 99990102"),
        ("year", "70", "het jaar 2025"),
        ("month", "1", ""),  # what is still to be delivered is of no month yet
    ],
)
def test_each_kind_looks_at_its_own_line(engine: Engine, tmp_path: Path, kind: str, at_percent: str, said: str):
    year = year_with(engine, tmp_path / "year", limit(kind, "warn", at_percent))
    found = year.allocate()
    assert [said in one for one in found] == ([True] if said else [])


def test_an_amount_that_cannot_be_determined_is_told(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("product", "hold"))
    with year.writing() as scope:
        scope.sql("DELETE FROM tariff WHERE lead_contractor_id = :lead AND product_code = '02A05'")
    assert year.allocate() == [
        "Van 1 toewijzing(en) is geen bedrag te bepalen; die zijn niet aan de begroting getoetst."
    ]


def test_a_new_allocation_commits_from_then_on(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year")
    year.allocate()
    with year.writing() as scope:
        rows = {row.key[0]: row.figures for row in use_on(scope, year.contract, DAY, By.PRODUCT).rows}
    assert rows["02A05"].committed == 3_576_80


def test_a_pass_needs_a_reason_and_is_kept_as_it_was(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("product", "hold"))
    line, case = (LimitKind.PRODUCT, "02A05"), Case(Deed.ALLOCATION, "7")
    with year.writing() as scope:
        with pytest.raises(Refusal, match="reden"):
            service.give_pass(scope, year.contract, line, case, Cents(5), " ", CARLA, NOW)
        with pytest.raises(Refusal, match="tot welk bedrag"):
            service.give_pass(scope, year.contract, line, case, Cents(0), "x", CARLA, NOW)
    made = year.passed(5)
    with year.writing() as scope:
        store.use_pass(scope, made.id, "allocation:7", CARLA, NOW)
    with pytest.raises(DBAPIError), year.writing() as scope:
        store.use_pass(scope, made.id, "allocation:8", CARLA, NOW)
    with pytest.raises(DBAPIError, match="append-only"), year.writing() as scope:
        scope.update(budget_pass, {"id": made.id}, reason="anders")
