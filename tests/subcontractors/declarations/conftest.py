"""A contract for each test, on SQLite and on PostgreSQL; nothing of it stays behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from lead_contractor.allocation.model import Allocation
from tests.subcontractors.declarations.books import tenant
from tests.subcontractors.declarations.scene import Contract

NewContract = Callable[..., Contract]


@pytest.fixture
def contract(engine: Engine) -> Iterator[NewContract]:
    """Makes the contract with these allocations."""
    with engine.connect() as connection:

        def make(*allocations: Allocation) -> Contract:
            return Contract(tenant(connection), *allocations)

        yield make
        connection.rollback()
