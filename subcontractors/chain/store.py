"""Queries of the chain: what stands between a contract and its subcontractors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func

from lead_contractor.allocation.tables import allocation
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode
from subcontractors.agreements.tables import agreement, agreement_cover, tariff
from subcontractors.chain.model import (
    PENDING,
    Allotted,
    Held,
    Product,
    Report,
    ReportKind,
    Size,
)
from subcontractors.chain.products import Cover, ProductList, product_list
from subcontractors.chain.tables import (
    allocation_sent,
    allocation_version,
    judged_report,
    message_remark,
    request,
    request_product,
    return_message,
    sent_message,
)

CLEARED = (judged_report, return_message, message_remark, request_product, request)
"""What an intake fills; the rest is what the lead contractor did, and that is not taken away."""

_AT_ONCE = 500

Pair = tuple[str, int]
"""A sender and a client."""


def _chunks(numbers: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(set(numbers))
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


def held_by(scope: Scope, contract_id: int, clients: Iterable[int]) -> dict[Pair, dict[str, Held]]:
    """The allocations of clients as they stand, by sender and client, then by number."""
    found: dict[Pair, dict[str, Held]] = defaultdict(dict)
    for some in _chunks(clients):
        rows = scope.rows(
            scope.select(allocation)
            .where(allocation.c.contract_id == contract_id, allocation.c.client_id.in_(some))
            .order_by(allocation.c.number_key)
        )
        for row in rows:
            one = held_of(row)
            found[one.subcontractor, one.client][one.number] = one
    return found


def held_of(row: Any) -> Held:
    """An allocation as it is stored."""
    return Held(
        number=row.number_key,
        client=int(row.client_id),
        subcontractor=row.subcontractor,
        product=Product(row.category, row.product_code),
        start=row.start_date,
        end=row.end_date,
        size=_size(row),
        budget=_cents(row),
        reason_change=row.reason_change,
    )


def _size(row: Any) -> Size | None:
    return None if row.volume is None else Size(int(row.volume), row.unit, row.frequency)


def _cents(row: Any) -> Cents | None:
    return None if row.budget_cents is None else Cents(int(row.budget_cents))


def products_of(scope: Scope, contract_id: int, *, with_allocations: bool = True) -> ProductList:
    """The product list in use under a contract.

    ``with_allocations`` looks at all allocations for the category of codes that do not say it themselves.
    """
    covers = scope.rows(
        scope.select(agreement_cover, agreement.c.form, agreement.c.valid_from, agreement.c.valid_to)
        .join_from(
            agreement_cover,
            agreement,
            (agreement.c.lead_contractor_id == agreement_cover.c.lead_contractor_id)
            & (agreement.c.contract_id == agreement_cover.c.contract_id)
            & (agreement.c.code == agreement_cover.c.agreement),
        )
        .where(agreement_cover.c.contract_id == contract_id)
        .order_by(agreement_cover.c.agreement, agreement_cover.c.covers)
    )
    priced = scope.rows(scope.select(tariff.c.product_code).where(tariff.c.contract_id == contract_id).distinct())
    used = scope.select(allocation.c.category, allocation.c.product_code).where(allocation.c.contract_id == contract_id)
    placed = scope.rows(used.distinct()) if with_allocations else []
    category = 2
    codes = {row.product_code for row in priced} | {row.covers for row in covers if len(row.covers) > category}
    return product_list(
        codes,
        [(row.category, row.product_code) for row in placed],
        [Cover(row.subcontractor, row.covers, FormCode(row.form), row.valid_from, row.valid_to) for row in covers],
    )


def accepted_reports(scope: Scope, contract_id: int, clients: Iterable[int]) -> dict[Pair, list[tuple[Report, str]]]:
    """The accepted starts and stops of clients in the order in which they were judged, with the number matched."""
    found: dict[Pair, list[tuple[Report, str]]] = defaultdict(list)
    for some in _chunks(clients):
        rows = scope.rows(
            scope.select(judged_report)
            .where(
                judged_report.c.contract_id == contract_id,
                judged_report.c.client_id.in_(some),
                judged_report.c.accepted,
            )
            .order_by(judged_report.c.id)
        )
        for row in rows:
            found[row.sender, int(row.client_id)].append((report_of(row), row.matched_number))
    return found


def report_of(row: Any) -> Report:
    """A start or stop as it is stored."""
    return Report(
        kind=ReportKind(row.kind),
        client=int(row.client_id),
        number=row.allocation_number,
        product=Product(row.category, row.product_code),
        begin=row.begin_date,
        status=row.status,
        end=row.end_date,
        reason=row.reason,
    )


def used_references(scope: Scope, contract_id: int | None) -> dict[str, set[str]]:
    """The references of requests by sender; over all contracts where none is named."""
    statement = scope.select(request.c.sender, request.c.reference)
    if contract_id is not None:
        statement = statement.where(request.c.contract_id == contract_id)
    found: dict[str, set[str]] = defaultdict(set)
    for row in scope.rows(statement):
        found[row.sender].add(row.reference)
    return found


def pending_requests(scope: Scope, contract_id: int) -> set[Pair]:
    """For whom a request waits for its final answer."""
    rows = scope.rows(
        scope.select(request.c.sender, request.c.client_id).where(
            request.c.contract_id == contract_id, request.c.status.in_([one.value for one in PENDING])
        )
    )
    return {(row.sender, int(row.client_id)) for row in rows}


def number_stands(scope: Scope, number: str) -> bool:
    """Whether an allocation number is in use under any contract of the lead contractor."""
    rows = scope.rows(scope.select(func.count()).select_from(allocation).where(allocation.c.number_key == number))
    return int(rows[0][0]) > 0


def numbers_from(scope: Scope, first: int, last: int) -> list[int]:
    """The allocation numbers in use in a range, in order, over all contracts (TR332)."""
    longest = len(str(last))
    length = func.length(allocation.c.number_key)
    rows = scope.rows(
        scope.select(allocation.c.number_key).where(length >= len(str(first)), length <= longest).distinct()
    )
    found = (row.number_key for row in rows)
    return sorted(number for key in found if key.isdecimal() and first <= (number := int(key)) <= last)


def versions_of(scope: Scope, contract_id: int, subcontractor: str, client_id: int) -> dict[str, list[Allotted]]:
    """Every version that we made of the allocations of a client with a subcontractor, by number."""
    rows = scope.rows(
        scope.select(allocation_version)
        .where(
            allocation_version.c.contract_id == contract_id,
            allocation_version.c.subcontractor == subcontractor,
            allocation_version.c.client_id == client_id,
        )
        .order_by(allocation_version.c.number_key, allocation_version.c.decided)
    )
    found: dict[str, list[Allotted]] = defaultdict(list)
    for row in rows:
        found[row.number_key].append(_allotted(row))
    return found


def loaded_versions(scope: Scope, contract_id: int, subcontractor: str, client_id: int) -> dict[str, Allotted]:
    """The first version of allocations that came with the year and were changed since, by number."""
    rows = scope.rows(
        scope.select(allocation_version).where(
            allocation_version.c.contract_id == contract_id,
            allocation_version.c.subcontractor == subcontractor,
            allocation_version.c.client_id == client_id,
            allocation_version.c.loaded,
        )
    )
    return {row.number_key: _allotted(row) for row in rows}


def sent_to(scope: Scope, contract_id: int, subcontractor: str, client_id: int) -> dict[str, list[Allotted]]:
    """What was sent to a subcontractor about a client and not refused, by number in the order of sending."""
    rows = scope.rows(
        scope.select(allocation_sent)
        .join_from(
            allocation_sent,
            sent_message,
            (sent_message.c.lead_contractor_id == allocation_sent.c.lead_contractor_id)
            & (sent_message.c.id == allocation_sent.c.sent_message_id),
        )
        .where(
            allocation_sent.c.contract_id == contract_id,
            sent_message.c.receiver == subcontractor,
            sent_message.c.client_id == client_id,
            sent_message.c.approved.is_not(False),
        )
        .order_by(allocation_sent.c.sent_message_id)
    )
    found: dict[str, list[Allotted]] = defaultdict(list)
    for row in rows:
        found[row.number_key].append(_allotted(row))
    return found


def owed_references(scope: Scope, contract_id: int, subcontractor: str, client_id: int) -> dict[str, str]:
    """By number, the reference of a granted request that a subcontractor refused to read and did not get since.

    What it refused was never sent (OP286), so that the next message is the first that answers the request (TR379).
    """
    rows = scope.rows(
        scope.select(allocation_sent.c.number_key, allocation_sent.c.reference, sent_message.c.approved)
        .join_from(
            allocation_sent,
            sent_message,
            (sent_message.c.lead_contractor_id == allocation_sent.c.lead_contractor_id)
            & (sent_message.c.id == allocation_sent.c.sent_message_id),
        )
        .where(
            allocation_sent.c.contract_id == contract_id,
            sent_message.c.receiver == subcontractor,
            sent_message.c.client_id == client_id,
        )
        .order_by(allocation_sent.c.sent_message_id)
    )
    found: dict[str, str] = {}
    for row in rows:
        if row.approved is not False:
            found.pop(row.number_key, None)
        elif row.reference:
            found[row.number_key] = row.reference
    return found


def _allotted(row: Any) -> Allotted:
    return Allotted(
        number=row.number_key,
        product=Product(row.category, row.product_code),
        decided=row.decided,
        start=row.start_date,
        end=row.end_date,
        size=_size(row),
        budget=_cents(row),
        reason_change=row.reason_change,
        reference=row.reference,
    )


def sizes(product: Product, start: object, end: object, size: Size | None, budget: Cents | None) -> dict[str, Any]:
    """The columns for what an allocation or a wish grants."""
    return {
        "category": product.category,
        "product_code": product.code,
        "start_date": start,
        "end_date": end,
        "volume": size.volume if size else None,
        "unit": size.unit if size else "",
        "frequency": size.frequency if size else "",
        "budget_cents": None if budget is None else int(budget),
    }


def approved_lines(scope: Scope, contract_id: int, numbers: Sequence[str]) -> set[str]:
    """Which allocations have approved lines that were not credited (TR385)."""
    if not numbers:
        return set()
    found: set[str] = set()
    for number in numbers:
        rows = scope.sql(
            """
            SELECT SUM(CASE WHEN l.credit THEN -1 ELSE 1 END) AS open_lines
            FROM declaration_line AS l
            JOIN allocation AS a ON a.lead_contractor_id = :lead AND a.id = l.allocation_id
            WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.assessed AND l.codes = 0
              AND a.number_key = :number
            """,
            contract=contract_id,
            number=number,
        ).one()
        if (rows.open_lines or 0) > 0:
            found.add(number)
    return found


def work_of_the_lead(scope: Scope, contract_id: int) -> int:
    """How many messages the lead contractor sent and versions it made: a reload must not lose those."""
    found = 0
    for table in (sent_message, allocation_version):
        rows = scope.rows(scope.select(func.count()).select_from(table).where(table.c.contract_id == contract_id))
        found += int(rows[0][0])
    return found


def insert_numbered(scope: Scope, table: Any, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert rows with the next ids; returns the first id, which nothing has where there are no rows."""
    rows = list(rows)
    if not rows:
        return 0
    first = int(scope.last_id(table)) + 1
    scope.insert(table, ({"id": first + n, **row} for n, row in enumerate(rows)))
    return first
