"""The way out: canonical, atomic, and never over something that is there."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from budgets.year_folder.model import YearFolder
from budgets.year_folder.reader import read
from budgets.year_folder.writer import write
from lead_contractor.kernel.refusals import Conflict, NotFound, Refusal
from tests.budgets.year_folder.sample import MESSAGES, TARIFFS, write_sample


@pytest.fixture
def year(tmp_path: Path) -> YearFolder:
    found, findings = read(write_sample(tmp_path / "sample"))
    assert found is not None, findings
    return found


def test_tables_in_canonical_order_with_decimal_points(year: YearFolder, tmp_path: Path):
    write(tmp_path / "out", year, MESSAGES.items())
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "agreements.toml",
        "allocations.csv",
        "contract.toml",
        "costs.csv",
        "messages",
        "realised.csv",
        "receipts.csv",
        "subcontractors.csv",
        "tariffs.csv",
    ]
    assert (tmp_path / "out" / "tariffs.csv").read_text() == TARIFFS
    assert (tmp_path / "out" / "subcontractors.csv").read_text().splitlines()[
        1
    ] == "01410005,Logeerhuis Duinrand,01410005,,zzp,,,"


def test_optional_columns_only_where_they_hold_something(year: YearFolder, tmp_path: Path):
    write(tmp_path / "out", year, [])
    header = (tmp_path / "out" / "allocations.csv").read_text().splitlines()[0]
    assert header.endswith("flags,area")


def test_messages_to_the_byte(year: YearFolder, tmp_path: Path):
    write(tmp_path / "out", year, [*MESSAGES.items(), ("a.XML", b"\xef\xbb\xbf<x/>\r\n")])
    for name, data in MESSAGES.items():
        assert (tmp_path / "out" / "messages" / name).read_bytes() == data
    assert (tmp_path / "out" / "messages" / "a.XML").read_bytes() == b"\xef\xbb\xbf<x/>\r\n"


def test_an_empty_folder_is_filled_and_only_its_owner_reads_it(year: YearFolder, tmp_path: Path):
    (tmp_path / "out").mkdir()
    write(tmp_path / "out", year, [])
    assert (tmp_path / "out" / "contract.toml").is_file()
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


def test_a_folder_with_something_in_it_is_refused(year: YearFolder, tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(Conflict, match="niet leeg"):
        write(tmp_path / "out", year, [])
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_a_file_in_the_way_is_refused(year: YearFolder, tmp_path: Path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(Conflict):
        write(tmp_path / "out", year, [])


def test_a_place_that_does_not_exist_is_refused(year: YearFolder, tmp_path: Path):
    with pytest.raises(NotFound, match="Maak haar eerst"):
        write(tmp_path / "nowhere" / "out", year, [])


@pytest.mark.parametrize("name", ["../a.xml", "a/b.xml", "a\\b.xml", ".xml", ".a.csv", "a.txt", "", "a\n.csv"])
def test_a_message_name_that_is_none_of_ours_leaves_nothing_behind(name: str, year: YearFolder, tmp_path: Path):
    with pytest.raises(Refusal, match="geen naam"):
        write(tmp_path / "out", year, [("good.csv", b""), (name, b"")])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sample"]


def test_two_messages_of_one_name_are_refused(year: YearFolder, tmp_path: Path):
    with pytest.raises(Conflict, match="twee berichten"):
        write(tmp_path / "out", year, [("a.csv", b"1"), ("a.csv", b"2")])
    assert not (tmp_path / "out").exists()


def test_a_failure_half_way_leaves_nothing_behind(year: YearFolder, tmp_path: Path):
    def failing():
        yield "a.csv", b"1"
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write(tmp_path / "out", year, failing())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sample"]


def test_a_year_without_agreements(year: YearFolder, tmp_path: Path):
    bare = replace(year, agreements=(), agreements_source=(), realised=(), messages=())
    write(tmp_path / "out", bare, [])
    assert read(tmp_path / "out") == (bare, ())
