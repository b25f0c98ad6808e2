"""What becomes of many possible years: each goes through the rules of the settlement itself, to the cent; pure.

A year as it may end is a revenue and a cost; cap, reserve and deficit bands are those of
:mod:`budgets.settlement`, which stands here for every single draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from budgets.forecast.model import Forecast
from budgets.scenarios.model import Grounds, OwnYear
from budgets.scenarios.revenue import RevenueYear
from budgets.settlement.deficit import settle_deficit
from budgets.settlement.model import AgreementCost, Settlement, SettlementInput
from budgets.settlement.settle import eligible_overhead, settle
from budgets.settlement.surplus import margin_base, settle_surplus
from lead_contractor.contract.model import CostKind, SettlementTerms
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
MARGIN_SCALE = 1_000_000
"""Ten thousandths of a percent in a share of one."""
_GRID = 200
"""So many different numbers of beschikkingen are reckoned with; between them is nothing that a cent would show."""


@dataclass(frozen=True, slots=True)
class Years:
    """Possible years, one per draw, in whole cents; ``own`` per kind, allowed and before any cap."""

    revenue: Whole
    subcontractors: Whole
    own: dict[CostKind, Whole]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What becomes of them, one per draw, in whole cents; ``margin`` in ten thousandths of a percent."""

    result: Whole
    margin: Whole
    excess: Whole
    repaid: Whole
    municipality: Whole
    entitlement: Whole


def possible_years(revenue: RevenueYear, own: OwnYear, subcontractors: Floats, shocks: Floats) -> Years:
    """Years around an expectation.

    Args:
        revenue: the revenue that is expected.
        own: the own cost that is expected.
        subcontractors: what subcontractors cost, per draw, in cents.
        shocks: standard normal, per draw: one column for the number of beschikkingen and one per kind of own cost.
    """
    kinds: dict[CostKind, Whole] = {}
    for place, kind in enumerate(CostKind, start=1):
        middle, spread = int(own.by_kind[kind].allowed), own.spread[kind]
        kinds[kind] = whole(np.maximum(middle + spread * shocks[:, place], min(0, middle)))
    return Years(_revenues(revenue, shocks[:, 0]), whole(subcontractors), kinds)


def _revenues(revenue: RevenueYear, shocks: Floats) -> Whole:
    if not revenue.spread:
        return np.full(len(shocks), int(revenue.parts.total), dtype=np.int64)
    edges = np.linspace(-4.0, 4.0, _GRID + 1)
    reckoned = np.array([int(revenue.shocked(float(edge)).total) for edge in edges], dtype=np.int64)
    nearest = np.clip(np.rint((shocks + 4.0) / 8.0 * _GRID), 0, _GRID).astype(np.intp)
    return reckoned[nearest]


def outcomes(terms: SettlementTerms, years: Years, prior_year: Cents) -> Outcomes:
    """What the settlement makes of each year."""
    delivery, overhead, other = (years.own[kind].tolist() for kind in CostKind)
    rows = zip(years.revenue.tolist(), years.subcontractors.tolist(), delivery, overhead, other, strict=True)
    ends = [_outcome(terms, Cents(r), Cents(s + d + o + int(prior_year)), Cents(h)) for r, s, d, h, o in rows]
    return Outcomes(*(np.array(column, dtype=np.int64) for column in zip(*ends, strict=True)))


def _outcome(terms: SettlementTerms, revenue: Cents, cost: Cents, overhead: Cents) -> tuple[int, ...]:
    eligible = cost + eligible_overhead(overhead, revenue, terms.overhead_cap_percent)
    result = revenue - eligible
    base = margin_base(terms.margin, revenue, eligible)
    surplus = settle_surplus(result, terms.margin, base, terms.reserve, revenue)
    deficit = settle_deficit(result, terms.deficit_bands, terms.reserve, revenue)
    margin = round(int(result) * MARGIN_SCALE / int(base)) if base else 0
    entitlement = revenue - surplus.repaid + deficit.municipality
    return result, margin, surplus.excess, surplus.repaid, deficit.municipality, entitlement


def costs_of(forecast: Forecast) -> tuple[AgreementCost, ...]:
    """What each line costs in the year, as the settlement takes it."""
    return tuple(
        AgreementCost(
            id=f"{line.key.subcontractor}:{line.key.product_code}",
            subcontractor=line.key.subcontractor,
            form=line.key.form,
            due=line.point,
            above_ceiling=line.above_ceiling,
        )
        for line in forecast.lines
    )


def projected(
    grounds: Grounds,
    terms: SettlementTerms,
    revenue: RevenueYear,
    own: OwnYear,
    agreements: Sequence[AgreementCost],
) -> Settlement:
    """The settlement of the year at the middle expectation; what is still to be paid in instalments counts as paid."""
    return settle(
        SettlementInput(
            year=grounds.contract.year,
            municipality=grounds.contract.municipality.code,
            revenue=revenue.parts,
            instalments=tuple(amount for _, amount in revenue.reckoning.instalments),
            terms=terms,
            agreements=tuple(agreements),
            own=own.by_kind,
            prior_year=grounds.prior_year,
            received=grounds.received + _to_receive(grounds, revenue),
        )
    )


def _to_receive(grounds: Grounds, revenue: RevenueYear) -> Cents:
    """Instalments of months that have not begun on the day, less their deductions."""
    month = Month.of(grounds.as_of)
    coming = total(amount for due, amount in revenue.reckoning.instalments if due > month)
    return coming - total(one.amount for one in revenue.reckoning.deductions if one.month > month)


def margin_text(margin: int) -> str:
    """A margin in ten thousandths of a percent as the settlement writes it: ``5.6582``."""
    units, rest = divmod(abs(margin), 10_000)
    return f"{'-' if margin < 0 else ''}{units}.{rest:04d}"


def margin_number(text: str) -> int:
    """The same from the text of the settlement: 56582 of ``5.6582``."""
    return int(Decimal(text) * 10_000)


def whole(values: Floats) -> Whole:
    """Whole cents."""
    return np.rint(values).astype(np.int64)
