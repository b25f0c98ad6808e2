"""Queries of corrections: which approved lines ask for one, and what was proposed and decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from lead_contractor.access.hand import Hand
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import Tariff
from subcontractors.corrections.model import ApprovedLine, Kind, Proposal, TakenBack, TariffChange
from subcontractors.corrections.tables import correction, correction_decision, correction_message, tariff_replaced
from subcontractors.declarations.tables import declaration_line, message

_LINE = """
    l.id, l.message_id, l.sender, l.reference, l.client_id, l.allocation_number, l.category, l.product_code,
    l.agreement, l.period_from, l.period_to, l.volume, l.unit, l.tariff_cents, l.amount_cents, m.received"""
_APPROVED = """
    l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.codes = 0 AND l.assessed AND NOT l.credit
    AND NOT EXISTS (SELECT 1 FROM declaration_line AS c
                    WHERE c.lead_contractor_id = :lead AND c.contract_id = :contract AND c.credits_line_id = l.id
                      AND c.codes = 0 AND c.assessed)"""
_MESSAGE = "JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id"

_DIFFERS = f"""
    SELECT {_LINE}, r.tariff_cents AS own_tariff, h.tariff_cents AS hour_tariff
    FROM declaration_line AS l
    {_MESSAGE}
    LEFT JOIN tariff AS r ON r.lead_contractor_id = :lead AND r.contract_id = :contract AND r.subcontractor = l.sender
        AND r.product_code = l.product_code AND r.unit = l.unit
        AND r.from_day <= l.period_from AND (r.to_day IS NULL OR r.to_day >= l.period_from)
    LEFT JOIN tariff AS h ON h.lead_contractor_id = :lead AND h.contract_id = :contract AND h.subcontractor = l.sender
        AND h.product_code = l.product_code AND h.unit = '04' AND l.unit = '01'
        AND h.from_day <= l.period_from AND (h.to_day IS NULL OR h.to_day >= l.period_from)
    WHERE {_APPROVED} AND l.lines_cost AND l.unit <> '83' AND l.tariff_cents IS NOT NULL
      AND CASE
        WHEN r.tariff_cents IS NOT NULL THEN l.tariff_cents <> r.tariff_cents
            AND (h.tariff_cents IS NULL OR l.tariff_cents <> (h.tariff_cents + 30) / 60)
        WHEN h.tariff_cents IS NOT NULL THEN l.tariff_cents <> (h.tariff_cents + 30) / 60
            OR l.amount_cents <> (2 * h.tariff_cents * l.volume + 60) / 120
        ELSE 1 = 0 END
    ORDER BY l.sender, l.service_month, l.id
"""
"""Approved lines whose agreed tariff is another now; a line in minutes may stand on the tariff of an hour (IV081)."""

_TO_TAKE_BACK = f"""
    SELECT {_LINE}, a.reason_change
    FROM allocation AS a
    JOIN declaration_line AS l ON l.lead_contractor_id = :lead AND l.contract_id = :contract
        AND l.allocation_id = a.id
        AND (a.reason_change = '13' OR l.period_to > a.end_day OR l.period_from < a.start_day)
    {_MESSAGE}
    WHERE a.lead_contractor_id = :lead AND a.contract_id = :contract {{which}} AND {_APPROVED}
    ORDER BY l.sender, l.service_month, l.id
"""
"""Approved lines that lie outside their allocation as it stands now.

Found from the allocations: only the few with a reason of change, or of which we made another version, are looked at.
"""
_CHANGED = """AND (a.reason_change <> '' OR a.number_key IN (
    SELECT v.number_key FROM allocation_version AS v
    WHERE v.lead_contractor_id = :lead AND v.contract_id = :contract))"""


def lines_that_differ(scope: Scope, contract_id: int) -> list[tuple[ApprovedLine, Cents | None, Cents | None]]:
    """Approved lines of P×Q whose agreed tariff differs now, with the tariff per unit and per hour as agreed now."""
    rows = scope.sql(_DIFFERS, contract=contract_id)
    return [(_line(row), _cents(row.own_tariff), _cents(row.hour_tariff)) for row in rows]


def lines_to_take_back(
    scope: Scope, contract_id: int, sender: str | None = None
) -> list[tuple[ApprovedLine, TakenBack]]:
    """Approved lines on an allocation withdrawn or shortened after they were approved; of one sender or all."""
    which = _CHANGED if sender is None else f"{_CHANGED} AND a.subcontractor = :sender"
    named = {} if sender is None else {"sender": sender}
    rows = scope.sql(_TO_TAKE_BACK.format(which=which), contract=contract_id, **named)
    return [(_line(row), TakenBack.WITHDRAWN if row.reason_change == "13" else TakenBack.SHORTENED) for row in rows]


def _line(row: Any) -> ApprovedLine:
    return ApprovedLine(
        id=int(row.id),
        message_id=int(row.message_id),
        sender=row.sender,
        reference=row.reference,
        client_id=int(row.client_id),
        allocation=row.allocation_number,
        category=row.category,
        product_code=row.product_code,
        agreement=row.agreement,
        period_from=date.fromordinal(row.period_from),
        period_to=date.fromordinal(row.period_to),
        volume=int(row.volume),
        unit=row.unit,
        tariff=_cents(row.tariff_cents),
        amount=Cents(int(row.amount_cents)),
        approved_on=_day(row.received),
    )


def _cents(value: Any) -> Cents | None:
    return None if value is None else Cents(int(value))


def _day(value: Any) -> date:
    """A day from a statement in SQL text: SQLite gives it as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def outlived(scope: Scope, contract_id: int) -> bool:
    """Whether lines were approved on terms that were changed since: corrected, or still to be corrected."""
    runs = any(one.approved and one.kind is not Kind.TARIFF for one in proposals(scope, contract_id))
    return runs or bool(lines_that_differ(scope, contract_id) or lines_to_take_back(scope, contract_id))


def used_names(scope: Scope, contract_id: int, sender: str, prefix: str) -> set[str]:
    """Which identifications and numbers of messages, and references of lines, of a sender begin with ``prefix``."""
    found: set[str] = set()
    for table, column in (
        (message, message.c.identification),
        (message, message.c.number),
        (declaration_line, declaration_line.c.reference),
    ):
        statement = scope.select(column).where(
            table.c.contract_id == contract_id, table.c.sender == sender, column.startswith(prefix, autoescape=True)
        )
        found |= {str(row[0]) for row in scope.rows(statement)}
    return found


def propose(
    scope: Scope,
    contract_id: int,
    kind: Kind,
    content: dict[str, Any],
    digest: str,
    reason: str,
    by: Hand,
    at: datetime,
) -> int:
    """Store a proposal; returns its id."""
    identity = scope.last_id(correction) + 1
    row = {
        "id": identity,
        "contract_id": contract_id,
        "kind": kind.value,
        "content": content,
        "content_hash": digest,
        "reason": reason,
        "made_by": by.user_id,
        "made_by_name": by.name,
        "made_at": at,
    }
    scope.insert(correction, [row])
    return identity


def decide(scope: Scope, proposal: Proposal, by: Hand, at: datetime, reason: str, *, approved: bool) -> None:
    """Store a decision; the database refuses an approval by the maker."""
    row = {
        "correction_id": proposal.id,
        "made_by": proposal.made_by.user_id,
        "content_hash": proposal.content_hash,
        "approved": approved,
        "reason": reason,
        "decided_by": by.user_id,
        "decided_by_name": by.name,
        "decided_at": at,
    }
    scope.insert(correction_decision, [row])


def save_messages(scope: Scope, proposal_id: int, messages: Iterable[int]) -> None:
    """Remember which messages a correction made."""
    scope.insert(correction_message, ({"correction_id": proposal_id, "message_id": identity} for identity in messages))


def save_replaced(scope: Scope, proposal_id: int, replaced: Iterable[Tariff]) -> None:
    """Keep tariffs as they stood before a new version took their place."""
    rows = [
        {
            "correction_id": proposal_id,
            "number": number,
            "subcontractor": one.subcontractor,
            "product_code": one.product_code,
            "unit": one.unit,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
            "tariff_cents": int(one.tariff),
        }
        for number, one in enumerate(replaced, start=1)
    ]
    if rows:
        scope.insert(tariff_replaced, rows)


def replaced_tariffs(scope: Scope, proposal_id: int) -> tuple[Tariff, ...]:
    """The tariffs that a change took the place of, as they stood."""
    rows = scope.rows(
        scope.select(tariff_replaced)
        .where(tariff_replaced.c.correction_id == proposal_id)
        .order_by(tariff_replaced.c.number)
    )
    return tuple(
        Tariff(r.subcontractor, r.product_code, r.unit, Cents(int(r.tariff_cents)), r.valid_from, r.valid_to)
        for r in rows
    )


def proposals(scope: Scope, contract_id: int, proposal_id: int | None = None) -> tuple[Proposal, ...]:
    """The corrections of a contract, newest first; only the one named when it is."""
    statement = scope.select(correction).where(correction.c.contract_id == contract_id).order_by(correction.c.id.desc())
    decided = scope.select(correction_decision)
    if proposal_id is not None:
        statement = statement.where(correction.c.id == proposal_id)
        decided = decided.where(correction_decision.c.correction_id == proposal_id)
    decisions = {int(row.correction_id): row for row in scope.rows(decided)}
    return tuple(_proposal(row, decisions.get(int(row.id))) for row in scope.rows(statement))


def _proposal(row: Any, decision: Any) -> Proposal:
    kind = Kind(row.kind)
    return Proposal(
        id=int(row.id),
        contract_id=int(row.contract_id),
        kind=kind,
        content_hash=row.content_hash,
        reason=row.reason,
        made_by=Hand(int(row.made_by), row.made_by_name),
        made_at=row.made_at,
        tariff=_tariff_change(row.content) if kind is Kind.TARIFF else None,
        approved=None if decision is None else bool(decision.approved),
        decided_by=None if decision is None else Hand(int(decision.decided_by), decision.decided_by_name),
        decided_at=None if decision is None else decision.decided_at,
    )


def _tariff_change(content: dict[str, Any]) -> TariffChange:
    return TariffChange(
        content["subcontractor"],
        content["product_code"],
        content["unit"],
        Cents(content["tariff_cents"]),
        date.fromisoformat(content["valid_from"]),
        date.fromisoformat(content["valid_to"]) if content["valid_to"] else None,
        content["source"],
    )
