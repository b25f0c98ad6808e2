"""The front door as a person at a terminal meets it: output, standard error and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.terminal import ROOT, Terminal

KLEIN = ROOT / "examples" / "klein-2025"


def test_a_folder_is_settled_without_any_set_up_and_leaves_nothing_behind(terminal: Terminal) -> None:
    settled = terminal.json("settle", KLEIN, "--format", "json")
    assert list(settled) == [
        "format", "year", "municipality", "revenue", "instalments", "cost", "result", "margin_percent", "margin_cap",
        "excess", "repaid", "invested", "reserve", "deficit", "entitlement", "received", "balance_due", "declarations",
        "agreements", "lines",
    ]  # fmt: skip
    assert (settled["format"], settled["year"]) == (1, 2025)
    assert list(terminal.place.iterdir()) == []


def test_load_settle_answer_export_and_load_again(terminal: Terminal) -> None:
    loaded = terminal.run("load", KLEIN)
    assert loaded.returncode == 0
    assert "geladen" in loaded.stdout
    assert "hetzelfde bericht was er al" in loaded.stderr
    assert "in zijn geheel geweigerd" in loaded.stderr
    settled = terminal.json("settle", "KL-2025", "--format", "json")
    assert settled == terminal.json("settle", KLEIN, "--format", "json")
    assert terminal.json("answers", "KL-2025") == terminal.json("answers", KLEIN)
    assert "niets gewijzigd" in terminal.run("load", KLEIN).stdout
    assert terminal.run("export", "KL-2025", "out").returncode == 0
    assert terminal.json("settle", "out", "--format", "json") == settled
    proved = terminal.run("check-books")
    assert proved.returncode == 0
    assert "KL-2025" in proved.stdout


def test_a_statement_is_written_as_pdf(terminal: Terminal) -> None:
    done = terminal.run("settle", KLEIN, "--format", "pdf", "--out", "afrekening.pdf")
    assert done.returncode == 0, done.stderr
    assert (terminal.place / "afrekening.pdf").read_bytes().startswith(b"%PDF")
    assert terminal.run("settle", KLEIN, "--format", "pdf").returncode == 2


def test_an_unsound_folder_is_exit_code_1_with_findings_and_stores_nothing(terminal: Terminal) -> None:
    (terminal.place / "year").mkdir()
    (terminal.place / "year" / "contract.toml").write_text("format = 1\n")
    for command in ("load", "settle", "answers"):
        done = terminal.run(command, "year")
        assert done.returncode == 1
        assert "subcontractors.csv" in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
    assert "nog geen contract" in terminal.run("check-books").stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("settle", "NERGENS-2025"), 1, "hoofdsom load"),
        (("settle", "./nergens"), 1, "bestaat niet"),
        (("export", "NERGENS-2025", "out"), 1, "hoofdsom load"),
        (("answers", str(KLEIN), "--format", "iwmo"), 2, "--out"),
        (("example", "onbekend", "out"), 2, "klein-2025"),
        (("doe-iets",), 2, "No such command"),
    ],
)
def test_what_cannot_be_done_says_why(terminal: Terminal, words: tuple[str, ...], code: int, says: str) -> None:
    done = terminal.run(*words)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_the_answers_of_the_standard_are_one_for_each_323(terminal: Terminal) -> None:
    done = terminal.run("answers", KLEIN, "--format", "iwmo", "--out", "out")
    assert done.returncode == 0, done.stderr
    answered = [
        one
        for one in terminal.json("answers", KLEIN)["declarations"]  # type: ignore[attr-defined]
        if one["file"].endswith(".xml") and one["status"] in ("answered", "refused_content")
    ]
    assert len(list((terminal.place / "out").iterdir())) == len(answered) > 0


def test_books_that_were_tampered_with_are_exit_code_3(terminal: Terminal) -> None:
    import sqlite3

    assert terminal.run("load", KLEIN).returncode == 0
    with sqlite3.connect(terminal.place / "var" / "hoofdsom.db") as connection:
        connection.execute("UPDATE balance SET debit_cents = debit_cents + 1 WHERE account = 'cost_pxq'")
    done = terminal.run("check-books")
    assert done.returncode == 3
    assert "cost_pxq" in done.stderr or "P×Q" in done.stderr


def test_the_example_is_written_the_same_each_time(terminal: Terminal) -> None:
    assert terminal.run("example", "klein-2025", "one").returncode == 0
    files = sorted(path.relative_to(KLEIN) for path in KLEIN.rglob("*") if path.is_file())
    assert all((terminal.place / "one" / name).read_bytes() == (KLEIN / name).read_bytes() for name in files)
    again = terminal.run("example", "klein-2025", "one")
    assert again.returncode == 1
    assert "niet leeg" in again.stderr


def test_typed_at_a_real_terminal_it_is_the_same(terminal: Terminal) -> None:
    words = ("settle", str(KLEIN), "--format", "json")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HOOFDSOM_")}
    command = [sys.executable, str(ROOT / "hoofdsom.py"), *words]
    done = subprocess.run(command, cwd=terminal.place, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == terminal.json(*words)


def test_the_demo_prints_the_outcome_and_can_be_run_again(terminal: Terminal) -> None:
    for _ in range(2):
        done = terminal.run("demo", "--no-serve")
        assert done.returncode == 0, done.stderr
        assert "Voorbeeldgemeente" in done.stdout
        assert "€" in done.stdout


def test_the_command_line_starts_without_the_libraries_of_statistics(terminal: Terminal) -> None:
    heavy = ("numpy", "scipy", "statsmodels", "pandas", "plotly", "dash")
    asked = f"import sys, hoofdsom; print(*(set({heavy!r}) & sys.modules.keys()))"
    command = [sys.executable, "-c", asked]
    done = subprocess.run(
        command,
        cwd=terminal.place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []
