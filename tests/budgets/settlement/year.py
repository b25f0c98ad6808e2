"""The small example year, loaded and settled, for tests that look at what stands in the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from budgets.settlement.model import Settlement
from budgets.settlement.service import settle_contract
from budgets.year_folder.service import Loaded, load
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.tenancy import Scope

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "klein-2025"
AT = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
