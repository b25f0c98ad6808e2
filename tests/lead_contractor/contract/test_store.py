"""Queries of contracts: a lead contractor is made once, whoever comes first."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine, func, select

from lead_contractor.contract.store import ensure_tenant
from lead_contractor.kernel.database import reading, writing
from lead_contractor.parties.tables import lead_contractor

TERMS: Any = SimpleNamespace(lead_contractor=SimpleNamespace(agb="42420001", name="Hoofdaannemer", kvk=""))


def test_two_loads_at_once_make_one_lead_contractor(engine: Engine) -> None:
    found: list[int] = []

    def load(before: Callable[[], None] = lambda: None) -> None:
        with writing(engine) as connection:
            found.append(ensure_tenant(connection, TERMS))
            before()

    other = Thread(target=load)

    def start_other() -> None:
        other.start()
        other.join(0.5)  # it waits for this transaction to end

    load(start_other)
    other.join(30)
    with reading(engine) as connection:
        count = connection.execute(select(func.count()).select_from(lead_contractor)).scalar_one()
    assert (len(found), len(set(found)), count) == (2, 1, 1)
