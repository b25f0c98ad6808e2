"""A lead contractor with its providers, signed in; and a second lead contractor next door."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.subcontractors.portal.desk import Site, new_site


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> Site:
    return new_site(engine, tmp_path)
