"""Spending per inhabitant (rule 9), and the table as series with gaps and breaks; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from budgets.benchmark.model import Own, Point, Series, Spending
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.rounding import to_cents


def per_inhabitant(amount: Cents | None, inhabitants: int | None) -> Cents | None:
    """An amount divided by inhabitants, to the cent; ``None`` where one of the two is not known.

    Rule 9: 6,658,000.00 over 49,000 inhabitants is 135.88.
    """
    if amount is None or not inhabitants:
        return None
    return to_cents(Fraction(int(amount), inhabitants))


def population_amount(rate: Cents, inhabitants: int) -> Cents:
    """What a rate per inhabitant comes to (rule 9): 49,000 × 138.27 = 6,775,230.00."""
    return rate * inhabitants


def series(rows: Sequence[Spending], own: Iterable[Own] = ()) -> tuple[Series, ...]:
    """The table as one series for each municipality, by name; a year without a row is a gap."""
    years = range(min((row.year for row in rows), default=0), max((row.year for row in rows), default=-1) + 1)
    known = {(row.code, row.year): row for row in rows}
    names = {row.code: row.municipality for row in rows}
    mine = list(own)
    names |= {one.code: one.municipality for one in mine if one.code not in names}
    found = [
        Series(
            code,
            name,
            tuple(_point(known.get((code, year)), year) for year in years),
            tuple(sorted((one for one in mine if one.code == code), key=lambda one: (one.year, one.contract))),
        )
        for code, name in names.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.municipality, one.code)))


def _point(row: Spending | None, year: int) -> Point:
    if row is None:
        return Point(year, None)
    return Point(year, per_inhabitant(row.amount, row.inhabitants), row.provisional, row.breaks, row.note)
