"""``hoofdsom forecast`` on generated years, from the folder to the figure, held against what came of it."""

from __future__ import annotations

from typing import Any

import pytest

from bench.histories.folder import write
from bench.histories.histories import history
from lead_contractor.kernel.periods import Month
from tests.terminal import Terminal

AUGUST = Month(2025, 8)
SEED = 4
SOME = frozenset({5, 8, 9, 24})
"""Subcontractors by number: household within the month, guidance slow and with a ceiling, result."""


def forecast(terminal: Terminal, seed: int, known: Month) -> Any:
    """The forecast of 31 August from the folder as it was known at the end of a month."""
    place = terminal.place / f"seed-{seed}-{known}"
    write(history(seed), 2025, known, place, SOME)
    return terminal.json("forecast", place, "--as-of", "2025-08-31", "--format", "json")


def test_the_forecast_of_a_written_year_comes_near_its_truth(terminal: Terminal):
    said = forecast(terminal, SEED, AUGUST)
    truth = history(SEED).truth(2025)
    lines = {(line["subcontractor"], line["product_code"], line["form"]): line for line in said["lines"]}
    assert {form for _, _, form in lines} == {"pxq", "fte", "lump_sum", "trajectory", "availability"}
    expected = sum(truth[key] for key in lines)
    assert said["total"]["point"] == pytest.approx(expected, rel=0.05)
    assert said["total"]["realised"] < expected
    held = [line["low95"] <= truth[key] <= line["high95"] for key, line in lines.items()]
    assert sum(held) >= 0.7 * len(held)


def test_what_came_in_after_the_day_is_not_counted(terminal: Terminal):
    then, later = forecast(terminal, SEED, AUGUST), forecast(terminal, SEED, Month(2026, 5))
    assert [line["realised"] for line in then["lines"]] == [line["realised"] for line in later["lines"]]
    assert then["total"]["realised"] == later["total"]["realised"]
    assert later["total"]["point"] == pytest.approx(then["total"]["point"], rel=0.05)
