"""The use of allocations out of line: far from its past or from others, and never by chance."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from budgets.signals.model import Kind
from budgets.signals.utilisation import LineUse, MonthUse, utilisation_crossings
from lead_contractor.kernel.money import Cents
from tests.budgets.variance.forecasts_of import KWIKSTAART, YEAR

MONTH = 500_000


def used(subcontractor: str, shares: Sequence[float], product: str = "01A03", allocated: int = MONTH) -> LineUse:
    months = (
        MonthUse(month, Cents(round(allocated * share)), Cents(allocated))
        for month, share in zip(YEAR, shares, strict=False)
    )
    return LineUse(subcontractor, product, tuple(months))


STEADY = (0.80, 0.82, 0.79, 0.81, 0.80)


def test_use_that_falls_away_is_told_against_its_past():
    (found,) = utilisation_crossings([used(KWIKSTAART, (*STEADY, 0.50, 0.52, 0.48))]).crossings
    assert (found.kind, found.about) == (Kind.UTILISATION, f"{KWIKSTAART}/01A03/below")
    assert dict(found.figures) == {
        "share_permille": "500", "usual_permille": "804", "against": "past", "allocated": "1500000",
    }  # fmt: skip
    assert found.stake == Cents(456_000)


def test_a_small_difference_however_certain_is_no_signal():
    assert utilisation_crossings([used(KWIKSTAART, (*STEADY, 0.70, 0.70, 0.70))]).crossings == ()


def test_what_was_raised_holds_until_the_difference_is_half_as_large():
    assert utilisation_crossings([used(KWIKSTAART, (*STEADY, 0.70, 0.70, 0.70))]).holding == {
        f"utilisation:{KWIKSTAART}/01A03/below"
    }
    assert utilisation_crossings([used(KWIKSTAART, (*STEADY, 0.74, 0.74, 0.74))]).holding == frozenset()


def test_a_month_or_two_say_nothing():
    others = [used(f"9999020{n}", [0.80 + n / 100] * 2, allocated=2_000_000) for n in range(7)]
    assert utilisation_crossings([*others, used(KWIKSTAART, [0.35] * 2, allocated=2_000_000)]).crossings == ()


def test_one_odd_month_is_no_signal():
    assert utilisation_crossings([used(KWIKSTAART, (*STEADY, 0.81, 0.15, 0.80))]).crossings == ()


def test_little_money_is_no_signal():
    assert utilisation_crossings([used(KWIKSTAART, (*STEADY, 0.5, 0.5, 0.5), allocated=100_000)]).crossings == ()


def test_a_line_far_from_the_others_is_told_against_them():
    others = [used(f"9999020{n}", [0.80 + n / 100] * 8) for n in range(7)]
    (found,) = utilisation_crossings([*others, used(KWIKSTAART, [0.35] * 8)]).crossings
    assert (found.subcontractor, found.figures["against"], found.figures["usual_permille"]) == (
        KWIKSTAART, "others", "830",
    )  # fmt: skip
    assert utilisation_crossings([*others[:5], used(KWIKSTAART, [0.35] * 8)]).crossings == (), "too few to compare with"


def test_others_are_those_of_the_same_category_where_there_are_enough():
    home_help = [used(f"9999020{n}", [0.95 + n / 1000] * 8) for n in range(7)]
    guidance = [used(f"9999030{n}", [0.60 + n / 1000] * 8, "02A05") for n in range(7)]
    assert utilisation_crossings([*home_help, *guidance]).crossings == ()


def test_chance_alone_does_not_signal():
    """Forty-five lines that all vary around one share, month by month: over twenty years less than one false signal
    in a thousand lines."""
    found = 0
    for seed in range(20):
        dice = Random(seed)
        lines = [
            used(f"{99_000_000 + n}", [min(1.1, max(0.3, dice.gauss(0.8, 0.08))) for _ in range(10)]) for n in range(45)
        ]
        found += len(utilisation_crossings(lines).crossings)
    assert found == 0
