"""``hoofdsom forecast`` as a person types it: folders and contracts, text and JSON, freezing and the back-test."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import hoofdsom
from budgets.example.generate import generate
from tests.budgets.forecast.scene import declared
from tests.budgets.year_folder.sample import write_sample
from tests.klein import FOLDER as KLEIN

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


class Terminal:
    """Runs ``hoofdsom`` in this process, in a folder of its own with the embedded database and its key there."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def run(self, *words: str | Path) -> Done:
        done = CliRunner().invoke(hoofdsom.main, list(map(str, words)))
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Done(done.exit_code, done.stdout, done.stderr)

    def json(self, *words: str | Path) -> Any:
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in list(os.environ):
        if name.startswith("HOOFDSOM_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path)


def test_at_a_terminal(tmp_path: Path):
    command = [sys.executable, str(ROOT / "hoofdsom.py"), "forecast", str(KLEIN), "--as-of", "2024-12-31"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HOOFDSOM_")} | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "ligt vóór het contractjaar, dat op 01-01-2025 begint" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_as_of_a_day_in_json(terminal: Terminal):
    said = terminal.json("forecast", KLEIN, "--as-of", "2025-08-31", "--format", "json")
    assert list(said) == ["format", "as_of", "total", "lines", "run_out"]
    assert said["as_of"] == "2025-08-31"
    total, lines = said["total"], said["lines"]
    for name in ("realised", "not_yet_declared", "point"):
        assert sum(line[name] for line in lines) == total[name]
    assert total["low95"] <= total["low80"] <= total["point"] <= total["high80"] <= total["high95"]
    assert list(terminal.place.iterdir()) == [], "a folder is looked at in a database that is thrown away"


def test_once_all_is_known_it_is_the_settlement(terminal: Terminal):
    said = terminal.json("forecast", KLEIN, "--as-of", "2026-05-31", "--format", "json")
    cost = terminal.json("settle", KLEIN, "--format", "json")["cost"]
    forms = ("pxq", "fte", "lump_sum", "trajectory", "availability")
    known = sum(cost[form] for form in forms)
    assert set(said["total"].values()) == {known, 0}
    assert said["total"]["not_yet_declared"] == 0


def test_text_tells_the_total_first_and_then_the_largest_deviation(terminal: Terminal):
    done = terminal.run("forecast", KLEIN, "--as-of", "2025-08-31")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "Prognose van KL-2025, Voorbeeldgemeente (verzonnen), per 31-08-2025"
    head = next(n for n, line in enumerate(lines) if line.startswith("onderaannemer"))
    assert any("Prognose van het jaar" in line for line in lines[:head])
    table = lines[head + 1 : -1]
    last_amounts = [re.findall(r"[\d.]+,\d\d", line)[-1] for line in table]
    deviations = [float(amount.replace(".", "").replace(",", ".")) for amount in last_amounts]
    assert deviations == sorted(deviations, reverse=True)
    assert lines[-1].startswith("Totaal")


def test_a_running_year_is_forecast_with_what_is_missing_as_warnings(terminal: Terminal):
    folder = shutil.copytree(KLEIN, terminal.place / "running")
    for name in ("beschikkingen.csv", "realised.csv"):
        header, *rows = (folder / name).read_text().splitlines()
        kept = [row for row in rows if not any(f"2025-{month:02d}" in row for month in range(6, 13))]
        (folder / name).write_text("\n".join([header, *kept, ""]))
    assert terminal.run("settle", folder).returncode == 1
    done = terminal.run("forecast", folder, "--as-of", "2025-05-31", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert "de gerealiseerde FTE van 2025-06 ontbreekt" in done.stderr
    assert json.loads(done.stdout)["total"]["point"] > 0


def test_without_a_day_it_is_the_last_complete_month(terminal: Terminal):
    assert terminal.json("forecast", KLEIN, "--format", "json")["as_of"] == "2026-05-31"


def test_a_year_without_anything_but_agreements(terminal: Terminal):
    folder = write_sample(terminal.place / "empty", messages={}, allocations=None)
    done = terminal.run("forecast", folder, "--format", "json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--as-of" in done.stderr
    said = terminal.json("forecast", folder, "--as-of", "2025-01-15", "--format", "json")
    agreed = {"fte": 59_136_000, "lump_sum": 24_000_000, "availability": 4_620_000}
    points = {line["form"]: line["point"] for line in said["lines"] if line["point"]}
    assert {form: points[form] for form in agreed} == agreed


def test_several_contracts_in_one_folder_are_a_list(terminal: Terminal):
    write_sample(terminal.place / "many" / "one", messages=dict([declared(1, "2025-03-10", 1, 2)]))
    generate("klein-2025", terminal.place / "many" / "two")
    done = terminal.run("forecast", terminal.place / "many", "--as-of", "2025-03-31", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert [one["as_of"] for one in json.loads(done.stdout)] == ["2025-03-31", "2025-03-31"]


def test_freezing_and_the_back_test_of_a_loaded_contract(terminal: Terminal):
    assert terminal.run("load", KLEIN).returncode == 0
    done = terminal.run("forecast", "KL-2025", "--back-test")
    assert done.returncode == 1
    assert "--freeze-months" in done.stderr
    frozen = terminal.run("forecast", "KL-2025", "--as-of", "2025-08-31", "--freeze", "--format", "json")
    assert frozen.returncode == 0, frozen.stderr
    assert "Prognose per 31-08-2025 vastgelegd." in frozen.stderr
    assert json.loads(frozen.stdout) == terminal.json("forecast", KLEIN, "--as-of", "2025-08-31", "--format", "json")
    assert "16 prognose(s) vastgelegd." in terminal.run("forecast", "KL-2025", "--freeze-months").stderr
    assert "0 prognose(s) vastgelegd." in terminal.run("forecast", "KL-2025", "--freeze-months").stderr
    told = terminal.run("forecast", "KL-2025", "--back-test")
    assert "Definitief bekend op 31-05-2026" in told.stdout
    assert "Gerealiseerd ÷ maanden × 12" in told.stdout
    tested = terminal.json("forecast", "KL-2025", "--back-test", "--format", "json")
    assert (tested["known"], tested["final"], len(tested["rows"])) == (17_089_952, True, 16)
    night = terminal.run("scheduler", "--once")
    assert night.returncode == 0, night.stderr
    assert "prognoses" not in night.stdout, "nothing was left to freeze"


def test_the_back_test_of_a_folder_reckons_every_month_end(terminal: Terminal):
    tested = terminal.json("forecast", KLEIN, "--back-test", "--format", "json")
    assert len(tested["rows"]) == 16
    assert list(terminal.place.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((str(KLEIN), "--as-of", "31-08-2025"), 2, "2025-08-31"),
        ((str(KLEIN), "--as-of", "2025-02-30"), 2, "2025-08-31"),
        ((str(KLEIN), "--as-of", "2024-12-31"), 1, "ligt vóór het contractjaar, dat op 01-01-2025 begint"),
        ((str(KLEIN), "--freeze"), 2, "loaded"),
        ((str(KLEIN), "--format", "pdf"), 2, "json"),
        (("NERGENS-2025", "--as-of", "2025-08-31"), 1, "hoofdsom load"),
        (("./nergens", "--as-of", "2025-08-31"), 1, "bestaat niet"),
        ((), 2, "FOLDER_OR_CONTRACT"),
    ],
)
def test_what_cannot_be_done_says_why(terminal: Terminal, words: tuple[str, ...], code: int, says: str):
    done = terminal.run("forecast", *words)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
