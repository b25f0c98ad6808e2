"""The use of the budget as of a day: a balance of the books, whichever way it is cut, and what was known then."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from budgets.plan import service as plans
from budgets.plan.changes import raised
from budgets.plan.model import AmendmentKind
from budgets.settlement.service import settle_contract
from budgets.use.line_model import By, Figures, UseReport
from budgets.use.line_service import use_on
from budgets.use.standing import FORM_ACCOUNTS
from budgets.year_folder.service import Loaded, load
from lead_contractor.access.hand import Hand
from lead_contractor.books import accounts
from lead_contractor.books.store import account_balance
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.kernel.tenancy import Scope
from subcontractors.decisions import service as decisions
from subcontractors.decisions.model import Kind
from subcontractors.declarations.tables import declaration_line
from subcontractors.payments import service as payments
from tests.budgets.year_folder.sample import write_sample
from tests.klein import AT, FOLDER, MASTER_KEY

CARLA, DIRK = Hand(1, "Carla"), Hand(2, "Dirk")
ENDS = [date(2025, 3, 31), date(2025, 8, 31), date(2025, 12, 31), date(2026, 5, 31)]
WITHIN = [date(2025, 3, 9), date(2025, 6, 16), date(2025, 9, 12), date(2026, 3, 19)]
BALANCES = {
    "declared": (accounts.DECLARED,),
    "approved": (accounts.APPROVED, accounts.APPROVED_PRIOR_YEAR, accounts.APPROVED_AFTER_CUT_OFF),
    "rejected": (accounts.REJECTED,),
    "assessing": (accounts.ASSESSMENT,),
    "used": FORM_ACCOUNTS,
    "paid": (accounts.PAID,),
}


@contextmanager
def scope_of(engine: Engine, lead: int = 1) -> Iterator[Scope]:
    with writing(engine) as connection:
        yield Scope(connection, lead)


def balance(scope: Scope, named: Sequence[str], day: date) -> Cents:
    return total(account_balance(scope, 1, named, until=Month.of(day)).values())


def sums(report: UseReport) -> Figures:
    return sum((row.figures for row in report.rows), Figures())


def pay(engine: Engine, *days: date) -> None:
    """Payment runs, each on its own day."""
    for day in days:
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        with scope_of(engine) as scope:
            run = payments.propose_run(scope, 1, day, CARLA, at)
            payments.approve_run(scope, run.id, DIRK, at)
            payments.execute_run(scope, run.id, day, CARLA, at)


def test_whichever_way_it_is_cut_it_is_a_balance_of_the_books(klein_engine: Engine):
    pay(klein_engine, date(2025, 4, 30), date(2025, 8, 31), date(2026, 2, 20))
    with scope_of(klein_engine) as scope:
        for day, by in itertools.product(ENDS, By):
            found = use_on(scope, 1, day, by)
            assert sums(found) == found.total.figures
            for name, named in BALANCES.items():
                assert getattr(sums(found), name) == balance(scope, named, day), (day, by, name)


def test_each_form_is_the_balance_of_its_account(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        rows = {row.key[0]: row.figures for row in use_on(scope, 1, ENDS[1], By.FORM).rows}
        for form, account in accounts.COST_OF_FORM.items():
            assert rows[form].used == balance(scope, [account], ENDS[1]), form


@pytest.mark.parametrize("by", [By.PRODUCT, By.SUBCONTRACTOR, By.AREA])
def test_each_row_is_a_balance_of_its_own(klein_engine: Engine, by: By):
    dimension = {By.PRODUCT: "product_code", By.SUBCONTRACTOR: "subcontractor", By.AREA: "area"}
    with scope_of(klein_engine) as scope:
        rows = {row.key[0]: row.figures for row in use_on(scope, 1, ENDS[1], by).rows}
        line_forms = [accounts.COST_PXQ, accounts.COST_TRAJECTORY]
        booked = account_balance(scope, 1, line_forms, dimension[by], until=Month.of(ENDS[1]))
        for value in {value for _, value in booked}:
            lines = total(cents for (_, name), cents in booked.items() if name == value)
            assert rows[value].used - _fixed(scope, dimension[by], value) == lines, value


def _fixed(scope: Scope, dimension: str, value: str) -> int:
    """What forms with agreed months used; their product is that of the agreement."""
    if dimension == "product_code":
        return 0
    named = [accounts.COST_FTE, accounts.COST_LUMP_SUM, accounts.COST_AVAILABILITY]
    booked = account_balance(scope, 1, named, dimension, until=Month.of(ENDS[1]))
    return sum(int(cents) for (_, name), cents in booked.items() if name == value)


def test_declared_is_approved_rejected_and_in_assessment(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        for day, by in itertools.product([*ENDS, *WITHIN], By):
            for row in use_on(scope, 1, day, by).rows:
                figures = row.figures
                assert figures.declared == figures.approved + figures.rejected + figures.assessing, row.key


def folder_until(place: Path, loaded: Loaded, day: date) -> Path:
    """The folder without the messages that were received after a day."""
    shutil.copytree(FOLDER, place)
    late = {head.name for head in loaded.heads if head.received is not None and head.received > day}
    assert late
    for name in late:
        (place / "messages" / name).unlink()
    return place


@pytest.mark.parametrize("day", [ENDS[1], *WITHIN], ids=str)
def test_as_of_a_day_is_what_a_folder_without_later_messages_says(engine: Engine, tmp_path: Path, day: date):
    whole = load(engine, MASTER_KEY, FOLDER, AT)
    folder = folder_until(tmp_path / "until", whole, day)
    text = (folder / "contract.toml").read_text().replace('id = "KL-2025"', 'id = "KL-UNTIL"')
    (folder / "contract.toml").write_text(text)
    until = load(engine, MASTER_KEY, folder, AT, settling=False)
    with scope_of(engine, whole.lead_contractor_id) as scope:
        for by in By:
            known = use_on(scope, whole.contract_id, day, by)
            cut = use_on(scope, until.contract_id, day, by)
            assert {row.key: row for row in known.rows if row.figures != Figures() or row.plan} == {
                row.key: row for row in cut.rows if row.figures != Figures() or row.plan
            }, by
            later = use_on(scope, until.contract_id, date(2026, 5, 31), by)
            assert later.total.figures.declared == known.total.figures.declared, "nothing came after it"


def test_groups_are_explained_by_lines_and_only_agreed_months_have_none(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        rows = {row.key[0]: row.figures for row in use_on(scope, 1, ENDS[2], By.CLIENT_GROUP).rows}
        agreed = [accounts.COST_FTE, accounts.COST_LUMP_SUM, accounts.COST_AVAILABILITY]
        assert rows[""].used == balance(scope, agreed, ENDS[2])
        unknown = scope.sql(
            "SELECT SUM(CASE WHEN l.credit THEN -l.amount_cents ELSE l.amount_cents END) FROM declaration_line AS l "
            "LEFT JOIN allocation AS a ON a.lead_contractor_id = :lead AND a.id = l.allocation_id "
            "JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id "
            "WHERE l.lead_contractor_id = :lead AND COALESCE(a.client_group, '') = '' AND m.received <= :day",
            day=ENDS[2],
        ).scalar_one()
        assert rows[""].declared == int(unknown)
        assert len(rows) == 5


def test_a_decision_counts_from_the_moment_at_which_it_was_made(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        line = declaration_line.c
        row = scope.rows(scope.select(line.id).where(line.reference == "R2502-00011").order_by(line.id))[-1]
        at = datetime(2025, 9, 10, 9, tzinfo=UTC)
        before = {by: use_on(scope, 1, date(2025, 9, 30), by) for by in By}
        made = decisions.propose(scope, 1, Kind.OVERRIDE, [int(row.id)], "Afgesproken", CARLA, at)
        assert made.decision is not None
        decisions.approve(scope, made.decision.id, DIRK, at, "Akkoord")
        for by in By:
            day_before, day_itself = (use_on(scope, 1, date(2025, 9, number), by) for number in (9, 10))
            gained = sums(day_itself).approved - sums(day_before).approved
            assert gained >= 725_40, by
            assert sums(day_itself).declared == approved_and_rejected(day_itself)
            assert sums(use_on(scope, 1, date(2025, 9, 30), by)).approved - sums(before[by]).approved == 725_40
            assert sums(use_on(scope, 1, date(2025, 9, 30), by)).used - sums(before[by]).used == 725_40


def approved_and_rejected(report: UseReport) -> Cents:
    return sums(report).approved + sums(report).rejected


def test_payments_count_from_their_day_and_until_they_come_back(klein_engine: Engine):
    pay(klein_engine, date(2025, 4, 20))
    back = datetime(2025, 4, 25, 9, tzinfo=UTC)
    with scope_of(klein_engine) as scope:
        agb = payments.get_run(scope, 1).payments[0].subcontractor
        payments.reverse_payment(scope, 1, agb, back.date(), "IBAN opgeheven", CARLA, back)
        paid = [use_on(scope, 1, date(2025, 4, day)).total.figures.paid for day in (19, 20, 24, 25)]
        run = payments.get_run(scope, 1)
        returned = next(one.cents for one in run.payments if one.subcontractor == agb)
        assert paid == [0, run.cents, run.cents, run.cents - returned]


def test_what_was_paid_stands_with_the_product_that_made_it_payable(klein_engine: Engine):
    pay(klein_engine, date(2026, 5, 31))
    with scope_of(klein_engine) as scope:
        every = [*FORM_ACCOUNTS, accounts.COST_PRIOR_YEAR, accounts.COST_AFTER_CUT_OFF, accounts.COST_OTHER_YEAR]
        for by, dimension in ((By.SUBCONTRACTOR, "subcontractor"), (By.AREA, "area")):
            cost = account_balance(scope, 1, every, dimension)
            for row in use_on(scope, 1, date(2026, 6, 30), by).rows:
                booked = total(cents for (_, value), cents in cost.items() if value == row.key[0])
                assert row.figures.paid == booked, (by, row.key)
        groups = {row.key[0]: row.figures for row in use_on(scope, 1, date(2026, 6, 30), By.CLIENT_GROUP).rows}
        assert groups[""].paid == 36_960_00 + 24_000_00 + 24_600_00, "agreed months are for nobody in particular"
        lines = {row.key: row.figures for row in use_on(scope, 1, date(2026, 6, 30)).rows}
        assert lines["99990103", "06A00", "fte"].paid == 36_960_00
        assert lines["99990104", "09A00", "lump_sum"].paid == 24_000_00


def test_a_settlement_counts_from_the_last_day_of_the_month_of_the_cut_off(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        before = use_on(scope, 1, date(2026, 3, 30)).total.figures.used
        last = use_on(scope, 1, date(2026, 3, 31)).total.figures.used
        settle_contract(scope, 1, AT)
        assert use_on(scope, 1, date(2026, 3, 30)).total.figures.used == before
        settled = use_on(scope, 1, date(2026, 3, 31)).total.figures.used
        assert settled == balance(scope, FORM_ACCOUNTS, date(2026, 3, 31)) != last


def test_open_allocations_are_counted_where_no_amount_can_be_determined(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        rows = {row.key: row.figures for row in use_on(scope, 1, ENDS[1]).rows}
        scope.sql(
            "UPDATE commitment SET cents = NULL WHERE lead_contractor_id = :lead AND agreement = 'PXQ-01' "
            "AND product_code = '01A04'"
        )
        after = {row.key: row.figures for row in use_on(scope, 1, ENDS[1]).rows}
    key = ("99990101", "01A04", "pxq")
    assert rows[key].committed > 0
    assert after[key].committed == after[key].later == 0
    assert after[key].undeterminable > rows[key].undeterminable
    assert {k: v for k, v in rows.items() if k != key} == {k: v for k, v in after.items() if k != key}


def test_it_is_held_against_the_version_of_the_day_or_another(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        plan = plans.budget_of(scope, 1).plan(1)
        months = tuple(Month(2025, number) for number in range(7, 13))
        changes = raised(1, ("01A04", "99990101"), Cents(600_00), months, plan)
        made = plans.propose(scope, 1, AmendmentKind.CHANGE, changes, date(2025, 7, 1), "Meer vraag", CARLA, AT)
        plans.approve(scope, 1, made.id, DIRK, AT)
        found = [use_on(scope, 1, date(2025, 6, 30)), use_on(scope, 1, date(2025, 7, 1)),
                 use_on(scope, 1, date(2025, 7, 1), version=1)]  # fmt: skip
        assert [one.version for one in found] == [1, 2, 1]
        assert [one.total.plan for one in found] == [173_600_00, 174_200_00, 173_600_00]
        with pytest.raises(NotFound):
            use_on(scope, 1, date(2025, 7, 1), version=3)


def test_every_figure_is_added_up():
    numbers = [Cents(number) for number in range(1, len(fields(Figures)) + 1)]
    one = Figures(*numbers)
    assert one + one == Figures(*(2 * number for number in numbers))


def test_another_lead_contractor_sees_nothing(klein_engine: Engine):
    with scope_of(klein_engine, lead=2) as scope, pytest.raises(NotFound):
        use_on(scope, 1, ENDS[0])


def test_an_allocation_without_a_product_commits_under_the_agreement_on_what_may_be_delivered(
    engine: Engine, tmp_path: Path
):
    """Aspecific (category only) and generic (neither), of a subcontractor whose agreement names product codes."""
    write_sample(
        tmp_path / "year",
        allocations=lambda content: (
            content
            + "2001,999900006,65656055,02,,2025-02-01,2025-12-31,,,,1000.00,,,Noord\n"
            + "2002,999900018,65656055,,,2025-02-01,2025-12-31,,,,500.00,,,Noord\n"
            + "2003,999900018,65656055,02,,2025-02-01,2025-12-31,,,,,,,Noord\n"
            + "2004,999900018,65656055,07,,2025-02-01,2025-12-31,,,,700.00,,,Noord\n"
        ),
    )
    load(engine, MASTER_KEY, tmp_path / "year", AT, settling=False)
    with scope_of(engine) as scope:
        without = {row.key: row.figures for row in use_on(scope, 1, date(2025, 8, 31)).rows}["65656055", "", "pxq"]
    assert (without.committed, without.undeterminable) == (1_500_00, 1), "category 07 is under no agreement"
