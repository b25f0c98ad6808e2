"""The one place where money is rounded and split.

Rounding is half up, away from zero. Splitting is by largest remainder; the first in order wins a tie.
Milestones are the exception: each but the last is rounded half up and the last is the remainder.
All sums are exact (whole numbers over whole numbers) until the one rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from lead_contractor.kernel.money import Cents

Number = int | Decimal | Fraction


def half_up(value: Number) -> int:
    """Round to a whole number, half away from zero: 2.5 -> 3, -2.5 -> -3."""
    return _half_up(*value.as_integer_ratio())


def _half_up(numerator: int, denominator: int) -> int:
    """Round a ratio of whole numbers, the denominator above zero; whole numbers are much quicker than fractions."""
    whole = (abs(numerator) * 2 + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def to_cents(value: Number) -> Cents:
    """Round an exact number of cents to whole cents."""
    return Cents(half_up(value))


def times(amount: Cents, factor: Number) -> Cents:
    """Multiply an amount by an exact factor and round once, to the cent."""
    numerator, denominator = factor.as_integer_ratio()
    return Cents(_half_up(int(amount) * numerator, denominator))


def percent_of(amount: Cents, percent: Number) -> Cents:
    """Take ``percent`` % of an amount, rounded to the cent."""
    numerator, denominator = percent.as_integer_ratio()
    return Cents(_half_up(int(amount) * numerator, denominator * 100))


def decimal_places(value: Number, decimals: int) -> Fraction:
    """Round an exact number to ``decimals`` places, half away from zero, and keep it exact."""
    scale = 10**decimals
    return Fraction(half_up(Fraction(value) * scale), scale)


def split(amount: Cents, weights: Sequence[Number]) -> tuple[Cents, ...]:
    """Split an amount over weights so that the parts add up exactly (rule 1, rule 40).

    Largest remainder; of equal remainders the first in order wins.

    Raises:
        ValueError: there are no weights, one is below zero, or all are zero.
    """
    exact = [Fraction(weight) for weight in weights]
    if not exact or any(weight < 0 for weight in exact) or sum(exact) == 0:
        raise ValueError("weights must be zero or more, and not all zero")
    sign, size = (-1, -int(amount)) if amount < 0 else (1, int(amount))
    whole = sum(exact)
    shares = [size * weight / whole for weight in exact]
    parts = [share.numerator // share.denominator for share in shares]
    left = size - sum(parts)
    order = sorted(range(len(shares)), key=lambda i: (parts[i] - shares[i], i))
    for i in order[:left]:
        parts[i] += 1
    return tuple(Cents(sign * part) for part in parts)


def split_evenly(amount: Cents, parts: int) -> tuple[Cents, ...]:
    """Split an amount in equal parts that add up exactly (rule 1)."""
    return split(amount, [1] * parts)


def milestones(amount: Cents, percents: Sequence[Number]) -> tuple[Cents, ...]:
    """Split a price over milestones: each but the last rounded half up, the last the remainder (rule 15).

    Raises:
        ValueError: there are no percents.
    """
    if not percents:
        raise ValueError("a price needs at least one milestone")
    first = [percent_of(amount, percent) for percent in percents[:-1]]
    return (*first, Cents(int(amount) - sum(first)))
