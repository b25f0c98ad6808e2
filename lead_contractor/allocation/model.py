"""Allocations (toewijzingen): which client gets what from whom, when and how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from lead_contractor.kernel.money import Cents


class Unit(StrEnum):
    """Units of the iWmo code list for volume."""

    MINUTE = "01"
    HOUR = "04"
    DAY_AND_NIGHT = "14"
    PART_OF_DAY = "16"
    PIECE_OUTPUT = "82"
    EURO = "83"
    PIECE_EFFORT = "84"


class Frequency(StrEnum):
    """Frequencies of the iWmo code list."""

    DAY = "1"
    WEEK = "2"
    MONTH = "4"
    TOTAL = "6"


DELETED = "13"
"""Reason of change with which an allocation is deleted (TR384)."""


def number_key(number: str) -> str:
    """An allocation number without leading zeros, as messages carry it: there it is a whole number."""
    return number.strip().lstrip("0") or "0"


@dataclass(frozen=True, slots=True)
class Allocation:
    """One allocation. ``end`` is inclusive, as in files; ``volume`` is in ``unit`` (cents for euros).

    The BSN is here only while a file is read; the database holds it in one encrypted place.
    """

    number: str
    bsn: str
    subcontractor: str
    category: str
    start: date
    product_code: str = ""
    end: date | None = None
    volume: int | None = None
    unit: Unit | None = None
    frequency: Frequency | None = None
    budget: Cents | None = None
    reason_change: str = ""
    flags: frozenset[str] = frozenset()
    area: str = ""
    client_group: str = ""
    decided_on: date | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
