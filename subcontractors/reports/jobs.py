"""The nightly reminders: every contract year that is not settled for good."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from lead_contractor.contract.store import every_contract, get_contract
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.tenancy import Scope
from subcontractors.reports.service import remind


def remind_all(engine: Engine, at: datetime) -> dict[tuple[int, int], int]:
    """Remind everybody who has to be reminded; returns by contract how many reminders were given."""
    with reading(engine) as connection:
        every = every_contract(connection)
    given: dict[tuple[int, int], int] = {}
    for lead, contract_id in every:
        with writing(engine) as connection:
            scope = Scope(connection, lead)
            if get_contract(scope, contract_id).final_at is None:
                given[lead, contract_id] = len(remind(scope, contract_id, at))
    return given
