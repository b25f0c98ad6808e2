"""The long form of the races and of the random requests at the interface."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, openapi
from sqlalchemy import Engine

from lead_contractor.kernel.database import make_engine
from tests.api import ADDRESS, new_desk
from tests.e2e import test_races as races
from tests.e2e.test_api_schemathesis import OFTEN, fuzz
from tests.subcontractors.portal.desk import GOOD, csv_of

pytestmark = pytest.mark.soak
SECONDS = int(os.environ.get("HOOFDSOM_SOAK_SECONDS", "300"))
HANDFUL = 10
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
    found: Any = described.get_all_operations()
    operations = [one.ok() for one in found]
    for operation in operations:
        until = time.monotonic() + SECONDS / len(operations)
        while True:
            try:
                fuzz(operation.as_strategy(generation_mode=mode), desk, asked, operation.label, HANDFUL, always=False)
            except Unsatisfiable:
                assert mode is GenerationMode.NEGATIVE, f"{operation.label} has nothing to be wrong in"
                break
            if time.monotonic() >= until:
                break
    assert len(asked) >= 17, "every operation is asked"
    desk.prove()
    engine.dispose()
