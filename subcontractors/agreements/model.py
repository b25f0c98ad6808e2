"""Agreements between lead contractor and subcontractor, and what they make due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month, Period


class FormCode(StrEnum):
    """The forms of financing, in the order in which a settlement lists them."""

    PXQ = "pxq"
    FTE = "fte"
    LUMP_SUM = "lump_sum"
    TRAJECTORY = "trajectory"
    AVAILABILITY = "availability"


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement, valid for a period; ``terms`` is the dataclass of its own form.

    ``products`` holds product codes (five characters) and categories (two); empty only for forms that
    may cover all work of the subcontractor. ``override`` holds the return codes that a decision may let pass.
    """

    id: str
    subcontractor: str
    form: FormCode
    validity: Period
    products: tuple[str, ...]
    terms: object
    override: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tariff:
    """A tariff in cents per unit, dated; ``valid_to`` is inclusive, ``None`` is open."""

    subcontractor: str
    product_code: str
    unit: str
    tariff: Cents
    valid_from: date
    valid_to: date | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def validity(self) -> Period:
        """The days on which it holds."""
        return Period.inclusive(self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Realised:
    """What an agreement realised in one month; ``None`` where not reported."""

    agreement: str
    month: Month
    fte: Decimal | None = None
    hours: Decimal | None = None
    occupancy_percent: Decimal | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One trajectory: a client that started, and perhaps stopped, on an allocation with an end date.

    Days are inclusive. ``ended`` is the day it ended (stop message or end of the allocation);
    ``stop_reason`` is ``None`` when no stop message ended it. ``client`` is an opaque client key.
    """

    allocation: str
    client: int
    product_code: str
    started: date
    ended: date
    allocation_start: date
    allocation_end: date
    stop_reason: str | None = None
    area: str = ""


@dataclass(frozen=True, slots=True)
class Production:
    """Approved P×Q lines that count in the year: ``amount`` in all, ``always_paid`` of it outside a ceiling."""

    amount: Cents = ZERO
    always_paid: Cents = ZERO


@dataclass(frozen=True, slots=True)
class Evidence:
    """What happened under one agreement in one contract year: the input of its form.

    ``months`` are the months of the contract period that the agreement covers, in order.
    """

    year: int
    months: tuple[Month, ...]
    realised: tuple[Realised, ...] = ()
    trajectories: tuple[Trajectory, ...] = ()
    production: Production = Production()


@dataclass(frozen=True, slots=True)
class MonthDue:
    """An amount due for a service month, of a product where the form knows one."""

    month: Month
    amount: Cents
    product_code: str = ""
    area: str = ""
    source: str = ""


class AdjustmentKind(StrEnum):
    """Year-end adjustments of what an agreement costs."""

    TRUE_UP = "true_up"
    HOURS = "hours"
    MALUS = "malus"
    ABOVE_CEILING = "above_ceiling"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A year-end adjustment: a signed amount (below zero lowers the cost) and its reckoning in Dutch."""

    kind: AdjustmentKind
    amount: Cents
    explanation: str


@dataclass(frozen=True, slots=True)
class Due:
    """What an agreement costs in the year: contracted or earned months, and year-end adjustments.

    For P×Q the months are empty: its cost is the approved lines themselves, only adjusted here.
    """

    months: tuple[MonthDue, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def contracted(self) -> Cents:
        """The sum of the months before adjustments."""
        return total(month.amount for month in self.months)

    @property
    def true_up(self) -> Cents:
        """All adjustments but the ceiling."""
        return total(a.amount for a in self.adjustments if a.kind is not AdjustmentKind.ABOVE_CEILING)

    @property
    def above_ceiling(self) -> Cents:
        """What lies above the ceiling, as a positive amount."""
        return -total(a.amount for a in self.adjustments if a.kind is AdjustmentKind.ABOVE_CEILING)
