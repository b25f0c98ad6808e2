"""Limits on payments: what is due first is paid first, up to the limit; the rest waits."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from budgets.limits import service
from budgets.limits.model import Case, Deed, Held
from budgets.limits.service import HeldPayment
from budgets.settlement.books import check_contract
from budgets.settlement.layout import to_json
from budgets.settlement.service import settle_contract
from lead_contractor.access.hand import Hand
from lead_contractor.contract.model import LimitKind
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import total
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations.answers import answers
from subcontractors.declarations.answers import to_json as answered
from subcontractors.payments import service as payments
from subcontractors.payments.model import Run
from tests.budgets.limits.scene import CARLA, DIRK, WELZIJNSWERK, Year, limit, year_with
from tests.klein import AT, FOLDER, loaded_year

PAID_ON = datetime(2026, 4, 30, 9, tzinfo=UTC)


def run_of(year: Year, by: Hand = CARLA, only: str = WELZIJNSWERK) -> tuple[Run, list[HeldPayment]]:
    held: list[HeldPayment] = []
    with year.writing() as scope:
        release = service.releasing(PAID_ON.date(), by, PAID_ON, held.extend)
        run = payments.propose_run(scope, year.contract, PAID_ON.date(), by, PAID_ON, only=[only], release=release)
    return run, held


def test_what_comes_above_the_limit_waits(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("subcontractor", "hold", "75"))
    run, held = run_of(year)
    assert run.cents == 18_000_00, "nine of the twelve months"
    assert [(one.item.service_month, one.item.cents) for one in held] == [
        ("2025-10", 2_000_00), ("2025-11", 2_000_00), ("2025-12", 2_000_00),
    ]  # fmt: skip
    with pytest.raises(Held, match=r"onderaannemer 99990104: € 20\.000,00, terwijl € 18\.000,00 de grens is"):
        run_of(year)
    with year.writing() as scope:
        left = [one for one in payments.payables(scope, year.contract, WELZIJNSWERK) if one.cents > 0]
        assert total(one.cents for one in left) == 6_000_00, "it stays payable"


def test_a_pass_lets_it_go_once_up_to_its_amount(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("subcontractor", "hold", "75"))
    run_of(year)
    case = Case(Deed.PAYMENT, WELZIJNSWERK)
    year.passed(22_000_00, kind=LimitKind.SUBCONTRACTOR, which=WELZIJNSWERK, case=case)
    run, held = run_of(year)
    assert (run.cents, len(held)) == (4_000_00, 1)
    assert [(one.used, one.used_for) for one in year.passes()] == [(True, "run:2")]
    with pytest.raises(Held):
        run_of(year)


def test_a_second_controller_lets_pass_what_the_first_pays(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("year", "refuse", "1", may_pass="second_controller"))
    case = Case(Deed.PAYMENT, WELZIJNSWERK)
    year.passed(99_999_99, by=CARLA, kind=LimitKind.YEAR, which="2025", case=case)
    with pytest.raises(Held, match="andere controller"):
        run_of(year, by=CARLA)
    run, _ = run_of(year, by=DIRK)
    assert run.cents == 24_000_00


def test_a_product_is_known_from_what_made_it_payable(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("product", "hold", "50"))
    run, held = run_of(year, only="99990102")
    with year.writing() as scope:
        run = payments.get_run(scope, run.id)
        stopped = {one.crossing.line[1] for one in held}
        assert stopped <= {"02A03", "02A05"}
        assert held
    assert run.cents <= (20_600_00 + 6_100_00) // 2


def test_a_warning_and_a_contract_without_limits_hold_nothing(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("subcontractor", "warn", "10"))
    run, held = run_of(year)
    assert (run.cents, held) == (24_000_00, [])


def test_what_goes_back_frees_room_again(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("subcontractor", "hold", "75"))
    run, _ = run_of(year)
    with year.writing() as scope:
        payments.reject_run(scope, run.id, DIRK, PAID_ON, "nog niet")
    again, held = run_of(year)
    assert (again.cents, len(held)) == (18_000_00, 3)
    with year.writing() as scope:
        payments.approve_run(scope, again.id, DIRK, PAID_ON)
        payments.execute_run(scope, again.id, PAID_ON.date(), CARLA, PAID_ON)
        check_contract(scope, year.contract)


def test_limits_change_no_answer_and_no_cent_of_the_settlement(engine: Engine, tmp_path: Path):
    strict = [limit(kind, "refuse", "1") for kind in ("product", "subcontractor", "month", "year")]
    year = year_with(engine, tmp_path / "year", *strict)
    with year.writing() as scope:
        said = answered(answers(scope, year.contract))
        settled = to_json(settle_contract(scope, year.contract, AT))
        for table in ("budget_pass", "budget_version"):
            count = scope.sql(f"SELECT COUNT(*) FROM {table} WHERE lead_contractor_id = :lead").scalar_one()
            assert count == 0
    plain = loaded_year_elsewhere(engine, tmp_path)
    with writing(engine) as connection:
        scope = Scope(connection, plain[0])
        assert answered(answers(scope, plain[1])) == said
        assert to_json(settle_contract(scope, plain[1], AT)) == settled


def loaded_year_elsewhere(engine: Engine, tmp_path: Path) -> tuple[int, int]:
    """The example without limits, of another lead contractor."""
    place = tmp_path / "plain"
    shutil.copytree(FOLDER, place)
    terms = place / "contract.toml"
    terms.write_text(terms.read_text().replace("99980001", "99980009"))
    loaded = loaded_year(engine, place)
    return loaded.lead_contractor_id, loaded.contract_id


def test_the_day_of_the_budget_decides(engine: Engine, tmp_path: Path):
    year = year_with(engine, tmp_path / "year", limit("year", "warn", "70"))
    with year.writing() as scope:
        crossed = [service.standing(scope, year.contract, day) for day in (date(2025, 2, 1), date(2025, 12, 31))]
    assert [len(one) for one in crossed] == [0, 1]
