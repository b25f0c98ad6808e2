"""Allocations of our own: making versions of them, the latest of which holds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.allocation.tables import allocation
from lead_contractor.kernel.refusals import Conflict, NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.weeks import limit_over_term
from subcontractors.chain import rules_allocations
from subcontractors.chain.model import Allotted, Held
from subcontractors.chain.numbers import LAST_NUMBER, next_number
from subcontractors.chain.store import (
    held_of,
    insert_numbered,
    number_stands,
    numbers_from,
    sizes,
    versions_of,
)
from subcontractors.chain.tables import allocation_version
from subcontractors.chain.terms import ChainTerms, local_day, local_moment
from subcontractors.chain.versions import Made

_SECOND = timedelta(seconds=1)


def make_version(
    scope: Scope,
    terms: ChainTerms,
    made: Made,
    *,
    subcontractor: str,
    client_id: int,
    at: datetime,
    reference: str = "",
    request_id: int | None = None,
    number: str = "",
) -> str:
    """Make a version of an allocation, or a new allocation; the latest moment of allocation holds (IV013).

    Args:
        scope: in a writing transaction.
        terms: the terms on messages of the contract.
        made: the version.
        subcontractor: the AGB code of who delivers.
        client_id: the client.
        at: the moment on which it is decided.
        reference: ReferentieAanbieder, where it answers a request.
        request_id: that request.
        number: the number of a new allocation, in strict mode, where the municipality gives it out.

    Returns:
        the number of the allocation.

    Raises:
        Refusal: no number was given in strict mode, or it is in use.
        NotFound: there is no such allocation.
    """
    if made.number:
        _keep_base(scope, terms, made.number, local_day(at))
    key = made.number or _new_number(scope, terms, number)
    decided = _next_moment(scope, terms, key, at)
    insert_numbered(
        scope,
        allocation_version,
        [
            {
                "contract_id": terms.contract_id,
                "number_key": key,
                "decided": decided,
                "client_id": client_id,
                "subcontractor": subcontractor,
                **sizes(made.product, made.start, made.end, made.size, made.budget),
                "reason_change": made.reason_change,
                "reference": reference,
                "request_id": request_id,
                "loaded": False,
                "made_at": at,
            }
        ],
    )
    _apply(scope, terms, key, subcontractor, client_id, after=made.after)
    return key


def _new_number(scope: Scope, terms: ChainTerms, given: str) -> str:
    if not terms.dialect.numbers_allocations:
        if not given:
            raise Refusal("In strikte modus geeft de gemeente het toewijzingsnummer uit. Vul dat nummer in.")
        if not given.isdecimal() or int(given) > LAST_NUMBER:
            raise Refusal(f"{given[:12]} is geen toewijzingsnummer van ten hoogste negen cijfers.")
        if number_stands(scope, str(int(given))):
            raise Conflict(f"Toewijzingsnummer {int(given)} is al in gebruik (TR332).")
        return str(int(given))
    first = terms.messages.first_number
    return str(next_number(first, numbers_from(scope, first, LAST_NUMBER)))


def _row(scope: Scope, terms: ChainTerms, key: str) -> Any:
    row = scope.one(
        scope.select(allocation).where(allocation.c.contract_id == terms.contract_id, allocation.c.number_key == key)
    )
    if row is None:
        raise NotFound(f"Er is geen toewijzing {key} in dit contract.")
    return row


def allocation_of(scope: Scope, terms: ChainTerms, key: str) -> Held:
    """An allocation as it stands.

    Raises:
        NotFound: there is none with that number.
    """
    return held_of(_row(scope, terms, key))


def first_moment(row: Any, today: date) -> str:
    """When an allocation that was loaded is taken to be decided: the day on record, else its first day; never later."""
    return f"{min(row.decided_on or row.start_date, today)}T00:00:00"


def _keep_base(scope: Scope, terms: ChainTerms, key: str, today: date) -> None:
    """Keep what was loaded as the first version, before the first change of our own."""
    row = _row(scope, terms, key)
    known = versions_of(scope, terms.contract_id, row.subcontractor, int(row.client_id))
    if key in known:
        return
    one = held_of(row)
    insert_numbered(
        scope,
        allocation_version,
        [
            {
                "contract_id": terms.contract_id,
                "number_key": key,
                "decided": first_moment(row, today),
                "client_id": one.client,
                "subcontractor": one.subcontractor,
                **sizes(one.product, one.start, one.end, one.size, one.budget),
                "reason_change": one.reason_change,
                "reference": "",
                "request_id": None,
                "loaded": True,
                "made_at": datetime.fromisoformat(f"{first_moment(row, today)}+00:00"),
            }
        ],
    )


def _next_moment(scope: Scope, terms: ChainTerms, key: str, at: datetime) -> str:
    """The moment of allocation: always later than that of the version before it, if only by a second."""
    rows = scope.rows(
        scope.select(allocation_version.c.decided)
        .where(allocation_version.c.contract_id == terms.contract_id, allocation_version.c.number_key == key)
        .order_by(allocation_version.c.decided.desc())
        .limit(1)
    )
    moment = local_moment(at)
    if rows and moment <= rows[0].decided:
        return (datetime.fromisoformat(rows[0].decided) + _SECOND).isoformat()
    return moment


def _apply(scope: Scope, terms: ChainTerms, key: str, subcontractor: str, client_id: int, *, after: str) -> None:
    """Bring the allocation in line with its latest version."""
    versions = versions_of(scope, terms.contract_id, subcontractor, client_id)[key]
    one = rules_allocations.latest(versions)
    assert one is not None
    values = {
        **_columns(one),
        "term_limit": _term_limit(one),
        "reason_change": one.reason_change,
    }
    standing = scope.one(
        scope.select(allocation.c.id).where(
            allocation.c.contract_id == terms.contract_id, allocation.c.number_key == key
        )
    )
    if standing is not None:
        scope.update(allocation, {"id": standing.id}, **values)
        return
    before = _row(scope, terms, after) if after else None
    new: dict[str, Any] = {
        "contract_id": terms.contract_id,
        "number": key,
        "number_key": key,
        "client_id": client_id,
        "subcontractor": subcontractor,
        "crisis": bool(before.crisis) if before else False,
        "specific": bool(before.specific) if before else False,
        "area": before.area if before else "",
        "client_group": before.client_group if before else "",
        "decided_on": date.fromisoformat(one.decided[:10]),
        "extra": {},
    }
    insert_numbered(scope, allocation, [{**new, **values}])


def _columns(one: Allotted) -> dict[str, Any]:
    return {
        **sizes(one.product, one.start, one.end, one.size, one.budget),
        "start_day": one.start.toordinal(),
        "end_day": one.end.toordinal() if one.end else None,
    }


def _term_limit(one: Allotted) -> int | None:
    size = one.size
    made = Allocation(
        number=one.number,
        bsn="",
        subcontractor="",
        category=one.product.category,
        start=one.start,
        end=one.end,
        volume=size.volume if size else None,
        unit=Unit(size.unit) if size else None,
        frequency=Frequency(size.frequency) if size else None,
    )
    return limit_over_term(made.volume, made.unit, made.frequency, made.category, made.start, made.end)
