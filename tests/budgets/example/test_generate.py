"""The examples as a whole: same arguments, same bytes; sound folders; the committed one is what is generated."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgets.example.generate import NAMES, generate
from budgets.example.plan import LARGE, SMALL
from budgets.year_folder.reader import read
from lead_contractor.kernel.refusals import Conflict, Refusal
from subcontractors.declarations.incoming import Reading
from subcontractors.declarations.reader import read_file

COMMITTED = Path(__file__).parents[3] / "examples" / SMALL
MOST_BYTES = 500_000


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its name in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_same_arguments_give_the_same_bytes(tmp_path: Path, large_folder: Path) -> None:
    (again,) = generate(LARGE, tmp_path / "again")
    assert content(again) == content(large_folder)


def test_another_seed_gives_another_year(tmp_path: Path, small_folder: Path) -> None:
    (other,) = generate(SMALL, tmp_path / "other", seed=2)
    assert content(other) != content(small_folder)


def test_the_committed_example_is_what_is_generated(small_folder: Path) -> None:
    assert content(COMMITTED) == content(small_folder)
    assert sum(len(file) for file in content(COMMITTED).values()) < MOST_BYTES


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", NAMES)
def test_every_example_reads_without_a_finding(tmp_path: Path, name: str, seed: int) -> None:
    (folder,) = generate(name, tmp_path / name, seed=seed, clients=150 if name == LARGE and seed > 1 else None)
    year, findings = read(folder)
    assert findings == ()
    assert year is not None
    assert year.contract.municipality.code == "1999"


def test_the_large_year_reads_without_a_finding(large_folder: Path) -> None:
    year, findings = read(large_folder)
    assert findings == ()
    assert year is not None
    assert len(year.subcontractors) == 45


def test_messages_are_refused_as_a_whole_only_where_that_was_meant(large_folder: Path) -> None:
    refused = [
        (incoming.status, [fault.rule for fault in incoming.faults])
        for path in sorted((large_folder / "messages").iterdir())
        for incoming in read_file(path.name, path, receiver="1999")
        if incoming.status is not Reading.OK
    ]
    assert refused == [(Reading.REFUSED_CONTENT, ["TR358"]), (Reading.REFUSED_STRUCTURE, ["XML"])]


def test_more_than_1500_clients_make_more_lead_contractors(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    folders = generate(LARGE, tmp_path / "many", clients=1502, progress=lambda done, of: told.append((done, of)))
    assert [folder.name for folder in folders] == ["01-99980001", "02-99980002"]
    assert told == [(1, 2), (2, 2)]
    years = [read(folder)[0] for folder in folders]
    assert [year.contract.id for year in years if year is not None] == ["VB-2025", "VB02-2025"]
    assert [year.contract.lead_contractor.agb for year in years if year is not None] == ["99980001", "99980002"]
    assert [len({one.bsn for one in year.allocations}) for year in years if year is not None] == [751, 751]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Conflict, match="niet leeg"):
        generate(SMALL, tmp_path)


def test_an_unknown_example_and_no_clients_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="klein-2025"):
        generate("groot-1999", tmp_path / "x")
    with pytest.raises(Refusal, match="ten minste één cliënt"):
        generate(SMALL, tmp_path / "x", clients=0)
