"""``hoofdsom what-if`` of a folder: in words, as JSON, and what it refuses."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from budgets.forecast.service import freeze
from budgets.scenarios.commands import what_if
from lead_contractor.contract.store import find_contract
from lead_contractor.kernel.database import make_engine, reading, writing
from lead_contractor.kernel.tenancy import Scope

NOW = datetime(2026, 6, 20, 10, 0, tzinfo=UTC)
DAY = ("--as-of", "2025-08-31", "--draws", "500")


@pytest.fixture
def engine(klein_sqlite_template: Path, tmp_path: Path):
    path = tmp_path / "klein.db"
    path.write_bytes(klein_sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}", durable=False)
    yield engine
    engine.dispose()


def run(engine: Engine, *arguments: str) -> Result:
    with reading(engine) as connection:
        lead, contract = find_contract(connection, "KL-2025")

    @contextmanager
    def years(_name: str) -> Any:
        yield [SimpleNamespace(engine=engine, lead_contractor_id=lead, contract_id=contract, kept=True)]

    return CliRunner().invoke(what_if(years, lambda: NOW), ["KL-2025", *arguments])


def said(engine: Engine, *arguments: str) -> Any:
    import json

    found = run(engine, *arguments, "--format", "json")
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def test_a_scenario_as_json_is_whole_cents(engine):
    told = said(engine, *DAY, "--inflow", "5", "--index", "2,5", "--move", "99990101:lump_sum:2025-10:900.00")
    assert told["format"] == 1
    assert told["as_of"] == "2025-08-31"
    assert told["scenario"]["index_percent"] == "2.5"
    assert told["scenario"]["moves"][0]["amount"] == 90000
    parts = told["difference"]["parts"]
    assert sum(parts.values()) == told["ending"]["point"] - told["base"]["point"]
    assert all(isinstance(told["ending"]["result"][name], int) for name in ("p10", "p50", "p90"))


def test_the_same_seed_tells_the_same(engine):
    asked = (*DAY, "--inflow", "5", "--seed", "3")
    assert said(engine, *asked) == said(engine, *asked)
    assert said(engine, *asked)["ending"] != said(engine, *asked[:-1], "4")["ending"]


def test_it_stands_on_what_was_frozen_and_says_when_nothing_was(engine):
    assert "geen prognose vastgelegd" in run(engine, *DAY).output
    with reading(engine) as connection:
        lead, contract = find_contract(connection, "KL-2025")
    with writing(engine) as connection:
        freeze(Scope(connection, lead), contract, date(2025, 8, 31), NOW)
    for arguments in (DAY, ("--draws", "500")):
        found = run(engine, *arguments)
        assert "geen prognose vastgelegd" not in found.output
        assert "op de prognose per 31-08-2025" in found.output
        assert "kans op terugbetalen" in found.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("--inflow", "veel"),
        ("--inflow", "nan"),
        ("--index-from", "september"),
        ("--move", "99990101"),
        ("--move", "99990101:gift:2025-10"),
        ("--draws", "10"),
        ("--as-of", "gisteren"),
    ],
    ids=["text", "nan", "month", "short-move", "no-form", "few-draws", "no-day"],
)
def test_what_cannot_be_read_is_refused_by_name(engine, arguments):
    found = run(engine, *arguments)
    assert found.exit_code == 2
    assert arguments[0] in found.output
