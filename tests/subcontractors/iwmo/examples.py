"""Messages of our own to test with; all BSNs are test numbers."""

from __future__ import annotations

from datetime import date

from lead_contractor.kernel.money import Cents
from subcontractors.declarations.model import Channel, Declaration, Line
from subcontractors.iwmo.model import Person, StartReport, StopReport
from subcontractors.iwmo.writer import write_305, write_307, write_323

TIM, ANNA = "999900006", "999900018"
DAY = date(2025, 5, 6)


def a_declaration(**values) -> Declaration:
    """April 2025, dated 6 May, claimed total € 580.00."""
    return Declaration(
        **{
            "channel": Channel.XML,
            "sender": "41410001",
            "receiver": "1911",
            "identification": "B0001",
            "number": "D0001",
            "period_from": date(2025, 4, 1),
            "period_to": date(2025, 4, 30),
            "received": DAY,
            "dated": DAY,
            "total": Cents(58000),
            **values,
        }
    )


def a_line(position=1, **values) -> Line:
    """4 hours at € 12.50 in April 2025."""
    return Line(
        **{
            "position": position,
            "reference": f"R{position}",
            "bsn": TIM,
            "allocation": str(100 + position),
            "category": "01",
            "product_code": "01A03",
            "period_from": date(2025, 4, 1),
            "period_to": date(2025, 4, 30),
            "volume": 4,
            "unit": "04",
            "amount": Cents(5000),
            "credit": False,
            "tariff": Cents(1250),
            **values,
        }
    )


def four_lines() -> tuple[Line, ...]:
    """Two clients, each 4 × € 12.50 and 16 × € 15.00: € 580.00."""
    large = {"product_code": "01A04", "volume": 16, "tariff": Cents(1500), "amount": Cents(24000)}
    return (a_line(1), a_line(2, **large), a_line(3, bsn=ANNA), a_line(4, bsn=ANNA, **large))


def the_declaration() -> bytes:
    """The declaration with its four lines as a WMO323."""
    return write_323(a_declaration(), four_lines())


TIM_HIMSELF = Person(
    birth_date=date(1967, 8, 13), sex="1", surname="Berg", surname_prefix="van den", first_names="Tim", initials="T"
)


def a_start(**values) -> StartReport:
    """Help begins on 3 April 2025."""
    return StartReport(
        **{
            "sender": "41410001",
            "receiver": "1911",
            "identification": "S0001",
            "dated": DAY,
            "bsn": TIM,
            "person": TIM_HIMSELF,
            "allocation": "101",
            "category": "01",
            "product_code": "01A03",
            "begin": date(2025, 4, 3),
            "status": "1",
            "allocation_start": date(2025, 4, 1),
            **values,
        }
    )


def a_stop(**values) -> StopReport:
    """Help ends on 18 April 2025 because the client moves away."""
    return StopReport(
        **{
            "sender": "41410001",
            "receiver": "1911",
            "identification": "E0001",
            "dated": DAY,
            "bsn": TIM,
            "person": TIM_HIMSELF,
            "allocation": "101",
            "category": "01",
            "product_code": "01A03",
            "begin": date(2025, 4, 3),
            "end": date(2025, 4, 18),
            "reason": "31",
            "status": "1",
            "allocation_start": date(2025, 4, 1),
            **values,
        }
    )


def the_starts() -> bytes:
    """Two starts as one WMO305."""
    return write_305((a_start(), a_start(allocation="102", category="02", product_code="")))


def the_stop() -> bytes:
    """One stop as a WMO307."""
    return write_307((a_stop(),))
