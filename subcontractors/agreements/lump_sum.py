"""Lump sum to a subcontractor: one amount for the whole validity, falling in equal months.

An agreement for several years is split over all its months (largest remainder); the months of the contract
year count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from marshmallow import post_load

from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.rounding import split_evenly
from subcontractors.agreements.model import Agreement, Due, Evidence, FormCode, MonthDue
from subcontractors.agreements.months import validity_months
from subcontractors.agreements.terms import Amount, TermsSchema


@dataclass(frozen=True, slots=True)
class LumpSumTerms:
    """The own terms of a lump-sum agreement: the amount for the whole validity."""

    amount: Cents


class LumpSumSchema(TermsSchema):
    """Reads the own keys of a lump-sum agreement."""

    amount = Amount(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> LumpSumTerms:
        """Make the terms."""
        return LumpSumTerms(**data)


@dataclass(frozen=True, slots=True)
class LumpSumForm:
    """One amount for the whole validity."""

    code: FormCode = FormCode.LUMP_SUM
    lines_cost: bool = False
    needs_products: bool = False

    @property
    def schema(self) -> LumpSumSchema:
        """Reads ``amount``."""
        return LumpSumSchema()

    def missing(self, agreement: Agreement, evidence: Evidence) -> tuple[Finding, ...]:
        """An end date: without one the amount has no months to fall in."""
        if agreement.validity.end is not None:
            return ()
        return (
            Finding(
                "agreement.lump_sum.valid_to",
                f"Afspraak {agreement.id} heeft geen einddatum, dus het bedrag is niet over maanden te verdelen.",
                "Vul valid_to in.",
                file="agreements.toml",
                column="valid_to",
            ),
        )

    def due(self, agreement: Agreement, evidence: Evidence) -> Due:
        """The equal parts of the months of the validity that lie in the contract year."""
        terms = cast("LumpSumTerms", agreement.terms)
        months = validity_months(agreement)
        parts = zip(months, split_evenly(terms.amount, len(months)), strict=True)
        counted = frozenset(evidence.months)
        return Due(tuple(MonthDue(month, part, source=agreement.id) for month, part in parts if month in counted))


FORM = LumpSumForm()
