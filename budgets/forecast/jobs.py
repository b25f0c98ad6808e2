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


def freeze_months(engine: Engine, lead: int, contract_id: int, at: datetime) -> tuple[date, ...]:
    """Freeze the month ends of one contract that are over and not frozen; returns those that were.

    The last of them says what the year cost: it is frozen anew when that changed since (a decision on a line, say),
    until the year is settled for good. Each is reckoned while the database is only read and kept in a short
    transaction of its own, so that nobody waits for it.
    """
    with reading(engine) as connection:
        absent = service.unfrozen(Scope(connection, lead), contract_id, service.local_day(at))
    return tuple(day for day in absent if _freeze(engine, lead, contract_id, day, at))


def _freeze(engine: Engine, lead: int, contract_id: int, day: date, at: datetime) -> bool:
    """Freeze one day; whether this process was the one that did."""
    with reading(engine) as connection:
        made, inputs_hash = service.reckoned(Scope(connection, lead), contract_id, day)
    try:
        with writing(engine) as connection:
            scope = Scope(connection, lead)
            scope.lock()
            if day in store.frozen_days(scope, contract_id):
                return False
            afterwards = service.is_afterwards(day, at)
            store.save(scope, contract_id, made, inputs_hash, at, afterwards=afterwards)
    except IntegrityError:
        return False
    return True
