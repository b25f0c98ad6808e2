"""The small example year, told in other ways: under another name, in another order, with one thing changed.

Every variant belongs to a lead contractor of its own, so that all stand in one database and none may matter to another.
"""

from __future__ import annotations

import csv
import io
import itertools
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from budgets.settlement.books import check_contract
from budgets.settlement.layout import to_json
from budgets.settlement.service import settle_contract
from budgets.year_folder.service import Loaded, intake_of, load, post_dues
from lead_contractor.books.tables import transfer
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.declarations.answers import answers
from subcontractors.declarations.answers import to_json as answers_json
from subcontractors.declarations.intake import take_in
from subcontractors.declarations.reader import read_file
from tests.klein import AT, FOLDER, MASTER_KEY

OWN_AGB = 'agb = "99980001"'
_numbers = itertools.count(99980002)

Json = dict[str, Any]
Outcome = tuple[Json, list[Json]]
"""The settlement and the answers, in the order of processing and without the names of files."""


def variant(to: Path) -> Path:
    """A copy of the year, of a lead contractor that nobody else is."""
    shutil.copytree(FOLDER, to)
    edit(to / "contract.toml", lambda text: text.replace(OWN_AGB, f'agb = "{next(_numbers)}"'))
    return to


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Change the text of a file; it must be another text then."""
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before, path.name
    path.write_bytes(after.encode())


def load_variant(engine: Engine, folder: Path, *, replace: bool = False) -> Loaded:
    return load(engine, MASTER_KEY, folder, AT, replace=replace)


def outcome(engine: Engine, loaded: Loaded) -> Outcome:
    """Settle, prove the books, and tell settlement and answers."""
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        settlement = to_json(settle_contract(scope, loaded.contract_id, AT))
        check_contract(scope, loaded.contract_id)
        found = answers_json(answers(scope, loaded.contract_id))["declarations"]
    return settlement, [{key: value for key, value in one.items() if key != "file"} for one in found]


def outcome_of(engine: Engine, folder: Path) -> Outcome:
    """What a folder comes to when it is loaded for the first time."""
    return outcome(engine, load_variant(engine, folder))


def transfers(engine: Engine, loaded: Loaded) -> list[tuple[Any, ...]]:
    """Every row of the books of a contract, oldest first."""
    of_contract = transfer.c.contract_id == loaded.contract_id
    own = transfer.c.lead_contractor_id == loaded.lead_contractor_id
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(select(transfer).where(own, of_contract).order_by("id"))]


def disorder(folder: Path, seed: int) -> None:
    """Other names for the messages, and another order of the rows of every table and CSV declaration."""
    chance = random.Random(seed)
    for path in sorted(folder.glob("**/*.csv")):
        _shuffle_rows(path, chance)
    messages = sorted((folder / "messages").iterdir())
    chance.shuffle(messages)
    for number, path in enumerate(messages):
        path.rename(path.with_name(f"{number:03d}-{chance.randrange(10**6)}{path.suffix}"))


def _shuffle_rows(path: Path, chance: random.Random) -> None:
    header, *rows = csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))
    chance.shuffle(rows)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    path.write_bytes(out.getvalue().encode())


def in_order(folder: Path) -> list[Path]:
    """The message files in the order of processing; each file of the example holds one message."""

    def place(path: Path) -> tuple[str, ...]:
        (came,) = read_file(path.name, path, receiver="1999")
        return str(came.received), came.sender or "", came.identification or "", came.content_hash, path.name

    return sorted((folder / "messages").iterdir(), key=place)


def load_in_steps(engine: Engine, folder: Path, sizes: list[int]) -> Loaded:
    """Load the year without messages, then take these in by so many at a time, in the order of processing."""
    files = in_order(folder)
    waiting = folder.parent / f"{folder.name}-later"
    shutil.move(folder / "messages", waiting)
    loaded = load_variant(engine, folder)
    queue = iter(waiting / path.name for path in files)
    sizes = [*sizes, len(files)]
    for size in sizes:
        with writing(engine) as connection:
            scope = Scope(connection, loaded.lead_contractor_id)
            vault = Vault(MASTER_KEY, scope.lead_contractor_id)
            batch = [(path.name, path) for path in itertools.islice(queue, size)]
            take_in(scope, vault, intake_of(loaded.contract_id, loaded.contract), batch, AT)
            post_dues(scope, loaded.contract_id, loaded.contract, AT)
    return loaded
