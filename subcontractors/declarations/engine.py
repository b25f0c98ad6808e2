"""The check engine: sets of lines in, a verdict for each out, in SQL on SQLite and PostgreSQL alike.

The lines wait in a temporary table; one statement lays allocation and terms beside each line and judges the plain
rules; then the cumulative rules run in waves, the k-th line of every allocation together, in the order of processing:
by day, sender and identification of the message, inside it credits before debits, then as in the document.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table

from lead_contractor.kernel.database import bulk_insert
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations.checks import (
    BASE_VOLUME,
    CREDITS_IN_TIME,
    REPLACES_IN_TIME,
    SAME_LINE,
    bit_of,
    broken_bits,
)
from subcontractors.declarations.tables import declaration_line

_STAGING = MetaData()
stage_line = Table(
    "stage_line",
    _STAGING,
    Column("message_id", BigInteger),
    Column("position", Integer),
    Column("sender", String(8)),
    Column("declared_until", Integer),
    Column("received", Integer),
    Column("received_month", String(7)),
    Column("reference", String(20)),
    Column("previous_reference", String(20)),
    Column("client_id", BigInteger),
    Column("allocation_number", String(20)),
    Column("category", String(2)),
    Column("product_code", String(5)),
    Column("period_from", Integer),
    Column("period_to", Integer),
    Column("month_first", Integer),
    Column("month_last", Integer),
    Column("service_month", String(7)),
    Column("volume", BigInteger),
    Column("unit", String(2)),
    Column("tariff_cents", BigInteger),
    Column("amount_cents", BigInteger),
    Column("credit", Integer),
    prefixes=["TEMPORARY"],
)
"""Lines that wait for their verdict; days are ordinals, ``credit`` is 1 or 0."""

stage_message = Table(
    "stage_message",
    _STAGING,
    Column("message_id", BigInteger, primary_key=True),
    Column("rank", Integer),
    Column("assessed", Integer),
    Column("source", String(120)),
    prefixes=["TEMPORARY"],
)
"""The messages of those lines, in the order of processing; an unassessed one is kept but not judged."""

check_terms = Table(
    "check_terms",
    _STAGING,
    Column("sender", String(8), primary_key=True),
    Column("product_code", String(5), primary_key=True),
    Column("category", String(2), primary_key=True),
    Column("period_from", Integer, primary_key=True),
    Column("unit", String(2), primary_key=True),
    Column("agreement", String(60)),
    Column("form", String(20)),
    Column("lines_cost", Integer),
    Column("own_tariff", BigInteger),
    Column("hour_tariff", BigInteger),
    Column("tariffs", Integer),
    prefixes=["TEMPORARY"],
)
"""What was agreed, for each combination of sender, product, first day and unit among the lines."""

check_line = Table(
    "check_line",
    _STAGING,
    Column("id", BigInteger, primary_key=True),
    *[Column(c.name, c.type) for c in stage_line.columns],
    Column("assessed", Integer),
    Column("allocation_id", BigInteger),
    Column("allocated_client", BigInteger),
    Column("allocated_category", String(2)),
    Column("allocated_product", String(5)),
    Column("start_day", Integer),
    Column("end_day", Integer),
    Column("allocated_volume", BigInteger),
    Column("allocated_unit", String(2)),
    Column("frequency", String(1)),
    Column("term_limit", BigInteger),
    Column("budget_cents", BigInteger),
    Column("reason_change", String(2)),
    Column("area", String(80)),
    Column("agreement", String(60)),
    Column("form", String(20)),
    Column("lines_cost", Integer),
    Column("own_tariff", BigInteger),
    Column("hour_tariff", BigInteger),
    Column("tariffs", Integer),
    Column("wave", Integer, index=True),
    Column("used_before", Integer),
    Column("in_time", Integer),
    Column("credits_line_id", BigInteger),
    Column("codes", BigInteger),
    prefixes=["TEMPORARY"],
)
"""The lines in the order of processing, with allocation and terms beside them, and their verdict."""

check_accepted = Table(
    "check_accepted",
    _STAGING,
    Column("id", BigInteger, primary_key=True),
    Column("allocation_id", BigInteger, index=True),
    Column("reference", String(20)),
    Column("previous_reference", String(20)),
    Column("client_id", BigInteger),
    Column("category", String(2)),
    Column("product_code", String(5)),
    Column("period_from", Integer),
    Column("period_to", Integer),
    Column("volume", BigInteger),
    Column("unit", String(2)),
    Column("tariff_cents", BigInteger),
    Column("amount_cents", BigInteger),
    Column("credit", Integer),
    Column("base", BigInteger),
    Column("credited", Integer),
    Column("in_time", Integer),
    Column("message_id", BigInteger),
    prefixes=["TEMPORARY"],
)
"""What was accepted before on the allocations at hand: stored earlier, or in an earlier wave."""


@dataclass(frozen=True, slots=True)
class YearEnd:
    """Until which day (ordinals) lines and corrections count in the settlement of the year."""

    cut_off: int
    corrections_until: int


def open_stage(scope: Scope) -> None:
    """Make the waiting tables of this connection, empty."""
    close_stage(scope)
    _STAGING.create_all(scope.connection, checkfirst=False)


def close_stage(scope: Scope) -> None:
    """Remove all temporary tables of the engine."""
    for table in _STAGING.tables.values():
        scope.temporary(f"DROP TABLE IF EXISTS {table.name}")


def stage_lines(scope: Scope, rows: Iterable[tuple[Any, ...]]) -> None:
    """Put lines in the waiting table; a row has the columns of ``stage_line`` in order."""
    bulk_insert(scope.connection, stage_line, [c.name for c in stage_line.columns], rows)


def stage_messages(scope: Scope, rows: Iterable[tuple[int, int, bool, str]]) -> None:
    """Name the messages that are kept: id, rank in the order of processing, whether judged, source in the books."""
    values = ((message, rank, int(assessed), source) for message, rank, assessed, source in rows)
    bulk_insert(scope.connection, stage_message, ["message_id", "rank", "assessed", "source"], values)


def judge(scope: Scope, contract_id: int, year_end: YearEnd) -> int:
    """Judge all waiting lines; the verdicts stand in ``check_line`` afterwards. Returns how many lines."""
    scope.sql(_TERMS, contract=contract_id)
    scope.sql(_LINES, contract=contract_id, cut_off=year_end.cut_off, first=scope.last_id(declaration_line))
    scope.sql(_PLAIN, contract=contract_id)
    scope.sql(_ACCEPTED_BEFORE, contract=contract_id)
    counted = scope.temporary("SELECT COUNT(*) AS lines, COALESCE(MAX(wave), 0) AS waves FROM check_line").one()
    for wave in range(1, int(counted.waves) + 1):
        scope.temporary(_WAVE, wave=wave, cut_off=year_end.cut_off, corrections=year_end.corrections_until)
        scope.temporary(_ACCEPT, wave=wave)
        scope.temporary(_CREDITED, wave=wave)
    return int(counted.lines)


def keep(scope: Scope, contract_id: int) -> None:
    """Store the judged lines with their verdicts."""
    scope.sql(_KEEP, contract=contract_id)


_TERMS = """
INSERT INTO check_terms (sender, product_code, category, period_from, unit, agreement, own_tariff, hour_tariff,
    tariffs, form, lines_cost)
SELECT k.*, g.form, CASE WHEN g.lines_cost THEN 1 ELSE 0 END
FROM (
    SELECT d.sender, d.product_code, d.category, d.period_from, d.unit,
        (SELECT c.agreement FROM agreement_cover AS c
         WHERE c.lead_contractor_id = :lead AND c.contract_id = :contract AND c.subcontractor = d.sender
           AND c.covers IN (d.product_code, d.category, '')
           AND c.from_day <= d.period_from AND (c.to_day IS NULL OR c.to_day >= d.period_from)
         ORDER BY LENGTH(c.covers) DESC, c.agreement LIMIT 1) AS agreement,
        (SELECT MIN(r.tariff_cents) FROM tariff AS r
         WHERE r.lead_contractor_id = :lead AND r.contract_id = :contract AND r.subcontractor = d.sender
           AND r.product_code = d.product_code AND r.unit = d.unit
           AND r.from_day <= d.period_from AND (r.to_day IS NULL OR r.to_day >= d.period_from)) AS own_tariff,
        (SELECT MIN(r.tariff_cents) FROM tariff AS r
         WHERE r.lead_contractor_id = :lead AND r.contract_id = :contract AND r.subcontractor = d.sender
           AND r.product_code = d.product_code AND r.unit = '04'
           AND r.from_day <= d.period_from AND (r.to_day IS NULL OR r.to_day >= d.period_from)) AS hour_tariff,
        (SELECT COUNT(*) FROM tariff AS r
         WHERE r.lead_contractor_id = :lead AND r.contract_id = :contract AND r.subcontractor = d.sender
           AND r.product_code = d.product_code
           AND r.from_day <= d.period_from AND (r.to_day IS NULL OR r.to_day >= d.period_from)) AS tariffs
    FROM (SELECT DISTINCT sender, product_code, category, period_from, unit FROM stage_line) AS d
) AS k
LEFT JOIN agreement AS g ON g.lead_contractor_id = :lead AND g.contract_id = :contract AND g.code = k.agreement
"""

_LINE_COLUMNS = ", ".join(
    f"o.{c.name}"
    for c in check_line.columns
    if c.name not in {"id", "wave", "used_before", "in_time", "credits_line_id", "codes"}
)
_LINES = f"""
INSERT INTO check_line
SELECT :first + o.n, {_LINE_COLUMNS},
    CASE WHEN o.allocation_id IS NULL OR o.assessed = 0 THEN 0
         ELSE ROW_NUMBER() OVER (PARTITION BY o.allocation_id, o.assessed ORDER BY o.n) END AS wave,
    CASE WHEN o.assessed = 1 AND (
        ROW_NUMBER() OVER (PARTITION BY o.sender, o.reference, o.assessed ORDER BY o.n) > 1
        OR EXISTS (SELECT 1 FROM declaration_line AS e
                   WHERE e.lead_contractor_id = :lead AND e.contract_id = :contract AND e.sender = o.sender
                     AND e.reference = o.reference AND e.assessed)) THEN 1 ELSE 0 END AS used_before,
    CASE WHEN o.received <= :cut_off THEN 1 ELSE 0 END AS in_time,
    CAST(NULL AS BIGINT) AS credits_line_id,
    CAST(0 AS BIGINT) AS codes
FROM (
    SELECT ROW_NUMBER() OVER (ORDER BY m.rank, s.credit DESC, s.position) AS n, s.*, m.assessed,
        a.id AS allocation_id, a.client_id AS allocated_client, a.category AS allocated_category,
        a.product_code AS allocated_product, a.start_day, a.end_day, a.volume AS allocated_volume,
        a.unit AS allocated_unit, a.frequency, a.term_limit, a.budget_cents, a.reason_change, a.area,
        t.agreement, t.form, t.lines_cost, t.own_tariff, t.hour_tariff, t.tariffs
    FROM stage_line AS s
    JOIN stage_message AS m ON m.message_id = s.message_id
    JOIN check_terms AS t ON t.sender = s.sender AND t.product_code = s.product_code AND t.category = s.category
        AND t.period_from = s.period_from AND t.unit = s.unit
    LEFT JOIN allocation AS a ON a.lead_contractor_id = :lead AND a.contract_id = :contract
        AND a.number_key = s.allocation_number AND a.subcontractor = s.sender
) AS o
"""

_PLAIN = f"""
UPDATE check_line AS l SET codes = {broken_bits(cumulative=False)}
    + CASE WHEN l.credit = 1 AND l.allocation_id IS NULL THEN {bit_of("8017")} ELSE 0 END
WHERE l.assessed = 1
"""

_ACCEPTED_BEFORE = f"""
INSERT INTO check_accepted
SELECT l.id, l.allocation_id, l.reference, l.previous_reference, l.client_id, l.category, l.product_code,
    l.period_from, l.period_to, l.volume, l.unit, l.tariff_cents, l.amount_cents,
    CASE WHEN l.credit THEN 1 ELSE 0 END AS credit,
    {BASE_VOLUME.replace("l.allocated_unit", "a.unit")} AS base,
    CASE WHEN EXISTS (
        SELECT 1 FROM declaration_line AS c
        WHERE c.lead_contractor_id = :lead AND c.contract_id = :contract AND c.allocation_id = l.allocation_id
          AND c.credits_line_id = l.id AND c.codes = 0 AND c.assessed) THEN 1 ELSE 0 END AS credited,
    CASE WHEN l.in_time THEN 1 ELSE 0 END AS in_time,
    l.message_id
FROM declaration_line AS l
JOIN allocation AS a ON a.lead_contractor_id = :lead AND a.id = l.allocation_id
WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.codes = 0 AND l.assessed
  AND l.allocation_id IN (SELECT s.allocation_id FROM check_line AS s WHERE s.allocation_id IS NOT NULL)
"""

_WAVE = f"""
UPDATE check_line AS l SET
    codes = l.codes + {broken_bits(cumulative=True)},
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

_ACCEPT = f"""
INSERT INTO check_accepted
SELECT l.id, l.allocation_id, l.reference, l.previous_reference, l.client_id, l.category, l.product_code,
    l.period_from, l.period_to, l.volume, l.unit, l.tariff_cents, l.amount_cents, l.credit,
    {BASE_VOLUME}, 0, l.in_time, l.message_id
FROM check_line AS l
WHERE l.wave = :wave AND l.codes = 0
"""

_CREDITED = """
UPDATE check_accepted SET credited = 1
WHERE id IN (SELECT l.credits_line_id FROM check_line AS l
             WHERE l.wave = :wave AND l.codes = 0 AND l.credit = 1)
"""

_KEEP = """
INSERT INTO declaration_line (lead_contractor_id, id, contract_id, message_id, position, sender, reference,
    previous_reference, client_id, allocation_number, allocation_id, agreement, lines_cost, category, product_code,
    period_from, period_to, service_month, volume, unit, tariff_cents, amount_cents, credit, credits_line_id, in_time,
    assessed, codes)
SELECT :lead, l.id, :contract, l.message_id, l.position, l.sender, l.reference,
    l.previous_reference, l.client_id, l.allocation_number, l.allocation_id, COALESCE(l.agreement, ''),
    COALESCE(l.lines_cost, 0) = 1, l.category, l.product_code,
    l.period_from, l.period_to, l.service_month, l.volume, l.unit, l.tariff_cents, l.amount_cents, l.credit = 1,
    l.credits_line_id, l.in_time = 1, l.assessed = 1, l.codes
FROM check_line AS l
ORDER BY l.id
"""
