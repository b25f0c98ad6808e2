"""The difference run at the command line: what it would do, and in two steps, by two people, doing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Engine

from lead_contractor.access import service as people
from lead_contractor.access.hand import Hand
from lead_contractor.access.model import Role
from lead_contractor.contract import store as contracts
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.money import euros_nl
from lead_contractor.kernel.refusals import NotAllowed
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.corrections import service
from subcontractors.corrections.model import Change, DryRun, Kind

_HERE = ZoneInfo("Europe/Amsterdam")
_MOST_SHOWN = 200


def difference_run(
    database: Callable[[], Engine], key: Callable[[], bytes], clock: Callable[[], datetime]
) -> click.Command:
    """The command ``difference-run``; the front door hands it the database, the key and the clock."""

    @click.command("difference-run", short_help="Correct approved lines to a tariff that changed afterwards.")
    @click.argument("contract")
    @click.option("--run", "doing", is_flag=True, help="Propose it; given by a second person: approve and do it.")
    @click.option("--take-back", is_flag=True, help="Take lines back on allocations withdrawn or shortened since.")
    @click.option("--by", "email", default="", help="E-mail address of the controller who does this.")
    @click.option("--reason", default="", help="Why; asked for lines outside the correction window.")
    def command(contract: str, *, doing: bool, take_back: bool, email: str, reason: str) -> None:
        """Show what a difference run over CONTRACT would change, line by line; nothing is kept without --run.

        With --run it takes two people: the first proposes, the second approves the same with the same command.
        """
        if doing and not email:
            raise click.UsageError("--run asks for --by EMAIL")
        engine, kind = database(), Kind.TAKE_BACK if take_back else Kind.DIFFERENCE
        lead, contract_id = found_contract(engine, contract)
        by = hand_of(engine, email, lead) if doing else None
        at = clock()
        with writing(engine) as connection:
            scope = Scope(connection, lead)
            for line in _done(scope, Vault(key(), lead), contract_id, kind, by, at, reason):
                click.echo(line)

    return command


def found_contract(engine: Engine, name: str) -> tuple[int, int]:
    """Lead contractor and id of a contract by its code, or by AGB and code with a slash between them."""
    agb, _, code = name.rpartition("/")
    with reading(engine) as connection:
        return contracts.find_contract(connection, code, agb or None)


def hand_of(engine: Engine, email: str, lead: int) -> Hand:
    """The controller with this address.

    Raises:
        NotAllowed: there is no such person, or they are no controller of this lead contractor.
    """
    user = people.find_user(engine, email)
    held = people.memberships_of(engine, user.id) if user is not None else ()
    if user is None or (lead, Role.CONTROLLER) not in {(one.lead_contractor_id, one.role) for one in held}:
        raise NotAllowed(f"{email} is geen controller van deze hoofdaannemer.")
    return Hand(user.id, user.name)


def _done(
    scope: Scope, vault: Vault, contract_id: int, kind: Kind, by: Hand | None, at: datetime, reason: str
) -> list[str]:
    """Look, propose or approve, whichever it is the turn of; in words."""
    intake, day = service.intake_of(scope, contract_id), at.astimezone(_HERE).date()
    if by is None:
        return [*_told(service.dry_run(scope, vault, intake, kind, day, at)), "Proef: er is niets gewijzigd."]
    waiting = service.waiting(scope, contract_id, kind)
    if waiting is None:
        made, tried = service.propose_run(scope, vault, intake, kind, by, day, at, reason)
        return [*_told(tried), f"Voorstel {made.id} van {by.name} wacht op akkoord van een ander."]
    done = service.approve_run(scope, vault, intake, waiting.id, by, day, at)
    said = (
        f"Voorstel {waiting.id} goedgekeurd door {by.name} en uitgevoerd: {len(done.changes)} regel(s), "
        f"{len(done.messages)} bericht(en), verschil {euros_nl(done.difference)}."
    )
    return [*_lines(done.changes), said]


def _told(tried: DryRun) -> list[str]:
    said = [*_lines(tried.changes)]
    said += [f"{_name(one)}: blijft staan, zou worden afgewezen met {', '.join(one.codes)}" for one in tried.blocked]
    said += [f"Overeenkomst {code}: {euros_nl(cents)}" for code, cents in tried.by_agreement.items()]
    if tried.outside:
        said.append(f"{len(tried.outside)} regel(s) buiten de correctietermijn: geef een reden met --reason.")
    return [*said, f"Samen {len(tried.changes)} regel(s), verschil {euros_nl(tried.difference)}."]


def _lines(changes: Iterable[Change]) -> list[str]:
    every = list(changes)
    said = [f"{_name(one)}: {_amounts(one)}" for one in every[:_MOST_SHOWN]]
    return [*said, f"… en nog {len(every) - _MOST_SHOWN} regel(s)"] if len(every) > _MOST_SHOWN else said


def _name(change: Change) -> str:
    line = change.line
    return f"{line.sender} {line.reference} {line.product_code} {line.period_from:%Y-%m}"


def _amounts(change: Change) -> str:
    old = change.line
    tariffs = f"tarief {_euros(old.tariff)} -> {_euros(change.new_tariff)}, " if change.new_tariff is not None else ""
    new = "teruggenomen" if change.new_amount is None else euros_nl(change.new_amount)
    return f"{tariffs}{euros_nl(old.amount)} -> {new}, verschil {euros_nl(change.difference)}"


def _euros(cents: Any) -> str:
    return "-" if cents is None else euros_nl(cents)
