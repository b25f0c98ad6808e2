"""Figures of subcontractors put together: weighted, bounded, and without a late provider standing out."""

from __future__ import annotations

from decimal import Decimal

from budgets.reports.figures import Given, figures_of
from budgets.reports.model import Figure, Shown
from budgets.reports.protect import Told
from subcontractors.reports.kpis import kpi
from subcontractors.reports.model import Measured

NOTHING = Told()
KPIS = {name: kpi(name, 1) for name in ("satisfaction", "dropout", "goals_3_4", "fte", "staff", "hours")}


def given(*values: tuple[str, int] | None, names: bool = False) -> list[Given]:
    return [
        Given(
            f"9999010{place}",
            None if one is None else Measured(Decimal(one[0]), one[1] if one[1] >= 0 else None),
            f"Aanbieder {place}" if names else None,
        )
        for place, one in enumerate(values)
    ]


def only(name: str, own: list[Given], told: Told = NOTHING) -> tuple[Figure, Told]:
    found, after = figures_of(KPIS, {name: own}, told)
    return found[0], after


def test_an_average_is_weighted_by_who_answered():
    found, _ = only("satisfaction", given(("8.0", 30), ("6.0", 10), None))
    assert (found.shown, found.value, found.number) == (Shown.EXACT, Decimal("7.5"), 40)
    assert (found.told_by, found.asked) == (2, 3)


def test_a_share_is_the_sum_over_the_sum():
    found, _ = only("goals_3_4", given(("20", 30), ("15", 20)))
    assert (found.shown, found.value, found.number) == (Shown.EXACT, Decimal("70.0"), 50)


def test_few_on_one_side_of_a_share_are_given_as_a_bound():
    few, _ = only("dropout", given(("3", 40)))
    assert (few.shown, few.value) == (Shown.BELOW, Decimal("25.0"))
    again, _ = only("dropout", given(("9", 40)))
    assert (again.shown, again.value) == (few.shown, few.value), "a bound does not tell how few"
    many, _ = only("goals_3_4", given(("38", 40)))
    assert (many.shown, many.value) == (Shown.ABOVE, Decimal("75.0"))
    none, _ = only("dropout", given(("0", 40)))
    assert (none.shown, none.value) == (Shown.EXACT, Decimal("0.0"))
    tight, _ = only("dropout", given(("1", 10)))
    assert (tight.shown, tight.value, tight.number) == (Shown.HIDDEN, None, None)


def test_over_few_clients_nothing_is_shown():
    found, _ = only("satisfaction", given(("8.0", 5), ("9", 4)))
    assert (found.shown, found.value, found.number) == (Shown.HIDDEN, None, None)


def test_staff_and_fte_are_added_and_hours_are_counted_elsewhere():
    found, _ = only("staff", given(("4", -1), ("3", -1)))
    assert (found.value, found.number) == (Decimal(7), None)
    assert figures_of(KPIS, {"hours": given(("10", -1))}, NOTHING)[0] == ()


def test_who_hands_in_late_with_few_clients_is_not_the_difference_of_two_versions():
    first, told = only("satisfaction", given(("8.0", 30), ("7.0", 20)))
    assert first.shown is Shown.EXACT
    second, after = only("satisfaction", given(("8.0", 30), ("7.0", 20), ("2.0", 5)), told)
    assert second.shown is Shown.HIDDEN, "55 answers, but 55 less 50 are 5 people of one provider"
    third, _ = only("satisfaction", given(("8.0", 30), ("7.0", 20), ("2.0", 5), ("9.0", 40)), after)
    assert third.shown is Shown.EXACT, "with another large one beside it the five do not stand alone"


def test_a_hidden_provider_does_not_follow_from_the_total_and_the_others():
    own = given(("8.0", 30), ("7.0", 20), ("2.0", 5), names=True)
    found, _ = figures_of(KPIS, {"satisfaction": own}, NOTHING)
    total, *each = found
    assert each[2].shown is Shown.HIDDEN
    assert sum(one.shown is Shown.HIDDEN for one in (total, *each)) >= 2


def test_nobody_is_no_small_number():
    found, _ = only("dropout", given(("0", 0), ("0", 0)))
    assert (found.shown, found.value, found.number) == (Shown.EXACT, None, 0)
