"""Who was served, kept beside the lines in the transaction that stores them; proved against them by ``check-books``.

An accepted line in time over a month of the year shows its client from the end of a month of recording on: the one in
which it was received, but not before the month after its service month, for until then that month is not over (the
first month of the contract counts at once, and what lies before it counts as that month). A credit takes its debit
away in the same manner. A person is *seen* while more debits than credits show, and a row of ``served`` is such a span
of months.

What came in raises nothing but the beginning of a span. Only where a credit, or a decision about a line, is in play,
the spans of that person are worked out anew from all lines on their allocations.

Beside each span stands in which months lines of the person came to show, credits included: who stands behind what an
amount differs from one month to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lead_contractor.contract.years import first_month
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month
from lead_contractor.kernel.refusals import BooksDiffer
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations import waiting

OPEN = "9999-99"
"""The end of a span that has not ended."""

Key = tuple[str, str, str, int]
"""Subcontractor, agreement, product and client."""

_KEY = "sender, agreement, product_code, client_id"
_L_KEY = "l.sender, l.agreement, l.product_code, l.client_id"
_P_KEY = "p.sender, p.agreement, p.product_code, p.client_id"
_TOUCHED = """sender VARCHAR(8), agreement VARCHAR(60), product_code VARCHAR(5), client_id BIGINT,
    PRIMARY KEY (client_id, sender, agreement, product_code)"""
_COUNTS = "l.assessed AND l.codes = 0 AND l.in_time AND l.service_month BETWEEN :first_month AND :last_month"
_MANY = 100
"""For so many persons PostgreSQL has to know how many there are, or it goes through all of them for each."""
_LAST_BIT = 60
"""What shows so many months after January of the year, or later, shares a bit: one number of 64 bits holds all."""
_SIGN = "CASE WHEN l.credit THEN -1 ELSE 1 END"
_SAME = """s.lead_contractor_id = :lead AND s.contract_id = :contract AND s.subcontractor = {k}.sender
    AND s.agreement = {k}.agreement AND s.product_code = {k}.product_code AND s.client_id = {k}.client_id"""


_RECEIVED = "SUBSTR(CAST(m.received AS VARCHAR(10)), 1, 7)"
_SINCE_JANUARY = "(12 * (CAST(SUBSTR({month}, 1, 4) AS INTEGER) - {year}) + CAST(SUBSTR({month}, 6, 2) AS INTEGER) - 1)"
"""How many months after January of a year a month is, as SQL."""


def _seen(first: Month) -> str:
    """The month from the end of which a line ``l`` of a message ``m`` shows, as SQL; ``first`` is the contract's."""
    months = [Month(first.year, number) for number in range(1, MONTHS_IN_YEAR + 1)]
    after = " ".join(f"WHEN '{one}' THEN '{one.plus(1) if one > first else first}'" for one in months)
    shown = f"CASE l.service_month {after} END"
    return f"CASE WHEN {_RECEIVED} > {shown} THEN {_RECEIVED} ELSE {shown} END"


def _bits(seen: str, year: int) -> str:
    """The months of a group of lines as one number, a bit for each, January of the year the lowest; as SQL."""
    months = _SINCE_JANUARY.format(month=seen, year=year)
    return f"SUM(DISTINCT CAST(1 AS BIGINT) << CASE WHEN {months} > {_LAST_BIT} THEN {_LAST_BIT} ELSE {months} END)"


def _year(year: int) -> dict[str, str]:
    return {"first_month": str(Month(year, 1)), "last_month": str(Month(year, MONTHS_IN_YEAR))}


def note(scope: Scope, contract_id: int, year: int, before: int, messages: int) -> None:
    """Keep up with the lines that were just stored: those with an id above ``before``, of messages above ``messages``.

    To be called once messages and lines are stored, in the same transaction.
    """
    asked = {"contract": contract_id, "before": before, **_year(year)}
    scope.sql(
        _first_seen(first_month(scope, contract_id), postgresql=scope.postgresql), **asked, open=OPEN, messages=messages
    )
    touched = scope.sql(_CREDITED, **asked, open=OPEN).all()
    if touched:
        _anew(scope, contract_id, year, [tuple(row) for row in touched])


def note_decided(scope: Scope, contract_id: int, year: int, keys: Iterable[Key]) -> None:
    """Keep up with lines of these persons that a decision let pass, or took back."""
    found = sorted(set(keys))
    if found:
        _anew(scope, contract_id, year, found)


def _first_seen(first: Month, *, postgresql: bool) -> str:
    """Debits that came in: a span that is there begins no later than they show, and where there is none one begins.

    Months are counted here from January of the year, as numbers: there may be a million lines. PostgreSQL reckons those
    of the messages once and joins them by hash; SQLite, which would go through them for each line, looks each up.
    """
    months = [Month(first.year, number) for number in range(1, MONTHS_IN_YEAR + 1)]
    after = ", ".join(f"('{one}', {max(one.number, first.number) - (one <= first)})" for one in months)
    received = _SINCE_JANUARY.format(month=_RECEIVED, year=first.year)
    bit = f"CAST(1 AS BIGINT) << CASE WHEN seen > {_LAST_BIT} THEN {_LAST_BIT} ELSE seen END"
    return f"""
    INSERT INTO served (lead_contractor_id, contract_id, subcontractor, agreement, product_code, client_id, number,
        seen_from, seen_until, active)
    WITH shown (service_month, after) AS (VALUES {after}), sent AS {"" if postgresql else "NOT"} MATERIALIZED (
        SELECT m.id, {received} AS received FROM message AS m
        WHERE m.lead_contractor_id = :lead AND m.id > :messages
    ), came AS (
        SELECT {_L_KEY}, CASE WHEN m.received > s.after THEN m.received ELSE s.after END AS seen
        FROM declaration_line AS l
        CROSS JOIN sent AS m
        CROSS JOIN shown AS s
        WHERE m.id = l.message_id AND s.service_month = l.service_month
            AND l.lead_contractor_id = :lead AND l.id > :before AND l.contract_id = :contract AND NOT l.credit
            AND {_COUNTS}
    )
    SELECT :lead, :contract, {_KEY}, 0,
        CAST({first.year} + MIN(seen) / 12 AS VARCHAR(4)) || '-' || SUBSTR(CAST(101 + MIN(seen) % 12 AS VARCHAR(3)), 2),
        :open, {f"BIT_OR({bit})" if postgresql else f"SUM(DISTINCT {bit})"}
    FROM came
    WHERE true
    GROUP BY {_KEY}
    ON CONFLICT (lead_contractor_id, contract_id, subcontractor, agreement, product_code, client_id, number)
        DO UPDATE SET active = served.active | excluded.active,
            seen_from = CASE WHEN excluded.seen_from < served.seen_from
                THEN excluded.seen_from ELSE served.seen_from END
    """


_CREDITED = f"""
SELECT DISTINCT {_L_KEY}
FROM declaration_line AS l
WHERE l.lead_contractor_id = :lead AND l.id > :before AND l.contract_id = :contract AND {_COUNTS}
  AND (l.credit OR EXISTS (SELECT 1 FROM served AS s WHERE {_SAME.format(k="l")} AND s.seen_until <> :open))
ORDER BY {_L_KEY}
"""
"""The persons of new lines whose spans have to be worked out anew."""

_GONE = f"DELETE FROM served AS s WHERE EXISTS (SELECT 1 FROM served_touched AS t WHERE {_SAME.format(k='t')})"


_LINES_OF_TOUCHED = f"""
    SELECT l.id, {_L_KEY}, l.message_id, l.service_month, l.credit
    FROM served_touched AS t
    CROSS JOIN allocation AS a
    CROSS JOIN declaration_line AS l
    WHERE a.lead_contractor_id = :lead AND a.contract_id = :contract AND a.subcontractor = t.sender
        AND a.client_id = t.client_id
        AND l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.allocation_id = a.id
        AND l.sender || '' = t.sender AND l.agreement = t.agreement AND l.product_code = t.product_code
        AND l.client_id = t.client_id AND {_COUNTS}
    UNION
    SELECT l.id, {_L_KEY}, l.message_id, l.service_month, l.credit
    FROM line_decision_item AS i
    JOIN declaration_line AS l ON l.lead_contractor_id = :lead AND l.id = i.line_id AND l.contract_id = :contract
    JOIN served_touched AS t ON l.sender = t.sender AND l.agreement = t.agreement
        AND l.product_code = t.product_code AND l.client_id = t.client_id
    WHERE i.lead_contractor_id = :lead AND {_COUNTS}
"""
"""Lines on the allocations of these persons, and lines that pass by decision, on whatever allocation they are.

The order of the CROSS JOIN is the order in which SQLite looks up, person by person; the sender is joined as an
expression, so that it takes the index of allocations and not that of references, which holds all lines of a sender.
"""


def _running(lines: str, first: Month) -> str:
    """How many more debits than credits of each person show from each month on, as named parts of a statement."""
    return f"""counted AS (
        SELECT {_L_KEY}, {_seen(first)} AS seen, SUM({_SIGN}) AS lines
        FROM ({lines}) AS l
        JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id
        GROUP BY {_L_KEY}, {_seen(first)}
    ), running AS (
        SELECT {_KEY}, seen, SUM(lines) OVER (PARTITION BY {_KEY} ORDER BY seen) AS net FROM counted
    )"""


_BITS_OF_PERSON = f"""CAST(
            SUM(CASE WHEN {{months}} < {_LAST_BIT} THEN CAST(1 AS BIGINT) << {{months}} ELSE 0 END)
                OVER (PARTITION BY {_KEY})
            + MAX(CASE WHEN {{months}} < {_LAST_BIT} THEN 0 ELSE CAST(1 AS BIGINT) << {_LAST_BIT} END)
                OVER (PARTITION BY {_KEY})
        AS BIGINT)"""
"""The same for each of the rows of a person that are one month each: joining what they add up to back to them, the
database takes a thousand persons for one and goes through all of them for each."""


def _anew(scope: Scope, contract_id: int, year: int, keys: Sequence[Key]) -> None:
    """Work the spans of these persons out from all their lines."""
    waiting.run(scope, ["DROP TABLE IF EXISTS served_touched", f"CREATE TEMPORARY TABLE served_touched ({_TOUCHED})"])
    rows = [(sender, waiting.escaped(scope, agreement), product, client) for sender, agreement, product, client in keys]
    waiting.insert(scope, "served_touched", rows)
    if scope.postgresql and len(rows) >= _MANY:
        waiting.run(scope, ["ANALYZE served_touched", "ANALYZE served"])
    scope.sql(_GONE, contract=contract_id)
    statement = f"""
    INSERT INTO served (lead_contractor_id, contract_id, subcontractor, agreement, product_code, client_id, number,
        seen_from, seen_until, active)
    WITH {_running(_LINES_OF_TOUCHED, first_month(scope, contract_id))}, turned AS (
        SELECT {_KEY}, seen, net, COALESCE(LAG(net) OVER (PARTITION BY {_KEY} ORDER BY seen), 0) AS before,
            {_BITS_OF_PERSON.format(months=_SINCE_JANUARY.format(month="seen", year=year))} AS active
        FROM running
    ), spans AS (
        SELECT {_KEY}, seen, net, LEAD(seen) OVER (PARTITION BY {_KEY} ORDER BY seen) AS until, active
        FROM turned WHERE (net > 0 AND before <= 0) OR (net <= 0 AND before > 0)
    )
    SELECT :lead, :contract, {_P_KEY}, ROW_NUMBER() OVER (PARTITION BY {_P_KEY} ORDER BY p.seen) - 1, p.seen,
        COALESCE(p.until, :open), p.active
    FROM spans AS p
    WHERE p.net > 0
    """
    scope.sql(statement, contract=contract_id, open=OPEN, **_year(year))
    waiting.run(scope, ["DROP TABLE IF EXISTS served_touched"])


_ALL_LINES = f"""
    SELECT {_L_KEY}, l.message_id, l.service_month, l.credit
    FROM declaration_line AS l WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND {_COUNTS}
"""


def check_served(scope: Scope, contract_id: int, year: int) -> int:
    """Prove that who is kept as served is who the lines say, from every month of recording on; returns how many.

    Raises:
        BooksDiffer: they differ; the text names the first difference, without the person.
    """
    same = _SAME.format(k="r")
    different = scope.sql(
        f"""
        WITH {_running(_ALL_LINES, first_month(scope, contract_id))}, kept AS (
            SELECT s.subcontractor AS sender, s.agreement, s.product_code, s.client_id, s.seen_from AS seen
            FROM served AS s
            WHERE s.lead_contractor_id = :lead AND s.contract_id = :contract
            UNION ALL
            SELECT s.subcontractor, s.agreement, s.product_code, s.client_id, s.seen_until FROM served AS s
            WHERE s.lead_contractor_id = :lead AND s.contract_id = :contract AND s.seen_until <> :open
        )
        SELECT r.sender, r.product_code, r.seen FROM running AS r
        WHERE (CASE WHEN r.net > 0 THEN 1 ELSE 0 END) <> (SELECT COUNT(*) FROM served AS s
            WHERE {same} AND s.seen_from <= r.seen AND s.seen_until > r.seen)
        UNION ALL
        SELECT k.sender, k.product_code, k.seen FROM kept AS k
        LEFT JOIN running AS r ON r.sender = k.sender AND r.agreement = k.agreement
            AND r.product_code = k.product_code AND r.client_id = k.client_id AND r.seen = k.seen
        WHERE r.sender IS NULL
        UNION ALL
        SELECT p.sender, p.product_code, '' AS seen FROM (
            SELECT {_KEY}, {_bits("seen", year)} AS active FROM counted GROUP BY {_KEY}
        ) AS p
        JOIN served AS s ON {_SAME.format(k="p")} AND s.active <> p.active
        LIMIT 1
        """,
        contract=contract_id,
        open=OPEN,
        **_year(year),
    ).one_or_none()
    if different is not None:
        raise BooksDiffer(
            f"Wie er van {different.sender} product {different.product_code} kreeg, is niet wat de regels zeggen "
            f"(stand van {different.seen})."
        )
    counted = scope.sql(
        "SELECT COUNT(*) FROM served WHERE lead_contractor_id = :lead AND contract_id = :contract", contract=contract_id
    )
    return int(counted.scalar_one())
