"""The statements of the check engine that store lines with their verdict, set right what came ahead, and add up."""

from __future__ import annotations

from subcontractors.declarations.judging import IN_FEW, IN_MANY, JOINED, PLAIN, line_beside

_STORED_COLUMNS = """lead_contractor_id, id, contract_id, message_id, position, sender, reference,
    previous_reference, client_id, allocation_number, allocation_id, agreement, lines_cost, category, product_code,
    period_from, period_to, service_month, volume, unit, tariff_cents, amount_cents, credit, credits_line_id, in_time,
    assessed, codes"""
_STORED = """:lead, l.id, :contract, l.message_id, l.position, l.sender, l.reference,
    l.previous_reference, l.client_id, l.allocation_number, l.allocation_id, COALESCE(l.agreement, ''),
    COALESCE(l.lines_cost, 0) = 1, l.category, l.product_code,
    l.period_from, l.period_to, l.service_month, l.volume, l.unit, l.tariff_cents, l.amount_cents, l.credit = 1"""

_STORE = f"""
INSERT INTO declaration_line ({_STORED_COLUMNS})
SELECT {_STORED}, CAST(NULL AS BIGINT), l.in_time = 1, l.assessed = 1, {PLAIN}
FROM ({line_beside()} {JOINED} WHERE s.number > :ahead AND NOT ({{aside}})) AS l
"""
STORE_FEW = _STORE.format(aside=IN_FEW)
STORE_MANY = _STORE.format(aside=IN_MANY)

STORE_AHEAD = f"""
INSERT INTO declaration_line ({_STORED_COLUMNS})
SELECT {_STORED}, CAST(NULL AS BIGINT), l.in_time = 1, l.assessed = 1, {PLAIN}
FROM ({line_beside(message="(s.message + :first_message)", assessed="1", used_before="0")} FROM stage_line AS s
    JOIN check_kind AS k ON k.kind = s.kind
    JOIN check_slot AS a ON a.slot = s.slot
    WHERE s.credit = 0 AND s.number > :after AND s.number <= :until) AS l
"""
"""Debits while more is being read: as if every message were kept and judged, every reference new, nothing contested."""

STORE_ASIDE = f"""
INSERT INTO declaration_line ({_STORED_COLUMNS})
SELECT {_STORED}, l.credits_line_id, l.in_time = 1, l.assessed = 1, l.codes
FROM check_line AS l
WHERE l.credit = 1 OR l.id > :first + :ahead
"""

CHANGED = """
INSERT INTO check_changed
SELECT k.id, k.codes, k.in_time, k.assessed
FROM check_line AS k
CROSS JOIN declaration_line AS l
WHERE l.lead_contractor_id = :lead AND l.id = k.id AND k.credit = 0 AND k.id <= :first + :ahead
  AND (l.codes <> k.codes OR l.in_time <> (k.in_time = 1) OR k.assessed = 0)
"""
_OF_CHANGED = "FROM check_changed AS c WHERE c.id = declaration_line.id"
CHANGE = f"""
UPDATE declaration_line SET codes = (SELECT c.codes {_OF_CHANGED}), in_time = (SELECT c.in_time = 1 {_OF_CHANGED}),
    assessed = (SELECT c.assessed = 1 {_OF_CHANGED})
WHERE lead_contractor_id = :lead AND id IN (SELECT c.id FROM check_changed AS c)
"""
"""What was stored ahead and got another verdict."""

NOT_KEPT = """
SELECT DISTINCT t.message_id FROM check_total AS t
LEFT JOIN stage_message AS m ON m.message_id = t.message_id
WHERE m.message_id IS NULL
"""
REMOVE = """
DELETE FROM declaration_line
WHERE lead_contractor_id = :lead AND contract_id = :contract AND message_id = :message AND id > :first
"""
"""What was stored ahead of a message that is not kept after all."""

_GROUPED = """message_id, agreement, sender, product_code, area, service_month, lines_cost, in_time, credit, approved"""
_STORED_LINE = """l.message_id, l.agreement, l.sender, l.product_code, COALESCE(a.area, '') AS area, l.service_month,
    CASE WHEN l.lines_cost THEN 1 ELSE 0 END AS lines_cost, CASE WHEN l.in_time THEN 1 ELSE 0 END AS in_time,
    CASE WHEN l.credit THEN 1 ELSE 0 END AS credit,
    CASE WHEN l.assessed AND l.codes = 0 THEN 1 ELSE 0 END AS approved"""
_WITH_AREA = """declaration_line AS l
    LEFT JOIN allocation AS a ON a.lead_contractor_id = :lead AND a.id = l.allocation_id"""

ADD_UP = f"""
INSERT INTO check_total
SELECT {_STORED_LINE}, COUNT(*) AS lines, CAST(SUM(l.amount_cents) AS BIGINT) AS cents
FROM {_WITH_AREA}
WHERE l.lead_contractor_id = :lead AND l.id > :first + :after AND l.id <= :first + :until
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""

TAKE_OFF = f"""
INSERT INTO check_total
SELECT {_STORED_LINE}, -COUNT(*) AS lines, CAST(-SUM(l.amount_cents) AS BIGINT) AS cents
FROM check_line AS k
CROSS JOIN {_WITH_AREA}
WHERE l.lead_contractor_id = :lead AND l.id = k.id AND k.credit = 0 AND k.id <= :first + :ahead
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""
"""Debits that were added up ahead and may get another verdict."""

ADD_UP_ASIDE = """
INSERT INTO check_total
SELECT l.message_id, COALESCE(l.agreement, ''), l.sender, l.product_code, COALESCE(l.area, ''), l.service_month,
    COALESCE(l.lines_cost, 0), l.in_time, l.credit, CASE WHEN l.assessed = 1 AND l.codes = 0 THEN 1 ELSE 0 END,
    COUNT(*) AS lines, CAST(SUM(l.amount_cents) AS BIGINT) AS cents
FROM check_line AS l
WHERE l.id <= :first + :ahead
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""
"""With the verdict that they got, and credits."""

_SUMS = """
INSERT INTO check_sum
SELECT l.message_id, m.source, l.agreement, l.sender, l.product_code, l.area, l.service_month, m.recorded_month,
    l.lines_cost, l.in_time, l.credit, l.approved, l.lines, l.cents
FROM ({totals}) AS l
JOIN stage_message AS m ON m.message_id = l.message_id
"""
SUM = _SUMS.format(
    totals=f"""
    SELECT {_GROUPED}, CAST(SUM(lines) AS BIGINT) AS lines, CAST(SUM(cents) AS BIGINT) AS cents
    FROM check_total GROUP BY {_GROUPED} HAVING SUM(lines) > 0"""
)
SUM_OF_FEW = _SUMS.format(
    totals=f"""
    SELECT {_STORED_LINE}, COUNT(*) AS lines, CAST(SUM(l.amount_cents) AS BIGINT) AS cents
    FROM {_WITH_AREA}
    WHERE l.lead_contractor_id = :lead AND l.id > :first
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"""
)
