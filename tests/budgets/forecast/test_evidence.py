"""What was known on a day: by the day of receipt, with decisions and closed months as the books have them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from budgets.forecast.evidence import inputs_of
from budgets.forecast.inputs import Inputs, LineInput
from budgets.year_folder.service import Loaded
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode
from subcontractors.declarations.tables import declaration_line
from subcontractors.returns.model import Channel, Stored, Values
from subcontractors.returns.store import save as save_returns
from tests.budgets.forecast.scene import declared, pass_refused_lines, year_of
from tests.klein import loaded_year
from tests.klein_fixtures import klein_with_overrides

JULY = (
    declared(1, "2025-03-10", 1, 2),
    declared(2, "2025-07-08", 5, 6, hours=4),
    declared(3, "2025-07-20", 4, hours=5),
    declared(4, "2025-08-05", 7, hours=7, tariff=58_57),
)


def known(engine: Engine, loaded: Loaded, day: date) -> Inputs:
    with reading(engine) as connection:
        return inputs_of(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, day)


def pxq(found: Inputs, product: str = "02A03") -> LineInput:
    return next(one for one in found.lines if one.key.form is FormCode.PXQ and one.key.product_code == product)


def flows(found: Inputs) -> list[tuple[int, int, int, int | None]]:
    """Service month, month of receipt, cents and day."""
    return sorted((f.service.number, f.received.number, int(f.cents), f.day) for f in pxq(found).flows)


def test_within_a_month_the_day_of_receipt_decides(engine: Engine, tmp_path):
    loaded = year_of(engine, tmp_path / "year", JULY)
    first = [(1, 3, 334_80, 10), (2, 3, 334_80, 10)]
    assert flows(known(engine, loaded, date(2025, 7, 7))) == first
    assert flows(known(engine, loaded, date(2025, 7, 8))) == [*first, (5, 7, 223_20, 8), (6, 7, 223_20, 8)]
    assert flows(known(engine, loaded, date(2025, 7, 20))) == [
        *first, (4, 7, 279_00, 20), (5, 7, 223_20, 8), (6, 7, 223_20, 8)
    ]  # fmt: skip


def test_at_the_end_of_a_month_the_balances_say_the_same(engine: Engine, tmp_path):
    loaded = year_of(engine, tmp_path / "year", JULY)
    whole, day_before = known(engine, loaded, date(2025, 7, 31)), known(engine, loaded, date(2025, 7, 30))
    assert {(s, r, c) for s, r, c, _ in flows(whole)} == {(s, r, c) for s, r, c, _ in flows(day_before)}
    assert {day for *_, day in flows(whole)} == {None}
    assert (7, 8, 7 * 58_57, None) in flows(known(engine, loaded, date(2025, 8, 31)))


def test_a_line_that_was_agreed_on_and_has_nothing_yet_is_there(engine: Engine, tmp_path):
    loaded = year_of(engine, tmp_path / "year", JULY)
    found = known(engine, loaded, date(2025, 1, 15))
    assert {(one.key.product_code, one.key.form.value) for one in found.lines} == {
        ("02A03", "pxq"), ("02A05", "pxq"), ("", "fte"), ("", "lump_sum"), ("02A17", "trajectory"),
        ("", "availability"),
    }  # fmt: skip
    assert pxq(found).flows == ()
    assert pxq(found).allocated[Month(2025, 3)] == 40 * 55_80
    assert pxq(found).tariff_index[Month(2025, 8)] > 1


def test_a_credit_is_told_apart(engine: Engine):
    loaded = loaded_year(engine)
    found = known(engine, loaded, date(2026, 5, 31))
    credited = {one.key.product_code: int(one.corrections) for one in found.lines if one.corrections}
    with reading(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        line = declaration_line.c
        rows = scope.rows(scope.select(declaration_line).where(line.credit, line.codes == 0, line.in_time))
    assert credited
    assert sum(credited.values()) == -sum(int(row.amount_cents) for row in rows if row.lines_cost)


def test_a_decision_counts_from_the_day_on_which_it_was_taken(engine: Engine, tmp_path):
    loaded = loaded_year(engine, klein_with_overrides(tmp_path / "klein"))
    at = datetime(2026, 4, 14, 21, 59, tzinfo=UTC)  # a minute before midnight here
    with writing(engine) as connection:
        worth = pass_refused_lines(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, at)
    assert worth > 0

    def cost(day: date) -> int:
        return sum(int(flow.cents) for one in known(engine, loaded, day).lines for flow in one.flows)

    before = cost(date(2026, 4, 13))
    assert cost(date(2026, 3, 31)) <= before
    assert cost(date(2026, 4, 14)) - before == worth
    assert cost(date(2026, 4, 30)) - before == worth


def test_reports_that_come_later_are_not_known_yet(engine: Engine):
    loaded = loaded_year(engine)

    def ended(day: date) -> int:
        found = known(engine, loaded, day)
        return next(one.trajectories.ended for one in found.lines if one.trajectories is not None)

    assert ended(date(2025, 5, 31)) < ended(date(2025, 8, 31))


def test_what_was_returned_later_is_not_known_yet(engine: Engine, tmp_path):
    loaded = year_of(engine, tmp_path / "year", JULY, realised=None)

    def fte(day: date) -> int:
        found = known(engine, loaded, day)
        return next(int(one.agreed.year) for one in found.lines if one.agreed and one.key.form is FormCode.FTE)

    returned = Stored(
        "FTE-1", Month(2025, 2), 1, Values(Decimal("6.00"), None, None), Channel.FORM,
        datetime(2025, 3, 12, 8, tzinfo=UTC), "arie",
    )  # fmt: skip
    with writing(engine) as connection:
        save_returns(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, [returned])
    assert fte(date(2025, 3, 11)) == 591_360_00
    assert fte(date(2025, 3, 12)) == 554_400_00


def test_the_means_are_the_budget_or_what_the_lump_sum_leaves(engine: Engine, tmp_path):
    with_budget = year_of(
        engine, tmp_path / "budget", JULY,
        budget="product_code,subcontractor,month,amount\n02A03,65656055,2025-01,100.00\n,41410003,,240000.00\n",
    )  # fmt: skip
    assert known(engine, with_budget, date(2025, 7, 31)).budget == 240_100_00
    without = year_of(
        engine, tmp_path / "none", JULY,
        contract=lambda text: text.replace('agb = "42420001"', 'agb = "42420009"'),
    )  # fmt: skip
    assert known(engine, without, date(2025, 2, 28)).budget == 1_200_000_00
    assert known(engine, without, date(2025, 9, 30)).budget == 1_200_000_00 - (180_000_00 * 12) // 9


def test_the_waiting_list_of_the_day(engine: Engine, tmp_path):
    rows = (
        "date,product_code,area,waiting,added,median_days\n"
        "2025-07-31,02A03,Noord,3,,\n2025-07-31,02A03,Zuid,2,,\n2025-07-31,02A17,Noord,1,,\n2025-08-31,02A03,Noord,9,,\n"
    )
    loaded = year_of(engine, tmp_path / "year", JULY, waiting=rows)
    found = {one.product_code: one for one in known(engine, loaded, date(2025, 7, 31)).waiting}
    assert (found["02A03"].waiting, found["02A03"].periods, found["02A03"].take_up_percent) == (5, 5, Decimal(80))
    # 334.80 + 334.80 + 279.00 + 223.20 declared for the five months up to May, one allocation running
    assert found["02A03"].fee == 234_36
    assert (found["02A17"].fee, found["02A17"].periods) == (6_825_00, 1)
    assert known(engine, loaded, date(2025, 6, 30)).waiting == ()


@pytest.mark.parametrize(("day", "closed"), [(date(2026, 5, 30), False), (date(2026, 5, 31), True)])
def test_from_the_last_day_of_corrections_on_all_is_known(engine: Engine, tmp_path, day: date, closed):
    assert known(engine, year_of(engine, tmp_path / "year", JULY), day).closed is closed


def test_the_number_of_queries_does_not_follow_the_year(engine: Engine):
    from sqlalchemy import event

    loaded = loaded_year(engine)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
    known(engine, loaded, date(2025, 8, 17))
    assert len(asked) < 26, asked
