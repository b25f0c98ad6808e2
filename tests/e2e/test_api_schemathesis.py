"""What the description says holds: random requests, right and wrong, of software of each role, never break anything.

All checks run but two. That what fits the description is always accepted: a declaration has rules beyond its form, and
what breaks them is refused with a reason. That what does not fit is never accepted: among what is wrong on purpose is the
token, and here every request carries a good one.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from lead_contractor.kernel.database import make_engine
from tests.api import ADDRESS, Desk, Software, new_desk

LEFT_OUT = [positive_data_acceptance, negative_data_rejection]
OFTEN = "1000000 per minute"
EXAMPLES = int(os.environ.get("HOOFDSOM_API_EXAMPLES", "6"))


@pytest.fixture(scope="module")
def desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("schemathesis")
    path = folder / "hoofdsom.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}", durable=False)
    yield new_desk(engine, folder, API_RATE_LIMIT=OFTEN, API_FAILED_LIMIT=OFTEN)
    engine.dispose()


@pytest.fixture(scope="module")
def described(desk: Desk) -> Any:
    return schemathesis.openapi.from_wsgi(f"{ADDRESS}/openapi.json", desk.app)


def callers(desk: Desk, path: str) -> list[Software]:
    """Software of each role; the one that may do the least first."""
    return [desk.neighbour, desk.lead] if path.startswith(f"{ADDRESS}/lead") else [desk.lead, desk.provider]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: str(mode.value))
def test_nothing_breaks_and_every_answer_is_as_described(described: Any, desk: Desk, mode: GenerationMode) -> None:
    asked: Counter[str] = Counter()
    for found in described.get_all_operations():
        operation = found.ok()
        try:
            requests = operation.as_strategy(generation_mode=mode)
            fuzz(requests, desk, asked, operation.label)
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, f"{operation.label} has nothing to be wrong in"
    assert len(asked) >= 17, "every operation is asked"


def fuzz(
    requests: Any, desk: Desk, asked: Counter[str], label: str, examples: int = EXAMPLES, *, always: bool = True
) -> None:
    """Send random requests to one operation, as software of each role; ``always`` the same ones."""

    @settings(max_examples=examples, deadline=None, derandomize=always, suppress_health_check=list(HealthCheck))
    @given(case=requests)
    def sent(case: Any) -> None:
        for software in callers(desk, case.path):
            case.call_and_validate(headers={**dict(case.headers or {}), **software.headers}, excluded_checks=LEFT_OUT)
            asked[label] += 1

    sent()


def test_after_all_that_the_books_hold(desk: Desk) -> None:
    desk.prove()


def test_the_description_is_openapi_31_and_names_a_scope_for_all_but_two(desk: Desk) -> None:
    told: Any = desk.app.test_client().get(f"{ADDRESS}/openapi.json").json
    assert told["openapi"] == "3.1.0"
    operations = [one for path in told["paths"].values() for one in path.values() if isinstance(one, dict)]
    assert len(operations) >= 17
    errors = [one["responses"]["default"] for one in operations]
    assert all(one == {"$ref": "#/components/responses/Problem"} for one in errors), "any error is a problem detail"
    free = {one["operationId"] for one in operations if one["security"] == [{"token": []}]}
    assert free == {"get_token", "get_contracts"}
    line = told["components"]["schemas"]["LineIn"]["properties"]
    assert line["amount_cents"]["type"] == "integer"
