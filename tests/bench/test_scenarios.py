"""The bench of scenarios measures what it says."""

from __future__ import annotations

import pytest

from bench import scenarios


def test_the_year_that_is_measured_ends_on_all_sides():
    _, real, made = scenarios.measure(draws=400, rounds=1)
    assert real > 0
    assert 0 < made.ending.chance_shortage < 1
    assert 0 < made.base.chance_repaid < 1
    assert sum(made.parts.values()) == made.ending.point - made.base.point


def test_it_says_how_many_times_the_floor(capsys: pytest.CaptureFixture[str]):
    assert scenarios.main(["--draws", "400", "--rounds", "1"]) == 0
    said = capsys.readouterr().out
    assert "400 draws of 135 lines" in said
    assert "ratio" in said
