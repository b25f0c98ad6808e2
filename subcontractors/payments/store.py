"""Queries of payments: what the books make payable, and the runs with their items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table, func

from lead_contractor.books import accounts
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import local_day
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Size
from lead_contractor.parties.tables import subcontractor
from subcontractors.decisions.model import message_source
from subcontractors.decisions.tables import line_decision_verdict
from subcontractors.declarations.model import Status
from subcontractors.declarations.postings import source_of
from subcontractors.declarations.tables import message
from subcontractors.payments.due import Booked, Sent, kind_of
from subcontractors.payments.model import PaidItem, Payable, Payment, Run, RunState
from subcontractors.payments.tables import (
    payment_decision,
    payment_execution,
    payment_item,
    payment_reversal,
    payment_run,
)

PREFIX = "payment:"
"""Under which payments stand in the books: ``payment:RUN:ITEM``."""

_BOOKED = f"""
    SELECT subcontractor, source, agreement, service_month, MAX(recorded_month) AS recorded_month,
        SUM(CASE WHEN credit_account = '{accounts.PAYABLE}' THEN cents ELSE -cents END) AS cents
    FROM transfer
    WHERE lead_contractor_id = :lead AND contract_id = :contract AND source NOT LIKE '{PREFIX}%'
      AND (debit_account = '{accounts.PAYABLE}' OR credit_account = '{accounts.PAYABLE}') __MORE__
    GROUP BY subcontractor, source, agreement, service_month
"""
_HELD = """
    SELECT i.subcontractor, i.source, i.agreement, i.service_month, '' AS recorded_month, -SUM(i.cents) AS cents
    FROM payment_item AS i
    LEFT JOIN payment_decision AS d ON d.lead_contractor_id = i.lead_contractor_id AND d.run_id = i.run_id
    LEFT JOIN payment_reversal AS r ON r.lead_contractor_id = i.lead_contractor_id AND r.run_id = i.run_id
        AND r.subcontractor = i.subcontractor
    WHERE i.lead_contractor_id = :lead AND i.contract_id = :contract AND r.run_id IS NULL
      AND (d.run_id IS NULL OR d.approved) __MORE__
    GROUP BY i.subcontractor, i.source, i.agreement, i.service_month
"""
_LEFT = f"""
    SELECT subcontractor, source, agreement, service_month, MAX(recorded_month) AS recorded_month,
        CAST(SUM(cents) AS BIGINT) AS cents
    FROM ({_BOOKED} UNION ALL {_HELD}) AS sides
    GROUP BY subcontractor, source, agreement, service_month
    HAVING SUM(cents) <> 0
    ORDER BY subcontractor, source, agreement, service_month
"""


def left_to_pay(scope: Scope, contract_id: int, agb: str = "", *, settled: bool = False) -> list[Booked]:
    """What the books make payable less what runs already hold, by key; of one subcontractor when named.

    What a settlement adjusts counts only once the year is settled for good (``settled``).
    """
    conditions = ["AND subcontractor = :agb" if agb else "", "" if settled else "AND source NOT LIKE 'settlement:%'"]
    statement = _LEFT.replace("__MORE__", " ".join(conditions), 1)
    statement = statement.replace("__MORE__", " ".join(conditions).replace("AND ", "AND i."), 1)
    rows = scope.sql(statement, contract=contract_id, **({"agb": agb} if agb else {}))
    return [_booked(row) for row in rows]


def booked_of(scope: Scope, contract_id: int, sources: Sequence[str]) -> list[Booked]:
    """What the books make payable from these sources, paid or not."""
    if not sources:
        return []
    names = {f"source{n}": source for n, source in enumerate(sources)}
    listed = ", ".join(f":{name}" for name in names)
    statement = _BOOKED.replace("__MORE__", f"AND source IN ({listed})")
    return [_booked(row) for row in scope.sql(statement, contract=contract_id, **names) if row.cents]


def _booked(row: Any) -> Booked:
    key = (row.subcontractor, row.source, row.agreement, row.service_month)
    return Booked(*key, row.recorded_month or row.service_month, Cents(int(row.cents)))


def sent_messages(scope: Scope, contract_id: int) -> dict[str, Sent]:
    """The declaration messages that were answered, by their source in the books."""
    rows = scope.rows(
        scope.select(
            message.c.id,
            message.c.sender,
            message.c.identification,
            message.c.number,
            message.c.message_dated,
            message.c.received,
        ).where(
            message.c.contract_id == contract_id,
            message.c.kind == "323",
            message.c.status == Status.ANSWERED.value,
            message.c.assessed,
        )
    )
    return {source_of(row.sender, row.identification): _sent(row) for row in rows}


def _sent(row: Any) -> Sent:
    return Sent(int(row.id), row.number or "", row.message_dated or row.received or date.min)


def sent_message(scope: Scope, message_id: int) -> tuple[int, str, Sent] | None:
    """One answered declaration message: its contract, its source in the books, and its day."""
    row = scope.one(
        scope.select(message).where(
            message.c.id == message_id,
            message.c.kind == "323",
            message.c.status == Status.ANSWERED.value,
            message.c.assessed,
        )
    )
    return None if row is None else (int(row.contract_id), source_of(row.sender, row.identification), _sent(row))


def decision_days(scope: Scope, ids: Iterable[int] | None = None) -> dict[int, date]:
    """The day of each approved decision on lines."""
    verdict = line_decision_verdict.c
    statement = scope.select(verdict.decision_id, verdict.decided_at).where(verdict.approved)
    if ids is not None:
        statement = statement.where(verdict.decision_id.in_(list(ids)))
    return {int(row.decision_id): local_day(row.decided_at) for row in scope.rows(statement)}


def sizes(scope: Scope, contract_id: int) -> dict[str, Size | None]:
    """The size of each subcontractor, as far as it is known."""
    rows = scope.rows(
        scope.select(subcontractor.c.agb, subcontractor.c.size).where(subcontractor.c.contract_id == contract_id)
    )
    return {row.agb: Size(row.size) if row.size else None for row in rows}


def insert_run(scope: Scope, row: Mapping[str, Any], items: Sequence[Payable]) -> int:
    """Store a new run with its items; returns its id."""
    run_id = scope.last_id(payment_run) + 1
    scope.insert(payment_run, [{"id": run_id, **row}])
    scope.insert(
        payment_item,
        (
            {
                "run_id": run_id,
                "number": number,
                "contract_id": row["contract_id"],
                "subcontractor": item.subcontractor,
                "source": item.source,
                "agreement": item.agreement,
                "service_month": item.service_month,
                "due_on": item.due_on,
                "cents": int(item.cents),
            }
            for number, item in enumerate(items, start=1)
        ),
    )
    return run_id


def runs(scope: Scope, contract_id: int | None = None, run_id: int | None = None) -> list[Run]:
    """Payment runs without their payments, the newest first: of a contract, or the one with this id."""
    statement = scope.select(payment_run).order_by(payment_run.c.id.desc())
    if contract_id is not None:
        statement = statement.where(payment_run.c.contract_id == contract_id)
    if run_id is not None:
        statement = statement.where(payment_run.c.id == run_id)
    found = scope.rows(statement)
    known = _Fates(scope, [int(row.id) for row in found])
    return [_run(row, known) for row in found]


class _Fates:
    """What was decided and done with some runs, each looked up once."""

    def __init__(self, scope: Scope, ids: Sequence[int]) -> None:
        self.decisions = _by_run(scope, payment_decision, ids)
        self.executions = _by_run(scope, payment_execution, ids)
        self.reversals: dict[tuple[int, str], Any] = {
            (int(row.run_id), row.subcontractor): row
            for row in scope.rows(scope.select(payment_reversal).where(payment_reversal.c.run_id.in_(ids)))
        }

    def state(self, run_id: int) -> RunState:
        """How far a run is."""
        if run_id in self.executions:
            return RunState.EXECUTED
        decided = self.decisions.get(run_id)
        if decided is None:
            return RunState.PROPOSED
        return RunState.APPROVED if decided.approved else RunState.REJECTED


def _by_run(scope: Scope, table: Table, ids: Sequence[int]) -> dict[int, Any]:
    return {int(row.run_id): row for row in scope.rows(scope.select(table).where(table.c.run_id.in_(ids)))}


def _run(row: Any, known: _Fates) -> Run:
    run_id = int(row.id)
    decided, executed = known.decisions.get(run_id), known.executions.get(run_id)
    return Run(
        id=run_id,
        contract_id=int(row.contract_id),
        due_until=row.due_until,
        cents=Cents(int(row.cents)),
        count=int(row.payments),
        content_hash=row.content_hash,
        made_by=int(row.made_by),
        made_by_name=row.made_by_name,
        made_at=row.made_at,
        state=known.state(run_id),
        decided_by_name=decided.decided_by_name if decided else "",
        decided_at=decided.decided_at if decided else None,
        reason=decided.reason if decided else "",
        executed_on=executed.executed_on if executed else None,
        executed_by_name=executed.executed_by_name if executed else "",
        reversed=sum(1 for run, _ in known.reversals if run == run_id),
    )


def payments(scope: Scope, run: Run) -> tuple[Payment, ...]:
    """The payments of a run with their items, by AGB."""
    item = payment_item.c
    rows = scope.rows(
        scope.select(payment_item).where(item.run_id == run.id).order_by(item.subcontractor, item.due_on, item.number)
    )
    undone = {
        row.subcontractor: row
        for row in scope.rows(scope.select(payment_reversal).where(payment_reversal.c.run_id == run.id))
    }
    sent = sent_messages(scope, run.contract_id)
    own: dict[str, list[Payable]] = {}
    for row in rows:
        own.setdefault(row.subcontractor, []).append(_item(row, sent))
    return tuple(_payment(run.id, agb, items, undone.get(agb)) for agb, items in own.items())


def _payment(run_id: int, agb: str, items: Sequence[Payable], undone: Any) -> Payment:
    if undone is None:
        return Payment(run_id, agb, tuple(items))
    return Payment(run_id, agb, tuple(items), undone.reversed_on, undone.reversed_by_name, undone.reason)


def _item(row: Any, sent: Mapping[str, Sent]) -> Payable:
    known = sent.get(message_source(row.source))
    return Payable(
        row.subcontractor,
        row.source,
        row.agreement,
        row.service_month,
        Cents(int(row.cents)),
        row.due_on,
        kind_of(row.source),
        known.number if known else "",
        known.message_id if known else None,
    )


def numbered_items(scope: Scope, run_id: int, agb: str = "") -> list[tuple[int, Any]]:
    """The items of a run with their number, as stored; of one subcontractor when named."""
    statement = scope.select(payment_item).where(payment_item.c.run_id == run_id).order_by(payment_item.c.number)
    if agb:
        statement = statement.where(payment_item.c.subcontractor == agb)
    return [(int(row.number), row) for row in scope.rows(statement)]


def held_items(
    scope: Scope, contract_id: int, *, sources: Sequence[str] | None = None, agb: str = ""
) -> list[PaidItem]:
    """What runs hold, the newest run first, rejected runs left out: of these sources, of one subcontractor."""
    item = payment_item.c
    statement = (
        scope.select(payment_item).where(item.contract_id == contract_id).order_by(item.run_id.desc(), item.number)
    )
    if sources is not None:
        statement = statement.where(item.source.in_(sources))
    if agb:
        statement = statement.where(item.subcontractor == agb)
    found = scope.rows(statement)
    known = _Fates(scope, sorted({int(row.run_id) for row in found}))
    made = [_paid_item(row, known) for row in found]
    return [one for one in made if one.state is not RunState.REJECTED]


def _paid_item(row: Any, known: _Fates) -> PaidItem:
    run_id = int(row.run_id)
    executed, undone = known.executions.get(run_id), known.reversals.get((run_id, row.subcontractor))
    return PaidItem(
        run_id=run_id,
        state=known.state(run_id),
        source=row.source,
        agreement=row.agreement,
        service_month=row.service_month,
        cents=Cents(int(row.cents)),
        due_on=row.due_on,
        paid_on=executed.executed_on if executed and undone is None else None,
        reversed_on=undone.reversed_on if undone else None,
    )


def run_count(scope: Scope, contract_id: int) -> int:
    """How many payment runs a contract has."""
    rows = scope.rows(
        scope.select(func.count()).select_from(payment_run).where(payment_run.c.contract_id == contract_id)
    )
    return int(rows[0][0])
