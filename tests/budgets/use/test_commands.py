"""``hoofdsom use``: whole cents as JSON, euros as CSV, a table for people, of a year that still runs too."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hoofdsom import main
from tests.klein import FOLDER


def use(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["use", *arguments])


def test_json_in_whole_cents():
    found = json.loads(use(str(FOLDER), "--as-of", "2025-08-31", "--format", "json").stdout)
    assert {key: found[key] for key in ("format", "contract", "as_of", "by", "budget_version")} == {
        "format": 1, "contract": "KL-2025", "as_of": "2025-08-31", "by": "line", "budget_version": 1,
    }  # fmt: skip
    assert found["lines"][0] == {
        "subcontractor": "99990101", "product_code": "01A04", "form": "pxq", "plan": 1470000, "committed": 633289,
        "declared": 876551, "approved": 876551, "rejected": 0, "assessing": 0, "used": 844151, "paid": 0,
        "left": 625849, "free": -7440, "later": 1486128, "not_determinable": 1,
    }  # fmt: skip
    for name in ("plan", "committed", "declared", "approved", "used", "left", "later", "not_determinable"):
        assert sum(line[name] or 0 for line in found["lines"]) == found["total"][name], name
    assert found["total"]["free"] == found["total"]["left"] - found["total"]["committed"]
    (without,) = [line for line in found["lines"] if not line["product_code"]]
    assert (without["committed"] + without["later"], without["plan"]) == (1_590_000, None), "on a category alone"


def test_what_has_no_budget_is_null_and_an_empty_cell():
    found = json.loads(use(str(FOLDER), "--as-of", "2025-08-31", "--by", "area", "--format", "json").stdout)
    assert all(line["plan"] is line["left"] is None for line in found["lines"])
    assert found["total"]["plan"] == 17360000
    table = use(str(FOLDER), "--as-of", "2025-08-31", "--by", "client_group", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(table)))
    assert rows[0]["client_group"] == ""
    assert {row["plan"] for row in rows} == {""}
    assert rows[2]["used"] == "35737.10"


def test_a_table_for_people():
    said = use(str(FOLDER), "--as-of", "2025-08-31").stdout
    assert "KL-2025, stand van 2025-08-31, begroting versie 1" in said
    assert "€ 125.541,22" in said.splitlines()[11]
    assert said.splitlines()[-1] == "Van 7 open toewijzing(en) is geen bedrag te bepalen."


def test_a_year_that_still_runs(tmp_path: Path):
    folder = tmp_path / "klein"
    shutil.copytree(FOLDER, folder)
    (folder / "realised.csv").write_text("agreement,month,fte,hours,occupancy_percent\n")
    assert CliRunner().invoke(main, ["settle", str(folder)]).exit_code == 1
    done = use(str(folder), "--as-of", "2025-08-31", "--format", "json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["total"]["used"] == 12554122


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("--as-of", "31-08-2025"), 2),
        (("--as-of", "2025-08-31", "--by", "nothing"), 2),
        (("--as-of", "2025-08-31", "--version", "2"), 1),
    ],
)
def test_what_cannot_be_asked(arguments: tuple[str, ...], code: int):
    assert use(str(FOLDER), *arguments).exit_code == code
