"""The set-based check engine and a plain reading of the rules come to the same verdict on every line."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, event, given, seed, settings
from sqlalchemy import Engine

from lead_contractor.kernel.database import writing
from subcontractors.declarations.reader import read_file
from tests.subcontractors.declarations.books import Books, tenant
from tests.subcontractors.declarations.oracle import Sent, Verdict, in_order, judge
from tests.subcontractors.declarations.worlds import Scenario, scenarios

EXAMPLES = int(os.environ.get("HOOFDSOM_ORACLE_EXAMPLES", "60"))
SHARED_ENGINE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def read(scenario: Scenario) -> list[tuple[Sent, tuple[str, bytes]]]:
    """The messages as they are read; every file holds one, and none is refused for its structure."""
    found = []
    for name, content in scenario.files:
        (came,) = read_file(name, content, receiver="1911")
        assert came.declaration is not None, came.faults
        found.append((Sent(came.declaration, came.lines, came.content_hash), (name, content)))
    return found


def expected(scenario: Scenario) -> list[Verdict]:
    return judge(scenario.world, [sent for sent, _ in read(scenario)])


def one_by_one(scenario: Scenario) -> list[tuple[str, bytes]]:
    """The files in the order of processing."""
    messages = {id(sent): file for sent, file in read(scenario)}
    both = read(scenario)
    messages = {id(sent): file for sent, file in both}
    return [messages[id(sent)] for sent in in_order(sent for sent, _ in both)]


class RollBack(Exception):
    """The example leaves nothing behind."""


def assert_agree(scope_of: Engine, scenario: Scenario) -> None:
    wanted = expected(scenario)
    for verdict in wanted:
        event(verdict.status + " ".join((*verdict.message_codes, *verdict.declaration_codes)))
        for line in verdict.lines:
            event(" ".join(line.codes) if len(line.codes) < 2 else "several")
            event(f"in time: {line.in_time}")
    for batches in ([scenario.files], [[file] for file in one_by_one(scenario)]):
        with pytest.raises(RollBack), writing(scope_of) as connection:
            books = Books(tenant(connection), scenario.world)
            assert [verdict for batch in batches for verdict in books.take_in(batch)] == wanted
            raise RollBack


@pytest.fixture
def sqlite(sqlite_engine: Engine) -> Engine:
    return sqlite_engine


@given(scenarios())
@settings(max_examples=EXAMPLES, suppress_health_check=SHARED_ENGINE)
def test_on_sqlite(sqlite: Engine, scenario: Scenario):
    assert_agree(sqlite, scenario)


@pytest.mark.postgresql
@given(scenarios())
@seed(2025)
@settings(max_examples=25, suppress_health_check=SHARED_ENGINE, database=None)
def test_on_postgresql(postgresql_engine: Engine, scenario: Scenario):
    assert_agree(postgresql_engine, scenario)
