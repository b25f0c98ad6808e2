"""The migrations make exactly the tables that the code describes, on both databases, there and back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, inspect

from lead_contractor.kernel import schema
from lead_contractor.kernel.database import reading, writing
from migrations.every_table import load_tables


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, load_tables()))


def test_a_migrated_database_has_what_the_code_describes(engine: Engine):
    assert schema.is_current(engine)
    assert differences(engine) == []


def test_a_migrated_database_has_the_checks_that_the_code_describes(engine: Engine):
    found = inspect(engine)
    for table in load_tables().sorted_tables:
        described = {check.name for check in table.constraints if isinstance(check, CheckConstraint)}
        assert {check["name"] for check in found.get_check_constraints(table.name)} == described, table.name


def test_back_to_nothing_and_up_again(bare_engine: Engine):
    schema.upgrade(bare_engine)
    schema.downgrade(bare_engine, "base")
    assert schema.current(bare_engine) is None
    assert set(inspect(bare_engine).get_table_names()) == {"alembic_version"}
    schema.upgrade(bare_engine)
    assert differences(bare_engine) == []


def test_upgrading_twice_changes_nothing(engine: Engine):
    schema.upgrade(engine)
    assert differences(engine) == []


def test_two_processes_that_migrate_at_once_do_not_disturb_each_other(bare_engine: Engine):
    with ThreadPoolExecutor(max_workers=2) as pool:
        for done in [pool.submit(schema.upgrade, bare_engine) for _ in range(2)]:
            done.result(timeout=60)
    assert schema.is_current(bare_engine)
    assert differences(bare_engine) == []


def test_an_unmigrated_database_is_not_current(bare_engine: Engine):
    assert schema.current(bare_engine) is None
    assert not schema.is_current(bare_engine)


def test_foreign_keys_hold_again_after_a_migration(sqlite_engine: Engine):
    schema.upgrade(sqlite_engine)
    with reading(sqlite_engine) as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_migration_that_leaves_a_reference_to_nothing_is_refused(sqlite_engine: Engine):
    with (
        pytest.raises(RuntimeError, match="reference to nothing"),
        schema.migrating(sqlite_engine) as config,
    ):
        connection = config.attributes["connection"]
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE child (parent_id INTEGER REFERENCES parent (id))")
        connection.exec_driver_sql("INSERT INTO child VALUES (7)")
    with writing(sqlite_engine) as connection:
        assert "child" not in inspect(connection).get_table_names()


def test_a_throwaway_database_is_migrated_and_then_gone():
    with schema.throwaway_database() as engine:
        assert schema.is_current(engine)
        path = Path(str(engine.url.database))
        assert path.exists()
    assert not path.parent.exists()
