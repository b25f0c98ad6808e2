"""A contract for each test, on SQLite and on PostgreSQL, in a transaction of which nothing stays behind."""

from __future__ import annotations

import pytest

from tests.subcontractors.declarations.books import tenant
from tests.subcontractors.declarations.scene import Contract


@pytest.fixture
def contract(engine):
    """Makes the contract with these allocations."""
    with engine.connect() as connection:

        def make(*allocations):
            return Contract(tenant(connection), *allocations)

        yield make
        connection.rollback()
