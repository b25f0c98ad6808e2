"""A new version of a tariff in a history without gaps of its own making and without overlap; pure.

The new version holds in all of its days. What held there before gives way: wholly, or for the days that the new version
takes; the days before and after keep their tariff.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lead_contractor.allocation.model import Unit
from lead_contractor.kernel.periods import ONE_DAY, Period
from lead_contractor.kernel.refusals import Refusal
from subcontractors.agreements.model import Tariff
from subcontractors.corrections.model import TariffChange


@dataclass(frozen=True, slots=True)
class Revised:
    """What a new version does: the tariffs that give way, and what stands in their place."""

    replaced: tuple[Tariff, ...]
    placed: tuple[Tariff, ...]


def check(change: TariffChange) -> None:
    """Refuse a tariff that makes no sense.

    Raises:
        Refusal: no source, a tariff below zero, a period that runs backwards, or a unit that has no tariff.
    """
    if not change.source.strip():
        raise Refusal("Noem de bron van het nieuwe tarief (besluit, addendum, indexatie).")
    if change.tariff < 0:
        raise Refusal("Een tarief is nul of meer.")
    if change.valid_to is not None and change.valid_to < change.valid_from:
        raise Refusal("De einddatum van het tarief ligt vóór de begindatum.")
    if change.unit not in {unit.value for unit in Unit} or change.unit == Unit.EURO.value:
        raise Refusal(f"Eenheid {change.unit} heeft geen tarief.")


def revised(history: Iterable[Tariff], change: TariffChange) -> Revised:
    """Lay a new version over the history of one subcontractor, product and unit.

    Raises:
        Refusal: all of its days have this tariff already.
    """
    taken = Period.inclusive(change.valid_from, change.valid_to)
    touched = [one for one in history if one.validity.overlaps(taken)]
    if len(touched) == 1 and touched[0].tariff == change.tariff and _within(taken, touched[0].validity):
        raise Refusal("Dit tarief geldt al in deze periode.")
    new = Tariff(
        change.subcontractor,
        change.product_code,
        change.unit,
        change.tariff,
        change.valid_from,
        change.valid_to,
    )
    rests = [rest for one in touched for rest in _rests(one, taken)]
    return Revised(tuple(touched), tuple(sorted([*rests, new], key=lambda one: one.valid_from)))


def _within(inner: Period, outer: Period) -> bool:
    ends = outer.end is None or (inner.end is not None and inner.end <= outer.end)
    return outer.start <= inner.start and ends


def _rests(one: Tariff, taken: Period) -> list[Tariff]:
    """What is left of a tariff before and after the days that are taken."""
    found = []
    if one.valid_from < taken.start:
        found.append(replace(one, valid_to=taken.start - ONE_DAY))
    if taken.end is not None and (one.valid_to is None or one.valid_to >= taken.end):
        found.append(replace(one, valid_from=taken.end))
    return found
