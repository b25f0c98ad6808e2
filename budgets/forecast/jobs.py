"""Freezing forecasts by itself: every month end that is over, once per contract, whichever process comes first."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from budgets.forecast import service, store
from lead_contractor.contract.store import every_contract
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.tenancy import Scope


def freeze_all_months(engine: Engine, at: datetime) -> dict[tuple[int, int], tuple[date, ...]]:
    """Freeze the month ends that are over and not frozen, of every contract; returns the days by contract."""
    with reading(engine) as connection:
        every = every_contract(connection)
    made = {one: freeze_months(engine, *one, at) for one in every}
    return {one: days for one, days in made.items() if days}


def freeze_months(engine: Engine, lead: int, contract_id: int, at: datetime, *, anew: bool = False) -> tuple[date, ...]:
    """Freeze the month ends of one contract that are over and not frozen; returns those that were.

    The last of them says what the year cost: it is frozen anew when that changed since (a decision on a line, say),
    until the year is settled for good. Each is reckoned while the database is only read and kept in a short
    transaction of its own, so that nobody waits for it. With ``anew`` every month end that is over is made again, for
    content that was replaced; what says the same of the same stays as it is.
    """
    with reading(engine) as connection:
        scope, today = Scope(connection, lead), service.local_day(at)
        absent = service.unfrozen(scope, contract_id, today)
        standing = service.over(scope, contract_id, today) if anew else service.outcome(scope, contract_id, today)
    again = tuple(day for day in standing if day not in absent)
    return tuple(day for day in (*absent, *again) if _freeze(engine, lead, contract_id, day, at, again=day in again))


def _freeze(engine: Engine, lead: int, contract_id: int, day: date, at: datetime, *, again: bool) -> bool:
    """Freeze one day, where it stands already only ``again``; whether this process was the one that did."""
    with reading(engine) as connection:
        made, inputs_hash = service.reckoned(Scope(connection, lead), contract_id, day)
    try:
        with writing(engine) as connection:
            scope = Scope(connection, lead)
            scope.lock()
            if not again and day in store.frozen_days(scope, contract_id):
                return False
            afterwards = service.is_afterwards(day, at)
            kept = store.save(scope, contract_id, made, inputs_hash, at, afterwards=afterwards)
    except IntegrityError:
        return False
    return kept.made_at == at
