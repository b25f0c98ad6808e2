"""What an intake finds, row by row, until it is stored together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.working_days import add_working_days
from subcontractors.chain.numbers import return_name
from subcontractors.chain.store import insert_numbered
from subcontractors.chain.tables import judged_report, message_remark, request, request_product, return_message
from subcontractors.chain.terms import ChainTerms
from subcontractors.declarations.store import Head

RETURN_OF = {"305": "306", "307": "308", "315": "316", "317": "318"}
"""The return message by the message that it answers."""
RETURN_DAYS = 3
"""Working days in which a return is sent (OP090)."""


class Outcome:
    """The verdicts of one intake."""

    def __init__(self, terms: ChainTerms) -> None:
        self.terms = terms
        self.reports: list[dict[str, Any]] = []
        self.requests: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
        self._returns: list[dict[str, Any]] = []
        self._remarks: list[dict[str, Any]] = []

    def remark(self, head: Head, rule: str, code: str, about: str) -> None:
        """Note what a message broke without being refused for it."""
        self._remarks.append(
            {
                "contract_id": self.terms.contract_id,
                "message_id": head.id,
                "rule": rule,
                "code": code,
                "about": about[:200],
            }
        )

    def answer(
        self, head: Head, *, header: Sequence[str] = (), codes: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Note the return message that is owed; a declaration has its own answer, and a return gets none."""
        kind = RETURN_OF.get(head.came.kind)
        if kind is None or head.received is None:
            return
        self._returns.append(
            {
                "message_id": head.id,
                "contract_id": self.terms.contract_id,
                "kind": kind,
                "receiver": head.came.sender or "",
                "identification": return_name(self.terms, head.id),
                "due_on": add_working_days(head.received, RETURN_DAYS),
                "header_codes": list(header),
                "codes": {address: list(own) for address, own in (codes or {}).items()},
            }
        )

    def save(self, scope: Scope) -> None:
        """Store all verdicts."""
        insert_numbered(scope, judged_report, self.reports)
        scope.insert(return_message, self._returns)
        insert_numbered(scope, message_remark, self._remarks)
        first = insert_numbered(scope, request, (row for row, _ in self.requests))
        scope.insert(
            request_product,
            (
                {"request_id": first + n, "position": position, **product}
                for n, (_, products) in enumerate(self.requests)
                for position, product in enumerate(products, start=1)
            ),
        )
