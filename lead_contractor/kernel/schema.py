"""The schema: bring a database to the newest migration, or say where it stands.

The migrations stand in the folder ``migrations`` beside the packages, in a checkout as in an installation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from lead_contractor.kernel.database import throwaway_engine

_FOLDER = Path(__file__).resolve().parents[2] / "migrations"

# Any fixed number will do, as long as every process that migrates uses the same one.
_ADVISORY_LOCK = 4_846_111_682
_LOCK_TIMEOUT = "10s"
_STATEMENT_TIMEOUT = "15min"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to a revision, by default the newest; where it already is, nothing happens.

    Two processes may call this at the same time: one works, the other waits. On PostgreSQL each migration is a
    transaction of its own, on SQLite the whole upgrade is one.
    """
    with migrating(engine) as config:
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to a revision; ``base`` is the empty database."""
    with migrating(engine) as config:
        command.downgrade(config, revision)


def current(engine: Engine) -> str | None:
    """The revision of the database, ``None`` before the first migration."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The newest revision that this version of Hoofdsom knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest migration."""
    return current(engine) == newest()


@contextmanager
def migrating(engine: Engine) -> Iterator[Config]:
    """Alembic's settings on a connection that no other migration shares; for what this module does not do itself."""
    config = _config()
    with engine.connect() as connection:
        alone = _alone_on_sqlite if engine.dialect.name == "sqlite" else _alone_on_postgresql
        with alone(connection):
            config.attributes["connection"] = connection
            yield config


@contextmanager
def throwaway_database() -> Iterator[Engine]:
    """An engine on a migrated, empty SQLite database in a temporary folder, gone at the end of the block."""
    with throwaway_engine() as engine:
        upgrade(engine)
        yield engine


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


@contextmanager
def _alone_on_sqlite(connection: Connection) -> Iterator[None]:
    """One writing transaction; foreign keys rest while tables are rebuilt and are proved before the end."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    driver.execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction
    try:
        with connection.begin():
            yield
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise RuntimeError(f"the migration leaves a reference to nothing: {tuple(broken)}")
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


@contextmanager
def _alone_on_postgresql(connection: Connection) -> Iterator[None]:
    """An advisory lock for the session, and time limits so that a migration does not hold up the rest."""
    connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": _ADVISORY_LOCK})
    connection.exec_driver_sql(f"SET lock_timeout = '{_LOCK_TIMEOUT}'")
    connection.exec_driver_sql(f"SET statement_timeout = '{_STATEMENT_TIMEOUT}'")
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql("RESET lock_timeout")
        connection.exec_driver_sql("RESET statement_timeout")
        connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": _ADVISORY_LOCK})
        connection.commit()
