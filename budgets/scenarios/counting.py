"""Counting paperwork in the database: one grouped query per kind of message, whatever the number of lines.

It reads every line of the year once or twice, so it runs when somebody asks for it, and what it finds is kept.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from budgets.scenarios.burden import NUMBERS, Counted, PaperCount
from budgets.scenarios.tables import burden_count
from lead_contractor.books import accounts
from lead_contractor.books.store import account_balance
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode
from subcontractors.agreements.tables import agreement

_Found = dict[tuple[str, str], dict[str, int]]
_DECLARATION = "323"
_RECEIVED = "JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id AND m.received <= :day"
_ONE = "SUM(CASE WHEN {} THEN 1 ELSE 0 END)"


def count(scope: Scope, contract_id: int, as_of: date) -> Counted:
    """Count the paperwork of a contract year, of what was received, sent and paid up to and including a day."""
    found: _Found = defaultdict(dict)
    for gather in (_lines, _redone, _messages, _sent, _short_returns, _payments, _cost):
        gather(scope, contract_id, as_of, found)
    forms = {
        row.code: FormCode(row.form)
        for row in scope.rows(
            scope.select(agreement.c.code, agreement.c.form).where(agreement.c.contract_id == contract_id)
        )
    }
    return Counted(
        as_of, tuple(PaperCount(agb, code, forms.get(code), **found[agb, code]) for agb, code in sorted(found))
    )


def _add(found: _Found, agb: str, code: str, **numbers: Any) -> None:
    row = found[agb, code]
    for name, number in numbers.items():
        row[name] = row.get(name, 0) + int(number or 0)


def _lines(scope: Scope, contract_id: int, as_of: date, found: _Found) -> None:
    accepted = "l.codes = 0 AND l.unit IN ('01', '04')"
    minutes = "l.volume * CASE WHEN l.unit = '04' THEN 60 ELSE 1 END * CASE WHEN l.credit THEN -1 ELSE 1 END"
    rows = scope.sql(
        f"""
        SELECT l.sender, l.agreement, COUNT(*) AS lines, {_ONE.format("l.codes <> 0")} AS refused,
               {_ONE.format("l.credit")} AS credits, COUNT(DISTINCT l.message_id) AS declarations,
               COUNT(DISTINCT l.client_id) AS clients,
               SUM(CASE WHEN {accepted} THEN {minutes} ELSE 0 END) AS minutes
        FROM declaration_line AS l {_RECEIVED}
        WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.assessed
        GROUP BY l.sender, l.agreement
        """,
        contract=contract_id,
        day=as_of,
    )
    for row in rows.mappings():
        numbers = {name: row[name] for name in ("lines", "refused", "credits", "declarations", "clients", "minutes")}
        _add(found, row["sender"], row["agreement"], **numbers)


def _redone(scope: Scope, contract_id: int, as_of: date, found: _Found) -> None:
    """The same delivery (allocation, product and days) refused at least once and accepted at least once."""
    rows = scope.sql(
        f"""
        SELECT sender, agreement, COUNT(*) AS redone
        FROM (
            SELECT l.sender, MAX(l.agreement) AS agreement
            FROM declaration_line AS l {_RECEIVED}
            WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.assessed AND NOT l.credit
            GROUP BY l.sender, l.allocation_number, l.product_code, l.period_from, l.period_to
            HAVING {_ONE.format("l.codes <> 0")} > 0 AND {_ONE.format("l.codes = 0")} > 0
        ) AS again
        GROUP BY sender, agreement
        """,
        contract=contract_id,
        day=as_of,
    )
    for row in rows:
        _add(found, row.sender, row.agreement, redone=row.redone)


def _messages(scope: Scope, contract_id: int, as_of: date, found: _Found) -> None:
    rows = scope.sql(
        """
        SELECT sender, kind, status, assessed, COUNT(*) AS messages FROM message
        WHERE lead_contractor_id = :lead AND contract_id = :contract AND received <= :day AND sender IS NOT NULL
        GROUP BY sender, kind, status, assessed
        """,
        contract=contract_id,
        day=as_of,
    )
    for row in rows:
        if row.status != "answered":
            _add(found, row.sender, "", refused_messages=row.messages)
        elif row.kind != _DECLARATION:
            _add(found, row.sender, "", reports=row.messages, answers=row.messages)
        else:
            refused = 0 if row.assessed else row.messages
            _add(found, row.sender, "", answers=row.messages, refused_messages=refused)


def _sent(scope: Scope, contract_id: int, as_of: date, found: _Found) -> None:
    rows = scope.sql(
        """
        SELECT receiver, COUNT(*) AS messages FROM sent_message
        WHERE lead_contractor_id = :lead AND contract_id = :contract AND dated <= :day GROUP BY receiver
        """,
        contract=contract_id,
        day=as_of,
    )
    for row in rows:
        _add(found, row.receiver, "", answers=row.messages)


def _short_returns(scope: Scope, contract_id: int, as_of: date, found: _Found) -> None:
    rows = scope.sql(
        """
        SELECT a.subcontractor, r.agreement, COUNT(*) AS returns,
               SUM(CASE WHEN r.version > 1 THEN 1 ELSE 0 END) AS changed
        FROM short_return AS r
        JOIN agreement AS a ON a.lead_contractor_id = :lead AND a.contract_id = r.contract_id AND a.code = r.agreement
        WHERE r.lead_contractor_id = :lead AND r.contract_id = :contract AND r.month <= :month
        GROUP BY a.subcontractor, r.agreement
        """,
        contract=contract_id,
        month=str(Month.of(as_of)),
    )
    for row in rows:
        _add(found, row.subcontractor, row.agreement, short_returns=row.returns, changed_returns=row.changed)


def _payments(scope: Scope, contract_id: int, as_of: date, found: _Found) -> None:
    """What was paid and did not come back, with the days from the end of its service month."""
    rows = scope.sql(
        """
        SELECT i.subcontractor, i.agreement, i.service_month, i.run_id, e.executed_on, SUM(i.cents) AS cents
        FROM payment_item AS i
        JOIN payment_execution AS e ON e.lead_contractor_id = :lead AND e.run_id = i.run_id AND e.executed_on <= :day
        LEFT JOIN payment_reversal AS r
          ON r.lead_contractor_id = :lead AND r.run_id = i.run_id AND r.subcontractor = i.subcontractor
        WHERE i.lead_contractor_id = :lead AND i.contract_id = :contract AND r.run_id IS NULL
        GROUP BY i.subcontractor, i.agreement, i.service_month, i.run_id, e.executed_on
        """,
        contract=contract_id,
        day=as_of,
    )
    runs: set[tuple[str, str, int]] = set()
    for row in rows:
        paid_on = row.executed_on if isinstance(row.executed_on, date) else date.fromisoformat(row.executed_on)
        days = (paid_on - Month.parse(row.service_month).last).days
        cents = int(row.cents)
        key = (row.subcontractor, row.agreement, int(row.run_id))
        _add(
            found,
            row.subcontractor,
            row.agreement,
            paid_cents=cents,
            paid_day_cents=cents * days,
            payments=0 if key in runs else 1,
        )
        runs.add(key)


def _cost(scope: Scope, contract_id: int, as_of: date, found: _Found) -> None:
    codes = list(accounts.COST_OF_FORM.values())
    until = Month.of(as_of)
    booked = account_balance(scope, contract_id, codes, "subcontractor", "agreement", "service_month", until=until)
    for (_, agb, code, month), cents in booked.items():
        if month <= str(until):
            _add(found, agb, code, cents=cents)


def keep(scope: Scope, contract_id: int, counted: Counted, at: datetime) -> None:
    """Keep counts; in a writing transaction."""
    rows = [
        [row.subcontractor, row.agreement, row.form, *(getattr(row, name) for name in NUMBERS)] for row in counted.rows
    ]
    scope.insert(
        burden_count,
        [
            {
                "id": scope.last_id(burden_count) + 1,
                "contract_id": contract_id,
                "as_of": counted.as_of,
                "counted_at": at,
                "counts": {"names": list(NUMBERS), "rows": rows},
            }
        ],
    )


def kept(scope: Scope, contract_id: int, as_of: date | None = None) -> Counted | None:
    """The counts that were kept last, of a day or of the latest one; ``None`` where none were."""
    statement = scope.select(burden_count).where(burden_count.c.contract_id == contract_id)
    if as_of is not None:
        statement = statement.where(burden_count.c.as_of == as_of)
    rows = scope.rows(statement.order_by(burden_count.c.as_of.desc(), burden_count.c.id.desc()).limit(1))
    if not rows:
        return None
    document = rows[0].counts
    return Counted(rows[0].as_of, tuple(_read(document["names"], row) for row in document["rows"]))


def _read(names: list[str], row: list[Any]) -> PaperCount:
    agb, code, form, *numbers = row
    known = {name: number for name, number in zip(names, numbers, strict=True) if name in NUMBERS}
    return PaperCount(agb, code, None if form is None else FormCode(form), **known)
