"""The small example year in a database of each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.klein_fixtures import klein_engine, klein_postgresql_template, klein_sqlite_template
from tests.subcontractors.payments.scene import Year

__all__ = ["klein_engine", "klein_postgresql_template", "klein_sqlite_template"]


@pytest.fixture
def year(klein_engine: Engine) -> Year:
    """The year of this test."""
    return Year(klein_engine, 1, 1)
