"""Queries of worklists: sets, never line by line, and narrowed to few allocations before any line is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from lead_contractor.allocation.tables import allocation
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.clocks.model import Asked
from subcontractors.declarations.model import Channel, Status
from subcontractors.declarations.tables import message

REGULAR_LINES = 3
"""From so many approved lines on an allocation lines are said to come regularly."""

_LINE = """l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.allocation_id = a.id
    AND l.codes = 0 AND l.assessed AND NOT l.credit"""

_REPORTED = """EXISTS (
    SELECT 1 FROM start_stop_report AS r
    WHERE r.lead_contractor_id = :lead AND r.contract_id = :contract AND r.client_id = a.client_id
      AND r.sender = a.subcontractor AND r.kind = '{kind}' AND NOT r.deletes AND r.reason <> '20'
      AND (r.allocation_number = a.number_key
           OR (r.allocation_number = '' AND r.product_code IN ('', a.product_code)
               AND r.begin_date >= a.start_date AND (a.end_date IS NULL OR r.begin_date <= a.end_date)))
      AND NOT EXISTS (
          SELECT 1 FROM start_stop_report AS d
          WHERE d.lead_contractor_id = :lead AND d.contract_id = :contract AND d.client_id = r.client_id
            AND d.sender = r.sender AND d.kind = r.kind AND d.deletes AND d.id > r.id
            AND d.allocation_number = r.allocation_number AND d.begin_date = r.begin_date))"""
"""A report of this kind that still stands; 20 is a temporary stop. Without a number it is found as in IV096."""

_USES = """a.subcontractor IN (SELECT DISTINCT u.sender FROM start_stop_report AS u
    WHERE u.lead_contractor_id = :lead AND u.contract_id = :contract AND u.kind = '{kind}')"""
"""Only of subcontractors that send such reports at all: it is by agreement (OP295)."""

_ALLOCATION = "a.id, a.number, a.subcontractor, a.client_id, a.category, a.product_code"
_OF_CONTRACT = """a.lead_contractor_id = :lead AND a.contract_id = :contract AND a.reason_change <> '13'
    AND (:agb = '' OR a.subcontractor = :agb)"""

_PAGE = """
    SELECT e.*, COUNT(*) OVER () AS total, SUM(CASE WHEN e.since <= :late_event THEN 1 ELSE 0 END) OVER () AS late
    FROM ({entries}) AS e
    ORDER BY e.since, e.id
    LIMIT :limit OFFSET :offset
"""
"""``late_event`` is the last day of an event of which the term has passed."""

_STARTS = f"""
    SELECT c.* FROM (
        WITH lacking AS MATERIALIZED (
            SELECT {_ALLOCATION} FROM allocation AS a
            WHERE {_OF_CONTRACT} AND a.start_day >= :first AND {_USES.format(kind="start")}
              AND NOT {_REPORTED.format(kind="start")})
        SELECT {_ALLOCATION}, 'start' AS why,
            (SELECT MIN(l.period_from) FROM declaration_line AS l WHERE {_LINE}) AS since
        FROM lacking AS a) AS c
    WHERE c.since IS NOT NULL
"""
"""The few allocations without a start first; only then their lines."""

_NO_STOP = f"""{_OF_CONTRACT} AND {_USES.format(kind="stop")} AND NOT {_REPORTED.format(kind="stop")}"""
_ENDED = f"""
    SELECT {_ALLOCATION}, 'ended' AS why, a.end_day AS since
    FROM allocation AS a
    WHERE {_NO_STOP} AND a.end_day BETWEEN :first AND :before
      AND (EXISTS (SELECT 1 FROM declaration_line AS l WHERE {_LINE}) OR {_REPORTED.format(kind="start")})
"""
_QUIET = f"""
    SELECT {_ALLOCATION}, 'quiet' AS why,
        (SELECT MAX(l.period_to) FROM declaration_line AS l WHERE {_LINE}) AS since
    FROM allocation AS a
    WHERE {_NO_STOP} AND (a.end_day IS NULL OR a.end_day > :before) AND a.start_day < :quiet_day
      AND a.subcontractor IN (
          SELECT DISTINCT m.sender FROM message AS m
          WHERE m.lead_contractor_id = :lead AND m.contract_id = :contract AND m.kind = '323'
            AND m.status = 'answered' AND m.channel <> 'correction' AND m.period >= :newest
            AND (:agb = '' OR m.sender = :agb))
      AND a.id NOT IN (
          SELECT l.allocation_id FROM message AS m CROSS JOIN declaration_line AS l
          WHERE m.lead_contractor_id = :lead AND m.contract_id = :contract AND m.kind = '323'
            AND m.period >= :quiet_month AND (:agb = '' OR m.sender = :agb)
            AND l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.message_id = m.id
            AND l.codes = 0 AND l.assessed AND l.period_from >= :quiet_day AND l.allocation_id IS NOT NULL)
      AND (SELECT COUNT(*) FROM (
          SELECT 1 AS one FROM declaration_line AS l WHERE {_LINE} LIMIT {REGULAR_LINES}) AS few) = {REGULAR_LINES}
"""


def start_missing(scope: Scope, asked: Asked, late_event: date) -> Sequence[Any]:
    """Allocations that began in the contract year, with approved lines but without a start; ``since`` is an ordinal."""
    first = date(asked.year, 1, 1).toordinal()
    statement = _PAGE.format(entries=_STARTS)
    return scope.sql(statement, **_page(asked), late_event=late_event.toordinal(), first=first).all()


def stop_missing(scope: Scope, asked: Asked, late_event: date, quiet: Month | None, newest: Month) -> Sequence[Any]:
    """Allocations without a stop that ended in the contract year, or on which lines no longer come.

    Args:
        scope: the lead contractor.
        asked: contract, day and page.
        late_event: the last day of an end that should have been reported by now.
        quiet: the month from which no line came; ``None`` when the year is too young for that.
        newest: the newest month that should have been declared.
    """
    bound: dict[str, Any] = {"first": date(asked.year, 1, 1).toordinal(), "before": asked.today.toordinal() - 1}
    entries = _ENDED
    if quiet is not None:
        entries = f"{_ENDED} UNION ALL {_QUIET}"
        bound |= {"quiet_day": quiet.first.toordinal(), "quiet_month": str(quiet), "newest": str(newest)}
    statement = _PAGE.format(entries=entries)
    return scope.sql(statement, **_page(asked), late_event=late_event.toordinal(), **bound).all()


def _page(asked: Asked) -> dict[str, Any]:
    return {"contract": asked.contract_id, "agb": asked.subcontractor, "limit": asked.limit, "offset": asked.offset}


_REPORTS = """
    SELECT r.begin_date, r.end_date, r.received, a.decided_on, COUNT(*) AS reports
    FROM start_stop_report AS r
    LEFT JOIN allocation AS a ON a.lead_contractor_id = :lead AND a.contract_id = :contract
        AND a.number_key = r.allocation_number AND a.subcontractor = r.sender
    WHERE r.lead_contractor_id = :lead AND r.contract_id = :contract AND r.kind = :kind AND NOT r.deletes
      AND (:agb = '' OR r.sender = :agb)
    GROUP BY r.begin_date, r.end_date, r.received, a.decided_on
"""
_REPORTS_OF = """
    SELECT r.id, r.message_id, r.sender, r.client_id, r.allocation_number, r.category, r.product_code
    FROM start_stop_report AS r
    LEFT JOIN allocation AS a ON a.lead_contractor_id = :lead AND a.contract_id = :contract
        AND a.number_key = r.allocation_number AND a.subcontractor = r.sender
    WHERE r.lead_contractor_id = :lead AND r.contract_id = :contract AND r.kind = :kind AND NOT r.deletes
      AND (:agb = '' OR r.sender = :agb) AND r.begin_date = :begin AND r.received = :received
      AND r.end_date {end} AND a.decided_on {decided}
    ORDER BY r.id
    LIMIT :limit OFFSET :offset
"""


def report_days(scope: Scope, asked: Asked, kind: str) -> list[tuple[date, date | None, date, date | None, int]]:
    """Begin, end, receipt and allocation day of the reports of a kind, each combination with how many there are."""
    rows = scope.sql(_REPORTS, contract=asked.contract_id, agb=asked.subcontractor, kind=kind)
    return [
        (day(r.begin_date), _maybe(r.end_date), day(r.received), _maybe(r.decided_on), int(r.reports)) for r in rows
    ]


def reports_on(
    scope: Scope, asked: Asked, kind: str, days: tuple[date, date | None, date, date | None], offset: int, limit: int
) -> Sequence[Any]:
    """The reports of one combination of days, some of them."""
    begin, end, received, decided = days
    known = {name: day for name, day in (("end", end), ("decided", decided)) if day is not None}
    asks = {name: f"= :{name}" if name in known else "IS NULL" for name in ("end", "decided")}
    return scope.sql(
        _REPORTS_OF.format(**asks),
        contract=asked.contract_id,
        agb=asked.subcontractor,
        kind=kind,
        begin=begin,
        received=received,
        offset=offset,
        limit=limit,
        **known,
    ).all()


def day(value: Any) -> date:
    """A day from a statement in SQL text: SQLite gives it as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _maybe(value: Any) -> date | None:
    return None if value is None else day(value)


_OPEN = """
    WITH asked (subcontractor, month, first_day, last_day) AS (VALUES {pairs}),
    of_kind AS (
        SELECT k.subcontractor, k.product_code, k.category, n.month, n.first_day, n.last_day,
            (SELECT c.agreement FROM agreement_cover AS c
             WHERE c.lead_contractor_id = :lead AND c.contract_id = :contract AND c.subcontractor = k.subcontractor
               AND c.covers IN (k.product_code, k.category, '')
               AND c.from_day <= n.last_day AND (c.to_day IS NULL OR c.to_day >= n.first_day)
             ORDER BY LENGTH(c.covers) DESC, c.agreement LIMIT 1) AS agreement
        FROM (SELECT DISTINCT subcontractor, product_code, category FROM allocation
              WHERE lead_contractor_id = :lead AND contract_id = :contract) AS k
        JOIN asked AS n ON n.subcontractor = k.subcontractor
    )
    SELECT o.subcontractor, o.month, g.form, COUNT(*) AS allocations
    FROM of_kind AS o
    JOIN agreement AS g ON g.lead_contractor_id = :lead AND g.contract_id = :contract AND g.code = o.agreement
    JOIN allocation AS a ON a.lead_contractor_id = :lead AND a.contract_id = :contract
        AND a.subcontractor = o.subcontractor AND a.product_code = o.product_code AND a.category = o.category
        AND a.reason_change <> '13' AND a.start_day <= o.last_day AND (a.end_day IS NULL OR a.end_day >= o.first_day)
    WHERE g.form <> 'trajectory' OR a.start_day >= o.first_day OR a.end_day <= o.last_day
    GROUP BY o.subcontractor, o.month, g.form
"""
"""Open allocations per subcontractor, month and form; a trajectory is declared when it starts and when it ends."""


def allocated_subcontractors(scope: Scope, asked: Asked) -> list[str]:
    """The subcontractors with an allocation, by AGB; only the one that is asked for, if it has one."""
    statement = scope.select(allocation.c.subcontractor).where(allocation.c.contract_id == asked.contract_id).distinct()
    if asked.subcontractor:
        statement = statement.where(allocation.c.subcontractor == asked.subcontractor)
    return sorted(row.subcontractor for row in scope.rows(statement))


def open_allocations(
    scope: Scope, contract_id: int, pairs: Sequence[tuple[str, Month]]
) -> list[tuple[str, Month, str, int]]:
    """Of these subcontractors and months: which form, and how many allocations of it are open then."""
    if not pairs:
        return []
    rows, bound = [], dict[str, Any]()
    for n, (subcontractor, month) in enumerate(pairs):
        bound |= {f"s{n}": subcontractor, f"m{n}": str(month)}
        days = f"{month.first.toordinal()}, {month.last.toordinal()}"
        rows.append(f"(CAST(:s{n} AS VARCHAR(8)), CAST(:m{n} AS VARCHAR(7)), {days})")
    found = scope.sql(_OPEN.format(pairs=", ".join(rows)), contract=contract_id, **bound)
    return [(r.subcontractor, Month.parse(r.month), r.form, int(r.allocations)) for r in found]


_DECLARED = """
    SELECT m.sender AS sender, m.period AS month FROM message AS m
    WHERE m.lead_contractor_id = :lead AND m.contract_id = :contract AND m.kind = '323' AND m.status = 'answered'
      AND m.channel <> 'correction' AND (:agb = '' OR m.sender = :agb)
    UNION
    SELECT b.subcontractor, b.service_month FROM balance AS b
    WHERE b.lead_contractor_id = :lead AND b.contract_id = :contract AND b.account = 'declared'
      AND (:agb = '' OR b.subcontractor = :agb)
"""


def declared_months(scope: Scope, asked: Asked) -> set[tuple[str, Month]]:
    """Subcontractors with the months that they declared over, or of which lines stand in another declaration."""
    rows = scope.sql(_DECLARED, contract=asked.contract_id, agb=asked.subcontractor)
    return {(row.sender, Month.parse(row.month)) for row in rows if row.month}


def declarations(scope: Scope, asked: Asked) -> Sequence[Any]:
    """The declarations that providers sent, in short, by the day that counts."""
    statement = (
        scope.select(
            message.c.id,
            message.c.sender,
            message.c.number,
            message.c.period,
            message.c.received,
            message.c.submitted_cents,
            message.c.line_count,
            message.c.status,
        )
        .where(
            message.c.contract_id == asked.contract_id,
            message.c.kind == "323",
            message.c.channel != Channel.CORRECTION.value,
            message.c.received.is_not(None),
        )
        .order_by(message.c.received, message.c.id)
    )
    if asked.subcontractor:
        statement = statement.where(message.c.sender == asked.subcontractor)
    return scope.rows(statement)


def unanswered(scope: Scope, asked: Asked) -> Sequence[Any]:
    """Declarations on which nothing was decided yet."""
    decided = {status.value for status in Status}
    return [row for row in declarations(scope, asked) if row.status not in decided]


_REFUSED = """
    SELECT l.message_id, m.sender, m.number, m.period, m.received, COUNT(*) AS lines,
        CAST(SUM(l.amount_cents) AS BIGINT) AS cents
    FROM declaration_line AS l
    JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id
    WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.codes <> 0 AND l.assessed AND NOT l.credit
      AND (:agb = '' OR l.sender = :agb) AND m.channel <> 'correction'
      AND NOT EXISTS (
          SELECT 1 FROM declaration_line AS n
          WHERE n.lead_contractor_id = :lead AND n.contract_id = :contract AND n.allocation_id = l.allocation_id
            AND n.codes = 0 AND n.assessed AND NOT n.credit AND n.category = l.category
            AND n.product_code = l.product_code AND n.period_from = l.period_from)
    GROUP BY l.message_id, m.sender, m.number, m.period, m.received
    ORDER BY m.received, l.message_id
"""


def refused(scope: Scope, asked: Asked) -> Sequence[Any]:
    """Per declaration the refused debit lines of which the period was not approved in any other line."""
    return scope.sql(_REFUSED, contract=asked.contract_id, agb=asked.subcontractor).all()


_CORRECTED = """
    SELECT l.id, l.message_id, l.sender, l.reference, l.client_id, l.category, l.product_code, l.service_month,
        l.amount_cents, m.received, o.received AS approved_on
    FROM declaration_line AS l
    JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id
    JOIN declaration_line AS d ON d.lead_contractor_id = :lead AND d.id = l.credits_line_id
    JOIN message AS o ON o.lead_contractor_id = :lead AND o.id = d.message_id
    WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.credits_line_id IS NOT NULL
      AND l.codes = 0 AND l.assessed AND (:agb = '' OR l.sender = :agb) AND m.received > o.received
    ORDER BY m.received, l.id
"""


def credits_with_days(scope: Scope, asked: Asked) -> list[tuple[Any, date, date]]:
    """Approved credits with the day on which they came and the day on which their debit was approved."""
    rows = scope.sql(_CORRECTED, contract=asked.contract_id, agb=asked.subcontractor)
    return [(row, day(row.received), day(row.approved_on)) for row in rows]
