"""Queries of the use of the budget as of a day: balances of the books, payments, and open allocations.

What stood in the books on a day is what was recorded up to and including its month, less what came in that month
after the day: messages by their receipt, decisions by the moment of booking. A settlement, which is recorded in the
month of the cut-off, counts from the last day of that month. Payments go by the day on which they were made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lead_contractor.allocation.model import DELETED
from lead_contractor.books.accounts import ACCOUNTS, PAYABLE, Side
from lead_contractor.books.store import account_balance
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import AdjustmentKind
from subcontractors.agreements.postings import ADJUSTMENT_PREFIX
from subcontractors.agreements.tables import agreement
from subcontractors.decisions.model import decision_source
from subcontractors.declarations.postings import PREFIX as DECLARED
from subcontractors.declarations.postings import source_of

HERE = ZoneInfo("Europe/Amsterdam")
_AT_ONCE = 500
DIMENSIONS = ("product_code", "subcontractor", "agreement", "area", "service_month")
Booked = dict[tuple[str, ...], int]
"""Cents by account and :data:`DIMENSIONS`, on the ordinary side of the account."""

_ABOUT = "t.product_code, t.subcontractor, t.agreement, t.area, t.service_month"
_MESSAGE = "m.lead_contractor_id = :lead AND m.contract_id = :contract AND m.kind = '323' AND m.status = 'answered'"
_EARLIER = """EXISTS (SELECT 1 FROM message AS e WHERE e.lead_contractor_id = :lead AND e.contract_id = :contract
    AND e.sender = m.sender AND e.identification = m.identification AND e.kind = '323' AND e.status = 'answered'
    AND e.received <= :day)"""
_AFTER_MESSAGES = f"""
SELECT t.debit_account, t.credit_account, {_ABOUT}, SUM(t.cents) AS cents
FROM (SELECT DISTINCT m.sender, m.identification FROM message AS m
      WHERE {_MESSAGE} AND m.received > :day AND m.received <= :last AND NOT {_EARLIER}) AS s
JOIN transfer AS t ON t.lead_contractor_id = :lead AND t.contract_id = :contract
    AND t.source = '{DECLARED}' || s.sender || '/' || s.identification
WHERE t.recorded_month <= :month
GROUP BY t.debit_account, t.credit_account, {_ABOUT}
"""
_AFTER_AGAIN = f"""
SELECT l.product_code, l.sender AS subcontractor, l.agreement, COALESCE(a.area, '') AS area, l.service_month,
    SUM(CASE WHEN l.credit THEN -l.amount_cents ELSE l.amount_cents END) AS cents
FROM message AS m
JOIN declaration_line AS l ON l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.message_id = m.id
LEFT JOIN allocation AS a ON a.lead_contractor_id = :lead AND a.id = l.allocation_id
WHERE {_MESSAGE} AND m.received > :day AND m.received <= :last AND {_EARLIER}
GROUP BY l.product_code, l.sender, l.agreement, COALESCE(a.area, ''), l.service_month
"""
"""Messages under an identification that stood there already: nothing of them is granted, all of it is refused."""
_AFTER_SOURCES = f"""
SELECT t.debit_account, t.credit_account, {_ABOUT}, SUM(t.cents) AS cents
FROM transfer AS t
WHERE t.lead_contractor_id = :lead AND t.contract_id = :contract AND t.recorded_month = :month
  AND t.source IN (__SOURCES__)
GROUP BY t.debit_account, t.credit_account, {_ABOUT}
"""
_DECIDED_AFTER = """
SELECT DISTINCT i.decision_id, m.sender, m.identification
FROM line_decision_verdict AS v
JOIN line_decision_item AS i ON i.lead_contractor_id = :lead AND i.decision_id = v.decision_id
JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = i.message_id
WHERE v.lead_contractor_id = :lead AND m.contract_id = :contract AND v.approved AND v.decided_at >= :after
"""
_EXECUTED = """
FROM payment_item AS i
JOIN payment_execution AS x ON x.lead_contractor_id = :lead AND x.run_id = i.run_id AND x.executed_on <= :day
LEFT JOIN payment_reversal AS r ON r.lead_contractor_id = :lead AND r.run_id = i.run_id
    AND r.subcontractor = i.subcontractor AND r.reversed_on <= :day
WHERE i.lead_contractor_id = :lead AND i.contract_id = :contract AND r.run_id IS NULL
"""
_PAID = f"""
SELECT i.subcontractor, i.source, i.agreement, i.service_month, SUM(i.cents) AS cents {_EXECUTED}
GROUP BY i.subcontractor, i.source, i.agreement, i.service_month
"""
_IN_RUNS = """
FROM payment_item AS i
LEFT JOIN payment_decision AS d ON d.lead_contractor_id = :lead AND d.run_id = i.run_id
LEFT JOIN payment_reversal AS r ON r.lead_contractor_id = :lead AND r.run_id = i.run_id
    AND r.subcontractor = i.subcontractor
WHERE i.lead_contractor_id = :lead AND i.contract_id = :contract AND r.run_id IS NULL
  AND (d.run_id IS NULL OR d.approved)
"""
_HELD = f"""
SELECT i.subcontractor, i.source, i.agreement, i.service_month, SUM(i.cents) AS cents {_IN_RUNS}
GROUP BY i.subcontractor, i.source, i.agreement, i.service_month
"""
_SHARES = f"""
SELECT t.source, t.agreement, t.service_month, t.product_code, t.area,
    SUM(CASE WHEN t.credit_account = '{PAYABLE}' THEN t.cents ELSE -t.cents END) AS cents
FROM __SOURCES__ AS s
JOIN transfer AS t ON t.lead_contractor_id = :lead AND t.contract_id = :contract AND t.source = s.source
WHERE t.credit_account = '{PAYABLE}' OR t.debit_account = '{PAYABLE}'
GROUP BY t.source, t.agreement, t.service_month, t.product_code, t.area
"""
_SHARES_PAID = _SHARES.replace("__SOURCES__", f"(SELECT DISTINCT i.source {_EXECUTED})")
_SHARES_HELD = _SHARES.replace("__SOURCES__", f"(SELECT DISTINCT i.source {_IN_RUNS})")
_OPEN = f"""
SELECT a.number_key, a.subcontractor, a.client_group, a.category, a.product_code, a.area, a.start_day, a.end_day,
    c.agreement, c.cents, COALESCE(p.cents, 0) AS approved
FROM allocation AS a
LEFT JOIN commitment AS c ON c.lead_contractor_id = :lead AND c.contract_id = :contract
    AND c.allocation_number = a.number
LEFT JOIN (
    SELECT l.allocation_id, SUM(CASE WHEN l.credit THEN -l.amount_cents ELSE l.amount_cents END) AS cents
    FROM allocation AS o
    JOIN declaration_line AS l ON l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.allocation_id = o.id
    JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id
    WHERE o.lead_contractor_id = :lead AND o.contract_id = :contract AND (o.end_day IS NULL OR o.end_day > :ordinal)
      AND l.assessed AND l.codes = 0 AND m.received <= :day
    GROUP BY l.allocation_id
) AS p ON p.allocation_id = a.id
WHERE a.lead_contractor_id = :lead AND a.contract_id = :contract AND a.reason_change <> '{DELETED}'
  AND (a.end_day IS NULL OR a.end_day > :ordinal) AND COALESCE(a.decided_on, a.start_date) <= :day
"""
_REPORTS = """
SELECT allocation_number, kind, begin_date, end_date, reason, deletes FROM start_stop_report
WHERE lead_contractor_id = :lead AND contract_id = :contract AND received <= :day AND allocation_number <> ''
ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class PaidSource:
    """What was paid of one source in the books, of one agreement and service month."""

    subcontractor: str
    source: str
    agreement: str
    service_month: str
    cents: Cents


@dataclass(frozen=True, slots=True)
class OpenAllocation:
    """An allocation that runs on after the day, or has yet to begin; days are ordinals, no ``end_day`` is open.

    ``agreement`` is empty where no agreement covered its first day.
    """

    number: str
    subcontractor: str
    client_group: str
    agreement: str
    category: str
    product_code: str
    area: str
    start_day: int
    end_day: int | None
    committed: Cents | None
    approved: Cents


def booked_on(scope: Scope, contract_id: int, accounts: Sequence[str], day: date) -> Booked:
    """Balances as they stood at the end of a day."""
    month = Month.of(day)
    balances = account_balance(scope, contract_id, accounts, *DIMENSIONS, until=month)
    found: Booked = defaultdict(int, {key: int(cents) for key, cents in balances.items()})
    if day < month.last:
        for key, cents in _after(scope, contract_id, day).items():
            if key[0] in accounts:
                found[key] -= cents
    return {key: cents for key, cents in found.items() if cents}


def _after(scope: Scope, contract_id: int, day: date) -> Booked:
    """What was recorded in the month of a day, and known only after it."""
    month = Month.of(day)
    known = {"contract": contract_id, "day": day, "last": month.last}
    found: Booked = defaultdict(int)
    _add_sides(found, scope.sql(_AFTER_MESSAGES, **known, month=str(month)))
    for row in scope.sql(_AFTER_AGAIN, **known):
        for account in ("declared", "rejected"):
            found[account, *_about(row)] += int(row.cents)
    for sources in batched([*_decided_after(scope, contract_id, day), *_adjustments(scope, contract_id)]):
        names = {f"source{number}": source for number, source in enumerate(sources)}
        statement = _AFTER_SOURCES.replace("__SOURCES__", ", ".join(f":{name}" for name in names))
        _add_sides(found, scope.sql(statement, contract=contract_id, month=str(month), **names))
    return found


def batched(sources: Sequence[str]) -> Iterable[Sequence[str]]:
    """A long list in pieces that a statement can name one by one."""
    return (sources[at : at + _AT_ONCE] for at in range(0, len(sources), _AT_ONCE))


def after(day: date) -> datetime:
    """The first moment after a day in the Netherlands."""
    return datetime.combine(day + timedelta(days=1), time(), HERE)


def _decided_after(scope: Scope, contract_id: int, day: date) -> list[str]:
    rows = scope.sql(_DECIDED_AFTER, contract=contract_id, after=after(day))
    return [decision_source(int(row.decision_id), source_of(row.sender, row.identification)) for row in rows]


def _adjustments(scope: Scope, contract_id: int) -> list[str]:
    """The sources under which a settlement can stand in the books."""
    codes = scope.rows(scope.select(agreement.c.code).where(agreement.c.contract_id == contract_id))
    return [f"{ADJUSTMENT_PREFIX}{row.code}:{kind.value}" for row in codes for kind in AdjustmentKind]


def _about(row: Any) -> tuple[str, ...]:
    return row.product_code, row.subcontractor, row.agreement, row.area, row.service_month


def _add_sides(found: Booked, rows: Iterable[Any]) -> None:
    for row in rows:
        for account, sign in ((row.debit_account, 1), (row.credit_account, -1)):
            ordinary = 1 if ACCOUNTS[account].side is Side.DEBIT else -1
            found[account, *_about(row)] += sign * ordinary * int(row.cents)


def paid_on(scope: Scope, contract_id: int, day: date) -> list[PaidSource]:
    """What was paid by the end of a day, by source; what came back by then is left out."""
    return [_paid_source(row) for row in scope.sql(_PAID, contract=contract_id, day=day)]


def in_runs(scope: Scope, contract_id: int) -> list[PaidSource]:
    """What payment runs hold by source, paid or on its way; what was rejected or came back is left out."""
    return [_paid_source(row) for row in scope.sql(_HELD, contract=contract_id)]


def _paid_source(row: Any) -> PaidSource:
    return PaidSource(row.subcontractor, row.source, row.agreement, row.service_month, Cents(int(row.cents)))


Shares = dict[tuple[str, str, str], dict[tuple[str, ...], Cents]]
"""What made sources payable: by source, agreement and month, then by product and area."""


def payable_shares(scope: Scope, contract_id: int, day: date) -> Shares:
    """Of the sources that were paid by the end of a day."""
    return _shares(scope.sql(_SHARES_PAID, contract=contract_id, day=day))


def shares_in_runs(scope: Scope, contract_id: int) -> Shares:
    """Of the sources that payment runs hold."""
    return _shares(scope.sql(_SHARES_HELD, contract=contract_id))


def shares_of(scope: Scope, contract_id: int, sources: Sequence[str]) -> Shares:
    """Of these sources."""
    found: Shares = {}
    for some in batched(sources):
        names = {f"source{number}": source for number, source in enumerate(some)}
        listed = " UNION ALL ".join(f"SELECT CAST(:{name} AS VARCHAR(120)) AS source" for name in names)
        found |= _shares(scope.sql(_SHARES.replace("__SOURCES__", f"({listed})"), contract=contract_id, **names))
    return found


def _shares(rows: Iterable[Any]) -> Shares:
    found: Shares = defaultdict(dict)
    for row in rows:
        if row.cents:
            key = row.source, row.agreement, row.service_month
            found[key][row.product_code, row.area] = Cents(int(row.cents))
    return found


def open_allocations(scope: Scope, contract_id: int, day: date) -> list[OpenAllocation]:
    """The allocations known on a day that run on after it; what a stop report ended is left out.

    An allocation is known from the day on which it was decided, else from its first day.
    """
    stopped = _stopped(scope, contract_id, day)
    rows = scope.sql(_OPEN, contract=contract_id, day=day, ordinal=day.toordinal())
    return [
        OpenAllocation(
            number=row.number_key,
            subcontractor=row.subcontractor,
            client_group=row.client_group,
            agreement=row.agreement or "",
            category=row.category,
            product_code=row.product_code,
            area=row.area,
            start_day=int(row.start_day),
            end_day=None if row.end_day is None else int(row.end_day),
            committed=None if row.cents is None else Cents(int(row.cents)),
            approved=Cents(int(row.approved)),
        )
        for row in rows
        if row.number_key not in stopped
    ]


def _stopped(scope: Scope, contract_id: int, day: date) -> set[str]:
    """Allocations whose last stop (not a temporary one) lies on or before the day, without a later start."""
    starts: dict[str, set[str]] = defaultdict(set)
    stops: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for row in scope.sql(_REPORTS, contract=contract_id, day=day):
        number, begin = row.allocation_number, str(row.begin_date)
        if row.kind == "start":
            _keep(starts[number], begin, deleted=row.deletes)
        elif row.reason != "20":
            _keep(stops[number], (str(row.end_date), begin, row.reason), deleted=row.deletes)
    return {
        number
        for number, ends in stops.items()
        if ends and max(ends)[0] <= day.isoformat() and max(starts[number], default="") <= max(ends)[0]
    }


def _keep(kept: set[Any], event: Any, *, deleted: bool) -> None:
    if deleted:
        kept.discard(event)
    else:
        kept.add(event)


def came_later(scope: Scope, contract_id: int, day: date) -> bool:
    """Whether something about trajectories came after a day: a report on a start or stop, or a decision to allocate."""
    found = scope.sql(
        """
        SELECT 1 FROM start_stop_report
        WHERE lead_contractor_id = :lead AND contract_id = :contract AND received > :day
        UNION ALL
        SELECT 1 FROM allocation
        WHERE lead_contractor_id = :lead AND contract_id = :contract AND decided_on > :day AND start_date <= :last
        LIMIT 1
        """,
        contract=contract_id,
        day=day,
        last=Month.of(day).last,
    )
    return found.first() is not None


def groups_of(scope: Scope, contract_id: int) -> Mapping[str, str]:
    """The client group of each allocation that has one, by the number that messages carry."""
    rows = scope.sql(
        "SELECT number_key, client_group FROM allocation "
        "WHERE lead_contractor_id = :lead AND contract_id = :contract AND client_group <> ''",
        contract=contract_id,
    )
    return {row.number_key: row.client_group for row in rows}
