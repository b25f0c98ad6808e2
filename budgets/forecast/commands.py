"""The forecast at the command line: of a folder or a stored contract, as text or JSON; freezing, and the back-test."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

import click
from sqlalchemy import Engine

from budgets.forecast import service
from budgets.forecast.back_test import BackTest, BackTestRow, Guess, Held, Score
from budgets.forecast.jobs import freeze_months
from budgets.forecast.layout import to_json
from budgets.forecast.text import Shown, back_test_text, budget_by_line, forecast_text
from budgets.plan.service import lines_on
from budgets.signals.jobs import evaluate_frozen
from budgets.year_folder.stored import contract_of
from lead_contractor.contract.model import Contract
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.store import subcontractors


class Year(Protocol):
    """A contract year in a database."""

    @property
    def engine(self) -> Engine:
        """The database."""

    @property
    def lead_contractor_id(self) -> int:
        """Its lead contractor."""

    @property
    def contract_id(self) -> int:
        """The contract year."""

    @property
    def kept(self) -> bool:
        """Whether it stands in a database that stays; a folder is looked at in one that is thrown away."""


Years = Callable[[str], AbstractContextManager[Sequence[Year]]]
"""Opens a stored contract by its code, or the year folders in a folder."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked: the day (``None``: the end of the last complete month), how to tell it, and what to keep."""

    day: date | None
    as_json: bool
    freeze: bool
    freeze_months: bool
    back_test: bool


def forecast_command(years: Years, clock: Callable[[], datetime]) -> click.Command:
    """The command ``forecast``; the front door hands it what opens a year, and the clock."""

    @click.command("forecast", short_help="What the year will cost, as of any day; with its back-test.")
    @click.argument("folder_or_contract")
    @click.option("--as-of", "day", help="Only what was received up to this day (YYYY-MM-DD) counts.")
    @click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
    @click.option("--freeze", is_flag=True, help="Keep this forecast, to be held against what follows.")
    @click.option("--freeze-months", is_flag=True, help="Keep the forecast of every month that is over and has none.")
    @click.option("--back-test", is_flag=True, help="Hold what was kept against what is known since.")
    def command(
        folder_or_contract: str, day: str | None, form: str, *, freeze: bool, freeze_months: bool, back_test: bool
    ) -> None:
        """Forecast the cost of subcontractors: FOLDER-OR-CONTRACT is a year folder, or the code of a loaded contract.

        Without --as-of it is the end of the last month of which everything can have been received. The year may still
        run. The back-test of a folder reckons the forecast of every month end first.
        """
        asked = _Asked(_day(day), form == "json", freeze, freeze_months, back_test)
        at = clock()
        with years(folder_or_contract) as found:
            if (freeze or freeze_months) and not all(year.kept for year in found):
                raise click.UsageError("--freeze asks for a contract that was loaded; a folder is not kept")
            told = [_told(year, asked, at) for year in found]
            for year in found if freeze or freeze_months else ():
                evaluate_frozen(year.engine, year.lead_contractor_id, year.contract_id, at)
        if asked.as_json:
            click.echo(json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False, indent=1))

    return command


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"{text!r} is no day: write it as 2025-08-31") from error


def _told(year: Year, asked: _Asked, at: datetime) -> Any:
    """What was asked of one year; text is printed, JSON is given back."""
    if asked.freeze_months or (asked.back_test and not year.kept):
        days = freeze_months(year.engine, year.lead_contractor_id, year.contract_id, at)
        if year.kept:
            click.echo(f"{len(days)} prognose(s) vastgelegd.", err=True)
        if not asked.back_test and asked.day is None:
            return {"frozen": [day.isoformat() for day in days]}
    return _back_test(year, asked) if asked.back_test else _forecast(year, asked, at)


def _forecast(year: Year, asked: _Asked, at: datetime) -> Any:
    with reading(year.engine) as connection:
        scope = Scope(connection, year.lead_contractor_id)
        day = asked.day or service.last_complete_day(scope, year.contract_id)
        made = None if asked.freeze else service.forecast_of(scope, year.contract_id, day)
    if day > service.local_day(at):
        click.echo(f"let op: {day:%d-%m-%Y} moet nog komen; wat tot dan nog binnenkomt, is hier niet bij.", err=True)
    if made is None:
        with writing(year.engine) as connection:
            kept = service.freeze(Scope(connection, year.lead_contractor_id), year.contract_id, day, at)
        click.echo(f"Prognose per {day:%d-%m-%Y} vastgelegd.", err=True)
        made = kept.forecast
    if asked.as_json:
        return to_json(made)
    with reading(year.engine) as connection:
        scope = Scope(connection, year.lead_contractor_id)
        names = {party.agb: party.name for party in subcontractors(scope, year.contract_id)}
        budget = budget_by_line(made.lines, lines_on(scope, year.contract_id, day))
        click.echo(forecast_text(Shown(_contract(scope, year.contract_id), made, names, budget)))
    return None


def _back_test(year: Year, asked: _Asked) -> Any:
    with reading(year.engine) as connection:
        scope = Scope(connection, year.lead_contractor_id)
        found = service.back_test_of(scope, year.contract_id)
        contract = _contract(scope, year.contract_id)
    if found is None:
        raise NotFound(
            f"Van contract {contract.id} is nog geen prognose vastgelegd. Leg ze eerst vast: "
            f"hoofdsom forecast {contract.id} --freeze-months"
        )
    if asked.as_json:
        return back_test_json(found)
    click.echo(back_test_text(contract, found))
    return None


def _contract(scope: Scope, contract_id: int) -> Contract:
    return contract_of(get_contract(scope, contract_id))


def back_test_json(found: BackTest) -> dict[str, Any]:
    """The back-test in whole cents, percentages as text with two decimals."""
    return {
        "format": 1,
        "known_on": found.known_on.isoformat(),
        "known": int(found.known),
        "final": found.final,
        "rows": [_row(row) for row in found.rows],
        "scores": {
            "forecast": _score(found.forecast),
            "run_rate": _score(found.run_rate),
            "last_year": _score(found.last_year),
        },
        "totals": _held(found.totals),
        "lines": _held(found.lines),
    }


def _row(row: BackTestRow) -> dict[str, Any]:
    return {
        "as_of": row.as_of.isoformat(),
        "afterwards": row.afterwards,
        "counts": row.counts,
        "forecast": _guess(row.forecast),
        "in80": row.in80,
        "in95": row.in95,
        "lines": _held(row.lines),
        "run_rate": _guess(row.run_rate),
        "last_year": None if row.last_year is None else _guess(row.last_year),
    }


def _guess(guess: Guess) -> dict[str, Any]:
    return {"point": int(guess.point), "error": int(guess.error), "percent": _percent(guess.percent)}


def _held(held: Held) -> dict[str, int]:
    return {"count": held.lines, "in80": held.in80, "in95": held.in95}


def _score(score: Score | None) -> dict[str, Any] | None:
    if score is None:
        return None
    return {
        "days": score.days,
        "mean_error": int(score.mean_error),
        "mean_percent": _percent(score.mean_percent),
        "bias": int(score.bias),
        "bias_percent": _percent(score.bias_percent),
    }


def _percent(percent: Decimal | None) -> str | None:
    return None if percent is None else f"{percent:.2f}"
