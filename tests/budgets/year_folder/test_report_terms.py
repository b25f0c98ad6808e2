"""What a contract says about reports and inhabitants: read, refused with a remedy, and kept when written out."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgets.year_folder.reader import read as read_folder
from lead_contractor.contract.model import ReportSet, ReportTerms
from tests.budgets.year_folder.sample import write_sample


def read(tmp_path: Path, more: str = "", municipality: str = "") -> tuple[object, list[str]]:
    def change(text: str) -> str:
        return text.replace("[municipality]\n", f"[municipality]\n{municipality}") + more

    year, findings = read_folder(write_sample(tmp_path / "jaar", contract=change))
    return year and year.contract, [f"{one.column} {one.message}" for one in findings]


def test_without_a_word_everything_is_reported_in_fifteen_working_days(tmp_path: Path):
    contract, _ = read(tmp_path)
    assert contract.reports == ReportTerms(tuple(ReportSet), 15)  # type: ignore[attr-defined]
    assert contract.municipality.inhabitants is None  # type: ignore[attr-defined]


def test_sets_are_read_in_their_fixed_order_with_a_term_and_inhabitants(tmp_path: Path):
    contract, _ = read(tmp_path, '[reports]\nsets = ["clients", "hours"]\nworking_days = 10\n', "inhabitants = 49000\n")
    assert contract.reports == ReportTerms((ReportSet.HOURS, ReportSet.CLIENTS), 10)  # type: ignore[attr-defined]
    assert contract.municipality.inhabitants == 49_000  # type: ignore[attr-defined]


@pytest.mark.parametrize(("more", "place"), [
    ("[reports]\nsets = []\n", "reports.sets"),
    ('[reports]\nsets = ["cost", "cost"]\n', "reports.sets"),
    ('[reports]\nsets = ["omzet"]\n', "reports.sets"),
    ("[reports]\nworking_days = -1\n", "reports.working_days"),
    ("[reports]\nworking_days = 251\n", "reports.working_days"),
], ids=str)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(tmp_path: Path, more: str, place: str):
    contract, findings = read(tmp_path, more)
    assert contract is None
    assert any(place in one for one in findings), findings
