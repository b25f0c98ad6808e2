"""The measurement runs, and its floor does the same work as the load; how fast is not for a test to say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)


def test_load_and_settle_are_set_against_a_floor_that_did_the_same_work():
    done = bench(
        "--example", "klein-2025", "--sizes", "12,24", "--databases", "sqlite", "--runs", "1", "--only", "load"
    )
    assert done.returncode == 0, done.stderr
    for step in ("load", "settle"):
        for clients in (12, 24):
            seconds, number = r"\s+\S+\s+\d+\.\d{3}", r"\s+\S+\s+\d+"
            figures = rf"{seconds}{seconds}{number}\.\d{seconds}{seconds}{number}{number}"
            assert re.search(rf"{step}\s+\S+\s+{clients}\s+\S+\s+sqlite{figures}", done.stdout), done.stdout
        assert f"growth 12 -> 24, {step} on sqlite" in done.stdout


def test_declared_lines_are_set_against_a_floor_that_left_the_same():
    done = bench("--only", "declarations", "--lines", "1000,2000", "--databases", "sqlite", "--pre-checks", "3")
    assert done.returncode == 0, done.stderr
    assert "growth 1" in done.stdout, done.stdout


def test_the_meeting_is_asked_as_every_role_with_more_and_more_behind_it():
    done = bench(
        "--only", "meeting", "--transfers", "2000,4000", "--databases", "sqlite", "--asked", "1",
        "--example", "klein-2025", "--sizes", "12",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for role in ("controller", "municipality", "provider"):
        assert len(re.findall(rf"^{role}: (top|use|record) ", done.stdout, re.MULTILINE)) == 3, done.stdout
    assert "floor: balances" in done.stdout


def test_stages_of_a_load_are_shown():
    done = bench("--example", "klein-2025", "--sizes", "12", "--databases", "sqlite", "--stages")
    assert done.returncode == 0, done.stderr
    assert "lines judged and stored in SQL" in done.stdout


def test_another_database_is_refused():
    done = bench("--databases", "oracle")
    assert done.returncode == 2
    assert "choose from sqlite, postgresql" in done.stderr
