"""The budget, and what is known beside the books: earlier years and the waiting list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """The year's budget of a product and a subcontractor in a month; empty text or None is 'all'."""

    product_code: str
    subcontractor: str
    month: Month | None
    amount: Cents
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """What was approved for a service month of an earlier year, by the month it was received in."""

    service_month: Month
    received_month: Month
    subcontractor: str
    product_code: str
    amount: Cents
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """The waiting list on a day."""

    date: date
    product_code: str
    area: str
    waiting: int
    added: int | None = None
    median_days: Decimal | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
