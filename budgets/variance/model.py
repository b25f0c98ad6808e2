"""Why a figure of the year changed, as values: two totals and the parts that lead from the one to the other.

All amounts are whole cents; a part above zero makes the year dearer. The parts of a line, of a product and of the
whole each add up exactly to what changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lead_contractor.kernel.money import ZERO, Cents, total
from subcontractors.agreements.model import FormCode


class Cause(StrEnum):
    """Why it changed, in the order in which a waterfall shows them."""

    VOLUME = "volume"
    """More or less care, at the average price of what was known before (rule 33)."""
    MIX = "mix"
    """Dearer or cheaper care in its place: what volume at the average price does not tell (rule 33)."""
    PRICE = "price"
    """Other tariffs for the same care (rule 33)."""
    LATE = "late_declarations"
    """More or less came in, or is still expected, over months that were over already."""
    CONTRACT = "contract"
    """What agreements fix (FTE, lump sum, availability) and what lies above a ceiling."""
    CORRECTION = "correction"
    """Credits on what had been approved."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one cause adds, below zero for what it takes off."""

    cause: Cause
    cents: Cents


Parts = tuple[Part, ...]
"""One part for each cause, in the order of :class:`Cause`; those of nothing are among them."""


def parts_of(amounts: dict[Cause, Cents]) -> Parts:
    """A part for each cause; a cause that is not named adds nothing."""
    return tuple(Part(cause, amounts.get(cause, ZERO)) for cause in Cause)


def added(several: Iterable[Parts]) -> Parts:
    """The same parts of several changes, cause by cause together."""
    sums = dict.fromkeys(Cause, ZERO)
    for parts in several:
        for part in parts:
            sums[part.cause] += part.cents
    return parts_of(sums)


@dataclass(frozen=True, slots=True)
class LineChange:
    """What changed on one line.

    Attributes:
        subcontractor: AGB code; empty for a budget that is not of one.
        product_code: empty where an agreement, or a budget, is not about one product.
        form: ``None`` for a budget under which more forms fall, or none.
        then: what it was; ``None`` where the line was not there.
        now: what it is; ``None`` where the line is not there any more.
        parts: why.
    """

    subcontractor: str
    product_code: str
    form: FormCode | None
    then: Cents | None
    now: Cents | None
    parts: Parts

    @property
    def change(self) -> Cents:
        """Now less then."""
        return (self.now or ZERO) - (self.then or ZERO)

    def part(self, cause: Cause) -> Cents:
        """What one cause adds."""
        return next(part.cents for part in self.parts if part.cause is cause)


@dataclass(frozen=True, slots=True)
class ProductChange:
    """What changed on a product, over all its lines.

    In a row that is hidden there is no amount: too few people stand behind it, or it would give such a row away.
    """

    product_code: str
    then: Cents | None
    now: Cents | None
    parts: Parts
    hidden: bool = False

    @property
    def change(self) -> Cents | None:
        """Now less then; ``None`` in a row that is hidden."""
        return None if self.now is None or self.then is None else self.now - self.then


@dataclass(frozen=True, slots=True)
class Change:
    """Why a forecast differs from an earlier one, or from the budget.

    Attributes:
        then_day: the day of the earlier forecast; ``None`` where the budget is the beginning.
        now_day: the day of the later forecast.
        total_then: where it begins.
        total_now: where it ends.
        parts: what leads from the one to the other; exactly.
        by_product: the same by product, what changed most first, hidden ones last.
        lines: the same line by line, what changed most first; empty for who may not see them.
    """

    then_day: date | None
    now_day: date
    total_then: Cents
    total_now: Cents
    parts: Parts
    by_product: tuple[ProductChange, ...]
    lines: tuple[LineChange, ...] = ()

    @property
    def change(self) -> Cents:
        """Now less then."""
        return self.total_now - self.total_then

    def part(self, cause: Cause) -> Cents:
        """What one cause adds in all."""
        return next(part.cents for part in self.parts if part.cause is cause)

    def most(self, cause: Cause, count: int = 5) -> tuple[LineChange, ...]:
        """The lines that contributed most to a cause, in either direction; none of which the part is nothing."""
        found = [line for line in self.lines if line.part(cause)]
        found.sort(key=lambda line: (-abs(line.part(cause)), line.subcontractor, line.product_code))
        return tuple(found[:count])


def made(then_day: date | None, now_day: date, lines: Iterable[LineChange]) -> Change:
    """Add line changes up to the whole and by product."""
    ordered = sorted(lines, key=lambda one: (-abs(one.change), one.subcontractor, one.product_code, one.form or ""))
    products: dict[str, list[LineChange]] = {}
    for line in ordered:
        products.setdefault(line.product_code, []).append(line)
    rows = [
        ProductChange(
            code,
            total(line.then or 0 for line in own),
            total(line.now or 0 for line in own),
            added(line.parts for line in own),
        )
        for code, own in products.items()
    ]
    rows.sort(key=lambda row: (-abs(row.change or 0), row.product_code))
    return Change(
        then_day=then_day,
        now_day=now_day,
        total_then=total(line.then or 0 for line in ordered),
        total_now=total(line.now or 0 for line in ordered),
        parts=added(line.parts for line in ordered),
        by_product=tuple(rows),
        lines=tuple(ordered),
    )
