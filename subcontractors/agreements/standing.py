"""How the agreements of one subcontractor stand: what they allow, what was granted under them, and what is left."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.forms import form
from subcontractors.agreements.model import Agreement, FormCode, Production, Tariff
from subcontractors.agreements.pxq import PxqTerms
from subcontractors.agreements.service import production
from subcontractors.agreements.store import agreements_as_written, tariffs
from subcontractors.agreements.tables import agreement, agreement_cover

_COMMON = frozenset({"id", "subcontractor", "form", "products", "valid_from", "valid_to", "override"})
_GRANTED = """
SELECT d.agreement, SUM(CASE WHEN d.credit THEN -d.amount_cents ELSE d.amount_cents END) AS cents
FROM declaration_line AS d
WHERE d.lead_contractor_id = :lead AND d.contract_id = :contract AND d.sender = :agb AND d.assessed AND d.codes = 0
GROUP BY d.agreement
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """An agreement of a subcontractor; ``valid_to`` is inclusive.

    ``granted`` is what was granted on declared lines, credits taken off; ``counted`` the part of it that uses up the
    ceiling: what is settled over the year, without what is always paid. Without a ceiling both it and what is left are
    ``None``.
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
    granted = {row.agreement: int(row.cents) for row in scope.sql(_GRANTED, contract=contract_id, agb=agb)}
    own = {one.id: one for one in own_agreements(scope, contract_id, agb)}
    produced = production(scope, contract_id, get_contract(scope, contract_id), tuple(own.values()))
    made = []
    for row in rows:
        counted = produced.get(row.code, Production())
        made.append(
            Standing(
                contract_id=contract_id,
                code=row.code,
                form=row.form,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                products=tuple(one.covers for one in covers if one.agreement == row.code and one.covers),
                ceiling=_ceiling(own[row.code]),
                granted=Cents(granted.get(row.code, 0)),
                counted=Cents(counted.amount - counted.always_paid),
            )
        )
    return tuple(made)


def own_agreements(scope: Scope, contract_id: int, agb: str) -> tuple[Agreement, ...]:
    """The agreements of a subcontractor with their terms, by id."""
    found = []
    for code, kind, validity, written in agreements_as_written(scope, contract_id):
        table = tomllib.loads(written, parse_float=Decimal)
        if table["subcontractor"] == agb:
            terms = form(kind).schema.load({key: value for key, value in table.items() if key not in _COMMON})
            found.append(Agreement(code, agb, FormCode(kind), validity, tuple(table.get("products", ())), terms))
    return tuple(found)


def agreed_tariffs(scope: Scope, contract_id: int, agb: str) -> tuple[Tariff, ...]:
    """The tariffs of a subcontractor, on the days on which it has an agreement on their product."""
    held = [one for one in tariffs(scope, contract_id) if one.subcontractor == agb]
    rows = scope.rows(
        scope.select(agreement_cover.c.covers, agreement_cover.c.from_day, agreement_cover.c.to_day).where(
            agreement_cover.c.contract_id == contract_id, agreement_cover.c.subcontractor == agb
        )
    )
    covers = [(row.covers, date.fromordinal(row.from_day), _day(row.to_day)) for row in rows]
    found = []
    for one in held:
        for product, first, last in covers:
            start = max(one.valid_from, first)
            end = min((day for day in (one.valid_to, last) if day is not None), default=None)
            if product in ("", one.product_code, one.product_code[:2]) and (end is None or start <= end):
                found.append(replace(one, valid_from=start, valid_to=end))
    return tuple(found)


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def _ceiling(one: Agreement) -> Cents | None:
    terms = one.terms
    return terms.ceiling.amount if isinstance(terms, PxqTerms) and terms.ceiling is not None else None
