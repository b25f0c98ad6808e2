"""How the agreements of one subcontractor stand: what they allow, what was granted under them, and what is left."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date

from lead_contractor.kernel.money import Cents, cents_from_euros
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.pxq import FLAGS
from subcontractors.agreements.tables import agreement, agreement_cover

_GRANTED = """
SELECT d.agreement, COALESCE(a.crisis, :no) AS crisis, COALESCE(a.specific, :no) AS specific,
    SUM(CASE WHEN d.credit THEN -d.amount_cents ELSE d.amount_cents END) AS cents
FROM declaration_line AS d
LEFT JOIN allocation AS a ON a.lead_contractor_id = d.lead_contractor_id AND a.id = d.allocation_id
WHERE d.lead_contractor_id = :lead AND d.contract_id = :contract AND d.sender = :agb AND d.assessed AND d.codes = 0
GROUP BY d.agreement, COALESCE(a.crisis, :no), COALESCE(a.specific, :no)
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """An agreement of a subcontractor; ``valid_to`` is inclusive.

    ``granted`` is what was granted on declared lines, credits taken off; ``counted`` the part of it that uses up the
    ceiling. Without a ceiling both it and what is left are ``None``.
    """

    contract_id: int
    code: str
    form: str
    valid_from: date
    valid_to: date | None
    products: tuple[str, ...]
    ceiling: Cents | None
    granted: Cents
    counted: Cents

    @property
    def left(self) -> Cents | None:
        """What may still be granted under the ceiling."""
        return None if self.ceiling is None else Cents(max(0, self.ceiling - self.counted))


def standing_of(scope: Scope, contract_id: int, agb: str) -> tuple[Standing, ...]:
    """The agreements of a subcontractor under a contract year, by code."""
    rows = scope.rows(
        scope.select(agreement)
        .where(agreement.c.contract_id == contract_id, agreement.c.subcontractor == agb)
        .order_by(agreement.c.code)
    )
    covers = scope.rows(
        scope.select(agreement_cover.c.agreement, agreement_cover.c.covers)
        .where(agreement_cover.c.contract_id == contract_id, agreement_cover.c.subcontractor == agb)
        .order_by(agreement_cover.c.covers)
    )
    granted = scope.sql(_GRANTED, contract=contract_id, agb=agb, no=False).all()
    made = []
    for row in rows:
        ceiling, outside = _ceiling(row.terms)
        own = [one for one in granted if one.agreement == row.code]
        counted = [one for one in own if not any(getattr(one, flag) for flag in outside)]
        made.append(
            Standing(
                contract_id=contract_id,
                code=row.code,
                form=row.form,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                products=tuple(one.covers for one in covers if one.agreement == row.code and one.covers),
                ceiling=ceiling,
                granted=Cents(sum(int(one.cents) for one in own)),
                counted=Cents(sum(int(one.cents) for one in counted)),
            )
        )
    return tuple(made)


def _ceiling(terms: str) -> tuple[Cents | None, tuple[str, ...]]:
    """The ceiling in terms as written, and the flags of allocations that stand outside it."""
    ceiling = tomllib.loads(terms, parse_float=str).get("ceiling")
    if ceiling is None:
        return None, ()
    outside = tuple(flag for flag in FLAGS if flag in ceiling.get("always_paid", ()))
    return cents_from_euros(str(ceiling["amount"])), outside
