"""The parts of a line before its bounds are known, in whole cents: the one place where estimates become money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from budgets.forecast.inputs import Inputs, LineInput
from budgets.forecast.model import LineKey, Method, MonthForecast, Reason
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import to_cents


@dataclass(frozen=True, slots=True)
class Spread:
    """One standard error below and above, in cents, zero or more."""

    down: Cents
    up: Cents


@dataclass(frozen=True, slots=True)
class Draft:
    """A line before ceilings and bounds.

    Attributes:
        months: of the contract, in order.
        method: how the coming months were estimated.
        reasons: why, step by step.
        spread: one standard error of the year.
        resting: what of the year rests on a level that lines may get wrong together.
        floor: whether what was realised is a lower bound.
        growing: per month of ``months``, the variance of the year up to and including it, in cents squared.
    """

    months: tuple[MonthForecast, ...]
    method: Method
    reasons: tuple[Reason, ...]
    spread: Spread
    resting: tuple[float, ...] = ()
    floor: bool = False
    growing: tuple[float, ...] = ()

    @property
    def realised(self) -> Cents:
        """Total of the months."""
        return total(month.realised for month in self.months)

    @property
    def late(self) -> Cents:
        """Total of the months."""
        return total(month.late for month in self.months)

    @property
    def point(self) -> Cents:
        """Total of the months, before ceilings."""
        return total(month.point for month in self.months)


def whole(amount: float) -> Cents:
    """An estimate in cents as money: rounded once, half away from zero."""
    return to_cents(Fraction(amount))


def month_forecast(month: Month, realised: int, late: float, coming: float) -> MonthForecast:
    """A month of which what was received is exact and the rest is estimated; the estimate of the month is rounded."""
    received = Cents(realised)
    return MonthForecast(month, received, whole(realised + late) - received, whole(coming))


def merged(lines: Iterable[LineInput]) -> tuple[LineInput, ...]:
    """One row per key, in order of the key: rows of the same key are added together."""
    found: dict[LineKey, LineInput] = {}
    for line in lines:
        other = found.get(line.key)
        found[line.key] = line if other is None else _together(other, line)
    return tuple(found[key] for key in sorted(found))


def _together(one: LineInput, other: LineInput) -> LineInput:
    return replace(
        one,
        months=tuple(sorted({*one.months, *other.months})),
        flows=(*one.flows, *other.flows),
        history=(*one.history, *other.history),
        tariff_index={**other.tariff_index, **one.tariff_index},
        corrections=one.corrections + other.corrections,
        allocated={**other.allocated, **one.allocated},
        allocated_at={**other.allocated_at, **one.allocated_at},
        agreed=one.agreed or other.agreed,
        trajectories=one.trajectories or other.trajectories,
    )


def price_effect(draft: Draft, line: LineInput) -> Cents:
    """What of the year comes from tariffs other than that of the first contract month, before ceilings."""
    effect = Fraction(0)
    for month in draft.months:
        index = line.tariff_index.get(month.month)
        if index:
            effect += int(month.point) * (1 - 1 / Fraction(index))
    return to_cents(effect)


def nothing(inputs: Inputs) -> Draft:
    """A line of which nothing is known."""
    months = tuple(MonthForecast(month, ZERO, ZERO, ZERO) for month in inputs.months)
    return Draft(months, Method.KNOWN, (Reason("nothing"),), Spread(ZERO, ZERO))
