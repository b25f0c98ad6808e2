"""Early warnings at the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from click.testing import CliRunner, Result
from sqlalchemy import Engine

from budgets.forecast.commands import forecast_command
from budgets.signals.commands import signals_command
from tests.klein import AT


def run(engine: Engine, *arguments: str) -> Result:
    return CliRunner().invoke(signals_command(lambda: engine, lambda: AT), ["KL-2025", *arguments])


def test_a_day_is_evaluated_once_and_what_stands_is_listed(klein_engine: Engine):
    nothing = run(klein_engine)
    assert nothing.stdout == "0 signalen.\n"
    assert "geen prognose vastgelegd" in nothing.stderr
    first = run(klein_engine, "--as-of", "2026-01-31")
    assert first.exit_code == 0, first.output
    assert "Signalen per 31-01-2026: 3 gewijzigd." in first.output
    line = next(line for line in first.output.splitlines() if " ceiling " in line)
    assert line.split() == ["open", "is", "zo", "ceiling", "PXQ-02", "€", "1.027,95", "sinds", "31-01-2026"]
    assert "Signalen per 31-01-2026: 0 gewijzigd." in run(klein_engine, "--as-of", "2026-01-31").output
    assert "een latere dag is al bekeken; niets gedaan" in run(klein_engine, "--as-of", "2025-12-31").output
    assert run(klein_engine).stdout.endswith("3 signalen.\n")


def test_freezing_a_forecast_looks_at_signals_as_well(klein_engine: Engine):
    @contextmanager
    def opened(_: str) -> Iterator[list[Any]]:
        yield [SimpleNamespace(engine=klein_engine, lead_contractor_id=1, contract_id=1, kept=True)]

    def forecast(*arguments: str) -> Result:
        done = CliRunner().invoke(forecast_command(opened, lambda: AT), ["KL-2025", *arguments])
        assert done.exit_code == 0, (done.output, done.exception)
        return done

    forecast("--freeze", "--as-of", "2026-01-31")
    found = run(klein_engine).output
    assert "ceiling_signal" in found
    assert "geen prognose" not in found
    forecast("--as-of", "2026-03-31")
    assert run(klein_engine).output == found, "what is not kept is not told"


def test_a_day_that_is_none_is_a_wrong_command(klein_engine: Engine):
    assert run(klein_engine, "--as-of", "gisteren").exit_code == 2
