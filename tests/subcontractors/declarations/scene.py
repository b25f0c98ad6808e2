"""Building blocks for readable tests of line rules: one contract, and messages as a subcontractor would send them.

Thuis Verder delivers by the hour, at 55.80 (58.57 from July) and 87.35, and at 300.00 a week in euros; Wijkteam
Noord is paid by FTE.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.books.store import account_total
from lead_contractor.kernel.money import Cents, cents_from_euros
from lead_contractor.kernel.periods import Month, Period
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import Agreement, FormCode, Tariff
from subcontractors.declarations.model import Channel, Declaration, Line
from subcontractors.iwmo.writer import by_client, claimed_total, write_323
from tests.subcontractors.declarations.books import Books
from tests.subcontractors.declarations.oracle import Verdict, World

THUIS_VERDER, WIJKTEAM = "65656055", "41410002"
TIM, ANNA, STRANGER = "999900006", "999900018", "999900043"
YEAR = Period.inclusive(date(2025, 1, 1), date(2025, 12, 31))
CUT_OFF, CORRECTIONS = date(2026, 3, 31), date(2026, 5, 31)

AGREEMENTS = (
    Agreement("PXQ-1", THUIS_VERDER, FormCode.PXQ, YEAR, ("01", "02A03", "02A05", "02A09"), None),
    Agreement("FTE-1", WIJKTEAM, FormCode.FTE, YEAR, ("08",), None),
)
TARIFFS = (
    Tariff(THUIS_VERDER, "01A03", "04", Cents(3350), date(2025, 1, 1)),
    Tariff(THUIS_VERDER, "02A03", "04", Cents(5580), date(2025, 1, 1), date(2025, 6, 30)),
    Tariff(THUIS_VERDER, "02A03", "04", Cents(5857), date(2025, 7, 1)),
    Tariff(THUIS_VERDER, "02A05", "04", Cents(8735), date(2025, 1, 1)),
    Tariff(THUIS_VERDER, "02A09", "82", Cents(30000), date(2025, 1, 1)),
)


def allocated(number: str, volume: str = "40 hours a month", **changes: Any) -> Allocation:
    """An allocation of 02A03 to Tim for 2025; ``volume`` as in ``3 hours a week``, empty for none."""
    units = {"minutes": Unit.MINUTE, "hours": Unit.HOUR, "pieces": Unit.PIECE_OUTPUT, "cents": Unit.EURO}
    often = {"day": Frequency.DAY, "week": Frequency.WEEK, "month": Frequency.MONTH, "all": Frequency.TOTAL}
    words = volume.split()
    basis = Allocation(
        number=number,
        bsn=TIM,
        subcontractor=THUIS_VERDER,
        category="02",
        product_code="02A03",
        start=YEAR.start,
        end=YEAR.last,
        volume=int(words[0]) if words else None,
        unit=units[words[1]] if words else None,
        frequency=often[words[-1]] if words else None,
    )
    return replace(basis, **changes)


def debit(reference: str, volume: int = 6, tariff: str = "55.80", amount: str = "", **changes: Any) -> Line:
    """A line of 02A03 on allocation 1001 in April 2025, in hours; ``amount`` is volume × tariff unless given."""
    month = changes.pop("month", Month(2025, 4))
    cents = cents_from_euros(tariff) if tariff else None
    basis = Line(
        position=0,
        reference=reference,
        bsn=TIM,
        allocation="1001",
        category="02",
        product_code="02A03",
        period_from=month.first,
        period_to=month.last,
        volume=volume,
        unit="04",
        amount=cents_from_euros(amount) if amount else Cents(volume * int(cents or 1)),
        credit=False,
        tariff=cents,
    )
    return replace(basis, **changes)


def euros(reference: str, cents: int, **changes: Any) -> Line:
    """A line in euros (unit 83): the volume is the amount in cents, and there is no tariff."""
    return replace(
        debit(reference), **{"volume": cents, "amount": Cents(cents), "unit": "83", "tariff": None, **changes}
    )


def credit(reference: str, of: Line, **changes: Any) -> Line:
    """The credit of a line: equal in all but its reference."""
    return replace(of, **{"reference": reference, "previous_reference": of.reference, "credit": True, **changes})


def declared(number: str, *lines: Line, **changes: Any) -> bytes:
    """A WMO323 over April 2025 of Thuis Verder, dated 6 May, with this declaration number."""
    month = changes.pop("month", Month(2025, 4))
    basis = Declaration(
        channel=Channel.XML,
        sender=THUIS_VERDER,
        receiver="1911",
        identification=f"B{number}",
        number=number,
        period_from=month.first,
        period_to=month.last,
        received=max(date(2025, 5, 6), month.last),
        dated=max(date(2025, 5, 6), month.last),
        total=claimed_total(lines),
    )
    return write_323(replace(basis, **changes), [line for own in by_client(lines).values() for line in own])


class Contract(Books):
    """The contract with the allocations of one test."""

    def __init__(self, scope: Scope, *allocations: Allocation, contract_id: int = 1) -> None:
        super().__init__(scope, World(allocations, AGREEMENTS, TARIFFS, CUT_OFF, CORRECTIONS), contract_id)
        self._sent = 0

    def send(self, *lines: Line, **head: Any) -> Verdict:
        """What becomes of lines that are sent in a message of their own."""
        self._sent += 1
        own = {"identification": f"B{self._sent:03d}", **head}
        message = declared(own.pop("number", f"D{self._sent:03d}"), *lines, **own)
        (verdict,) = self.take_in([(f"bericht-{self._sent}.xml", message)])
        return verdict

    def codes(self, *lines: Line, **head: Any) -> dict[str, tuple[str, ...]]:
        """The return codes per reference, of lines sent in a message of their own."""
        verdict = self.send(*lines, **head)
        assert verdict.status == "answered", verdict
        return {line.reference: line.codes for line in verdict.lines}

    def booked(self, account: str) -> Cents:
        """The balance of an account."""
        return account_total(self.scope, self.contract_id, account)
