"""Trajectories told apart by a day: what was due, what is still running, what has yet to begin."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from budgets.forecast.walking import Day, Walked, as_input, walk
from lead_contractor.kernel.money import total
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.forms import form
from subcontractors.agreements.model import Trajectory
from tests.budgets.forecast.made import YEAR

TERMS = form("trajectory").schema.load(
    {
        "price": "9750.00",
        "milestones": [{"at": "start", "percent": "70"}, {"at": "end", "percent": "30"}],
        "guarantee_days": 183,
    }
)
AUGUST = date(2025, 8, 31)


def one(client: int, started: date, ended: date, reason: str | None = None, planned: date | None = None) -> Trajectory:
    return Trajectory(str(client), client, "02A17", started, ended, started, planned or ended, reason)


MADE = (
    one(1, date(2024, 11, 1), date(2025, 4, 30)),
    one(2, date(2025, 2, 1), date(2025, 10, 31)),
    one(3, date(2025, 2, 10), date(2025, 6, 17), "21", date(2025, 11, 10)),
    one(4, date(2025, 9, 15), date(2025, 12, 14)),
    one(5, date(2025, 7, 1), date(2026, 3, 31)),
)


def walked(as_of: date, *made: Trajectory, closed: bool = False):
    found: dict[str, Walked] = defaultdict(Walked)
    walk(TERMS, made, Day(2025, YEAR, as_of, closed), found)
    return as_input(found["02A17"], TERMS)


def month(number: int) -> Month:
    return Month(2025, number)


def test_what_was_due_what_runs_and_what_has_yet_to_begin():
    found = walked(AUGUST, *MADE)
    early = 4_554_74 - 6_825_00  # rule 16: 128 of 274 days
    assert found.due == {month(4): 2_925_00, month(2): 2 * 6_825_00, month(6): early, month(7): 6_825_00}
    assert found.open == {month(10): 2_925_00}
    assert found.planned == {month(9): 6_825_00, month(12): 2_925_00}
    assert found.starts == {Month(2024, 11): 1, month(2): 2, month(7): 1}
    assert (found.start_cents, found.end_cents) == (6_825_00, 2_925_00)
    assert (found.ended, found.kept, found.kept_planned) == (2, 2_925_00 + early, 2 * 2_925_00)


def test_once_closed_all_of_the_year_is_due():
    found = walked(date(2026, 5, 31), *MADE, closed=True)
    assert (found.open, found.planned) == ({}, {})
    assert total(found.due.values()) == 2_925_00 + 9_750_00 + 4_554_74 + 9_750_00 + 6_825_00


def test_under_a_guarantee_a_trajectory_costs_nothing_and_is_no_start():
    again = one(1, date(2025, 6, 1), date(2025, 8, 1))
    found = walked(AUGUST, MADE[0], again)
    assert found.due == {month(4): 2_925_00}
    assert found.starts == {Month(2024, 11): 1}
    assert found.ended == 1


def test_where_nothing_walked_a_trajectory_is_as_agreed():
    found = walked(AUGUST)
    assert (found.start_cents, found.end_cents, found.days) == (6_825_00, 2_925_00, 0)
