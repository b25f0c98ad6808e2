"""A result below zero: first the reserve, then the deficit bands (rules 27 and 28)."""

from __future__ import annotations

from collections.abc import Sequence

from budgets.settlement.model import Deficit
from lead_contractor.contract.model import DeficitBand, Reserve
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.rounding import percent_of


def settle_deficit(result: Cents, bands: Sequence[DeficitBand], reserve: Reserve | None, revenue: Cents) -> Deficit:
    """Divide a negative result over reserve, municipality and contractor; without bands the contractor bears all."""
    if result >= 0:
        return Deficit()
    whole = -result
    used = Cents(min(whole, max(0, reserve.opening_balance))) if reserve is not None else ZERO
    municipality = municipality_share(whole - used, bands, revenue)
    return Deficit(whole, used, municipality, whole - used - municipality)


def municipality_share(deficit: Cents, bands: Sequence[DeficitBand], revenue: Cents) -> Cents:
    """The municipality's part of a deficit: each band's bound is rounded to the cent, and each band's part too.

    What lies above a last band that is not open is the contractor's.
    """
    share, lower = ZERO, ZERO
    for band in bands:
        bound = deficit if band.up_to_percent is None else percent_of(revenue, band.up_to_percent)
        upper = Cents(max(lower, min(deficit, bound)))
        share += percent_of(upper - lower, band.municipality_percent)
        lower = upper
    return share
