"""Declarations as one line model, whatever file they came in (iWmo WMO323, CSV, later more)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month


class Status(StrEnum):
    """What became of a declaration message."""

    ANSWERED = "answered"
    REFUSED_STRUCTURE = "refused_structure"
    REFUSED_CONTENT = "refused_content"
    DUPLICATE = "duplicate"


class Channel(StrEnum):
    """In which shape a declaration came."""

    XML = "xml"
    CSV = "csv"
    XLSX = "xlsx"
    CORRECTION = "correction"
    """Made by the lead contractor itself: a difference run, or taking back lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """One declared line (prestatie). ``period_to`` is inclusive; ``volume`` is whole units (cents for unit 83).

    ``amount`` is zero or more; ``credit`` carries the sign.
    """

    position: int
    reference: str
    bsn: str
    allocation: str
    category: str
    product_code: str
    period_from: date
    period_to: date
    volume: int
    unit: str
    amount: Cents
    credit: bool
    previous_reference: str = ""
    tariff: Cents | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """The head of a declaration message.

    ``received`` is the day that counts (Dagtekening of the message, or the CSV column ``received``);
    ``dated`` the DeclaratieDagtekening; ``total`` the claimed total, debits less credits (None in CSV).
    ``xsd_versions`` are basisschema and message version, copied into the answer (IV028).
    """

    channel: Channel
    sender: str
    receiver: str
    identification: str
    number: str
    period_from: date
    period_to: date
    received: date
    dated: date
    total: Cents | None
    xsd_versions: tuple[str, str] = ("1.0.0", "1.0.0")

    @property
    def period(self) -> Month:
        """The declaration period as a month (its first day decides)."""
        return Month.of(self.period_from)
