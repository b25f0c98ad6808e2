"""One step of the measurement in a process of its own, so that its peak memory is its own.

The parent starts ``python -m bench.steps STEP JSON``; the answer is one line of JSON on standard output.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, make_url, text

from bench import floor, stages
from budgets.example.generate import generate
from budgets.settlement.service import settle_contract
from budgets.year_folder.service import folders_in, load
from lead_contractor.contract.store import every_contract
from lead_contractor.kernel import schema
from lead_contractor.kernel.database import make_engine, reading, writing
from lead_contractor.kernel.tenancy import Scope

MASTER_KEY = b"1" * 32
_SQLITE = "sqlite:///"

Answer = dict[str, Any]


def example(name: str, clients: int, folder: str) -> Answer:
    """Write the example year, invented data, as year folders."""
    made = generate(name, Path(folder), clients=clients)
    files = [path for one in made for path in (one / "messages").iterdir()]
    return {"folders": len(made), "files": len(files), "bytes": sum(path.stat().st_size for path in files)}


def template(url: str, name: str) -> Answer:
    """Make the migrated, empty database that every step starts from a copy of."""
    _drop_and_make(url, name, None)
    engine = make_engine(_address(url, name))
    schema.upgrade(engine)
    engine.dispose()
    return {}


def fresh(url: str, name: str, copy_of: str) -> Answer:
    """A copy of the template; what had that name before is gone."""
    _drop_and_make(url, name, copy_of)
    return {}


def load_all(url: str, name: str, folder: str, notes: str) -> Answer:
    """Load every year folder; the first time, write down what that made (outside the time)."""
    engine = make_engine(_address(url, name))
    seconds = 0.0
    for place in folders_in(Path(folder)):
        began = time.perf_counter()
        loaded = load(engine, MASTER_KEY, place, floor.AT)
        seconds += time.perf_counter() - began
        peak = _peak_megabytes()
        note = Path(notes) / f"{place.name}.json"
        if not note.exists():
            floor.write_down(engine, loaded.lead_contractor_id, loaded.contract_id, note)
    return {"seconds": seconds, "peak": peak, **_what_stands(engine)}


def floor_all(url: str, name: str, folder: str, notes: str) -> Answer:
    """Store the same rows of every year folder without checks."""
    engine = make_engine(_address(url, name))
    seconds = 0.0
    for place in folders_in(Path(folder)):
        made = floor.read_down(Path(notes) / f"{place.name}.json")
        seconds += floor.store_folder(engine, place, made)
    return {"seconds": seconds, "peak": _peak_megabytes(), **_what_stands(engine)}


def settle_all(url: str, name: str) -> Answer:
    """Settle every contract that was loaded."""
    engine = make_engine(_address(url, name))
    contracts = _contracts(engine)
    began = time.perf_counter()
    for lead, contract_id in contracts:
        with writing(engine) as connection:
            settle_contract(Scope(connection, lead), contract_id, floor.AT)
    return {"seconds": time.perf_counter() - began, "peak": _peak_megabytes(), "contracts": len(contracts)}


def sums_all(url: str, name: str) -> Answer:
    """Read the sums that a settlement is made of once for every contract."""
    engine = make_engine(_address(url, name))
    contracts = _contracts(engine)
    seconds = sum(floor.read_sums(engine, lead, contract_id) for lead, contract_id in contracts)
    return {"seconds": seconds, "peak": _peak_megabytes(), "contracts": len(contracts)}


def load_in_stages(url: str, name: str, folder: str) -> Answer:
    """Load every year folder with a clock on each stage; says which stage took how many seconds of its own."""
    engine = make_engine(_address(url, name))
    with stages.clocks(engine) as clock:
        for place in folders_in(Path(folder)):
            with clock.stage(stages.REST):
                load(engine, MASTER_KEY, place, floor.AT)
    return {"stages": clock.seconds}


def drop(url: str, name: str) -> Answer:
    """Remove a database."""
    _drop(url, name)
    return {}


def version(url: str) -> Answer:
    """The name and version of the database."""
    if url.startswith(_SQLITE):
        import sqlite3

        return {"version": f"SQLite {sqlite3.sqlite_version}"}
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        return {"version": f"PostgreSQL {connection.execute(text('SHOW server_version')).scalar_one()}"}


STEPS: dict[str, Callable[..., Answer]] = {
    step.__name__: step
    for step in (
        example,
        template,
        fresh,
        load_all,
        floor_all,
        settle_all,
        sums_all,
        load_in_stages,
        drop,
        version,
    )
}


def _contracts(engine: Engine) -> list[tuple[int, int]]:
    with reading(engine) as connection:
        return list(every_contract(connection))


def _what_stands(engine: Engine) -> Answer:
    """What the floor and the load must have in common: lines, transfers and balances, counted and added up."""
    found: Answer = {}
    with reading(engine) as connection:
        for table, cents in (("declaration_line", "amount_cents"), ("transfer", "cents"), ("balance", "debit_cents")):
            row = connection.execute(text(f"SELECT COUNT(*), CAST(SUM({cents}) AS BIGINT) FROM {table}")).one()
            found[table] = [int(row[0]), int(row[1] or 0)]
    return {"stands": found}


def _peak_megabytes() -> float:
    """The most memory that this process held, in megabytes (Linux counts in kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _address(url: str, name: str) -> str:
    """The address of one database under a folder of SQLite files or on a server."""
    if url.startswith(_SQLITE):
        return f"{url}/{name}.db"
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _drop(url: str, name: str) -> None:
    if url.startswith(_SQLITE):
        for path in Path(url.removeprefix(_SQLITE)).glob(f"{name}.db*"):
            path.unlink()
        return
    _administer(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _drop_and_make(url: str, name: str, copy_of: str | None) -> None:
    _drop(url, name)
    if not url.startswith(_SQLITE):
        _administer(url, f"CREATE DATABASE {name} TEMPLATE {copy_of or 'template1'}")
    elif copy_of is not None:
        folder = Path(url.removeprefix(_SQLITE))
        shutil.copyfile(folder / f"{copy_of}.db", folder / f"{name}.db")


def _administer(url: str, statement: str) -> None:
    """A statement that cannot stand in a transaction."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](**json.loads(sys.argv[2]))))
