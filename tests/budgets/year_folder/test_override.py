"""Which return codes an agreement lets be passed: read, refused where it cannot be, and kept on the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgets.year_folder.reader import read
from budgets.year_folder.rules import Rule
from subcontractors.decisions.model import OVERRIDABLE
from subcontractors.declarations.checks import CHECKS
from tests.budgets.year_folder.sample import write_sample


def sample(folder: Path, value: str) -> Path:
    return write_sample(folder, agreements=lambda text: text.replace('form = "pxq"', f'form = "pxq"\n{value}', 1))


def test_the_codes_of_an_agreement_are_read(tmp_path: Path):
    year, found = read(sample(tmp_path / "jaar", 'override = ["9321", "0611"]'))
    assert year is not None, found
    assert [one.override for one in year.agreements if one.override] == [("9321", "0611")]


def test_an_agreement_lets_nothing_pass_unless_it_says_so(tmp_path: Path):
    year, _ = read(write_sample(tmp_path / "jaar"))
    assert year is not None
    assert {one.override for one in year.agreements} == {()}


@pytest.mark.parametrize(
    ("value", "rule", "says"),
    [
        ('override = ["9389"]', Rule.VALUE, "9389 kan niet worden doorgelaten"),
        ('override = ["8187"]', Rule.VALUE, "8187 kan niet worden doorgelaten"),
        ('override = ["9321", "9321"]', Rule.DUPLICATE, "9321 staat er tweemaal"),
    ],
)
def test_codes_that_cannot_pass_are_findings(tmp_path: Path, value: str, rule: str, says: str):
    year, found = read(sample(tmp_path / "jaar", value))
    assert year is None
    (finding,) = [one for one in found if "override" in one.column]
    assert (finding.rule, says in finding.message) == (rule, True)


def test_what_can_be_passed_are_codes_of_lines_in_the_order_of_the_rules():
    order = [check.code for check in CHECKS]
    assert sorted(OVERRIDABLE, key=order.index) == list(OVERRIDABLE)
    never = {"8187", "8021", "8017", "9338", "9339", "9340", "9341", "9389", "9390"}
    assert not never & set(OVERRIDABLE)
