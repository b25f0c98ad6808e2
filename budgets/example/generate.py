"""The way to the examples: deterministic, invented year folders by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from budgets.example.contract import agreements_toml, contract_toml
from budgets.example.messages import declaration_files, report_files
from budgets.example.plan import LARGE, SMALL, plans
from budgets.example.world import World, world
from budgets.year_folder.columns import TABLES
from budgets.year_folder.writer import table_text
from lead_contractor.kernel.refusals import Conflict

NAMES = (LARGE, SMALL)
"""The examples that exist."""

Progress = Callable[[int, int], None]
"""Told how many year folders are ready, and of how many."""


def generate(
    name: str, folder: Path, *, clients: int | None = None, seed: int = 1, progress: Progress | None = None
) -> list[Path]:
    """Write an example: invented data of one year as a year folder. Same arguments, same bytes.

    Args:
        name: one of :data:`NAMES`.
        folder: where; it is made, and must be empty if it is there.
        clients: how many clients; by default as many as the example has. Above 1,500 there are several lead
            contractors, each with its own year folder inside ``folder`` (``01-99980001`` and on) and the same BSNs.
        seed: another seed gives another year of the same kind.
        progress: called after every year folder.

    Returns:
        The year folders, in order.

    Raises:
        Refusal: there is no such example, or fewer than one client is asked for.
        Conflict: the folder holds something already.
    """
    wanted = plans(name, clients, seed)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(f"{folder} bestaat al en is niet leeg. Kies een nieuwe of lege map.")
    written = []
    for plan in wanted:
        place = folder if len(wanted) == 1 else folder / f"{plan.index + 1:02d}-{plan.lead_agb}"
        _write(place, world(plan))
        written.append(place)
        if progress is not None:
            progress(len(written), len(wanted))
    return written


def _write(folder: Path, made: World) -> None:
    (folder / "messages").mkdir(parents=True)
    _text(folder / "contract.toml", contract_toml(made.plan, made.targets))
    _text(folder / "agreements.toml", agreements_toml(made.plan, made.targets))
    for table in TABLES:
        _text(folder / table.file, table_text(table, made.rows[table.file]))
    for stream in (declaration_files(made.parcels), report_files(made.reports)):
        for name, content in stream:
            (folder / "messages" / name).write_bytes(content)


def _text(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8", newline="\n")
