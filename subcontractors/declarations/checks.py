"""The rules of a declaration line against earlier messages and agreements (levels 3 and 4), each a small SQL condition.

One rule, one condition, in the order of the TR numbers; a million lines and one line pass the same conditions. A rule
is *plain* when it needs only the line and what was agreed, and *cumulative* when it needs what was accepted before on
the same allocation; cumulative rules run in waves, the k-th line of every allocation together.

In the conditions ``l`` is the line, with its allocation and terms beside it (see ``engine``); days are ordinals, day 1
a Monday. ``p`` is a line that was accepted before. How the rules are read where they leave room stands in
``docs/year-folder.md``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """A rule: its TR number, return code, SQL condition that is true when the line breaks it, and its bit."""

    rule: str
    code: str
    broken: str
    cumulative: bool = False


_SUNDAYS = "(l.period_to / 7 - (l.period_from - 1) / 7)"
_WEEKS = "((l.period_to - 1) / 7 - (l.period_from - 1) / 7 + 1)"
_EXTRA_WEEK = """CASE WHEN l.end_day IS NOT NULL AND l.end_day % 7 <> 0
    AND (CASE WHEN l.end_day - l.end_day % 7 >= l.start_day THEN l.end_day - l.end_day % 7 ELSE l.end_day END)
        BETWEEN l.period_from AND l.period_to THEN 1 ELSE 0 END"""
PERIOD_LIMIT = f"""(l.allocated_volume * CASE
    WHEN l.frequency = '1' THEN l.period_to - l.period_from + 1
    WHEN l.frequency = '2' AND l.allocated_category = '01' THEN 6
    WHEN l.frequency = '2' AND l.allocated_unit IN ('82', '83') THEN {_SUNDAYS} + {_EXTRA_WEEK}
    WHEN l.frequency = '2' THEN {_WEEKS}
    ELSE 1 END)"""
"""What the allocation allows in one product period, in its own unit (TR321, IV077)."""

_BASE = "(CASE WHEN l.allocated_unit = '04' AND l.unit = '04' THEN l.volume * 60 ELSE l.volume END)"
PER_UNIT = "(CASE WHEN l.allocated_unit = '04' THEN 60 ELSE 1 END)"
_UNIT_FITS = "(l.unit = l.allocated_unit OR (l.allocated_unit = '04' AND l.unit = '01'))"
_COUNTS_VOLUME = f"l.credit = 0 AND l.allocated_volume IS NOT NULL AND {_UNIT_FITS}"

_UNIT_BROKEN = f"""CASE
    WHEN l.allocation_id IS NULL THEN 1 = 0
    WHEN l.allocated_unit <> '' THEN NOT {_UNIT_FITS}
    ELSE l.tariffs > 0 AND l.own_tariff IS NULL AND NOT (l.unit = '01' AND l.hour_tariff IS NOT NULL) END"""

_EXPECTED_AMOUNT = """CASE
    WHEN l.unit = '01' AND l.own_tariff IS NULL AND l.hour_tariff IS NOT NULL
        THEN (2 * l.hour_tariff * l.volume + 60) / 120
    ELSE l.volume * l.tariff_cents END"""

_TARIFF_BROKEN = f"""CASE
    WHEN l.agreement IS NULL THEN 1 = 1
    WHEN l.unit = '83' THEN 1 = 0
    WHEN l.tariffs = 0 THEN l.lines_cost = 1
    WHEN l.own_tariff IS NOT NULL AND l.own_tariff = l.tariff_cents THEN 1 = 0
    WHEN l.unit = '01' AND l.hour_tariff IS NOT NULL AND (l.hour_tariff + 30) / 60 = l.tariff_cents THEN 1 = 0
    WHEN {_UNIT_BROKEN} THEN NOT EXISTS (
        SELECT 1 FROM tariff AS r
        WHERE r.lead_contractor_id = :lead AND r.contract_id = :contract AND r.subcontractor = l.sender
          AND r.product_code = l.product_code AND r.from_day <= l.period_from
          AND (r.to_day IS NULL OR r.to_day >= l.period_from) AND r.tariff_cents = l.tariff_cents)
    ELSE 1 = 1 END"""

_BEFORE = "SELECT 1 FROM check_accepted AS p WHERE p.allocation_id = l.allocation_id AND p.credit = 0"
BY_INDEX = "LIMIT 1 OFFSET 0"
"""With this PostgreSQL looks each line up in the index, instead of hashing all that was accepted anew in every wave."""

_SAME_PERIOD = """p.category = l.category AND p.product_code = l.product_code
    AND p.period_from = l.period_from AND p.period_to = l.period_to"""
SAME_LINE = f"""p.reference = l.previous_reference AND p.client_id = l.client_id AND {_SAME_PERIOD}
    AND p.volume = l.volume AND p.unit = l.unit AND p.amount_cents = l.amount_cents
    AND COALESCE(p.tariff_cents, -1) = COALESCE(l.tariff_cents, -1)"""
"""A credit equals its debit in every field but the reference (IV091)."""

_USED = "FROM check_used AS u WHERE u.allocation_id = l.allocation_id"
_USED_VOLUME = f"COALESCE((SELECT u.base {_USED}), 0)"
_USED_CENTS = f"COALESCE((SELECT u.cents {_USED}), 0)"

BASE_VOLUME = _BASE
"""The delivered volume in the unit of the allocation; minutes where it is in hours."""

CHECKS: tuple[Check, ...] = (
    Check(
        "TR304",
        "8187",
        """CASE WHEN l.allocation_id IS NOT NULL THEN l.allocated_client <> l.client_id
            ELSE NOT EXISTS (SELECT 1 FROM allocation AS k WHERE k.lead_contractor_id = :lead
                AND k.contract_id = :contract AND k.subcontractor = l.sender AND k.client_id = l.client_id) END""",
    ),
    Check("TR307", "9307", "l.period_from < l.start_day"),
    Check("TR308", "9308", "l.end_day IS NOT NULL AND l.period_to > l.end_day"),
    Check("TR314", "8021", "l.used_before = 1"),
    Check("TR319", "9319", "l.period_to > l.declared_until"),
    Check("TR321", "9321", f"{_COUNTS_VOLUME} AND {_BASE} > {PERIOD_LIMIT} * {PER_UNIT}"),
    Check(
        "TR322",
        "9322",
        f"{_COUNTS_VOLUME} AND l.term_limit IS NOT NULL AND {_USED_VOLUME} + {_BASE} > l.term_limit * {PER_UNIT}",
        cumulative=True,
    ),
    Check("TR323", "8017", f"l.credit = 1 AND NOT EXISTS ({_BEFORE} AND {SAME_LINE} {BY_INDEX})", cumulative=True),
    Check("TR338", "9338", "l.allocation_id IS NULL"),
    Check("TR339", "9339", "l.allocated_category <> '' AND l.allocated_category <> l.category"),
    Check("TR340", "9340", "l.allocated_product <> '' AND l.allocated_product <> l.product_code"),
    Check("TR341", "9341", _UNIT_BROKEN),
    Check("TR346", "9346", f"l.unit <> '83' AND l.amount_cents <> ({_EXPECTED_AMOUNT})"),
    Check(
        "TR369",
        "9369",
        f"l.credit = 0 AND l.budget_cents IS NOT NULL AND {_USED_CENTS} + l.amount_cents > l.budget_cents",
        cumulative=True,
    ),
    Check("TR381", "S329", "l.misfit = 1"),
    Check("TR384", "9384", "l.reason_change = '13'"),
    Check("TR387", "9387", "l.period_from <> l.month_first AND l.period_from <> l.start_day"),
    Check(
        "TR388",
        "9388",
        """l.allocation_id IS NOT NULL AND l.period_to <> l.month_last
            AND (l.end_day IS NULL OR l.period_to <> l.end_day)""",
    ),
    Check(
        "TR389",
        "9389",
        f"l.credit = 0 AND EXISTS ({_BEFORE} AND p.credited = 0 AND {_SAME_PERIOD} {BY_INDEX})",
        cumulative=True,
    ),
    Check(
        "TR390",
        "9390",
        f"l.credit = 1 AND EXISTS ({_BEFORE} AND p.credited = 1 AND p.reference = l.previous_reference {BY_INDEX})",
        cumulative=True,
    ),
    Check("TR418", "0611", _TARIFF_BROKEN),
)
"""All rules in the order of their TR numbers."""

BITS = {
    "TR304": 0,
    "TR307": 1,
    "TR308": 2,
    "TR314": 3,
    "TR319": 4,
    "TR321": 5,
    "TR322": 6,
    "TR323": 7,
    "TR338": 8,
    "TR339": 9,
    "TR340": 10,
    "TR341": 11,
    "TR346": 12,
    "TR369": 13,
    "TR384": 14,
    "TR387": 15,
    "TR388": 16,
    "TR389": 17,
    "TR390": 18,
    "TR418": 19,
    "TR381": 20,
}
"""The bit of each rule in ``declaration_line.codes``. Verdicts are stored: a number is never changed or used again."""

REPLACES_IN_TIME = f"EXISTS ({_BEFORE} AND p.credited = 1 AND p.in_time = 1 AND {_SAME_PERIOD} {BY_INDEX})"
"""A debit for a product period of which an earlier debit, that counted in time, was credited."""

CREDITS_IN_TIME = f"EXISTS ({_BEFORE} AND p.in_time = 1 AND {SAME_LINE} {BY_INDEX})"
"""A credit of a debit that counted in time."""

EQUALS_A_DEBIT = f"(l.credit = 1 AND EXISTS ({_BEFORE} AND {SAME_LINE} {BY_INDEX}))"
"""A credit that equals, in every field, a debit that was accepted before."""

_AS_IT_WAS_THEN = ("TR307", "TR308", "TR339", "TR340", "TR341", "TR346", "TR381", "TR384", "TR387", "TR388", "TR418")
JUDGED_OF_A_CREDIT = (1 << 62) - 1 - sum(1 << BITS[rule] for rule in _AS_IT_WAS_THEN)
"""The bits of the rules that such a credit is still held against.

The others look at allocation and tariff as they stand now. Its debit passed them; when the allocation was withdrawn or
shortened since, or the tariff changed, taking the line back is exactly what is wanted and is not refused (IV085).
"""


def broken_bits(*, cumulative: bool) -> str:
    """The SQL that adds up the bits of the broken rules, plain or cumulative, of line ``l``."""
    parts = [
        f"CASE WHEN {check.broken} THEN {1 << BITS[check.rule]} ELSE 0 END"
        for check in CHECKS
        if check.cumulative is cumulative
    ]
    return "\n    + ".join(parts)


def codes_of(bits: int) -> tuple[str, ...]:
    """The return codes of a line, in the order of the TR numbers; empty when no rule is broken."""
    return tuple(check.code for check in CHECKS if bits >> BITS[check.rule] & 1)


def bit_of(code: str) -> int:
    """The bit that stands for a return code.

    Raises:
        KeyError: no rule here has that code.
    """
    return {check.code: 1 << BITS[check.rule] for check in CHECKS}[code]
