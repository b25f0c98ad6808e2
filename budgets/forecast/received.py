"""Queries of what was received by a day: the cost of approved lines by product and month, and credits.

Amounts are balances of the books, recorded up to and including the day. Within the month of the day, and to know the
day of receipt in the months before, the transfers of each message are looked at; a day at the end of a month needs
the balances alone. What a settlement takes off afterwards (above a ceiling) is left out: it is no cost of lines.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from lead_contractor.books import accounts
from lead_contractor.books.store import account_balance
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import ONE_DAY, Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import AdjustmentKind
from subcontractors.agreements.postings import ADJUSTMENT_PREFIX
from subcontractors.decisions import model as decisions
from subcontractors.declarations.postings import PREFIX

HERE = ZoneInfo("Europe/Amsterdam")
_COST = accounts.COST_PXQ
_LAST = Month(9999, 12)
_SIGNED = "SUM(CASE WHEN t.debit_account = :cost THEN t.cents ELSE -t.cents END)"
_OF_COST = "(t.debit_account = :cost OR t.credit_account = :cost)"
_ABOUT = "t.agreement, t.subcontractor, t.product_code, t.service_month, t.recorded_month"

_BY_MESSAGE = f"""
SELECT {_ABOUT}, m.received, {_SIGNED} AS cents
FROM (SELECT sender, identification, MIN(received) AS received FROM message
      WHERE lead_contractor_id = :lead AND contract_id = :contract AND kind = '323' AND status = 'answered' AND assessed
      GROUP BY sender, identification) AS m
JOIN transfer AS t ON t.lead_contractor_id = :lead AND t.contract_id = :contract
    AND t.source = '{PREFIX}' || m.sender || '/' || m.identification
WHERE m.received <= :day AND t.recorded_month <= :month AND {_OF_COST}
GROUP BY {_ABOUT}, m.received
"""
"""Cost by the day on which its message was received."""

_ADJUSTED = f"""
SELECT {_ABOUT}, {_SIGNED} AS cents
FROM transfer AS t
WHERE t.lead_contractor_id = :lead AND t.contract_id = :contract AND t.source = :source AND {_OF_COST}
    AND t.recorded_month <= :month
GROUP BY {_ABOUT}
"""
"""Cost booked under one source."""

_DECIDED = f"""
SELECT {_ABOUT}, {_SIGNED} AS cents
FROM transfer AS t
WHERE t.lead_contractor_id = :lead AND t.contract_id = :contract AND t.source LIKE '{decisions.PREFIX}%'
    AND {_OF_COST} AND t.recorded_month = :month AND t.booked_at < :before
GROUP BY {_ABOUT}
"""
"""Cost booked by decisions in a month, before a moment."""

_CREDITS = """
SELECT l.sender, l.product_code, SUM(l.amount_cents) AS cents
FROM declaration_line AS l
JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id
WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.credits_line_id IS NOT NULL AND l.credit
    AND l.assessed AND l.codes = 0 AND l.lines_cost AND l.in_time AND l.service_month BETWEEN :first AND :last
    AND m.received <= :day
GROUP BY l.sender, l.product_code
"""


@dataclass(frozen=True, slots=True)
class Received:
    """Cost of approved lines: of one agreement, product and service month, received in a month, on a day if known."""

    agreement: str
    subcontractor: str
    product_code: str
    service: Month
    received: Month
    cents: Cents
    day: int | None = None


def settled_cost(scope: Scope, contract_id: int, as_of: date) -> list[Received]:
    """What lines of the contract year cost once nothing more can change that, whenever it was booked.

    What was booked after the day (a decision, or what came for a closed month) counts as received in its month.
    """
    month = Month.of(as_of)
    found = [_received(key, cents) for key, cents in _balances(scope, contract_id, None).items() if cents]
    return [replace(one, received=min(one.received, month)) for one in found]


def received_cost(scope: Scope, contract_id: int, as_of: date) -> list[Received]:
    """What lines of the contract year cost, as far as they were received by a day."""
    month = Month.of(as_of)
    whole = as_of == month.last
    booked = _balances(scope, contract_id, month if whole else month.plus(-1))
    if whole:
        return [_received(key, cents) for key, cents in booked.items() if cents]
    found = []
    for row in scope.sql(_BY_MESSAGE, contract=contract_id, cost=_COST, day=as_of, month=str(month)):
        key, cents = _key(row), int(row.cents)
        if key in booked:
            booked[key] -= cents
        day = _day(row.received)
        if cents:
            found.append(_received(key, cents, day.day if str(Month.of(day)) == row.recorded_month else None))
    for key, cents in _decided(scope, contract_id, as_of).items():
        booked[key] += cents
    return [*found, *(_received(key, cents) for key, cents in booked.items() if cents)]


_Key = tuple[str, str, str, str, str]


def _key(row: Any) -> _Key:
    return row.agreement, row.subcontractor, row.product_code, row.service_month, row.recorded_month


def _received(key: _Key, cents: int, day: int | None = None) -> Received:
    agreement, subcontractor, product, service, recorded = key
    return Received(agreement, subcontractor, product, Month.parse(service), Month.parse(recorded), Cents(cents), day)


def _balances(scope: Scope, contract_id: int, until: Month | None) -> dict[_Key, int]:
    """The cost of lines recorded up to and including a month, without what a settlement adjusted."""
    names = ("agreement", "subcontractor", "product_code", "service_month", "recorded_month")
    found: dict[_Key, int] = defaultdict(int)
    for (_, *about), cents in account_balance(scope, contract_id, [_COST], *names, until=until).items():
        found[tuple(about)] += int(cents)  # type: ignore[index]  # five names, five values
    above = AdjustmentKind.ABOVE_CEILING.value
    for agreement in sorted({agreement for agreement, _, product, *_ in found if not product}):
        source = f"{ADJUSTMENT_PREFIX}{agreement}:{above}"
        month = str(until or _LAST)
        for row in scope.sql(_ADJUSTED, contract=contract_id, cost=_COST, source=source, month=month):
            found[_key(row)] -= int(row.cents)
    return found


def _decided(scope: Scope, contract_id: int, as_of: date) -> dict[_Key, int]:
    """What decisions booked in the month of a day, up to and including it."""
    before = datetime.combine(as_of + ONE_DAY, time(), HERE)
    month = str(Month.of(as_of))
    rows = scope.sql(_DECIDED, contract=contract_id, cost=_COST, month=month, before=before)
    return {_key(row): int(row.cents) for row in rows}


def _day(value: Any) -> date:
    """A day as the driver gives it: SQLite gives text in a query that was written as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def credits_by_product(scope: Scope, contract_id: int, year: int, as_of: date) -> dict[tuple[str, str], Cents]:
    """What approved credits took off lines of the year by a day, zero or less, by subcontractor and product."""
    rows = scope.sql(_CREDITS, contract=contract_id, first=f"{year:04d}-01", last=f"{year:04d}-12", day=as_of)
    return {(row.sender, row.product_code): Cents(-int(row.cents)) for row in rows}
