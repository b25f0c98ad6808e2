"""Versions of the budget: proposed by one, approved by another, kept, and read as of a day."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from budgets.plan import service
from budgets.plan.amend import plan_total
from budgets.plan.changes import carried, moved, raised, to_next_year
from budgets.plan.model import AmendmentKind
from budgets.plan.store import budget_lines
from budgets.plan.tables import budget_amendment, budget_decision, budget_version
from budgets.settlement.layout import to_json
from budgets.settlement.service import settle_contract
from budgets.use.service import use_of, year_position
from budgets.year_folder.service import export, load
from budgets.year_folder.stored import contract_of
from lead_contractor.access.hand import Hand
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from tests.klein import AT, FOLDER, MASTER_KEY

CARLA, DIRK = Hand(1, "Carla"), Hand(2, "Dirk")
HELP, GUIDE = ("01A04", "99990101"), ("02A03", "99990102")
YEAR = tuple(Month(2025, number) for number in range(1, 13))
JULY, SEPTEMBER = date(2025, 7, 1), date(2025, 9, 1)
BUDGET_TERMS = """
[budget]
transfers = "within_category"
carry_over = "year"
areas = { Noord = "235", Midden = "108", Zuid = "49" }

[[budget.limit]]
kind = "year"
action = "warn"
at_percent = "90"

[[budget.limit]]
kind = "product"
action = "refuse"
may_pass = "second_controller"
"""


@contextmanager
def scope_of(engine: Engine, lead: int = 1) -> Iterator[Scope]:
    with writing(engine) as connection:
        yield Scope(connection, lead)


def folder_with(place: Path, extra: str = "", **changed: str) -> Path:
    """The example with more terms, and other files."""
    shutil.copytree(FOLDER, place)
    terms = place / "contract.toml"
    terms.write_text(terms.read_text() + extra)
    for name, content in changed.items():
        (place / f"{name}.csv").write_text(content)
    return place


def approved(scope: Scope, kind: AmendmentKind, changes: list, valid_from: date, reason: str = "Afgesproken") -> int:
    made = service.propose(scope, 1, kind, changes, valid_from, reason, CARLA, AT)
    return service.approve(scope, 1, made.id, DIRK, AT).id


def test_what_was_loaded_is_version_one_and_adds_up(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        budget = service.budget_of(scope, 1)
        assert budget.from_file
        assert [one.number for one in budget.versions] == [1]
        assert plan_total(budget.plan(1)) == total(line.amount for line in budget_lines(scope, 1))


def test_without_a_file_it_is_what_agreements_with_agreed_months_make_due(engine: Engine, tmp_path: Path):
    folder = folder_with(tmp_path / "year")
    (folder / "budget.csv").unlink()
    loaded = load(engine, MASTER_KEY, folder, AT)
    with scope_of(engine, loaded.lead_contractor_id) as scope:
        budget = service.budget_of(scope, loaded.contract_id)
        sums = {place: total(months.values()) for place, months in budget.plan(1).items()}
    assert not budget.from_file
    assert sums == {
        ("06A00", "99990103"): 36_960_00,  # 0.40 x 92,400.00
        ("09A00", "99990104"): 24_000_00,
        ("04A02", "99990106"): 24_600_00,  # 12 x 2,050.00
    }


def test_an_amendment_is_made_by_one_and_approved_by_another(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        before = service.budget_of(scope, 1).plan(1)
        changes = moved(1, HELP, GUIDE, Cents(600_00), YEAR[6:], before)
        made = service.propose(scope, 1, AmendmentKind.TRANSFER, changes, JULY, "Minder instroom", CARLA, AT)
        assert [one.number for one in service.budget_of(scope, 1).versions] == [1], "a proposal is no version yet"
        with pytest.raises(NotAllowed, match="collega"):
            service.approve(scope, 1, made.id, CARLA, AT)
        with pytest.raises(Conflict, match="niet het voorstel"):
            service.approve(scope, 1, made.id, DIRK, AT, content_hash="0" * 64)
        done = service.approve(scope, 1, made.id, DIRK, AT, content_hash=made.content_hash)
        assert (done.made_by.name, done.decided_by and done.decided_by.name, done.reason) == (
            "Carla", "Dirk", "Minder instroom",
        )  # fmt: skip
        with pytest.raises(Conflict, match="al beslist"):
            service.reject(scope, 1, made.id, CARLA, AT, "toch niet")
        budget = service.budget_of(scope, 1)
        assert [one.number for one in budget.versions] == [1, 2]
        assert plan_total(budget.plan(2)) == plan_total(before)
        assert total(budget.plan(2)[HELP].values()) == total(before[HELP].values()) - 600_00
        assert budget.plan(1) == before, "the first version is kept"
        with pytest.raises(NotFound, match="versie 3"):
            budget.plan(3)


def test_as_of_a_day_the_version_that_held_then(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        plan = service.budget_of(scope, 1).plan(1)
        approved(scope, AmendmentKind.CHANGE, raised(1, HELP, Cents(100_00), YEAR[6:], plan), JULY)
        approved(scope, AmendmentKind.CHANGE, raised(1, GUIDE, Cents(50_00), YEAR[9:], plan), SEPTEMBER)
        budget = service.budget_of(scope, 1)
        days = (JULY - timedelta(days=1), JULY, SEPTEMBER - timedelta(days=1), SEPTEMBER, None)
        assert [budget.on(day).number for day in days] == [1, 2, 2, 3, 3]
        sums = [plan_total(budget.plan_on(day)) - plan_total(plan) for day in days]
        assert sums == [0, 100_00, 100_00, 150_00, 150_00]
        early = raised(1, HELP, Cents(1), YEAR, plan)
        with pytest.raises(Refusal, match="Kies een latere dag"):
            service.propose(scope, 1, AmendmentKind.CHANGE, early, JULY, "te vroeg", CARLA, AT)


def test_the_use_of_the_year_is_held_against_the_version_of_its_month(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        plan = service.budget_of(scope, 1).plan(1)
        approved(scope, AmendmentKind.CHANGE, raised(1, HELP, Cents(1_000_00), YEAR[:1], plan), JULY)

        def budget_until(month: Month) -> int:
            tables = use_of(scope, year_position(scope, 1, month))
            assert tables is not None
            row = next(one for one in tables.products.rows if one.code == "01A04")
            assert row.budget is not None
            return int(row.budget)

        june, july = (total(plan[HELP][month] for month in YEAR[:count]) for count in (5, 6))
        assert budget_until(Month(2025, 6)) == june
        assert budget_until(Month(2025, 7)) == july + 1_000_00


def test_amendments_change_nothing_in_the_books_nor_in_the_settlement(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        before = to_json(settle_contract(scope, 1, AT))
        count = scope.sql("SELECT COUNT(*) FROM transfer WHERE lead_contractor_id = :lead").scalar_one()
        plan = service.budget_of(scope, 1).plan(1)
        approved(scope, AmendmentKind.CHANGE, raised(1, HELP, Cents(100_00), YEAR, plan), JULY)
        assert to_json(settle_contract(scope, 1, AT)) == before
        assert scope.sql("SELECT COUNT(*) FROM transfer WHERE lead_contractor_id = :lead").scalar_one() == count


def test_a_rejected_amendment_stays_on_record_and_makes_no_version(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        plan = service.budget_of(scope, 1).plan(1)
        changes = raised(1, HELP, Cents(100_00), YEAR, plan)
        made = service.propose(scope, 1, AmendmentKind.CHANGE, changes, JULY, "Meer vraag", CARLA, AT)
        with pytest.raises(Refusal, match="reden"):
            service.reject(scope, 1, made.id, DIRK, AT, " ")
        done = service.reject(scope, 1, made.id, CARLA, AT, "vergissing")
        assert (done.approved, done.decision_reason) == (False, "vergissing")
        assert len(service.budget_of(scope, 1).versions) == 1


def test_what_fitted_when_proposed_and_no_longer_fits_is_not_approved(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        plan = service.budget_of(scope, 1).plan(1)
        off = raised(1, HELP, -plan[HELP][YEAR[0]], YEAR[:1], plan)
        first, second = (
            service.propose(scope, 1, AmendmentKind.CHANGE, off, JULY, f"Eraf {n}", CARLA, AT) for n in (1, 2)
        )
        service.approve(scope, 1, first.id, DIRK, AT)
        with pytest.raises(Refusal, match="blijft er op de regel"):
            service.approve(scope, 1, second.id, DIRK, AT)


def test_the_database_itself_holds_the_four_eyes_and_changes_nothing(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        plan = service.budget_of(scope, 1).plan(1)
        made = service.propose(
            scope, 1, AmendmentKind.CHANGE, raised(1, HELP, Cents(5), YEAR, plan), JULY, "x", CARLA, AT
        )
    own = {
        "amendment_id": made.id, "made_by": 1, "content_hash": made.content_hash, "approved": True, "reason": "",
        "decided_by": 1, "decided_by_name": "Carla", "decided_at": AT,
    }  # fmt: skip
    with pytest.raises(IntegrityError), scope_of(klein_engine) as scope:
        scope.insert(budget_decision, [own])
    unapproved = {"contract_id": 1, "number": 2, "amendment_id": made.id, "approved": True, "valid_from": JULY}
    with pytest.raises(IntegrityError), scope_of(klein_engine) as scope:
        scope.insert(budget_version, [unapproved])
    with pytest.raises(DBAPIError, match="append-only"), scope_of(klein_engine) as scope:
        scope.update(budget_amendment, {"id": made.id}, reason="anders")
    with pytest.raises(DBAPIError, match="append-only"), scope_of(klein_engine) as scope:
        scope.delete(budget_amendment, id=made.id)


def test_another_lead_contractor_sees_nothing_of_it(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        plan = service.budget_of(scope, 1).plan(1)
        service.propose(scope, 1, AmendmentKind.CHANGE, raised(1, HELP, Cents(5), YEAR, plan), JULY, "x", CARLA, AT)
    with scope_of(klein_engine, lead=2) as scope, pytest.raises(NotFound):
        service.amendment(scope, 1, 1)
    with scope_of(klein_engine, lead=2) as scope, pytest.raises(NotFound):
        service.budget_of(scope, 1)


def test_the_contract_decides_and_its_terms_survive_an_export(engine: Engine, tmp_path: Path):
    loaded = load(engine, MASTER_KEY, folder_with(tmp_path / "year", BUDGET_TERMS), AT)
    lead, contract_id = loaded.lead_contractor_id, loaded.contract_id
    export(engine, MASTER_KEY, lead, contract_id, tmp_path / "out")
    again = load(engine, MASTER_KEY, tmp_path / "out", AT)
    assert again.unchanged
    with scope_of(engine, lead) as scope:
        terms = contract_of(get_contract(scope, contract_id)).budget
        assert terms == loaded.contract.budget == again.contract.budget
        assert [(one.kind.value, str(one.at_percent), one.action.value) for one in terms.limits] == [
            ("product", "100", "refuse"), ("year", "90", "warn"),
        ]  # fmt: skip
        plan = service.budget_of(scope, contract_id).plan(1)
        changes = moved(contract_id, HELP, GUIDE, Cents(1_00), YEAR, plan)
        with pytest.raises(Refusal, match="binnen een productcategorie"):
            service.propose(scope, contract_id, AmendmentKind.TRANSFER, changes, JULY, "x", CARLA, AT)
        over = carried(contract_id, HELP, Cents(1_00), YEAR[0], YEAR[1:])
        service.propose(scope, contract_id, AmendmentKind.CARRY_OVER, over, JULY, "x", CARLA, AT)


def test_what_is_left_goes_to_the_contract_of_the_next_year(engine: Engine, tmp_path: Path):
    loaded = load(engine, MASTER_KEY, folder_with(tmp_path / "year", BUDGET_TERMS), AT)
    lead, own = loaded.lead_contractor_id, loaded.contract_id
    with scope_of(engine, lead) as scope:
        assert service.next_contract(scope, own) is None
    later = tmp_path / "later"
    later.mkdir()
    text = (FOLDER / "contract.toml").read_text()
    text = text.replace("KL-2025", "KL-2026").replace("year = 2025", "year = 2026").replace("2026-0", "2027-0")
    (later / "contract.toml").write_text(text)
    (later / "agreements.toml").write_text("")
    shutil.copy(FOLDER / "subcontractors.csv", later)
    other = load(engine, MASTER_KEY, later, AT, settling=False).contract_id
    with scope_of(engine, lead) as scope:
        assert service.next_contract(scope, own) == other
        plan, target = service.budget_of(scope, own), service.budget_of(scope, other)
        made = to_next_year(
            own, plan.plan(1), other, target.plan(1), HELP, Cents(240_00), YEAR[10:], target.contract.months
        )
        proposal = service.propose(scope, own, AmendmentKind.NEXT_YEAR, made, SEPTEMBER, "Restant", CARLA, AT)
        service.approve(scope, own, proposal.id, DIRK, AT)
        after, there = service.budget_of(scope, own), service.budget_of(scope, other)
        assert plan_total(after.plan(2)) == plan_total(plan.plan(1)) - 240_00
        assert plan_total(there.plan(2)) == 240_00
        assert there.plan(2)[HELP][Month(2026, 1)] == 20_00


def test_loading_anew_keeps_amendments_and_refuses_another_budget_under_them(engine: Engine, tmp_path: Path):
    folder = folder_with(tmp_path / "year")
    loaded = load(engine, MASTER_KEY, folder, AT)
    with scope_of(engine, loaded.lead_contractor_id) as scope:
        plan = service.budget_of(scope, loaded.contract_id).plan(1)
        changes = raised(loaded.contract_id, HELP, Cents(100_00), YEAR, plan)
        made = service.propose(scope, loaded.contract_id, AmendmentKind.CHANGE, changes, JULY, "x", CARLA, AT)
        service.approve(scope, loaded.contract_id, made.id, DIRK, AT)
    waiting = folder / "waiting.csv"
    waiting.write_text("\n".join(waiting.read_text().splitlines()[:-1]) + "\n")
    load(engine, MASTER_KEY, folder, AT, replace=True)
    with scope_of(engine, loaded.lead_contractor_id) as scope:
        assert len(service.budget_of(scope, loaded.contract_id).versions) == 2
    budget = folder / "budget.csv"
    budget.write_text("\n".join(budget.read_text().splitlines()[:-1]) + "\n")
    with pytest.raises(Conflict, match="begroting"):
        load(engine, MASTER_KEY, folder, AT, replace=True)


def test_a_year_that_is_settled_for_good_keeps_its_budget(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        settle_contract(scope, 1, AT, final=True)
        plan = service.budget_of(scope, 1).plan(1)
        with pytest.raises(Conflict, match="definitief"):
            service.propose(scope, 1, AmendmentKind.CHANGE, raised(1, HELP, Cents(5), YEAR, plan), JULY, "x", CARLA, AT)
