"""Who takes part: the lead contractor, its municipality and its subcontractors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Sight(StrEnum):
    """How far the municipality looks in; never lines, never tariffs."""

    PRODUCTS = "products"
    SUBCONTRACTORS = "subcontractors"


class Size(StrEnum):
    """The size class of a subcontractor."""

    ZZP = "zzp"
    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Municipality:
    """The municipality that pays the lump sum; ``code`` is the CBS code of four digits.

    ``inhabitants``: how many people live there, to express spending per inhabitant; ``None`` where nothing is said.
    """

    name: str
    code: str
    sees: Sight = Sight.PRODUCTS
    inhabitants: int | None = None


@dataclass(frozen=True, slots=True)
class LeadContractor:
    """The lead contractor (hoofdaannemer); ``agb`` has eight digits and is its identity here."""

    name: str
    agb: str
    kvk: str = ""


@dataclass(frozen=True, slots=True)
class Subcontractor:
    """A subcontractor (onderaannemer); ``agb`` has eight digits, leading zeros kept."""

    agb: str
    name: str
    kvk: str = ""
    iban: str = ""
    size: Size | None = None
    consent_date: date | None = None
    active_from: date | None = None
    active_to: date | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
