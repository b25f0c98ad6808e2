"""A posting: one transfer between two accounts, as a value, before it stands in the books."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class About:
    """The dimensions of a transfer; empty where it is about all of them."""

    recorded_month: Month
    service_month: Month | None = None
    agreement: str = ""
    subcontractor: str = ""
    product_code: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """A transfer of ``cents`` (above zero) from the credit to the debit account.

    ``source`` names, in a stable text, the row or reckoning that it comes from (``receipt:3``, ``due:FTE-1``).
    """

    debit: str
    credit: str
    cents: Cents
    about: About
    source: str
    explanation: str = ""

    def __post_init__(self) -> None:
        if self.cents <= 0 or self.debit == self.credit:
            raise ValueError("a transfer moves more than nothing between two accounts")

    def reversed(self) -> Posting:
        """The same transfer the other way round."""
        return replace(self, debit=self.credit, credit=self.debit)


def posting(debit: str, credit: str, amount: int, about: About, source: str, explanation: str = "") -> list[Posting]:
    """Make a posting of a signed amount: below zero it runs the other way, zero is no posting."""
    if amount == 0:
        return []
    made = Posting(debit, credit, Cents(abs(int(amount))), about, source, explanation)
    return [made if amount > 0 else made.reversed()]
