"""The hash of a year: it follows the content and nothing but the content."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from budgets.year_folder.content import content_hash, message_hash
from budgets.year_folder.reader import read
from tests.budgets.year_folder.sample import (
    AGREEMENTS,
    CONTRACT,
    COSTS,
    REALISED,
    SUBCONTRACTORS,
    TARIFFS,
    write_sample,
)

HEAD = "[[agreement]]\n"
REVERSED = HEAD + HEAD.join(reversed(AGREEMENTS.split(HEAD)[1:]))


def hash_of(folder: Path, **changes: Any) -> str:
    year, findings = read(write_sample(folder, **changes))
    assert year is not None, findings
    return content_hash(year, (message_hash(path.read_bytes()) for path in year.messages))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"contract": CONTRACT + 'base = "revenue"\n'}, id="a default written out"),
        pytest.param({"contract": CONTRACT.replace('"1200000.00"', "1200000")}, id="a number without quotes"),
        pytest.param({"contract": CONTRACT.replace('"5"', '"5.00"')}, id="zeros after the point"),
        pytest.param({"realised": REALISED.replace("6.12", "6.120")}, id="zeros in a table"),
        pytest.param({"agreements": REVERSED}, id="agreements in another order"),
        pytest.param({"costs": COSTS.replace("disallowed\n", "disallowed,x_note\n").replace("false\n", "false,\n").replace("true\n", "true,\n")}, id="an empty column of one's own"),
        pytest.param({"budget": "product_code,subcontractor,month,amount\n"}, id="an empty table"),
        pytest.param({"messages": {"x.csv": b"2", "y.csv": b"1"}}, id="messages"),
    ],
)  # fmt: skip
def test_what_does_not_change_the_content(changes: dict[str, Any], tmp_path: Path):
    same = {"messages": {"b.csv": b"1", "a.csv": b"2"}} if "messages" in changes else {}
    assert hash_of(tmp_path / "other", **changes) == hash_of(tmp_path / "plain", **same)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"contract": CONTRACT.replace('"1200000.00"', '"1200000.01"')}, id="a cent"),
        pytest.param({"contract": CONTRACT.replace('name = "Hollands Kroon"', 'name = "Schagen"')}, id="a name"),
        pytest.param({"tariffs": TARIFFS.replace("58.57", "58.58")}, id="a tariff"),
        pytest.param({"subcontractors": SUBCONTRACTORS.replace("01410005,Logeer", "01410005,logeer")}, id="a letter"),
        pytest.param({"agreements": lambda text: text.replace('"6.40"', '"6.41"')}, id="own terms of a form"),
        pytest.param({"costs": None}, id="a table less"),
        pytest.param({"messages": {}}, id="messages less"),
        pytest.param({"messages": {"a.csv": b"1"}}, id="another message"),
    ],
)
def test_what_changes_the_content(changes: dict[str, Any], tmp_path: Path):
    assert hash_of(tmp_path / "other", **changes) != hash_of(tmp_path / "plain")


def test_cells_do_not_run_into_one_another(tmp_path: Path):
    one = hash_of(tmp_path / "one", receipts="date,amount,reference\n2025-01-01,1.00,a\n")
    other = hash_of(tmp_path / "other", receipts="date,amount,reference,x_a\n2025-01-01,1.00,,a\n")
    assert one != other
