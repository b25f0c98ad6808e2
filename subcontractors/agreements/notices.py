"""What a subcontractor is told about the ceilings of its agreements, by whoever watches over them."""

from __future__ import annotations

from dataclasses import dataclass

from lead_contractor.kernel.money import ZERO, Cents


@dataclass(frozen=True, slots=True)
class CeilingNotice:
    """What there is to say about the ceiling of an agreement.

    Attributes:
        agreement: its id.
        certainty: ``passed``, ``almost_sure``, ``may``, or ``signal`` where only the agreed percentage was reached.
        ceiling: the ceiling.
        used: what uses it up so far.
        unpaid: what is not paid without an addendum.
    """

    agreement: str
    certainty: str
    ceiling: Cents
    used: Cents
    unpaid: Cents = ZERO
