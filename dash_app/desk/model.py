"""What the desk shows, as plain values; amounts in whole cents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dash_app.overview.model import LineRow, TransferRow
from lead_contractor.kernel.money import Cents
from subcontractors.decisions.model import Decision
from subcontractors.payments.model import PaidItem

PAGE_SIZE = 100
STANDS = ("asked", "left", "proposed", "every")
"""How an exception may stand, beside open."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which exceptions; an empty text is all, and an empty ``stand`` those on which nothing was decided yet."""

    sender: str = ""
    product: str = ""
    code: str = ""
    stand: str = ""

    def arguments(self) -> dict[str, str]:
        """The choice as an address has it."""
        values = {"sender": self.sender, "product": self.product, "code": self.code, "stand": self.stand}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class Group:
    """Refused lines with one cause: the first of their codes, one subcontractor and one product."""

    code: str
    sender: str
    product_code: str
    lines: int
    cents: Cents


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of lines, and whether there are more; nobody counts a million lines to draw a hundred."""

    rows: Sequence[LineRow]
    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class Upload:
    """How the message of a line came in."""

    message_id: int
    file: str
    channel: str
    live: bool
    arrived_at: datetime
    received: date | None
    dated: date | None
    number: str
    identification: str
    status: str
    submitted: Cents
    granted: Cents
    declaration_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another line that this one credits, that credits it, or that declared the same period again."""

    id: int
    reference: str
    cents: Cents
    accepted: bool
    received: date | None


@dataclass(frozen=True, slots=True)
class BookedTransfer:
    """A transfer in which a line stands, together with others of its message, and whether its month is closed."""

    transfer: TransferRow
    closed: bool


@dataclass(frozen=True, slots=True)
class History:
    """A line from upload to payment. ``given`` are the codes that were answered, ``row.codes`` those that hold now."""

    contract_id: int
    row: LineRow
    given: tuple[str, ...]
    upload: Upload
    decisions: tuple[Decision, ...]
    credits: Related | None
    credited_by: tuple[Related, ...]
    again: tuple[Related, ...]
    booked: tuple[BookedTransfer, ...]
    payable_on: date | None
    paid: tuple[PaidItem, ...]


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A choice that a person keeps by name; ``query`` is that of the address."""

    name: str
    query: str
