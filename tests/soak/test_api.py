"""The long form of the races and of the random requests at the interface."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, openapi
from sqlalchemy import Engine

from lead_contractor.kernel.database import make_engine
from tests.api import ADDRESS, Desk, new_desk
from tests.e2e import test_races as races
from tests.e2e.test_api_schemathesis import LEFT_OUT, OFTEN, callers
from tests.subcontractors.portal.desk import GOOD, csv_of

pytestmark = pytest.mark.soak
EXAMPLES = int(os.environ.get("HOOFDSOM_SOAK_EXAMPLES", "400"))
ROUNDS = 100


@pytest.fixture(scope="module")
def forking() -> Iterator[races.Forking]:
    with closing(races.Forking()) as found:
        yield found


def test_a_process_killed_at_every_statement_leaves_nothing(engine: Engine, tmp_path: Path, forking: races.Forking):
    desk = new_desk(engine, tmp_path)
    before = desk.rows()
    for place in [*map(str, range(1, races.statements(desk))), "commit"]:
        races.killed_at(desk, forking, place)
        assert desk.rows() == before, place
    assert desk.provider.post("/declarations", csv_of(GOOD), "een").status_code == 201
    assert races.granted(desk) == ["R010"]
    desk.prove()


def test_uploads_at_once_again_and_again(engine: Engine, tmp_path: Path):
    desk = new_desk(engine, tmp_path, API_RATE_LIMIT=OFTEN)
    for number in range(ROUNDS):
        first = csv_of(GOOD.replace("D003", f"S{number}"))
        answers = races.at_once(desk.provider, (first, f"a{number}"), (first, f"a{number}"), (first, f"b{number}"))
        assert [one.status_code for one in answers] == [201] * 3
        assert len({str(one.json) for one in answers}) == 1
    assert sum(len(races.granted(desk, f"S{number}")) for number in range(ROUNDS)) == 1
    desk.prove()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: str(mode.value))
def test_random_requests_break_nothing(sqlite_template: Path, tmp_path: Path, mode: GenerationMode):
    path = tmp_path / "hoofdsom.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}", durable=False)
    desk = new_desk(engine, tmp_path, API_RATE_LIMIT=OFTEN, API_FAILED_LIMIT=OFTEN)
    described = openapi.from_wsgi(f"{ADDRESS}/openapi.json", desk.app)
    asked: Counter[str] = Counter()
    found: Any
    for found in described.get_all_operations():
        operation = found.ok()
        fuzz(operation.as_strategy(generation_mode=mode), desk, asked, operation.label)
    desk.prove()
    engine.dispose()


def fuzz(requests: Any, desk: Desk, asked: Counter[str], label: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=False, suppress_health_check=list(HealthCheck))
    @given(case=requests)
    def sent(case: Any) -> None:
        for software in callers(desk, case.path):
            case.call_and_validate(headers={**dict(case.headers or {}), **software.headers}, excluded_checks=LEFT_OUT)
            asked[label] += 1

    sent()
