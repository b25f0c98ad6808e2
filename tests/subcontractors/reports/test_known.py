"""What is worked out from messages and returns, so that nobody is asked for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.quarters import Quarter
from subcontractors.reports.known import Facts, Start, Stop, known
from subcontractors.reports.model import Measured

Q1, Q2, Q3 = Quarter(2025, 1), Quarter(2025, 2), Quarter(2025, 3)
NOTHING = Facts({}, 0, False, {}, (), (), Q1)


def test_nothing_is_known_of_who_sends_nothing():
    assert known(NOTHING, Q1) == {}


def test_minutes_and_hours_are_added_and_other_units_are_not():
    facts = replace(NOTHING, volumes={("A", "01"): 95, ("A", "04"): 2, ("A", "16"): 40, ("B", "82"): 7}, declares=True)
    assert known(facts, Q1)["hours"] == Measured(Decimal("3.58"))


def test_hours_of_a_return_count_only_where_the_agreement_is_not_declared():
    returned = {
        ("F", Month(2025, 1)): (None, Decimal("100.5")),
        ("F", Month(2025, 4)): (None, Decimal(999)),
        ("A", Month(2025, 1)): (None, Decimal(50)),
    }
    facts = replace(NOTHING, volumes={("A", "04"): 10}, returned=returned)
    assert known(facts, Q1)["hours"] == Measured(Decimal("110.50"))


def test_fte_is_the_average_of_the_months_and_the_sum_of_the_agreements():
    returned = {
        ("F", Month(2025, 1)): (Decimal("6.40"), None),
        ("F", Month(2025, 2)): (Decimal("6.10"), None),
        ("G", Month(2025, 3)): (Decimal("1.5"), None),
    }
    assert known(replace(NOTHING, returned=returned), Q1)["fte"] == Measured(Decimal("7.75"))


def test_nobody_served_is_known_of_who_declares_and_asked_of_who_does_not():
    assert "clients" not in known(NOTHING, Q1)
    assert known(replace(NOTHING, declares=True, clients=3), Q1)["clients"] == Measured(Decimal(3))


def test_waiting_runs_from_allocation_to_start_over_the_starts_of_the_quarter():
    starts = [
        Start(1, date(2025, 4, 11), date(2025, 4, 1)),
        Start(2, date(2025, 6, 30), date(2025, 6, 5)),
        Start(3, date(2025, 7, 1), date(2025, 1, 1)),
        Start(4, date(2025, 5, 1), None),
        Start(5, date(2025, 5, 1), date(2025, 5, 3)),
    ]
    assert known(replace(NOTHING, starts=starts), Q2)["waiting"] == Measured(Decimal("11.67"), 3)
    assert known(replace(NOTHING, starts=starts), Q1)["waiting"] == Measured(Decimal(0), 0)


def test_dropout_counts_one_sided_endings_out_of_real_endings():
    reasons = ("19", "19", "21", "22", "23", "02", "20", "31", "38")
    stops = [Stop(number, date(2025, 2, 1), reason) for number, reason in enumerate(reasons)]
    assert known(replace(NOTHING, stops=stops), Q1)["dropout"] == Measured(Decimal(2), 5)


def test_who_comes_back_counts_against_no_new_start():
    stops = [
        Stop(1, date(2025, 3, 31), "19"),
        Stop(2, date(2025, 2, 1), "23"),
        Stop(3, date(2025, 1, 5), "21"),
        Stop(4, date(2025, 4, 1), "19"),
    ]
    starts = [Start(1, date(2025, 1, 1), None), Start(2, date(2025, 6, 30), None), Start(2, date(2025, 7, 1), None)]
    facts = replace(NOTHING, starts=starts, stops=stops)
    assert known(facts, Q2)["goals_3_2"] == Measured(Decimal(1), 2)
    assert "goals_3_2" not in known(facts, Q1), "nothing is known before the first quarter"
    assert known(facts, Q3)["goals_3_2"] == Measured(Decimal(1), 1)
