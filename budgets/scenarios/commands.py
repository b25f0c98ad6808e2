"""What if at the command line: a scenario beside the year as it is expected."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from budgets.forecast.commands import Year, Years
from budgets.forecast.service import forecast_of, last_complete_day
from budgets.forecast.store import Frozen, frozen
from budgets.scenarios.layout import to_json
from budgets.scenarios.model import MOVES_TO, Move, Scenario
from budgets.scenarios.sizes import DRAWS, FEWEST, MOST, SEED
from budgets.scenarios.text import what_if_text
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.money import cents_from_euros
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode

_MOVE_PARTS = (3, 4)


class Percent(click.ParamType[Any]):
    """A percentage, with a point or a comma."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Read it."""
        if isinstance(value, Decimal):
            return value
        try:
            read = Decimal(str(value).replace(",", "."))
        except InvalidOperation:
            self.fail(f"{value!r} is no percentage", param, ctx)
        if not read.is_finite():
            self.fail(f"{value!r} is no percentage", param, ctx)
        return read


class MonthText(click.ParamType[Any]):
    """A month, ``YYYY-MM``."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        """Read it."""
        if isinstance(value, Month):
            return value
        try:
            return Month.parse(str(value))
        except ValueError:
            self.fail(f"{value!r} is no month: write it as 2025-09", param, ctx)


class MoveText(click.ParamType[Any]):
    """``AGB:FORM:MONTH`` with ``:AMOUNT`` per month in euros where one is agreed."""

    name = "move"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Move:
        """Read it."""
        if isinstance(value, Move):
            return value
        parts = str(value).split(":")
        try:
            if len(parts) not in _MOVE_PARTS:
                raise ValueError(value)
            amount = cents_from_euros(parts[3]) if len(parts) == _MOVE_PARTS[1] else None
            return Move(parts[0], FormCode(parts[1]), Month.parse(parts[2]), amount)
        except ValueError:
            forms = "/".join(form.value for form in MOVES_TO)
            self.fail(f"{value!r} is no move: write it as AGB:{forms}:2025-10, with :AMOUNT per month", param, ctx)


@dataclass(frozen=True, slots=True)
class _Asked:
    scenario: Scenario
    day: date | None
    draws: int
    seed: int
    as_json: bool


def what_if(years: Years, clock: Callable[[], datetime]) -> click.Command:
    """The command ``what-if``; the front door hands it what opens a year, and the clock."""
    _percent, _month = Percent(), MonthText()

    @click.command("what-if", short_help="What the year would come to if something were otherwise.")
    @click.argument("folder_or_contract")
    @click.option("--as-of", "day", type=click.DateTime(["%Y-%m-%d"]), help="Stand on the forecast of this day.")
    @click.option("--inflow", type=_percent, default="0", help="So many percent more (or fewer) new clients.")
    @click.option("--inflow-from", type=_month, help="From this month; default: the first that is to come.")
    @click.option("--index", type=_percent, default="0", help="Tariffs so many percent higher (or lower).")
    @click.option("--index-from", type=_month, help="From this month.")
    @click.option("--move", "moves", type=MoveText(), multiple=True, help="AGB:FORM:MONTH[:AMOUNT per month].")
    @click.option("--waiting", type=_percent, default="0", help="So many percent of the waiting list taken in.")
    @click.option("--waiting-from", type=_month, help="From this month.")
    @click.option("--cap", type=_percent, help="Another profit cap.")
    @click.option("--corridor", type=_percent, help="Another corridor around the number of beschikkingen.")
    @click.option("--own-cost", type=_percent, default="0", help="Own cost so many percent higher (or lower).")
    @click.option("--draws", type=click.IntRange(FEWEST, MOST), default=DRAWS, show_default=True)
    @click.option("--seed", type=int, default=SEED, show_default=True, help="The same seed draws the same.")
    @click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
    def command(folder_or_contract: str, day: datetime | None, draws: int, seed: int, form: str, **given: Any) -> None:
        """Draw the year of FOLDER-OR-CONTRACT many times, as it is expected and in a scenario.

        It stands on the frozen forecast of the day, else on a forecast that is reckoned on the spot. Both are drawn
        with the same random numbers, so that what differs is the scenario.
        """
        asked = _Asked(_scenario(given), None if day is None else day.date(), draws, seed, form == "json")
        with years(folder_or_contract) as found:
            told = [_told(year, asked, clock()) for year in found]
        if asked.as_json:
            click.echo(json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False, indent=1))

    return command


def _scenario(given: dict[str, Any]) -> Scenario:
    return Scenario(
        inflow_percent=given["inflow"],
        inflow_from=given["inflow_from"],
        index_percent=given["index"],
        index_from=given["index_from"],
        moves=tuple(given["moves"]),
        waiting_percent=given["waiting"],
        waiting_from=given["waiting_from"],
        cap_percent=given["cap"],
        corridor_percent=given["corridor"],
        own_cost_percent=given["own_cost"],
    )


def _told(year: Year, asked: _Asked, at: datetime) -> Any:
    from budgets.scenarios import service  # draws, so that it needs numpy

    with reading(year.engine) as connection:
        scope = Scope(connection, year.lead_contractor_id)
        standing = _standing(scope, year.contract_id, asked.day, at)
        made = service.what_if(scope, year.contract_id, standing, asked.scenario, asked.draws, asked.seed)
    if asked.as_json:
        return to_json(made)
    click.echo(what_if_text(made))
    return None


def _standing(scope: Scope, contract_id: int, day: date | None, at: datetime) -> Frozen:
    """The frozen forecast of the day (or the newest), else one that is reckoned now and kept nowhere."""
    found = frozen(scope, contract_id, day)
    if found is not None and day in (None, found.as_of):
        return found
    chosen = day or last_complete_day(scope, contract_id)
    click.echo(f"Van {chosen:%d-%m-%Y} is geen prognose vastgelegd; zij is nu berekend.", err=True)
    return Frozen(0, contract_id, chosen, at, afterwards=True, forecast=forecast_of(scope, contract_id, chosen))
