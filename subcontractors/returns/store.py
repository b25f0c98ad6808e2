"""Queries of short returns: what is asked, every version, and the one that holds."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from lead_contractor.contract.tables import contract
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month, Period
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import Agreement, FormCode
from subcontractors.agreements.months import covered_months
from subcontractors.agreements.tables import agreement
from subcontractors.returns.model import Asked, Channel, Stored, Values
from subcontractors.returns.tables import short_return

RETURNING = (FormCode.FTE, FormCode.LUMP_SUM, FormCode.AVAILABILITY)
"""The forms of which realised values are returned; the others are declared in lines."""


def contract_row(scope: Scope, contract_id: int) -> Any:
    """The contract: its year, terms, and when it was loaded and settled for good.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    found = scope.one(scope.select(contract).where(contract.c.id == contract_id))
    if found is None:
        raise NotFound("Dit contract bestaat niet.")
    return found


def contract_months(row: Any) -> tuple[Month, ...]:
    """The months that a contract runs."""
    terms = tomllib.loads(row.terms).get("lump_sum", {})
    first, last = int(terms.get("first_month", 1)), int(terms.get("last_month", MONTHS_IN_YEAR))
    return tuple(Month(row.year, number) for number in range(first, last + 1))


def asked(scope: Scope, contract_id: int, subcontractor: str) -> dict[str, Asked]:
    """What the agreements of a subcontractor ask to be returned, by agreement; only forms that return."""
    months = contract_months(contract_row(scope, contract_id))
    rows = scope.rows(
        scope.select(agreement)
        .where(
            agreement.c.contract_id == contract_id,
            agreement.c.subcontractor == subcontractor,
            agreement.c.form.in_([form.value for form in RETURNING]),
        )
        .order_by(agreement.c.code)
    )
    return {row.code: _asked(row, months) for row in rows}


def _asked(row: Any, months: tuple[Month, ...]) -> Asked:
    terms = tomllib.loads(row.terms, parse_float=Decimal)
    validity = Period.inclusive(row.valid_from, row.valid_to)
    form = FormCode(row.form)
    fields: tuple[str, ...] = ()
    if form is FormCode.FTE:
        fields = ("fte", "hours") if "hours" in terms else ("fte",)
    elif form is FormCode.AVAILABILITY and "occupancy" in terms:
        fields = ("occupancy_percent",)
    agreed = Decimal(str(terms["fte"])) if form is FormCode.FTE and "fte" in terms else None
    covered = covered_months(Agreement(row.code, row.subcontractor, form, validity, (), None), months)
    return Asked(row.code, form.value, covered, fields, agreed)


def versions(scope: Scope, contract_id: int, agreements: Iterable[str] | None = None) -> list[Stored]:
    """Every version of every return, the oldest first; of these agreements when named."""
    statement = scope.select(short_return).where(short_return.c.contract_id == contract_id)
    if agreements is not None:
        statement = statement.where(short_return.c.agreement.in_(list(agreements)))
    ordered = statement.order_by(short_return.c.agreement, short_return.c.month, short_return.c.version)
    return [_stored(row) for row in scope.rows(ordered)]


def latest(scope: Scope, contract_id: int, until: datetime | None = None) -> dict[tuple[str, Month], Stored]:
    """The return that holds, per agreement and month; with ``until`` that held just before that moment."""
    every = versions(scope, contract_id)
    return {(one.agreement, one.month): one for one in every if until is None or one.submitted_at < until}


def _stored(row: Any) -> Stored:
    return Stored(
        agreement=row.agreement,
        month=Month.parse(row.month),
        version=int(row.version),
        values=Values(row.fte, row.hours, row.occupancy_percent),
        channel=Channel(row.channel),
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by,
    )


def save(scope: Scope, contract_id: int, made: Iterable[Stored]) -> None:
    """Store new versions."""
    scope.insert(
        short_return,
        (
            {
                "contract_id": contract_id,
                "agreement": one.agreement,
                "month": str(one.month),
                "version": one.version,
                "fte": one.values.fte,
                "hours": one.values.hours,
                "occupancy_percent": one.values.occupancy_percent,
                "channel": one.channel.value,
                "submitted_at": one.submitted_at,
                "submitted_by": one.submitted_by,
            }
            for one in made
        ),
    )
