"""The check engine: sets of lines in, a verdict for each out, in SQL on SQLite and PostgreSQL alike.

Lines wait in narrow tables (:mod:`.waiting`). What was agreed is laid beside each kind of line, and its allocation
beside each slot. The plain rules are then judged while lines are stored, in one statement. Only credits and the lines
of *contested* allocations, where some cumulative rule can bite at all, stand aside first and run in waves, the k-th of
every allocation together, in the order of processing: by day, sender and identification of the message, inside it
credits before debits, then as in the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lead_contractor.kernel import standing
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations import waiting
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
from subcontractors.declarations.waiting import NOTHING, Mark

_TABLES = {
    "check_cover": """subcontractor VARCHAR(8), covers VARCHAR(5), agreement VARCHAR(60), from_day INTEGER,
        to_day INTEGER""",
    "check_kind": """kind INTEGER PRIMARY KEY, sender VARCHAR(8), declared_until INTEGER, received INTEGER,
        category VARCHAR(2), product_code VARCHAR(5), period_from INTEGER, period_to INTEGER, period INTEGER,
        month_first INTEGER, month_last INTEGER, service_month VARCHAR(7),
        unit VARCHAR(2), tariff_cents BIGINT, agreement VARCHAR(60), form VARCHAR(20), lines_cost INTEGER,
        own_tariff BIGINT, hour_tariff BIGINT, tariffs INTEGER, in_time INTEGER, misfit INTEGER""",
    "check_misfit": "kind INTEGER PRIMARY KEY",
    "check_slot": """slot INTEGER PRIMARY KEY, sender VARCHAR(8), allocation_number VARCHAR(20), allocation_id BIGINT,
        allocated_client BIGINT, allocated_category VARCHAR(2), allocated_product VARCHAR(5), start_day INTEGER,
        end_day INTEGER, allocated_volume BIGINT, allocated_unit VARCHAR(2), frequency VARCHAR(1), term_limit BIGINT,
        budget_cents BIGINT, reason_change VARCHAR(2), area VARCHAR(80), contested INTEGER""",
    "check_repeated": "id BIGINT PRIMARY KEY",
    "check_busy": "slot INTEGER, period INTEGER",
    "check_named": "slot INTEGER, reference VARCHAR(20)",
    "check_used": "allocation_id BIGINT PRIMARY KEY, base BIGINT, cents BIGINT",
    "check_line": """id BIGINT, message_id BIGINT, source VARCHAR(120), position INTEGER, assessed INTEGER,
        sender VARCHAR(8), reference VARCHAR(20), previous_reference VARCHAR(20), client_id BIGINT,
        allocation_number VARCHAR(20), allocation_id BIGINT, allocated_unit VARCHAR(2), allocated_volume BIGINT,
        term_limit BIGINT, budget_cents BIGINT, area VARCHAR(80), agreement VARCHAR(60), lines_cost INTEGER,
        category VARCHAR(2), product_code VARCHAR(5), received INTEGER, recorded_month VARCHAR(7),
        period_from INTEGER, period_to INTEGER, service_month VARCHAR(7), volume BIGINT, unit VARCHAR(2),
        tariff_cents BIGINT, amount_cents BIGINT, credit INTEGER, in_time INTEGER, codes BIGINT,
        credits_line_id BIGINT, wave INTEGER""",
    "check_accepted": """id BIGINT, allocation_id BIGINT, reference VARCHAR(20), previous_reference VARCHAR(20),
        client_id BIGINT, category VARCHAR(2), product_code VARCHAR(5), period_from INTEGER, period_to INTEGER,
        volume BIGINT, unit VARCHAR(2), tariff_cents BIGINT, amount_cents BIGINT, credit INTEGER, credited INTEGER,
        in_time INTEGER, message_id BIGINT""",
    "check_changed": "id BIGINT PRIMARY KEY, codes BIGINT, in_time INTEGER, assessed INTEGER",
    "check_credit": """source VARCHAR(120), agreement VARCHAR(60), sender VARCHAR(8), product_code VARCHAR(5),
        area VARCHAR(80), service_month VARCHAR(7), recorded_month VARCHAR(7), lines_cost INTEGER, in_time INTEGER,
        approved INTEGER, original VARCHAR(120), cents BIGINT""",
    "check_booked": """source VARCHAR(120), debit_account VARCHAR(40), credit_account VARCHAR(40),
        agreement VARCHAR(60), product_code VARCHAR(5), service_month VARCHAR(7), area VARCHAR(80), id BIGINT""",
    "check_total": """message_id BIGINT, agreement VARCHAR(60), sender VARCHAR(8), product_code VARCHAR(5),
        area VARCHAR(80), service_month VARCHAR(7), lines_cost INTEGER, in_time INTEGER, credit INTEGER,
        approved INTEGER, lines BIGINT, cents BIGINT""",
    "check_sum": """message_id BIGINT, source VARCHAR(120), agreement VARCHAR(60), sender VARCHAR(8),
        product_code VARCHAR(5), area VARCHAR(80), service_month VARCHAR(7), recorded_month VARCHAR(7),
        lines_cost INTEGER, in_time INTEGER, credit INTEGER, approved INTEGER, lines BIGINT, cents BIGINT""",
}
_INDEXES = (
    "CREATE INDEX stage_line_number ON stage_line (number)",
    "CREATE INDEX check_cover_of ON check_cover (subcontractor, covers)",
    "CREATE INDEX check_line_wave ON check_line (wave)",
    "CREATE INDEX check_accepted_period ON check_accepted (allocation_id, credited, period_from, period_to)",
    "CREATE INDEX check_accepted_reference ON check_accepted (allocation_id, reference)",
    "CREATE INDEX check_booked_of ON check_booked (source, product_code, service_month)",
    "CREATE INDEX check_accepted_id ON check_accepted (id)",
)
_MANY = 2_000
"""From so many lines on it pays to let PostgreSQL count what is in the temporary tables before it plans."""


@dataclass(frozen=True, slots=True)
class YearEnd:
    """Until which day (ordinals) lines and corrections count in the settlement of the year."""

    cut_off: int
    corrections_until: int


STAGE = {**waiting.TABLES, **_TABLES}
"""All temporary tables of the engine."""


def open_stage(scope: Scope) -> None:
    """Make the waiting tables of this connection, empty."""
    waiting.create(scope, STAGE, _INDEXES)


def close_stage(scope: Scope, lines: int) -> None:
    """Remove all temporary tables of the engine; where they stand with the connection, few lines are only deleted."""
    if lines >= _MANY:
        standing.forget(scope.connection)
        _count(scope, True, "transfer", "balance")
    waiting.drop(scope, STAGE)


@dataclass(frozen=True, slots=True)
class Kept:
    """A message whose lines are kept, in the order of processing.

    Its number while it waits, its id, whether it is judged, its sender, its source in the books and the month in which
    it is booked.
    """

    number: int
    message_id: int
    assessed: bool
    sender: str
    source: str
    recorded_month: str


def stage_misfits(scope: Scope, kinds: Iterable[int]) -> None:
    """Name the kinds of line whose code stands under another category than the product list has it (TR381)."""
    waiting.insert(scope, "check_misfit", [(kind,) for kind in kinds])


def stage_messages(scope: Scope, messages: Iterable[Kept]) -> None:
    """Name the messages that are kept, in the order of processing; lines of others are left behind."""
    rows = [
        (
            one.number,
            one.message_id,
            turn,
            int(one.assessed),
            one.sender,
            waiting.escaped(scope, one.source),
            one.recorded_month,
        )
        for turn, one in enumerate(messages)
    ]
    waiting.insert(scope, "stage_message", rows)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines that wait: the id before that of the first, how far they reach, and how far they were stored ahead."""

    first: int
    until: Mark
    ahead: Mark = NOTHING


def store_ahead(scope: Scope, contract_id: int, year_end: YearEnd, lines: Lines, first_message: int) -> Lines:
    """Store the debits that wait while more is read; :func:`judge` changes what they turn out to be judged.

    ``first_message`` is the id before that of message 1. Returns the lines as stored ahead.
    """
    if scope.postgresql and not lines.ahead.lines:
        plan_for(scope, many=False)
        waiting.run(scope, ("SET LOCAL enable_material = off",))
    scope.ahead(
        *LAY_BESIDE,
        STORE_AHEAD,
        _ADD_UP,
        contract=contract_id,
        cut_off=year_end.cut_off,
        kinds=lines.ahead.kinds,
        slots=lines.ahead.slots,
        first=lines.first,
        first_message=first_message,
        after=lines.ahead.lines,
        until=lines.until.lines,
    )
    return replace(lines, ahead=lines.until)


def judge(scope: Scope, contract_id: int, year_end: YearEnd, lines: Lines) -> None:
    """Judge and store all waiting lines of the messages that were named.

    ``check_sum`` afterwards holds how many lines came to what, and ``check_line`` the credits.
    """
    many = lines.until.lines >= _MANY
    plan_for(scope, many=many)
    if scope.postgresql and lines.ahead.lines:
        waiting.run(scope, ("SET LOCAL enable_material = DEFAULT",))
    if not many:
        _look_up_only(scope, "off")
    _count(scope, many, "stage_line", "stage_message", "stage_kind", "stage_slot")
    asked = {"contract": contract_id, "first": lines.first, "ahead": lines.ahead.lines}
    _lay_beside(scope, contract_id, year_end, lines.ahead, many=many)
    _find_repeated(scope, contract_id, lines.first)
    if lines.first:
        scope.sql(_USED_BEFORE if many else _USED_BEFORE_BY_SLOT, **asked)
    _stand_aside(scope, year_end, asked, many=many)
    scope.sql(_STORE_MANY if many else _STORE_FEW, **asked)
    scope.sql(_STORE_ASIDE, **asked)
    if lines.ahead.lines:
        _set_right(scope, asked, many=many)
    _add_up(scope, asked, lines.until.lines, many=many)
    if many:
        plan_for(scope, many=False)
    else:
        _look_up_only(scope, "DEFAULT")


def _set_right(scope: Scope, asked: Mapping[str, int], *, many: bool) -> None:
    """Change what was stored ahead and got another verdict, and remove what belongs to messages that are not kept."""
    _count(scope, many, "declaration_line")
    _look_up_only(scope, "off")
    scope.sql(_TAKE_OFF, **asked)
    scope.sql(_CHANGED, **asked)
    _count(scope, many, "check_changed")
    scope.sql(_CHANGE)
    _look_up_only(scope, "DEFAULT")
    for message in scope.temporary(_NOT_KEPT).scalars().all():
        scope.sql(_REMOVE, **asked, message=int(message))


def _add_up(scope: Scope, asked: Mapping[str, int], until: int, *, many: bool) -> None:
    """Add up what was stored and not added up ahead."""
    if not many:
        scope.sql(_SUM_OF_FEW, **asked)
        return
    _hash_sums(scope, "off")
    if asked["ahead"]:
        scope.temporary(_ADD_UP_ASIDE, **asked)
    for after in range(asked["ahead"], until, waiting.ENOUGH):
        scope.sql(_ADD_UP, **asked, after=after, until=min(after + waiting.ENOUGH, until))
    scope.temporary(_SUM)
    _hash_sums(scope, "DEFAULT")


def count_stored(scope: Scope, lines: int) -> None:
    """After many lines let PostgreSQL count what it holds: the next question is not to be planned for empty tables."""
    if lines >= _MANY:
        _count(scope, True, "declaration_line", "message")
        plan_for(scope, many=True)


def plan_for(scope: Scope, *, many: bool) -> None:
    """Say to PostgreSQL, for this transaction only, what it cannot know of tables that fill while it works.

    Of few lines everything is looked up by index, whatever the size of the tables; many are joined as it sees fit, with
    room to sort in memory. Compiling the long conditions (JIT) never pays for itself.
    """
    if scope.postgresql:
        seek = "on" if many else "off"
        waiting.run(
            scope,
            (
                f"SET LOCAL enable_seqscan = {seek}",
                "SET LOCAL jit = off",
                "SET LOCAL work_mem = '64MB'",
                "SET LOCAL default_statistics_target = 10",
            ),
        )


def _hash_sums(scope: Scope, sort: str) -> None:
    """Say to PostgreSQL not to sort what it adds up; it takes lines that were just stored for very few."""
    if scope.postgresql:
        waiting.run(scope, (f"SET LOCAL enable_sort = {sort}",))


def _look_up_only(scope: Scope, other: str) -> None:
    """Say to PostgreSQL that few lines are never worth reading a whole index for, which it would to sort or hash it."""
    if scope.postgresql:
        waiting.run(scope, (f"SET LOCAL enable_hashjoin = {other}", f"SET LOCAL enable_mergejoin = {other}"))


def _count(scope: Scope, many: bool, *tables: str) -> None:
    if many and scope.postgresql:
        for table in tables:
            scope.temporary(f"ANALYZE {table}")


def _lay_beside(scope: Scope, contract_id: int, year_end: YearEnd, done: Mark, *, many: bool) -> None:
    """What was agreed beside each kind, the allocation beside each slot, as far as that was not done ahead."""
    if done.kinds:
        scope.temporary(_MISFITS)
    for statement in LAY_BESIDE:
        scope.sql(statement, contract=contract_id, cut_off=year_end.cut_off, kinds=done.kinds, slots=done.slots)
    _count(scope, many, "check_kind", "check_slot")


def _find_repeated(scope: Scope, contract_id: int, first: int) -> None:
    """Lines with a reference that their sender has used before (TR314)."""
    scope.temporary(_REPEATED_HERE, first=first)
    if first:
        scope.sql(_REPEATED_BEFORE, contract=contract_id, first=first)


def _stand_aside(scope: Scope, year_end: YearEnd, asked: Mapping[str, int], *, many: bool) -> None:
    """Judge the lines for which it matters what was accepted before, wave by wave."""
    scope.temporary(_CONTESTED)
    if many:
        if asked["first"]:
            scope.sql(_BUSY_BEFORE, **asked)
            scope.temporary(_CONTESTED_BY_BUSY)
        scope.temporary(_BUSY)
        scope.temporary(_NAMED)
        _count(scope, many, "check_slot", "check_busy", "check_named")
    elif asked["first"]:
        scope.sql(_CONTESTED_BEFORE, **asked)
    if not many and scope.temporary(_ANY_ASIDE).first() is None:
        return
    scope.sql(_MANY_ASIDE if many else _FEW_ASIDE, **asked)
    waves = scope.temporary("SELECT COALESCE(MAX(wave), 0) AS waves FROM check_line").scalar_one()
    if not waves:
        return
    if asked["first"]:
        scope.sql(_ACCEPTED_BEFORE, **asked)
    _count(scope, many, "check_line")
    if many:
        plan_for(scope, many=False)
    for wave in range(1, int(waves) + 1):
        scope.temporary(_WAVE, wave=wave, cut_off=year_end.cut_off, corrections=year_end.corrections_until)
        scope.temporary(_ACCEPT, wave=wave)
        scope.temporary(_USE, wave=wave)
        scope.temporary(_CREDITED, wave=wave)
    if many:
        plan_for(scope, many=True)


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

_MISFITS = "UPDATE check_kind SET misfit = 1 WHERE kind IN (SELECT f.kind FROM check_misfit AS f)"

LAY_BESIDE = (_COVERS, _KINDS, _SLOTS)
"""What was agreed beside each kind above ``:kinds``, the allocation beside each slot above ``:slots``."""

_ID = "(:first + s.number)"
_EARLIER = "e.id + 0 <= :first"
"""A stored line of an earlier intake; a sum, since no index may be chosen for it."""

_REPEATED_HERE = f"""
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

_REPEATED_BEFORE = f"""
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
_USED_BEFORE = f"""
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

_USED_BEFORE_BY_SLOT = f"""
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

_CONTESTED = f"""
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

_CONTESTED_BEFORE = f"""
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

_BUSY_BEFORE = f"""
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
_CONTESTED_BY_BUSY = """
UPDATE check_slot SET contested = 1 WHERE contested = 0 AND slot IN (SELECT b.slot FROM check_busy AS b)
"""
_BUSY = """
INSERT INTO check_busy
SELECT s.slot, k.period
FROM stage_line AS s
JOIN check_kind AS k ON k.kind = s.kind
JOIN check_slot AS a ON a.slot = s.slot
WHERE a.contested = 1
GROUP BY s.slot, k.period HAVING COUNT(*) > 1
"""
_NAMED = "INSERT INTO check_named SELECT s.slot, s.previous_reference FROM stage_line AS s WHERE s.credit = 1"
"""Of many lines only those stand aside that one of the cumulative rules can look at: on an allocation that is contested
whole all, on another those of a period that comes twice (*busy*), credits, and what a credit takes back by name."""

_JOINED = """FROM stage_line AS s
JOIN stage_message AS m ON m.message = s.message
JOIN check_kind AS k ON k.kind = s.kind
JOIN check_slot AS a ON a.slot = s.slot"""

_USED_HERE = f"CASE WHEN EXISTS (SELECT 1 FROM check_repeated AS r WHERE r.id = {_ID}) THEN 1 ELSE 0 END"


def _line(*, message: str = "m.message_id", assessed: str = "m.assessed", used_before: str = _USED_HERE) -> str:
    """The columns of a line with allocation and terms beside it, as the rules see it."""
    return f"""SELECT {_ID} AS id, {message} AS message_id, s.position, {assessed} AS assessed, k.sender, s.reference,
    s.previous_reference, s.client_id, a.allocation_number, a.allocation_id, a.allocated_client, a.allocated_category,
    a.allocated_product, a.start_day, a.end_day, a.allocated_volume, a.allocated_unit, a.frequency, a.term_limit,
    a.budget_cents, a.reason_change, a.area, k.declared_until, k.received, k.category,
    k.product_code, k.period_from, k.period_to, k.month_first, k.month_last, k.service_month, s.volume, k.unit,
    k.tariff_cents, s.amount_cents, s.credit, k.agreement, k.form, k.lines_cost, k.own_tariff, k.hour_tariff,
    k.tariffs, k.in_time, k.misfit, {used_before} AS used_before"""


_PLAIN = f"""CASE WHEN l.assessed = 0 THEN 0 ELSE {broken_bits(cumulative=False)}
    + CASE WHEN l.credit = 1 AND l.allocation_id IS NULL THEN {bit_of("8017")} ELSE 0 END END"""

_ANY_ASIDE = """
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
    SELECT {_ASIDE_COLUMNS}, l.turn, {_PLAIN} AS codes
    FROM ({_line()}, m.source, m.recorded_month, m.turn {_JOINED} WHERE {{which}}) AS l
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
_IN_FEW = "a.contested > 0 OR s.credit = 1"
_IN_MANY = """a.contested = 2 OR s.credit = 1 OR (a.contested = 1 AND (
        (s.slot, k.period) IN (SELECT b.slot, b.period FROM check_busy AS b)
        OR (s.slot, s.reference) IN (SELECT n.slot, n.reference FROM check_named AS n)))"""
_FEW_ASIDE = _ASIDE.format(which=_IN_FEW)
_MANY_ASIDE = _ASIDE.format(
    which=f"""{_IN_MANY}
        OR (s.number <= :ahead AND (m.assessed = 0 OR k.misfit = 1 OR {_USED_HERE} = 1))"""
)
"""And what was stored ahead as if its message were judged and its reference new."""

_ACCEPTED_BEFORE = f"""
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

_WAVE = f"""
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

_ACCEPT = """
INSERT INTO check_accepted
SELECT l.id, l.allocation_id, l.reference, l.previous_reference, l.client_id, l.category, l.product_code,
    l.period_from, l.period_to, l.volume, l.unit, l.tariff_cents, l.amount_cents, l.credit, 0, l.in_time, l.message_id
FROM check_line AS l
WHERE l.wave = :wave AND l.codes = 0
"""

_USE = f"""
INSERT INTO check_used
SELECT l.allocation_id, CASE WHEN l.credit = 1 THEN -{BASE_VOLUME} ELSE {BASE_VOLUME} END,
    CASE WHEN l.credit = 1 THEN -l.amount_cents ELSE l.amount_cents END
FROM check_line AS l
WHERE l.wave = :wave AND l.codes = 0
ON CONFLICT (allocation_id) DO UPDATE SET
    base = check_used.base + excluded.base, cents = check_used.cents + excluded.cents
"""

_CREDITED = """
UPDATE check_accepted SET credited = 1
WHERE id IN (SELECT l.credits_line_id FROM check_line AS l
             WHERE l.wave = :wave AND l.codes = 0 AND l.credit = 1)
"""

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
SELECT {_STORED}, CAST(NULL AS BIGINT), l.in_time = 1, l.assessed = 1, {_PLAIN}
FROM ({_line()} {_JOINED} WHERE s.number > :ahead AND NOT ({{aside}})) AS l
"""
_STORE_FEW = _STORE.format(aside=_IN_FEW)
_STORE_MANY = _STORE.format(aside=_IN_MANY)

STORE_AHEAD = f"""
INSERT INTO declaration_line ({_STORED_COLUMNS})
SELECT {_STORED}, CAST(NULL AS BIGINT), l.in_time = 1, l.assessed = 1, {_PLAIN}
FROM ({_line(message="(s.message + :first_message)", assessed="1", used_before="0")} FROM stage_line AS s
    JOIN check_kind AS k ON k.kind = s.kind
    JOIN check_slot AS a ON a.slot = s.slot
    WHERE s.credit = 0 AND s.number > :after AND s.number <= :until) AS l
"""
"""Debits while more is being read: as if every message were kept and judged, every reference new, nothing contested."""

_STORE_ASIDE = f"""
INSERT INTO declaration_line ({_STORED_COLUMNS})
SELECT {_STORED}, l.credits_line_id, l.in_time = 1, l.assessed = 1, l.codes
FROM check_line AS l
WHERE l.credit = 1 OR l.id > :first + :ahead
"""

_CHANGED = """
INSERT INTO check_changed
SELECT k.id, k.codes, k.in_time, k.assessed
FROM check_line AS k
CROSS JOIN declaration_line AS l
WHERE l.lead_contractor_id = :lead AND l.id = k.id AND k.credit = 0 AND k.id <= :first + :ahead
  AND (l.codes <> k.codes OR l.in_time <> (k.in_time = 1) OR k.assessed = 0)
"""
_OF_CHANGED = "FROM check_changed AS c WHERE c.id = declaration_line.id"
_CHANGE = f"""
UPDATE declaration_line SET codes = (SELECT c.codes {_OF_CHANGED}), in_time = (SELECT c.in_time = 1 {_OF_CHANGED}),
    assessed = (SELECT c.assessed = 1 {_OF_CHANGED})
WHERE lead_contractor_id = :lead AND id IN (SELECT c.id FROM check_changed AS c)
"""
"""What was stored ahead and got another verdict."""

_NOT_KEPT = """
SELECT DISTINCT t.message_id FROM check_total AS t
LEFT JOIN stage_message AS m ON m.message_id = t.message_id
WHERE m.message_id IS NULL
"""
_REMOVE = """
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

_ADD_UP = f"""
INSERT INTO check_total
SELECT {_STORED_LINE}, COUNT(*) AS lines, CAST(SUM(l.amount_cents) AS BIGINT) AS cents
FROM {_WITH_AREA}
WHERE l.lead_contractor_id = :lead AND l.id > :first + :after AND l.id <= :first + :until
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""

_TAKE_OFF = f"""
INSERT INTO check_total
SELECT {_STORED_LINE}, -COUNT(*) AS lines, CAST(-SUM(l.amount_cents) AS BIGINT) AS cents
FROM check_line AS k
CROSS JOIN {_WITH_AREA}
WHERE l.lead_contractor_id = :lead AND l.id = k.id AND k.credit = 0 AND k.id <= :first + :ahead
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""
"""Debits that were added up ahead and may get another verdict."""

_ADD_UP_ASIDE = """
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
_SUM = _SUMS.format(
    totals=f"""
    SELECT {_GROUPED}, CAST(SUM(lines) AS BIGINT) AS lines, CAST(SUM(cents) AS BIGINT) AS cents
    FROM check_total GROUP BY {_GROUPED} HAVING SUM(lines) > 0"""
)
_SUM_OF_FEW = _SUMS.format(
    totals=f"""
    SELECT {_STORED_LINE}, COUNT(*) AS lines, CAST(SUM(l.amount_cents) AS BIGINT) AS cents
    FROM {_WITH_AREA}
    WHERE l.lead_contractor_id = :lead AND l.id > :first
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"""
)
