"""What a grant or a change makes of allocations, as plain values (IV093, IV094, OP033x1, OP380)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import ONE_DAY
from lead_contractor.kernel.refusals import Refusal
from subcontractors.chain.model import TOTAL, Asked, AskedProduct, Held, Product, Size

BY_PROVIDER = "12"
"""RedenWijziging: on the initiative of the provider."""
REMOVAL = "13"
"""RedenWijziging: removed."""
LONGER = "04"
SHORTER = "05"
CORRECTED = "14"


@dataclass(frozen=True, slots=True)
class Made:
    """A version to make: of the allocation ``number``, or of a new one where that is empty."""

    number: str
    product: Product
    start: date
    end: date | None
    size: Size | None
    budget: Cents | None
    reason_change: str = ""
    after: str = ""
    """The allocation that a new one follows, whose area and flags it takes over."""


def granted(products: tuple[AskedProduct, ...], held: Mapping[str, Held]) -> Iterator[Made]:
    """The versions that granting a request makes; an unchanged product makes none.

    Raises:
        Refusal: an allocation in the request does not stand any more.
    """
    for asked in products:
        if asked.asked is Asked.UNCHANGED:
            continue
        if asked.asked is not Asked.CHANGED:
            assert asked.start is not None
            yield Made("", asked.product, asked.start, asked.end, asked.size, asked.budget)
            continue
        old = held.get(asked.number)
        if old is None or old.removed:
            raise Refusal(f"Toewijzing {asked.number} in het verzoek staat niet meer. Wijs het verzoek af.")
        yield from _changed(old, asked)


def _changed(old: Held, asked: AskedProduct) -> Iterator[Made]:
    """A change in place where that is allowed, else an end and a new allocation that follows on it."""
    assert asked.start is not None
    whole = old.budget is not None or (old.size is not None and old.size.frequency == TOTAL)
    same_size = asked.size == old.size
    if whole or (same_size and asked.budget == old.budget):
        size = asked.size if asked.size is not None else old.size
        budget = asked.budget if asked.budget is not None else old.budget
        yield Made(old.number, old.product, old.start, asked.end, size, budget, BY_PROVIDER)
        return
    if asked.start <= old.start:
        yield _removed(old)
    else:
        yield Made(old.number, old.product, old.start, asked.start - ONE_DAY, old.size, old.budget, BY_PROVIDER)
    yield Made("", old.product, asked.start, asked.end, asked.size, asked.budget, after=old.number)


def _removed(old: Held) -> Made:
    return Made(old.number, old.product, old.start, old.start, old.size, old.budget, REMOVAL)


@dataclass(frozen=True, slots=True)
class Change:
    """A change on the lead contractor's own initiative; what is ``None`` stays as it is.

    ``open_end`` takes the end date away; ``remove`` makes the allocation count as never sent.
    """

    end: date | None = None
    size: Size | None = None
    budget: Cents | None = None
    open_end: bool = False
    remove: bool = False
    reason: str = ""


def changed_by_us(old: Held, change: Change) -> Made:
    """The version that a change of our own makes (OP033x1).

    Raises:
        Refusal: the change may not be made in place, or changes nothing.
    """
    if old.removed:
        raise Refusal(f"Toewijzing {old.number} is verwijderd en kan niet meer worden gewijzigd. Maak een nieuwe.")
    if change.remove:
        return _removed(old)
    end = None if change.open_end else change.end or old.end
    made = replace(
        Made(old.number, old.product, old.start, end, change.size or old.size, old.budget),
        budget=change.budget if change.budget is not None else old.budget,
    )
    if (made.end, made.size, made.budget) == (old.end, old.size, old.budget):
        raise Refusal(f"Aan toewijzing {old.number} verandert niets.")
    if made.end is not None and made.end < made.start:
        raise Refusal("De einddatum ligt voor de ingangsdatum. Gebruik verwijderen als de toewijzing niet had gemogen.")
    return replace(made, reason_change=change.reason or _reason(old, made))


def _reason(old: Held, made: Made) -> str:
    if made.end == old.end:
        return CORRECTED
    longer = made.end is None or (old.end is not None and made.end > old.end)
    return LONGER if longer else SHORTER
