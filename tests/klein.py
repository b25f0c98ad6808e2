"""The small example year in a database, for tests that look at what stands there and tamper with it."""

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
from tests.prepared import prepared

FOLDER = Path(__file__).resolve().parents[1] / "examples" / "klein-2025"
MASTER_KEY = b"1" * 32
AT = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)


def loaded_year(engine: Engine, folder: Path = FOLDER, at: datetime = AT, *, replace: bool = False) -> Loaded:
    """Load the year; the example itself is loaded once and copied into every empty database after that."""
    if folder == FOLDER and at == AT and not replace:
        return prepared(engine, "klein", lambda: load(engine, MASTER_KEY, folder, at))
    return load(engine, MASTER_KEY, folder, at, replace=replace)


def settled_year(engine: Engine, at: datetime = AT, *, final: bool = False) -> tuple[Loaded, Settlement]:
    """Load the year and settle it."""
    loaded = loaded_year(engine)
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        return loaded, settle_contract(scope, loaded.contract_id, at, final=final)


@contextmanager
def tampering(engine: Engine, loaded: Loaded) -> Iterator[Scope]:
    """A transaction to spoil things in; all is as it was when the block ends."""
    with engine.connect() as connection:
        transaction = connection.begin()
        try:
            yield Scope(connection, loaded.lead_contractor_id)
        finally:
            transaction.rollback()
