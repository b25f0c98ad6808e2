"""Early warnings at the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import click
from sqlalchemy import Engine

from budgets.forecast.store import frozen
from budgets.signals.model import Level, Signal, State
from budgets.signals.service import evaluate, signals, standing
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.money import euros_nl
from lead_contractor.kernel.tenancy import Scope
from subcontractors.corrections.commands import found_contract

_LEVELS = {Level.MAY: "kan", Level.ALMOST_SURE: "vrijwel zeker", Level.FACT: "is zo"}
_STATES = {State.OPEN: "open", State.ACKNOWLEDGED: "gezien", State.CLEARED: "voorbij"}


def signals_command(database: Callable[[], Engine], clock: Callable[[], datetime]) -> click.Command:
    """The command ``signals``; the front door hands it the database and the clock."""

    @click.command("signals", short_help="Early warnings: evaluate a day, or list what stands.")
    @click.argument("contract")
    @click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Evaluate this day first; once per crossing.")
    def command(contract: str, as_of: datetime | None) -> None:
        """List the early warnings of CONTRACT, what stakes most first; with --as-of DAY, evaluate that day first.

        Evaluating a day again adds nothing. A day before one that was evaluated is left alone.
        """
        engine, at = database(), clock()
        lead, contract_id = found_contract(engine, contract)
        if as_of is not None:
            with writing(engine) as connection:
                done = evaluate(Scope(connection, lead), contract_id, _day(as_of), at)
            told = f"{len(done.written)} gewijzigd" if done.looked else "een latere dag is al bekeken; niets gedaan"
            click.echo(f"Signalen per {done.as_of:%d-%m-%Y}: {told}.", err=True)
        with reading(engine) as connection:
            scope = Scope(connection, lead)
            found = standing(signals(scope, contract_id))
            foreseen = frozen(scope, contract_id, None if as_of is None else _day(as_of)) is not None
        for one in found:
            click.echo(_told(one))
        click.echo(f"{len(found)} signalen.")
        if not foreseen:
            click.echo(
                "let op: er is geen prognose vastgelegd; budget, plafonds en het einde van het geld zijn niet vooruit "
                f"bekeken. Leg er een vast: hoofdsom forecast {contract} --freeze-months",
                err=True,
            )

    return command


def _day(moment: datetime) -> date:
    return moment.date()


def _told(one: Signal) -> str:
    crossing = one.crossing
    return (
        f"{_STATES[one.state]:<7} {_LEVELS[crossing.level]:<14} {crossing.kind.value:<20} {crossing.about:<34} "
        f"{euros_nl(crossing.stake):>18}  sinds {one.since:%d-%m-%Y}"
    )
