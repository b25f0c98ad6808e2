"""Rule 20: a ceiling, its signal, what lies above it and what is paid all the same."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgets.signals.ceilings import Expected, ceiling_crossings, ceiling_use, expected_use
from budgets.signals.model import Crossing, Found, Kind, Level
from lead_contractor.kernel.money import Cents
from subcontractors.agreements.model import Production
from subcontractors.agreements.pxq import Ceiling
from tests.budgets.variance.forecasts_of import KWIKSTAART, line

CEILING = Ceiling(Cents(45_000_000), Decimal(70), frozenset({"crisis", "specific"}))
PRODUCTION = Production(Cents(47_860_000), Cents(1_240_000))


def test_rule_20_to_the_cent():
    use = ceiling_use(CEILING, PRODUCTION)
    assert use.signal == Cents(31_500_000)
    assert use.above == Cents(2_860_000)
    assert use.always_paid == Cents(1_240_000)
    assert use.paid == Cents(46_240_000)
    assert use.unpaid == Cents(1_620_000)


def test_what_lies_above_is_told_with_all_its_figures():
    (passed, signal) = ceiling_crossings("PXQ-01", KWIKSTAART, ceiling_use(CEILING, PRODUCTION), None).crossings
    assert (passed.kind, passed.level, passed.stake) == (Kind.CEILING, Level.FACT, Cents(1_620_000))
    assert passed.key == "ceiling:PXQ-01"
    told = {name: passed.figures[name] for name in ("ceiling", "above", "always_paid", "paid", "unpaid")}
    assert told == {
        "ceiling": "45000000",
        "above": "2860000",
        "always_paid": "1240000",
        "paid": "46240000",
        "unpaid": "1620000",
    }
    assert (signal.kind, signal.stake, signal.figures["signal"]) == (Kind.CEILING_SIGNAL, Cents(0), "31500000")


@pytest.mark.parametrize(("produced", "signals"), [(31_499_999, False), (31_500_000, True)])
def test_the_signal_fires_from_its_amount_on(produced: int, signals: bool):
    use = ceiling_use(CEILING, Production(Cents(produced), Cents(0)))
    assert bool(ceiling_crossings("PXQ-01", KWIKSTAART, use, None).crossings) is signals


def test_always_paid_care_does_not_reach_the_signal():
    use = ceiling_use(CEILING, Production(Cents(32_000_000), Cents(600_000)))
    assert ceiling_crossings("PXQ-01", KWIKSTAART, use, None) == Found()


def test_a_ceiling_without_a_signal_has_none():
    use = ceiling_use(Ceiling(Cents(45_000_000)), Production(Cents(45_000_000), Cents(0)))
    assert ceiling_crossings("PXQ-01", KWIKSTAART, use, None) == Found()


def crossing_of(low: int, point: int, high: int) -> Crossing | None:
    use = ceiling_use(CEILING, Production(Cents(20_000_000), Cents(0)))
    expected = Expected(Cents(point), Cents(low), Cents(high), Cents(high + 500_000))
    found = ceiling_crossings("PXQ-01", KWIKSTAART, use, expected)
    assert found.holding == (frozenset() if found.crossings or high <= 44_500_000 else {"ceiling:PXQ-01"})
    return found.crossings[0] if found.crossings else None


def test_the_interval_signals_and_not_the_point():
    assert crossing_of(40_000_000, 42_000_000, 45_000_000) is None
    assert crossing_of(40_000_000, 42_000_000, 44_000_000) is None
    may = crossing_of(40_000_000, 44_000_000, 46_000_000)
    assert may is not None
    assert (may.level, may.stake) == (Level.MAY, Cents(1_000_000))
    above = crossing_of(44_000_000, 46_000_000, 48_000_000)
    assert above is not None
    assert above.level is Level.MAY
    sure = crossing_of(45_000_000, 47_000_000, 49_000_000)
    assert sure is not None
    assert (sure.level, sure.stake) == (Level.ALMOST_SURE, Cents(2_000_000))


def test_the_year_of_an_agreement_is_that_before_its_ceiling_without_what_is_always_paid():
    lines = [line(months=[(300, 0, 700)], above=100, width=30), line(product="01A04", months=[(0, 0, 1_000)], width=40)]
    expected = expected_use(lines, Production(Cents(1_000), Cents(100)))
    assert expected == Expected(Cents(1_800), Cents(1_678), Cents(1_922), Cents(1_960))
