"""The ceiling of an agreement: its signal, what lies above it, and what is paid all the same (rule 20); pure.

Production of crisis and specific care, where the agreement says so, is always paid and uses up nothing of the ceiling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from budgets.forecast.model import ForecastLine
from budgets.signals.model import Crossing, Kind, Level
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.rounding import times
from subcontractors.agreements.model import Production
from subcontractors.agreements.pxq import Ceiling, above_ceiling


@dataclass(frozen=True, slots=True)
class CeilingUse:
    """How an agreement stands against its ceiling.

    Attributes:
        produced: all production.
        above: what of all production lies above the amount of the ceiling, always-paid care included.
        always_paid: what is paid whatever the ceiling.
        unpaid: what is not paid without an addendum.
    """

    produced: Cents
    ceiling: Cents
    signal: Cents | None
    always_paid: Cents
    above: Cents
    unpaid: Cents

    @property
    def used(self) -> Cents:
        """What uses up the ceiling."""
        return self.produced - self.always_paid

    @property
    def paid(self) -> Cents:
        """What is paid of the production."""
        return self.produced - self.unpaid

    @property
    def signalled(self) -> bool:
        """Whether the agreed percentage was reached."""
        return self.signal is not None and self.used >= self.signal


def ceiling_use(ceiling: Ceiling, production: Production) -> CeilingUse:
    """How production stands against a ceiling (rule 20)."""
    return CeilingUse(
        produced=production.amount,
        ceiling=ceiling.amount,
        signal=ceiling.signal_amount,
        always_paid=production.always_paid,
        above=Cents(max(0, production.amount - ceiling.amount)),
        unpaid=above_ceiling(ceiling, production),
    )


@dataclass(frozen=True, slots=True)
class Expected:
    """What the year of an agreement comes to before its ceiling, without what is always paid, with its 80 % band."""

    point: Cents
    low80: Cents
    high80: Cents


def expected_use(lines: Sequence[ForecastLine], production: Production) -> Expected:
    """What the lines of an agreement come to, before the ceiling is taken off.

    Of what is to come the same share is always paid as of what was produced so far. The lines err on their own, so
    that the bounds of their sum lie closer together than the sums of their bounds.
    """
    point = total(line.point + line.above_ceiling for line in lines)
    down = isqrt(sum(max(0, line.point - line.band.low80) ** 2 for line in lines))
    up = isqrt(sum(max(0, line.band.high80 - line.point) ** 2 for line in lines))
    counting = Fraction(1)
    if production.amount > 0:
        counting -= Fraction(int(production.always_paid), int(production.amount))
    return Expected(times(point, counting), times(point - down, counting), times(point + up, counting))


def ceiling_crossings(
    agreement: str, subcontractor: str, use: CeilingUse, expected: Expected | None
) -> tuple[Crossing, ...]:
    """What an agreement signals: its percentage, and its ceiling as a fact, almost surely or maybe."""
    figures = {
        "agreement": agreement,
        "ceiling": str(use.ceiling),
        "used": str(use.used),
        "always_paid": str(use.always_paid),
    }
    if expected is not None:
        figures |= {"point": str(expected.point), "low80": str(expected.low80), "high80": str(expected.high80)}
    found = []
    likely = Cents(max(0, expected.point - use.ceiling)) if expected is not None else ZERO
    if use.unpaid:
        figures |= {"above": str(use.above), "unpaid": str(use.unpaid), "paid": str(use.paid)}
        stake = max(use.unpaid, likely)
        found.append(Crossing(Kind.CEILING, agreement, Level.FACT, stake, subcontractor, figures=figures))
    elif expected is not None and expected.high80 > use.ceiling:
        sure = expected.low80 > use.ceiling
        stake = likely if sure else expected.high80 - use.ceiling
        level = Level.ALMOST_SURE if sure else Level.MAY
        found.append(Crossing(Kind.CEILING, agreement, level, stake, subcontractor, figures=figures))
    if use.signalled:
        signal = {**figures, "signal": str(use.signal)}
        stake = ZERO if found else likely  # the ceiling itself tells it already
        found.append(Crossing(Kind.CEILING_SIGNAL, agreement, Level.FACT, stake, subcontractor, figures=signal))
    return tuple(found)
