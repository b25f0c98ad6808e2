"""P×Q: approved lines cost their amount, up to a ceiling where one is agreed (rule 20).

Lines on allocations with an always-paid flag (crisis, specific) stand outside the ceiling and do not use it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from marshmallow import fields, post_load

from lead_contractor.kernel.findings import Finding, Severity
from lead_contractor.kernel.money import ZERO, Cents, euros_nl
from lead_contractor.kernel.rounding import percent_of
from subcontractors.agreements.model import (
    Adjustment,
    AdjustmentKind,
    Agreement,
    Due,
    Evidence,
    FormCode,
    Production,
)
from subcontractors.agreements.terms import LIST, Amount, Choice, Quantity, Table, TermsSchema

FLAGS = ("crisis", "specific")


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that is paid in the year; ``signal_percent`` of it gives a warning."""

    amount: Cents
    signal_percent: Decimal | None = None
    always_paid: frozenset[str] = frozenset()

    @property
    def signal_amount(self) -> Cents | None:
        """The production from which the ceiling is signalled."""
        return None if self.signal_percent is None else percent_of(self.amount, self.signal_percent)


@dataclass(frozen=True, slots=True)
class PxqTerms:
    """The own terms of a P×Q agreement."""

    ceiling: Ceiling | None = None


class CeilingSchema(TermsSchema):
    """``ceiling = { amount, signal_percent, always_paid }``."""

    amount = Amount(required=True)
    signal_percent = Quantity(maximum=100)
    always_paid = fields.List(Choice(FLAGS), error_messages=LIST)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Ceiling:
        """Make the ceiling."""
        return Ceiling(data["amount"], data.get("signal_percent"), frozenset(data.get("always_paid", ())))


class PxqSchema(TermsSchema):
    """Reads the own keys of a P×Q agreement."""

    ceiling = Table(CeilingSchema)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> PxqTerms:
        """Make the terms."""
        return PxqTerms(**data)


def above_ceiling(ceiling: Ceiling, production: Production) -> Cents:
    """What is not paid: production that uses up the ceiling, above it; zero or more."""
    return Cents(max(0, production.amount - production.always_paid - ceiling.amount))


def flags_outside_ceiling(agreement: Agreement) -> frozenset[str]:
    """The flags of allocations whose lines do not use up the ceiling of this P×Q agreement."""
    ceiling = cast("PxqTerms", agreement.terms).ceiling
    return ceiling.always_paid if ceiling else frozenset()


@dataclass(frozen=True, slots=True)
class PxqForm:
    """Price times quantity."""

    code: FormCode = FormCode.PXQ
    lines_cost: bool = True
    needs_products: bool = True

    @property
    def schema(self) -> PxqSchema:
        """Reads ``ceiling``."""
        return PxqSchema()

    def missing(self, agreement: Agreement, evidence: Evidence) -> tuple[Finding, ...]:
        """A warning when the ceiling's signal has been reached; nothing stops the settlement."""
        ceiling = cast("PxqTerms", agreement.terms).ceiling
        signal = ceiling.signal_amount if ceiling else None
        used = evidence.production.amount - evidence.production.always_paid
        if ceiling is None or signal is None or used < signal:
            return ()
        return (
            Finding(
                "agreement.pxq.signal",
                f"Afspraak {agreement.id}: de productie van {euros_nl(used)} bereikt het signaalbedrag "
                f"{euros_nl(signal)} van het plafond {euros_nl(ceiling.amount)}.",
                "Bespreek met de onderaannemer of het plafond wordt verhoogd of de instroom stopt.",
                severity=Severity.WARNING,
            ),
        )

    def due(self, agreement: Agreement, evidence: Evidence) -> Due:
        """No months (the lines themselves are the cost); what lies above the ceiling is taken off."""
        ceiling = cast("PxqTerms", agreement.terms).ceiling
        above = above_ceiling(ceiling, evidence.production) if ceiling else ZERO
        if ceiling is None or not above:
            return Due()
        production = evidence.production
        explanation = (
            f"Productie {euros_nl(production.amount)}, waarvan buiten het plafond {euros_nl(production.always_paid)}; "
            f"boven het plafond van {euros_nl(ceiling.amount)} ligt {euros_nl(above)}."
        )
        return Due(adjustments=(Adjustment(AdjustmentKind.ABOVE_CEILING, -above, explanation),))


FORM = PxqForm()
