"""Queries of agreements, tariffs and what was realised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func

from lead_contractor.kernel.columns import total_cents
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month, Period
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.commitments import Commitment
from subcontractors.agreements.forms import form
from subcontractors.agreements.model import Agreement, FormCode, Realised, Tariff
from subcontractors.agreements.tables import agreement, agreement_cover, commitment, realised, tariff
from subcontractors.returns.model import Values
from subcontractors.returns.store import contract_row, latest

AGREEMENT_TABLES = (agreement, agreement_cover, tariff, realised, commitment)
"""What a load fills; emptied before a contract is loaded anew."""


def save_agreements(
    scope: Scope, contract_id: int, agreements: Sequence[Agreement], sources: Mapping[str, str]
) -> None:
    """Store agreements with their terms as written (TOML by agreement id), and what they cover."""
    scope.insert(agreement, (_agreement_row(contract_id, one, sources[one.id]) for one in agreements))
    scope.insert(agreement_cover, (row for one in agreements for row in _cover_rows(contract_id, one)))


def _agreement_row(contract_id: int, one: Agreement, source: str) -> dict[str, Any]:
    return {
        "contract_id": contract_id,
        "code": one.id,
        "subcontractor": one.subcontractor,
        "form": one.form.value,
        "lines_cost": form(one.form).lines_cost,
        "valid_from": one.validity.start,
        "valid_to": one.validity.last,
        "terms": source,
    }


def _cover_rows(contract_id: int, one: Agreement) -> list[dict[str, Any]]:
    last = one.validity.last
    return [
        {
            "contract_id": contract_id,
            "agreement": one.id,
            "covers": product,
            "subcontractor": one.subcontractor,
            "from_day": one.validity.start.toordinal(),
            "to_day": last.toordinal() if last else None,
        }
        for product in (one.products or ("",))
    ]


def save_tariffs(scope: Scope, contract_id: int, tariffs: Iterable[Tariff]) -> None:
    """Store dated tariffs."""
    scope.insert(tariff, (_tariff_row(contract_id, one) for one in tariffs))


def _tariff_row(contract_id: int, one: Tariff) -> dict[str, Any]:
    return {
        "contract_id": contract_id,
        "subcontractor": one.subcontractor,
        "product_code": one.product_code,
        "unit": one.unit,
        "from_day": one.valid_from.toordinal(),
        "to_day": one.valid_to.toordinal() if one.valid_to else None,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "tariff_cents": int(one.tariff),
        "extra": dict(one.extra),
    }


def save_realised(scope: Scope, contract_id: int, rows: Iterable[Realised]) -> None:
    """Store what agreements realised per month."""
    scope.insert(
        realised,
        (
            {
                "contract_id": contract_id,
                "agreement": one.agreement,
                "month": str(one.month),
                "fte": one.fte,
                "hours": one.hours,
                "occupancy_percent": one.occupancy_percent,
                "extra": dict(one.extra),
            }
            for one in rows
        ),
    )


def agreements_as_written(scope: Scope, contract_id: int) -> list[tuple[str, str, Period, str]]:
    """Per agreement: id, form, validity and its terms as TOML text, by id."""
    rows = scope.rows(scope.select(agreement).where(agreement.c.contract_id == contract_id).order_by(agreement.c.code))
    return [(r.code, FormCode(r.form), Period.inclusive(r.valid_from, r.valid_to), r.terms) for r in rows]


def tariffs(scope: Scope, contract_id: int) -> tuple[Tariff, ...]:
    """The tariffs of a contract year."""
    rows = scope.rows(
        scope.select(tariff)
        .where(tariff.c.contract_id == contract_id)
        .order_by(tariff.c.subcontractor, tariff.c.product_code, tariff.c.unit, tariff.c.valid_from)
    )
    return tuple(
        Tariff(
            r.subcontractor,
            r.product_code,
            r.unit,
            Cents(int(r.tariff_cents)),
            r.valid_from,
            r.valid_to,
            r.extra,
        )
        for r in rows
    )


def realised_of(scope: Scope, contract_id: int, until: datetime | None = None) -> tuple[Realised, ...]:
    """What the agreements of a contract year realised: what was loaded, and what was returned since.

    Of a loaded row and a return on the same month the later wins, value by value: one that says nothing takes nothing
    away. With ``until`` only returns that were submitted before that moment count.
    """
    loaded = {(one.agreement, one.month): one for one in _realised_as_loaded(scope, contract_id)}
    returned = latest(scope, contract_id, until)
    if not returned:
        return tuple(loaded.values())
    since = contract_row(scope, contract_id).loaded_at
    for key, made in returned.items():
        standing = loaded.get(key)
        before = Values() if standing is None else Values(standing.fte, standing.hours, standing.occupancy_percent)
        both = made.values.over(before) if made.submitted_at >= since else before.over(made.values)
        extra = {} if standing is None else standing.extra
        loaded[key] = Realised(*key, both.fte, both.hours, both.occupancy_percent, extra)
    return tuple(loaded[key] for key in sorted(loaded, key=lambda one: (one[0], str(one[1]))))


def _realised_as_loaded(scope: Scope, contract_id: int) -> tuple[Realised, ...]:
    rows = scope.rows(
        scope.select(realised)
        .where(realised.c.contract_id == contract_id)
        .order_by(realised.c.agreement, realised.c.month)
    )
    return tuple(
        Realised(r.agreement, Month.parse(r.month), r.fte, r.hours, r.occupancy_percent, r.extra) for r in rows
    )


@dataclass(frozen=True, slots=True)
class Committed:
    """What allocations under an agreement commit: the sum that is fixed, and how many fix none."""

    agreement: str
    product_code: str
    cents: Cents
    allocations: int
    not_determinable: int


def save_commitments(scope: Scope, contract_id: int, rows: Iterable[Commitment]) -> None:
    """Store the memorandum of commitments."""
    names = ["contract_id", "allocation_number", "agreement", "product_code", "area", "basis", "cents"]
    values = (
        (
            contract_id,
            r.number,
            r.agreement,
            r.product_code,
            r.area,
            r.basis.value,
            None if r.cents is None else int(r.cents),
        )
        for r in rows
    )
    scope.bulk_insert(commitment, names, values)


def committed(scope: Scope, contract_id: int) -> list[Committed]:
    """What allocations commit, per agreement and product."""
    missing = func.sum(case((commitment.c.cents.is_(None), 1), else_=0))
    rows = scope.rows(
        scope.select(
            commitment.c.agreement, commitment.c.product_code, total_cents(commitment.c.cents), func.count(), missing
        )
        .where(commitment.c.contract_id == contract_id)
        .group_by(commitment.c.agreement, commitment.c.product_code)
        .order_by(commitment.c.agreement, commitment.c.product_code)
    )
    return [Committed(a, p, Cents(int(cents)), int(count), int(none)) for a, p, cents, count, none in rows]
