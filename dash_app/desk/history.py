"""The history of a line, gathered from upload to payment."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_

from dash_app.desk import exceptions
from dash_app.desk.model import BookedTransfer, History, Related, Upload
from dash_app.overview import ledger
from lead_contractor.allocation.tables import allocation
from lead_contractor.books import accounts
from lead_contractor.books.closing import acts, closed_months
from lead_contractor.books.tables import transfer
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from subcontractors.decisions import store as decisions
from subcontractors.decisions.model import Decision, Kind, decision_source
from subcontractors.declarations.postings import source_of
from subcontractors.declarations.tables import declaration_line, message, message_file
from subcontractors.payments import service as payments
from subcontractors.payments.store import held_items

_MOST_AGAIN = 20


def history(scope: Scope, line_id: int) -> History:
    """A line from upload to payment.

    Raises:
        NotFound: this lead contractor has no such line.
    """
    contract_id = exceptions.contract_of_line(scope, line_id)
    row = exceptions.line_rows(scope, [line_id])[line_id]
    raw = scope.one(scope.select(declaration_line).where(declaration_line.c.id == line_id))
    upload = _upload(scope, row.message_id)
    taken = tuple(decisions.decisions_on(scope, line_id))
    own = source_of(row.sender, upload.identification)
    sources = [own, *(decision_source(one.id, own) for one in taken if one.lines[0].outcome)]
    passed = next((one.id for one in reversed(taken) if _passed(one)), None) if not row.codes else None
    paid_by = own if passed is None else decision_source(passed, own)
    given = next((one.lines[0].codes for one in taken if _passed(one) and not row.codes), row.codes)
    held = [
        one
        for one in held_items(scope, contract_id, sources=[paid_by])
        if one.agreement == row.agreement and one.service_month == raw.service_month
    ]
    stands = None
    if raw.lines_cost and not row.codes:
        stands = payments.payment_of_line(scope, row.message_id, passed, row.agreement, raw.service_month)
    return History(
        contract_id=contract_id,
        row=row,
        given=given,
        upload=upload,
        decisions=taken,
        credits=_one(scope, raw.credits_line_id),
        credited_by=_related(scope, contract_id, declaration_line.c.credits_line_id == line_id),
        again=_again(scope, contract_id, raw),
        booked=_booked(scope, contract_id, raw, sources, refused=bool(given)),
        payable_on=stands.expected if stands else None,
        paid=tuple(held) if not row.codes else (),
    )


def _passed(one: Decision) -> bool:
    """Whether a decision let the line pass."""
    outcome = one.lines[0].outcome
    return one.kind is Kind.OVERRIDE and outcome is not None and outcome.done


def _upload(scope: Scope, message_id: int) -> Upload:
    head = scope.one(scope.select(message).where(message.c.id == message_id))
    file = scope.one(
        scope.select(message_file.c.name, message_file.c.live, message_file.c.arrived_at).where(
            message_file.c.id == head.file_id
        )
    )
    return Upload(
        message_id=message_id,
        file=file.name,
        channel=head.channel,
        live=bool(file.live),
        arrived_at=file.arrived_at,
        received=head.received,
        dated=head.message_dated,
        number=head.number or "",
        identification=head.identification or "",
        status=head.status,
        submitted=Cents(int(head.submitted_cents)),
        granted=Cents(int(head.granted_cents)),
        declaration_codes=tuple(head.declaration_codes),
    )


def _one(scope: Scope, line_id: int | None) -> Related | None:
    found = _related(scope, None, declaration_line.c.id == line_id) if line_id is not None else ()
    return found[0] if found else None


def _again(scope: Scope, contract_id: int, raw: Any) -> tuple[Related, ...]:
    """Other lines of the same allocation, product and period: how it was declared before or again."""
    line = declaration_line.c
    if raw.allocation_id is None:
        return ()
    return _related(
        scope,
        contract_id,
        line.allocation_id == raw.allocation_id,
        line.product_code == raw.product_code,
        line.period_from == raw.period_from,
        line.period_to == raw.period_to,
        line.id != raw.id,
        or_(line.credits_line_id.is_(None), line.credits_line_id != raw.id),
        line.id != (raw.credits_line_id or 0),
    )


def _related(scope: Scope, contract_id: int | None, *conditions: Any) -> tuple[Related, ...]:
    line = declaration_line.c
    statement = (
        scope.select(declaration_line, message.c.received)
        .join_from(
            declaration_line,
            message,
            (message.c.lead_contractor_id == line.lead_contractor_id) & (message.c.id == line.message_id),
        )
        .where(*conditions)
        .order_by(line.id)
        .limit(_MOST_AGAIN)
    )
    if contract_id is not None:
        statement = statement.where(line.contract_id == contract_id)
    return tuple(_relation(row) for row in scope.rows(statement))


def _relation(row: Any) -> Related:
    amount = Cents(int(row.amount_cents))
    accepted = bool(row.assessed) and row.codes == 0
    return Related(int(row.id), row.reference, -amount if row.credit else amount, accepted, row.received)


def _booked(
    scope: Scope, contract_id: int, raw: Any, sources: list[str], *, refused: bool
) -> tuple[BookedTransfer, ...]:
    """The transfers in which the line stands: of its message and of decisions, with its own dimensions and verdict."""
    place = scope.one(scope.select(allocation.c.area).where(allocation.c.id == raw.allocation_id))
    found = scope.rows(
        scope.select(transfer)
        .where(
            transfer.c.contract_id == contract_id,
            transfer.c.source.in_(sources),
            transfer.c.agreement == raw.agreement,
            transfer.c.product_code == raw.product_code,
            transfer.c.service_month == raw.service_month,
            transfer.c.area == (place.area if place is not None else ""),
        )
        .order_by(transfer.c.id)
    )
    closed = {str(one) for one in closed_months(acts(scope, contract_id))}
    own = [one for one in found if one.source != sources[0] or _stands_in(one, refused=refused)]
    return tuple(BookedTransfer(ledger.transfer_row(one), one.recorded_month in closed) for one in own)


def _stands_in(row: Any, *, refused: bool) -> bool:
    """Whether a line with this verdict can stand in a transfer of its message."""
    sides = {row.debit_account, row.credit_account}
    if accounts.DECLARED in sides:
        return True
    return (accounts.REJECTED in sides) is refused
