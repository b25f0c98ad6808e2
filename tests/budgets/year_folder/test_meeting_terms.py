"""What a contract says about the meeting: read, refused with a remedy, and kept when written out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from budgets.year_folder.reader import read as read_folder
from budgets.year_folder.writer import write
from lead_contractor.contract.model import Contract, MeetingTerms
from tests.budgets.year_folder.sample import write_sample

AGREED = """[meeting]
direction = { pxq = "60", fte = 20, trajectory = "2.5" }
waiting_norm_days = 42
waiting_norms = { "02" = "28" }
"""


def read(folder: Path, more: str = "") -> tuple[Contract | None, list[str]]:
    year, findings = read_folder(write_sample(folder, contract=lambda text: text + more))
    return year.contract if year else None, [f"{one.column} {one.message}" for one in findings]


def test_without_a_word_nothing_was_agreed(tmp_path: Path):
    contract, _ = read(tmp_path / "jaar")
    assert contract is not None
    assert contract.meeting == MeetingTerms()
    assert contract.meeting.norm_of("02A03") is None


def test_shares_are_read_by_form_and_norms_by_category(tmp_path: Path):
    contract, _ = read(tmp_path / "jaar", AGREED)
    assert contract is not None
    assert contract.meeting.direction == {"pxq": Decimal(60), "fte": Decimal(20), "trajectory": Decimal("2.5")}
    assert contract.meeting.norm_of("02A03") == 28
    assert contract.meeting.norm_of("01A03") == 42


def test_what_was_agreed_is_the_same_when_written_out_and_read_again(tmp_path: Path):
    before, _ = read_folder(write_sample(tmp_path / "jaar", contract=lambda text: text + AGREED))
    assert before is not None
    write(tmp_path / "weer", before, [])
    after, _ = read_folder(tmp_path / "weer")
    assert after is not None
    assert after.contract.meeting == before.contract.meeting
    assert after.contract.meeting.direction


@pytest.mark.parametrize(("more", "place"), [
    ('[meeting]\ndirection = { pxq = "60", fte = "41" }\n', "meeting.direction.pxq De aandelen zijn samen 101 procent."),
    ('[meeting]\ndirection = { pxq = "-1" }\n', "meeting.direction.pxq"),
    ('[meeting]\ndirection = { uurtje = "1" }\n', "meeting.direction.uurtje"),
    ("[meeting]\nwaiting_norm_days = 0\n", "meeting.waiting_norm_days"),
    ('[meeting]\nwaiting_norms = { "99" = 42 }\n', "meeting.waiting_norms"),
    ('[meeting]\nwaiting_norms = { "02" = "lang" }\n', "meeting.waiting_norms"),
], ids=str)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(tmp_path: Path, more: str, place: str):
    contract, findings = read(tmp_path / "jaar", more)
    assert contract is None
    assert any(place in one for one in findings), findings
