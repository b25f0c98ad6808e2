"""Volume, mix and price (rule 33): budget and actual of products with their volumes and prices, to the cent; pure.

Price is what other prices make of the volume that came; volume is what more or less of it makes at the average price
of what was known before; mix is the rest, so that the three add up exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.rounding import Number, times, to_cents


@dataclass(frozen=True, slots=True)
class Quantity:
    """A volume of one product at a price in cents per unit."""

    volume: Number
    price: Cents

    @property
    def amount(self) -> Cents:
        """Volume times price, rounded once."""
        return times(self.price, self.volume)


@dataclass(frozen=True, slots=True)
class Split:
    """A difference in volume, mix and price."""

    volume: Cents
    mix: Cents
    price: Cents

    @property
    def total(self) -> Cents:
        """All of it."""
        return self.volume + self.mix + self.price


def price_volume_mix(then: Sequence[Quantity], now: Sequence[Quantity]) -> Split:
    """Split the difference between two years of the same products, all in one unit (rule 33).

    A product that was not there has volume 0 and its own new price then.

    Raises:
        ValueError: the two do not have the same products.
    """
    price = total(times(after.price - before.price, after.volume) for before, after in zip(then, now, strict=True))
    change = total(one.amount for one in now) - total(one.amount for one in then)
    more = [Fraction(after.volume) - Fraction(before.volume) for before, after in zip(then, now, strict=True)]
    average = average_price([(Fraction(int(one.amount)), Fraction(one.volume)) for one in then])
    volume = to_cents(sum(more, Fraction(0)) * average) if average is not None else change - price
    return Split(volume, change - price - volume, price)


def average_price(known: Sequence[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Cents per unit over amounts and volumes; ``None`` where there is no volume above zero."""
    volume = sum((volume for _, volume in known), Fraction(0))
    amount = sum((amount for amount, _ in known), Fraction(0))
    return amount / volume if volume > 0 and amount >= 0 else None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a line changed at the prices of before.

    Attributes:
        cents: the change.
        base: what the line came to before, at the same prices.
        price: cents per unit; ``None`` where a line has no volume in a common unit.
        unit: lines in the same unit are looked at together.
    """

    cents: Cents
    base: Cents
    price: Fraction | None
    unit: str = ""


def volume_and_mix(lines: Sequence[Moved]) -> tuple[tuple[Cents, Cents], ...]:
    """Per line its volume and its mix, which together are its change.

    Lines in one unit share one average price, so that what moves from one line to another is mix. All of a line
    without a price is volume. The volumes of a unit add up to what they make together, rounded once.
    """
    averages = _averages(lines)
    running: dict[str, Fraction] = {}
    found: list[tuple[Cents, Cents]] = []
    for line in lines:
        average = averages.get(line.unit)
        if line.price is None or not line.price or average is None:
            found.append((line.cents, Cents(0)))
            continue
        before = running.get(line.unit, Fraction(0))
        after = before + Fraction(int(line.cents)) / line.price * average
        running[line.unit] = after
        volume = to_cents(after) - to_cents(before)
        found.append((volume, line.cents - volume))
    return tuple(found)


def _averages(lines: Sequence[Moved]) -> dict[str, Fraction | None]:
    """The average price before, per unit, over the lines that have a price."""
    known: dict[str, list[tuple[Fraction, Fraction]]] = {}
    for line in lines:
        if line.price:
            amount = Fraction(int(line.base))
            known.setdefault(line.unit, []).append((amount, amount / line.price))
    return {unit: average_price(rows) for unit, rows in known.items()}
