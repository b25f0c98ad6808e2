"""What the municipality sees of a change: never a product that few people stand behind, nor what gives it away."""

from __future__ import annotations

from datetime import date

from budgets.forecast.model import ForecastLine
from budgets.variance.disclose import disclosed
from budgets.variance.forecasts import forecast_change
from budgets.variance.model import Change
from lead_contractor.kernel.money import Cents
from subcontractors.agreements.model import FormCode
from tests.budgets.variance.forecasts_of import BAARDMAN, KWIKSTAART, forecast, line

THEN, NOW = date(2025, 7, 31), date(2025, 8, 31)


def people(first: int, count: int) -> frozenset[int]:
    return frozenset(range(first, first + count))


def change() -> Change:
    """Four products, one of them under an agreement that nobody looks at persons for."""

    def lines(more: int) -> list[ForecastLine]:
        return [
            line(product="01A03", months=[(100_000 + more, 0, 0)]),
            line(BAARDMAN, "02A05", months=[(50_000 + 2 * more, 0, 0)]),
            line(BAARDMAN, "07A01", months=[(30_000 - more, 0, 0)]),
            line(KWIKSTAART, "", FormCode.FTE, months=[(80_000, 0, 0)]),
        ]

    return forecast_change(forecast(THEN, *lines(0)), forecast(NOW, *lines(1_000)), {})


def shown(found: Change) -> set[str]:
    return {row.product_code for row in found.by_product if not row.hidden}


def test_with_many_people_every_product_is_shown_and_no_line():
    many = {
        (KWIKSTAART, "01A03"): people(0, 20),
        (BAARDMAN, "02A05"): people(50, 12),
        (BAARDMAN, "07A01"): people(80, 15),
    }
    found = disclosed(change(), many, many)
    assert shown(found) == {"01A03", "02A05", "07A01", ""}
    assert found.lines == ()
    assert found.parts == change().parts


def test_a_product_of_few_takes_another_with_it():
    few = {
        (KWIKSTAART, "01A03"): people(0, 20),
        (BAARDMAN, "02A05"): people(50, 4),
        (BAARDMAN, "07A01"): people(80, 15),
    }
    found = disclosed(change(), few)
    assert shown(found) == {"01A03", ""}
    hidden = [row for row in found.by_product if row.hidden]
    assert [(row.product_code, row.then, row.now, row.parts, row.change) for row in hidden] == [
        ("02A05", None, None, (), None),
        ("07A01", None, None, (), None),
    ]
    assert found.change == Cents(2_000)


def test_the_day_with_the_fewest_people_counts():
    now = {
        (KWIKSTAART, "01A03"): people(0, 20),
        (BAARDMAN, "02A05"): people(50, 12),
        (BAARDMAN, "07A01"): people(80, 15),
    }
    then = {**now, (BAARDMAN, "02A05"): people(50, 3)}
    assert "02A05" not in shown(disclosed(change(), then, now))


def test_money_that_follows_people_of_whom_none_is_counted_is_hidden():
    counted = {(KWIKSTAART, "01A03"): people(0, 20), (BAARDMAN, "07A01"): people(80, 15)}
    assert "02A05" not in shown(disclosed(change(), counted))


def test_with_few_people_in_all_nothing_is_shown_by_product():
    assert shown(disclosed(change(), {(KWIKSTAART, "01A03"): people(0, 6)})) == set()
