"""A forecast as JSON: the public layout to the key, and the whole of it there and back."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

from budgets.forecast.layout import digest, from_document, to_document, to_json
from budgets.forecast.model import Forecast, Method
from lead_contractor.kernel.money import Cents
from tests.budgets.forecast.made import KREEK, LINDE, forecast, forecasts, line

AMOUNTS = ["realised", "not_yet_declared", "point", "low80", "high80", "low95", "high95"]


def test_the_public_layout():
    made = forecast(
        date(2025, 8, 31),
        line(LINDE, 1_000_00, realised=600_00, late=50_00, half80=80_00, half95=120_00),
        line(KREEK, 240_000_00, realised=160_000_00),
        half80=80_00,
        half95=120_00,
    )
    said = to_json(made)
    assert list(said) == ["format", "as_of", "total", "lines", "run_out"]
    assert (said["format"], said["as_of"], said["run_out"]) == (1, "2025-08-31", None)
    assert list(said["total"]) == AMOUNTS
    assert said["total"]["point"] == 241_000_00
    assert said["lines"][0] == {
        "subcontractor": "65656055",
        "product_code": "02A03",
        "form": "pxq",
        "realised": 600_00,
        "not_yet_declared": 50_00,
        "point": 1_000_00,
        "low80": 920_00,
        "high80": 1_080_00,
        "low95": 880_00,
        "high95": 1_120_00,
        "method": "run_rate",
    }
    assert all(type(said["total"][name]) is int for name in AMOUNTS)


def test_what_is_declared_above_a_ceiling_is_no_cost_that_is_still_to_come():
    capped = replace(
        line(LINDE, 1_000_00, realised=900_00, late=300_00, half80=0, half95=0), above_ceiling=Cents(200_00)
    )
    free = line(KREEK, 1_000_00, realised=700_00, late=300_00, half80=0, half95=0)
    said = to_json(forecast(date(2025, 12, 31), capped, free, half80=0, half95=0))
    assert sorted(one["not_yet_declared"] for one in said["lines"]) == [100_00, 300_00]
    assert said["total"]["not_yet_declared"] == 400_00
    produced = to_json(forecast(date(2025, 12, 31), replace(capped, realised=Cents(1_100_00)), half80=0, half95=0))
    assert (produced["total"]["realised"], produced["total"]["not_yet_declared"]) == (1_000_00, 0)


@given(forecasts)
def test_what_is_kept_comes_back_as_it_was(made: Forecast):
    kept = json.loads(json.dumps(to_document(made), sort_keys=True))
    assert from_document(kept) == made
    assert digest(kept) == digest(to_document(made))


@given(forecasts)
def test_the_public_layout_can_be_written(made: Forecast):
    said = json.loads(json.dumps(to_json(made)))
    assert said["run_out"] == (None if made.run_out is None else made.run_out.isoformat())
    assert [one["point"] for one in said["lines"]] == [int(one.point) for one in made.lines]


def test_a_document_of_a_later_kind_is_refused():
    document = to_document(forecast(date(2025, 8, 31))) | {"kept": 2}
    with pytest.raises(ValueError, match="2"):
        from_document(document)


def test_the_public_description_names_every_key_and_method():
    text = (Path(__file__).parents[3] / "docs" / "year-folder.md").read_text(encoding="utf-8")
    section = text[text.index("### `hoofdsom forecast") : text.index("## Loading again")]
    described = set(re.findall(r"[a-z0-9_]+", " ".join(re.findall(r"`[^`\n]+`", section))))
    said = to_json(forecast(date(2025, 8, 31), line(LINDE, 1)))
    assert {*said, *said["total"], *said["lines"][0], *(method.value for method in Method)} <= described
