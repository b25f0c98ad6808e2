"""The nightly look at early warnings, of every contract year that runs or can still change."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine

from budgets.signals.gather import late_look, year_of
from budgets.signals.service import Evaluation, evaluate
from lead_contractor.contract.store import every_contract
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web.formats import AMSTERDAM


def evaluate_all(engine: Engine, at: datetime) -> dict[tuple[int, int], Evaluation]:
    """Evaluate the day before of every contract year, each in a transaction of its own.

    A year that did not begin yet, or of which nothing can change any more, is left alone.
    """
    day = at.astimezone(AMSTERDAM).date() - timedelta(days=1)
    with reading(engine) as connection:
        every = every_contract(connection)
    found = {}
    for lead, contract_id in every:
        with writing(engine) as connection:
            scope = Scope(connection, lead)
            year = year_of(scope, contract_id, day)
            if year.contract.first_day <= day and not late_look(year):
                found[lead, contract_id] = evaluate(scope, contract_id, day, at)
    return found
