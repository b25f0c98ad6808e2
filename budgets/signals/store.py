"""Queries of signals: their events, the days that were looked at, exemptions, and what missing months are judged by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func

from budgets.plan.tables import history_row
from budgets.signals.declared import Missing
from budgets.signals.model import (
    Crossing,
    Event,
    EventKind,
    Exemption,
    ExemptionReason,
    Kind,
    Level,
)
from budgets.signals.state import Transition
from budgets.signals.tables import inactivity_exemption, signal_current, signal_event, signal_run
from lead_contractor.access.hand import Hand
from lead_contractor.books import accounts
from lead_contractor.books.store import account_balance
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import ONE_DAY, Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode
from subcontractors.clocks.model import Asked
from subcontractors.clocks.store import allocated_subcontractors, open_allocations
from subcontractors.clocks.terms import DECLARE, due_day
from subcontractors.declarations.model import Channel, Status
from subcontractors.declarations.tables import message

_PER_MONTH = frozenset({FormCode.PXQ.value, FormCode.TRAJECTORY.value})


def events(scope: Scope, contract_id: int) -> list[Event]:
    """All events of the signals of a contract year, in order."""
    rows = scope.rows(
        scope.select(signal_event).where(signal_event.c.contract_id == contract_id).order_by(signal_event.c.id)
    )
    return [_event(row) for row in rows]


def _event(row: Any) -> Event:
    crossing = Crossing(
        Kind(row.kind),
        row.about,
        Level(row.level),
        Cents(int(row.stake_cents)),
        row.subcontractor,
        row.product_code,
        row.figures,
    )
    by = None if row.made_by is None else Hand(int(row.made_by), row.made_by_name)
    return Event(int(row.id), EventKind(row.event), crossing, row.as_of, row.at, by, row.note)


def add_events(
    scope: Scope,
    contract_id: int,
    made: Sequence[Transition],
    as_of: date,
    at: datetime,
    by: Hand | None = None,
    note: str = "",
) -> None:
    """Write what happened to signals.

    Raises:
        sqlalchemy.exc.IntegrityError: another process wrote the next event of one of them.
    """
    if not made:
        return
    counted = scope.rows(
        scope.select(signal_event.c.kind, signal_event.c.about, func.count())
        .where(signal_event.c.contract_id == contract_id)
        .group_by(signal_event.c.kind, signal_event.c.about)
    )
    numbers = {(kind, about): int(count) for kind, about, count in counted}
    first = scope.last_id(signal_event) + 1
    scope.insert(
        signal_event,
        (
            {
                "id": number,
                "contract_id": contract_id,
                "kind": one.crossing.kind.value,
                "about": one.crossing.about,
                "number": numbers.get((one.crossing.kind.value, one.crossing.about), 0) + 1,
                "event": one.kind.value,
                "level": one.crossing.level.value,
                "stake_cents": int(one.crossing.stake),
                "subcontractor": one.crossing.subcontractor,
                "product_code": one.crossing.product_code,
                "figures": dict(one.crossing.figures),
                "as_of": as_of,
                "at": at,
                "made_by": by.user_id if by else None,
                "made_by_name": by.name if by else "",
                "note": note,
            }
            for number, one in enumerate(made, start=first)
        ),
    )


def set_current(scope: Scope, contract_id: int, found: Iterable[Crossing], keep: Collection[str], as_of: date) -> None:
    """Let the figures of the newest look stand instead of those before; of what is to be kept the old ones stay."""
    standing = scope.rows(
        scope.select(signal_current.c.kind, signal_current.c.about).where(signal_current.c.contract_id == contract_id)
    )
    for row in standing:
        if f"{row.kind}:{row.about}" not in keep:
            scope.delete(signal_current, contract_id=contract_id, kind=row.kind, about=row.about)
    scope.insert(
        signal_current,
        (
            {
                "contract_id": contract_id,
                "kind": one.kind.value,
                "about": one.about,
                "level": one.level.value,
                "stake_cents": int(one.stake),
                "figures": dict(one.figures),
                "as_of": as_of,
            }
            for one in found
        ),
    )


def current(scope: Scope, contract_id: int) -> dict[str, tuple[Level, Cents, Mapping[str, str], date]]:
    """By key the level, stake and figures at the newest look, with its day."""
    rows = scope.rows(scope.select(signal_current).where(signal_current.c.contract_id == contract_id))
    return {
        f"{row.kind}:{row.about}": (Level(row.level), Cents(int(row.stake_cents)), row.figures, row.as_of)
        for row in rows
    }


def last_run(scope: Scope, contract_id: int) -> date | None:
    """The newest day as of which signals were evaluated; ``None`` where they never were."""
    found = scope.rows(scope.select(func.max(signal_run.c.as_of)).where(signal_run.c.contract_id == contract_id))
    day: date | None = found[0][0]
    return day


def add_run(scope: Scope, contract_id: int, as_of: date, at: datetime) -> None:
    """Write down that a day was looked at."""
    scope.insert(signal_run, [{"contract_id": contract_id, "as_of": as_of, "at": at}])


def exemptions(scope: Scope, contract_id: int, until: datetime | None = None) -> dict[str, Exemption]:
    """The newest exemption of each subcontractor, taken back or not; as it was known at a moment."""
    statement = (
        scope.select(inactivity_exemption)
        .where(inactivity_exemption.c.contract_id == contract_id)
        .order_by(inactivity_exemption.c.id)
    )
    if until is not None:
        statement = statement.where(inactivity_exemption.c.at <= until)
    return {
        row.subcontractor: Exemption(
            row.subcontractor,
            None if row.reason is None else ExemptionReason(row.reason),
            row.score,
            row.measured_on,
            row.note,
            Hand(int(row.made_by), row.made_by_name),
            row.at,
        )
        for row in scope.rows(statement)
    }


def add_exemption(scope: Scope, contract_id: int, one: Exemption) -> None:
    """Write down an exemption, or that one is taken back."""
    row = {
        "id": scope.last_id(inactivity_exemption) + 1,
        "contract_id": contract_id,
        "subcontractor": one.subcontractor,
        "reason": one.reason.value if one.reason else None,
        "score": one.score,
        "measured_on": one.measured_on,
        "note": one.note,
        "at": one.at,
        "made_by": one.by.user_id,
        "made_by_name": one.by.name,
    }
    scope.insert(inactivity_exemption, [row])


def last_active(scope: Scope, contract_id: int, day: date) -> dict[str, Month]:
    """The last service month over which a subcontractor was approved anything this year, as booked by a month."""
    booked = account_balance(
        scope,
        contract_id,
        [accounts.COST_PXQ, accounts.COST_TRAJECTORY],
        "subcontractor",
        "service_month",
        until=Month.of(day),
    )
    found: dict[str, Month] = {}
    for (_, subcontractor, service), cents in booked.items():
        month = Month.parse(service)
        if cents > 0 and month <= Month.of(day):
            found[subcontractor] = max(month, found.get(subcontractor, month))
    return found


def active_before(scope: Scope, contract_id: int, day: date) -> tuple[dict[str, Month], Month | None]:
    """From earlier years, received by a day: the last service month of each subcontractor, and the first of all."""
    until = Month.of(day + ONE_DAY).plus(-1)
    rows = scope.rows(
        scope.select(
            history_row.c.subcontractor,
            func.min(history_row.c.service_month).label("first"),
            func.max(case((history_row.c.amount_cents > 0, history_row.c.service_month))).label("last"),
        )
        .where(history_row.c.contract_id == contract_id, history_row.c.received_month <= str(until))
        .group_by(history_row.c.subcontractor)
    )
    last = {row.subcontractor: Month.parse(row.last) for row in rows if row.last}
    return last, min((Month.parse(row.first) for row in rows), default=None)


def missing_declarations(scope: Scope, contract_id: int, months: Sequence[Month], day: date) -> list[Missing]:
    """The months that were due and not declared by a day, though care was allocated in them.

    As on the worklists that is where an allocation of P×Q was open, or one of a trajectory started or ended.
    """
    due = [month for month in months if due_day(DECLARE, month.last) < day]
    if not due:
        return []
    declared = _declared(scope, contract_id, day)
    asked = Asked(contract_id, due[0].year, date.max, day)
    senders = allocated_subcontractors(scope, asked)
    pairs = [(sender, month) for sender in senders for month in due if (sender, month) not in declared]
    found: dict[tuple[str, Month], int] = {}
    for sender, month, form, allocations in open_allocations(scope, contract_id, pairs):
        if form in _PER_MONTH:
            found[sender, month] = found.get((sender, month), 0) + allocations
    return [Missing(sender, month, count) for (sender, month), count in sorted(found.items())]


def _declared(scope: Scope, contract_id: int, day: date) -> set[tuple[str, Month]]:
    """Who declared which month by a day, also where lines of it stand in the declaration of another."""
    rows = scope.rows(
        scope.select(message.c.sender, message.c.period)
        .where(
            message.c.contract_id == contract_id,
            message.c.kind == "323",
            message.c.status == Status.ANSWERED.value,
            message.c.channel != Channel.CORRECTION.value,
            message.c.received <= day,
        )
        .distinct()
    )
    found = {(row.sender, Month.parse(row.period)) for row in rows if row.sender and row.period}
    booked = account_balance(
        scope, contract_id, [accounts.DECLARED], "subcontractor", "service_month", until=Month.of(day)
    )
    return found | {(subcontractor, Month.parse(service)) for _, subcontractor, service in booked if service}
