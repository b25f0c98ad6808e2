"""The quarterly report for the municipality as values: its rows and figures, small numbers already out.

Amounts are whole cents, hours and averages exact decimals. What is hidden is ``None`` and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.quarters import Quarter


class RowKind(StrEnum):
    """What a row is about."""

    PRODUCT = "product"
    FORM = "form"
    SUBCONTRACTOR = "subcontractor"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Row:
    """The quarter of a product, form, subcontractor or kind of own cost.

    ``hidden``: too few people, or it would give such a row away; then cost, hours and clients are ``None``.
    """

    kind: RowKind
    code: str
    name: str
    cost: Cents | None
    budget: Cents | None
    hours: Decimal | None
    clients: int | None
    hidden: bool = False
    few: bool = False


class Shown(StrEnum):
    """How a figure may be shown."""

    EXACT = "exact"
    BELOW = "below"
    ABOVE = "above"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the set, over all subcontractors or of one (by name).

    Attributes:
        kpi: its id; ``version`` of its definition.
        shown: ``BELOW`` and ``ABOVE`` give a bound in percents, because of too few people on one side of a share.
        value, number: as the definition says; ``value`` of a share is its percentage, one decimal.
        told_by: how many subcontractors it is made of, out of ``asked``.
    """

    kpi: str
    version: int
    shown: Shown
    value: Decimal | None
    number: int | None
    told_by: int
    asked: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a report; none of them is about so few that it is hidden, but for ``clients``.

    Attributes:
        cost, budget, used_of_budget, hours, clients: of the quarter.
        cost_to_date, budget_to_date, used_of_budget_to_date: of the contract year up to the end of the quarter.
        lump_sum: of the whole contract year.
        late: what was recorded on earlier quarters since they were reported last.
        overhead_percent: overhead as a share of revenue, up to the end of the quarter.
    """

    cost: Cents
    budget: Cents | None
    used_of_budget: Cents
    hours: Decimal
    clients: int | None
    cost_to_date: Cents
    budget_to_date: Cents | None
    used_of_budget_to_date: Cents
    lump_sum: Cents
    late: Cents
    overhead_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Report:
    """A quarterly report; ``subcontractors`` is ``None`` for a municipality that may not see them."""

    quarter: Quarter
    as_of: date
    totals: Totals
    products: tuple[Row, ...]
    subcontractors: tuple[Row, ...] | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """A version of a report as it was released; ``document`` is its JSON, ``text`` the same to the byte."""

    quarter: Quarter
    version: int
    as_of: date
    document: Mapping[str, Any]
    text: str
    document_hash: str
    told: Mapping[str, Any]
    reason: str
    released_at: datetime
    released_by: str
