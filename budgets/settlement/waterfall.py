"""The road from lump sum to result and what becomes of it, as bars of whole per mille."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from budgets.settlement.model import Settlement
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.rounding import half_up

WHOLE = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """A step of the waterfall. A part goes on where the one before ended; a total stands on zero.

    ``start`` and ``length`` are per mille of the room from the lowest to the highest point.
    """

    name: str
    cents: Cents
    is_total: bool
    start: int
    length: int


def waterfall(settlement: Settlement) -> tuple[Bar, ...]:
    """The bars of a settlement, in order; parts of zero are left out."""
    spans: list[tuple[str, Cents, bool, Cents, Cents]] = []
    level = ZERO
    for name, amount, is_total in _rows(settlement):
        if is_total:
            level = amount
            spans.append((name, amount, True, Cents(min(0, amount)), Cents(max(0, amount))))
        elif amount:
            after = level + amount
            spans.append((name, amount, False, Cents(min(level, after)), Cents(max(level, after))))
            level = after
    lowest = min((low for *_, low, _ in spans), default=ZERO)
    room = max((high for *_, high in spans), default=ZERO) - lowest or Cents(1)

    def place(cents: Cents) -> int:
        return half_up(Fraction(int(cents - lowest) * WHOLE, int(room)))

    return tuple(
        Bar(name, cents, is_total, place(low), place(high) - place(low)) for name, cents, is_total, low, high in spans
    )


def _rows(settlement: Settlement) -> Iterator[tuple[str, Cents, bool]]:
    """Name, amount with its sign, and whether it is a total of what stands above it."""
    revenue, cost = settlement.revenue, settlement.cost
    yield "lumpsum", revenue.lump_sum, False
    yield "indexatie", revenue.indexation, False
    yield "volumebijstelling", revenue.volume_adjustment, False
    yield "kortingen", -revenue.deductions, False
    yield "opbrengst", revenue.total, True
    yield "onderaannemers", -cost.subcontractors, False
    yield "eigen inzet", -cost.own_delivery, False
    yield "overhead", -cost.overhead, False
    yield "overige kosten", -cost.other, False
    yield "regels over eerdere jaren", -cost.prior_year, False
    yield "resultaat", settlement.result, True
    yield from _destinations(settlement)


def _destinations(settlement: Settlement) -> Iterator[tuple[str, Cents, bool]]:
    surplus, deficit = settlement.surplus, settlement.deficit
    if settlement.result > 0:
        yield "terug naar de gemeente", -surplus.repaid, False
        yield "te investeren", -surplus.invested, False
        yield "naar de egalisatiereserve", -surplus.added_to_reserve, False
        yield "blijft bij de hoofdaannemer", settlement.kept, True
    if settlement.result < 0:
        yield "uit de egalisatiereserve", deficit.reserve_used, False
        yield "bijdrage van de gemeente", deficit.municipality, False
        yield "draagt de hoofdaannemer", -deficit.contractor, True
