"""A chain of one test on a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from lead_contractor.allocation.model import Allocation
from lead_contractor.kernel.database import writing
from tests.subcontractors.chain.scene import Chain
from tests.subcontractors.declarations.books import tenant


@pytest.fixture
def chain(engine: Engine) -> Iterator[Callable[..., Chain]]:
    """Makes the one contract of the test, on both databases."""
    with writing(engine) as connection:
        scope = tenant(connection)
        yield lambda *allocations, **options: Chain(scope, *allocations, **options)


@pytest.fixture
def small(sqlite_engine: Engine) -> Iterator[Callable[..., Chain]]:
    """As ``chain``, on SQLite only: for rules that touch no SQL of their own."""
    with writing(sqlite_engine) as connection:
        scope = tenant(connection)

        def make(*allocations: Allocation, **options: str) -> Chain:
            return Chain(scope, *allocations, **options)  # type: ignore[arg-type]

        yield make
