"""Public spending per inhabitant, with gaps and breaks as they are."""

from __future__ import annotations

from budgets.benchmark.model import Own, Spending
from budgets.benchmark.per_inhabitant import per_inhabitant, population_amount, series
from budgets.benchmark.store import packed
from lead_contractor.kernel.money import Cents


def years(code: str) -> dict[int, Spending]:
    return {row.year: row for row in packed().rows if row.code == code}


def test_rule_9_an_amount_per_inhabitant_and_back():
    assert population_amount(Cents(138_27), 49_000) == Cents(6_775_230_00)
    assert per_inhabitant(Cents(6_658_000_00), 49_000) == Cents(135_88)
    assert per_inhabitant(None, 49_000) is None
    assert per_inhabitant(Cents(1), None) is None


def test_the_packed_table_gives_the_published_amounts_per_inhabitant_of_2022():
    published = {
        "0307": 346_12, "0200": 414_22, "0202": 421_51, "0222": 585_90, "0114": 401_56, "0014": 434_75, "1911": 135_88, "0988": 256_22,
    }  # fmt: skip
    found = {row.code: per_inhabitant(row.amount, row.inhabitants) for row in packed().rows if row.year == 2022}
    assert found == {code: Cents(cents) for code, cents in published.items()}


def test_what_is_missing_stays_missing_and_what_is_provisional_says_so():
    assert years("0222")[2020].spending_thousands is None
    assert 2023 not in years("0222")
    assert all(row.provisional == (row.year >= 2022) for row in packed().rows)
    assert {row.code for row in packed().rows if row.breaks} == {"0307", "0200", "0202", "0222", "0114", "0014"}
    assert {row.year for row in packed().rows if row.breaks} == {2021}


def test_no_line_runs_over_a_gap_or_a_break():
    found = {one.municipality: [[p.year for p in run] for run in one.segments] for one in series(packed().rows)}
    assert found["Doetinchem"] == [[2018, 2019], [2021, 2022]]
    assert found["Groningen"] == [[2018, 2019, 2020], [2021, 2022]]
    assert found["Hollands Kroon"] == [[2018, 2019, 2020, 2021, 2022]]
    assert found["Amersfoort"] == [[2018, 2019, 2020], [2021, 2022, 2023]]


def test_a_year_without_a_row_is_a_gap_and_own_spending_stands_apart():
    rows = [Spending("1911", "Hollands Kroon", 2020, 1, 10), Spending("1911", "Hollands Kroon", 2022, 1, 10)]
    own = Own("1911", "Hollands Kroon", 2025, Cents(1_000_00), 10, complete=True, contract="HK-2025")
    (found,) = series(rows, [own])
    assert [point.per_inhabitant for point in found.points] == [Cents(100_00), None, Cents(100_00)]
    assert [[p.year for p in run] for run in found.segments] == [[2020], [2022]]
    assert found.own == (own,)
    other = Own("1999", "Elders", 2025, Cents(1), None, complete=False, contract="E-2025")
    assert [one.municipality for one in series(rows, [other])] == ["Elders", "Hollands Kroon"]
    assert series([]) == ()
