"""What passes between lead contractor and subcontractor beside declarations, as plain values the rules judge.

Empty text stands for what a message leaves out; days are inclusive; ``client`` is the opaque number of a client, never
a BSN. Amounts are whole euro cents; a volume in unit 83 is in cents too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from lead_contractor.kernel.money import Cents

TEMPORARY = "20"
"""Reason of a stop that ends nothing for good (RedenBeeindiging)."""
FIRST, WITHDRAWN = "1", "3"
"""StatusAanlevering: a first delivery, and the withdrawal of an earlier one (IV008)."""
REMOVED = ("13", "01")
"""RedenWijziging of an allocation that counts as never sent; 01 is the form from before 2022."""
REFUSED, INVESTIGATED = "1", "2"
"""VerzoekAntwoord of a WMO319."""
TOTAL = "6"
"""Frequency: total within the term of the allocation."""
AIDS = ("11", "12", "13", "14")
"""Categories of aids and home adaptations, which may overlap (OP259)."""


class Way(StrEnum):
    """How work is paid for, as the standard divides it (uitvoeringsvariant)."""

    EFFORT = "effort"
    """Effort or output: the allocation is the basis of start, stop and declaration."""
    TASK = "task"
    """Taakgericht: an allocation is not needed."""


class RequestStatus(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    INVESTIGATED = "in_onderzoek"
    GRANTED = "toegewezen"
    REJECTED = "afgewezen"


PENDING = (RequestStatus.OPEN, RequestStatus.INVESTIGATED)
"""A request is pending until it was granted or rejected (TR374)."""


class Product(NamedTuple):
    """Category and code; both may be empty (generic), or only the code (aspecific)."""

    category: str = ""
    code: str = ""


NO_PRODUCT = Product()
"""No product named: an unchanged or generic one."""


class Size(NamedTuple):
    """Omvang: volume, unit and frequency, as codes of the standard."""

    volume: int
    unit: str
    frequency: str


@dataclass(frozen=True, slots=True)
class Held:
    """An allocation as it stands now: the version with the latest moment of allocation (IV013)."""

    number: str
    client: int
    subcontractor: str
    product: Product
    start: date
    end: date | None = None
    size: Size | None = None
    budget: Cents | None = None
    reason_change: str = ""

    @property
    def removed(self) -> bool:
        """Whether it counts as never sent (OP033x1, TR384): reason 13, or 01 and ended on its first day."""
        return self.reason_change == "13" or (self.reason_change == "01" and self.end == self.start)

    def actual_on(self, day: date) -> bool:
        """Whether it holds on or after a day, or will hold (TR349)."""
        return not self.removed and (self.end is None or self.end >= day)


class ReportKind(StrEnum):
    """A start (WMO305) or a stop (WMO307)."""

    START = "start"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Report:
    """One StartProduct or StopProduct, as delivered; ``end`` and ``reason`` only with a stop."""

    kind: ReportKind
    client: int
    number: str
    product: Product
    begin: date
    status: str = FIRST
    end: date | None = None
    reason: str = ""

    @property
    def withdraws(self) -> bool:
        """Whether it withdraws an earlier report with the same key."""
        return self.status == WITHDRAWN


StartKey = tuple[str, str, str, date]
"""ToewijzingNummer, Categorie, Code, Begindatum (IV008)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A report that was accepted and not withdrawn, with the key of the start that it is or is about."""

    report: Report
    key: StartKey

    @property
    def thread(self) -> tuple[str, str, str]:
        """What one actual start may exist for (TR326): the key without its begin."""
        return self.key[:3]


class Asked(StrEnum):
    """The part of a request in which a product stands."""

    REQUESTED = "requested"
    """AangevraagdProduct of a WMO315."""
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class AskedProduct:
    """One product in a request. ``start`` is the wished first day; an unchanged product has only its number."""

    asked: Asked
    number: str = ""
    product: Product = NO_PRODUCT
    start: date | None = None
    end: date | None = None
    size: Size | None = None
    budget: Cents | None = None
    reference: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A WMO315 (one reference per product) or a WMO317 (one reference for the whole).

    ``reason`` is RedenVerzoek of a WMO317.
    """

    kind: str
    sender: str
    client: int
    dated: date
    products: tuple[AskedProduct, ...]
    reference: str = ""
    reason: str = ""

    @property
    def references(self) -> tuple[str, ...]:
        """All references of the request, in order."""
        return (self.reference,) if self.reference else tuple(one.reference for one in self.products)

    def of(self, asked: Asked) -> tuple[AskedProduct, ...]:
        """The products in one part of the request."""
        return tuple(one for one in self.products if one.asked is asked)


@dataclass(frozen=True, slots=True)
class Allotted:
    """One ToegewezenProduct of a WMO301; ``decided`` is Toewijzingsdatum and Toewijzingstijd as one text."""

    number: str
    product: Product
    decided: str
    start: date
    end: date | None = None
    size: Size | None = None
    budget: Cents | None = None
    reason_change: str = ""
    reference: str = ""
    comment: str = ""

    @property
    def removed(self) -> bool:
        """Whether this removes the allocation."""
        return self.reason_change in REMOVED and self.end == self.start

    @property
    def content(self) -> tuple[object, ...]:
        """What makes a version another version: everything but moment, reason, reference and comment."""
        return (self.number, self.product, self.start, self.end, self.size, self.budget, self.removed)


@dataclass(frozen=True, slots=True)
class Reply:
    """The Antwoord of a WMO319."""

    reference: str
    answer: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The header of a message: who to whom, and what it calls itself. ``kind`` is the number, ``305``."""

    kind: str
    sender: str
    receiver: str
    identification: str
    dated: date
    xsd_versions: tuple[str, str] = ("1.0.0", "1.0.0")
