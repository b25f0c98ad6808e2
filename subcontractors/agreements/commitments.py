"""Commitments: what an allocation fixes in advance, as a memorandum beside the books.

Only where an allocation fixes an amount: a budget, euros, a fixed trajectory price, or a volume over its term at the
tariff of its first day. Everything else is not determinable, and is said to be so instead of guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lead_contractor.allocation.model import DELETED, Allocation, Unit
from lead_contractor.kernel.money import Cents
from subcontractors.agreements.model import Agreement, FormCode, Tariff
from subcontractors.agreements.trajectory import TrajectoryTerms
from subcontractors.agreements.weeks import limit_over_term


class Basis(StrEnum):
    """What a commitment rests on."""

    BUDGET = "budget"
    EUROS = "euros"
    PRICE = "price"
    VOLUME = "volume"
    NOT_DETERMINABLE = "not_determinable"


@dataclass(frozen=True, slots=True)
class Commitment:
    """What an allocation commits over its whole term; ``None`` cents is not determinable."""

    number: str
    agreement: str
    product_code: str
    area: str
    basis: Basis
    cents: Cents | None


def commitment(one: Allocation, agreement: Agreement | None, tariff: Tariff | None) -> Commitment | None:
    """The commitment of an allocation under its agreement, at the tariff in its own unit on its first day.

    Deleted allocations, and those under a form that pays by the month whatever is allocated, commit nothing.
    """
    if agreement is None or one.reason_change == DELETED:
        return None
    if agreement.form is FormCode.TRAJECTORY and isinstance(agreement.terms, TrajectoryTerms):
        return _made(one, agreement, Basis.PRICE, agreement.terms.price)
    if agreement.form is not FormCode.PXQ:
        return None
    if one.budget is not None:
        return _made(one, agreement, Basis.BUDGET, one.budget)
    limit = limit_over_term(one.volume, one.unit, one.frequency, one.category, one.start, one.end)
    if limit is None:
        return _made(one, agreement, Basis.NOT_DETERMINABLE, None)
    if one.unit is Unit.EURO:
        return _made(one, agreement, Basis.EUROS, Cents(limit))
    if tariff is None:
        return _made(one, agreement, Basis.NOT_DETERMINABLE, None)
    return _made(one, agreement, Basis.VOLUME, tariff.tariff * limit)


def _made(one: Allocation, agreement: Agreement, basis: Basis, cents: Cents | None) -> Commitment:
    return Commitment(one.number, agreement.id, one.product_code, one.area, basis, cents)


def tariff_for(one: Allocation, tariffs: dict[tuple[str, str, str], list[Tariff]]) -> Tariff | None:
    """The tariff of an allocation's product in its own unit on its first day; ``tariffs`` by sender, product, unit."""
    unit = one.unit.value if one.unit else ""
    dated = tariffs.get((one.subcontractor, one.product_code, unit), [])
    return next((tariff for tariff in dated if one.start in tariff.validity), None)
