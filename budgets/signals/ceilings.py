"""The ceiling of an agreement: its signal, what lies above it, and what is paid all the same (rule 20); pure.

Production of crisis and specific care, where the agreement says so, is always paid and uses up nothing of the ceiling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from budgets.forecast.model import ForecastLine
from budgets.signals.model import Crossing, Found, Kind, Level
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
    """What the year of an agreement comes to before its ceiling, without what is always paid, with its bounds."""

    point: Cents
    low80: Cents
    high80: Cents
    high95: Cents


def expected_use(lines: Sequence[ForecastLine], production: Production) -> Expected:
    """What the lines of an agreement come to, before the ceiling is taken off.

    Of what is to come the same share is always paid as of what was produced so far. The lines err on their own, so
    that the bounds of their sum lie closer together than the sums of their bounds. The upper bound of a line stops at
    its ceiling: there it lies as far from the middle as the lower one.
    """
    point = total(line.point + line.above_ceiling for line in lines)
    downs = [max(0, line.point + line.above_ceiling - line.band.low80) for line in lines]
    widest = [max(0, line.point + line.above_ceiling - line.band.low95) for line in lines]
    ups = [max(line.band.high80 - line.point, down) for line, down in zip(lines, downs, strict=True)]
    farthest = [max(line.band.high95 - line.point, down) for line, down in zip(lines, widest, strict=True)]
    counting = Fraction(1)
    if production.amount > 0:
        counting -= Fraction(int(production.always_paid), int(production.amount))
    bounds = (0, -_root(downs), _root(ups), _root(farthest))
    return Expected(*(times(point + bound, counting) for bound in bounds))


def _root(several: Sequence[int]) -> int:
    return isqrt(sum(one**2 for one in several))


def ceiling_crossings(agreement: str, subcontractor: str, use: CeilingUse, expected: Expected | None) -> Found:
    """What an agreement signals: its percentage, and its ceiling as a fact, almost surely or maybe.

    A maybe that was raised holds until the bound of 95 % falls back as well.
    """
    figures = {
        "agreement": agreement,
        "ceiling": str(use.ceiling),
        "used": str(use.used),
        "always_paid": str(use.always_paid),
    }
    if expected is not None:
        figures |= {"point": str(expected.point), "low80": str(expected.low80), "high80": str(expected.high80)}
    found, holding = [], set[str]()
    likely = Cents(max(0, expected.point - use.ceiling)) if expected is not None else ZERO
    if use.unpaid:
        figures |= {"above": str(use.above), "unpaid": str(use.unpaid), "paid": str(use.paid)}
        stake = max(use.unpaid, likely)
        found.append(Crossing(Kind.CEILING, agreement, Level.FACT, stake, subcontractor, figures=figures))
    elif expected is not None and expected.high80 > use.ceiling:
        sure = likely > 0 and expected.low80 >= use.ceiling  # lower bounds stop at the ceiling
        stake = likely if sure else expected.high80 - use.ceiling
        level = Level.ALMOST_SURE if sure else Level.MAY
        found.append(Crossing(Kind.CEILING, agreement, level, stake, subcontractor, figures=figures))
    elif expected is not None and expected.high95 > use.ceiling:
        holding.add(f"{Kind.CEILING.value}:{agreement}")
    if use.signalled:
        signal = {**figures, "signal": str(use.signal)}
        stake = ZERO if found else likely  # the ceiling itself tells it already
        found.append(Crossing(Kind.CEILING_SIGNAL, agreement, Level.FACT, stake, subcontractor, figures=signal))
    return Found(tuple(found), frozenset(holding))
