"""The set-based check engine and a plain reading of the rules come to the same verdict on every line."""

from __future__ import annotations

import os
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, event, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from lead_contractor.books import accounts
from lead_contractor.books.prove import check_books
from lead_contractor.books.store import account_total
from lead_contractor.kernel.database import writing
from subcontractors.declarations import engine as check_engine
from subcontractors.declarations import waiting
from subcontractors.declarations.model import Line
from subcontractors.declarations.prove import check_lines
from subcontractors.declarations.reader import read_file
from tests.subcontractors.declarations.books import Books, tenant
from tests.subcontractors.declarations.oracle import (
    Memory,
    Sent,
    Verdict,
    judge,
    judge_message,
    line_costs,
    order,
    signed,
)
from tests.subcontractors.declarations.worlds import Scenario, scenarios

EXAMPLES = int(os.environ.get("HOOFDSOM_ORACLE_EXAMPLES", "40"))
TOGETHER = st.sampled_from((1, 3, waiting.ENOUGH))
"""So many lines are sent to the database together; with few, some are stored before the next message is read."""
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
    return [file for _, file in sorted(read(scenario), key=lambda both: order(both[0]))]


def paid(scenario: Scenario) -> list[tuple[Line, bool, bool]]:
    """The granted lines: whether they count in time, and whether lines of their agreement cost money."""
    memory = Memory()
    for sent, _ in sorted(read(scenario), key=lambda both: order(both[0])):
        judge_message(scenario.world, memory, sent)
    return [(one.line, one.in_time, line_costs(scenario.world, one.sender, one.line)) for one in memory.granted]


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
            assert_booked(books, wanted, paid(scenario))
            raise RollBack


def assert_booked(books: Books, wanted: list[Verdict], lines: list[tuple[Line, bool, bool]]) -> None:
    """The books say what the verdicts say: declared is granted or refused, and what lines cost is payable."""

    def booked(*codes: str) -> int:
        return sum(account_total(books.scope, books.contract_id, code) for code in codes)

    answered = [verdict for verdict in wanted if verdict.status == "answered"]
    declared, granted = (sum(one.submitted for one in answered), sum(one.granted for one in answered))
    assert booked(accounts.DECLARED) == declared
    assert booked(accounts.REJECTED) == declared - granted
    assert booked(accounts.APPROVED, accounts.APPROVED_PRIOR_YEAR, accounts.APPROVED_AFTER_CUT_OFF) == granted
    assert booked(accounts.APPROVED_AFTER_CUT_OFF) == sum(signed(line) for line, in_time, _ in lines if not in_time)
    assert booked(accounts.COST_PXQ) == sum(signed(line) for line, in_time, costs in lines if in_time and costs)
    assert booked(accounts.PAYABLE) == sum(signed(line) for line, _, costs in lines if costs)
    assert booked(accounts.ASSESSMENT) == 0
    check_books(books.scope, books.contract_id)
    check_lines(books.scope, books.contract_id)


@pytest.fixture
def sqlite(sqlite_engine: Engine) -> Engine:
    return sqlite_engine


@given(scenarios(), TOGETHER)
@settings(max_examples=EXAMPLES, suppress_health_check=SHARED_ENGINE)
def test_on_sqlite(sqlite: Engine, scenario: Scenario, together: int):
    with patch.object(waiting, "ENOUGH", together), patch.object(check_engine, "_MANY", 10 * together):
        assert_agree(sqlite, scenario)


@pytest.mark.postgresql
@given(scenarios(), TOGETHER)
@seed(2025)
@settings(max_examples=12, suppress_health_check=SHARED_ENGINE, database=None)
def test_on_postgresql(postgresql_engine: Engine, scenario: Scenario, together: int):
    with patch.object(waiting, "ENOUGH", together), patch.object(check_engine, "_MANY", 10 * together):
        assert_agree(postgresql_engine, scenario)
