"""The one small interface that every form of financing has.

A new form is one new module in this package that defines ``FORM``; :mod:`subcontractors.agreements.forms`
finds it by itself.
"""

from __future__ import annotations

from typing import Protocol

from marshmallow import Schema

from lead_contractor.kernel.findings import Finding
from subcontractors.agreements.model import Agreement, Due, Evidence, FormCode


class Form(Protocol):
    """A form of financing: reads its own terms and says what they make due."""

    @property
    def code(self) -> FormCode:
        """The value of ``form`` in ``agreements.toml``."""

    @property
    def schema(self) -> Schema:
        """Reads the form's own keys of an ``[[agreement]]`` table into its terms dataclass."""

    @property
    def lines_cost(self) -> bool:
        """Whether an approved declaration line costs its amount (P×Q) or counts as production at nil cost."""

    @property
    def needs_products(self) -> bool:
        """Whether ``products`` must be named."""

    def missing(self, agreement: Agreement, evidence: Evidence) -> tuple[Finding, ...]:
        """Findings for evidence without which the year cannot be settled (a missing month, say)."""

    def due(self, agreement: Agreement, evidence: Evidence) -> Due:
        """What the agreement costs in the year, to the cent. Evidence must be complete (see ``missing``)."""
