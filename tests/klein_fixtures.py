"""The small example year loaded once and copied for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine

from budgets.year_folder.service import load
from lead_contractor.kernel.database import make_engine
from tests.klein import AT, FOLDER, MASTER_KEY

OVERRIDE = 'override = ["9307", "9321", "9322", "9346", "0611"]'
BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
_PXQ = ('id = "PXQ-01"', 'id = "PXQ-02"')
_copies = iter(range(1, 10**9))


def klein_with_overrides(folder: Path) -> Path:
    """The example, in which the agreements on price times quantity let some return codes be passed."""
    shutil.copytree(FOLDER, folder)
    terms = folder / "agreements.toml"
    text = terms.read_text()
    for line in _PXQ:
        assert line in text
        text = text.replace(line, f"{line}\n{OVERRIDE}")
    terms.write_text(text)
    return folder


@pytest.fixture(scope="session")
def klein_sqlite_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the example."""
    folder = tmp_path_factory.mktemp("klein")
    path = folder / "klein.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}", durable=False)
    load(engine, MASTER_KEY, klein_with_overrides(folder / "klein-2025"), AT)
    engine.dispose()  # the last connection takes the write-ahead log back into the file
    return path


@pytest.fixture(scope="session")
def klein_postgresql_template(
    postgresql_url: URL, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a PostgreSQL database with the example."""
    name = f"hoofdsom_klein_template_{next(_copies)}"  # each folder of tests has its own
    _execute(postgresql_url, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    engine = make_engine(_text(postgresql_url.set(database=name)), durable=False)
    load(engine, MASTER_KEY, klein_with_overrides(tmp_path_factory.mktemp("klein-pg") / "klein-2025"), AT)
    engine.dispose()
    return name


@pytest.fixture(params=BOTH)
def klein_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of this test alone in which the example stands; once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "klein.db"
        shutil.copyfile(request.getfixturevalue("klein_sqlite_template"), path)
        engine = make_engine(f"sqlite:///{path}", durable=False)
        yield engine
        engine.dispose()
        return
    template, server = request.getfixturevalue("klein_postgresql_template"), request.getfixturevalue("postgresql_url")
    name = f"hoofdsom_klein_{next(_copies)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    engine = make_engine(_text(server.set(database=name)), durable=False)
    try:
        yield engine
    finally:
        engine.dispose()
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _execute(url: URL, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
