"""One step of the measurement in a process of its own, so that its peak memory is its own.

What a step needs is imported inside it, so that it holds no more than that. The parent starts
``python -m bench.steps STEP JSON``; the answer is one line of JSON on standard output.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from bench import floor
from bench.watch import Stopwatch
from lead_contractor.kernel.database import make_engine, reading, writing

MASTER_KEY = b"1" * 32

Answer = dict[str, Any]


def example(name: str, clients: int, folder: str) -> Answer:
    """Write the example year, invented data, as year folders."""
    from budgets.example.generate import generate

    made = generate(name, Path(folder), clients=clients)
    files = [path for one in made for path in (one / "messages").iterdir()]
    return {"folders": len(made), "files": len(files), "bytes": sum(path.stat().st_size for path in files)}


def migrate(url: str) -> Answer:
    """Bring an empty database to the newest schema."""
    from lead_contractor.kernel import schema

    engine = make_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    return {}


def load_all(url: str, folder: str) -> Answer:
    """Load every year folder."""
    from budgets.year_folder.service import load

    engine = make_engine(url)
    watch = Stopwatch()
    for place in _folders(folder):
        with watch:
            load(engine, MASTER_KEY, place, floor.AT)
    return {**_took(watch), **_what_stands(engine)}


def write_down_all(url: str, folder: str, notes: str) -> Answer:
    """Write down what the loads made of every year folder, for the floor to store the same; they came in that order."""
    engine = make_engine(url)
    for place, (lead, contract_id) in zip(_folders(folder), _contracts(engine), strict=True):
        floor.write_down(engine, lead, contract_id, Path(notes) / f"{place.name}.json")
    return {}


def floor_all(url: str, folder: str, notes: str) -> Answer:
    """Store the same rows of every year folder without checks."""
    engine = make_engine(url)
    watch = Stopwatch()
    for place in _folders(folder):
        made = floor.read_down(Path(notes) / f"{place.name}.json")
        floor.store_folder(engine, place, made, watch)
    return {**_took(watch), **_what_stands(engine)}


def settle_all(url: str) -> Answer:
    """Settle every contract that was loaded."""
    from budgets.settlement.service import settle_contract
    from lead_contractor.kernel.tenancy import Scope

    engine = make_engine(url)
    contracts = _contracts(engine)
    watch = Stopwatch()
    for lead, contract_id in contracts:
        with watch, writing(engine) as connection:
            settle_contract(Scope(connection, lead), contract_id, floor.AT)
    return _took(watch)


def sums_all(url: str) -> Answer:
    """Read the sums that a settlement is made of once for every contract."""
    engine = make_engine(url)
    contracts = _contracts(engine)
    watch = Stopwatch()
    for lead, contract_id in contracts:
        with watch:
            floor.read_sums(engine, lead, contract_id)
    return _took(watch)


def load_in_stages(url: str, folder: str) -> Answer:
    """Load every year folder with a clock on each stage; says which stage took how many seconds of its own."""
    from bench import stages
    from budgets.year_folder.service import load

    engine = make_engine(url)
    with stages.clocks(engine) as clock:
        for place in _folders(folder):
            with clock.stage(stages.REST):
                load(engine, MASTER_KEY, place, floor.AT)
    return {"stages": clock.seconds}


def invent(lines: int, folder: str) -> Answer:
    """Write an invented year of declarations of one lead contractor."""
    from bench import invented

    place = Path(folder)
    place.mkdir()
    written = invented.write_year(place, lines)
    sizes = [path.stat().st_size for path in place.iterdir()]
    return {"lines": written, "files": len(sizes), "bytes": sum(sizes), "largest": max(sizes)}


def contract_all(url: str, lines: int) -> Answer:
    """Store the contract and the allocations of that year in a migrated database."""
    from bench import invented

    invented.store_contract(make_engine(url), MASTER_KEY, lines)
    return {}


def declare_all(url: str, folder: str) -> Answer:
    """Take in every message of the invented year."""
    from bench import declarations

    engine, watch = make_engine(url), Stopwatch()
    declarations.take_in_all(engine, MASTER_KEY, Path(folder), watch)
    return {**_took(watch), **_what_stands(engine)}


def note_all(url: str, notes: str) -> Answer:
    """Write down what that left, for the floor."""
    from bench import declarations

    declarations.write_down(make_engine(url), Path(notes))
    return {}


def store_all(url: str, folder: str, notes: str) -> Answer:
    """The floor of it: read the same messages and store the same rows, unchecked."""
    from bench import declarations

    engine, watch = make_engine(url), Stopwatch()
    declarations.store_all(engine, Path(folder), Path(notes), watch)
    return {**_took(watch), **_what_stands(engine)}


def pre_check_all(url: str, lines: int, times: int) -> Answer:
    """Single-line pre-checks with all those lines stored behind them; milliseconds, sorted."""
    from bench import declarations

    engine = make_engine(url)
    if engine.dialect.name == "postgresql":  # what its own upkeep does to that many new rows, beside whoever asks
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
            connection.exec_driver_sql("CHECKPOINT")
    took = declarations.pre_checks(engine, MASTER_KEY, lines, times)
    return {"milliseconds": sorted(1000 * seconds for seconds in took), "peak": _peak_megabytes()}


STEPS: dict[str, Callable[..., Answer]] = {
    step.__name__: step
    for step in (
        *(example, migrate, load_all, write_down_all, floor_all, settle_all, sums_all, load_in_stages),
        *(invent, contract_all, declare_all, note_all, store_all, pre_check_all),
    )
}


def _folders(folder: str) -> list[Path]:
    """The year folders that an example consists of: itself, or those right under it."""
    place = Path(folder)
    return [place] if (place / "contract.toml").exists() else sorted(place.iterdir())


def _contracts(engine: Engine) -> list[tuple[int, int]]:
    with reading(engine) as connection:
        found = connection.execute(text("SELECT lead_contractor_id, id FROM contract ORDER BY 1, 2"))
        return [(int(lead), int(contract_id)) for lead, contract_id in found]


def _what_stands(engine: Engine) -> Answer:
    """What the floor and the load must have in common: lines, transfers and balances, counted and added up."""
    found: Answer = {}
    with reading(engine) as connection:
        for table, cents in (("declaration_line", "amount_cents"), ("transfer", "cents"), ("balance", "debit_cents")):
            row = connection.execute(text(f"SELECT COUNT(*), CAST(SUM({cents}) AS BIGINT) FROM {table}")).one()
            found[table] = [int(row[0]), int(row[1] or 0)]
    return {"stands": found}


def _took(watch: Stopwatch) -> Answer:
    return {"seconds": watch.wall, "processor": watch.processor, "peak": _peak_megabytes()}


def _peak_megabytes() -> float:
    """The most memory that this process held, in megabytes (Linux counts in kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](**json.loads(sys.argv[2]))))
