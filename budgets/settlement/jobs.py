"""The nightly proof of the books: every contract once a day, whichever process comes first."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from budgets.settlement.books import check_contract
from budgets.settlement.tables import books_check
from lead_contractor.contract.store import every_contract
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.periods import local_day
from lead_contractor.kernel.refusals import BooksDiffer
from lead_contractor.kernel.tenancy import Scope


def check_all_books(engine: Engine, at: datetime) -> dict[tuple[int, int], bool]:
    """Prove the books of every contract that nobody proved today; returns by contract whether they are sound."""
    with reading(engine) as connection:
        every = every_contract(connection)
    day = local_day(at)
    return {one: check_one(engine, *one, day) for one in every if _claim(engine, *one, day)}


def _claim(engine: Engine, lead: int, contract_id: int, day: date) -> bool:
    """Take today's proof of a contract; the key of the table lets one process have it."""
    try:
        with writing(engine) as connection:
            row = {"contract_id": contract_id, "day": day, "report": ""}
            Scope(connection, lead).insert(books_check, [row])
    except IntegrityError:
        return False
    return True


def check_one(engine: Engine, lead: int, contract_id: int, day: date) -> bool:
    """Prove the books of one contract and write the report of the day."""
    try:
        with reading(engine) as connection:
            report, sound = "\n".join(str(one) for one in check_contract(Scope(connection, lead), contract_id)), True
    except BooksDiffer as difference:
        report, sound = str(difference), False
    with writing(engine) as connection:
        where = {"contract_id": contract_id, "day": day}
        Scope(connection, lead).update(books_check, where, sound=sound, report=report)
    return sound
