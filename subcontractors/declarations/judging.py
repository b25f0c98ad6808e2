"""The statements of the check engine that judge: what was agreed beside each line, and which lines wait for which.

In them ``s`` is a waiting line, ``k`` its kind, ``a`` its slot with the allocation, ``m`` its message; ``l`` is a line
with all of that beside it, as the rules of :mod:`.checks` see it, and ``e`` one that was stored by an earlier intake.
"""

from __future__ import annotations

from subcontractors.declarations.checks import (
    BASE_VOLUME,
    BY_INDEX,
    CREDITS_IN_TIME,
    EQUALS_A_DEBIT,
    JUDGED_OF_A_CREDIT,
    PER_UNIT,
    REPLACES_IN_TIME,
    SAME_LINE,
    bit_of,
    broken_bits,
)

_COVERS = """
INSERT INTO check_cover
SELECT c.subcontractor, c.covers, c.agreement, c.from_day, c.to_day FROM agreement_cover AS c
WHERE c.lead_contractor_id = :lead AND c.contract_id = :contract
  AND c.subcontractor IN (SELECT k.sender FROM stage_kind AS k WHERE k.kind > :kinds)
  AND NOT EXISTS (SELECT 1 FROM check_cover AS o WHERE o.subcontractor = c.subcontractor)
"""

_IN_USE = """r.lead_contractor_id = :lead AND r.contract_id = :contract AND r.subcontractor = d.sender
           AND r.product_code = d.product_code
           AND r.from_day <= d.period_from AND (r.to_day IS NULL OR r.to_day >= d.period_from)"""

_KINDS = f"""
INSERT INTO check_kind (kind, sender, declared_until, received, category, product_code, period_from, period_to, period,
    month_first, month_last, service_month, unit, tariff_cents, in_time, misfit, agreement, own_tariff, hour_tariff,
    tariffs, form, lines_cost)
SELECT k.*, g.form, CASE WHEN g.lines_cost THEN 1 ELSE 0 END
FROM (
    SELECT d.*, CASE WHEN d.received <= :cut_off THEN 1 ELSE 0 END AS in_time,
        CASE WHEN EXISTS (SELECT 1 FROM check_misfit AS f WHERE f.kind = d.kind) THEN 1 ELSE 0 END AS misfit,
        (SELECT c.agreement FROM check_cover AS c
         WHERE c.subcontractor = d.sender AND c.covers IN (d.product_code, d.category, '')
           AND c.from_day <= d.period_from AND (c.to_day IS NULL OR c.to_day >= d.period_from)
         ORDER BY LENGTH(c.covers) DESC, c.agreement LIMIT 1) AS agreement,
        (SELECT MIN(r.tariff_cents) FROM tariff AS r WHERE {_IN_USE} AND r.unit = d.unit) AS own_tariff,
        (SELECT MIN(r.tariff_cents) FROM tariff AS r WHERE {_IN_USE} AND r.unit = '04') AS hour_tariff,
        (SELECT COUNT(*) FROM tariff AS r WHERE {_IN_USE}) AS tariffs
    FROM stage_kind AS d WHERE d.kind > :kinds
) AS k
LEFT JOIN agreement AS g ON g.lead_contractor_id = :lead AND g.contract_id = :contract AND g.code = k.agreement
"""

_SLOTS = """
INSERT INTO check_slot
SELECT s.slot, s.sender, s.allocation_number, a.id, a.client_id, a.category, a.product_code, a.start_day, a.end_day,
    a.volume, a.unit, a.frequency, a.term_limit, a.budget_cents, a.reason_change, a.area, 0
FROM stage_slot AS s
LEFT JOIN allocation AS a ON a.lead_contractor_id = :lead AND a.contract_id = :contract
    AND a.number_key = s.allocation_number AND a.subcontractor = s.sender
WHERE s.slot > :slots
"""

MISFITS = "UPDATE check_kind SET misfit = 1 WHERE kind IN (SELECT f.kind FROM check_misfit AS f)"

LAY_BESIDE = (_COVERS, _KINDS, _SLOTS)
"""What was agreed beside each kind above ``:kinds``, the allocation beside each slot above ``:slots``."""

_ID = "(:first + s.number)"
_EARLIER = "e.id + 0 <= :first"
"""A stored line of an earlier intake; a sum, since no index may be chosen for it."""

REPEATED_HERE = f"""
INSERT INTO check_repeated
SELECT id FROM (
    SELECT {_ID} AS id, ROW_NUMBER() OVER (PARTITION BY m.sender, s.reference ORDER BY m.turn, s.number) AS nth
    FROM stage_line AS s
    JOIN stage_message AS m ON m.message = s.message
    JOIN (
        SELECT w.sender, u.reference FROM stage_line AS u JOIN stage_message AS w ON w.message = u.message
        WHERE w.assessed = 1 GROUP BY w.sender, u.reference HAVING COUNT(*) > 1
    ) AS twice ON twice.sender = m.sender AND twice.reference = s.reference
    WHERE m.assessed = 1
) AS uses
WHERE nth > 1
"""

REPEATED_BEFORE = f"""
INSERT INTO check_repeated
SELECT {_ID} FROM stage_line AS s
JOIN stage_message AS m ON m.message = s.message
WHERE m.assessed = 1 AND EXISTS (
    SELECT 1 FROM declaration_line AS e
    WHERE e.lead_contractor_id = :lead AND e.contract_id = :contract AND e.sender = m.sender
      AND e.reference = s.reference AND e.assessed AND {_EARLIER} {BY_INDEX})
ON CONFLICT (id) DO NOTHING
"""

_BEFORE_ON_SLOT = f"""FROM declaration_line AS e
            WHERE e.lead_contractor_id = :lead AND e.contract_id = :contract AND e.allocation_id = a.allocation_id
              AND e.codes = 0 AND e.assessed AND {_EARLIER}"""

# A CROSS JOIN is the same join to PostgreSQL; SQLite takes it for the order of its loops, and so begins with what is at
# hand instead of with all that is stored.
USED_BEFORE = f"""
INSERT INTO check_used
SELECT l.allocation_id,
    CAST(SUM(CASE WHEN l.credit THEN -{BASE_VOLUME} ELSE {BASE_VOLUME} END) AS BIGINT),
    CAST(SUM(CASE WHEN l.credit THEN -l.amount_cents ELSE l.amount_cents END) AS BIGINT)
FROM (
    SELECT e.allocation_id, e.credit, e.volume, e.unit, e.amount_cents, a.allocated_unit
    FROM check_slot AS a
    CROSS JOIN declaration_line AS e
    WHERE e.lead_contractor_id = :lead AND e.contract_id = :contract AND e.allocation_id = a.allocation_id
      AND e.codes = 0 AND e.assessed AND {_EARLIER}
) AS l
GROUP BY l.allocation_id
"""

USED_BEFORE_BY_SLOT = f"""
INSERT INTO check_used
SELECT u.allocation_id, u.base, u.cents FROM (
    SELECT a.allocation_id, (
            SELECT CAST(SUM(CASE WHEN l.credit THEN -{BASE_VOLUME} ELSE {BASE_VOLUME} END) AS BIGINT)
            FROM (SELECT e.*, a.allocated_unit {_BEFORE_ON_SLOT}) AS l
        ) AS base, (
            SELECT CAST(SUM(CASE WHEN e.credit THEN -e.amount_cents ELSE e.amount_cents END) AS BIGINT)
            {_BEFORE_ON_SLOT}
        ) AS cents
    FROM check_slot AS a WHERE a.allocation_id IS NOT NULL
) AS u
WHERE u.cents IS NOT NULL
"""
"""The same for a few slots, each looked up by itself: PostgreSQL, which takes a table that just grew for an empty one,
would else begin with all that is stored."""

CONTESTED = f"""
UPDATE check_slot SET contested = c.how FROM (
    SELECT g.slot, g.credits, g.periods, g.lines, CASE
        WHEN CASE WHEN l.allocated_unit = '04' THEN g.minutes ELSE g.units END + COALESCE(u.base, 0)
            > l.term_limit * {PER_UNIT}
            OR g.cents + COALESCE(u.cents, 0) > l.budget_cents THEN 2
        WHEN g.credits = 1 OR g.periods < g.lines THEN 1
        ELSE 0 END AS how
    FROM (
        SELECT s.slot, MAX(s.credit) AS credits, COUNT(*) AS lines, COUNT(DISTINCT k.period) AS periods,
            SUM(s.volume) AS units, SUM(CASE WHEN k.unit = '04' THEN s.volume * 60 ELSE s.volume END) AS minutes,
            SUM(s.amount_cents) AS cents
        FROM stage_line AS s JOIN check_kind AS k ON k.kind = s.kind
        GROUP BY s.slot
    ) AS g
    JOIN check_slot AS l ON l.slot = g.slot
    LEFT JOIN check_used AS u ON u.allocation_id = l.allocation_id
    WHERE l.allocation_id IS NOT NULL
) AS c
WHERE check_slot.slot = c.slot AND c.how > 0
"""
"""An allocation is contested (1) when a line on it is a credit or when one period comes twice, and contested whole (2)
when all that is declared on it would go beyond its volume or budget. Of any other, no line can break a cumulative rule,
whatever is refused."""

CONTESTED_BEFORE = f"""
WITH asked AS MATERIALIZED (
    SELECT DISTINCT s.slot, a.allocation_id, k.period_from, k.period_to
    FROM stage_line AS s
    JOIN check_kind AS k ON k.kind = s.kind
    JOIN check_slot AS a ON a.slot = s.slot
    WHERE a.contested = 0 AND a.allocation_id IS NOT NULL
)
UPDATE check_slot SET contested = 1 WHERE slot IN (
    SELECT q.slot FROM asked AS q
    WHERE EXISTS (
        SELECT 1 FROM declaration_line AS e
        WHERE e.lead_contractor_id = :lead AND e.contract_id = :contract AND e.allocation_id = q.allocation_id
          AND e.period_from = q.period_from AND e.period_to = q.period_to AND {_EARLIER} {BY_INDEX}))
"""
"""So is one on which the period of a line was declared before.

What is asked stands apart, so that no plan can begin by joining lines to lines on their period alone.
"""

BUSY_BEFORE = f"""
INSERT INTO check_busy
WITH asked AS MATERIALIZED (
    SELECT DISTINCT s.slot, k.period, a.allocation_id, k.period_from, k.period_to
    FROM stage_line AS s
    JOIN check_kind AS k ON k.kind = s.kind
    JOIN check_slot AS a ON a.slot = s.slot
    WHERE a.contested < 2 AND a.allocation_id IS NOT NULL
)
SELECT q.slot, q.period FROM asked AS q
WHERE EXISTS (
    SELECT 1 FROM declaration_line AS e
    WHERE e.lead_contractor_id = :lead AND e.contract_id = :contract AND e.allocation_id = q.allocation_id
      AND e.period_from = q.period_from AND e.period_to = q.period_to AND {_EARLIER} {BY_INDEX})
"""
CONTESTED_BY_BUSY = """
UPDATE check_slot SET contested = 1 WHERE contested = 0 AND slot IN (SELECT b.slot FROM check_busy AS b)
"""
BUSY = """
INSERT INTO check_busy
SELECT s.slot, k.period
FROM stage_line AS s
JOIN check_kind AS k ON k.kind = s.kind
JOIN check_slot AS a ON a.slot = s.slot
WHERE a.contested = 1
GROUP BY s.slot, k.period HAVING COUNT(*) > 1
"""
NAMED = "INSERT INTO check_named SELECT s.slot, s.previous_reference FROM stage_line AS s WHERE s.credit = 1"
"""Of many lines only those stand aside that one of the cumulative rules can look at: on an allocation that is contested
whole all, on another those of a period that comes twice (*busy*), credits, and what a credit takes back by name."""

JOINED = """FROM stage_line AS s
JOIN stage_message AS m ON m.message = s.message
JOIN check_kind AS k ON k.kind = s.kind
JOIN check_slot AS a ON a.slot = s.slot"""

_USED_HERE = f"CASE WHEN EXISTS (SELECT 1 FROM check_repeated AS r WHERE r.id = {_ID}) THEN 1 ELSE 0 END"


def line_beside(*, message: str = "m.message_id", assessed: str = "m.assessed", used_before: str = _USED_HERE) -> str:
    """The columns of a line with allocation and terms beside it, as the rules see it."""
    return f"""SELECT {_ID} AS id, {message} AS message_id, s.position, {assessed} AS assessed, k.sender, s.reference,
    s.previous_reference, s.client_id, a.allocation_number, a.allocation_id, a.allocated_client, a.allocated_category,
    a.allocated_product, a.start_day, a.end_day, a.allocated_volume, a.allocated_unit, a.frequency, a.term_limit,
    a.budget_cents, a.reason_change, a.area, k.declared_until, k.received, k.category,
    k.product_code, k.period_from, k.period_to, k.month_first, k.month_last, k.service_month, s.volume, k.unit,
    k.tariff_cents, s.amount_cents, s.credit, k.agreement, k.form, k.lines_cost, k.own_tariff, k.hour_tariff,
    k.tariffs, k.in_time, k.misfit, {used_before} AS used_before"""


PLAIN = f"""CASE WHEN l.assessed = 0 THEN 0 ELSE {broken_bits(cumulative=False)}
    + CASE WHEN l.credit = 1 AND l.allocation_id IS NULL THEN {bit_of("8017")} ELSE 0 END END"""

ANY_ASIDE = """
SELECT 1 FROM stage_line AS s JOIN check_slot AS a ON a.slot = s.slot WHERE a.contested > 0 OR s.credit = 1 LIMIT 1
"""

_ASIDE_COLUMNS = """l.id, l.message_id, l.source, l.position, l.assessed, l.sender, l.reference,
    l.previous_reference, l.client_id, l.allocation_number, l.allocation_id, l.allocated_unit, l.allocated_volume,
    l.term_limit, l.budget_cents, l.area, l.agreement, l.lines_cost, l.category, l.product_code, l.received,
    l.recorded_month, l.period_from, l.period_to, l.service_month, l.volume, l.unit, l.tariff_cents, l.amount_cents,
    l.credit, l.in_time"""

_ASIDE = f"""
INSERT INTO check_line
WITH judged AS MATERIALIZED (
    SELECT {_ASIDE_COLUMNS}, l.turn, {PLAIN} AS codes
    FROM ({line_beside()}, m.source, m.recorded_month, m.turn {JOINED} WHERE {{which}}) AS l
)
SELECT {_ASIDE_COLUMNS}, l.codes, CAST(NULL AS BIGINT),
    CASE WHEN l.allocation_id IS NULL OR l.assessed = 0 THEN 0
         ELSE 1 + SUM(l.hopeful) OVER (PARTITION BY l.allocation_id, l.assessed ORDER BY l.turn, l.id)
            - l.hopeful END
FROM (
    SELECT l.*,
        CASE WHEN l.codes = 0 OR (l.credit = 1 AND (l.codes & {JUDGED_OF_A_CREDIT}) = 0) THEN 1 ELSE 0 END AS hopeful
    FROM judged AS l
) AS l
"""
"""Only a line that may still be accepted opens a new wave; the others go along with the next one that may."""
IN_FEW = "a.contested > 0 OR s.credit = 1"
IN_MANY = """a.contested = 2 OR s.credit = 1 OR (a.contested = 1 AND (
        (s.slot, k.period) IN (SELECT b.slot, b.period FROM check_busy AS b)
        OR (s.slot, s.reference) IN (SELECT n.slot, n.reference FROM check_named AS n)))"""
FEW_ASIDE = _ASIDE.format(which=IN_FEW)
MANY_ASIDE = _ASIDE.format(
    which=f"""{IN_MANY}
        OR (s.number <= :ahead AND (m.assessed = 0 OR k.misfit = 1 OR {_USED_HERE} = 1))"""
)
"""And what was stored ahead as if its message were judged and its reference new."""

ACCEPTED_BEFORE = f"""
INSERT INTO check_accepted
SELECT e.id, e.allocation_id, e.reference, e.previous_reference, e.client_id, e.category, e.product_code,
    e.period_from, e.period_to, e.volume, e.unit, e.tariff_cents, e.amount_cents,
    CASE WHEN e.credit THEN 1 ELSE 0 END,
    CASE WHEN EXISTS (
        SELECT 1 FROM declaration_line AS c
        WHERE c.lead_contractor_id = :lead AND c.contract_id = :contract AND c.allocation_id = e.allocation_id
          AND c.credits_line_id = e.id AND c.codes = 0 AND c.assessed) THEN 1 ELSE 0 END,
    CASE WHEN e.in_time THEN 1 ELSE 0 END,
    e.message_id
FROM check_slot AS a
CROSS JOIN declaration_line AS e
WHERE e.lead_contractor_id = :lead AND e.contract_id = :contract AND e.allocation_id = a.allocation_id
  AND a.contested > 0 AND e.codes = 0 AND e.assessed AND {_EARLIER}
"""

WAVE = f"""
UPDATE check_line AS l SET
    codes = CASE WHEN {EQUALS_A_DEBIT} THEN (l.codes & {JUDGED_OF_A_CREDIT}) ELSE l.codes END
        + {broken_bits(cumulative=True)},
    credits_line_id = CASE WHEN l.credit = 1 THEN (
        SELECT MAX(p.id) FROM check_accepted AS p
        WHERE p.allocation_id = l.allocation_id AND p.credit = 0 AND {SAME_LINE}) END,
    in_time = CASE
        WHEN l.credit = 1 THEN CASE
            WHEN (l.received <= :cut_off OR l.received <= :corrections) AND {CREDITS_IN_TIME} THEN 1 ELSE 0 END
        WHEN l.in_time = 1 THEN 1
        WHEN l.received <= :corrections AND {REPLACES_IN_TIME} THEN 1
        ELSE 0 END
WHERE l.wave = :wave
"""

ACCEPT = """
INSERT INTO check_accepted
SELECT l.id, l.allocation_id, l.reference, l.previous_reference, l.client_id, l.category, l.product_code,
    l.period_from, l.period_to, l.volume, l.unit, l.tariff_cents, l.amount_cents, l.credit, 0, l.in_time, l.message_id
FROM check_line AS l
WHERE l.wave = :wave AND l.codes = 0
"""

USE = f"""
INSERT INTO check_used
SELECT l.allocation_id, CASE WHEN l.credit = 1 THEN -{BASE_VOLUME} ELSE {BASE_VOLUME} END,
    CASE WHEN l.credit = 1 THEN -l.amount_cents ELSE l.amount_cents END
FROM check_line AS l
WHERE l.wave = :wave AND l.codes = 0
ON CONFLICT (allocation_id) DO UPDATE SET
    base = check_used.base + excluded.base, cents = check_used.cents + excluded.cents
"""

CREDITED = """
UPDATE check_accepted SET credited = 1
WHERE id IN (SELECT l.credits_line_id FROM check_line AS l
             WHERE l.wave = :wave AND l.codes = 0 AND l.credit = 1)
"""
