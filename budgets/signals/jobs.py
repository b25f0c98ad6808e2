"""Looking at early warnings by itself: when a forecast was frozen, and each night for years that can still change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from budgets.forecast.store import frozen_days
from budgets.signals import store
from budgets.signals.gather import late_look, year_of
from budgets.signals.service import Evaluation, evaluate
from lead_contractor.contract.store import every_contract
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web.formats import AMSTERDAM


def evaluate_all(engine: Engine, at: datetime) -> dict[tuple[int, int], tuple[Evaluation, ...]]:
    """Evaluate what was frozen since, and the day before, of every contract year; returns what was written by contract.

    The day before is left alone where the year did not begin yet or nothing of it can change any more.
    """
    with reading(engine) as connection:
        every = every_contract(connection)
    found = {one: (*evaluate_frozen(engine, *one, at), *_day_before(engine, *one, at)) for one in every}
    return {one: made for one, made in found.items() if made}


def evaluate_frozen(engine: Engine, lead: int, contract_id: int, at: datetime) -> tuple[Evaluation, ...]:
    """Evaluate the days of which a forecast was frozen since signals were last looked at, the oldest first."""
    with reading(engine) as connection:
        scope = Scope(connection, lead)
        newest = store.last_run(scope, contract_id)
        days = [day for day in frozen_days(scope, contract_id) if newest is None or day > newest]
    return tuple(made for day in days if (made := _evaluate(engine, lead, contract_id, day, at)) is not None)


def _day_before(engine: Engine, lead: int, contract_id: int, at: datetime) -> tuple[Evaluation, ...]:
    day = at.astimezone(AMSTERDAM).date() - timedelta(days=1)
    with reading(engine) as connection:
        year = year_of(Scope(connection, lead), contract_id, day)
        looks = year.contract.first_day <= day and not late_look(year)
    made = _evaluate(engine, lead, contract_id, day, at) if looks else None
    return () if made is None else (made,)


def _evaluate(engine: Engine, lead: int, contract_id: int, day: date, at: datetime) -> Evaluation | None:
    """Evaluate one day in a transaction of its own; ``None`` where another process did at the same moment."""
    try:
        with writing(engine) as connection:
            return evaluate(Scope(connection, lead), contract_id, day, at)
    except IntegrityError:
        return None
