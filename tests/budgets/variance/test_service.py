"""What changed between frozen forecasts of the small example year, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from budgets.forecast.model import Forecast
from budgets.forecast.store import save
from budgets.plan.store import budget_lines
from budgets.variance.model import Cause
from budgets.variance.service import change_from_budget, change_of, days_to_compare
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight
from tests.budgets.variance.forecasts_of import KWIKSTAART, forecast, line

AT = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
JULY, AUGUST = date(2025, 7, 31), date(2025, 8, 31)


@contextmanager
def scope_of(engine: Engine, lead: int = 1) -> Iterator[Scope]:
    with writing(engine) as connection:
        yield Scope(connection, lead)


def freeze(engine: Engine, *made: Forecast) -> None:
    with scope_of(engine) as scope:
        for one in made:
            save(scope, 1, one, "x" * 64, AT, afterwards=True)


def two(engine: Engine) -> None:
    """The tariffs of the two products are 32.40 and 35.15 an hour in January."""
    freeze(
        engine,
        forecast(JULY, line(product="01A04", months=[(324_000, 0, 0)]), line(product="01A05", months=[(351_500, 0, 0)])),
        forecast(AUGUST, line(product="01A04", months=[(324_000, 0, 32_400)]),
                 line(product="01A05", months=[(351_500, 0, -35_150)])),
    )  # fmt: skip


def test_a_meeting_compares_with_the_month_before(klein_engine: Engine):
    two(klein_engine)
    with scope_of(klein_engine) as scope:
        change = change_of(scope, 1)
        assert change is not None
        assert (change.then_day, change.now_day, change.change) == (JULY, AUGUST, Cents(-2_750))
        assert change == change_of(scope, 1, JULY, AUGUST)
        assert change == change_of(scope, 1, date(2025, 8, 30), date(2025, 9, 15))
        assert days_to_compare(scope, 1) == (JULY, AUGUST)


def test_hours_that_move_between_products_are_late_where_the_month_was_over(klein_engine: Engine):
    """January was over in July, so that all of this is late declarations and none of it mix."""
    two(klein_engine)
    with scope_of(klein_engine) as scope:
        change = change_of(scope, 1)
    assert change is not None
    assert {part.cause: part.cents for part in change.parts if part.cents} == {Cause.LATE: Cents(-2_750)}


def test_hours_that_will_move_between_products_are_mix_by_the_tariffs_of_the_year(klein_engine: Engine):
    def moved(hours: int) -> Forecast:
        months = [(0, 0, 0)] * 11
        return forecast(
            JULY if not hours else AUGUST,
            line(product="01A04", months=[*months, (0, 0, 324_000 + hours * 3240)]),
            line(product="01A05", months=[*months, (0, 0, 351_500 - hours * 3515)]),
        )

    freeze(klein_engine, moved(0), moved(10))
    with scope_of(klein_engine) as scope:
        change = change_of(scope, 1)
    assert change is not None
    assert {part.cause: part.cents for part in change.parts if part.cents} == {Cause.MIX: Cents(-2_750)}


def test_without_two_forecasts_there_is_nothing_to_compare(klein_engine: Engine):
    with scope_of(klein_engine) as scope:
        assert change_of(scope, 1) is None
        assert change_from_budget(scope, 1) is None
    freeze(klein_engine, forecast(AUGUST, line(product="01A04", months=[(100, 0, 0)])))
    with scope_of(klein_engine) as scope:
        assert change_of(scope, 1) is None
        assert change_of(scope, 1, AUGUST, AUGUST) is None


def test_budget_and_forecast(klein_engine: Engine):
    freeze(klein_engine, forecast(AUGUST, line(product="01A04", months=[(2_000_000, 0, 0)], price=30_000)))
    with scope_of(klein_engine) as scope:
        change = change_from_budget(scope, 1)
        budget = total(one.amount for one in budget_lines(scope, 1))
    assert change is not None
    assert (change.then_day, change.total_then, change.total_now) == (None, budget, Cents(2_000_000))
    assert total(part.cents for part in change.parts) == change.change
    assert change.part(Cause.PRICE) == Cents(30_000)
    (own,) = [row for row in change.lines if (row.subcontractor, row.product_code) == (KWIKSTAART, "01A04")]
    assert own.now == Cents(2_000_000)


def test_the_municipality_sees_causes_and_no_small_product(klein_engine: Engine):
    """Nobody in the small example stands behind a product with ten people: the whole, and nothing by product."""
    two(klein_engine)
    with scope_of(klein_engine) as scope:
        seen = change_of(scope, 1, seen_by=Sight.PRODUCTS)
        whole = change_of(scope, 1)
    assert seen is not None
    assert whole is not None
    assert (seen.parts, seen.total_now, seen.lines) == (whole.parts, whole.total_now, ())
    assert all(row.hidden and row.parts == () for row in seen.by_product)


def test_another_lead_contractor_sees_nothing(klein_engine: Engine):
    two(klein_engine)
    with scope_of(klein_engine, lead=2) as scope:
        with pytest.raises(NotFound):
            change_of(scope, 1)
        with pytest.raises(NotFound):
            change_from_budget(scope, 1)
